"""python -m tests.promises.model [--exhaustive]: the figures of every design, and of every flaw the
shortest way to what it breaks."""

from __future__ import annotations

import sys
import time

from tests.promises.model.designs import EXHAUSTIVE, ORDINARY
from tests.promises.model.embedded.flaws import EMBEDDED_FLAWS
from tests.promises.model.explorer import Explorer
from tests.promises.model.remote.flaws import REMOTE_FLAWS


def main(*, exhaustive: bool) -> None:
    """Print them."""
    designs = ORDINARY | EXHAUSTIVE if exhaustive else ORDINARY
    for name, design in designs.items():
        _say(name, Explorer(design.model()))
    for flaw in REMOTE_FLAWS:
        _say(f"flaw, remote: {flaw.name}", flaw.explorer())
    for flaw in EMBEDDED_FLAWS:
        _say(f"flaw, embedded: {flaw.name}", flaw.explorer())


def _say(name: str, explorer: Explorer) -> None:
    start = time.process_time()
    explored = explorer.explore()
    seconds = time.process_time() - start
    print(f"{name}: {len(explored.worlds):,} worlds, {seconds:.1f} s", flush=True)
    if explored.found:
        print(explored.found)


if __name__ == "__main__":
    main(exhaustive="--exhaustive" in sys.argv)

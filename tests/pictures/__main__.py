"""`python -m tests.pictures` makes the pictures anew; with `--kills` it measures the kill map anew
before."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.pictures import kills, month, services, session, states
from tests.promises.faults.processes import Zygote
from tests.promises.faults.scene import Bench

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "cartcli" / "help" / "pictures"


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


PICTURES: Final[dict[str, Callable[[], str]]] = {
    "session.svg": lambda: session.drawing(readme()),
    "services.svg": services.drawing,
    "states.svg": states.drawing,
    "month.svg": month.drawing,
    "kills.svg": kills.drawing,
}


def measure_kills() -> None:
    with TemporaryDirectory() as folder, Zygote(ROOT) as zygote:
        kills.keep(kills.measured(Bench(zygote, Path(folder))))


def main() -> None:
    if "--kills" in sys.argv:
        measure_kills()
    for name, make in PICTURES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()

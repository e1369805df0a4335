"""The `cart` command, also as `python -m cartcli`."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run `cart` without looking for garbage where there is hardly any: while modules are imported,
    and at the end of the process. It takes a seventh of a short command's time."""
    gc.disable()
    try:
        from cartcli.cli import main as run

        gc.freeze()
        gc.set_threshold(20_000)
        gc.enable()
        run()
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()

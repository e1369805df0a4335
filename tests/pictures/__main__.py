"""`python -m tests.pictures` makes the pictures anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.pictures import month, services, session, states

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "cartcli" / "help" / "pictures"


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


PICTURES: Final[dict[str, Callable[[], str]]] = {
    "session.svg": lambda: session.drawing(readme()),
    "services.svg": services.drawing,
    "states.svg": states.drawing,
    "month.svg": month.drawing,
}


def main() -> None:
    for name, make in PICTURES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()

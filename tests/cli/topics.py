"""The pages that people read: `python -m tests.cli.topics` puts into them what the commands print.

Look at what it changed before you keep it: what is wrong in a page may be wrong in the command.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from tests.cli.readme import refreshed
from tests.helpers import CART, cart_env

ROOT: Final = Path(__file__).parents[2]
TOPICS: Final = ROOT / "cartcli" / "help"
PAGES: Final = [ROOT / "README.md", *sorted(TOPICS.glob("*.md"))]


def environment() -> dict[str, str]:
    """Variables with which the examples of a page are run."""
    env = cart_env({"COLUMNS": "80"})
    return env | {"PATH": f"{CART.parent}:{env['PATH']}"}


def main() -> None:
    for page in PAGES:
        with tempfile.TemporaryDirectory(dir="/tmp") as folder:
            home = Path(folder).resolve() / "home"
            home.mkdir()
            text = page.read_text(encoding="utf-8")
            page.write_text(refreshed(text, home, environment()), encoding="utf-8")


if __name__ == "__main__":
    main()

"""The pages about the shop as a whole, which the package brings."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

# Each is a file in cartcli/help/, in the order in which they are listed.
TOPICS: Final = {
    "shell": "The command: a tour, all of it, and what scripts rely on.",
    "python": "Carts and a checkout in a program of your own.",
    "merchant": "Catalogue, sales and customers.",
    "settings": "Options, variables, config.toml; names and catalogues.",
    "storage": "Where things lie, and backups.",
    "promises": "What is promised, and which test proves it.",
    "speed": "How fast it is, and how that is measured.",
    "seed": "Beside the original, statement by statement.",
    "changing": "How the code is arranged.",
    "changes": "What is new, and how to upgrade.",
}


def page(topic: str) -> str:
    """The page, in Markdown."""
    return files("cartcli").joinpath("help", f"{topic}.md").read_text(encoding="utf-8")

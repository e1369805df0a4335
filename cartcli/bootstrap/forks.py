"""What a process loads before it forks. A child has but the thread that forked: what another one
was importing just then stays half made in it, and whoever asks for that waits for ever."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

# A child whose shop makes data frames, or reads Excel or Parquet, loads what that takes by itself:
# it is large, and most have no use for it.
LARGE: Final = ("cartcli.merchant.frames", "cartcli.merchant.reports")
_ELSEWHERE: Final = ("cartcli.cli", "cartcli.__main__", "cartcli.testing")  # programs of their own

# Of others what a shop's modules import only when it is needed, or have imported for them.
_BORROWED: Final = (
    *("argon2", "argon2.exceptions", "csv", "hashlib", "heapq", "pickle", "pwd", "re", "struct"),
    *("importlib.metadata", "tempfile", "tomllib", "unicodedata", "urllib.parse", "uuid"),
    "zoneinfo",
    *("encodings.utf_16", "encodings.utf_16_be", "encodings.utf_16_le"),
)


def load_all() -> None:
    """Import all that a shop may import when it is used, and wait for what other threads are
    importing. What is not installed is left out."""
    for name in (*_below("cartcli"), *_BORROWED):
        try:
            import_module(name)
        except ImportError:
            continue


def _below(package: str) -> Iterator[str]:
    """The names of the modules in this package, and below."""
    for module in iter_modules(import_module(package).__path__, f"{package}."):
        if module.name in (*LARGE, *_ELSEWHERE):
            continue
        yield module.name
        if module.ispkg:
            yield from _below(module.name)

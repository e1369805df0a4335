"""The warm parents of `cart`: a light one, and one that has imported pandas, too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import cartcli
from tests.warm.python import WarmPython

# The command that imports pandas, and the parts of the package that do so, too.
_HEAVY_COMMAND: Final = "report"
_HEAVY_PARTS: Final = ("merchant.frames", "merchant.reports")
# They import matplotlib, which takes settings from its environment while it is imported.
_COLD_PARTS: Final = ("merchant.reports.plots", "merchant.reports.axes")
# What the package imports inside its functions.
_LIBRARIES: Final = ("argon2", "csv", "getpass", "json", "shutil", "tempfile")

_parents: Final[dict[bool, WarmPython]] = {}


def warm_parent(args: Sequence[str], env: Mapping[str, str]) -> WarmPython:
    """The parent for `cart` with `args`, started when it is first asked for, in `env`."""
    heavy = _HEAVY_COMMAND in args
    known = _parents.get(heavy)
    if known is None or known.failed:
        _parents[heavy] = known = WarmPython([*_LIBRARIES, *_modules(heavy)], env)
    return known


def end_parents() -> None:
    """End all that were started."""
    while _parents:
        _parents.popitem()[1].end()


def _modules(heavy: bool) -> Iterator[str]:
    """The modules of the package that a parent imports."""
    package = Path(cartcli.__file__).parent
    cold = _COLD_PARTS if heavy else _HEAVY_PARTS
    for path in sorted(package.rglob("*.py")):
        name = ".".join(path.relative_to(package).with_suffix("").parts)
        if not name.startswith(cold) and path.stem not in ("__init__", "__main__"):
            yield f"cartcli.{name}"

"""The tests' own writer of old stores writes what 0.1.0 wrote."""

from __future__ import annotations

from pathlib import Path

from tests.promises.faults.pictures import Picture
from tests.unit.upgrade.old_store import OldStore
from tests.unit.upgrade.real_store import old_answers, old_carts, real_store


def test_it_writes_the_files_of_0_1_0(old: OldStore, tmp_path: Path) -> None:
    for cart, owner in old_carts():
        old.carts[owner].append(cart)
    old.answers = old_answers()
    written = Picture.of(old.write()).files
    real = Picture.of(real_store(tmp_path / "real")).files
    wanted = {name: data for name, data in real.items() if _is_told_apart(name)}
    assert {name: data for name, data in written.items() if name in wanted} == wanted
    assert {*map(_kind, written)} <= {*map(_kind, real)}
    assert len(wanted) == 6 + 13 + 8


def _is_told_apart(name: str) -> bool:
    """Whether there is only one way to write it: purchased carts, answers, what points to them."""
    whole = not name.endswith(("lock", "open.pickle")) and "/pay-" not in name
    return whole and name.startswith(("carts/", "payments/", "orders/"))


def _kind(name: str) -> tuple[str, int, str]:
    """In which folder, how deep, and what it ends with."""
    return name.partition("/")[0], name.count("/"), Path(name).suffix

"""The catalogue before the last import, whoever is killed when."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from cartcli import Item, Money
from cartcli.catalog_db import CatalogDb, open_catalog_db
from cartcli.catalog_db.snapshot import Entry
from tests.killing import DONE, KILLED, killed_at

# From Python 3.12 on: the runner of the tests may have threads.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork")


def catalogue(path: Path, *names: str, keep: bool = True) -> CatalogDb:
    """One in which the catalogues of these names took the place of each other."""
    catalog_db = open_catalog_db(str(path / "catalog.csv"), "USD", str(path), lock_wait=5)
    for name in names:
        catalog_db.replace([of(name)], keep=keep)
    return catalog_db


def of(name: str) -> Entry:
    return Entry(Item(name, name, Money(1, "USD"), ""), {})


def found(path: Path) -> tuple[str, str]:
    """What is on sale, and what is kept."""
    catalog_db = catalogue(path)
    sold, kept = (
        "".join(entry.item.sku for entry in snapshot.entries)
        for snapshot in (catalog_db.everything(), catalog_db.before())
    )
    return sold, kept


def put_back(path: Path) -> None:
    catalog_db = catalogue(path)
    version, before = catalog_db.everything().version, catalog_db.before().version
    catalog_db.put_back(if_version=version, before=before)


def test_whoever_puts_it_back_and_is_killed_loses_neither(tmp_path: Path) -> None:
    seen = []
    for number in itertools.count():
        path = tmp_path / str(number)
        path.mkdir(0o700)
        catalogue(path, "OLD", "NEW")
        ended = killed_at(number, lambda path=path: put_back(path))  # type: ignore[misc]
        assert ended in (DONE, KILLED)
        assert found(path) in (("NEW", "OLD"), ("OLD", "NEW"))
        seen.append(found(path))
        before = found(path)
        put_back(path)
        assert found(path) == before[::-1]
        put_back(path)
        assert found(path) == before
        assert not list(path.glob("*-undone.csv*"))
        if ended == DONE:
            break
    assert number >= 6
    assert seen[0] == ("NEW", "OLD")
    assert seen[-1] == ("OLD", "NEW")


def test_whoever_imports_and_is_killed_loses_nothing_that_was_on_sale(tmp_path: Path) -> None:
    seen = set()
    for number in itertools.count():
        path = tmp_path / str(number)
        path.mkdir(0o700)
        catalogue(path, "OLDER", "OLD")
        ended = killed_at(number, lambda path=path: catalogue(path, "NEW"))  # type: ignore[misc]
        seen.add(found(path))
        catalogue(path, "NEWER")
        assert found(path) in (("NEWER", "OLD"), ("NEWER", "NEW"))
        if ended == DONE:
            break
    assert seen == {("OLD", "OLDER"), ("OLD", "OLD"), ("NEW", "OLD")}


def test_an_import_after_one_was_killed_that_put_it_back(tmp_path: Path) -> None:
    for number in range(10):
        path = tmp_path / str(number)
        path.mkdir(0o700)
        catalogue(path, "OLD", "NEW")
        killed_at(number, lambda path=path: put_back(path))  # type: ignore[misc]
        sold = found(path)[0]
        catalogue(path, "NEXT")
        assert found(path) == ("NEXT", sold)


def test_the_kept_one_is_no_second_name_of_the_other(tmp_path: Path) -> None:
    path = tmp_path / "catalog.csv"
    catalogue(tmp_path, "OLD", "NEW")
    for _ in range(2):
        before = tmp_path / "catalog-before.csv"
        assert os.stat(path).st_nlink == os.stat(before).st_nlink == 1
        kept = before.read_bytes()
        with path.open("a") as file:  # as somebody edits it
            file.write("MORE,More,1,\n")
        assert before.read_bytes() == kept
        put_back(tmp_path)


def test_what_cannot_be_read_is_not_kept(tmp_path: Path) -> None:
    catalogue(tmp_path, "OLD", "OTHER")
    (tmp_path / "catalog.csv").chmod(0o666)  # so that others may have written it
    catalogue(tmp_path, "NEW")
    assert found(tmp_path) == ("NEW", "")


def test_a_catalogue_that_is_gone_comes_back(tmp_path: Path) -> None:
    catalogue(tmp_path, "OLD", "NEW")
    (tmp_path / "catalog.csv").unlink()
    catalog_db = catalogue(tmp_path)
    catalog_db.put_back(if_version=None, before=catalog_db.before().version)
    assert found(tmp_path) == ("OLD", "")
    (tmp_path / "catalog.csv").unlink()
    catalogue(tmp_path, "FIRST")
    assert found(tmp_path) == ("FIRST", "")

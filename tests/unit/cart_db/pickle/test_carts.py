"""Carts on disk: what lies where, and a damaged file, which harms nobody else."""

from __future__ import annotations

import pickle
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from cartcli import Cart
from cartcli.cart_db import CartDb, open_cart_db, open_cart_reader
from cartcli.cart_db.pickle.codec import encode
from cartcli.errors import RepairStore, RestoreData
from cartcli.files import durable
from cartcli.model.cart import cursor_of
from cartcli.model.order import Waiting
from tests.helpers import ALICE, BOB, Clock, add, attempt_for, receipt_for

MINE: Final = ALICE.owner
THEIRS: Final = BOB.owner


@pytest.fixture
def carts(store: Path, clock: Clock) -> CartDb:
    return open_cart_db(str(store), 1, clock)


def buy(carts: CartDb) -> Cart:
    """A purchased cart of alice's."""
    cart = carts.create(MINE, [add()], currency="USD")
    attempt = attempt_for(cart)
    carts.mark(MINE, cart.id, attempt, if_version=1)
    return carts.purchase(MINE, cart.id, receipt_for(attempt))


def everything_in(folder: Path) -> dict[Path, bytes]:
    """The content of every file, but for locks, which are empty."""
    return {
        path: data for path in folder.rglob("*") if path.is_file() and (data := path.read_bytes())
    }


def test_what_lies_where(store: Path, carts: CartDb) -> None:
    opened = carts.create(MINE, [add("MUG", 2)], currency="USD")
    bought = buy(carts)
    files = everything_in(store)
    open_file = store / "carts" / "alice" / "open.pickle"
    bought_file = store / "carts" / "alice" / "purchased" / f"{bought.id}.pickle"
    assert set(files) == {open_file, bought_file}
    assert (store / "orders").read_bytes() == b""
    record = pickle.loads(files[open_file])
    assert (record["format"], record["owner"]) == (2, "alice")
    assert opened.id in [cart["id"] for cart in record["carts"]]
    assert [cart["id"] for cart in pickle.loads(files[bought_file])["carts"]] == [bought.id]


def test_only_the_owner_of_the_store_can_read_it(store: Path, carts: CartDb) -> None:
    buy(carts)
    for path in (store, *store.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_no_temporary_file_is_left(store: Path, carts: CartDb) -> None:
    buy(carts)
    assert not [*store.rglob("*.tmp")]


def test_a_purchased_cart_is_written_once(store: Path, carts: CartDb) -> None:
    bought = buy(carts)
    path = store / "carts" / "alice" / "purchased" / f"{bought.id}.pickle"
    before = path.stat()
    carts.update(MINE, carts.create(MINE, currency="USD").id, [add()])
    buy(carts)
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_each_step_of_a_checkout_writes_one_file(store: Path, carts: CartDb) -> None:
    """And none that is made again writes any."""
    cart = carts.create(MINE, [add()], currency="USD", request_id="r1")
    unbound = attempt_for(cart)._replace(reference="")
    bound = unbound._replace(reference="ref_1", waiting=Waiting("the bank asks"))
    written = [
        files_written(store, lambda: carts.mark(MINE, cart.id, unbound, if_version=1)),
        files_written(store, lambda: carts.bind(MINE, cart.id, bound)),
        files_written(store, lambda: carts.bind(MINE, cart.id, bound)),
        files_written(store, lambda: carts.purchase(MINE, cart.id, receipt_for(bound))),
        files_written(store, lambda: carts.purchase(MINE, cart.id, receipt_for(bound))),
        files_written(store, lambda: carts.create(MINE, [add()], currency="USD", request_id="r1")),
    ]
    bought = f"{cart.id}.pickle"
    assert written == [{"open.pickle"}, {"open.pickle"}, set(), {bought}, set(), set()]


def test_what_is_made_again_is_durable(
    store: Path, carts: CartDb, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever made it may have been killed before it was."""
    cart = carts.create(MINE, [add()], currency="USD", request_id="r1")
    changed = carts.update(MINE, cart.id, [add()], request_id="r2")
    attempt = attempt_for(changed)
    synced: list[Path] = []
    monkeypatch.setattr(durable, "sync_folder", lambda path: synced.append(Path(path)))
    carts.create(MINE, [add()], currency="USD", request_id="r1")
    carts.update(MINE, cart.id, [add()], request_id="r2")
    carts.unpurchase(MINE, cart.id, attempt)
    folder = store / "carts" / "alice"
    assert synced == [folder] * 3
    carts.mark(MINE, cart.id, attempt, if_version=2)
    carts.purchase(MINE, cart.id, receipt_for(attempt))
    synced.clear()
    carts.purchase(MINE, cart.id, receipt_for(attempt))
    assert synced == [folder / "purchased"]


def files_written(store: Path, verb: Callable[[], object]) -> set[str]:
    """The names of the files with something in them that the verb has put in place."""
    before = {path.stat().st_ino for path in everything_in(store)}
    verb()
    return {path.name for path in everything_in(store) if path.stat().st_ino not in before}


def test_nothing_is_put_into_a_store_of_an_older_version(store: Path, carts: CartDb) -> None:
    theirs = carts.create(THEIRS, [add()], currency="USD")
    (store / "orders").unlink()
    before = {*store.rglob("*")}
    with pytest.raises(RepairStore), carts.paying(MINE, theirs.id):
        pytest.fail("paid there")
    with pytest.raises(RepairStore) as refused:
        carts.create(MINE, [add()], currency="USD")
    assert refused.value.facts["outdated"] is True
    assert {*store.rglob("*")} == before


def sealed(**changes: Any) -> Callable[[bytes], bytes]:
    """Makes the file's content with other values and a checksum that fits."""
    return lambda data: encode(pickle.loads(data) | changes)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut short": lambda data: data[:-1],
    "a bit flipped": lambda data: data[:50] + bytes([data[50] ^ 4]) + data[51:],
    "zeros": lambda data: bytes(len(data)),
    "not of this program": lambda _: pickle.dumps({"carts": []}, protocol=2),
    "no format": sealed(format=None),
    "a newer format": sealed(format=3),
    "another owner's": sealed(owner="bob"),
    "no carts": sealed(carts=None),
    "no dict": lambda _: encode([1]),
    "a cart without fields": sealed(carts=[{}]),
    "a cart twice": lambda data: sealed(carts=pickle.loads(data)["carts"] * 2)(data),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_open_carts(store: Path, carts: CartDb, damage: Callable[[bytes], bytes]) -> None:
    cart = carts.create(MINE, [add()], currency="USD")
    theirs = carts.create(THEIRS, [add()], currency="USD")
    path = store / "carts" / "alice" / "open.pickle"
    path.write_bytes(damage(path.read_bytes()))
    before = everything_in(store)
    for use in (
        lambda: carts.find(MINE),
        lambda: carts.create(MINE, currency="USD"),
        lambda: carts.update(MINE, cart.id, [add()]),
        lambda: carts.mark(MINE, cart.id, attempt_for(cart), if_version=1),
        lambda: carts.bind(MINE, cart.id, attempt_for(cart)),
        lambda: carts.purchase(MINE, cart.id, receipt_for(attempt_for(cart))),
        lambda: carts.unpurchase(MINE, cart.id, attempt_for(cart)),
        lambda: carts.delete(MINE, cart.id),
    ):
        with pytest.raises(RestoreData, match=str(path)):
            use()
    assert everything_in(store) == before
    error, other = open_cart_reader(str(store)).everything()
    assert isinstance(error, RestoreData)
    assert other == theirs
    assert carts.update(THEIRS, theirs.id, [add()]).version == 2


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_purchased_cart(
    store: Path, carts: CartDb, damage: Callable[[bytes], bytes]
) -> None:
    bought = buy(carts)
    opened = carts.create(MINE, [add()], currency="USD")
    path = store / "carts" / "alice" / "purchased" / f"{bought.id}.pickle"
    path.write_bytes(damage(path.read_bytes()))
    before = path.read_bytes()
    with pytest.raises(RestoreData, match=str(path)):
        carts.find(MINE)
    with pytest.raises(RestoreData, match=str(path)):
        carts.mark(MINE, bought.id, attempt_for(bought), if_version=bought.version)
    assert carts.find(MINE, which="unpurchased") == [opened]
    assert carts.update(MINE, opened.id, [add()]).version == 2
    assert path.read_bytes() == before


def test_a_page_of_everybodys_carts_tells_what_is_damaged_first(
    store: Path, carts: CartDb, clock: Clock
) -> None:
    theirs = []
    for _ in range(3):
        theirs.append(carts.create(THEIRS, [add()], currency="USD"))
        clock.move(hours=1)
    bought = buy(carts)
    carts.create(MINE, [add()], currency="USD")
    damaged = store / "carts" / "alice" / "open.pickle"
    damaged.write_bytes(b"")
    reader = open_cart_reader(str(store))
    for after, limit, page in (
        ("", 2, theirs[:2]),
        (cursor_of(theirs[0]), None, [*theirs[1:], bought]),
        (cursor_of(bought), 9, []),
    ):
        error, *found = reader.everything(after=after, limit=limit)
        assert isinstance(error, RestoreData)
        assert error.path == str(damaged)
        assert found == page


def test_carts_of_an_older_version_are_left_as_they_are(store: Path, carts: CartDb) -> None:
    cart = carts.create(MINE, [add()], currency="USD")
    path = store / "carts" / "alice" / "open.pickle"
    path.write_bytes(sealed(format=1)(path.read_bytes()))
    before = path.read_bytes()
    for use in (
        lambda: carts.find(MINE),
        lambda: carts.update(MINE, cart.id, [add()]),
        lambda: [*open_cart_reader(str(store)).everything()],
    ):
        with pytest.raises(RepairStore, match=r"older version of cartcli \(format 1\)"):
            use()
    assert path.read_bytes() == before


def test_a_cart_that_lies_in_the_wrong_place(store: Path, carts: CartDb) -> None:
    """An open cart among the purchased ones, or the other way round, is damage, never a sale."""
    bought = buy(carts)
    folder = store / "carts" / "alice"
    purchased = folder / "purchased" / f"{bought.id}.pickle"
    (folder / "open.pickle").write_bytes(purchased.read_bytes())
    with pytest.raises(RestoreData, match="belong elsewhere"):
        carts.find(MINE, which="unpurchased")
    purchased.rename(purchased.with_name("0" * 8 + purchased.name[8:]))
    with pytest.raises(RestoreData, match="belong elsewhere"):
        carts.find(MINE, which="purchased")


def test_files_of_other_programs_are_left_alone(store: Path, carts: CartDb) -> None:
    bought = buy(carts)
    for name in (".DS_Store", "notes.txt", f"{bought.id}.pickle~", "A.pickle"):
        (store / "carts" / "alice" / "purchased" / name).write_text("not ours")
    (store / "carts" / "Not A User").mkdir()
    (store / "carts" / "notes.txt").write_text("not ours")
    assert carts.find(MINE) == [bought]
    assert [*open_cart_reader(str(store)).everything()] == [bought]

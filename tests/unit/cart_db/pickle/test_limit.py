"""How much one owner's unpurchased carts may take: what is saved can be read, and what fits can be
bought."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from cartcli import Cart, Item, Receipt
from cartcli.cart_db import CartDb, open_cart_db
from cartcli.cart_db.pickle import owner_folder
from cartcli.cart_db.room import MAX_TEXT
from cartcli.errors import FixInput
from cartcli.model.changes import Add, Change, Remove
from cartcli.model.order import Attempt
from cartcli.model.quote import Quote
from tests.helpers import ALICE, BOB, Clock, attempt_for, item, receipt_for

MINE: Final = ALICE.owner
THEIRS: Final = BOB.owner
LOWERED: Final = 40_000  # bytes


def item_of(size: int) -> Item:
    """An item whose line takes `size` bytes and a little more."""
    return item()._replace(name="x" * size)


def put(carts: CartDb, size: int, owner: str = MINE) -> Cart:
    """A new cart that takes `size` bytes and a little more."""
    return carts.create(owner, [Add("MUG", 1, item_of(size))], currency="USD")


def renamed(cart: Cart, size: int) -> Attempt:
    """An attempt to pay `cart`, of which everything is called something else today."""
    lines = (cart.lines[0]._replace(name="y" * size),)
    return attempt_for(cart)._replace(quote=Quote.of(lines, "USD", was=cart.lines))


def buy(carts: CartDb, cart: Cart, attempt: Attempt) -> Receipt:
    """Take the `cart` through to purchased; its receipt, as it is read again."""
    unbound = attempt._replace(reference="")
    carts.mark(MINE, cart.id, unbound, if_version=cart.version)
    carts.bind(MINE, cart.id, attempt)
    carts.purchase(MINE, cart.id, receipt_for(attempt))
    (found,) = carts.find(MINE, cart.id)
    assert found.receipt
    return found.receipt


@pytest.fixture
def carts(store: Path, clock: Clock) -> CartDb:
    return open_cart_db(str(store), 1, clock)


@pytest.fixture
def path(store: Path) -> Path:
    """The file of MINE's carts."""
    return store / "carts" / "alice" / "open.pickle"


@pytest.fixture
def lowered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lowers the limits, in the proportion that they have."""
    marked = owner_folder._MAX_MARKED / owner_folder._MAX_UNPURCHASED
    monkeypatch.setattr(owner_folder, "_MAX_UNPURCHASED", LOWERED)
    monkeypatch.setattr(owner_folder, "_MAX_MARKED", int(LOWERED * marked))


def largest(carts: CartDb, path: Path) -> int:
    """The most bytes that the name of a line may have in another cart of MINE."""
    sizes = []
    for _ in range(3):
        put(carts, 0)
        sizes.append(path.stat().st_size)
    return LOWERED - sizes[-1] - (sizes[-1] - sizes[-2])


def anew(quantity: int, size: int) -> list[Change]:
    """The changes that give a cart's line another name of this size."""
    return [Remove("MUG"), Add("MUG", quantity, item_of(size))]


@pytest.mark.usefixtures("lowered")
def test_what_just_fits_is_saved_and_read_again(path: Path, carts: CartDb) -> None:
    free = largest(carts, path)
    before = carts.find(MINE)
    with pytest.raises(FixInput, match="would take more than 16 MiB"):
        put(carts, free + 1)
    assert carts.find(MINE) == before
    cart = put(carts, free)
    assert path.stat().st_size == LOWERED
    assert cart in carts.find(MINE)


@pytest.mark.usefixtures("lowered")
def test_what_would_take_more_is_refused_and_nothing_changes(path: Path, carts: CartDb) -> None:
    cart = put(carts, LOWERED // 2)
    before = path.read_bytes()
    with pytest.raises(FixInput):
        put(carts, LOWERED // 2)
    with pytest.raises(FixInput):
        carts.update(MINE, cart.id, anew(2, LOWERED))
    assert path.read_bytes() == before
    assert carts.find(MINE) == [cart]
    assert carts.update(MINE, cart.id, anew(2, 1)).lines[0].name == "x"
    assert put(carts, LOWERED // 2, THEIRS).owner == THEIRS  # each has the whole


@pytest.mark.usefixtures("lowered")
@pytest.mark.parametrize("others", [0, 5])
@pytest.mark.parametrize("waiting", ["", "https://pay.example/" + "x" * 1_000])
def test_a_cart_that_fits_can_be_bought(carts: CartDb, others: int, waiting: str) -> None:
    kept = {put(carts, 100) for _ in range(others)}
    room = 1_000 * (others + 1)
    cart = put(carts, LOWERED - room)
    with pytest.raises(FixInput):
        put(carts, room)
    attempt = renamed(cart, LOWERED - room)._replace(reference=waiting or "ref_1")
    assert buy(carts, cart, attempt).quote == attempt.quote
    assert {*carts.find(MINE, which="unpurchased")} == kept
    put(carts, room)  # what is bought no longer counts


@pytest.mark.usefixtures("lowered")
def test_a_declined_cart_opens_again_however_much_it_takes(carts: CartDb) -> None:
    cart, other = (put(carts, 19_000) for _ in range(2))
    attempt = renamed(cart, 25_000)
    carts.mark(MINE, cart.id, attempt, if_version=1)
    less = carts.update(MINE, other.id, anew(2, 18_000))  # if still too much
    with pytest.raises(FixInput):
        carts.update(MINE, other.id, anew(3, 19_000))
    opened = carts.unpurchase(MINE, cart.id, attempt)
    assert {*carts.find(MINE)} == {opened, less}
    assert opened.lines == cart.lines


@pytest.mark.usefixtures("lowered")
def test_what_could_not_be_read_again_is_not_marked(carts: CartDb) -> None:
    cart = put(carts, 1)
    with pytest.raises(FixInput):
        carts.mark(MINE, cart.id, renamed(cart, 4 * LOWERED), if_version=1)
    assert carts.find(MINE) == [cart]


def test_all_of_it_in_one_cart(carts: CartDb) -> None:
    """Also when its names are as long again on the day it is bought."""
    size = MAX_TEXT - 100
    cart = put(carts, size)
    with pytest.raises(FixInput, match="at most 4 MiB"):
        put(carts, size + 200)
    attempt = renamed(cart, size)
    assert buy(carts, cart, attempt).quote == attempt.quote

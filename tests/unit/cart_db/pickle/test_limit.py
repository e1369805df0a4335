"""How much one owner's unpurchased carts may take: what is saved can be read, and what fits can be
bought."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from cartcli import Cart, Identity, Line, Receipt
from cartcli.cart_db import CartDb, open_cart_db
from cartcli.cart_db.pickle import owner_folder
from cartcli.errors import FixInput
from tests.helpers import ALICE, BOB, Clock, attempt_for, line, receipt_for

LOWERED: Final = 40_000  # bytes


def lines_of(size: int) -> list[Line]:
    """A line that takes `size` bytes and a little more."""
    return [line()._replace(name="x" * size)]


def buy(carts: CartDb, identity: Identity, cart: Cart) -> Receipt:
    """Take the `cart` through to purchased; its receipt, as it is read again."""
    attempt = attempt_for(cart)
    carts.purchase(identity, cart.id, lambda _: attempt)
    carts.purchase(identity, cart.id, lambda _: receipt_for(attempt))
    (found,) = carts.find(identity, cart.id)
    assert found.receipt
    return found.receipt


@pytest.fixture
def carts(store: Path, clock: Clock) -> CartDb:
    return open_cart_db(str(store), 1, clock)


@pytest.fixture
def lowered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lowers the limits, in the proportion that they have."""
    marked = owner_folder._MAX_MARKED // owner_folder._MAX_UNPURCHASED
    monkeypatch.setattr(owner_folder, "_MAX_UNPURCHASED", LOWERED)
    monkeypatch.setattr(owner_folder, "_MAX_MARKED", LOWERED * marked)


def largest(carts: CartDb, path: Path) -> int:
    """The most bytes that the name of a line may have in another cart of ALICE's, whose file is
    `path`."""
    sizes = []
    for _ in range(3):
        carts.create(ALICE, lines_of(0), "USD")
        sizes.append(path.stat().st_size)
    return LOWERED - sizes[-1] - (sizes[-1] - sizes[-2])


@pytest.mark.usefixtures("lowered")
def test_what_just_fits_is_saved_and_read_again(store: Path, carts: CartDb) -> None:
    path = store / "carts" / "alice" / "open.pickle"
    free = largest(carts, path)
    before = carts.find(ALICE)
    with pytest.raises(FixInput, match="would take more than 16 MiB"):
        carts.create(ALICE, lines_of(free + 1), "USD")
    assert carts.find(ALICE) == before
    cart = carts.create(ALICE, lines_of(free), "USD")
    assert path.stat().st_size == LOWERED
    assert cart in carts.find(ALICE)


@pytest.mark.usefixtures("lowered")
def test_what_would_take_more_is_refused_and_nothing_changes(store: Path, carts: CartDb) -> None:
    cart = carts.create(ALICE, lines_of(LOWERED // 2), "USD")
    path = store / "carts" / "alice" / "open.pickle"
    before = path.read_bytes()
    with pytest.raises(FixInput):
        carts.create(ALICE, lines_of(LOWERED // 2), "USD")
    with pytest.raises(FixInput):
        carts.update(ALICE, cart.id, lambda _: lines_of(LOWERED))
    assert path.read_bytes() == before
    assert carts.find(ALICE) == [cart]
    assert carts.update(ALICE, cart.id, lambda _: lines_of(1)).lines == tuple(lines_of(1))
    assert carts.create(BOB, lines_of(LOWERED // 2), "USD").user == "bob"  # each has the whole


@pytest.mark.usefixtures("lowered")
@pytest.mark.parametrize("others", [0, 5])
def test_a_cart_that_fits_can_be_bought(carts: CartDb, others: int) -> None:
    kept = {carts.create(ALICE, lines_of(100), "USD") for _ in range(others)}
    room = 1_000 * (others + 1)
    cart = carts.create(ALICE, lines_of(LOWERED - room), "USD")
    with pytest.raises(FixInput):
        carts.create(ALICE, lines_of(room), "USD")
    assert buy(carts, ALICE, cart).lines == cart.lines
    assert {*carts.find(ALICE, which="unpurchased")} == kept
    carts.create(ALICE, lines_of(room), "USD")  # what is bought no longer counts


@pytest.mark.usefixtures("lowered")
def test_a_declined_cart_opens_again_however_much_it_takes(carts: CartDb) -> None:
    """Today's names, which are frozen, may be longer than those that were put in."""
    cart, other = (carts.create(ALICE, lines_of(19_000), "USD") for _ in range(2))
    attempt = attempt_for(cart._replace(lines=tuple(lines_of(25_000))))
    carts.purchase(ALICE, cart.id, lambda _: attempt)
    opened = carts.unpurchase(ALICE, cart.id, attempt.key)
    assert {*carts.find(ALICE)} == {opened, other}
    carts.update(ALICE, cart.id, lambda _: lines_of(24_000))  # less, if still more than usual
    carts.update(ALICE, cart.id, lambda _: lines_of(1))
    with pytest.raises(FixInput):
        carts.update(ALICE, cart.id, lambda _: lines_of(25_000))


@pytest.mark.usefixtures("lowered")
def test_what_could_not_be_read_again_is_not_marked(carts: CartDb) -> None:
    cart = carts.create(ALICE, lines_of(1), "USD")
    attempt = attempt_for(cart._replace(lines=tuple(lines_of(LOWERED))))
    with pytest.raises(FixInput):
        carts.purchase(ALICE, cart.id, lambda _: attempt)
    assert carts.find(ALICE) == [cart]


def test_all_of_it_in_one_cart(carts: CartDb, store: Path) -> None:
    size = (16 << 20) - 400
    cart = carts.create(ALICE, lines_of(size), "USD")
    path = store / "carts" / "alice" / "open.pickle"
    assert (16 << 20) - 400 < path.stat().st_size <= 16 << 20
    with pytest.raises(FixInput):
        carts.create(ALICE, lines_of(200), "USD")
    assert buy(carts, ALICE, cart).lines == cart.lines

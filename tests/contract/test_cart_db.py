"""What every cart DB promises about creating, finding and updating carts."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Final

import pytest

from cartcli import Cart, Identity, Line, Money
from cartcli.cart_db import CartDb, CartReader, Which
from cartcli.errors import CheckOutAgain, ChooseExisting, ReviewCart
from cartcli.model.lines import MAX_QUANTITY
from tests.contract.conftest import OpenCarts
from tests.contract.implementations import WAIT
from tests.helpers import ALICE, BOB, Clock, at_once, attempt_for, line, receipt_for

WHICH: Final[tuple[Which, ...]] = ("unpurchased", "purchased", "all")
NAMES: Final = [
    "bob",
    "b",
    "..",
    ".",
    "../bob",
    "a/b",
    "a%2fb",
    "a%",
    "-",
    "con",
    "ü" * 40,
    "x" * 80,
    "a b",
]
UUID4: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def one_more(cart: Cart) -> list[Line]:
    """A change that adds one to every line."""
    return [line._replace(quantity=line.quantity + 1) for line in cart.lines]


def never(cart: Cart) -> list[Line]:
    """A change that must not be asked for."""
    pytest.fail(f"{cart} was to be changed")


def mark(carts: CartDb, identity: Identity, cart: Cart) -> Cart:
    """Mark the open `cart` as pending."""
    return carts.purchase(identity, cart.id, attempt_for)


def buy(carts: CartDb, identity: Identity, cart: Cart) -> Cart:
    """Take the open `cart` through to purchased."""
    attempt = mark(carts, identity, cart).attempt
    assert attempt
    return carts.purchase(identity, cart.id, lambda _: receipt_for(attempt))


def test_a_new_cart_is_open_and_holds_its_lines(
    carts: CartDb, open_carts: OpenCarts, clock: Clock
) -> None:
    lines = (line("MUG", 2), line("玉露", 1, "12.345"))
    cart = carts.create(ALICE, lines, "USD")
    assert UUID4.fullmatch(cart.id)
    assert cart == Cart(cart.id, "alice", "open", lines, "USD", clock.now, clock.now)
    assert open_carts().find(ALICE) == [cart]


def test_a_new_cart_may_be_empty_and_in_any_currency(carts: CartDb) -> None:
    yen = carts.create(ALICE, [line("BOWL", 1, "990", "JPY")], "JPY")
    empty = carts.create(ALICE, [], "KWD")
    assert {cart.id: cart for cart in carts.find(ALICE)} == {yen.id: yen, empty.id: empty}
    assert (yen.total, empty.total) == (Money(990, "JPY"), Money(0, "KWD"))


def test_who_has_no_carts_finds_none_and_nothing_is_written(
    carts: CartDb, reader: CartReader, store: Path
) -> None:
    assert carts.find(ALICE) == []
    assert list(reader.everything()) == []
    assert not store.exists()


def test_carts_are_found_oldest_first(carts: CartDb, clock: Clock) -> None:
    made = []
    for hours in (2, -3, 5, 1):
        clock.move(hours=hours)
        made.append(carts.create(ALICE, [], "USD"))
    assert carts.find(ALICE) == sorted(made, key=lambda cart: cart.created)


def test_carts_are_found_by_the_start_of_their_id(carts: CartDb) -> None:
    opened, bought = (carts.create(ALICE, [line()], "USD") for _ in range(2))
    bought = buy(carts, ALICE, bought)
    for cart in (opened, bought):
        for length in range(len(cart.id) + 1):
            assert cart in carts.find(ALICE, cart.id[:length])
        assert carts.find(ALICE, cart.id) == [cart]
        assert carts.find(ALICE, cart.id[:18]) == [cart]


@pytest.mark.parametrize(
    "change", [lambda i: i + "0", lambda i: i[1:], str.upper, lambda i: f"*{i[:4]}", lambda i: "%"]
)
def test_a_prefix_is_taken_literally(carts: CartDb, change: Callable[[str], str]) -> None:
    cart = carts.create(ALICE, [line()], "USD")
    while cart.id.upper() == cart.id or cart.id.startswith(change(cart.id)):
        cart = carts.create(ALICE, [line()], "USD")
    buy(carts, ALICE, cart)
    assert carts.find(ALICE, change(cart.id)) == []
    assert carts.find(ALICE, f"../purchased/{cart.id}") == []


def test_carts_are_found_by_their_state(carts: CartDb) -> None:
    opened = carts.create(ALICE, [line()], "USD")
    pending = mark(carts, ALICE, carts.create(ALICE, [line()], "USD"))
    bought = buy(carts, ALICE, carts.create(ALICE, [line()], "USD"))
    ids = {which: {cart.id for cart in carts.find(ALICE, which=which)} for which in WHICH}
    assert ids == {
        "unpurchased": {opened.id, pending.id},
        "purchased": {bought.id},
        "all": {opened.id, pending.id, bought.id},
    }
    assert carts.find(ALICE, bought.id, "unpurchased") == []
    assert carts.find(ALICE, opened.id, "purchased") == []


def test_an_update_replaces_the_lines(carts: CartDb, open_carts: OpenCarts, clock: Clock) -> None:
    cart = carts.create(ALICE, [line("MUG", 2)], "USD")
    clock.move(hours=1)
    lines = (line("TEA", MAX_QUANTITY, "0.0001"), line("MUG", 1))
    seen: list[Cart] = []

    def change(present: Cart) -> tuple[Line, ...]:
        seen.append(present)
        return lines

    changed = carts.update(ALICE, cart.id, change)
    assert seen == [cart]
    assert changed == cart._replace(lines=lines, updated=clock.now)
    assert open_carts().find(ALICE) == [changed]


def test_an_update_may_empty_a_cart(carts: CartDb) -> None:
    cart = carts.create(ALICE, [line()], "USD")
    assert carts.update(ALICE, cart.id, lambda _: []).lines == ()
    assert carts.find(ALICE)[0].lines == ()


def test_an_update_that_raises_changes_nothing(carts: CartDb, open_carts: OpenCarts) -> None:
    cart = carts.create(ALICE, [line()], "USD")

    def change(present: Cart) -> list[Line]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        carts.update(ALICE, cart.id, change)
    assert carts.find(ALICE) == open_carts().find(ALICE) == [cart]
    carts.update(ALICE, cart.id, one_more)  # and nobody is kept out


def test_only_an_open_cart_is_updated(carts: CartDb) -> None:
    pending = mark(carts, ALICE, carts.create(ALICE, [line()], "USD"))
    bought = buy(carts, ALICE, carts.create(ALICE, [line()], "USD"))
    before = carts.find(ALICE)
    with pytest.raises(CheckOutAgain):
        carts.update(ALICE, pending.id, never)
    with pytest.raises(ReviewCart):
        carts.update(ALICE, bought.id, never)
    assert carts.find(ALICE) == before


def test_a_cart_that_is_not_there_is_not_found(carts: CartDb) -> None:
    cart = carts.create(ALICE, [line()], "USD")
    bought = buy(carts, ALICE, carts.create(ALICE, [line()], "USD"))
    for cart_id in ("", "x", cart.id[:-1], bought.id[:-1], "0" * 36, f"{cart.id} "):
        with pytest.raises(ChooseExisting):
            carts.update(ALICE, cart_id, never)
        with pytest.raises(ChooseExisting):
            carts.purchase(ALICE, cart_id, attempt_for)
        with pytest.raises(ChooseExisting):
            carts.unpurchase(ALICE, cart_id, "0" * 32)


def test_the_cart_of_another_user_is_not_found(carts: CartDb) -> None:
    opened = carts.create(ALICE, [line()], "USD")
    pending = mark(carts, ALICE, carts.create(ALICE, [line()], "USD"))
    bought = buy(carts, ALICE, carts.create(ALICE, [line()], "USD"))
    carts.create(BOB, [line()], "USD")
    before = carts.find(ALICE)
    assert pending.attempt
    for cart in (opened, pending, bought):
        assert carts.find(BOB, cart.id) == []
        with pytest.raises(ChooseExisting) as not_found:
            carts.update(BOB, cart.id, never)
        with pytest.raises(ChooseExisting):
            carts.purchase(BOB, cart.id, attempt_for)
        with pytest.raises(ChooseExisting):
            carts.unpurchase(BOB, cart.id, pending.attempt.key)
        assert str(not_found.value).replace(cart.id, "ID") == _unknown_cart(carts)
    assert carts.find(ALICE) == before


def _unknown_cart(carts: CartDb) -> str:
    """The message for a cart that nobody has."""
    with pytest.raises(ChooseExisting) as error:
        carts.update(BOB, "0" * 36, never)
    return str(error.value).replace("0" * 36, "ID")


def test_no_name_leads_to_another_users_carts(
    carts: CartDb, reader: CartReader, store: Path
) -> None:
    users = [Identity(name) for name in NAMES]
    made = {user: carts.create(user, [line()], "USD") for user in users}
    assert {user: carts.find(user) for user in users} == {u: [cart] for u, cart in made.items()}
    assert sorted(cart.user for cart in reader.everything() if isinstance(cart, Cart)) == sorted(
        NAMES
    )
    assert {path.name for path in store.parent.iterdir()} <= {store.name}


def test_the_ways_to_write_one_name_are_one_user(carts: CartDb) -> None:
    cart = carts.create(Identity("Zoë"), [line()], "USD")
    assert carts.find(Identity("ZOE\u0308")) == [cart]


@pytest.mark.parametrize("shared", [True, False], ids=["one handle", "a handle each"])
def test_racing_updates_all_count(carts: CartDb, open_carts: OpenCarts, shared: bool) -> None:
    cart = carts.create(ALICE, [line(quantity=1)], "USD")

    def add_five(_: int) -> None:
        handle = carts if shared else open_carts()
        for _ in range(5):
            handle.update(ALICE, cart.id, one_more)

    assert at_once(8, add_five) == [None] * 8
    assert carts.find(ALICE)[0].contents == {"MUG": 41}


def test_racing_creations_lose_no_cart(carts: CartDb) -> None:
    made = at_once(8, lambda number: carts.create(ALICE, [line(quantity=number + 1)], "USD"))
    found = sorted(carts.find(ALICE), key=lambda cart: cart.lines[0].quantity)
    assert found == made


def test_customers_who_race_lose_nothing_of_each_other(
    carts: CartDb, open_carts: OpenCarts
) -> None:
    users = [Identity(f"user{number}") for number in range(4)]
    mine = [carts.create(user, [line(quantity=1)], "USD") for user in users]

    def shop(number: int) -> None:
        user, cart = users[number % 4], mine[number % 4]
        handle = open_carts()
        for _ in range(5):
            handle.update(user, cart.id, one_more)
            handle.create(user, [], "USD")

    assert at_once(8, shop) == [None] * 8
    for user, cart in zip(users, mine, strict=True):
        assert carts.find(user, cart.id)[0].contents == {"MUG": 11}
        assert len(carts.find(user)) == 11


def test_nobody_starves_beside_one_who_never_stops(carts: CartDb, open_carts: OpenCarts) -> None:
    cart, theirs = (carts.create(user, [line(quantity=1)], "USD") for user in (ALICE, BOB))
    stop = Event()

    def never_stop() -> int:
        handle = open_carts()
        updates = 0
        while not stop.is_set():
            handle.update(ALICE, cart.id, one_more)
            updates += 1
        return updates

    with ThreadPoolExecutor() as pool:
        restless = pool.submit(never_stop)
        try:
            for _ in range(10):
                carts.update(ALICE, cart.id, one_more)
                carts.update(BOB, theirs.id, one_more)
                assert carts.find(ALICE, cart.id)[0].state == "open"
        finally:
            stop.set()
        updates = restless.result(timeout=WAIT)
    assert updates > 0
    assert carts.find(ALICE)[0].contents == {"MUG": 11 + updates}
    assert carts.find(BOB)[0].contents == {"MUG": 11}

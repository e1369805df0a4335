"""What every cart DB promises about creating, finding, updating and deleting carts."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Final

import pytest

from cartcli import Cart, Identity
from cartcli.cart_db import CartDb, CartReader, Which
from cartcli.errors import CheckOutAgain, ChooseExisting, FixInput, ReviewCart
from cartcli.model.changes import Add, Remove, Set
from cartcli.testing.fixtures import OpenCarts
from cartcli.testing.implementations import WAIT
from cartcli.testing.values import ALICE, BOB, Clock, add, at_once, attempt_for, line, receipt_for

MINE: Final = ALICE.owner
THEIRS: Final = BOB.owner
WHICH: Final[tuple[Which, ...]] = ("unpurchased", "pending", "purchased", "all")
NAMES: Final = [
    *("bob", "b", "..", ".", "../bob", "a/b", "a%2fb", "a%", "-", "con", "ü" * 40, "x" * 80, "a b"),
]
UUID4: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def mark(carts: CartDb, owner: str, cart: Cart) -> Cart:
    """Mark the open `cart` as pending."""
    return carts.mark(owner, cart.id, attempt_for(cart), if_version=cart.version)


def buy(carts: CartDb, owner: str, cart: Cart) -> Cart:
    """Take the open `cart` through to purchased."""
    attempt = mark(carts, owner, cart).attempt
    assert attempt
    return carts.purchase(owner, cart.id, receipt_for(attempt))


def one_of_each(carts: CartDb) -> tuple[Cart, Cart, Cart]:
    """An open, a pending and a purchased cart of MINE."""
    opened, pending, bought = (carts.create(MINE, [add()], currency="USD") for _ in range(3))
    return opened, mark(carts, MINE, pending), buy(carts, MINE, bought)


def test_a_new_cart_is_open_and_holds_what_was_put_in(
    carts: CartDb, open_carts: OpenCarts, clock: Clock
) -> None:
    cart = carts.create(MINE, [add("MUG", 2), add("玉露", 1, "12.345")], currency="USD")
    lines = (line("MUG", 2), line("玉露", 1, "12.345"))
    assert UUID4.fullmatch(cart.id)
    assert cart == Cart(cart.id, MINE, "open", lines, "USD", clock.now, clock.now, version=1)
    assert open_carts().find(MINE) == [cart]


def test_a_new_cart_may_be_empty_and_in_any_currency(carts: CartDb) -> None:
    yen = carts.create(MINE, [add("BOWL", 1, "990", "JPY")], currency="JPY")
    empty = carts.create(MINE, currency="KWD")
    assert {cart.id: cart for cart in carts.find(MINE)} == {yen.id: yen, empty.id: empty}
    assert [line.price.currency for line in yen.lines] == [yen.currency] == ["JPY"]
    assert (empty.lines, empty.currency) == ((), "KWD")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (Add("MUG", 1), ChooseExisting),
        (add("MUG", 0), FixInput),
        (add("MUG", 1, "990", "JPY"), FixInput),
        (Remove("MUG"), ChooseExisting),
        (Set("MUG", 1), ChooseExisting),
    ],
    ids=str,
)
def test_a_cart_that_cannot_be_filled_is_not_made(
    carts: CartDb, change: Add, error: type[Exception]
) -> None:
    with pytest.raises(error) as refused:
        carts.create(MINE, [add("TEA"), change], currency="USD")
    assert "MUG" in str(refused.value)
    assert carts.find(MINE) == []


def test_who_has_no_carts_finds_none_and_nothing_is_written(
    carts: CartDb, reader: CartReader, store: Path
) -> None:
    assert carts.find(MINE) == []
    assert list(reader.everything()) == []
    assert not store.exists()


def test_carts_are_found_by_the_start_of_their_id(carts: CartDb) -> None:
    opened, _, bought = one_of_each(carts)
    for cart in (opened, bought):
        for length in range(len(cart.id) + 1):
            assert cart in carts.find(MINE, cart.id[:length])
        assert carts.find(MINE, cart.id) == [cart]
        assert carts.find(MINE, cart.id[:18]) == [cart]


@pytest.mark.parametrize(
    "change", [lambda i: i + "0", lambda i: i[1:], str.upper, lambda i: f"*{i[:4]}", lambda i: "%"]
)
def test_a_prefix_is_taken_literally(carts: CartDb, change: Callable[[str], str]) -> None:
    cart = carts.create(MINE, [add()], currency="USD")
    while cart.id.upper() == cart.id or cart.id.startswith(change(cart.id)):
        cart = carts.create(MINE, [add()], currency="USD")
    buy(carts, MINE, cart)
    assert carts.find(MINE, change(cart.id)) == []
    assert carts.find(MINE, f"../purchased/{cart.id}") == []


def test_carts_are_found_by_their_state(carts: CartDb) -> None:
    opened, pending, bought = one_of_each(carts)
    ids = {which: {cart.id for cart in carts.find(MINE, which=which)} for which in WHICH}
    assert ids == {
        "unpurchased": {opened.id, pending.id},
        "pending": {pending.id},
        "purchased": {bought.id},
        "all": {opened.id, pending.id, bought.id},
    }
    for cart in (opened, pending, bought):
        found = {which for which in WHICH if carts.find(MINE, cart.id, which)}
        assert found == {which for which in WHICH if cart.id in ids[which]}


def test_only_an_open_cart_is_updated_or_deleted(carts: CartDb) -> None:
    _, pending, bought = one_of_each(carts)
    before = carts.find(MINE)
    for cart, error in ((pending, CheckOutAgain), (bought, ReviewCart)):
        with pytest.raises(error):
            carts.update(MINE, cart.id, [add()], if_version=cart.version)
        with pytest.raises(error):
            carts.delete(MINE, cart.id)
    assert carts.find(MINE) == before


def test_a_deleted_cart_is_gone(carts: CartDb, open_carts: OpenCarts, reader: CartReader) -> None:
    opened, pending, bought = one_of_each(carts)
    carts.delete(MINE, opened.id)
    assert {*open_carts().find(MINE)} == {*reader.everything()} == {pending, bought}
    with pytest.raises(ChooseExisting):
        carts.delete(MINE, opened.id)
    with pytest.raises(ChooseExisting):
        carts.update(MINE, opened.id, [add()])


def everything_on(
    carts: CartDb, owner: str, cart_id: str, about: Cart
) -> list[Callable[[], object]]:
    """Every verb that is given a cart's id, called with `cart_id`."""
    attempt = about.attempt or attempt_for(about)
    return [
        lambda: carts.update(owner, cart_id, [add()]),
        lambda: carts.mark(owner, cart_id, attempt, if_version=about.version),
        lambda: carts.bind(owner, cart_id, attempt),
        lambda: carts.purchase(owner, cart_id, receipt_for(attempt)),
        lambda: carts.unpurchase(owner, cart_id, attempt),
        lambda: carts.delete(owner, cart_id),
    ]


def test_a_cart_that_is_not_there_is_not_found(carts: CartDb) -> None:
    opened, _, bought = one_of_each(carts)
    before = carts.find(MINE)
    for cart_id in ("", "x", opened.id[:-1], bought.id[:-1], "0" * 36, f"{opened.id} "):
        for verb in everything_on(carts, MINE, cart_id, opened):
            with pytest.raises(ChooseExisting):
                verb()
    assert carts.find(MINE) == before


def test_the_cart_of_another_owner_is_not_found(carts: CartDb) -> None:
    mine = one_of_each(carts)
    carts.create(THEIRS, [add()], currency="USD")
    before = carts.find(MINE)
    for cart in mine:
        assert carts.find(THEIRS, cart.id) == []
        for verb in everything_on(carts, THEIRS, cart.id, cart):
            with pytest.raises(ChooseExisting) as not_found:
                verb()
            assert str(not_found.value).replace(cart.id, "ID") == _unknown_cart(carts)
    assert carts.find(MINE) == before


def _unknown_cart(carts: CartDb) -> str:
    """The message for a cart that nobody has."""
    with pytest.raises(ChooseExisting) as error:
        carts.update(THEIRS, "0" * 36, [])
    return str(error.value).replace("0" * 36, "ID")


def test_no_name_leads_to_another_owners_carts(
    carts: CartDb, reader: CartReader, store: Path
) -> None:
    owners = [Identity(name).owner for name in NAMES]
    owners += [Identity.guest().owner, Identity("x", issuer="https://idp", subject="bob").owner]
    made = {owner: carts.create(owner, [add()], currency="USD") for owner in owners}
    assert {owner: carts.find(owner) for owner in owners} == {o: [cart] for o, cart in made.items()}
    assert sorted(cart.owner for cart in reader.everything() if isinstance(cart, Cart)) == sorted(
        owners
    )
    assert {path.name for path in store.parent.iterdir()} <= {store.name}


def test_racing_creations_lose_no_cart(carts: CartDb) -> None:
    made = at_once(8, lambda n: carts.create(MINE, [add(quantity=n + 1)], currency="USD"))
    found = sorted(carts.find(MINE), key=lambda cart: cart.lines[0].quantity)
    assert found == made


def test_customers_who_race_lose_nothing_of_each_other(
    carts: CartDb, open_carts: OpenCarts
) -> None:
    owners = [f"user{number}" for number in range(4)]
    mine = [carts.create(owner, [add()], currency="USD") for owner in owners]

    def shop(number: int) -> None:
        owner, cart = owners[number % 4], mine[number % 4]
        handle = open_carts()
        for _ in range(5):
            handle.update(owner, cart.id, [add()])
            handle.create(owner, currency="USD")

    assert at_once(8, shop) == [None] * 8
    for owner, cart in zip(owners, mine, strict=True):
        assert carts.find(owner, cart.id)[0].contents == {"MUG": 11}
        assert len(carts.find(owner)) == 11


def test_nobody_starves_beside_one_who_never_stops(carts: CartDb, open_carts: OpenCarts) -> None:
    cart, theirs = (carts.create(owner, [add()], currency="USD") for owner in (MINE, THEIRS))
    stop = Event()

    def never_stop() -> int:
        handle = open_carts()
        updates = 0
        while not stop.is_set():
            handle.update(MINE, cart.id, [add()])
            updates += 1
        return updates

    with ThreadPoolExecutor() as pool:
        restless = pool.submit(never_stop)
        try:
            for _ in range(10):
                carts.update(MINE, cart.id, [add()])
                carts.update(THEIRS, theirs.id, [add()])
                assert carts.find(MINE, cart.id)[0].state == "open"
        finally:
            stop.set()
        updates = restless.result(timeout=WAIT)
    assert updates > 0
    assert carts.find(MINE)[0].contents == {"MUG": 11 + updates}
    assert carts.find(THEIRS)[0].contents == {"MUG": 11}

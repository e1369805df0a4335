"""Whatever a program gives by mistake, it is told in an error of ours, and nothing has changed."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy
import pandas
import pytest

from cartcli import Card, Identity, Money, Shop
from cartcli.errors import CartError, FixInput
from cartcli.model.changes import Add, Remove, Set
from tests.helpers import ALICE, CARD, PLATES, register, shop_in

WRONG: Final = [
    *(None, True, 0, 7, -1, 1.5, b"bytes", "text", "", object(), [], [1], [None], {}, {1: 2}),
    *({"A"}, (PLATES,), {PLATES: "2"}, {PLATES: True}, {PLATES: numpy.bool_(True)}, {None: 1}),
    *(ALICE, Money(1, "USD"), timedelta(1), pandas.Series([1]), pandas.DataFrame({"a": [1]})),
    *(numpy.array([1.5]), Add, [Add], [Add(PLATES, 1.5)], [Set(PLATES, None)]),  # type: ignore[arg-type]
    *([Add(7)], [Remove(PLATES, "1")], Add(PLATES)),  # type: ignore[arg-type]
]

MUG: Final = "MUG-350-WHT"

# The verbs of a shop, with what each takes.
RIGHT: Final[dict[str, Callable[[str, str], dict[str, Any]]]] = {
    "login": lambda cart, token: {"name": "alice", "password": "a wrong one", "client": "here"},
    "identify": lambda cart, token: {"token": token},
    "logout": lambda cart, token: {"token": token},
    "logout_everywhere": lambda cart, token: {"identity": ALICE, "but": token},
    "sessions": lambda cart, token: {"identity": ALICE},
    "end_session": lambda cart, token: {"identity": ALICE, "session_id": token},
    "change_password": lambda cart, token: {"token": token, "old": "wrong", "new": "8 letters"},
    "merchant_for": lambda cart, token: {"identity": ALICE},
    "get_catalog": lambda cart, token: {
        "words": ["tea"],
        "skus": [MUG],
        "sort": "name",
        "after": MUG,
        "limit": 1,
        "min_price": Money(1, "USD"),
        "max_price": Money(2, "USD"),
    },
    "get_carts": lambda cart, token: {
        "identity": ALICE,
        "cart_ids": [cart],
        "which": "all",
        "after": "",
        "limit": 1,
    },
    "change_cart": lambda cart, token: {
        "identity": ALICE,
        "cart_id": cart,
        "changes": [Add(MUG)],
        "if_version": 1,
        "request_id": "an id",
    },
    "update_cart": lambda cart, token: {"identity": ALICE, "cart_id": cart, "contents": {MUG: 1}},
    "orders": lambda cart, token: {
        "identity": ALICE,
        "order_ids": [cart],
        "since": date.min,
        "until": date.max,
        "after": "",
        "limit": 1,
    },
    "rename_cart": lambda cart, token: {"identity": ALICE, "cart_id": cart, "name": "home"},
    "copy_cart": lambda cart, token: {"identity": ALICE, "cart_id": cart, "skip_unsold": True},
    "delete_cart": lambda cart, token: {"identity": ALICE, "cart_id": cart},
    "quote_cart": lambda cart, token: {
        "identity": ALICE,
        "cart_id": cart,
        "expect_total": Money(1, "USD"),
        "if_version": 1,
    },
    "buy_cart": lambda cart, token: {
        "identity": ALICE,
        "cart_id": cart,
        "source": Card(CARD),
        "expect_total": Money(1, "USD"),
        "if_version": 1,
    },
    "checkout_cart": lambda cart, token: {
        "identity": ALICE,
        "cart_id": cart,
        "card": CARD,
        "expect_total": Money(1, "USD"),
    },
}
TAKEN: Final = [
    (verb, name)
    for verb, method in inspect.getmembers(Shop, inspect.isfunction)
    if not verb.startswith("_")
    for name in inspect.signature(method).parameters
    if name not in ("self", "register")
]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("wrong") / "store"
    register("alice", store)
    return store


@pytest.mark.usefixtures("quick_passwords")
@pytest.mark.parametrize(("verb", "name"), TAKEN)
def test_every_verb_tells_what_it_cannot_take(shared: Path, verb: str, name: str) -> None:
    shop = shop_in(shared)
    session, cart = shop.guest(), shop.update_cart(ALICE, None, {PLATES: 1})
    for wrong in WRONG:
        given = RIGHT[verb](cart.id, session.token) | {name: wrong}
        try:
            getattr(shop, verb)(**given)
        except CartError:
            continue
        except Exception as error:
            pytest.fail(f"{name}={wrong!r} ends with {error!r}")


MISTAKES: Final[dict[str, tuple[Callable[[Any, Any], object], str]]] = {
    "a name for who asks": (lambda shop, cart: shop.get_carts("alice"), "given as an Identity"),
    "a cart for its id": (lambda shop, cart: shop.delete_cart(ALICE, cart), "named by its id"),
    "one id for a list": (lambda shop, cart: shop.get_carts(ALICE, cart.id), "given as a list"),
    "one word for a list": (lambda shop, cart: shop.get_catalog("tea"), "given as a list"),
    "a number for a total": (
        lambda shop, cart: shop.buy_cart(ALICE, cart.id, Card(CARD), expect_total=39.47),
        "given as Money",
    ),
    "a number for a card": (
        lambda shop, cart: shop.checkout_cart(ALICE, cart.id, 4242424242424242),
        "a card number is text",
    ),
    "a number for a name": (lambda shop, cart: Identity(7), "the name is text"),  # type: ignore[arg-type]
    "a number for roles": (lambda shop, cart: Identity("a", roles=7), "roles are a set"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize(("mistake", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_common_mistake_is_told_in_its_own_words(
    store: Path, mistake: Callable[[Any, Any], object], told: str
) -> None:
    shop = shop_in(store)
    cart = shop.update_cart(ALICE, None, {PLATES: 1})
    with pytest.raises(FixInput, match=told) as error:
        mistake(shop, cart)
    assert "4242" not in str(error.value)
    assert shop.get_carts(ALICE)[0].version == cart.version


def test_whole_numbers_of_any_type_are_quantities(store: Path) -> None:
    shop: Any = shop_in(store)
    counted = pandas.Series([MUG, PLATES, MUG]).value_counts()
    cart = shop.update_cart(ALICE, None, counted)
    assert cart.contents == {MUG: 2, PLATES: 1}
    cart = shop.change_cart(ALICE, cart.id, [Add(MUG, numpy.int64(3))])  # type: ignore[arg-type]
    cart = shop.update_cart(ALICE, cart.id, lambda now: now | {PLATES: numpy.uint8(0)})
    assert cart.contents == {MUG: 5}
    assert {type(quantity) for quantity in cart.contents.values()} == {int}
    assert len(shop.get_catalog(limit=numpy.int32(2))) == 2


def test_a_sku_that_is_counted_twice_is_not_dropped(store: Path) -> None:
    twice: Any = pandas.Series([1, 2], index=[MUG, MUG])
    with pytest.raises(FixInput, match="quantity"):
        shop_in(store).update_cart(ALICE, None, twice)

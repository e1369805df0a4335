"""A store with two users and a catalogue, and what the command left in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cartcli import Cart
from tests.helpers import ALICE, PLATES, TEA, Ran, run_cart, shop_in, write_catalog
from tests.till import Till

Run = Callable[..., Ran]
NewCart = Callable[[dict[str, int]], str]


def carts_in(store: Path) -> list[Cart]:
    """All of alice's carts, without starting a process."""
    return shop_in(store).get_carts(ALICE, which="all")


def contents_in(store: Path) -> dict[str, int]:
    """What is in alice's only cart."""
    (cart,) = carts_in(store)
    return cart.contents


def states_in(store: Path) -> list[str]:
    """The states of alice's carts."""
    return [cart.state for cart in carts_in(store)]


def payments_in(store: Path) -> list[dict[str, Any]]:
    """What the payment processor recorded last for every payment it was asked for."""
    records = [json.loads(file.read_bytes()) for file in sorted(store.glob("payments/*/*.json"))]
    answers = ({**answer, "cart": one["cart"]} for one in records for answer in one["answers"])
    return [*{answer["key"]: answer for answer in answers}.values()]


def statuses(store: Path) -> list[str]:
    """How the payments that were asked for ended."""
    return [payment["status"] for payment in payments_in(store)]


def pay(cart: Run, cart_id: str, card: str, *more: str, **how: Any) -> Ran:
    """Check the cart out with the `card` on standard input."""
    return cart("checkout", cart_id, "--card", "-", *more, input=f"{card}\n", **how)


@pytest.fixture
def shared(users: Path) -> Path:
    """The folder of a store of its own where alice and bob are registered, alice is logged in and
    the small catalogue of `tests.helpers` is on sale."""
    write_catalog(users / "catalog.csv")
    return users


@pytest.fixture
def cart(shared: Path) -> Run:
    """Runs `cart` on the store `shared`, as alice."""

    def run(*args: str, **how: object) -> Ran:
        return run_cart(*args, store=shared, **how)  # type: ignore[arg-type]

    return run


@pytest.fixture
def new_cart(shared: Path) -> NewCart:
    """Starts a cart of alice's with lines of SKU and quantity, and gives its id."""

    def start(lines: dict[str, int]) -> str:
        return shop_in(shared).update_cart(ALICE, None, lines).id

    return start


@pytest.fixture
def full(new_cart: NewCart) -> str:
    """A cart that comes to 64.16 USD."""
    return new_cart({PLATES: 1, TEA: 2})


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Till:
    """A shop that has sold, in two currencies, and has open and pending carts."""
    till = Till(tmp_path_factory.mktemp("sold"))
    till.sell("alice", "2026-01-02T10:00", {"MUG": 1})
    till.sell("bob", "2026-01-02T23:59:59.999999", {"MUG": 10, "TEA": 1})
    till.sell("alice", "2026-01-05T10:00", {"FUEL": 1}, "EUR")
    till.leave("carol", "2026-01-03T10:00", {"TEA": 2})
    till.hang("bob", "2026-01-04T10:00", {"MUG": 1})
    return till

"""cart prune: what nobody comes back to goes, and nothing else."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from cartcli import Add, CartError, Identity
from cartcli.files import layout
from cartcli.model.times import utc_now
from tests.cli.conftest import NewCart, Run
from tests.helpers import ALICE, CARD, PASSWORD, PLATES, TEA, run_cart, shop_in

NOTHING = {"sessions": 0, "carts": 0, "requests": 0, "guesses": 0, "leftovers": 0}


@pytest.fixture
def old(shared: Path) -> Path:
    """A store of which each kind of thing that nobody comes back to is one, and two sessions."""
    then = shop_in(shared, lambda: utc_now() - timedelta(days=100))
    guest = then.guest().identity
    then.update_cart(guest, None, {TEA: 1})
    then.login("bob", PASSWORD)
    then.change_cart(ALICE, None, [Add(PLATES, 1)], request_id="once")
    left = shared / "users" / f"{16 * 'a'}.tmp"
    left.write_bytes(b"{")
    os.utime(left, (0, 0))
    return shared


def test_each_kind_goes_once(old: Path) -> None:
    for args, counts in (
        (("--dry-run",), {"sessions": 2, "carts": 1, "requests": 1, "guesses": 1, "leftovers": 1}),
        ((), {"sessions": 2, "carts": 1, "requests": 1, "guesses": 1, "leftovers": 1}),
        ((), NOTHING),
    ):
        ran = run_cart("prune", "--yes", *args, "-o", "json", store=old)
        assert (ran.returncode, ran.json) == (0, counts)
    assert len(shop_in(old).get_carts(ALICE)) == 1
    assert run_cart("whoami", store=old).returncode == 0
    assert run_cart("audit", store=old).returncode == 0
    assert not list(old.rglob("*.tmp"))
    assert [path.name for path in (old / "carts").iterdir()] == ["alice"]


def test_people_are_told(old: Path) -> None:
    dry = run_cart("prune", "-n", store=old)
    assert "1 cart of guests and 2 sessions would be removed; nothing was." in dry.stderr
    assert dry.stdout.split()[:5] == ["Sessions", "Carts", "Requests", "Guesses", "Leftovers"]
    assert (
        "1 cart of guests and 2 sessions removed." in run_cart("prune", "--yes", store=old).stderr
    )


@pytest.mark.parametrize(("age", "carts"), [("99d", 1), ("101d", 0), ("0s", 2), ("1h", 1)])
def test_only_carts_of_that_age_go(old: Path, age: str, carts: int) -> None:
    shop_in(old).update_cart(Identity.guest(), None, {TEA: 1})
    ran = run_cart("prune", "--yes", "--older-than", age, "-o", "json", store=old)
    assert ran.json["carts"] == carts


@pytest.mark.parametrize("age", ["", "5", "-1d", "1y", "d", "1.5h"])
def test_what_is_no_age_removes_nothing(old: Path, age: str) -> None:
    ran = run_cart("prune", "--yes", "--older-than", age, store=old)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert run_cart("prune", "-n", "-o", "json", store=old).json["carts"] == 1


def test_what_guests_have_bought_stays(shared: Path) -> None:
    then = shop_in(shared, lambda: utc_now() - timedelta(days=1000))
    guest = Identity.guest()
    cart_id = then.update_cart(guest, None, {TEA: 1}).id
    copy = next(shared.glob("carts/guest*/open.pickle"))
    before = copy.read_bytes()
    receipt = then.checkout_cart(guest, cart_id, CARD)
    assert run_cart("prune", "--yes", "-o", "json", store=shared).json["carts"] == 0
    assert then.checkout_cart(guest, cart_id, CARD) == receipt
    # An old copy is open, though it was charged: it is the merchant's proof of the payment.
    next(shared.glob("carts/guest*/purchased/*.pickle")).unlink()
    copy.write_bytes(before)
    assert run_cart("prune", "--yes", "-o", "json", store=shared).json["carts"] == 0
    (answers,) = shared.glob("payments/*/*.json")  # nor does one go of which nobody can tell
    whole = answers.read_bytes()
    answers.write_bytes(b"damaged")
    assert run_cart("prune", "--yes", "-o", "json", store=shared).json["carts"] == 0
    answers.write_bytes(whole)
    assert run_cart("settle", "--all", store=shared).returncode == 0
    assert run_cart("audit", store=shared).returncode == 0


def test_what_cannot_be_read_stays_and_keeps_nothing_else(old: Path) -> None:
    shop = shop_in(old, lambda: utc_now() - timedelta(days=100))
    shop.update_cart(Identity.guest(), None, {TEA: 1})
    damaged = sorted(old.glob("carts/guest*/open.pickle"))[0]
    damaged.write_bytes(b"damaged")
    ran = run_cart("prune", "--yes", "-o", "json", store=old)
    assert (ran.returncode, ran.json["carts"]) == (0, 1)
    assert damaged.read_bytes() == b"damaged"


def test_nothing_is_made_where_nothing_is(store: Path) -> None:
    assert run_cart("prune", "--yes", "-o", "json", store=store).json == NOTHING
    assert not store.exists()


def test_a_store_of_an_older_version_is_left_alone(old: Path) -> None:
    (old / "orders").unlink()
    (old / "orders").mkdir()
    assert layout.age(str(old)) == "outdated"
    with pytest.raises(CartError):
        shop_in(old).get_carts(ALICE)
    assert run_cart("prune", "--yes", store=old).returncode == 1
    assert len(list(old.glob("carts/guest*"))) == 1


def test_a_new_cart_is_not_old(cart: Run, new_cart: NewCart) -> None:
    new_cart({PLATES: 1})
    assert cart("prune", "--yes", "--older-than", "0s", "-o", "json").json == NOTHING

"""cart settle: the merchant finds out how payments have ended; nobody is charged by it."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cartcli import CartError, as_dict
from cartcli.files import durable
from tests.cli.conftest import NewCart, Run, pay, payments_in, states_in, statuses
from tests.helpers import (
    ALICE,
    BOB,
    CARD,
    DECLINED_CARD,
    LOST_ANSWER_CARD,
    PLATES,
    TEA,
    WAITING_CARD,
    run_cart,
    shop_in,
)


def outcomes(ran: Any) -> dict[str, tuple[str, str | None]]:
    return {row["cart"]: (row["outcome"], row["amount"]) for row in ran.json}


@pytest.fixture
def lost(cart: Run, new_cart: NewCart) -> str:
    """A cart of alice's that was charged, and nobody was told."""
    cart_id = new_cart({PLATES: 1})
    assert pay(cart, cart_id, LOST_ANSWER_CARD).returncode == 8
    return cart_id


@pytest.fixture
def waiting(cart: Run, new_cart: NewCart) -> str:
    cart_id = new_cart({TEA: 1})
    assert pay(cart, cart_id, WAITING_CARD).returncode == 8
    return cart_id


def test_all_that_wait_of_everybody(cart: Run, lost: str, new_cart: NewCart, shared: Path) -> None:
    shop = shop_in(shared)
    other = shop.update_cart(BOB, None, {PLATES: 2}).id
    with pytest.raises(CartError):
        shop.checkout_cart(BOB, other, LOST_ANSWER_CARD)
    still_open = new_cart({TEA: 1})
    (shared / "session.json").unlink()  # no login is needed
    audited = run_cart("audit", "-o", "json", store=shared).json
    assert {(one["cart"], one["charged"]) for one in audited["pending"]} == {
        (lost, "39.47"),
        (other, "78.94"),
    }
    ran = run_cart("settle", "--all", "-o", "json", store=shared)
    assert outcomes(ran) == {lost: ("purchased", "39.47"), other: ("purchased", "78.94")}
    assert ran.notes == "2 carts settled.\n"
    assert run_cart("audit", "-o", "json", store=shared).json["pending"] == []
    assert [cart.id for cart in shop.get_carts(ALICE)] == [still_open]
    again = run_cart("settle", "--all", "-o", "json", store=shared)
    assert (again.json, again.notes) == ([], "Nothing waits.\n")
    assert len(payments_in(shared)) == 2


def test_one_that_was_never_charged_is_open_again(
    cart: Run, new_cart: NewCart, shared: Path
) -> None:
    cart_id = new_cart({PLATES: 1})
    assert pay(cart, cart_id, LOST_ANSWER_CARD).returncode == 8
    for path in shared.glob("payments/*/*.json"):
        path.unlink()  # as if the request had never arrived
    ran = cart("settle", cart_id[:8], "-o", "json")
    assert outcomes(ran) == {cart_id: ("open", "39.47")}
    assert states_in(shared) == ["open"]
    assert statuses(shared) == ["cancelled"]


def test_who_may_still_act_is_let(cart: Run, waiting: str, lost: str, shared: Path) -> None:
    """The bank lets it through at the next look; until then the exit status is 8."""
    ran = cart("settle", "--all", "-o", "json")
    assert ran.returncode in (0, 8)
    assert outcomes(ran)[lost][0] == "purchased"
    assert "cancelled" not in statuses(shared)
    assert outcomes(cart("settle", waiting, "-o", "json"))[waiting] == ("purchased", "12.35")


def test_what_is_being_paid_is_busy_and_disturbed_by_nobody(
    cart: Run, lost: str, shared: Path
) -> None:
    with shop_in(shared)._services.cart_db.paying(ALICE.owner, lost):
        ran = cart("settle", "--all", "-o", "json")
    assert ran.returncode == 8
    assert outcomes(ran) == {lost: ("busy", "39.47")}
    assert states_in(shared) == ["pending"]


def test_an_old_copy_of_a_cart_that_was_charged_is_made_purchased(
    cart: Run, new_cart: NewCart, shared: Path
) -> None:
    cart_id = new_cart({PLATES: 1})
    copy = shared.parent / "copy"
    shutil.copytree(shared / "carts", copy)
    assert pay(cart, cart_id, CARD).returncode == 0
    shutil.rmtree(shared / "carts")
    copy.rename(shared / "carts")
    (told,) = shop_in(shared).merchant.pending()
    assert (told.cart, told.charged) == (cart_id, told.amount)
    assert "for which 39.47 USD was charged" in cart("report").stderr
    disagrees = cart("audit")
    assert disagrees.returncode == 9
    assert "cart settle --all" in disagrees.stderr
    assert outcomes(cart("settle", "--all", "-o", "json")) == {cart_id: ("purchased", "39.47")}
    assert cart("audit").returncode == 0
    assert len(payments_in(shared)) == 1


def test_one_that_cannot_be_settled_keeps_no_other_from_it(
    cart: Run, lost: str, new_cart: NewCart, shared: Path
) -> None:
    other = new_cart({TEA: 1})
    assert pay(cart, other, LOST_ANSWER_CARD).returncode == 8
    (path,) = shared.glob(f"payments/*/{lost}.json")
    durable.replace(str(path), path.read_bytes()[:-3])
    ran = cart("settle", "--all", "-o", "json")
    assert ran.returncode == 8
    assert outcomes(ran) == {lost: ("unknown", "39.47"), other: ("purchased", "12.35")}
    (told,) = [row["reason"] for row in ran.json if row["cart"] == lost]
    assert str(path) in told


def test_one_that_cannot_be_read_may_be_there(cart: Run, lost: str, shared: Path) -> None:
    (path,) = shared.glob("carts/*/open.pickle")
    durable.replace(str(path), path.read_bytes()[:-3])
    ran = cart("settle", lost)
    assert ran.returncode == 9
    assert str(path) in "".join(ran.stderr.split("\n"))
    assert f"no cart that can be read is '{lost}'" in " ".join(ran.stderr.split())


def test_only_what_began_long_enough_ago(cart: Run, lost: str, shared: Path) -> None:
    assert cart("settle", "--all", "--older-than", "5m", "-o", "json").json == []
    assert states_in(shared) == ["pending"]
    young = cart("settle", "--all", "--older-than", "5m")
    assert (young.returncode, young.stderr) == (0, "Nothing has waited that long.\n")
    assert cart("settle", lost, "--older-than", "5m", "-o", "json").json == []
    assert states_in(shared) == ["pending"]
    assert outcomes(cart("settle", "--all", "--older-than", "0s", "-o", "json"))
    assert shop_in(shared).settle(older_than=timedelta(days=1)) == []
    assert shop_in(shared).settle(older_than=timedelta.max) == []


@pytest.mark.parametrize(
    ("args", "status"),
    [
        ((), 2),
        (("3f2a", "--all"), 2),
        (("3f2",), 2),
        (("ffffffff",), 3),
        (("--all", "--older-than", "5"), 2),
        (("--all", "--older-than", "soon"), 2),
        (("--all", "--older-than", "99999999d"), 2),
    ],
)
def test_what_is_no_cart_and_no_age(cart: Run, args: tuple[str, ...], status: int) -> None:
    ran = cart("settle", *args)
    assert (ran.returncode, ran.stdout) == (status, "")


def test_one_cart_may_be_given_as_it_is(lost: str, shared: Path) -> None:
    (settled,) = shop_in(shared).settle(lost)
    assert settled.outcome == "purchased"


def test_python_settles_as_well(cart: Run, lost: str, shared: Path) -> None:
    (settled,) = shop_in(shared).settle([lost[:8]])
    assert (settled.cart, settled.outcome, settled.ended) == (lost, "purchased", True)
    assert json.dumps(as_dict(settled))
    assert as_dict(shop_in(shared).audit())["pending"] == []


def test_a_declined_card_leaves_nothing_to_settle(
    cart: Run, new_cart: NewCart, shared: Path
) -> None:
    assert pay(cart, new_cart({PLATES: 1}), DECLINED_CARD).returncode == 5
    assert cart("settle", "--all", "-o", "json").json == []

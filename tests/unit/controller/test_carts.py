"""How a cart is found: by the start of its id, looked up once; by its whole id without. And how it
is changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from cartcli import Cart, Controller, as_dict
from cartcli.errors import (
    CartError,
    ChooseExisting,
    FinishPayment,
    FixInput,
    ReviewCart,
    VersionConflict,
)
from cartcli.model.cart import cursor_of
from cartcli.model.changes import Add, Remove, Replace, Set
from tests.helpers import (
    ALICE,
    BOB,
    CARD,
    PLATES,
    RICE,
    WAITING_CARD,
    item,
    shop_in,
    write_catalog,
)

NOBODYS = "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f2"


@pytest.mark.parametrize("length", [4, 8, 35, 36])
def test_a_cart_is_bought_by_the_start_of_its_id_or_all_of_it(
    shop: Controller, length: int
) -> None:
    cart = shop.update_cart(ALICE, None, {PLATES: 1})
    receipt = shop.checkout_cart(ALICE, f" {cart.id[:length].upper()} ", CARD)
    assert receipt.cart == cart.id
    assert shop.checkout_cart(ALICE, cart.id, None) == receipt


@pytest.mark.parametrize("length", [8, 36])
def test_nobody_buys_what_is_not_there_or_somebody_elses(shop: Controller, length: int) -> None:
    theirs = shop.update_cart(BOB, None, {PLATES: 1})
    for cart_id in (NOBODYS, theirs.id):
        with pytest.raises(ChooseExisting, match=f"there is no cart '{cart_id[:length]}'"):
            shop.checkout_cart(ALICE, cart_id[:length], CARD)
        with pytest.raises(ChooseExisting):
            shop.update_cart(ALICE, cart_id[:length], {})
    assert shop.get_carts(BOB) == [theirs]
    assert shop.audit()[:3] == (1, 0, [])


def test_a_start_must_be_long_enough_and_one_carts(shop: Controller) -> None:
    carts = [shop.update_cart(ALICE, None, {}) for _ in range(3)]
    for start in ("", "  ", carts[0].id[:3]):
        with pytest.raises(FixInput, match="is too short for a cart"):
            shop.checkout_cart(ALICE, start, CARD)


def test_changes_are_made_one_after_the_other_all_or_none(shop: Controller) -> None:
    cart = shop.change_cart(ALICE, None, [Add(PLATES, 2), Add(RICE), Add(PLATES)])
    assert cart.contents == {PLATES: 3, RICE: 1}
    changed = shop.change_cart(ALICE, cart.id[:8], [Remove(PLATES, 1), Set(RICE, 4)])
    assert changed.contents == {PLATES: 2, RICE: 4}
    with pytest.raises(ChooseExisting, match="no item has the SKU 'NO SUCH'"):
        shop.change_cart(ALICE, cart.id, [Remove(PLATES), Add("NO SUCH")])
    assert shop.get_carts(ALICE) == [changed]
    assert shop.change_cart(ALICE, cart.id, [Replace((Set(RICE, 1),))]).contents == {RICE: 1}


def test_a_change_for_another_version_is_refused(shop: Controller) -> None:
    cart = shop.change_cart(ALICE, None, [Add(PLATES)])
    changed = shop.change_cart(ALICE, cart.id, [Add(PLATES)], if_version=cart.version)
    with pytest.raises(VersionConflict):
        shop.change_cart(ALICE, cart.id, [Add(PLATES)], if_version=cart.version)
    assert shop.get_carts(ALICE) == [changed]


def test_a_request_that_is_made_again_changes_nothing(shop: Controller) -> None:
    cart = shop.change_cart(ALICE, None, [Add(PLATES)], request_id="till 1, no. 7")
    assert shop.change_cart(ALICE, None, [Add(PLATES)], request_id="till 1, no. 7") == cart
    more = shop.change_cart(ALICE, cart.id, [Add(PLATES)], request_id="till 1, no. 8")
    assert shop.change_cart(ALICE, cart.id, [Add(PLATES)], request_id="till 1, no. 8") == more
    assert more.contents == {PLATES: 2}


def test_a_request_that_was_made_disturbs_no_payment(shop: Controller) -> None:
    """Made again it is answered, whatever has become of the cart."""
    cart = shop.change_cart(ALICE, None, [Add(PLATES)])
    shop.change_cart(ALICE, cart.id, [Add(PLATES)], request_id="no. 8")
    with pytest.raises(FinishPayment):
        shop.checkout_cart(ALICE, cart.id, WAITING_CARD)
    again = shop.change_cart(ALICE, cart.id, [Add(PLATES)], request_id="no. 8")
    assert (again.state, again.contents) == ("pending", {PLATES: 2})
    receipt = shop.checkout_cart(ALICE, cart.id, None)
    assert shop.change_cart(ALICE, cart.id, [Add(PLATES)], request_id="no. 8").receipt == receipt


def test_a_function_is_called_again_when_the_cart_has_changed_meanwhile(shop: Controller) -> None:
    cart = shop.change_cart(ALICE, None, [Add(PLATES)])
    seen = []

    def one_more(contents: dict[str, int]) -> dict[str, int]:
        seen.append(contents)
        if len(seen) == 1:
            shop.change_cart(ALICE, cart.id, [Add(RICE)])
        return contents | {PLATES: contents[PLATES] + 1}

    assert shop.update_cart(ALICE, cart.id, one_more).contents == {PLATES: 2, RICE: 1}
    assert seen == [{PLATES: 1}, {PLATES: 1, RICE: 1}]


def test_a_deleted_cart_is_gone(shop: Controller) -> None:
    cart, other = (shop.change_cart(ALICE, None, [Add(PLATES)]) for _ in range(2))
    shop.delete_cart(ALICE, cart.id[:8])
    assert shop.get_carts(ALICE, which="all") == [other]
    shop.checkout_cart(ALICE, other.id, CARD)
    with pytest.raises(ReviewCart):
        shop.delete_cart(ALICE, other.id)


def test_carts_are_listed_in_pages(shop: Controller) -> None:
    made = [shop.change_cart(ALICE, None, []) for _ in range(5)]
    first = shop.get_carts(ALICE, limit=2)
    rest = shop.get_carts(ALICE, after=cursor_of(first[-1]))
    assert first + rest == sorted(made, key=cursor_of)


@pytest.fixture
def waiting(shop: Controller) -> Cart:
    """A cart whose customer has to act first."""
    cart = shop.change_cart(ALICE, None, [Add(PLATES, 2)])
    with pytest.raises(FinishPayment):
        shop.checkout_cart(ALICE, cart.id, WAITING_CARD)
    (cart,) = shop.get_carts(ALICE)
    return cart


def refuse(contents: dict[str, int]) -> dict[str, int]:
    raise ZeroDivisionError


# Calls that change nothing, and are refused or have nothing to do.
FUTILE: Final[dict[str, Callable[[Controller, Cart], object]]] = {
    "no such item": lambda shop, cart: shop.change_cart(ALICE, cart.id, [Add("NO SUCH")]),
    "not in it": lambda shop, cart: shop.change_cart(ALICE, cart.id, [Remove(RICE)]),
    "less than nothing": lambda shop, cart: shop.change_cart(ALICE, cart.id, [Remove(PLATES, 3)]),
    "too many": lambda shop, cart: shop.change_cart(ALICE, cart.id, [Add(PLATES, 999_999)]),
    "no change": lambda shop, cart: shop.change_cart(ALICE, cart.id, ["x"]),  # type: ignore[list-item]
    "another version": lambda shop, cart: shop.change_cart(
        ALICE, cart.id, [Add(PLATES)], if_version=cart.version - 1
    ),
    "no request": lambda shop, cart: shop.change_cart(
        ALICE, cart.id, [Add(PLATES)], request_id="\n"
    ),
    "no such contents": lambda shop, cart: shop.update_cart(ALICE, cart.id, {"NO SUCH": 1}),
    "an error": lambda shop, cart: shop.update_cart(ALICE, cart.id, refuse),
}


@pytest.mark.parametrize("call", FUTILE)
def test_no_payment_is_cancelled_for_what_cannot_be_done(
    shop: Controller, waiting: Cart, call: str
) -> None:
    with pytest.raises((CartError, ZeroDivisionError)):
        FUTILE[call](shop, waiting)
    assert shop.get_carts(ALICE) == [waiting]


def test_a_change_for_the_version_that_waits_is_made(shop: Controller, waiting: Cart) -> None:
    changed = shop.change_cart(ALICE, waiting.id, [Add(PLATES)], if_version=waiting.version)
    assert (changed.state, changed.contents) == ("open", {PLATES: 3})
    more = shop.update_cart(ALICE, waiting.id, lambda now: now | {RICE: 1})
    assert more.contents == {PLATES: 3, RICE: 1}


@pytest.mark.parametrize("limit", [-1, 1.5, True, "2"])
def test_a_limit_that_is_none_is_refused(shop: Controller, limit: Any) -> None:
    with pytest.raises(FixInput, match="the limit"):
        shop.get_carts(ALICE, limit=limit)
    with pytest.raises(FixInput, match="the limit"):
        shop.get_catalog(limit=limit)


COMPOSED: Final = "\N{LATIN CAPITAL LETTER E WITH ACUTE}"
DECOMPOSED: Final = "E\N{COMBINING ACUTE ACCENT}"


def test_a_sku_is_one_however_it_is_spelt(store: Path, tmp_path: Path) -> None:
    path = write_catalog(tmp_path / "one.csv", [(DECOMPOSED, "Cup", "2", "")])
    shop = shop_in(store, catalog=str(path))
    cart = shop.change_cart(ALICE, None, [Add(COMPOSED), Add(DECOMPOSED, 2)])
    assert cart.contents == {COMPOSED: 3}
    assert shop.update_cart(ALICE, cart.id, {DECOMPOSED: 5}).contents == {COMPOSED: 5}
    assert shop.change_cart(ALICE, cart.id, [Remove(DECOMPOSED, 1)]).contents == {COMPOSED: 4}
    items = shop.get_catalog(skus=[COMPOSED, DECOMPOSED])
    assert [item.sku for item in items] == [COMPOSED]


def test_a_cart_of_an_older_version_keeps_its_spelling(store: Path, tmp_path: Path) -> None:
    """Version 0.1.0 kept SKUs as the catalogue spelt them, and took two spellings for two."""
    path = write_catalog(tmp_path / "one.csv", [(DECOMPOSED, "Cup", "3", "")])
    shop = shop_in(store, catalog=str(path))
    old = [Add(sku, 2, item(sku, "2")) for sku in (DECOMPOSED, COMPOSED)]
    cart = shop._services.cart_db.create("alice", old, currency="USD")
    assert [line.sku for line in cart.lines] == [DECOMPOSED, COMPOSED]
    (shown,) = shop.get_carts(ALICE, [cart.id])
    assert (shown.total.decimal, shown.quote.unsold) == ("12.00", ())
    assert [as_dict(line)["sku"] for line in shown.lines] == [DECOMPOSED, COMPOSED]
    assert [line["changed_from"] for line in as_dict(shown)["lines"]] == ["2.00", "2.00"]
    fewer = shop.change_cart(ALICE, cart.id, [Remove(COMPOSED, 1)])
    assert [line.quantity for line in fewer.lines] == [2, 1]
    assert shop.checkout_cart(ALICE, cart.id, CARD).amount.decimal == "9.00"
    assert shop.audit().disagreements == []

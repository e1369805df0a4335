"""What every cart reader shows to the merchant: all customers' carts, also as a dataframe."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import pytest

from cartcli import Cart
from cartcli.cart_db import CartDb, CartReader, Which
from cartcli.errors import FixInput
from cartcli.model.quote import Quote
from tests.contract.test_cart_db import MINE, THEIRS, buy, mark
from tests.helpers import Clock, add, attempt_for, line, receipt_for

# Further columns may follow.
COLUMNS: Final = {
    *("user", "contents", "lines", "purchased", "state", "total", "amount", "currency"),
    *("created", "updated", "purchased_at"),
}
WHICH: Final[dict[Which, set[str]]] = {
    "all": {"open", "pending", "purchased"},
    "unpurchased": {"open", "pending"},
    "pending": {"pending"},
    "purchased": {"purchased"},
}


@pytest.fixture
def made(carts: CartDb) -> list[Cart]:
    """An open, a pending and a purchased cart of two customers each."""
    made = []
    for owner in (MINE, THEIRS):
        opened, pending, bought = (carts.create(owner, [add()], currency="USD") for _ in range(3))
        made += [opened, mark(carts, owner, pending), buy(carts, owner, bought)]
    return made


@pytest.mark.parametrize("which", WHICH)
def test_everything_is_the_carts_of_all_customers(
    reader: CartReader, made: list[Cart], which: Which
) -> None:
    found = [*reader.everything(which)]
    assert {*found} == {cart for cart in made if cart.state in WHICH[which]}
    assert len(found) == len({*found})


@pytest.mark.parametrize("which", WHICH)
def test_a_frame_may_be_of_some_carts_and_columns(
    reader: CartReader, made: list[Cart], which: Which
) -> None:
    frame = reader.frame(which, ["state", "user"])
    assert frame.to_dict("index") == {
        cart.id: {"state": cart.state, "user": cart.owner}
        for cart in made
        if cart.state in WHICH[which]
    }


def test_a_frame_has_a_row_a_cart(carts: CartDb, reader: CartReader, clock: Clock) -> None:
    bought = carts.create(MINE, [add("MUG", 2), add("TEA", 1, "12.345")], currency="USD")
    clock.move(hours=1)
    pending = carts.create(THEIRS, [add("BOWL", 3, "990", "JPY")], currency="JPY")
    opened = carts.create(THEIRS, currency="USD")
    bought, pending = buy(carts, MINE, bought), mark(carts, THEIRS, pending)
    assert bought.receipt

    frame = reader.frame()
    assert frame.index.name == "cart"
    assert {*frame.columns} >= COLUMNS
    assert {*frame.index} == {bought.id, pending.id, opened.id}
    row = frame.loc[bought.id].to_dict()
    assert (row["user"], row["state"], row["currency"]) == (MINE, "purchased", "USD")
    assert row["total"] == row["amount"] == Decimal("30.15")  # 30.145, rounded half up
    assert row["purchased_at"] == bought.receipt.purchased
    assert frame["contents"].to_dict() == {
        bought.id: {"MUG": 2, "TEA": 1},
        pending.id: {"BOWL": 3},
        opened.id: {},
    }
    assert frame["purchased"].to_dict() == {bought.id: True, pending.id: False, opened.id: False}
    assert frame["state"].to_dict()[pending.id] == "pending"
    created = {cart.id: cart.created for cart in (bought, pending, opened)}
    assert frame["created"].to_dict() == created


def test_a_frame_tells_what_is_charged_and_of_open_carts_what_was_put_in(
    carts: CartDb, reader: CartReader
) -> None:
    opened, pending, bought = (carts.create(MINE, [add()], currency="USD") for _ in range(3))
    today = Quote.of([line(price="9.90")], "USD", was=opened.lines)
    for cart in (pending, bought):
        attempt = attempt_for(cart)._replace(quote=today, amount=today.total)
        carts.mark(MINE, cart.id, attempt, if_version=1)
    carts.purchase(MINE, bought.id, receipt_for(attempt))
    frame = reader.frame(columns=["lines", "total"])
    totals = {cart.id: Decimal("9.90") for cart in (pending, bought)}
    assert frame["total"].to_dict() == totals | {opened.id: Decimal("8.90")}
    prices = {cart: lines[0][2] for cart, lines in frame["lines"].to_dict().items()}
    assert prices == frame["total"].to_dict()


def test_a_frame_of_no_carts_has_its_columns_and_types(carts: CartDb, reader: CartReader) -> None:
    empty = reader.frame()
    carts.create(MINE, [add()], currency="USD")
    full = reader.frame()
    assert len(empty) == 0
    assert [*empty.columns] == [*full.columns]
    assert {*empty.columns} >= COLUMNS
    assert [*empty.dtypes] == [*full.dtypes]
    assert full["purchased"].dtype == bool
    assert str(full["created"].dtype).endswith(", UTC]")


def test_a_frame_tells_whose_carts_it_reads(carts: CartDb, reader: CartReader) -> None:
    for owner in (MINE, THEIRS, MINE):
        carts.create(owner, currency="USD")
    told: list[str] = []

    def progress(owners: list[str]) -> list[str]:
        told.extend(owners)
        return owners

    assert len(reader.frame(progress=progress)) == 3
    assert sorted(told) == [MINE, THEIRS]


def test_an_unknown_column_is_refused(reader: CartReader) -> None:
    with pytest.raises(FixInput, match="'colour'"):
        reader.frame(columns=["user", "colour"])

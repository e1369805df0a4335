"""What every cart reader shows to the merchant: all users' carts, also as a dataframe."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cartcli.cart_db import CartDb, CartReader
from cartcli.errors import FixInput
from tests.helpers import ALICE, BOB, Clock, attempt_for, line, receipt_for

# Further columns may follow.
COLUMNS = {"user", "contents", "purchased", "state", "total", "currency", "created", "updated"}


def test_everything_is_the_carts_of_all_users(carts: CartDb, reader: CartReader) -> None:
    made = [carts.create(user, [line()], "USD") for user in (ALICE, BOB, ALICE)]
    attempt = attempt_for(made[0])
    carts.purchase(ALICE, made[0].id, lambda _: attempt)
    made[0] = carts.purchase(ALICE, made[0].id, lambda _: receipt_for(attempt))
    assert {cart for cart in reader.everything() if cart in made} == {*made}
    assert len(list(reader.everything())) == 3


def test_a_frame_has_a_row_a_cart(carts: CartDb, reader: CartReader, clock: Clock) -> None:
    bought = carts.create(ALICE, [line("MUG", 2), line("TEA", 1, "12.345")], "USD")
    clock.move(hours=1)
    pending = carts.create(BOB, [line("BOWL", 3, "990", "JPY")], "JPY")
    opened = carts.create(BOB, [], "USD")
    attempt = attempt_for(bought)
    carts.purchase(ALICE, bought.id, lambda _: attempt)
    carts.purchase(ALICE, bought.id, lambda _: receipt_for(attempt))
    carts.purchase(BOB, pending.id, attempt_for)

    frame = reader.frame()
    assert frame.index.name == "cart"
    assert {*frame.columns} >= COLUMNS
    assert {*frame.index} == {bought.id, pending.id, opened.id}
    row = frame.loc[bought.id].to_dict()
    assert (row["user"], row["state"], row["currency"]) == ("alice", "purchased", "USD")
    assert row["total"] == Decimal("30.15")  # 30.145, rounded half up
    assert frame["contents"].to_dict() == {
        bought.id: {"MUG": 2, "TEA": 1},
        pending.id: {"BOWL": 3},
        opened.id: {},
    }
    assert frame["purchased"].to_dict() == {bought.id: True, pending.id: False, opened.id: False}
    assert frame["state"].to_dict()[pending.id] == "pending"
    created = {cart.id: cart.created for cart in (bought, pending, opened)}
    assert frame["created"].to_dict() == created


def test_a_frame_of_no_carts_has_its_columns_and_types(carts: CartDb, reader: CartReader) -> None:
    empty = reader.frame()
    carts.create(ALICE, [line()], "USD")
    full = reader.frame()
    assert len(empty) == 0
    assert [*empty.columns] == [*full.columns]
    assert {*empty.columns} >= COLUMNS
    assert [*empty.dtypes] == [*full.dtypes]
    assert full["purchased"].dtype == bool
    assert str(full["created"].dtype).endswith(", UTC]")


def test_a_frame_may_be_of_some_carts_and_columns(carts: CartDb, reader: CartReader) -> None:
    bought, opened = (carts.create(user, [line()], "USD") for user in (ALICE, BOB))
    attempt = attempt_for(bought)
    carts.purchase(ALICE, bought.id, lambda _: attempt)
    carts.purchase(ALICE, bought.id, lambda _: receipt_for(attempt))
    purchased = reader.frame("purchased", ["state", "user"])
    assert purchased.to_dict("index") == {bought.id: {"state": "purchased", "user": "alice"}}
    assert [*reader.frame("unpurchased").index] == [opened.id]


def test_a_frame_tells_whose_carts_it_reads(carts: CartDb, reader: CartReader) -> None:
    for user in (ALICE, BOB, ALICE):
        carts.create(user, [], "USD")
    told: list[str] = []

    def progress(users: list[str]) -> list[str]:
        told.extend(users)
        return users

    assert len(reader.frame(progress=progress)) == 3
    assert sorted(told) == ["alice", "bob"]


def test_an_unknown_column_is_refused(reader: CartReader) -> None:
    with pytest.raises(FixInput, match="'colour'"):
        reader.frame(columns=["user", "colour"])

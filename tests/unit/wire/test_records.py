"""The shop's values as plain data: what every front end prints."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import pytest

import cartcli
from cartcli import Cart, Identity, Item, Line, Money
from cartcli.errors import FixInput, ReviewCart
from cartcli.model.audit import Disagreement
from cartcli.model.people import Session
from cartcli.wire.records import (
    CART_ROW_FIELDS,
    cart_rows,
    disagreement_dict,
    receipt_rows,
    report_dict,
)
from tests.helpers import attempt_for, line, receipt_for

NOW: Final = datetime(2026, 1, 2, 3, 4, 5, 678_901, UTC)
SHOWN: Final = "2026-01-02T03:04:05.678901Z"
LINE: Final = {
    "sku": "MUG",
    "name": "name of MUG",
    "price": "8.90",
    "quantity": 2,
    "total": "17.80",
}
CART: Final = Cart("3f2a", "alice", "open", (line("MUG", 2),), "USD", NOW, NOW)


def test_a_cart() -> None:
    assert cartcli.as_dict(CART) == {
        "id": "3f2a",
        "user": "alice",
        "state": "open",
        "lines": [{**LINE, "changed_from": None, "sold": True}],
        "total": "17.80",
        "currency": "USD",
        "created": SHOWN,
        "updated": SHOWN,
    }


def test_what_has_changed_in_a_line() -> None:
    changed = line("MUG", 2)._replace(was=Money("7.5", "USD"), sold=False)
    assert cartcli.as_dict(changed) == {**LINE, "changed_from": "7.50", "sold": False}


def test_a_receipt() -> None:
    receipt = receipt_for(attempt_for(CART, key="0" * 32))
    record = cartcli.as_dict(receipt)
    assert record == {
        "cart": "3f2a",
        "payment": "pay_1",
        "key": "0" * 32,
        "amount": "17.80",
        "currency": "USD",
        "brand": "visa",
        "last4": "4242",
        "lines": [LINE],
        "purchased": "2026-01-02T03:04:06.678901Z",
    }
    (row,) = receipt_rows(receipt)
    assert row == {**{key: value for key, value in record.items() if key != "lines"}, **LINE}


def test_an_item_a_session_and_an_error() -> None:
    item = Item("MUG", "Mug", Money("8.9", "USD"), "350 ml")
    session = Session("a secret", Identity("alice"), NOW)
    assert cartcli.as_dict(item) == {
        "sku": "MUG",
        "name": "Mug",
        "price": "8.90",
        "currency": "USD",
        "description": "350 ml",
    }
    assert cartcli.as_dict(session) == {"user": "alice", "expires": SHOWN}
    assert cartcli.as_dict(ReviewCart("it is empty", "Fill it.")) == {
        "error": "conflict",
        "message": "it is empty",
        "hint": "Fill it.",
    }


@pytest.mark.parametrize("value", [None, 1, "cart", {}, [CART], Money(1, "USD")], ids=repr)
def test_anything_else_is_refused(value: Any) -> None:
    with pytest.raises(FixInput, match=f"a {type(value).__name__} cannot be made plain data"):
        cartcli.as_dict(value)


def test_plain_data_is_json() -> None:
    record = cartcli.as_dict(CART)
    assert json.loads(json.dumps(record)) == record


@pytest.mark.parametrize("lines", [(), (line("MUG"),), (line("MUG"), line("TEA"))])
def test_a_cart_is_a_row_a_line_or_one_without(lines: tuple[Line, ...]) -> None:
    rows = [*cart_rows(CART._replace(lines=lines))]
    assert [row["sku"] for row in rows] == [each.sku for each in lines] + [None] * (not lines)
    assert all(tuple(row) == CART_ROW_FIELDS for row in rows)


def test_a_row_of_a_report() -> None:
    row = {"user": "alice", "orders": 2, "revenue": Decimal("9.9"), "last": NOW, "currency": "EUR"}
    assert report_dict(row) == {**row, "revenue": "9.90", "last": SHOWN}


def test_a_disagreement() -> None:
    found = Disagreement("3f2a", "charged 2 times")
    assert disagreement_dict(found) == {"cart": "3f2a", "problem": "charged 2 times"}
    assert cartcli.as_dict(found) == disagreement_dict(found)

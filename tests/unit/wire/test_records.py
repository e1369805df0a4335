"""The shop's values as plain data: what every front end prints."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import pytest

import cartcli
from cartcli import Cart, Identity, Item, Line, Money, Purchase, Quote, Waiting
from cartcli.errors import FixInput, ReviewCart
from cartcli.model.audit import Disagreement
from cartcli.model.people import Session
from cartcli.wire.records import (
    CART_ROW_FIELDS,
    cart_rows,
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
ENTRIES: Final = [
    {"kind": "subtotal", "label": "Subtotal", "amount": "17.80"},
    {"kind": "total", "label": "Total", "amount": "17.80"},
]
SAME: Final = {"changed_from": None, "name_changed_from": None}
LINES: Final = (line("MUG", 2),)
QUOTE: Final = Quote.of(LINES, "USD")
CART: Final = Cart("3f2a", "alice", "open", LINES, "USD", NOW, NOW, 7, today=QUOTE)


def pending(waiting: Waiting | None) -> Cart:
    """The cart while it is being paid."""
    attempt = attempt_for(CART)._replace(waiting=waiting)
    return CART._replace(state="pending", attempt=attempt, today=None)


def test_a_cart() -> None:
    assert cartcli.as_dict(CART) == {
        "id": "3f2a",
        "user": "alice",
        "state": "open",
        "lines": [{**LINE, **SAME, "sold": True}],
        "total": "17.80",
        "currency": "USD",
        "entries": ENTRIES,
        "created": SHOWN,
        "updated": SHOWN,
        "version": 7,
        "waiting_for": None,
        "url": None,
        "receipt": None,
        "name": None,
    }


@pytest.mark.parametrize(
    ("waiting", "waiting_for", "url"),
    [
        (None, None, None),
        (Waiting("the bank asks"), "the bank asks", None),
        (
            Waiting("the customer pays", "https://pay.example/1", NOW),
            "the customer pays",
            "https://pay.example/1",
        ),
    ],
)
def test_what_a_pending_cart_waits_for(
    waiting: Waiting | None, waiting_for: str | None, url: str | None
) -> None:
    cart = pending(waiting)
    record = cartcli.as_dict(cart)
    assert (record["waiting_for"], record["url"]) == (waiting_for, url)
    (row,) = cart_rows(cart)
    assert (row["waiting_for"], row["url"]) == (waiting_for, url)
    paid = cart._replace(state="purchased", receipt=receipt_for(attempt_for(CART)))
    assert (cartcli.as_dict(paid)["waiting_for"], cartcli.as_dict(paid)["url"]) == (None, None)


def test_what_has_changed_since_the_lines_were_put_in() -> None:
    dearer, renamed, gone = line("DEAR", 1, "9"), line("NEW"), line("GONE", 1, "5")
    was = (line("DEAR", 1, "7.5"), renamed._replace(name="as it was"))
    quote = Quote.of((dearer, renamed, gone), "USD", was=was, unsold=["GONE"])
    record = cartcli.as_dict(quote)
    fields = ("sku", "changed_from", "name_changed_from", "sold")
    assert [tuple(each[name] for name in fields) for each in record["lines"]] == [
        ("DEAR", "7.50", None, True),
        ("NEW", None, "as it was", True),
        ("GONE", None, None, False),
    ]
    assert (record["total"], record["currency"]) == ("17.90", "USD")  # of what is sold
    assert [entry["amount"] for entry in record["entries"]] == ["17.90", "17.90"]
    cart = CART._replace(lines=(*was, gone), today=quote)
    assert cartcli.as_dict(cart)["lines"] == record["lines"]
    assert [{name: row[name] for name in fields} for row in cart_rows(cart)] == [
        {name: each[name] for name in fields} for each in record["lines"]
    ]
    assert cartcli.as_dict(cart)["total"] == "17.90"


def test_a_cart_being_paid_shows_what_was_frozen() -> None:
    cart = pending(None)
    frozen = Quote.of((line("MUG", 2, "9"),), "USD", was=LINES)
    attempt = attempt_for(CART)._replace(quote=frozen, amount=frozen.total)
    (shown,) = cartcli.as_dict(cart._replace(attempt=attempt))["lines"]
    assert (shown["price"], shown["changed_from"]) == ("9.00", "8.90")


def test_a_line_by_itself() -> None:
    assert cartcli.as_dict(line("MUG", 2)) == LINE


def test_a_receipt_and_a_purchase() -> None:
    receipt = receipt_for(attempt_for(CART, key="0" * 32)._replace(reference="pi_1"))
    record = cartcli.as_dict(receipt)
    assert record == {
        "cart": "3f2a",
        "payment": "pay_1",
        "key": "0" * 32,
        "amount": "17.80",
        "currency": "USD",
        "brand": "visa",
        "last4": "4242",
        "lines": [{**LINE, **SAME}],
        "purchased": "2026-01-02T03:04:06.678901Z",
        "entries": ENTRIES,
        "reference": "pi_1",
    }
    (row,) = receipt_rows(receipt)
    parts = ("lines", "entries")
    common = {key: value for key, value in record.items() if key not in parts}
    assert row == {**common, **LINE, **SAME}
    assert cartcli.as_dict(Purchase(receipt, "bought before")) == {
        **record,
        "how": "bought before",
    }


def test_a_receipt_of_what_cost_nothing_has_no_payment() -> None:
    assert cartcli.as_dict(receipt_for(attempt_for(CART), None))["payment"] is None


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
    assert cartcli.as_dict(session) == {
        "user": "alice",
        "expires": SHOWN,
        "name": "alice",
        "roles": ["customer"],
    }
    assert cartcli.as_dict(ReviewCart("it is empty", "Fill it.")) == {
        "error": "conflict",
        "message": "it is empty",
        "hint": "Fill it.",
        "status": 6,
    }


@pytest.mark.parametrize("value", [None, 1, "cart", {}, [CART], Money(1, "USD")], ids=repr)
def test_anything_else_is_refused(value: Any) -> None:
    with pytest.raises(FixInput, match=f"a {type(value).__name__} cannot be made plain data"):
        cartcli.as_dict(value)


def test_plain_data_is_json() -> None:
    record = cartcli.as_dict(CART)
    assert json.loads(json.dumps(record)) == record


def test_a_cart_that_no_shop_has_priced_is_no_plain_data() -> None:
    with pytest.raises(ValueError, match="a shop makes one"):
        cartcli.as_dict(CART._replace(today=None))


def test_a_login_of_another_provider_has_a_name_of_its_own() -> None:
    identity = Identity("Zoë", issuer="https://idp.example", subject="42", roles=["merchant"])
    record = cartcli.as_dict(Session("a secret", identity, NOW))
    assert (record["user"], record["name"]) == (identity.owner, "Zoë")
    assert record["roles"] == ["merchant"]


@pytest.mark.parametrize("lines", [(), (line("MUG"),), (line("MUG"), line("TEA"))])
def test_a_cart_is_a_row_a_line_or_one_without(lines: tuple[Line, ...]) -> None:
    rows = [*cart_rows(CART._replace(lines=lines, today=Quote.of(lines, "USD")))]
    assert [row["sku"] for row in rows] == [each.sku for each in lines] + [None] * (not lines)
    assert all(tuple(row) == CART_ROW_FIELDS for row in rows)


def test_a_row_of_a_report() -> None:
    row = {"user": "alice", "orders": 2, "revenue": Decimal("9.9"), "last": NOW, "currency": "EUR"}
    assert report_dict(row) == {**row, "revenue": "9.90", "last": SHOWN}


def test_a_disagreement() -> None:
    found = Disagreement("3f2a", "charged 2 times")
    assert cartcli.as_dict(found) == {"cart": "3f2a", "problem": "charged 2 times"}

"""What was bought: a customer's orders, everybody's, and receipts."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cartcli import Identity
from cartcli.errors import ChooseExisting, FixInput, ReviewCart
from tests.cli.conftest import NewCart, Run, pay
from tests.helpers import ALICE, BOB, CARD, PLATES, TEA, Clock, run_cart, shop_in

DAYS = [datetime(2026, 1, day, 12, tzinfo=UTC) for day in (5, 6, 7, 8)]


@pytest.fixture
def bought(shared: Path) -> list[str]:
    """Four orders on as many days: alice's but for the third, which is bob's."""
    ids = []
    for number, day in enumerate(DAYS):
        shop = shop_in(shared, clock=Clock(day))
        who = BOB if number == 2 else ALICE
        cart = shop.update_cart(who, None, {PLATES: number + 1, TEA: 1})
        shop.checkout_cart(who, cart.id, CARD)
        ids.append(cart.id)
    shop_in(shared).update_cart(ALICE, None, {PLATES: 1})
    return ids


def ids_of(ran: object) -> list[str]:
    return [order["order"] for order in ran.json]  # type: ignore[attr-defined]


def test_a_customers_own_orders(cart: Run, bought: list[str]) -> None:
    first, second, bobs, last = bought
    assert ids_of(cart("orders", "-o", "json")) == [first, second, last]
    assert ids_of(cart("orders", last[:8], first, "-o", "json")) == [last, first]
    refused = cart("orders", bobs)
    assert (refused.returncode, refused.stdout) == (3, "")


@pytest.mark.parametrize(
    ("args", "which"),
    [
        ((), [0, 1, 2, 3]),
        (("--since", "2026-01-06"), [1, 2, 3]),
        (("--until", "2026-01-06"), [0, 1]),
        (("--since", "2026-01-06", "--until", "2026-01-07"), [1, 2]),
        (("--since", "2026-02-01"), []),
        (("--limit", "2"), [0, 1]),
        (("--after", "1"), [2, 3]),
        (("--after", "1", "--limit", "1"), [2]),
        (("--after", "3"), []),
    ],
)
def test_everybodys_orders(
    shared: Path, bought: list[str], args: tuple[str, ...], which: list[int]
) -> None:
    """It is the merchant's list: no login is needed."""
    (shared / "session.json").unlink()
    words = [
        bought[int(word)] if len(word) == 1 and args[0] == "--after" and place == 1 else word
        for place, word in enumerate(args)
    ]
    ran = run_cart("orders", "--all", *words, "-o", "json", store=shared)
    assert ran.returncode == 0
    assert ids_of(ran) == [bought[number] for number in which]
    assert ("more than" in ran.stderr) == (args[-2:] in (("--limit", "2"), ("--limit", "1")))


def test_what_an_order_tells_programs(cart: Run, bought: list[str]) -> None:
    (order,) = cart("orders", bought[0], "-o", "json").json
    assert [*order] == [
        *("order", "user", "purchased", "quantity", "amount", "currency", "payment", "key"),
        *("brand", "last4", "reference", "lines", "entries"),
    ]
    assert (order["user"], order["quantity"], order["amount"]) == ("alice", 2, "51.82")
    assert order["purchased"] == "2026-01-05T12:00:00.000000Z"
    assert [line["sku"] for line in order["lines"]] == [PLATES, TEA]
    rows = [*csv.DictReader(io.StringIO(cart("orders", "-o", "csv").stdout))]
    assert [row["order"] for row in rows] == [bought[0], bought[1], bought[3]]
    assert [*rows[0]] == [*order][:11]
    lines = cart("orders", "-o", "jsonl").stdout.splitlines()
    assert [json.loads(line)["order"] for line in lines] == [row["order"] for row in rows]
    nothing = cart("orders", "--since", "2030-01-01", "-o", "csv").stdout
    assert nothing == ",".join([*rows[0]]) + "\n"


def test_what_an_order_tells_people(cart: Run, bought: list[str]) -> None:
    header, _, row, *_ = cart("orders").stdout.splitlines()
    assert header.split() == ["Order", "Bought", "(UTC)", "Items", "Amount", "Paid", "with"]
    assert row.split() == [
        *(bought[0][:8], "2026-01-05", "12:00", "2", "51.82", "USD", "visa", "4242")
    ]
    assert "Customer" in cart("orders", "--all").stdout.splitlines()[0]


def test_a_purchased_cart_carries_its_receipt(cart: Run, bought: list[str]) -> None:
    (shown,) = cart("carts", bought[0], "-o", "json").json
    receipt = cart("receipt", bought[0], "-o", "json").json
    assert shown["receipt"].items() <= receipt.items()
    assert {"payment", "amount", "purchased", "last4"} <= {*shown["receipt"]}
    for row in csv.DictReader(io.StringIO(cart("carts", bought[0], "-o", "csv").stdout)):
        for name in ("payment", "amount", "purchased"):
            assert row[name] == receipt[name]
    (still_open,) = cart("carts", "-o", "json").json
    assert still_open["receipt"] is None


def test_a_receipt_again(cart: Run, new_cart: NewCart, shared: Path) -> None:
    cart_id = new_cart({PLATES: 1})
    refused = cart("receipt", cart_id)
    assert (refused.returncode, refused.stdout) == (6, "")
    assert "is not bought" in refused.stderr
    paid = pay(cart, cart_id, CARD, "-o", "json")
    for args in ((cart_id,), (cart_id[:8],), (cart_id, "--any")):
        assert cart("receipt", *args, "-o", "json").stdout == paid.stdout
    assert "Paid 39.47 USD with visa ending in 4242" in cart("receipt", cart_id).stdout
    bobs = shop_in(shared).update_cart(BOB, None, {TEA: 1})
    shop_in(shared).checkout_cart(BOB, bobs.id, CARD)
    assert cart("receipt", bobs.id).returncode == 3
    assert cart("receipt", bobs.id, "--any", "-o", "json").json["cart"] == bobs.id
    assert cart("receipt", "abcdef", "--any").returncode == 3


def test_wrong_ways_to_ask(cart: Run, bought: list[str]) -> None:
    for args in (
        (bought[0], "--limit", "1"),
        ("--since", "2026-01-07", "--until", "2026-01-06"),
        ("--since", "yesterday"),
        ("--limit", "0"),
        ("--all", "ab"),
    ):
        ran = cart("orders", *args)
        assert (ran.returncode, ran.stdout) == (2, "")


def test_orders_for_programs_that_embed_a_shop(shared: Path, bought: list[str]) -> None:
    shop = shop_in(shared)
    assert [one.id for one in shop.orders(ALICE)] == [bought[0], bought[1], bought[3]]
    assert [one.id for one in shop.orders(ALICE, [bought[1][:8]])] == [bought[1]]
    assert [one.id for one in shop.orders(ALICE, since=date(2026, 1, 6), limit=1)] == [bought[1]]
    assert shop.orders(Identity("carol")) == []
    assert [one.id for one in shop.merchant.orders(after=bought[1])] == bought[2:]
    with pytest.raises(ChooseExisting):
        shop.orders(BOB, [bought[0]])
    with pytest.raises(FixInput):
        shop.orders(ALICE, since=datetime(2026, 1, 6, tzinfo=UTC))
    (still_open,) = shop.get_carts(ALICE)
    for wrong in ({"order_ids": [still_open.id]}, {"after": still_open.id}):
        with pytest.raises(ReviewCart, match="is not bought"):
            shop.orders(ALICE, **wrong)

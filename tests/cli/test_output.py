"""What commands print: JSON, CSV and TSV that parse back, tables, and errors as JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from wcwidth import wcswidth

from cartcli.wire.audits import AUDIT_ROW_FIELDS, SETTLED_FIELDS
from tests.cli.conftest import NewCart, Run
from tests.helpers import (
    CARD,
    DECLINED_CARD,
    LOST_ANSWER_CARD,
    PLATES,
    RICE,
    TEA,
    WAITING_CARD,
    Ran,
    run_cart,
    write_catalog,
)

CART_FIELDS: Final = [
    *("id", "user", "state", "lines", "total", "currency", "entries", "created", "updated"),
    *("version", "waiting_for", "url", "receipt", "name"),
]
LINE_FIELDS: Final = ["sku", "name", "price", "quantity", "total"]
WAS_FIELDS: Final = ["changed_from", "name_changed_from"]
RECEIPT_FIELDS: Final = [
    *("cart", "payment", "key", "amount", "currency", "brand", "last4", "lines", "purchased"),
    *("entries", "reference"),
]
ITEM_FIELDS: Final = ["sku", "name", "price", "currency", "description"]

# Text that a careless writer of CSV, of TSV or of JSON spoils.
AWKWARD: Final = [
    ("A,1", 'comma, "quotes"', "1", "=SUM(A1:A9)"),
    ("B'2", "tab\tand\nline end", "0.0001", "ends in a backslash \\"),
    ("C;3", "\x1b[31mred\x07", "999999999999.9999", "separator\u2028and\r\nend"),
    ("D 4", "🐈 \u202eleft 中文", "3", ""),
]


def parsed(text: str, delimiter: str) -> list[dict[str, str]]:
    if delimiter == "\t":
        header, *rows = (line.split("\t") for line in text.removesuffix("\n").split("\n"))
        return [dict(zip(header, map(unescaped, row), strict=True)) for row in rows]
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def unescaped(field: str) -> str:
    """A field of TSV as it was."""
    ends = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    return re.sub(r"\\(.)", lambda found: ends[found[1]], field)


def check_cart(cart: Any) -> None:
    """`cart` is what JSON promises of a cart."""
    assert list(cart) == CART_FIELDS
    assert cart["state"] in ("open", "pending", "purchased")
    for line in cart["lines"]:
        assert list(line) == [*LINE_FIELDS, *WAS_FIELDS, "sold"]
        assert type(line["quantity"]) is int
        assert type(line["sold"]) is bool
        assert Decimal(line["price"]) * line["quantity"] == Decimal(line["total"])
    for time in (cart["created"], cart["updated"]):
        assert time.endswith("Z")
        assert datetime.fromisoformat(time).tzinfo == UTC
    assert type(cart["total"]) is str
    assert type(cart["version"]) is int
    check_entries(cart["entries"], cart["total"])
    assert cart["url"] is None or cart["waiting_for"]


def check_entries(entries: Any, total: str) -> None:
    """What lies between the lines and their `total`."""
    assert [list(entry) for entry in entries] == [["kind", "label", "amount"]] * len(entries)
    assert [entry["kind"] for entry in entries] == ["subtotal", "total"]
    assert entries[-1]["amount"] == total


def test_json_of_a_cart(cart: Run, new_cart: NewCart) -> None:
    cart_id = new_cart({PLATES: 2, TEA: 3})
    shown = [
        cart("add", cart_id, TEA, "-o", "json").json,
        cart("remove", cart_id, TEA, "-o", "json").json,
        *cart("carts", "-o", "json").json,
        *cart("carts", "--all", "-ojson").json,
        *cart("carts", cart_id, "--output=json").json,
    ]
    for one in shown:
        check_cart(one)
        assert (one["id"], one["user"], one["currency"]) == (cart_id, "alice", "USD")
    assert [one["total"] for one in shown] == ["128.32", "78.94", "78.94", "78.94", "78.94"]
    assert [one["version"] for one in shown] == [2, 3, 3, 3, 3]


def test_json_of_a_receipt(cart: Run, new_cart: NewCart) -> None:
    cart_id = new_cart({PLATES: 2, TEA: 3})
    receipt = cart("checkout", cart_id, "--card", "-", "-o", "json", input=CARD).json
    assert list(receipt) == RECEIPT_FIELDS
    assert [list(line) for line in receipt["lines"]] == [LINE_FIELDS + WAS_FIELDS] * 2
    assert [line["total"] for line in receipt["lines"]] == ["78.94", "37.035"]
    assert receipt["amount"] == "115.98"  # 115.975, rounded once, half up
    check_entries(receipt["entries"], "115.98")
    assert receipt["reference"] == receipt["key"]  # of the embedded processor
    assert datetime.fromisoformat(receipt["purchased"]).tzinfo == UTC
    (bought,) = cart("carts", "--purchased", "-o", "json").json
    check_cart(bought)
    assert (bought["total"], bought["updated"]) == (receipt["amount"], receipt["purchased"])


def test_json_of_the_catalogue(cart: Run) -> None:
    items = cart("catalog", "-o", "json").json
    assert [list(item) for item in items] == [ITEM_FIELDS] * 4
    assert items[3] == {
        "sku": TEA,
        "name": "玉露 green tea",
        "price": "12.345",
        "currency": "USD",
        "description": 'from "Uji", 100 g',
    }


@pytest.mark.parametrize(("output", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_csv_and_tsv_parse_back(
    cart: Run, new_cart: NewCart, shared: Path, output: str, delimiter: str
) -> None:
    write_catalog(shared / "catalog.csv", AWKWARD)
    items = parsed(cart("catalog", "-o", output).stdout, delimiter)
    assert items == cart("catalog", "-o", "json").json
    assert [(item["sku"], item["name"], item["description"]) for item in items] == [
        (sku, name, description) for sku, name, _, description in AWKWARD
    ]

    cart_id = new_cart({"B'2": 2})
    assert cart("add", cart_id, "A,1").returncode == 0
    rows = parsed(cart("carts", "-o", output).stdout, delimiter)
    assert [(row["cart"], row["sku"], row["name"], row["quantity"]) for row in rows] == [
        (cart_id, "B'2", "tab\tand\nline end", "2"),
        (cart_id, "A,1", 'comma, "quotes"', "1"),
    ]
    assert rows == parsed(cart("carts", cart_id, "-o", output).stdout, delimiter)
    assert [(row["version"], row["waiting_for"], row["url"]) for row in rows] == [("2", "", "")] * 2

    paid = cart("checkout", cart_id, "--card", "-", "-o", output, input=CARD)
    bought = parsed(paid.stdout, delimiter)
    assert [(row["cart"], row["amount"], row["sku"], row["total"]) for row in bought] == [
        (cart_id, "1.00", "B'2", "0.0002"),
        (cart_id, "1.00", "A,1", "1.00"),
    ]


@pytest.mark.parametrize(
    ("args", "header"),
    [
        (("catalog", "nothing like it"), ITEM_FIELDS),
        (("audit",), [*AUDIT_ROW_FIELDS]),
        (("settle", "--all"), [*SETTLED_FIELDS]),
    ],
)
@pytest.mark.parametrize(("output", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_no_rows_have_a_header_still(
    cart: Run, args: tuple[str, ...], header: list[str], output: str, delimiter: str
) -> None:
    assert cart(*args, "-o", output).stdout == delimiter.join(header) + "\n"


@pytest.mark.parametrize(("output", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_an_empty_list_of_carts_has_the_same_header_as_a_full_one(
    cart: Run, new_cart: NewCart, output: str, delimiter: str
) -> None:
    empty = cart("carts", "-o", output).stdout
    new_cart({PLATES: 1})
    full = cart("carts", "-o", output).stdout
    assert empty == full.splitlines(keepends=True)[0]


@pytest.mark.parametrize("output", ["csv", "tsv"])
def test_the_id_stands_where_scripts_take_it(cart: Run, new_cart: NewCart, output: str) -> None:
    """The second line's first field, as the README does with sed and cut."""
    cart_id = new_cart({PLATES: 1})
    ran = cart("remove", cart_id, PLATES, "-o", output)
    assert ran.stdout.splitlines()[1].startswith(cart_id)


@pytest.mark.parametrize(
    "args",
    [
        ("whoami",),
        ("catalog",),
        ("catalog", "nothing like it"),
        ("carts",),
        ("carts", "--purchased"),
        ("add", "new", PLATES),
        ("demo",),
        ("audit",),
    ],
)
def test_json_always_parses(cart: Run, args: tuple[str, ...]) -> None:
    for how in ({}, {"env": {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}}):
        ran = cart(*args, "-o", "json", **how)
        assert ran.returncode == 0
        assert isinstance(ran.json, list | dict)


def error(ran: Ran) -> Any:
    """The JSON object that ends standard error; all lines before it are notes, in JSON as well."""
    assert ran.stdout == ""
    *notes, found = map(json.loads, ran.stderr.splitlines())
    assert all({*note} <= {"note", "warning"} for note in notes)
    turn = {"waiting_for", "url", "until"} if "waiting_for" in found else set()
    assert {*found} == {"error", "message", "hint", "status", "next", *turn}
    assert found["message"]
    assert found["status"] == ran.returncode
    return found


@pytest.mark.parametrize(
    ("args", "status", "code"),
    [
        (("add", "new", PLATES, "1_000"), 2, "usage"),
        (("add", "new", PLATES, "--colour", "red"), 2, "usage"),
        (("add", "new"), 2, "usage"),
        (("chekout",), 2, "usage"),
        (("--stoer", "x", "carts"), 2, "usage"),
        (("add", "new", "NOTHING"), 3, "not_found"),
        (("carts", "abcdef"), 3, "not_found"),
        (("login", "bob", "--password-stdin"), 4, "not_logged_in"),
        (("--catalog", "/nowhere", "catalog"), 2, "usage"),
        (("--store", "/dev/null", "carts"), 1, "failed"),
    ],
)
def test_errors_are_one_json_object(
    cart: Run, args: tuple[str, ...], status: int, code: str
) -> None:
    env = {"CART_OUTPUT": "json"}
    ran = cart(*args, env=env)
    assert ran.returncode == status
    assert error(ran)["error"] == code
    as_option = cart(*args, "-o", "json") if args[0] in ("add", "carts") else ran
    assert error(as_option) == error(ran)


def test_errors_of_a_checkout_are_one_json_object(cart: Run, new_cart: NewCart) -> None:
    cart_id = new_cart({PLATES: 1})

    def pay(card: str, *more: str) -> Ran:
        return cart("checkout", cart_id, "--card", "-", "-o", "json", *more, input=card)

    assert error(pay(DECLINED_CARD))["error"] == "declined"
    assert error(pay(CARD, "--expect-total", "1"))["error"] == "conflict"
    waiting = error(pay(WAITING_CARD))
    assert (waiting["error"], waiting["url"], waiting["until"]) == ("payment_unknown", None, None)
    assert waiting["waiting_for"] == "the bank asks the customer"
    assert cart("add", cart_id, PLATES).returncode == 0  # which cancels it
    lost = error(pay(LOST_ANSWER_CARD))
    assert (lost["error"], "waiting_for" in lost) == ("payment_unknown", False)


def test_a_damaged_file_is_one_json_object(cart: Run, new_cart: NewCart, shared: Path) -> None:
    new_cart({PLATES: 1})
    file = shared / "carts" / "alice" / "open.pickle"
    file.write_bytes(file.read_bytes()[:-1])
    ran = cart("carts", "-o", "json")
    assert ran.returncode == 9
    assert error(ran)["error"] == "damaged"
    assert str(file) in error(ran)["message"]


def test_only_the_last_output_option_counts(cart: Run) -> None:
    ran = cart("carts", "abcdef", "-o", "json", "-o", "table")
    assert ran.stderr.startswith("Error: ")
    assert cart("carts", "abcdef", env={"CART_OUTPUT": "csv"}).stderr.startswith("Error: ")


@pytest.mark.parametrize("columns", ["80", "60", "1"])
def test_tables_keep_what_counts(cart: Run, new_cart: NewCart, columns: str) -> None:
    """However narrow the terminal is: numbers are whole, and nothing is left out."""
    new_cart({PLATES: 1, RICE: 999_999, TEA: 2})
    ran = cart("carts", env={"COLUMNS": columns})
    assert ran.returncode == 0
    for whole in ("39.47 USD", "29379970.62 USD", "999999", "24.69 USD"):
        assert whole in ran.stdout
    squeezed = "".join(ran.stdout.split())
    assert "".join(TEA.split()) in squeezed


def test_cart_tables_fit_80_columns(cart: Run, new_cart: NewCart, shared: Path) -> None:
    new_cart({PLATES: 1, TEA: 3})
    write_catalog(shared / "catalog.csv", [(PLATES, "玉" * 60, "39.47", ""), (TEA, "Tea", "1", "")])
    ran = cart("carts", "-q", env={"COLUMNS": "80"})
    assert max(map(wcswidth, ran.stdout.splitlines())) <= 91, ran.stdout  # with what has changed
    write_catalog(shared / "catalog.csv")
    ran = cart("carts", env={"COLUMNS": "80"})
    assert max(map(wcswidth, ran.stdout.splitlines())) <= 80, ran.stdout


@pytest.mark.parametrize("columns", ["80", "40", "1"])
def test_a_sku_is_never_wrapped(cart: Run, new_cart: NewCart, columns: str) -> None:
    new_cart({PLATES: 1, RICE: 3})
    for command in ("carts", "catalog"):
        assert f"{PLATES} " in cart(command, env={"COLUMNS": columns}).stdout


def test_in_a_pipe_no_line_is_broken(cart: Run, new_cart: NewCart, shared: Path) -> None:
    name = "A name of many words " * 20
    write_catalog(shared / "catalog.csv", [(PLATES, name, "39.47", "words " * 50)])
    new_cart({PLATES: 1})
    for command in ("carts", "catalog"):
        rows = [line for line in cart(command).stdout.splitlines() if PLATES in line]
        assert len(rows) == 1
        assert name.strip() in rows[0]
    refused = cart("--catalog", "/nowhere/" + "x" * 200, "catalog")
    assert len(refused.stderr.splitlines()) <= 4


def test_whoami_for_people(cart: Run) -> None:
    first, second = cart("whoami").stdout.splitlines()
    assert re.fullmatch(
        r"alice \(customer\), logged in until \d{4}-\d\d-\d\d \d\d:\d\d UTC\.", first
    )
    assert second.startswith("The login is kept in /")
    assert second.endswith("session.json, as plain text, which only you may read.")


def test_nothing_but_the_result_is_on_standard_output(store: Path) -> None:
    sample = run_cart("catalog", "--limit", "1", "-o", "csv", store=store)
    assert len(sample.stdout.splitlines()) == 2
    assert sample.stderr.startswith("This is the sample catalogue.")

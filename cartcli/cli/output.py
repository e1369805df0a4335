"""Printing results: as tables for people, as JSON, CSV and TSV for programs.

What programs read is UTF-8 whatever the locale; what people read is in the terminal's encoding.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from cartcli.cli.text import is_terminal
from cartcli.model import Cart, Item, Line, Receipt, rfc3339

Record = Mapping[str, Any]


def print_cart(output: str, cart: Cart) -> None:
    """One cart: in JSON an object, for people its heading and lines."""
    if output == "table":
        from cartcli.cli.text import cart_text

        write_text(cart_text(cart))
    else:
        print_records(output, _rows([cart]), _cart_record(cart))


def print_carts(output: str, carts: Sequence[Cart]) -> None:
    """Carts: in JSON a list, in CSV and TSV a row a line."""
    if output == "table":
        from cartcli.cli.table import carts_text

        write_text(carts_text(carts))
    else:
        records = [_cart_record(cart) for cart in carts]
        print_records(output, _rows(carts), records, _ROW_FIELDS)


def print_receipt(output: str, receipt: Receipt) -> None:
    """A receipt: in JSON an object, in CSV and TSV a row a line."""
    if output == "table":
        from cartcli.cli.text import receipt_text

        write_text(receipt_text(receipt))
        return
    record = _receipt_record(receipt)
    rest = {key: value for key, value in record.items() if key != "lines"}
    print_records(output, [{**rest, **line} for line in record["lines"]], record)


def print_items(output: str, items: Sequence[Item]) -> None:
    """Items on sale; a table longer than the terminal is paged."""
    if output == "table":
        from cartcli.cli.table import items_text

        write_text(items_text(items), paged=True)
        return
    records = [_item_record(item) for item in items]
    print_records(output, records, records, _ITEM_FIELDS)


def print_records(
    output: str, rows: Sequence[Record], value: Any, fields: Sequence[str] = ()
) -> None:
    """`value` in JSON, `rows` in every other format; `fields` is the header if there is no row."""
    if output == "table":
        from cartcli.cli.table import records_text

        write_text(records_text(rows))
    elif output == "json":
        import json

        _write(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8", "backslashreplace")
    else:
        text = _delimited(rows, fields, "," if output == "csv" else "\t")
        _write(text, "utf-8", "backslashreplace")


def write_text(text: str, *, paged: bool = False) -> None:
    """Print `text` for people, through a pager if it may be and is longer than the terminal."""
    if paged and is_terminal(sys.stdout):
        import shutil

        import click

        if text.count("\n") >= shutil.get_terminal_size().lines:
            click.echo_via_pager(text)
            return
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    _write(text, encoding, "backslashreplace")


def _write(text: str, encoding: str, errors: str) -> None:
    if sys.stdout is None:
        raise OSError("standard output is closed; the result could not be printed")
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode(encoding, errors))
    sys.stdout.buffer.flush()


def _delimited(rows: Sequence[Record], fields: Sequence[str], delimiter: str) -> str:
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerow(rows[0] if rows else fields)
    writer.writerows(map(_plain, row.values()) for row in rows)
    return buffer.getvalue()


def _plain(value: Any) -> Any:
    """`value` as a field of CSV: true and false are written as in JSON."""
    return str(value).lower() if isinstance(value, bool) else value


def _rows(carts: Sequence[Cart]) -> list[Record]:
    """A row a line, each with its cart; an empty cart is a row without a line."""
    return [
        {
            "cart": cart.id,
            "user": cart.user,
            "state": cart.state,
            **(_cart_line_record(line) if line else dict.fromkeys(_CART_LINE_FIELDS)),
            "currency": cart.currency,
            "created": rfc3339(cart.created),
            "updated": rfc3339(cart.updated),
        }
        for cart in carts
        for line in cart.lines or [None]
    ]


def _cart_record(cart: Cart) -> dict[str, Any]:
    return {
        "id": cart.id,
        "user": cart.user,
        "state": cart.state,
        "lines": [_cart_line_record(line) for line in cart.lines],
        "total": cart.total.decimal,
        "currency": cart.currency,
        "created": rfc3339(cart.created),
        "updated": rfc3339(cart.updated),
    }


def _receipt_record(receipt: Receipt) -> dict[str, Any]:
    return {
        "cart": receipt.cart,
        "payment": receipt.payment,
        "key": receipt.key,
        "amount": receipt.amount.decimal,
        "currency": receipt.amount.currency,
        "brand": receipt.brand,
        "last4": receipt.last4,
        "lines": [_line_record(line) for line in receipt.lines],
        "purchased": rfc3339(receipt.purchased),
    }


_LINE_FIELDS = ("sku", "name", "price", "quantity", "total")
_CART_LINE_FIELDS = (*_LINE_FIELDS, "changed_from", "sold")
_ROW_FIELDS = (
    *("cart", "user", "state"),
    *_CART_LINE_FIELDS,
    *("currency", "created", "updated"),
)
_ITEM_FIELDS = ("sku", "name", "price", "currency", "description")


def _line_record(line: Line) -> dict[str, Any]:
    values = (line.sku, line.name, line.price.decimal, line.quantity, line.total.decimal)
    return dict(zip(_LINE_FIELDS, values, strict=True))


def _cart_line_record(line: Line) -> dict[str, Any]:
    was = line.was.decimal if line.was else None
    return {**_line_record(line), "changed_from": was, "sold": line.sold}


def _item_record(item: Item) -> dict[str, Any]:
    price = item.price
    values = (item.sku, item.name, price.decimal, price.currency, item.description)
    return dict(zip(_ITEM_FIELDS, values, strict=True))

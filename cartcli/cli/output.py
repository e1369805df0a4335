"""Printing results: as tables for people, as JSON, CSV and TSV for programs.

What programs read is UTF-8 whatever the locale; what people read is in the terminal's encoding.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cartcli.cli.command import flag
from cartcli.cli.text import is_terminal

if TYPE_CHECKING:
    from cartcli.model.cart import Cart
    from cartcli.model.lines import Item
    from cartcli.model.order import Receipt

Row = Mapping[str, Any]


def print_cart(output: str, cart: Cart) -> None:
    """One cart: in JSON an object, for people its heading and lines."""
    if output == "table":
        from cartcli.cli.text import cart_text

        write_text(cart_text(cart))
    else:
        from cartcli.wire.records import cart_dict, cart_rows

        print_rows(output, [*cart_rows(cart)], cart_dict(cart))


def print_carts(output: str, carts: Sequence[Cart]) -> None:
    """Carts: in JSON a list, in CSV and TSV a row a line; for people, what is longer than the
    terminal is paged."""
    if output == "table":
        from cartcli.cli.table import carts_text

        write_text(carts_text(carts), paged=True)
    else:
        from cartcli.wire.records import CART_ROW_FIELDS, cart_dict, cart_rows

        rows = [row for cart in carts for row in cart_rows(cart)]
        print_rows(output, rows, [cart_dict(cart) for cart in carts], CART_ROW_FIELDS)


def print_receipt(output: str, receipt: Receipt) -> None:
    """A receipt: in JSON an object, in CSV and TSV a row a line."""
    if output == "table":
        from cartcli.cli.text import receipt_text

        write_text(receipt_text(receipt))
    else:
        from cartcli.wire.records import receipt_dict, receipt_rows

        print_rows(output, [*receipt_rows(receipt)], receipt_dict(receipt))


def print_items(output: str, items: Sequence[Item]) -> None:
    """Items on sale; a table longer than the terminal is paged."""
    if output == "table":
        from cartcli.cli.table import items_text

        write_text(items_text(items), paged=True)
    else:
        from cartcli.wire.records import ITEM_FIELDS, item_dict

        records = [item_dict(item) for item in items]
        print_rows(output, records, records, ITEM_FIELDS)


def print_rows(
    output: str, rows: Sequence[Row], value: Any, fields: Sequence[str] = (), *, paged: bool = False
) -> None:
    """`value` in JSON, `rows` in every other format; `fields` is the header if there is no row. A
    table may be `paged`."""
    if output == "table":
        from cartcli.cli.table import records_text

        write_text(records_text(rows), paged=paged)
    elif output == "json":
        _write(json_text(value), "utf-8", "backslashreplace")
    elif output == "jsonl":
        lines = map(json_line, value if isinstance(value, list) else [value])
        _write("".join(lines), "utf-8", "backslashreplace")
    else:
        from cartcli.cli.delimited import delimited

        header = rows[0] if rows else fields
        text = delimited([header, *(row.values() for row in rows)], output)
        _write(text, "utf-8", "backslashreplace")


def without_cards(value: Any) -> Any:
    """`value`, plain data, with card numbers masked in its texts: for a result that repeats what
    was typed."""
    from cartcli.payment.masked import masked  # few results do

    match value:
        case str():
            return masked(value)
        case list():
            return [without_cards(one) for one in value]
        case dict():
            return {name: without_cards(one) for name, one in value.items()}
    return value


def json_text(value: Any) -> str:
    """`value` as JSON for programs and for people."""
    import json

    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def json_line(value: Any) -> str:
    """`value` as a line of JSON."""
    import json

    return json.dumps(value, ensure_ascii=False) + "\n"


def write_text(text: str, *, paged: bool = False) -> None:
    """Print `text` for people, through a pager if it may be and is longer than the terminal."""
    if paged and is_terminal(sys.stdout) and not flag("no_pager"):
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
    try:
        sys.stdout.flush()  # what was written as text comes first
        sys.stdout.buffer.write(text.encode(encoding, errors))
        sys.stdout.buffer.flush()
    except OSError as error:
        raise OSError(error.errno, error.strerror, "standard output") from None

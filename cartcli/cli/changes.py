"""What an import changes: a table for people, and for programs every single change, printed as it
comes, because there may be a million."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

import click

from cartcli.cli.app import message
from cartcli.cli.delimited import delimited
from cartcli.cli.output import Row, json_line, print_rows, write_text
from cartcli.cli.text import counted
from cartcli.merchant.importing.plan import Plan
from cartcli.model.imports import Counts, Difference
from cartcli.model.money import Money
from cartcli.wire.imports import DIFFERENCE_FIELDS, difference_dict, import_dict

_SHOWN: Final = 50
_BLOCK: Final = 10_000


def summary_of(plan: Plan, counts: Counts) -> dict[str, Any]:
    """The result of an import as a record."""
    return import_dict(plan.format, plan.items, counts, plan.left_out, plan.faulty)


def print_summary(output: str, summary: Row, *, undo: bool = False) -> None:
    """The result of an import that was made, or with `undo` was taken back."""
    if output == "table":
        done = f"Put back {_items(summary)}" if undo else f"Imported {_what(summary)}"
        write_text(f"{done}.\n{_sentences(summary)}")
        return
    row = {**summary, "left_out": sum(summary["left_out"].values())}
    print_rows(output, [row], summary)


def print_differences(
    output: str,
    differences: Iterator[Difference],
    counts: Counts,
    summary: Row,
    currency: str,
    *,
    undo: bool = False,
) -> None:
    """The result of an import that was only tried, or of taking one back."""
    if output == "table":
        _print_table(differences, counts, currency)
        what = f"put back {_items(summary)}" if undo else f"import {_what(summary)}"
        dry = f"Would {what}; nothing was written."
        write_text(f"{dry}\n{_sentences(summary)}")
    elif output == "json":
        _print_json(differences, summary, currency)
    elif output == "jsonl":
        _print_lines(differences, currency)
    else:
        _print_delimited(differences, currency, output)


def _sentences(summary: Row) -> str:
    repriced = f" ({summary['repriced']:,} in price)" if summary["changed"] else ""
    text = f"{summary['added']:,} added, {summary['changed']:,} changed{repriced},"
    text += f" {summary['removed']:,} removed.\n"
    if left_out := ", ".join(f"{count:,} {why}" for why, count in summary["left_out"].items()):
        text += f"Left out: {left_out}.\n"
    return text


def _what(summary: Row) -> str:
    return f"{_items(summary)} ({summary['format']})"


def _items(summary: Row) -> str:
    return counted(summary["items"], "item")


def _print_table(differences: Iterable[Difference], counts: Counts, currency: str) -> None:
    from cartcli.cli.table import records_text

    shown = [*islice(differences, _SHOWN)]
    rows = [_row(difference, currency, was=bool(counts.changed)) for difference in shown]
    write_text(records_text(rows))
    more = counts.added + counts.changed + counts.removed - len(shown)
    if more > 0:
        message(f"… and {counted(more, 'more change')}; see all of them with -o csv.")


def _row(difference: Difference, currency: str, *, was: bool) -> Row:
    """A row of the table; with a column of old prices only where something changed."""
    price = Money(difference.new_price or difference.old_price or "0", currency)
    row = {
        "change": difference.kind,
        "SKU": difference.sku,
        "item": difference.name,
        "price": price,
    }
    if was:
        changed = difference.kind == "changed"
        row["was"] = Money(difference.old_price or "0", currency) if changed else ""
    return row


def _print_json(differences: Iterator[Difference], summary: Row, currency: str) -> None:
    """One object: the summary, and in `changes` every change."""
    import json

    head = json.dumps(summary, ensure_ascii=False, indent=2)
    _print(f'{head[:-2]},\n  "changes": [')
    before = "\n    "
    while block := [*islice(differences, _BLOCK)]:
        lines = (json.dumps(difference_dict(each, currency), ensure_ascii=False) for each in block)
        _print(before + ",\n    ".join(lines))
        before = ",\n    "
    _print("\n  ]\n}\n" if before.startswith(",") else "]\n}\n")


def _print_lines(differences: Iterator[Difference], currency: str) -> None:
    while block := [*islice(differences, _BLOCK)]:
        _print("".join(json_line(difference_dict(each, currency)) for each in block))


def _print_delimited(differences: Iterator[Difference], currency: str, output: str) -> None:
    rows: Iterable[Any] = [DIFFERENCE_FIELDS]
    while rows:
        _print(delimited(rows, output))
        rows = [(*each, currency) for each in islice(differences, _BLOCK)]


def _print(text: str) -> None:
    click.echo(text.encode("utf-8", "backslashreplace"), nl=False)

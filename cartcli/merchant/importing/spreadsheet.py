"""Excel files (.xlsx): the first sheet, a row at a time, as pandas would hold a whole sheet in
memory. Numbers become the digits that Excel shows: it keeps no more than 15 of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from cartcli.errors import CartError
from cartcli.merchant.importing.offer import Table
from cartcli.merchant.importing.source import NOTHING_WRITTEN, Source


def read_excel(source: Source) -> Table:
    """The table of the first sheet; rows are numbered as in Excel."""
    try:
        openpyxl = import_module("openpyxl")
    except ImportError:
        raise CartError(
            f"{source.name} is an Excel file, and openpyxl, which reads those, is not installed",
            NOTHING_WRITTEN,
            extra="excel",
        ) from None
    try:
        book = openpyxl.load_workbook(source.seekable(), read_only=True, data_only=True)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong one
        rows = enumerate(sheet.iter_rows(values_only=True), 1)
        header = next((row for row in rows if any(cell is not None for cell in row[1])), None)
    except Exception as error:  # whatever its readers of zip and XML raise
        raise source.refused(f"it is not a well-formed Excel file: {error}") from None
    if header is None:
        raise source.refused("its first sheet is empty")
    names = [_text(cell) for cell in header[1]]
    while names and not names[-1]:
        names.pop()
    return Table(names, _rows(source, rows, len(names)), "row")


def _rows(
    source: Source, rows: Iterator[tuple[int, tuple[Any, ...]]], width: int
) -> Iterator[tuple[int, Sequence[str] | str]]:
    while True:
        try:
            number, cells = next(rows)
        except StopIteration:
            return
        except Exception as error:
            raise source.refused(f"it is not a well-formed Excel file: {error}") from None
        texts = [_text(cell) for cell in cells]
        if any(texts[width:]):
            yield number, f"it has more fields than the header, which has {width}"
        elif any(texts):
            yield number, (texts + [""] * width)[:width]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)

"""Excel files (.xlsx): the first sheet, a row at a time, as pandas would hold a whole sheet in
memory. Numbers become the digits that Excel shows: it keeps no more than 15 of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import islice
from typing import Any, BinaryIO

from cartcli.errors import CartError, FixInput
from cartcli.merchant.importing.bounds import ROWS, unpacked
from cartcli.merchant.importing.offer import Table
from cartcli.merchant.importing.source import NOTHING_WRITTEN, Source
from cartcli.merchant.importing.xml_parts import Parts, TooMuch


def read_excel(source: Source) -> Table:
    """The table of the first sheet; rows are numbered as in Excel."""
    try:
        import_module("openpyxl")
    except ImportError:
        raise CartError(
            f"{source.name} is an Excel file, and openpyxl, which reads those, is not installed",
            NOTHING_WRITTEN,
            extra="excel",
        ) from None
    try:
        rows = enumerate(_first_sheet(source.seekable()), 1)
        first = islice(rows, ROWS)
        header = next((row for row in first if any(cell is not None for cell in row[1])), None)
    except Exception as error:  # whatever its readers of zip and XML raise
        raise _refused(source, error) from None
    if header is None:
        raise source.refused("its first sheet is empty")
    names = [_text(cell) for cell in header[1]]
    while names and not names[-1]:
        names.pop()
    return Table(names, unpacked(source, _rows(source, rows, len(names))), "row")


def _first_sheet(file: BinaryIO) -> Iterator[tuple[Any, ...]]:
    """The rows of the first sheet."""
    reader = import_module("openpyxl.reader.excel")

    class Reader(reader.ExcelReader):  # type: ignore[name-defined, misc]
        """Reads nothing but what it needs of sheets, and looks at that first."""

        def read_chartsheet(self, *_: object) -> None:
            """One has no cells."""

    parts = Parts(file)
    file.seek(0)
    book = Reader(file, read_only=True, data_only=True, keep_links=False)
    book.archive = parts
    book.read()
    sheet: Any = book.wb.worksheets[0]
    sheet.reset_dimensions()  # some programs write a wrong one
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
    return rows


def _refused(source: Source, error: Exception) -> FixInput:
    if isinstance(error, TooMuch):
        return source.refused(str(error))
    return source.refused(f"it is not a well-formed Excel file: {error}")


def _rows(
    source: Source, rows: Iterator[tuple[int, tuple[Any, ...]]], width: int
) -> Iterator[tuple[int, Sequence[str] | str]]:
    while True:
        try:
            number, cells = next(rows)
        except StopIteration:
            return
        except Exception as error:
            raise _refused(source, error) from None
        if number > ROWS:  # as may be said of an empty one
            raise source.refused(f"it has more than {ROWS:,} rows")
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

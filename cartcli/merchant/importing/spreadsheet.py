"""Excel files (.xlsx): the first sheet, a row at a time, as pandas would hold a whole sheet in
memory. Numbers become the digits that Excel shows: it keeps no more than 15 of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import IO, Any, BinaryIO, Final
from zipfile import ZipFile

from cartcli.errors import CartError
from cartcli.merchant.importing.bounds import COLUMNS, DESCRIPTION, LINE, TEXTS, UNPACKED
from cartcli.merchant.importing.offer import Table
from cartcli.merchant.importing.source import NOTHING_WRITTEN, Source

_HELD: Final = re.compile(
    r"\[Content_Types\]\.xml|.*\.rels|docProps/.*|xl/(theme/.*|(?!shared)[^/]*)"
)
_TAG: Final = re.compile(rb"<(?:\w{1,16}:)?(?:(row|c|si)(?=[\s/>])|/(?:sheetData|sst)>)")
_CHUNK: Final = 1 << 20
_OVERLAP: Final = 40  # bytes: a tag may be cut in two


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
        file = source.seekable()
        _check_size(file)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
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


def _check_size(file: BinaryIO) -> None:
    """ValueError when what is packed in the `file` would fill the memory."""
    with ZipFile(file) as packed:
        parts = packed.infolist()
        if (size := sum(part.file_size for part in parts)) > UNPACKED:
            raise ValueError(f"it would take {size:,} bytes, and at most {UNPACKED:,} are taken")
        for part in parts:
            if _HELD.fullmatch(part.filename) and part.file_size > DESCRIPTION:
                raise ValueError(f"its part {part.filename} has more than {DESCRIPTION:,} bytes")
            with packed.open(part) as stream:
                _check_part(stream)
    file.seek(0)


def _check_part(stream: IO[bytes]) -> None:
    """ValueError when a row of the part, which may be XML, has more cells than Excel can show, or
    there is too much of a text, or there are too many."""
    cells = texts = 0
    for tag, length in _tags(stream):
        cells = 0 if tag == b"row" else cells + (tag == b"c")
        texts += tag == b"si"
        if cells > COLUMNS:
            raise ValueError(f"it has a row of more than {COLUMNS:,} cells")
        if texts > TEXTS:
            raise ValueError(f"it has more than {TEXTS:,} texts")
        if tag != b"/" and length > LINE:
            raise ValueError(f"it has a cell of more than {LINE:,} bytes")


def _tags(stream: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Each of the tags that count (`/` for one that ends them all), and how far it is to the next,
    or to where the part ends; a long way is told before its end is found."""
    tag, length, kept = b"/", 0, b""
    while data := stream.read(_CHUNK):
        data = kept + data
        begin = 0
        for found in _TAG.finditer(data):
            yield tag, length + found.start() - begin
            tag, length, begin = found[1] or b"/", 0, found.start()
        cut = data.rfind(b"<", max(len(data) - _OVERLAP, begin + 1))
        kept = data[cut:] if cut >= 0 else b""
        length += len(data) - len(kept) - begin
        if length > LINE:
            yield tag, length
    yield tag, length


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

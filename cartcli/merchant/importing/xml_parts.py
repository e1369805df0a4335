"""The parts of an Excel file, looked at while they are read: in XML a few bytes can stand for more
than there is memory, and openpyxl holds a tree of all that it has not cleared again."""

from __future__ import annotations

import re
from typing import IO, Any, Final
from xml.parsers.expat import ParserCreate
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from cartcli.merchant.importing.bounds import (
    COLUMNS,
    DESCRIPTION,
    HELD,
    LINE,
    PARTS,
    ROW,
    ROWS,
    TEXT_BYTES,
    TEXTS,
    UNPACKED,
)

_CHUNK: Final = 1 << 16
_NAMESPACE: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MAIN: Final = f"{_NAMESPACE} "
_IS_MAIN: Final = f' xmlns="{_NAMESPACE}"'.encode()
_CELL: Final = (
    rb"<c(?: [^<>]*)?(?:/>|>(?:<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?"
    rb"(?:<v ?/>|<v>[^<]*</v>|<is><t(?: [^<>]*)?>[^<]*</t></is>)?</c>)"
)
_PLAIN_ROW: Final = re.compile(rb"<row(?: [^<>]*)?>\s*(?:%b\s*){0,%d}</row>" % (_CELL, COLUMNS))


class TooMuch(Exception):
    """A part has more than can be taken; the message tells of what."""


class Parts(ZipFile):
    """The parts of the Excel `file`: whatever is read of them is looked at first. TooMuch when it
    is more than can be taken."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        parts = self.infolist()
        if len(parts) > PARTS:
            raise TooMuch(f"it has more than {PARTS:,} parts")
        if (size := sum(part.file_size for part in parts)) > UNPACKED:
            raise TooMuch(f"it would take {size:,} bytes, and at most {UNPACKED:,} are taken")
        if strange := [p for p in parts if p.compress_type not in (ZIP_STORED, ZIP_DEFLATED)]:
            raise TooMuch(f"its part {strange[0].filename} is packed as Excel packs none")

    def read(self, name: Any, pwd: bytes | None = None) -> bytes:
        """A part that is held whole."""
        if self.getinfo(name).file_size > DESCRIPTION:
            raise TooMuch(f"its part {name} has more than {DESCRIPTION:,} bytes")
        with super().open(name, "r", pwd) as stream:
            data = stream.read()
        look = _Look(str(name))
        look.at(data)
        look.at(b"")
        return data

    def open(self, name: Any, *args: Any, **how: Any) -> IO[bytes]:
        """A part of which a row or a text at a time is held."""
        return _Looked(super().open(name, *args, **how), _Look(str(name)))  # type: ignore[return-value]


class _Looked:
    """A stream of which nothing is given that was not looked at, and no more than a piece at a
    time."""

    def __init__(self, stream: IO[bytes], look: _Look) -> None:
        self._stream = stream
        self._look = look
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(_CHUNK if size < 0 else min(size, _CHUNK))
        if data or not self._ended:
            self._look.at(data)
        self._ended = not data
        return data

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> _Looked:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class _Look:
    """What openpyxl holds of the XML part `name`: `at` each piece of it before openpyxl sees it,
    and `at` nothing when it has ended. What is in a row, or in a text that cells share, openpyxl
    clears at the end of that."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._rows = _PlainRows()
        self._fed = self._open = 0  # bytes, without those of plain rows; and since a tag ended
        self._others = self._texts = self._cells = self._text_bytes = 0
        self._held = self._held_before = 0  # elements
        self._begun = self._cell = 0  # where the row or text began, and the last cell in it
        self._within = ""
        self._outside = self._ended = 0  # bytes in no row and no text, up to the last one's end
        self._parser = ParserCreate(namespace_separator=" ")
        self._parser.ordered_attributes = True  # a list, which takes less time than a dictionary
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype

    def at(self, data: bytes) -> None:
        """TooMuch when there is more than can be taken; whatever its parser raises when it is no
        XML."""
        rest = self._rows.without(data)
        self._check_open(rest)
        self._parser.Parse(rest, not data)
        self._fed += len(rest)
        self._check_bytes(self._fed)
        self._check_rows()

    def _check_open(self, data: bytes) -> None:
        """Whether a tag, or a text, goes on for too long: what has no end its parser reads again
        and again."""
        last = data.rfind(b">")
        self._open = len(data) - last - 1 if last >= 0 else self._open + len(data)
        if self._open > LINE:
            raise self._too_much(f"a tag or a text of more than {LINE:,} bytes")

    def _start(self, name: str, attributes: list[str]) -> None:
        self._held += len(attributes) + 1
        kind = name.removeprefix(_MAIN)
        if kind == "c":
            self._cells += 1
            here = self._parser.CurrentByteIndex
            self._check_cell(here)
            self._cell = here
        elif kind in ("row", "si") and not self._within:
            self._begin(kind)
        if self._held + self._rows.count > HELD:
            raise self._too_much("more elements than can be held at once")

    def _begin(self, kind: str) -> None:
        self._within, self._cells = kind, 0
        self._held_before = self._held
        self._begun = self._cell = self._parser.CurrentByteIndex
        self._outside += self._begun - self._ended
        if kind == "row":
            self._others += 1
            self._check_rows()
        else:
            self._texts += 1
            if self._texts > TEXTS:
                raise TooMuch(f"it has more than {TEXTS:,} texts")

    def _end(self, name: str) -> None:
        if not self._within or name.removeprefix(_MAIN) != self._within:
            return
        self._ended = self._parser.CurrentByteIndex
        self._check_bytes(self._ended)
        if self._within == "si":
            self._text_bytes += self._ended - self._begun
        self._within = ""
        self._held = self._held_before

    def _check_rows(self) -> None:
        if self._others + self._rows.count > ROWS:
            raise TooMuch(f"it has more than {ROWS:,} rows")

    def _check_cell(self, here: int) -> None:
        if self._cells > COLUMNS:
            raise TooMuch(f"it has a row of more than {COLUMNS:,} cells")
        if here - self._cell > LINE:
            raise TooMuch(f"it has a cell of more than {LINE:,} bytes")

    def _check_bytes(self, here: int) -> None:
        """Whether there was too much up to here since something began."""
        if not self._within:
            if self._outside + here - self._ended > DESCRIPTION:
                raise self._too_much(f"more than {DESCRIPTION:,} bytes beside rows and texts")
            return
        self._check_cell(here)
        if here - self._begun > ROW:
            raise TooMuch(f"it has a row of more than {ROW:,} bytes")
        if self._within == "si" and self._text_bytes + here - self._begun > TEXT_BYTES:
            raise TooMuch(f"its texts have more than {TEXT_BYTES:,} bytes")

    def _refuse_doctype(self, *_: object) -> None:
        raise self._too_much("a document type, as Excel writes none")

    def _too_much(self, what: str) -> TooMuch:
        return TooMuch(f"its part {self._name} has {what}")


class _PlainRows:
    """Takes rows out of a part that are as nearly all are, which is ten times as fast as parsing
    them; `count` of them so far. What is left is as well-formed as it was."""

    def __init__(self) -> None:
        self.count = 0
        self._defaults = 0  # times that a default namespace was declared
        self._is_main = False  # in the one that rows are of
        self._cut = b""  # a tag that may go on

    def without(self, data: bytes) -> bytes:
        """What of the part comes next, without plain rows; `data` is nothing at its end."""
        piece = self._cut + data
        end = piece.rfind(b"<") if data else len(piece)
        if len(piece) - end > _CHUNK:  # no tag is as long as that
            end = len(piece)
        piece, self._cut = piece[:end], piece[end:]
        self._defaults += piece.count(b"xmlns") - piece.count(b"xmlns:")
        self._is_main = self._is_main or _IS_MAIN in piece
        if self._defaults != 1 or not self._is_main:
            return piece
        rest, count = _PLAIN_ROW.subn(b"", piece)
        self.count += count
        return rest

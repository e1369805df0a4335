"""Text from outside means the same, whatever an editor or a shell makes of it."""

from __future__ import annotations

import codecs
import csv
import io
import os

import pytest

from cartcli import texts

TEXT = "sécret-123 🎁\nA,2\nਅ,\u0a0d\n"
WRITTEN = {
    "plain": TEXT.encode(),
    "mark": codecs.BOM_UTF8 + TEXT.encode(),
    "UTF-16 LE": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "UTF-16 BE": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "CR LF": TEXT.replace("\n", "\r\n").encode(),
    "CR": TEXT.replace("\n", "\r").encode(),
    "PowerShell": codecs.BOM_UTF16_LE + TEXT.replace("\n", "\r\n").encode("utf-16-le"),
}


@pytest.mark.parametrize("data", WRITTEN.values(), ids=WRITTEN.keys())
def test_it_reads_alike(data: bytes) -> None:
    assert [*texts.lines(texts.decoded(data))] == TEXT.splitlines(keepends=True)


@pytest.mark.parametrize("data", WRITTEN.values(), ids=WRITTEN.keys())
def test_its_first_line(data: bytes) -> None:
    assert texts.first_line(io.BytesIO(data), 1000) == "sécret-123 🎁"


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_half_of_a_character_ends_no_line(mark: bytes) -> None:
    encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    data = mark + "\u0a05\u050a\nmore".encode(encoding)
    assert texts.first_line(io.BytesIO(data), 1000) == "\u0a05\u050a"


@pytest.mark.parametrize("data", [b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, b"\n"])
def test_nothing_is_an_empty_line(data: bytes) -> None:
    assert texts.first_line(io.BytesIO(data), 1000) == ""


@pytest.mark.parametrize(
    "line", [b"secret\n", codecs.BOM_UTF16_LE + "secret\n".encode("utf-16-le")]
)
def test_no_more_is_waited_for_than_the_line(line: bytes) -> None:
    reader, writer = os.pipe()
    try:
        os.write(writer, line)
        with open(reader, "rb") as file:  # hangs if it waits for the end
            assert texts.first_line(file, 1000) == "secret"
    finally:
        os.close(writer)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff", "line 1 is not UTF-8"),
        (b"a\nb\n\xe9t\xe9\n", "line 3 is not UTF-8"),
        (b"a\rb\xff", "line 2 is not UTF-8"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8", "not UTF-16"),
        (codecs.BOM_UTF16_BE + b"a", "not UTF-16"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        texts.decoded(data)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", ""])
def test_a_field_with_any_line_end_is_written_so_that_it_is_read_again(end: str) -> None:
    rows = [["A", f"two{end}lines", ""], [f"{end}", '"', "a,b"]]
    written = [*texts.csv_lines(rows)]
    assert [line[-1:] for line in written] == ["\n", "\n"]
    assert [*csv.reader(io.StringIO("".join(written), newline=""), strict=True)] == rows

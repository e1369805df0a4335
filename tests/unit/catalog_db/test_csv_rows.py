"""Lines end with LF, CR LF or CR, wherever the pieces end in which a file is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli.catalog_db.csv_rows import FaultyLine, split_lines

PIECES = st.lists(st.sampled_from([b"\n", b"\r\n", b"\r", b"ab", b'"', b"\xc3\xa9"]), max_size=20)


@given(PIECES, st.integers(1, 9))
def test_lines_are_the_same_in_whatever_chunks_they_come(pieces: list[bytes], size: int) -> None:
    data = b"".join(pieces)
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert [*split_lines(chunks)] == data.splitlines(keepends=True)


def test_a_line_that_never_ends_is_told_before_it_is_held() -> None:
    def endless() -> object:
        yield b"a\rb\n"
        while True:
            yield b"c" * 100

    lines = split_lines(endless(), 1_000)  # type: ignore[arg-type]
    assert [next(lines), next(lines)] == [b"a\r", b"b\n"]
    with pytest.raises(FaultyLine, match="line 3: it is longer than 1,000 bytes"):
        next(lines)

"""Parquet files, a batch of rows at a time: a text of many rows is stored once there, and is held
once here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any, BinaryIO, Final

from cartcli.errors import CartError
from cartcli.merchant.importing.bounds import COLUMNS, FIELD, FIELDS, LINE, UNPACKED, unpacked
from cartcli.merchant.importing.offer import Table
from cartcli.merchant.importing.source import NOTHING_WRITTEN, Source

_LONGEST: Final = 4 * FIELD  # bytes of a field: a character of UTF-8 has at most four
_TOO_LONG: Final = " " * (FIELD + 1)  # in place of a longer text
_READING: Final = {
    "pre_buffer": False,  # which would hold whole columns
    "buffer_size": LINE,
    "thrift_string_size_limit": LINE,
    "thrift_container_size_limit": 1_000_000,
}


class _Unfit(Exception):
    """The file has what is not taken; the message tells what."""


def read_parquet(source: Source) -> Table:
    """The table of the file; rows are numbered from 1."""
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError:
        raise CartError(
            f"{source.name} is a Parquet file, and pyarrow, which reads those, is not installed",
            NOTHING_WRITTEN,
            extra="parquet",
        ) from None
    try:
        file = _opened(parquet.ParquetFile, source.seekable())
    except _Unfit as error:
        raise source.refused(str(error)) from None
    except Exception as error:  # pyarrow's own, and OSError
        raise source.refused(f"it is not a well-formed Parquet file: {error}") from None
    return Table(file.schema_arrow.names, unpacked(source, _rows(source, file)), "row")


def _opened(parquet_file: Any, file: BinaryIO) -> Any:
    """The opened `file`, which gives a batch's texts as places in a list of different ones."""
    whole = parquet_file(file, **_READING)
    _check_size(whole.metadata)
    texts = [field.name for field in whole.schema_arrow if _is_text(field)]
    file.seek(0)
    return parquet_file(file, metadata=whole.metadata, read_dictionary=texts, **_READING)


def _check_size(metadata: Any) -> None:
    """_Unfit when a part of the file would fill the memory."""
    if metadata.num_columns > COLUMNS:
        raise _Unfit(f"it has more than {COLUMNS:,} columns")
    for number in range(metadata.num_row_groups):
        if (size := metadata.row_group(number).total_byte_size) > UNPACKED:
            raise _Unfit(f"it would take {size:,} bytes, and at most {UNPACKED:,} are taken")


def _is_text(field: Any) -> bool:
    """Whether the column has texts of any length. _Unfit for one of lists, of which a few bytes can
    stand for any number, or of fields that are all too long."""
    types = import_module("pyarrow.types")
    if types.is_nested(field.type):
        raise _Unfit(f"its column {field.name!r} has lists or records: leave it out")
    if types.is_fixed_size_binary(field.type) and field.type.byte_width > FIELD:
        raise _Unfit(f"its column {field.name!r} has fields of {field.type.byte_width:,} bytes")
    is_binary = types.is_binary(field.type) or types.is_large_binary(field.type)
    return bool(is_binary or types.is_string(field.type) or types.is_large_string(field.type))


def _rows(source: Source, file: Any) -> Iterator[tuple[int, Sequence[str] | str]]:
    number = 0
    batches = file.iter_batches(batch_size=FIELDS // max(len(file.schema_arrow), 1) + 1)
    while True:
        try:
            batch = next(batches, None)
        except Exception as error:
            raise source.refused(f"it is not a well-formed Parquet file: {error}") from None
        if batch is None:
            return
        for row in zip(*map(_texts, batch.columns), strict=True):
            number += 1
            yield number, row


def _texts(column: Any) -> Iterable[str]:
    """The fields of a column of a batch; the same text is held once."""
    if not hasattr(column, "dictionary"):
        return map(_text, column.to_pylist())
    used = column.indices.unique().drop_null()
    texts = dict(zip(used.to_pylist(), _different(column.dictionary.take(used)), strict=True))
    return [texts.get(place, "") for place in column.indices.to_pylist()]


def _different(values: Any) -> Iterable[str]:
    """The `values`, each as long as it may be."""
    compute = import_module("pyarrow.compute")
    if (compute.max(compute.binary_length(values)).as_py() or 0) <= _LONGEST:
        return map(_text, values.to_pylist())
    sizes = (value.as_buffer().size for value in values)
    return [
        _TOO_LONG if size > _LONGEST else _text(value.as_py())
        for size, value in zip(sizes, values, strict=True)
    ]


def _text(value: object) -> str:
    return "" if value is None else str(value)

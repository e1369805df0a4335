"""Parquet files, a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from cartcli.errors import CartError
from cartcli.merchant.importing.bounds import BATCH, COLUMNS, UNPACKED
from cartcli.merchant.importing.offer import Table
from cartcli.merchant.importing.source import NOTHING_WRITTEN, Source


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
        file = parquet.ParquetFile(source.seekable())
        _check_size(file.metadata)
    except Exception as error:  # pyarrow's own, and OSError
        raise source.refused(f"it is not a well-formed Parquet file: {error}") from None
    return Table(file.schema_arrow.names, _rows(source, file), "row")


def _check_size(metadata: Any) -> None:
    """ValueError when a part of the file would fill the memory."""
    if metadata.num_columns > COLUMNS:
        raise ValueError(f"it has more than {COLUMNS:,} columns")
    for number in range(metadata.num_row_groups):
        if (size := metadata.row_group(number).total_byte_size) > UNPACKED:
            raise ValueError(f"it would take {size:,} bytes, and at most {UNPACKED:,} are taken")


def _rows(source: Source, file: Any) -> Iterator[tuple[int, Sequence[str] | str]]:
    number = 0
    batches = file.iter_batches(batch_size=BATCH)
    while True:
        try:
            batch = next(batches, None)
        except Exception as error:
            raise source.refused(f"it is not a well-formed Parquet file: {error}") from None
        if batch is None:
            return
        columns = [map(_text, column.to_pylist()) for column in batch.columns]
        for row in zip(*columns, strict=True):
            number += 1
            yield number, row


def _text(value: object) -> str:
    return "" if value is None else str(value)

"""How much of a supplier's file is taken at a time: no file, however small, fills the memory."""

from typing import Final

LINE: Final = 1 << 20  # bytes of one line of a delimited file, or of one cell of a spreadsheet
COLUMNS: Final = 16_384  # as many as Excel has
TEXTS: Final = 2_000_000  # different ones of a spreadsheet, which are all held at once
UNPACKED: Final = 512 << 20  # bytes of a packed file's content
DESCRIPTION: Final = 16 << 20  # bytes of the parts of a spreadsheet that are held whole
BATCH: Final = 200  # rows of Parquet at a time: a text of many rows is stored once there

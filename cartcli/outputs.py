"""The ways in which results are printed: a table for people, and the others for programs."""

from typing import Final

JSON: Final = ("json", "jsonl")  # jsonl: one value a line
OUTPUTS: Final = ("table", *JSON, "csv", "tsv")

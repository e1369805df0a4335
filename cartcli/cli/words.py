"""Words that several commands use."""

from __future__ import annotations

from cartcli.model import Line


def counted(count: int, noun: str) -> str:
    """ "1 cart", "2 carts"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def line_note(line: Line) -> str:
    """What has changed about the item since the line was put into its cart; else nothing."""
    if not line.sold:
        return "no longer sold"
    return f"changed from {line.was.decimal}" if line.was else ""

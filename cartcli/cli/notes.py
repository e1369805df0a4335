"""What has changed, since a line was put into its cart, about the item."""

from __future__ import annotations

from cartcli.model import Line


def line_note(line: Line) -> str:
    """In words, for people; empty when nothing has."""
    if not line.sold:
        return "no longer sold"
    return f"changed from {line.was.decimal}" if line.was else ""

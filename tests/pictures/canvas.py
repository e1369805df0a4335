"""A drawing in SVG whose colours follow the reader's, light or dark."""

from __future__ import annotations

from html import escape
from typing import Final

_STYLE: Final = """\
text { font: 14px system-ui, sans-serif; fill: #1f2328; }
.small { font-size: 12px; fill: #59636e; }
.strong { font-weight: 600; }
.box { fill: #f6f8fa; stroke: #59636e; stroke-width: 1.2; }
.line { fill: none; stroke: #59636e; stroke-width: 1.4; marker-end: url(#arrow); }
.arrow { fill: #59636e; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .small { fill: #9198a1; }
  .box { fill: #151b23; stroke: #9198a1; }
  .line { stroke: #9198a1; } .arrow { fill: #9198a1; }
}
.open { stroke: #388bfd; } .pending { stroke: #bf8700; } .purchased { stroke: #2ea043; }
"""
_ARROW: Final = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"'
    ' markerHeight="7" orient="auto"><path class="arrow" d="M0 0 8 4 0 8z"/></marker></defs>'
)


class Canvas:
    """So many pixels; `title` is read to those who do not see it."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self._size = width, height
        self._title = title
        self._parts: list[str] = []

    def box(self, x: int, y: int, width: int, height: int, *lines: str, kind: str = "") -> None:
        """A box with lines of text in its middle, the first of them strong."""
        place = f'x="{x}" y="{y}" width="{width}" height="{height}"'
        self._parts.append(f'<rect class="box {kind}" {place} rx="8"/>'.replace(' "', '"'))
        top = y + height // 2 - 9 * (len(lines) - 1) + 5
        for number, line in enumerate(lines):
            style = "strong" if number == 0 else "small"
            self.text(x + width // 2, top + 18 * number, line, style, anchor="middle")

    def text(self, x: int, y: int, text: str, style: str = "small", anchor: str = "start") -> None:
        """A line of text."""
        self._parts.append(
            f'<text class="{style}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'
        )

    def arrow(self, *points: tuple[int, int]) -> None:
        """A line through the points, which ends in an arrow."""
        path = " ".join(f"{x},{y}" for x, y in points)
        self._parts.append(f'<polyline class="line" points="{path}"/>')

    def curve(self, path: str) -> None:
        """A curve along an SVG path, which ends in an arrow."""
        self._parts.append(f'<path class="line" d="{path}"/>')

    def svg(self) -> str:
        """The drawing."""
        width, height = self._size
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
            f' width="{width}" height="{height}"><title>{escape(self._title)}</title>'
        )
        return "\n".join([head, f"<style>{_STYLE}</style>{_ARROW}", *self._parts, "</svg>\n"])

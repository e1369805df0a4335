"""A run of the command as it is seen on a terminal, played line by line: the run that the README
shows, whose every line its tests have seen."""

from __future__ import annotations

from html import escape
from typing import Final

from tests.cli.readme import Example, examples

_WIDTH, _LINE, _TOP, _LEFT = 760, 19, 46, 18
_TYPING: Final = 0.035  # seconds a character
_PAUSE: Final = 1.1  # after a command was typed, and after what it printed
_REST: Final = 5.0  # at the end, before it begins again
_STYLE: Final = """\
.screen { fill: #0d1117; stroke: #30363d; }
text { font: 13px ui-monospace, "SF Mono", Menlo, Consolas, monospace; fill: #e6edf3;
  white-space: pre; }
.typed { fill: #7ee787; } .status { fill: #9198a1; } .error { fill: #ffa198; }
.l { animation: linear infinite; }
@media (prefers-reduced-motion: reduce) { .l { animation: none !important; } }
"""


def drawing(readme: str) -> str:
    """The commands of the first block of the `readme`, played."""
    rows = [row for example in _first_block(readme) for row in _rows(example)]
    times, now = [], 0.5
    for kind, text in rows:
        times.append(now)
        now += _PAUSE + _TYPING * len(text) if kind == "typed" else 0.05
        now += _PAUSE if kind == "status" else 0
    whole = now + _REST
    height = _TOP + _LINE * len(rows) + 8
    frames = "".join(_frame(number, at / whole * 100) for number, at in enumerate(times))
    lines = "\n".join(
        f'<text class="l {kind}" style="animation-name:s{number};animation-duration:{whole:.2f}s"'
        f' x="{_LEFT}" y="{_TOP + _LINE * number}">{escape(text)}</text>'
        for number, (kind, text) in enumerate(rows)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
        f' width="{_WIDTH}" height="{height}"><title>A cart is filled, the answer to its payment is'
        " lost, and the same command finds the receipt</title>\n"
        f"<style>{_STYLE}{frames}</style>\n"
        f'<rect class="screen" x="1" y="1" width="{_WIDTH - 2}" height="{height - 2}" rx="10"/>\n'
        '<circle cx="20" cy="18" r="5" fill="#ff5f57"/><circle cx="38" cy="18" r="5"'
        ' fill="#febc2e"/><circle cx="56" cy="18" r="5" fill="#28c840"/>\n'
        f"{lines}\n</svg>\n"
    )


def _first_block(readme: str) -> list[Example]:
    block = readme[readme.index("```console") :]
    return [*examples(block[: block.index("\n```\n") + 5])]


def _rows(example: Example) -> list[tuple[str, str]]:
    """The lines of a command: what is typed, what it prints, and how it ends."""
    kind = "error" if example.status else "out"
    printed = [(kind, line) for line in example.printed.splitlines()]
    return [("typed", f"$ {example.source}"), *printed, ("status", f"exit {example.status}")]


def _frame(number: int, begins: float) -> str:
    before = max(begins - 0.01, 0)
    return (
        f"@keyframes s{number}{{0%,{before:.2f}%{{opacity:0}}{begins:.2f}%,99.5%{{opacity:1}}"
        "100%{opacity:0}}\n"
    )

"""Text without its HTML, read once from its start to its end: what a supplier writes takes as long
as it is, which cannot be said of `html.parser`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

_APART: Final = re.compile(
    "address|article|aside|blockquote|br|dd|div|dl|dt|figure|footer|h[1-6]|header|hr|li|main|nav"
    "|ol|p|pre|section|table|td|th|tr|ul"
)
_UNSEEN: Final = frozenset(("script", "style", "template", "title"))
_ENDS: Final = (".", ":", ";", ",", "!", "?", "…", "。")
_NAME: Final = re.compile(r"/?([a-zA-Z][^\s/>]*)")
_QUOTE_OR_END: Final = re.compile("[\"'>]")


def text_of(html: str) -> str:
    """What a reader of `html` sees, in one line; paragraphs and list items stay apart."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    blocks: list[list[str]] = [[]]
    unseen = 0
    for text, tag in _pieces(html):
        if text and not unseen:
            blocks[-1].append(unescape(text))
        name = tag.strip("/")
        if name in _UNSEEN:
            unseen = max(unseen - 1, 0) if tag.startswith("/") else unseen + 1
        elif _APART.fullmatch(name):
            blocks.append([])
    return _in_one_line("".join(block) for block in blocks)


def _in_one_line(blocks: Iterator[str]) -> str:
    parts: list[str] = []
    for block in blocks:
        words = " ".join(block.split())
        if words and parts:
            parts.append(" " if parts[-1].endswith(_ENDS) else "; ")
        if words:
            parts.append(words)
    return "".join(parts)


def _pieces(html: str) -> Iterator[tuple[str, str]]:
    """Each text with the name of the tag after it, in lower case: `p` or `/p`; "" for a comment,
    for what only looks like a tag, and at the end."""
    begin = position = 0
    while (start := html.find("<", position)) >= 0:
        name, end = _tag(html, start + 1)
        if end < 0:  # a lone character
            position = start + 1
            continue
        yield html[begin:start], name
        begin = position = end
    yield html[begin:], ""


def _tag(html: str, start: int) -> tuple[str, int]:
    """The name of the tag that begins after the `<` before `start`, and where it ends, at the
    latest with the text; -1 when this is none."""
    if html.startswith("!--", start):
        return "", _after(html, "-->", start + 3)
    if html.startswith(("!", "?"), start):
        return "", _after(html, ">", start)
    found = _NAME.match(html, start)
    if found is None:
        return "", -1
    closing = "/" if html.startswith("/", start) else ""
    return f"{closing}{found[1].lower()}", _tag_end(html, found.end())


def _tag_end(html: str, position: int) -> int:
    """Where a tag ends of which the attributes begin at `position`."""
    while mark := _QUOTE_OR_END.search(html, position):
        if mark[0] == ">":
            return mark.end()
        position = _after(html, mark[0], mark.end())
    return len(html)


def _after(html: str, mark: str, position: int) -> int:
    """Behind the next `mark`, or at the end of the text."""
    found = html.find(mark, position)
    return len(html) if found < 0 else found + len(mark)

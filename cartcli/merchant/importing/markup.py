"""Text without its HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

_APART: Final = re.compile(
    "address|article|aside|blockquote|br|dd|div|dl|dt|figure|footer|h[1-6]|header|hr|li|main|nav"
    "|ol|p|pre|section|table|td|th|tr|ul"
)
_UNSEEN: Final = frozenset(("script", "style", "template", "title"))
_ENDS: Final = (".", ":", ";", ",", "!", "?", "…", "。")


def text_of(html: str) -> str:
    """What a reader of `html` sees, in one line; paragraphs and list items stay apart."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    parser = _Text()
    try:
        parser.feed(html)
        parser.close()
    except AssertionError:  # how html.parser gives up on some broken declarations
        return " ".join(html.split())
    return parser.text()


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks = [""]
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif _APART.fullmatch(tag):
            self._blocks.append("")

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        if _APART.fullmatch(tag):
            self._blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif _APART.fullmatch(tag):
            self._blocks.append("")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._blocks[-1] += data

    def text(self) -> str:
        line = ""
        for block in self._blocks:
            words = " ".join(block.split())
            if words and line:
                line += " " if line.endswith(_ENDS) else "; "
            line += words
        return line

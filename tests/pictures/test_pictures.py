"""The pictures are up to date, and harmless wherever they are shown."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.pictures.__main__ import FOLDER, PICTURES, readme

_TEXT = "{http://www.w3.org/2000/svg}text"


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(_TEXT)]


@pytest.mark.parametrize("name", PICTURES)
def test_it_is_up_to_date(name: str) -> None:
    """Of what matplotlib draws, only the texts: the rest depends on the fonts there are."""
    kept, made = (FOLDER / name).read_text(encoding="utf-8"), PICTURES[name]()
    assert texts(kept) == texts(made)
    if name != "month.svg":
        assert kept == made


@pytest.mark.parametrize("name", PICTURES)
def test_it_is_a_picture_and_nothing_else(name: str) -> None:
    svg = (FOLDER / name).read_text(encoding="utf-8")
    assert len(svg) < 120_000
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
    assert tags.isdisjoint({"script", "image", "foreignObject", "a"})
    addresses = re.findall(r"https?://[^\"' <]+", svg)
    names = ("www.w3.org/", "purl.org/", "creativecommons.org/", "matplotlib.org/")  # of formats
    assert [one for one in addresses if not one.partition("//")[2].startswith(names)] == []
    assert "<svg" in svg[:2_000]


def test_each_is_shown_and_none_is_left_over() -> None:
    shown = set(re.findall(r"\(cartcli/help/pictures/([a-z]+\.svg)\)", readme()))
    assert shown == {*PICTURES} == {path.name for path in FOLDER.iterdir()}


def test_the_session_is_the_one_of_the_readme() -> None:
    lines = texts(PICTURES["session.svg"]())
    assert "exit 8" in lines
    assert lines[0].startswith("$ echo 'correct horse' | cart login")
    assert all(line in readme() for line in lines if not line.startswith("exit"))

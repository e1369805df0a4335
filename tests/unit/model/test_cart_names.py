"""Names of carts: what is one, what it is kept as, and which go."""

from __future__ import annotations

import pytest

from cartcli.errors import FixInput
from cartcli.model.cart_names import checked_name, holder_of, renamed
from cartcli.model.ids import is_name

CARTS = [f"cart {number}" for number in range(300)]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("home", "home"),
        (" Big shop ", "Big shop"),
        ("Ku\u0308che", "K\u00fcche"),
        ("買い物", "買い物"),
        ("2026-11", ""),
        ("week 47", "week 47"),
        ("x" * 40, "x" * 40),
        ("🛒", "🛒"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_a_name_as_it_is_kept(given: str, kept: str) -> None:
    if given == "2026-11":  # could be the start of an id
        with pytest.raises(FixInput, match="the start of an id"):
            checked_name(given)
    else:
        assert checked_name(given) == kept


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("x" * 41, "more than 40 characters"),
        ("cafe", "the start of an id"),
        ("3F2A", "the start of an id"),
        ("dead-beef", "the start of an id"),
        ("new", "too like 'new'"),
        ("NEW", "too like 'new'"),
        ("nwe", "too like 'new'"),
        ("--all", "begins with a hyphen"),
        ("-", "begins with a hyphen"),
        ("a\tb", "invisible"),
        ("ho\u200bme", "invisible"),
        ("ho\u202eme", "invisible"),
        ("my  cart", "two blanks"),
        ("a\x1b[2Jb", "invisible"),
        ("\ud800x", "invisible"),
    ],
)
def test_what_is_no_name(name: str, why: str) -> None:
    with pytest.raises(FixInput, match=why) as refused:
        checked_name(name)
    assert refused.value.hint == "Nothing was changed."


@pytest.mark.parametrize("start", ["3f2a", " 3F2A ", "3f2a81c0-1", "", " "])
def test_the_start_of_an_id_is_no_name(start: str) -> None:
    assert not is_name(start)


def test_names_of_what_is_bought_go_when_they_are_many() -> None:
    names = {cart: cart for cart in CARTS}
    after = renamed(names, "another", "home", {CARTS[0]})
    assert [*after] == [CARTS[0], *CARTS[-256:], "another"]
    assert holder_of(after, "HOME") == "another"
    assert holder_of(after, CARTS[1]) == ""

"""cart carts."""

from __future__ import annotations

from pathlib import Path

import pytest
from wcwidth import wcswidth

from tests.cli.conftest import NewCart, Run
from tests.helpers import CARD, PLATES, RICE, TEA, register, write_catalog


@pytest.fixture
def bought(cart: Run, new_cart: NewCart) -> str:
    """A purchased cart."""
    cart_id = new_cart({PLATES: 1})
    assert cart("checkout", cart_id, "--card", CARD).returncode == 0
    return cart_id


def ids(cart: Run, *args: str) -> list[str]:
    return [found["id"] for found in cart("carts", *args, "-o", "json").json]


def test_without_a_cart_there_is_an_empty_list(cart: Run) -> None:
    assert cart("carts", "-o", "json").stdout == "[]\n"
    shown = cart("carts")
    assert (shown.returncode, shown.stdout) == (0, "")
    assert shown.stderr.startswith("No carts.")


def test_unpurchased_ones_unless_asked(cart: Run, bought: str, new_cart: NewCart) -> None:
    first, second = new_cart({TEA: 1}), new_cart({RICE: 2})
    assert ids(cart) == [first, second]
    assert ids(cart, "--purchased") == [bought]
    assert ids(cart, "--all") == [bought, first, second]


def test_named_carts_whatever_their_state(cart: Run, bought: str, new_cart: NewCart) -> None:
    first = new_cart({TEA: 1})
    assert ids(cart, first[:8], bought[:8].upper()) == [first, bought]
    assert ids(cart, first, first[:9]) == [first]
    assert ids(cart, first[:8]) == [first]


@pytest.mark.parametrize("option", ["--purchased", "--all"])
def test_names_and_states_do_not_go_together(cart: Run, option: str) -> None:
    assert cart("carts", "abcd", option).returncode == 2


def test_a_heading_and_lines_for_people(cart: Run, bought: str, new_cart: NewCart) -> None:
    open_cart = new_cart({TEA: 2, PLATES: 1})
    ran = cart("carts", "--all", env={"COLUMNS": "80"})
    lines = ran.stdout.splitlines()
    headings = [line.split() for line in lines if line.startswith("Cart ")]
    assert headings == [
        ["Cart", bought[:8], "purchased", "39.47", "USD", "alice", "just", "now"],
        ["Cart", open_cart[:8], "open", "64.16", "USD", "alice", "just", "now"],
    ]
    assert max(map(wcswidth, lines)) <= 80
    (tea,) = [line for line in lines if line.startswith(TEA)]
    assert tea.split() == [TEA, "玉露", "green", "12.345", "USD", "2", "24.69", "USD"]


def test_another_users_cart_is_not_found(cart: Run, bought: str, shared: Path) -> None:
    register("bob", shared)
    for command in (("carts",), ("add",), ("remove",), ("checkout",)):
        more = {"add": (PLATES,), "remove": (PLATES,)}.get(command[0], ())
        ran = cart(*command, bought, *more)
        assert ran.returncode == 3, command
        assert ran.stderr.startswith(f"Error: there is no cart '{bought}'")
    assert ids(cart, "--all") == []


def test_a_changed_price_and_a_withdrawn_item_are_told(
    cart: Run, new_cart: NewCart, shared: Path
) -> None:
    cart_id = new_cart({TEA: 1, PLATES: 2})
    write_catalog(shared / "catalog.csv", [(TEA, "Gyokuro", "15", "")])
    (shown,) = cart("carts", "-o", "json").json
    tea, plates = shown["lines"]
    assert (tea["name"], tea["price"], tea["changed_from"], tea["sold"]) == (
        "Gyokuro",
        "15.00",
        "12.345",
        True,
    )
    assert (tea["name_changed_from"], plates["name_changed_from"]) == ("玉露 green tea", None)
    assert (plates["price"], plates["changed_from"], plates["sold"]) == ("39.47", None, False)
    table = cart("carts", cart_id[:8]).stdout
    assert "changed from" in table
    assert "no longer" in table


def test_a_long_list_is_read_in_pieces(cart: Run, new_cart: NewCart) -> None:
    ids = [new_cart({PLATES: number}) for number in range(1, 6)]
    seen: list[str] = []
    after: tuple[str, ...] = ()
    while True:
        ran = cart("carts", "--limit", "2", *after, "-o", "json")
        assert ran.returncode == 0
        seen += [one["id"] for one in ran.json]
        if not ran.stderr:
            break
        told = ran.notes.splitlines()
        assert told[0] == "There are more than 2 carts; see them with:"
        assert told[1] == f"cart carts --after {seen[-1][:8]}"
        after = ("--after", seen[-1][:8])
    assert seen == ids
    end = cart("carts", "--after", ids[-1])
    assert (end.returncode, end.stdout, end.stderr) == (0, "", "No carts.\n")
    assert cart("carts", "--limit", "5").stderr == ""


@pytest.mark.parametrize(
    "args",
    [("CART", "--limit", "1"), ("--limit", "0"), ("--after", "ab"), ("CART", "--after", "CART")],
)
def test_what_goes_with_no_list(cart: Run, new_cart: NewCart, args: tuple[str, ...]) -> None:
    cart_id = new_cart({PLATES: 1})
    ran = cart("carts", *(cart_id if word == "CART" else word for word in args))
    assert (ran.returncode, ran.stdout) == (2, "")

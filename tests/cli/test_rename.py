"""Carts that have names, in a shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import NewCart, Run, carts_in, contents_in, pay, states_in
from tests.cli.test_completion import complete
from tests.helpers import CARD, DECLINED_CARD, LOST_ANSWER_CARD, PLATES, TEA


def test_a_name_stands_for_the_cart_in_every_command(cart: Run, full: str, shared: Path) -> None:
    ran = cart("rename", full[:4], "groceries")
    assert ran.returncode == 0
    assert ran.stdout.startswith(f"Cart {full[:8]} (groceries)  open  ")
    assert ran.stderr == f"Cart {full[:8]} is called 'groceries' from now on.\n"
    assert cart("add", "groceries", TEA, "2").returncode == 0
    assert cart("set", "Groceries", TEA, "3").returncode == 0
    assert cart("remove", "GROCERIES", TEA, "1").returncode == 0
    assert contents_in(shared)[TEA] == 2
    shown = cart("carts", "groceries", "-o", "json").json
    assert [(one["id"], one["name"]) for one in shown] == [(full, "groceries")]
    assert cart("carts", "-o", "csv").stdout.splitlines()[1].endswith(",groceries")
    assert cart("copy", "groceries", "-o", "json").json["name"] is None
    assert cart("empty", "groceries").returncode == 0
    assert cart("delete", "groceries", "--yes").returncode == 0
    assert len(carts_in(shared)) == 1


def test_a_purchase_is_asked_for_again_by_its_name(cart: Run, full: str, shared: Path) -> None:
    assert cart("rename", full, "home").returncode == 0
    assert pay(cart, "home", DECLINED_CARD).returncode == 5
    assert pay(cart, "home", LOST_ANSWER_CARD).returncode == 8
    receipt = pay(cart, "home", CARD, "-o", "json")
    assert (receipt.returncode, receipt.json["cart"]) == (0, full)
    assert pay(cart, "home", CARD, "-o", "json").json == receipt.json
    assert cart("receipt", "home", "-o", "json").json == receipt.json
    assert cart("orders", "home", "-o", "json").json[0]["order"] == full
    assert states_in(shared) == ["purchased"]


def test_the_name_of_what_is_bought_goes_to_the_next_cart(
    cart: Run, full: str, new_cart: NewCart, shared: Path
) -> None:
    next_one = new_cart({TEA: 1})
    assert cart("rename", full, "home").returncode == 0
    taken = cart("rename", next_one, "home")
    assert (taken.returncode, taken.stdout) == (2, "")
    assert "has the name 'home' already" in taken.stderr
    assert pay(cart, "home", CARD).returncode == 0
    assert cart("add", "home", TEA).returncode == 6
    assert cart("rename", next_one, "home").returncode == 0
    assert cart("add", "home", TEA, "-o", "json").json["id"] == next_one
    assert cart("rename", "home", "").stderr.endswith("has no name any more.\n")
    assert cart("carts", "home").returncode == 3


@pytest.mark.parametrize(
    "name", ["", "cafe", "new", "nwe", "x" * 41, "a\tb", CARD, "4242 4242 4242 4242"]
)
def test_what_is_no_name(cart: Run, full: str, name: str) -> None:
    ran = cart("rename", full, name)
    if not name:
        assert ran.returncode == 0  # it had none
        return
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Nothing was changed." in ran.stderr
    assert CARD not in ran.stderr.replace(" ", "")
    assert cart("carts", full, "-o", "json").json[0]["name"] is None


def test_a_name_that_is_nearly_right_is_offered(cart: Run, full: str) -> None:
    assert cart("rename", full, "groceries").returncode == 0
    ran = cart("add", "grocreies", TEA)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "Did you mean 'groceries'?" in ran.stderr
    assert "Did you mean" not in cart("add", "unheard-of", TEA).stderr


def test_names_are_completed(cart: Run, full: str, new_cart: NewCart, shared: Path) -> None:
    assert cart("rename", full, "groceries").returncode == 0
    assert cart("rename", new_cart({PLATES: 1}), "two words").returncode == 0
    assert complete("bash", shared, "add", "gro") == ["groceries"]
    assert complete("bash", shared, "add", "two") == []

"""cart remove."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import NewCart, Run, contents_in
from tests.cli.test_add import NO_QUANTITIES, contents
from tests.helpers import PLATES, RICE, TEA, write_catalog


def test_some_then_all_of_a_line(cart: Run, new_cart: NewCart) -> None:
    cart_id = new_cart({PLATES: 5, TEA: 2})
    assert contents(cart("remove", cart_id, PLATES, "2", "-o", "json")) == {PLATES: 3, TEA: 2}
    assert contents(cart("remove", cart_id[:8], TEA, "2", "-o", "json")) == {PLATES: 3}
    empty = cart("remove", cart_id, PLATES, "-o", "json")
    assert (contents(empty), empty.json["total"], empty.json["state"]) == ({}, "0.00", "open")
    assert "(empty)" in cart("carts").stdout


def test_no_more_than_there_is(cart: Run, new_cart: NewCart, shared: Path) -> None:
    cart_id = new_cart({PLATES: 5})
    ran = cart("remove", cart_id, PLATES, "6")
    assert (ran.returncode, ran.stdout) == (6, "")
    assert f"cart {cart_id[:8]} holds 5 of {PLATES}, not 6" in " ".join(ran.stderr.split())
    hint = "Nothing was changed. Leave the quantity out to remove the whole line."
    assert hint in " ".join(ran.stderr.split())
    assert contents_in(shared) == {PLATES: 5}


@pytest.mark.parametrize("sku", [RICE, "NOTHING", "", "-"])
def test_what_is_not_in_the_cart(cart: Run, new_cart: NewCart, sku: str) -> None:
    cart_id = new_cart({PLATES: 5})
    ran = cart("remove", cart_id, sku)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert f"there is no {sku!r} in cart {cart_id[:8]}" in " ".join(ran.stderr.split())
    assert f"cart carts {cart_id[:8]}" in " ".join(ran.stderr.split())
    assert "Did you mean" not in ran.stderr


@pytest.mark.parametrize("quantity", NO_QUANTITIES[::4])
def test_what_is_no_quantity(cart: Run, new_cart: NewCart, shared: Path, quantity: str) -> None:
    cart_id = new_cart({PLATES: 5})
    assert cart("remove", cart_id, PLATES, "--", quantity).returncode == 2
    assert contents_in(shared) == {PLATES: 5}


@pytest.mark.parametrize(("ref", "status"), [("new", 3), ("abc", 2), ("abcdefab", 3)])
def test_names_of_carts(cart: Run, ref: str, status: int) -> None:
    assert cart("remove", ref, PLATES).returncode == status


def test_what_is_no_longer_sold_can_still_go(cart: Run, new_cart: NewCart, shared: Path) -> None:
    cart_id = new_cart({PLATES: 5, TEA: 1})
    write_catalog(shared / "catalog.csv", [(TEA, "Gyokuro", "15", "")])
    assert cart("add", cart_id, PLATES).returncode == 3
    assert contents(cart("remove", cart_id, PLATES, "1", "-o", "json")) == {PLATES: 4, TEA: 1}
    assert contents(cart("remove", cart_id, PLATES, "-o", "json")) == {TEA: 1}

"""Carts that are set, emptied, copied and deleted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import NewCart, Run, carts_in, contents_in, pay, states_in
from tests.cli.terminal import Terminal
from tests.helpers import CARD, LOST_ANSWER_CARD, PLATES, RICE, TEA, write_catalog


def test_a_quantity_is_set_whatever_it_was(cart: Run, new_cart: NewCart, shared: Path) -> None:
    cart_id = new_cart({PLATES: 5})
    for sku, quantity, contents in (
        (PLATES, "2", {PLATES: 2}),
        (TEA, "3", {PLATES: 2, TEA: 3}),
        (PLATES, "0", {TEA: 3}),
        (PLATES, "0", {TEA: 3}),
    ):
        ran = cart("set", cart_id, sku, quantity, "-o", "json")
        assert ran.returncode == 0
        assert {line["sku"]: line["quantity"] for line in ran.json["lines"]} == contents
        assert contents_in(shared) == contents


@pytest.mark.parametrize(
    ("sku", "quantity", "status"),
    [("NOTHING", "1", 3), (PLATES, "-1", 2), (PLATES, "1000000", 2), (PLATES, "1.5", 2)],
)
def test_what_cannot_be_set(
    cart: Run, new_cart: NewCart, shared: Path, sku: str, quantity: str, status: int
) -> None:
    cart_id = new_cart({TEA: 1})
    ran = cart("set", cart_id, sku, quantity)
    assert (ran.returncode, ran.stdout) == (status, "")
    assert contents_in(shared) == {TEA: 1}


def test_a_request_to_set_is_done_once(cart: Run, new_cart: NewCart, shared: Path) -> None:
    cart_id = new_cart({TEA: 1})
    assert cart("set", cart_id, TEA, "2", "--request-id", "a").returncode == 0
    assert cart("set", cart_id, TEA, "5").returncode == 0
    assert cart("set", cart_id, TEA, "2", "--request-id", "a").returncode == 0
    assert contents_in(shared) == {TEA: 5}


def test_a_cart_is_emptied_and_stays(cart: Run, full: str, shared: Path) -> None:
    ran = cart("empty", full, "-o", "json")
    assert (ran.returncode, ran.json["id"], ran.json["lines"]) == (0, full, [])
    assert (states_in(shared), contents_in(shared)) == (["open"], {})
    assert "(empty)" in cart("empty", full).stdout


def test_what_was_bought_is_bought_again(cart: Run, full: str, shared: Path) -> None:
    assert pay(cart, full, CARD).returncode == 0
    assert cart("empty", full).returncode == 6
    write_catalog(shared / "catalog.csv", [(PLATES, "Plates", "40", ""), (TEA, "Tea", "12", "")])
    again = cart("copy", full, "-o", "json").json
    assert (again["state"], again["total"]) == ("open", "64.00")
    assert [(line["sku"], line["quantity"]) for line in again["lines"]] == [(PLATES, 1), (TEA, 2)]
    assert [line["changed_from"] for line in again["lines"]] == [None, None]
    assert sorted(states_in(shared)) == ["open", "purchased"]


def test_what_is_no_longer_sold_is_not_dropped_in_silence(
    cart: Run, full: str, shared: Path
) -> None:
    write_catalog(shared / "catalog.csv", [(TEA, "Tea", "12", "")])
    refused = cart("copy", full)
    assert (refused.returncode, refused.stdout) == (6, "")
    assert f"is still sold: {PLATES}" in refused.stderr
    assert "--skip-unsold" in refused.stderr
    assert len(carts_in(shared)) == 1
    copied = cart("copy", full, "--skip-unsold", "-o", "json")
    assert [line["sku"] for line in copied.json["lines"]] == [TEA]
    write_catalog(shared / "catalog.csv", [(RICE, "Rice", "12", "")])
    none = cart("copy", full, "--skip-unsold")
    assert (none.returncode, none.stdout) == (6, "")
    assert "none of cart" in none.stderr
    assert "--skip-unsold" not in none.stderr


def test_an_empty_cart_is_not_copied(cart: Run, new_cart: NewCart) -> None:
    ran = cart("copy", new_cart({}))
    assert (ran.returncode, ran.stdout) == (6, "")
    assert "is empty" in ran.stderr


def test_carts_are_deleted_once_somebody_says_so(
    cart: Run, new_cart: NewCart, shared: Path
) -> None:
    ids = [new_cart({PLATES: number}) for number in (1, 2, 3)]
    asked = cart("delete", *ids[:2])
    assert (asked.returncode, asked.stdout) == (2, "")
    assert "--yes" in asked.stderr
    tried = cart("delete", *ids[:2], "--dry-run", "-o", "json")
    assert [one["id"] for one in tried.json] == ids[:2]
    assert json.loads(tried.stderr) == {"note": "2 carts would be deleted; nothing was changed."}
    assert len(carts_in(shared)) == 3
    gone = cart("delete", *ids[:2], "--yes", "-o", "json")
    assert (gone.returncode, [one["id"] for one in gone.json]) == (0, ids[:2])
    assert gone.notes == "2 carts deleted.\n"
    assert [one.id for one in carts_in(shared)] == ids[2:]
    assert cart("delete", ids[0], "--yes").returncode == 3


@pytest.mark.parametrize(("answer", "left"), [("y", 0), ("n", 1), ("", 1)])
def test_a_terminal_is_asked(new_cart: NewCart, shared: Path, answer: str, left: int) -> None:
    with Terminal("delete", new_cart({PLATES: 1}), store=shared) as terminal:
        terminal.answer("Delete 1 cart for good?", answer)
        assert terminal.end() == (130 if left else 0)
    assert len(carts_in(shared)) == left


def test_an_unknown_cart_keeps_all_of_them(cart: Run, new_cart: NewCart, shared: Path) -> None:
    cart_id = new_cart({PLATES: 1})
    assert cart("delete", cart_id, "abcdef", "--yes").returncode == 3
    assert len(carts_in(shared)) == 1


def test_what_was_charged_is_never_deleted(cart: Run, full: str, shared: Path) -> None:
    assert pay(cart, full, LOST_ANSWER_CARD).returncode == 8
    ran = cart("delete", full, "--yes")
    assert (ran.returncode, ran.stdout) == (6, "")
    assert states_in(shared) == ["purchased"]
    assert cart("delete", full, "--yes").returncode == 6

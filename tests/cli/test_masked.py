"""Whoever types a card number in the wrong place does not read it again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import NewCart, Run, pay
from tests.helpers import CARD, PASSWORD, write_catalog

WIDE = "".join(chr(0xFF10 + int(digit)) for digit in "4242")
WRITTEN = ["4242424242424242", "4242 4242 4242 4242", "4242.4242.4242.4242", " ".join([WIDE] * 4)]
PLACES = [
    "checkout CARD",
    "checkout CARD --card 3f2a",
    "checkout 3f2a CARD",
    "checkout 3f2a --expect-total CARD",
    "checkout 3f2a --cardCARD",
    "carts CARD",
    "add CARD MUG",
    "add new CARD",
    "add new MUG CARD",
    "remove CARD MUG",
    "catalog --sku CARD",
    "report CARD",
    "import CARD",
    "login CARD --password-stdin",
    "CARD",
    "--currency CARD carts",
    "carts -o CARD",
]


@pytest.mark.parametrize("output", ["table", "json"])
@pytest.mark.parametrize("place", PLACES)
def test_a_card_in_the_wrong_place(cart: Run, place: str, output: str) -> None:
    for number in WRITTEN:
        args = [arg.replace("CARD", number) for arg in place.split()]
        env = {"CART_OUTPUT": output, "COLUMNS": "200"}
        ran = cart(*args, env=env, input="no such password\n")
        assert ran.returncode not in (0, 1), (args, ran)
        said = ran.stdout + ran.stderr
        if output == "json" and "-o" not in args:
            said += str(json.loads(ran.stderr.splitlines()[-1]))
        assert "4242" not in said
        assert WIDE not in said


def test_in_words_of_their_own(cart: Run) -> None:
    for args in (["checkout", "3f2a", *["4242"] * 4], ["carts", *["42424242"] * 2]):
        ran = cart(*args)
        assert ran.returncode in (2, 3)
        assert ran.stderr.count("4242") <= 2  # a part of it, at most


def test_a_sku_that_looks_like_a_card_is_named_where_it_is_known(
    cart: Run, new_cart: NewCart, shared: Path
) -> None:
    sku = "4242424242424242"
    write_catalog(shared / "catalog.csv", [(sku, "Mug", "3.00", "")])
    mistyped = cart("add", "new", sku[:-1] + "9")
    assert f"Did you mean {sku}?" in mistyped.stderr
    assert f"{sku[:-1]}9" not in mistyped.stderr
    cart_id = new_cart({sku: 1})
    write_catalog(shared / "catalog.csv", [("POT", "Pot", "3.00", "")])
    gone = pay(cart, cart_id, CARD)
    assert gone.returncode == 6
    assert f"cart remove {cart_id[:8]} {sku}\n" in gone.stderr


@pytest.mark.parametrize("command", ["login", "demo"])
def test_no_user_is_called_like_a_card(cart: Run, shared: Path, command: str) -> None:
    args = {
        "login": ["login", "4242 4242 4242 4242", "--register", "--password-stdin"],
        "demo": ["demo", "--user", "4242 4242 4242 4242"],
    }
    ran = cart(*args[command], input=PASSWORD)
    assert ran.returncode == 2
    assert "a card's number is no name for a user" in " ".join(ran.stderr.split())
    assert "4242" not in "".join((ran.stdout + ran.stderr).split())
    assert [path.stem for path in (shared / "users").iterdir() if "4242" in path.name] == []

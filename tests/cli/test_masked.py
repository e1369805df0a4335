"""Whoever types a card number in the wrong place does not read it again."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Run

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

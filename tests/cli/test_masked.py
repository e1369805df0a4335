"""Whoever types a card number in the wrong place does not read it again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cartcli.cli.bar import _bar
from tests.cli.conftest import NewCart, Run, pay
from tests.cli.terminal import Terminal
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
    "settle CARD",
    "settle --all --older-than CARD",
    "sessions --revoke CARD",
    "forget CARD --yes",
    "role CARD merchant",
    "role bob CARD",
    "passwd CARD --password-stdin",
    "config set catalog CARD",
    "config set currency CARD",
    "restore CARD",
    "help CARD",
    "demo --seed CARDy",
    "prune --older-than CARD",
    "catalog --limit CARD.5",
    "report items --since CARD",
    "report --plot CARD",
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
            said += "".join(str(json.loads(line)) for line in ran.stderr.splitlines())
        assert "4242" not in said
        assert WIDE not in said


@pytest.mark.parametrize("output", ["table", "json", "csv"])
@pytest.mark.parametrize("number", [*WRITTEN, "42424242424242421227"])
def test_a_result_that_repeats_what_was_typed(
    cart: Run, tmp_path: Path, number: str, output: str
) -> None:
    place = str(tmp_path / number)
    ran = [
        cart("backup", place, "-o", output),
        cart("restore", place, "--replace", "-o", output),
        cart("config", "--store", place, "-o", output),
    ]
    assert [one.returncode for one in ran] == [0, 0, 0]
    said = "".join(one.stdout + one.stderr for one in ran)
    assert "a card number" in "".join(one.stdout + one.stderr for one in ran)
    assert "4242" not in said
    assert WIDE not in said


def test_the_label_of_a_bar() -> None:
    bar = _bar("Reading 4242424242424242\x1b[J.csv", 10)
    assert bar.label == "Reading a card number\\x1b[J.csv"


def test_a_question(shared: Path) -> None:
    with Terminal("forget", "4242 4242 4242 4242", store=shared) as terminal:
        terminal.answer("Forget a card number for good?", "n")
        assert terminal.end() == 130
    assert "4242" not in terminal.shown


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

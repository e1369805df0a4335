"""The payer's means, as a command is given them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, states_in
from tests.cli.terminal import Terminal
from tests.helpers import CARD

SEEN = "other users of this machine can see the card number"


@pytest.fixture
def card_file(tmp_path: Path) -> str:
    path = tmp_path / "card.txt"
    path.write_text(f"{CARD}\nsomething else\n")
    return str(path)


def test_the_card_in_a_file(cart: Run, full: str, shared: Path, card_file: str) -> None:
    ran = cart("checkout", full, "--card-file", card_file)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert states_in(shared) == ["purchased"]


def test_the_file_may_be_standard_input(cart: Run, full: str) -> None:
    ran = cart("checkout", full, "--card-file", "-", input=f"{CARD}\n")
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b"\n", b"4242\n"])
def test_a_file_without_a_card(
    cart: Run, full: str, shared: Path, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "card.txt"
    if content is not None:
        path.write_bytes(content)
    ran = cart("checkout", full, "--card-file", str(path))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "This command charged nothing." in ran.stderr
    assert states_in(shared) == ["open"]


def test_a_number_that_everybody_can_see_is_warned_of(cart: Run, full: str) -> None:
    assert SEEN in cart("checkout", full, "--card", CARD).stderr


@pytest.mark.parametrize(
    "args",
    [
        ["--card", "-", "--card-file", "-"],
        ["--card", CARD, "--token", "tok"],
        ["--card-file", "x", "--token", "-"],
    ],
)
def test_one_of_them_is_enough(cart: Run, full: str, shared: Path, args: list[str]) -> None:
    ran = cart("checkout", full, *args, input=CARD)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "give one of them" in ran.stderr
    assert SEEN not in ran.stderr
    assert states_in(shared) == ["open"]


def test_the_embedded_processor_takes_no_tokens(cart: Run, full: str, shared: Path) -> None:
    for args, given in ((["--token", "pm_1"], ""), (["--token", "-"], "pm_1\n")):
        ran = cart("checkout", full, *args, input=given)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "charged nothing" in ran.stderr
        assert "pm_1" not in ran.stderr
    assert states_in(shared) == ["open"]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["checkout", "CART"], "--card"),
        (["login", "carol"], "--password-stdin"),
        (["passwd"], "--password-stdin"),
        (["delete", "CART"], "--yes"),
        (["forget", "alice"], "--yes"),
    ],
)
def test_nothing_is_asked_when_that_is_forbidden(
    full: str, shared: Path, args: list[str], told: str
) -> None:
    """Not even on a terminal: it fails at once, and names what to give."""
    words = [full if word == "CART" else word for word in args]
    with Terminal(*words, "--no-input", store=shared) as terminal:
        assert terminal.end() == 2
        assert told in terminal.shown
    assert states_in(shared) == ["open"]

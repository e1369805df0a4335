"""What is said of an error: a number that may be a card's is masked, a cart's id is not."""

from __future__ import annotations

import json

import click
import pytest

from cartcli.cli.failures import tell
from cartcli.errors import FinishPayment, FixInput, GiveCard

ARGS = ["checkout", "31415926", "--card", "-"]


def test_an_id_of_nothing_but_digits_is_no_card(capfd: pytest.CaptureFixture[str]) -> None:
    assert tell(GiveCard("cart 31415926 comes to 17.80 USD and no card was given"), ARGS) == 2
    assert "cart 31415926 comes to 17.80 USD" in capfd.readouterr().err


@pytest.mark.parametrize(
    "error",
    [
        click.UsageError("Got unexpected extra argument (4242424242424242)"),
        click.UsageError("No such option: --card4242424242424242"),
        FixInput("'4242 4242 4242 4242' is no cart"),
    ],
    ids=str,
)
def test_a_card_is_masked(error: Exception, capfd: pytest.CaptureFixture[str]) -> None:
    assert tell(error, ARGS) == 2
    said = capfd.readouterr().err
    assert "a card number" in said
    assert "4242" not in said


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (ARGS, "never charges twice"),
        (["store", "upgrade"], "The same command goes on where this one was stopped."),
    ],
)
def test_what_an_interrupt_leaves_is_told(
    args: list[str], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert tell(KeyboardInterrupt(), args) == 130
    assert said in " ".join(capfd.readouterr().err.split())
    assert tell(KeyboardInterrupt(), ["carts"]) == 130
    assert capfd.readouterr().err == "Error: interrupted\n"


def test_the_address_where_somebody_acts_stays_whole(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"https://pay.example/{'a b ' * 40}"
    error = FinishPayment("it is not finished", "", cart="3f2a", waiting_for="you", url=url)
    monkeypatch.setenv("COLUMNS", "40")
    assert tell(error, ARGS) == 8
    assert f"\n  {url}\n" in capfd.readouterr().err
    monkeypatch.setenv("CART_OUTPUT", "json")
    assert tell(error, ARGS) == 8
    told = json.loads(capfd.readouterr().err)
    assert (told["error"], told["waiting_for"], told["url"]) == ("payment_unknown", "you", url)
    assert told["until"] is None

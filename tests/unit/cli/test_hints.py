"""From an error to what its user can type."""

from __future__ import annotations

from typing import Final

import pytest

from cartcli import Money
from cartcli.cli.hints import hint_for
from cartcli.errors import (
    AskMerchant,
    CartError,
    CheckOutAgain,
    ChooseExisting,
    FinishPayment,
    FixInput,
    GiveCard,
    LogIn,
    RepairStore,
    RestoreData,
    RetryLater,
    ReviewCart,
    UseAnotherCard,
    WaitForPayment,
)

ID: Final = "3f2a81c0-0000-4000-8000-000000000000"
TOTAL: Final = Money("17.80", "USD")
URL: Final = "https://pay.example/a?b=1&c='2'"
UNTOUCHED: Final = "Nothing was changed."


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (GiveCard("", UNTOUCHED, cart=ID, amount=TOTAL), "Give the card's number with --card."),
        (
            FixInput("", UNTOUCHED, catalog="c.csv", line=3),
            "Correct the file, or name another one with --catalog.",
        ),
        (
            FixInput("", UNTOUCHED, catalog="c.csv"),
            "Name another file with --catalog; let a shop sell from it with:\n"
            "  cart config set catalog FILE",
        ),
        (
            FixInput("", UNTOUCHED, catalog="c.csv", merge=True),
            "Correct it, or replace it: import without --merge.",
        ),
        (ChooseExisting("", UNTOUCHED, sku="MUGS"), "See all with: cart catalog"),
        (
            ChooseExisting("", UNTOUCHED, cart=ID, sku="MUGS"),
            "See what is in it with: cart carts 3f2a81c0",
        ),
        (
            ChooseExisting("", UNTOUCHED, cart="3f2a"),
            "List the carts there are with: cart carts --all",
        ),
        (
            ReviewCart("", UNTOUCHED, cart=ID, sku="A B"),
            "Take it out:\n  cart remove 3f2a81c0 'A B'",
        ),
        (
            ReviewCart("", UNTOUCHED, cart=ID, sku="A B", quantity=2),
            "Leave the quantity out to remove the whole line.",
        ),
        (
            ReviewCart("", UNTOUCHED, cart=ID, amount=TOTAL, expected=TOTAL),
            "Look at the cart again: cart carts",
        ),
        (
            ReviewCart("", UNTOUCHED, cart=ID, currency="EUR"),
            "Use --currency EUR, or start a new cart.",
        ),
        (
            AskMerchant("", UNTOUCHED, user="alice"),
            "Ask the merchant, or log in as one: cart login USER",
        ),
        (LogIn("", UNTOUCHED, session="over"), "Log in with: cart login USER"),
        (
            LogIn("", UNTOUCHED, user="alice"),
            "A new user registers with: cart login USER --register",
        ),
        (UseAnotherCard("", UNTOUCHED, cart=ID), "Use another card:\n  cart checkout 3f2a81c0"),
        (CheckOutAgain("", UNTOUCHED, cart=ID), "Settle it with: cart checkout 3f2a81c0"),
        (
            FinishPayment("", UNTOUCHED, cart=ID, amount=TOTAL, waiting_for="", url=URL),
            f"Go on at:\n  {URL}\n"
            "Find out how it ended with the same command:\n  cart checkout 3f2a81c0",
        ),
        (
            FinishPayment("", UNTOUCHED, cart=ID, amount=TOTAL, waiting_for="", url="", until=None),
            "Find out how it ended with the same command:\n  cart checkout 3f2a81c0",
        ),
        (
            FixInput("", UNTOUCHED, replace="/s"),
            "Name another store with --store, or put the backup in its place, which keeps it under"
            " another name, with --replace.",
        ),
        (
            RepairStore("", UNTOUCHED, path="/it's/carts", store="/it's"),
            "Keep them out with:\n  chmod -R go-w '/it'\"'\"'s'",
        ),
        (
            RestoreData("", UNTOUCHED, path="/s/a b", open="/s/a b"),
            "Keep them out with:\n  chmod go-w '/s/a b'",
        ),
        (RepairStore("", UNTOUCHED, path="/s/carts"), "Name another store with --store."),
        (CartError("", UNTOUCHED, extra="excel"), "Install it:\n  pip install 'cartcli[excel]'"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, CartError) else "",
)
def test_what_to_type_follows_what_was_left_untouched(error: CartError, advice: str) -> None:
    assert hint_for(error) == f"{UNTOUCHED} {advice}"


@pytest.mark.parametrize(
    "error",
    [
        CartError("", UNTOUCHED),
        RetryLater("", UNTOUCHED),
        WaitForPayment("", UNTOUCHED, cart=ID),
        RestoreData("", UNTOUCHED, path="/a"),
        ReviewCart("", UNTOUCHED, cart=ID),
        ChooseExisting("", UNTOUCHED, sku="MUGS", similar=["MUG"]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_where_there_is_nothing_to_type_the_hint_stays(error: CartError) -> None:
    assert hint_for(error) == UNTOUCHED


def test_more_of_an_id_is_looked_up_in_the_list() -> None:
    hint = hint_for(FixInput("", "Give at least 4 characters of its id.", cart="3f"))
    assert hint == "Give at least 4 characters of its id; list the carts with: cart carts --all"


def test_an_unknown_outcome_is_found_out_by_the_same_command() -> None:
    hint = "Find out how it ended, without being charged twice, by checking out again."
    assert hint_for(CheckOutAgain("", hint, cart=ID, amount=TOTAL)) == (
        "Find out how it ended, without being charged twice, with the same command:\n"
        "  cart checkout 3f2a81c0"
    )


def test_a_store_of_an_older_version_is_upgraded() -> None:
    hint = "Nothing was changed. Upgrade the store."
    assert hint_for(RepairStore("", hint, store="/shop", outdated=True)) == (
        "Nothing was changed. Upgrade the store with:\n  cart store upgrade"
    )


def test_a_restore_that_was_stopped_is_made_again() -> None:
    hint = "Nothing was changed. To go on, restore the backup again."
    assert hint_for(RepairStore("", hint, restoring="/shop")) == (
        "Nothing was changed. To go on, restore the backup again with:\n  cart restore DIR"
    )


def test_whose_turn_it_is_goes_without_the_words_of_the_core() -> None:
    hint = (
        "Nobody was charged yet. Checking out again goes on waiting, or finds out how it ended;"
        " a change of the cart cancels it."
    )
    shown = hint_for(FinishPayment("", hint, cart=ID, amount=TOTAL, url="https://a/\x1b[2J"))
    assert shown == (
        "Nobody was charged yet. A change of the cart cancels it. Go on at:\n"
        "  https://a/\\x1b[2J\n"
        "Find out how it ended with the same command:\n"
        "  cart checkout 3f2a81c0"
    )


def test_the_data_of_a_shop_is_no_word_of_ours() -> None:
    error = ReviewCart("", "This call charged nothing.", cart=ID, sku="This call")
    assert hint_for(error) == (
        "This command charged nothing. Take it out:\n  cart remove 3f2a81c0 'This call'"
    )


def test_a_call_is_a_command_in_a_shell() -> None:
    assert hint_for(CartError("", "This call charged nothing.")) == "This command charged nothing."


def test_a_sku_that_looks_like_an_option_can_be_typed() -> None:
    error = ReviewCart("it is no longer sold", cart="6f1c0d5e-8a43", sku="-x")
    assert hint_for(error).endswith("cart remove 6f1c0d5e -- -x")

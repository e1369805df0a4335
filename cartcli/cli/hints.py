"""From an error to what its user can type: the words of a shell, which the errors do not know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from shlex import join, quote, split
from typing import Final, NamedTuple

from cartcli import errors
from cartcli.errors import CartError
from cartcli.model.ids import short_id

# Sentences of the core, and what they are in a shell, where a call is a command.
_HERE: Final = {
    "This call charged nothing.": "This command charged nothing.",
    "This call charged nothing more.": "This command charged nothing more.",
    "This call changed nothing.": "This command changed nothing.",
    "Make it again when the payment has ended.": "Run it again when the payment has ended.",
    "Make it again when they are done.": "Run it again when they are done.",
    "Checking out again goes on waiting, or finds out how it ended; a change of the cart cancels"
    " it.": "A change of the cart cancels it.",
    "Find out how it ended, without being charged twice, by checking out again.": (
        "Find out how it ended, without being charged twice, with the same command:"
    ),
    "Upgrade the store.": "Upgrade the store with:",
    "Stop what uses the store, and make it again.": "Stop what uses the store, and run it again.",
    "restore the backup again.": "restore the backup again with:",
    "Give at least 4 characters of its id.": (
        "Give at least 4 characters of its id; list the carts with: cart carts --all"
    ),
}


class _Advice(NamedTuple):
    """What to type after an error of the class `kind` that has these `facts`. Lines to copy are
    indented."""

    kind: type[CartError]
    facts: frozenset[str]
    text: str


def _advice(kind: type[CartError], facts: str, text: str) -> _Advice:
    return _Advice(kind, frozenset(facts.split()), text)


_GO_ON: Final = "Find out how it ended with the same command:\n  cart checkout {cart}"

# The first that fits counts.
_TABLE: Final = (
    _advice(errors.GiveCard, "", "Give the card's number with --card."),
    _advice(errors.FixInput, "merge", "Correct it, or replace it: import without --merge."),
    _advice(
        errors.FixInput, "catalog line", "Correct the file, or name another one with --catalog."
    ),
    _advice(
        errors.FixInput,
        "catalog",
        "Name another file with --catalog; let a shop sell from it with:\n"
        "  cart config set catalog FILE",
    ),
    _advice(errors.FixInput, "sells_in", "Leave --currency out."),
    _advice(
        errors.FixInput,
        "sells_from",
        "Leave --catalog out, or let it sell from there:\n  cart config set catalog {other}",
    ),
    _advice(errors.ChooseExisting, "cart sku", "See what is in it with: cart carts {cart}"),
    _advice(errors.ChooseExisting, "sku similar", ""),
    _advice(errors.ChooseExisting, "sku", "See all with: cart catalog"),
    _advice(errors.ChooseExisting, "cart", "List the carts there are with: cart carts --all"),
    _advice(errors.ChooseExisting, "order", "List the orders there are with: cart orders"),
    _advice(errors.ChooseExisting, "customer", "See who bought with: cart report customers"),
    _advice(errors.ChooseExisting, "user", "A new user registers with: cart login USER --register"),
    _advice(errors.ChooseExisting, "session", "List the sessions there are with: cart sessions"),
    _advice(errors.ReviewCart, "unsold skip", "Leave it out with --skip-unsold."),
    _advice(errors.ReviewCart, "sku quantity", "Leave the quantity out to remove the whole line."),
    _advice(errors.ReviewCart, "sku", "Take it out:\n  cart remove {cart} {sku}"),
    _advice(errors.ReviewCart, "receipt", ""),
    _advice(errors.ReviewCart, "expected", "Look at the cart again: cart carts"),
    _advice(errors.ReviewCart, "currency", "Use --currency {currency}, or start a new cart."),
    _advice(errors.AskMerchant, "", "Ask the merchant, or log in as one: cart login USER"),
    _advice(
        errors.LogIn,
        "wanted",
        "Leave --user and CART_USER out, or log in with:\n  cart login {wanted}",
    ),
    _advice(errors.LogIn, "user", "A new user registers with: cart login USER --register"),
    _advice(errors.LogIn, "session", "Log in with: cart login USER"),
    _advice(errors.UseAnotherCard, "cart", "Use another card:\n  cart checkout {cart}"),
    _advice(errors.FinishPayment, "cart url", f"Go on at:\n  {{url}}\n{_GO_ON}"),
    _advice(errors.FinishPayment, "cart", _GO_ON),
    _advice(errors.CheckOutAgain, "cart user", "Find out how it ended with:\n  cart settle {cart}"),
    _advice(errors.CheckOutAgain, "cart amount", "\n  cart checkout {cart}"),
    _advice(errors.CheckOutAgain, "cart", "Settle it with: cart checkout {cart}"),
    _advice(
        errors.FixInput,
        "replace",
        "Name another store with --store, or put the backup in its place, which keeps it under"
        " another name, with --replace.",
    ),
    _advice(errors.RestoreData, "open", "Keep them out with:\n  chmod go-w {open}"),
    _advice(errors.RepairStore, "restoring", "\n  cart restore DIR"),
    _advice(errors.RepairStore, "outdated", "\n  cart store upgrade"),
    _advice(
        errors.RepairStore,
        "currencies",
        "Tell it, for example:\n  cart config set currency {currency}",
    ),
    _advice(errors.RepairStore, "store", "Keep them out with:\n  chmod -R go-w {store}"),
    _advice(errors.RepairStore, "path", "Name another store with --store."),
    _advice(CartError, "extra", "Install it:\n  pip install 'cartcli[{extra}]'"),
)


_COMMAND: Final = r"(?m)(?:^  |: )(cart (?:--|[a-z]).*)$"
_STAND_FOR: Final = frozenset(("USER", "FILE", "DIR", "SKU", "CUR"))  # what only people know


def hint_for(error: CartError, *, whole_ids: bool = False) -> str:
    """What was left untouched, and what to type next: for people with the start of a cart's id."""
    hint = error.hint
    for sentence, here in _HERE.items():
        hint = hint.replace(sentence, here)
    facts = {name: value for name, value in error.facts.items() if value or name != "url"}
    fitting = (
        advice.text
        for advice in _TABLE
        if isinstance(error, advice.kind) and advice.facts <= facts.keys()
    )
    words = {name: _word(name, value, whole_ids) for name, value in facts.items()}
    advice = next(fitting, "").format(**words)
    between = "" if advice.startswith("\n") else " "
    return f"{hint}{between}{advice}".strip()


def with_flags(hint: str, flags: Sequence[str]) -> str:
    """The `hint`, its commands with the `flags` that say which store is meant, and who."""
    if not flags:
        return hint
    among = f"cart {join(flags)} "
    return re.sub(_COMMAND, lambda found: found[0].replace("cart ", among, 1), hint)


def next_of(hint: str) -> list[str] | None:
    """The arguments of the first command in the `hint` that can be run as it stands."""
    for found in re.finditer(_COMMAND, hint):
        words = split(found[1])
        if _STAND_FOR.isdisjoint(words):
            return words
    return None


def _word(name: str, value: object, whole_ids: bool) -> str:
    """The fact as an argument of a command; an address is for a browser."""
    if name == "url":
        from cartcli.cli.text import escaped

        return escaped(str(value))
    shortened = name == "cart" and not whole_ids
    word = quote(short_id(str(value)) if shortened else str(value))
    return f"-- {word}" if name == "sku" and word.startswith("-") else word

"""How carts and payments can disagree, each way made by hand, and what is said of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any, Final

from cartcli import Cart
from tests.helpers import BOB, DRONE, RICE
from tests.promises.damage.sample import Sample, rewrite, rewrite_cart

Record = dict[str, Any]
Tamper = Callable[[Sample], object]
Of = Callable[[Sample], Cart]


def bought(sample: Sample) -> Cart:
    return sample.purchased


def pending(sample: Sample) -> Cart:
    return sample.pending


def waiting(sample: Sample) -> Cart:
    return sample.waiting


def gift(sample: Sample) -> Cart:
    return sample.gift


def record_of(of: Of, change: Callable[[Record], object]) -> Tamper:
    """Changes the record of the cart."""

    def tamper(sample: Sample) -> None:
        cart = of(sample)
        bought = cart.state == "purchased"
        path = sample.purchased_file(cart) if bought else sample.open_file(cart.owner)
        rewrite_cart(path, cart, change)

    return tamper


def part(of: Of, place: str, **fields: object) -> Tamper:
    """Changes these fields of what is at the `place` in the record of the cart."""

    def change(record: Record) -> None:
        for name in place.split():
            record = record[name]
        record.update(fields)

    return record_of(of, change)


def _answer(of: Of, **fields: object) -> Tamper:
    """Changes the last answer for the cart."""
    return lambda sample: rewrite(
        sample.answers_file(of(sample)), lambda record: record["answers"][-1].update(fields)
    )


def _another_answer(of: Of, **fields: object) -> Tamper:
    """Adds an answer, but for these fields as the last one for the cart."""
    return lambda sample: rewrite(
        sample.answers_file(of(sample)),
        lambda record: record["answers"].append(record["answers"][-1] | fields),
    )


def _quote(sku: str, price: str, quantity: int, total: str) -> Record:
    """The quote of one line."""
    return {
        "lines": [[sku, "Something", price, quantity]],
        "entries": [["subtotal", "Subtotal", total], ["total", "Total", total]],
        "was": [],
    }


def _fewer_frozen(cart: Record) -> None:
    del cart["attempt"]["quote"]["lines"][0]


def _dearer_frozen(cart: Record) -> None:
    """Its entries come to the amount, and its lines do not."""
    cart["attempt"]["quote"]["lines"][0][2] = "50.00"


def _a_tax(cart: Record) -> None:
    cart["attempt"]["quote"]["entries"].insert(1, ["tax", "Tax", "1.00"])


def _charge_for_another(sample: Sample) -> None:
    """A cart that the gift could be: its answers are the purchased cart's."""
    path = sample.answers_file(sample.gift)
    path.parent.mkdir(exist_ok=True)
    shutil.copy(sample.answers_file(sample.purchased), path)
    rewrite(path, lambda record: record.update(cart=sample.gift.id))


def _give_to_bob(sample: Sample) -> None:
    path = sample.purchased_file(sample.purchased._replace(owner=BOB.owner))
    shutil.copy(sample.purchased_file(sample.purchased), path)
    rewrite(path, lambda record: record.update(owner=BOB.owner))


def _misfile(sample: Sample) -> None:
    path = sample.answers_file(sample.purchased)
    other = path.parents[1] / "zz"
    other.mkdir()
    path.rename(other / path.name)


_OTHER_KEY: Final = {"key": "a" * 32, "reference": "a" * 32}
REOPENED: Final = {"state": "open", "attempt": None}
_OTHER_FROZEN: Final = "lists other lines than were frozen when it was marked"
_CHARGED_OTHERS: Final = "charged for other lines than were frozen when it was marked"

# What is done to the store, whose cart is then named (None: a file is), and what is said of it.
DISAGREEMENTS: Final[dict[str, tuple[Tamper, Of | None, str]]] = {
    "charged twice": (
        _another_answer(bought, **_OTHER_KEY, id="pay_again"),
        bought,
        "charged 2 times",
    ),
    "pending, but charged twice": (
        _another_answer(pending, **_OTHER_KEY, id="pay_again"),
        pending,
        "charged 2 times",
    ),
    "open, but charged": (
        record_of(pending, lambda cart: cart.update(REOPENED)),
        pending,
        "open, but charged 99.00 USD",
    ),
    "open, but charged after it waited": (
        lambda sample: (
            _answer(waiting, status="charged")(sample),
            record_of(waiting, lambda cart: cart.update(REOPENED))(sample),
        ),
        waiting,
        "open, but charged 146.90 USD",
    ),
    "pending with another amount": (
        _answer(pending, amount="98.00", quote=_quote(DRONE, "49.00", 2, "98.00")),
        pending,
        "pending with 99.00 USD, but charged 98.00 USD",
    ),
    "pending with another amount of nobody knows what": (
        _answer(pending, amount="98.00", quote=None),
        pending,
        "pending with 99.00 USD, but charged 98.00 USD",
    ),
    "pending in another currency": (
        _answer(pending, currency="EUR"),
        pending,
        "pending with 99.00 USD, but charged 99.00 EUR",
    ),
    "pending, but charged for something else": (
        _answer(pending, quote=_quote(RICE, "99.00", 1, "99.00")),
        pending,
        _CHARGED_OTHERS,
    ),
    "frozen lines of another sum": (
        part(pending, "attempt", amount="1.00"),
        pending,
        "its frozen lines do not add up to 1.00 USD",
    ),
    "frozen lines of which one is dearer": (
        record_of(pending, _dearer_frozen),
        pending,
        "its frozen lines do not add up to 99.00 USD",
    ),
    "frozen entries that do not add up": (
        record_of(waiting, _a_tax),
        waiting,
        "its frozen lines do not add up to 146.90 USD",
    ),
    "other lines than frozen": (
        record_of(pending, lambda cart: cart.update(lines=[])),
        pending,
        _OTHER_FROZEN,
    ),
    "other prices when put in than frozen": (
        part(pending, "attempt quote", was=[[DRONE, "Drone", "1.00", 2]]),
        pending,
        _OTHER_FROZEN,
    ),
    "pending as a gift": (
        part(pending, "attempt", processor="none"),
        pending,
        "charged by 'embedded', but it was marked for 'none'",
    ),
    "purchased, never charged": (
        _answer(bought, status="declined"),
        bought,
        "purchased, but never charged",
    ),
    "purchased, but the bank is asking": (
        _answer(bought, status="waiting"),
        bought,
        "purchased, but never charged",
    ),
    "answers lost": (
        lambda sample: sample.answers_file(sample.purchased).unlink(),
        bought,
        "purchased, but never charged",
    ),
    "another amount charged": (
        _answer(bought, amount="1.00", quote=None),
        bought,
        "its receipt says 147.79 USD, but 1.00 USD was charged",
    ),
    "another quote charged": (
        _answer(bought, quote=_quote(RICE, "147.79", 1, "147.79")),
        bought,
        _CHARGED_OTHERS,
    ),
    "another payment named": (_answer(bought, id="pay_other"), bought, "not pay_other"),
    "no payment named": (
        part(bought, "receipt", payment=None),
        bought,
        "its receipt names the payment None, not pay_",
    ),
    "another key charged": (
        _answer(bought, **_OTHER_KEY),
        bought,
        "its receipt names the payment",
    ),
    "another key named": (
        part(bought, "receipt", key="0" * 32),
        bought,
        "its receipt is for another payment than it was marked for",
    ),
    "another reference named": (
        part(bought, "receipt", reference="0" * 32),
        bought,
        "its receipt names the payment",
    ),
    "another attempt than the receipt's": (
        part(bought, "attempt", **_OTHER_KEY),
        bought,
        "its receipt is for another payment than it was marked for",
    ),
    "an attempt that was never bound": (
        part(bought, "attempt", reference=""),
        bought,
        "its receipt is for another payment than it was marked for",
    ),
    "another card charged": (
        _answer(bought, last4="0000"),
        bought,
        "its receipt names another card than was charged",
    ),
    "another card named": (
        part(bought, "receipt", brand="amex"),
        bought,
        "its receipt names another card than was charged",
    ),
    "other lines bought than frozen": (record_of(bought, _fewer_frozen), bought, _OTHER_FROZEN),
    "a receipt of another sum": (
        part(bought, "receipt", amount="1.00"),
        bought,
        "its lines do not add up to 1.00 USD",
    ),
    "bought as a gift": (
        part(bought, "attempt", processor="none"),
        bought,
        "its receipt says 147.79 USD, and nothing was to be charged",
    ),
    "a gift that had its price": (
        part(gift, "receipt", amount="1.00"),
        gift,
        "its receipt says 1.00 USD, and nothing was to be charged",
    ),
    "a gift with a payment": (
        part(gift, "receipt", payment="pay_1"),
        gift,
        "its receipt names the payment pay_1, and there was none",
    ),
    "a gift that was charged": (
        _charge_for_another,
        gift,
        "charged by 'embedded', but it was marked for 'none'",
    ),
    "a gift that was none": (
        part(gift, "attempt", processor="embedded"),
        gift,
        "purchased, but never charged",
    ),
    "a capture without a cart": (
        lambda sample: sample.purchased_file(sample.purchased).unlink(),
        bought,
        "charged 147.79 USD, but there is no such cart",
    ),
    "one cart of two users": (_give_to_bob, bought, "two customers have a cart of this id"),
    "answers in the wrong folder": (_misfile, bought, "it is in the wrong folder"),
    "answers under another cart's name": (
        lambda sample: shutil.copy(
            sample.answers_file(sample.opened), sample.answers_file(sample.pending)
        ),
        pending,
        "it is of another cart",
    ),
}

"""The judge: what the books of a store may never say, and no command may ever do.

It knows no store. A reader (`readers/`) makes the books, for which a cart and an answer are plain
values, as design and README describe them: a cart with its `id`, `user`, `state`, `lines` [sku,
name, price, quantity] as put in, `currency`, `attempt` and `receipt`; an attempt with its `quote`,
whose lines are those that are charged; an answer with its `key`, `reference`, `id`, `cart`,
`status`, `amount`, `currency` and `quote`, None where the processor keeps none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

from tests.promises.faults.processes import Ended

STATUSES: Final = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130)
_CENT: Final = Decimal("0.01")

Record = dict[str, Any]


class Books(NamedTuple):
    """What a store says: the carts by id, the processor's answers by key, and what of them cannot
    be read, or is not where it belongs."""

    carts: dict[str, Record]
    answers: dict[str, Record]
    unreadable: list[str]

    def captures(self, cart_id: str) -> list[Record]:
        """The answers by which this cart is charged."""
        found = (answer for answer in self.answers.values() if answer["status"] == "charged")
        return [answer for answer in found if answer["cart"] == cart_id]

    def of_user(self, user: str) -> dict[str, Record]:
        """The user's carts by id."""
        return {key: cart for key, cart in self.carts.items() if cart["user"] == user}


def disagreements(books: Books) -> Iterator[str]:
    """What must never be, whatever was killed: each sentence is a broken promise."""
    yield from books.unreadable
    captures: dict[str, list[Record]] = defaultdict(list)
    for answer in books.answers.values():
        if answer["status"] == "charged":
            captures[answer["cart"]].append(answer)
    for cart_id, found in captures.items():
        if len(found) > 1:
            yield f"cart {cart_id} is charged {len(found)} times"
        if cart_id not in books.carts:
            yield f"{cart_id} is charged, and no such cart is there"
    for cart in books.carts.values():
        for problem in _wrong_with(cart, captures[cart["id"]]):
            yield f"cart {cart['id']}: {problem}"


def _wrong_with(cart: Record, captures: list[Record]) -> Iterator[str]:
    if (cart["attempt"] is None) != (cart["state"] == "open"):
        yield f"{cart['state']} with the attempt {cart['attempt']}"
    elif cart["state"] == "open":
        if captures:
            yield "open, but charged"
    else:
        yield from _wrong_with_attempt(cart, captures)
    if (cart["receipt"] is None) != (cart["state"] != "purchased"):
        yield f"{cart['state']} with the receipt {cart['receipt']}"
    elif cart["receipt"]:
        yield from _wrong_with_receipt(cart, captures)


def _wrong_with_attempt(cart: Record, captures: list[Record]) -> Iterator[str]:
    attempt = cart["attempt"]
    if _quantities(cart["lines"]) != _quantities(lines_of(attempt)):
        yield "its lines are not those of its attempt"
    if Decimal(attempt["amount"]) != total(lines_of(attempt)):
        yield f"its lines do not come to {attempt['amount']}"
    for capture in captures:
        if capture["key"] != attempt["key"]:
            yield "charged under another key than its attempt's"
        if capture["reference"] != attempt["reference"]:
            yield "charged under another reference than its attempt's"
        if capture["quote"] not in (None, attempt["quote"]):
            yield "charged for another quote than its attempt's"
        if Decimal(capture["amount"]) != Decimal(attempt["amount"]):
            yield f"{attempt['amount']} was frozen, but {capture['amount']} charged"
        if capture["currency"] != cart["currency"]:
            yield f"priced in {cart['currency']}, but charged in {capture['currency']}"


def _wrong_with_receipt(cart: Record, captures: list[Record]) -> Iterator[str]:
    receipt, attempt = cart["receipt"], cart["attempt"]
    if not captures:
        yield "purchased, but not charged"
    for capture in captures:
        if (capture["key"], capture["id"]) != (receipt["key"], receipt["payment"]):
            yield "its receipt names another payment"
        if Decimal(capture["amount"]) != Decimal(receipt["amount"]):
            yield f"its receipt says {receipt['amount']}, but {capture['amount']} was charged"
    if (receipt["key"], receipt["reference"]) != (attempt["key"], attempt["reference"]):
        yield "its receipt is of another attempt"


def lines_of(attempt: Record) -> list[list[Any]]:
    """The lines that an attempt charges."""
    lines: list[list[Any]] = attempt["quote"]["lines"]
    return lines


def _quantities(lines: list[list[Any]]) -> list[tuple[Any, Any]]:
    return [(sku, quantity) for sku, _, _, quantity in lines]


def total(lines: list[list[Any]]) -> Decimal:
    """What the lines [sku, name, price, quantity] come to, rounded once, half up, to cents."""
    exact = sum((Decimal(price) * quantity for _, _, price, quantity in lines), Decimal())
    return exact.quantize(_CENT, ROUND_HALF_UP)


def misbehaviour(ended: Ended) -> Iterator[str]:
    """What no command may do, whatever happens to it."""
    if not ended.killed and ended.status not in STATUSES:
        yield f"the exit status {ended.status} is not in the table"
    if "Traceback" in ended.stderr:
        yield f"a traceback: {ended.stderr}"
    failed = ended.status != 0 and not ended.killed
    if failed and ended.stdout:
        yield f"it failed with {ended.status}, and printed {ended.stdout!r}"
    if failed and not ended.stderr:
        yield f"it failed with {ended.status}, and said nothing"


def untrue_receipt(printed: Record, books: Books) -> Iterator[str]:
    """What a printed receipt says that the books do not."""
    cart = books.carts.get(printed["cart"])
    if cart is None or cart["receipt"] is None:
        yield "a receipt was printed for a cart that is not purchased"
        return
    for name in ("payment", "key", "reference", "amount", "brand", "last4", "purchased"):
        if printed[name] != cart["receipt"][name]:
            yield f"the receipt's {name} is {printed[name]}, not {cart['receipt'][name]}"
    if printed_lines(printed) != lines_of(cart["attempt"]):
        yield "the receipt lists other lines than were frozen"


def printed_lines(printed: Record) -> list[list[Any]]:
    """The lines of a cart or receipt in JSON, as they are stored."""
    return [[ln["sku"], ln["name"], ln["price"], ln["quantity"]] for ln in printed["lines"]]

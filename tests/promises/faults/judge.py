"""The judge: reads the files of a store by itself, not through the code that it judges."""

from __future__ import annotations

import json
import pickle
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.promises.faults.processes import Ended

STATUSES: Final = (0, 1, 2, 3, 4, 5, 6, 8, 9, 130)
_CENT: Final = Decimal("0.01")

Record = dict[str, Any]


class Books(NamedTuple):
    """What the files say: the carts by id, each with its `user`; the processor's answers by key;
    and what is wrong with the files themselves."""

    carts: dict[str, Record]
    answers: dict[str, Record]
    unreadable: list[str]

    @classmethod
    def of(cls, store: Path) -> Books:
        """Read every cart and every payment of `store`."""
        books = cls({}, {}, [])
        for folder in _folders(store / "carts"):
            books._read_owner(folder)
        for folder in _folders(store / "payments"):
            for path in sorted(folder.glob("*.json")):
                books._read_answer(path)
        return books

    def captures(self, order: str) -> list[Record]:
        """The charges of this cart."""
        found = (answer for answer in self.answers.values() if answer["status"] == "charged")
        return [answer for answer in found if answer["order"] == order]

    def of_user(self, user: str) -> dict[str, Record]:
        """The user's carts by id."""
        return {key: cart for key, cart in self.carts.items() if cart["user"] == user}

    def _read_owner(self, folder: Path) -> None:
        bought = {path.stem for path in (folder / "purchased").glob("*.pickle")}
        for cart in self._carts(folder / "open.pickle"):
            # The purchase is that the cart's own file appears; its old entry counts no more.
            if cart["state"] != "pending" or cart["id"] not in bought:
                self._add(folder, cart, ("open", "pending"))
        for cart_id in sorted(bought):
            for cart in self._carts(folder / "purchased" / f"{cart_id}.pickle"):
                self._add(folder, cart, ("purchased",))

    def _add(self, folder: Path, cart: Record, states: tuple[str, ...]) -> None:
        if cart["id"] in self.carts:
            self.unreadable.append(f"cart {cart['id']} is there twice")
        if cart["state"] not in states:
            self.unreadable.append(f"a cart that is {cart['state']} is in the wrong file")
        self.carts[cart["id"]] = {**cart, "user": folder.name}

    def _carts(self, path: Path) -> list[Record]:
        try:
            content = pickle.loads(path.read_bytes())
            carts: list[Record] = content["carts"]
        except FileNotFoundError:
            return []
        except Exception as error:  # whatever a torn file makes of pickle
            self.unreadable.append(f"{path}: {error!r}")
            return []
        return carts

    def _read_answer(self, path: Path) -> None:
        try:
            answer = json.loads(path.read_bytes())
        except ValueError as error:
            self.unreadable.append(f"{path}: {error!r}")
            return
        if answer["key"] != path.stem:
            self.unreadable.append(f"{path} is the answer to another key")
        self.answers[path.stem] = answer


def _folders(path: Path) -> list[Path]:
    return sorted(path.iterdir()) if path.is_dir() else []


def disagreements(books: Books) -> Iterator[str]:
    """What must never be, whatever was killed: each sentence is a broken promise."""
    yield from books.unreadable
    charges: dict[str, list[Record]] = defaultdict(list)
    for answer in books.answers.values():
        if answer["status"] == "charged":
            charges[answer["order"]].append(answer)
    for order, charged in charges.items():
        if len(charged) > 1:
            yield f"cart {order} is charged {len(charged)} times"
        if order not in books.carts:
            yield f"{order} is charged, and no such cart is there"
    for cart in books.carts.values():
        for problem in _wrong_with(cart, charges[cart["id"]]):
            yield f"cart {cart['id']}: {problem}"


def _wrong_with(cart: Record, charges: list[Record]) -> Iterator[str]:
    if (cart["attempt"] is None) != (cart["state"] == "open"):
        yield f"{cart['state']} with the attempt {cart['attempt']}"
    elif cart["state"] == "open":
        if charges:
            yield "open, but charged"
    else:
        yield from _wrong_with_attempt(cart, charges)
    if (cart["receipt"] is None) != (cart["state"] != "purchased"):
        yield f"{cart['state']} with the receipt {cart['receipt']}"
    elif cart["receipt"]:
        yield from _wrong_with_receipt(cart, charges)


def _wrong_with_attempt(cart: Record, charges: list[Record]) -> Iterator[str]:
    attempt = cart["attempt"]
    if cart["lines"] != attempt["lines"]:
        yield "its lines are not those of its attempt"
    if Decimal(attempt["amount"]) != total(attempt["lines"]):
        yield f"its lines do not come to {attempt['amount']}"
    for charge in charges:
        if charge["key"] != attempt["key"]:
            yield "charged under another key than its attempt's"
        if Decimal(charge["amount"]) != Decimal(attempt["amount"]):
            yield f"{attempt['amount']} was frozen, but {charge['amount']} charged"
        if charge["currency"] != cart["currency"]:
            yield f"priced in {cart['currency']}, but charged in {charge['currency']}"


def _wrong_with_receipt(cart: Record, charges: list[Record]) -> Iterator[str]:
    receipt, attempt = cart["receipt"], cart["attempt"]
    if not charges:
        yield "purchased, but not charged"
    for charge in charges:
        if (charge["key"], charge["id"]) != (receipt["key"], receipt["payment"]):
            yield "its receipt names another payment"
        if Decimal(charge["amount"]) != Decimal(receipt["amount"]):
            yield f"its receipt says {receipt['amount']}, but {charge['amount']} was charged"
    if receipt["lines"] != attempt["lines"]:
        yield "its receipt lists other lines than were frozen"


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
    """What a printed receipt says that the files do not."""
    cart = books.carts.get(printed["cart"])
    if cart is None or cart["receipt"] is None:
        yield "a receipt was printed for a cart that is not purchased"
        return
    for name in ("payment", "key", "amount", "brand", "last4", "purchased"):
        if printed[name] != cart["receipt"][name]:
            yield f"the receipt's {name} is {printed[name]}, not {cart['receipt'][name]}"
    if printed_lines(printed) != cart["attempt"]["lines"]:
        yield "the receipt lists other lines than were frozen"


def printed_lines(printed: Record) -> list[list[Any]]:
    """The lines of a cart or receipt in JSON, as they are stored."""
    return [[ln["sku"], ln["name"], ln["price"], ln["quantity"]] for ln in printed["lines"]]


def logged_in(store: Path) -> str:
    """Whose session the saved login is; nobody's: an empty string."""
    saved = store / "session.json"
    if not saved.exists():
        return ""
    session_id = json.loads(saved.read_bytes())["token"].partition(".")[0]
    session = json.loads((store / "sessions" / session_id[:2] / f"{session_id}.json").read_bytes())
    return str(session["user"]) if (store / "users" / f"{session['user']}.json").exists() else "?"

"""Reads a store in a folder: carts in pickles, the embedded processor's answers in JSON."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from tests.promises.faults.judge import Books, Record
from tests.promises.faults.pictures import Picture

_BYSTANDER: Final = "bob"


class FolderReader:
    """Reads the folder `store`, which is under the folder `attacked`."""

    def __init__(self, store: Path, attacked: Path) -> None:
        self._store = store
        self._attacked = attacked
        self.saved_login = store / "session.json"

    def books(self) -> Books:
        books = Books({}, {}, [])
        for folder in _listed(f"{self._store}/carts"):
            _read_owner(books, folder)
        self._read_payments(books)
        return books

    def _read_payments(self, books: Books) -> None:
        for folder in _listed(f"{self._store}/payments"):
            for path in _listed(folder, ".json"):
                _read_answers(books, path)

    def logged_in(self) -> str:
        if not self.saved_login.exists():
            return ""
        path = self._session(self.saved_login.read_bytes())
        user = str(json.loads(path.read_bytes())["user"])
        return user if (self._store / "users" / f"{user}.json").exists() else "?"

    def is_alive(self, login: bytes) -> bool:
        return self._session(login).exists()

    def _session(self, login: bytes) -> Path:
        token: str = json.loads(login)["token"]
        session_id = token.partition(".")[0]
        return self._store / "sessions" / session_id[:2] / f"{session_id}.json"

    def changed(self, before: Picture, may_change: Collection[str]) -> Iterator[str]:
        for name, data in before.files.items():
            if _is_final(name, may_change) and _content(f"{self._attacked}/{name}") != data:
                yield name


def holds_purchases(path: str) -> bool:
    """Whether this is a folder of purchased carts."""
    return path.endswith("/purchased")


def without_purchases(picture: Picture, user: str) -> Picture:
    """What the `picture` shows, if this user had not bought anything yet."""
    bought = f"/{user}/purchased"
    return Picture(
        tuple(path for path in picture.folders if not path.endswith(bought)),
        {path: data for path, data in picture.files.items() if f"{bought}/" not in path},
    )


def with_payments_of(newer: Picture, older: Picture) -> Picture:
    """The `older` picture with the payments of the `newer` one."""
    payments = {path: data for path, data in newer.files.items() if "/payments/" in path}
    folders = [path for path in newer.folders if "/payments" in path]
    return Picture(tuple(dict.fromkeys([*older.folders, *folders])), older.files | payments)


def _is_final(name: str, may_change: Collection[str]) -> bool:
    """Whether the file may not change: it is a payment, a purchased cart, or the bystander's."""
    if "/payments/" in name or "/purchased/" in name:
        return not name.endswith(".tmp")
    theirs = f"/{_BYSTANDER}/" in name or f"/{_BYSTANDER}.json" in name
    return theirs and _BYSTANDER not in may_change


def _read_owner(books: Books, folder: str) -> None:
    """Add one user's carts."""
    purchased = {_stem(path): path for path in _listed(f"{folder}/purchased", ".pickle")}
    for cart in _carts(books, f"{folder}/open.pickle"):
        # The purchase is that the cart's own file appears; its old entry counts no more.
        if cart["state"] != "pending" or cart["id"] not in purchased:
            _add(books, folder, cart, ("open", "pending"))
    for path in purchased.values():
        for cart in _carts(books, path):
            _add(books, folder, cart, ("purchased",))


def _add(books: Books, folder: str, cart: Record, states: tuple[str, ...]) -> None:
    if cart["id"] in books.carts:
        books.unreadable.append(f"cart {cart['id']} is there twice")
    if cart["state"] not in states:
        books.unreadable.append(f"a cart that is {cart['state']} is in the wrong file")
    books.carts[cart["id"]] = {**cart, "user": os.path.basename(folder)}


def _carts(books: Books, path: str) -> list[Record]:
    """The carts in the file; what cannot be read is noted in `books`."""
    data = _content(path)
    if data is None:
        return []
    try:
        carts: list[Record] = pickle.loads(data)["carts"]
    except Exception as error:  # whatever a torn file makes of pickle
        books.unreadable.append(f"{path}: {error!r}")
        return []
    return carts


def _read_answers(books: Books, path: str) -> None:
    """Add the embedded processor's answers for one cart; of each key the last one counts."""
    try:
        record = json.loads(_content(path) or b"")
    except ValueError as error:
        books.unreadable.append(f"{path}: {error!r}")
        return
    cart_id = record["cart"]
    if cart_id != _stem(path) or not path.endswith(f"/{cart_id[:2]}/{cart_id}.json"):
        books.unreadable.append(f"{path} has the answers for another cart")
    for answer in record["answers"]:
        known = books.answers.get(answer["key"])
        if known and (known["cart"] != cart_id or known["status"] != "waiting"):
            books.unreadable.append(f"{path}: {answer['key']} was answered twice")
        books.answers[answer["key"]] = {**answer, "cart": cart_id}


def _content(path: str) -> bytes | None:
    """What is in the file; None when it is not there."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def _listed(folder: str, suffix: str = "") -> list[str]:
    """The paths in the folder that end with `suffix`, in order; none when it is not there."""
    try:
        names = sorted(os.listdir(folder))
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in names if name.endswith(suffix)]


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]

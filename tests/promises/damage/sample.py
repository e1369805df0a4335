"""A store with every kind of file, and a writer that damages one and seals it rightly again."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from cartcli import Cart, Controller
from cartcli.cart_db import CartDb, open_cart_db
from cartcli.cart_db.pickle.codec import decode, encode
from cartcli.cli.login_file import SavedLogin
from cartcli.errors import CheckOutAgain, LogIn, UseAnotherCard
from cartcli.files import sealed
from cartcli.idp.digest import digest
from cartcli.model.order import Attempt
from cartcli.model.times import utc_now
from cartcli.payment import Payment, PaymentProcessor, open_payment
from cartcli.payment.card import Card
from tests.helpers import (
    ALICE,
    BOB,
    CARD,
    DECLINED_CARD,
    DRONE,
    LOST_ANSWER_CARD,
    PASSWORD,
    PLATES,
    RICE,
    shop_in,
)

WAIT: Final = 30.0


class Sample(NamedTuple):
    """The store of two users. Alice has a cart in each state, and `token` is of her saved login.

    The `pending` cart was charged and the answer lost. The payment of the `opened` cart was first
    declined and then tried again under a key that was cancelled.
    """

    store: Path
    opened: Cart
    pending: Cart
    purchased: Cart
    of_bob: Cart
    token: str
    declined_key: str
    cancelled_key: str

    def copied(self, folder: Path) -> Sample:
        """The same in another folder."""
        store = folder / "store"
        shutil.copytree(self.store, store)
        return self._replace(store=store)

    @property
    def shop(self) -> Controller:
        return shop_in(self.store)

    @property
    def carts(self) -> CartDb:
        return open_cart_db(str(self.store), WAIT, utc_now)

    @property
    def processor(self) -> PaymentProcessor:
        return open_payment(str(self.store), WAIT, 0, utc_now)

    @property
    def declined_attempt(self) -> Attempt:
        """The attempt whose key was declined."""
        return self.attempt(self.declined_key)

    def attempt(self, key: str) -> Attempt:
        """An attempt to pay the open cart under `key`, with the card that is declined."""
        card, cart = Card(DECLINED_CARD), self.opened
        return Attempt(key, cart.id, cart.lines, cart.total, card.brand, card.last4, utc_now())

    def payment_file(self, key: str) -> Path:
        return self.store / "payments" / key[:2] / f"{key}.json"

    def order_file(self, cart: Cart) -> Path:
        return self.store / "orders" / cart.id[:2] / cart.id

    def purchased_file(self, cart: Cart) -> Path:
        return self.store / "carts" / cart.user / "purchased" / f"{cart.id}.pickle"

    def open_file(self, user: str = ALICE.user) -> Path:
        return self.store / "carts" / user / "open.pickle"

    def user_file(self, user: str = ALICE.user) -> Path:
        return self.store / "users" / f"{user}.json"

    @property
    def session_file(self) -> Path:
        return self.store / "sessions" / self.token[:2] / f"{self.token[:32]}.json"

    @property
    def turns_file(self) -> Path:
        return self.store / "guesses" / f"{digest(ALICE.user)[:2]}.json"

    @property
    def saved_login_file(self) -> Path:
        return self.store / "session.json"


def key_of(cart: Cart) -> str:
    """The idempotency key of the cart's attempt."""
    assert cart.attempt is not None
    return cart.attempt.key


# Every kind of file that the store has, but for locks.
FILES: Final[dict[str, Callable[[Sample], Path]]] = {
    "open carts": Sample.open_file,
    "purchased cart": lambda sample: sample.purchased_file(sample.purchased),
    "charged": lambda sample: sample.payment_file(key_of(sample.pending)),
    "declined": lambda sample: sample.payment_file(sample.declined_key),
    "cancelled": lambda sample: sample.payment_file(sample.cancelled_key),
    "order": lambda sample: sample.order_file(sample.pending),
    "user": Sample.user_file,
    "session": lambda sample: sample.session_file,
    "turns": lambda sample: sample.turns_file,
    "saved login": lambda sample: sample.saved_login_file,
}


def make_sample(store: Path) -> Sample:
    """Build the store through the shop's own door."""
    shop = shop_in(store)
    sold = shop.update_cart(BOB, None, {RICE: 2})
    shop.checkout_cart(BOB, sold.id, CARD)
    of_bob = shop.update_cart(BOB, None, {DRONE: 1})
    shop.login(BOB.user, PASSWORD, register=True)

    purchased = shop.update_cart(ALICE, None, {PLATES: 3, RICE: 1})
    shop.checkout_cart(ALICE, purchased.id, CARD)
    pending = shop.update_cart(ALICE, None, {DRONE: 2})
    with pytest.raises(CheckOutAgain):
        shop.checkout_cart(ALICE, pending.id, LOST_ANSWER_CARD)
    opened = shop.update_cart(ALICE, None, {PLATES: 1, DRONE: 4})
    with pytest.raises(UseAnotherCard):
        shop.checkout_cart(ALICE, opened.id, DECLINED_CARD)
    cancelled = open_payment(str(store), WAIT, 0, utc_now).cancel("c" * 32, opened.id)
    session = shop.login(ALICE.user, PASSWORD, register=True)
    SavedLogin(str(store)).save(session.token)
    with pytest.raises(LogIn):
        shop.login(ALICE.user, "a wrong one")

    found = {cart.id: cart for cart in shop.get_carts(ALICE, which="all")}
    return Sample(
        store,
        found[opened.id],
        found[pending.id],
        found[purchased.id],
        of_bob,
        session.token,
        _declined(store).key,
        cancelled.key,
    )


def _declined(store: Path) -> Payment:
    answers = open_payment(str(store), WAIT, 0, utc_now).payments()
    (payment,) = (one for one in answers if isinstance(one, Payment) and one.status == "declined")
    return payment


def rewrite(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the record in the file and seal it again: damage that no checksum can tell."""
    if b"\ncartcli:" in path.read_bytes():
        record = decode(str(path), path.read_bytes())
        change(record)
        path.write_bytes(encode(record))
    else:
        record = {"format": sealed.FORMAT, **sealed.unseal(str(path), path.read_bytes())}
        change(record)
        path.write_bytes(sealed_json(json.dumps(record).encode()))


def sealed_json(text: bytes) -> bytes:
    """The JSON object `text` with its checksum as the last member."""
    body = text.removesuffix(b"}")
    return body + b', "crc32": "%08x"}\n' % zlib.crc32(body)


def sealed_pickle(body: bytes) -> bytes:
    """The pickle `body` with its checksum after it."""
    return body + b"\ncartcli:%08x\n" % zlib.crc32(body)


def tree(folder: Path) -> dict[Path, tuple[int, bytes | None]]:
    """Everything under `folder`: its mode and, of a file, what is in it."""
    return {
        path: (path.lstat().st_mode, path.read_bytes() if path.is_file() else None)
        for path in sorted(folder.rglob("*"))
    }

"""A store with every kind of file, and a writer that damages one and seals it rightly again."""

from __future__ import annotations

import io
import json
import pickle
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from cartcli import Cart, Controller
from cartcli.bootstrap.upkeep import sell_from
from cartcli.cart_db import CartDb, open_cart_db
from cartcli.cart_db.pickle.codec import decode
from cartcli.cli.login_file import SavedLogin
from cartcli.errors import CheckOutAgain, FinishPayment, LogIn, UseAnotherCard
from cartcli.files import names
from cartcli.idp.digest import digest
from cartcli.model.changes import Add
from cartcli.model.order import Attempt
from cartcli.model.people import Identity
from cartcli.model.times import utc_now
from cartcli.payment import Payment, PaymentProcessor, open_embedded
from cartcli.settings import load
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
    WAITING_CARD,
    attempt_for,
    shop_in,
    write_catalog,
)

WAIT: Final = 30.0


class Sample(NamedTuple):
    """The store of two users and a guest. Alice is a merchant, too; she has carts in each state,
    and `token` is of her saved login. `guest_token` is the guest's, who got the `gift` for nothing.

    The `pending` cart was charged and the answer lost; the `waiting` one is at the bank. The
    payment of the `opened` cart was first declined and then tried again under a key that was
    cancelled.
    """

    store: Path
    opened: Cart
    pending: Cart
    waiting: Cart
    purchased: Cart
    of_bob: Cart
    gift: Cart
    token: str
    guest_token: str
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
        return open_embedded(str(self.store), WAIT, 0, utc_now)

    @property
    def declined_attempt(self) -> Attempt:
        """The attempt whose key was declined."""
        return self.attempt(self.declined_key)

    def attempt(self, key: str) -> Attempt:
        """An attempt to pay the open cart under `key`, with the card that is declined."""
        return attempt_for(self.opened, DECLINED_CARD, key=key)

    def answers_file(self, cart: Cart) -> Path:
        return self.store / "payments" / cart.id[:2] / f"{cart.id}.json"

    def purchased_file(self, cart: Cart) -> Path:
        return self.open_file(cart.owner).parent / "purchased" / f"{cart.id}.pickle"

    def open_file(self, owner: str = ALICE.owner) -> Path:
        return self.store / "carts" / names.file_name(owner) / "open.pickle"

    def user_file(self, name: str = ALICE.owner) -> Path:
        return self.store / "users" / f"{name}.json"

    def session_file(self, token: str) -> Path:
        return self.store / "sessions" / token[:2] / f"{token[:32]}.json"

    @property
    def turns_file(self) -> Path:
        return self.store / "guesses" / f"{digest(ALICE.owner)[:2]}.json"

    @property
    def saved_login_file(self) -> Path:
        return self.store / "session.json"


def attempt_of(cart: Cart) -> Attempt:
    """The attempt of a cart that is pending or purchased."""
    assert cart.attempt is not None
    return cart.attempt


# Every kind of file that the store has, but for locks and the empty file `orders`.
FILES: Final[dict[str, Callable[[Sample], Path]]] = {
    "open carts": Sample.open_file,
    "purchased cart": lambda sample: sample.purchased_file(sample.purchased),
    "free cart": lambda sample: sample.purchased_file(sample.gift),
    "charged": lambda sample: sample.answers_file(sample.pending),
    "capture": lambda sample: sample.answers_file(sample.purchased),
    "waiting": lambda sample: sample.answers_file(sample.waiting),
    "declined": lambda sample: sample.answers_file(sample.opened),
    "cancelled": lambda sample: sample.answers_file(sample.opened),
    "user": Sample.user_file,
    "session": lambda sample: sample.session_file(sample.token),
    "guest": lambda sample: sample.session_file(sample.guest_token),
    "turns": lambda sample: sample.turns_file,
    "saved login": lambda sample: sample.saved_login_file,
}

# Those whose records are of the second format; all others are of the first.
OF_FORMAT_2: Final = (
    *("open carts", "purchased cart", "free cart"),
    *("charged", "capture", "waiting", "declined", "cancelled"),
)


def make_sample(store: Path) -> Sample:
    """Build the store through the shop's own door."""
    shop = shop_in(store)
    of_bob = _bob(shop)
    guest = shop.guest()
    gift = _gift(store, guest.identity)
    shop.login(ALICE.name, PASSWORD, register=True)
    shop.merchant.give_roles(ALICE.name, ["customer", "merchant"])
    purchased, pending, waiting, opened = _alice(shop)
    session = shop.login(ALICE.name, PASSWORD)
    SavedLogin(str(store)).save(session.token)
    with pytest.raises(LogIn):
        shop.login(ALICE.name, "a wrong one")

    sample = Sample(
        store=store,
        opened=opened,
        pending=pending,
        waiting=waiting,
        purchased=purchased,
        of_bob=of_bob,
        gift=gift,
        token=session.token,
        guest_token=guest.token,
        declined_key=_declined_key(store),
        cancelled_key="c" * 32,
    )
    sample.processor.cancel(sample.attempt(sample.cancelled_key))
    kept = {cart.id: cart for one in (ALICE, BOB) for cart in sample.carts.find(one.owner)}
    return sample._replace(
        opened=kept[opened.id],
        pending=kept[pending.id],
        waiting=kept[waiting.id],
        purchased=kept[purchased.id],
        of_bob=kept[of_bob.id],
        gift=sample.carts.find(guest.identity.owner)[0],
    )


def _bob(shop: Controller) -> Cart:
    """Bob has bought a cart, and this one is open."""
    sold = shop.update_cart(BOB, None, {RICE: 2})
    shop.checkout_cart(BOB, sold.id, CARD)
    shop.login(BOB.name, PASSWORD, register=True)
    return shop.update_cart(BOB, None, {DRONE: 1})


def _gift(store: Path, identity: Identity) -> Cart:
    """A cart that came to nothing."""
    gifts = write_catalog(store.with_name("gifts.csv"), [("GIFT", "Gift", "0", "")])
    terms = store / names.SHOP
    before = terms.read_bytes()
    sell_from(load({"store": store}), str(gifts))
    shop = shop_in(store)
    cart = shop.update_cart(identity, None, {"GIFT": 2})
    assert shop.checkout_cart(identity, cart.id, None).payment is None
    terms.write_bytes(before)
    return cart


def _alice(shop: Controller) -> tuple[Cart, Cart, Cart, Cart]:
    """Her carts: purchased, pending, waiting, and open."""
    purchased = shop.update_cart(ALICE, None, {PLATES: 3, RICE: 1})
    shop.checkout_cart(ALICE, purchased.id, CARD)
    pending = shop.update_cart(ALICE, None, {DRONE: 2})
    with pytest.raises(CheckOutAgain):
        shop.checkout_cart(ALICE, pending.id, LOST_ANSWER_CARD)
    waiting = shop.update_cart(ALICE, None, {RICE: 5})
    with pytest.raises(FinishPayment):
        shop.checkout_cart(ALICE, waiting.id, WAITING_CARD)
    opened = shop.update_cart(ALICE, None, {PLATES: 1})
    opened = shop.change_cart(ALICE, opened.id, [Add(DRONE, 4)], request_id="again and again")
    with pytest.raises(UseAnotherCard):
        shop.checkout_cart(ALICE, opened.id, DECLINED_CARD)
    return purchased, pending, waiting, opened


def _declined_key(store: Path) -> str:
    (key,) = (
        payment.key
        for payment in open_embedded(str(store), WAIT, 0, utc_now).payments()
        if isinstance(payment, Payment) and payment.status == "declined"
    )
    return key


def rewrite(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the record in the file and seal it again: damage that no checksum can tell."""
    data = path.read_bytes()
    if b"\ncartcli:" in data:
        record = decode(str(path), data)
        change(record)
        path.write_bytes(sealed_pickle(pickled(record)))
    else:
        record = json.loads(data)
        record.pop("crc32")
        change(record)
        path.write_bytes(sealed_json(json.dumps(record).encode()))


def rewrite_cart(path: Path, cart: Cart, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what the file says of the `cart`, likewise."""

    def change_it(record: dict[str, Any]) -> None:
        (found,) = (one for one in record["carts"] if one["id"] == cart.id)
        change(found)

    rewrite(path, change_it)


def pickled(record: object) -> bytes:
    """A plain pickle of what can be anything, also of what the shop would not write."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, protocol=2)
    pickler.fast = True
    pickler.dump(record)
    return buffer.getvalue()


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

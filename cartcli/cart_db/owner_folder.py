"""What one owner has on disk, under `carts/`:

    <owner>/open.pickle               every cart not yet purchased
    <owner>/purchased/<id>.pickle     a purchased cart, written once
    <owner>/lock                      the lock OWNER, never removed
    <owner>/purchased/pay-<0..f>      the locks PAY, likewise

The one step that makes a cart purchased is that its own file appears. Its entry in open.pickle,
still pending, counts for nothing from then on and goes with the next flush.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

from cartcli import files
from cartcli.cart_db.pickle_codec import decode, encode
from cartcli.cart_db.records import as_list, as_text, cart_of, cart_record
from cartcli.errors import FixInput, RestoreData
from cartcli.model import Cart

_CART_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_MAX_UNPURCHASED: Final = files.MAX_SIZE // 4  # so that the receipt of any of them can be read
_MOST_REMEMBERED: Final = 64
_LARGEST_REMEMBERED: Final = 64 << 10
Memory = dict[str, tuple[bytes, tuple[Cart, ...]]]  # what the bytes of each user's open.pickle mean
_SUFFIX: Final = ".pickle"

# What a hostile record can raise; RecursionError comes from quoting one that is deeply nested.
_NOT_CARTS: Final = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


class OwnerFolder:
    """Reads and writes the carts of `user`; takes no lock."""

    def __init__(self, carts_folder: str, user: str, memory: Memory) -> None:
        self.user = user
        self._memory = memory
        self._drops_bought = False
        path = f"{carts_folder}/{files.escaped(user)}"
        self.lock = f"{path}/lock"  # every change of this folder needs it
        self._open_file = f"{path}/open.pickle"
        self._purchased_folder = f"{path}/purchased"

    def pay_lock(self, cart_id: str) -> str:
        """The lock that a payment needs: one of sixteen, so that their number is bounded and
        nobody ever waits for another customer."""
        return f"{self._purchased_folder}/pay-{cart_id[:1]}"

    def unpurchased(self) -> dict[str, Cart]:
        """The open and pending carts by id, oldest first."""
        try:
            data = files.read(self._open_file)
        except FileNotFoundError:
            return {}
        carts = self._remembered(data)
        if carts is None:
            carts = self._remember(data, self._carts(self._open_file, data))
        waiting = {
            cart.id: cart for cart in carts if cart.state == "open" or not self.has_bought(cart.id)
        }
        self._drops_bought = len(waiting) < len(carts)
        return waiting

    def has_bought(self, cart_id: str) -> bool:
        """Whether the cart's own file is there, which makes it purchased."""
        return os.path.lexists(self._purchased_file(cart_id))

    def purchased(self, prefix: str = "") -> Iterator[Cart]:
        """The purchased carts whose id starts with `prefix`, in no order."""
        for cart_id in self._purchased_ids(prefix):
            with suppress(FileNotFoundError):
                yield self._purchased_cart(cart_id)

    def everything(self) -> Iterator[Cart | RestoreData]:
        """All carts; in place of those in a damaged file, the error that names it."""
        try:
            # Unpurchased ones first: a cart bought meanwhile is found twice, never missed.
            unpurchased = self.unpurchased()
        except RestoreData as error:
            unpurchased = {}
            yield error
        try:
            bought = self._purchased_ids("")
        except RestoreData as error:
            bought = []
            yield error
        for cart_id in bought:
            known = unpurchased.pop(cart_id, None)
            try:
                yield self._purchased_cart(cart_id)
                # One that was bought since is pending by now, one from an old backup still open.
                if known and cart_id in self.unpurchased():
                    yield files.damaged(self._open_file, f"cart {cart_id} is purchased, and open")
            except RestoreData as error:
                yield error
        yield from unpurchased.values()

    def save_unpurchased(self, carts: dict[str, Cart]) -> None:
        """Put `carts` durably in place of the open and pending ones."""
        data = self._encoded(list(carts.values()))
        if len(data) > _MAX_UNPURCHASED:
            raise FixInput(
                "this customer's carts would take more than 16 MiB",
                "Nothing was changed. Check a cart out, or remove lines from one.",
            )
        if self._drops_bought:  # whoever wrote their files may have been killed before this
            files.sync_folder(self._purchased_folder)
        files.replace(self._open_file, data)
        self._remember(data, carts.values())

    def save_purchased(self, cart: Cart) -> None:
        """Write the purchased `cart` durably, once. FileExistsError when it is there."""
        if not os.path.lexists(self.pay_lock(cart.id)):  # which shows that its folder is durable
            files.make_folder(self._purchased_folder)
        files.create(self._purchased_file(cart.id), self._encoded([cart]))

    def _purchased_ids(self, prefix: str) -> list[str]:
        if _CART_ID.fullmatch(prefix):
            return [prefix] if self.has_bought(prefix) else []
        try:
            names = os.listdir(self._purchased_folder)
        except FileNotFoundError:
            return []
        except NotADirectoryError:
            raise files.damaged(self._purchased_folder, "it is not a folder") from None
        ids = (name.removesuffix(_SUFFIX) for name in names if name.startswith(prefix))
        return [cart_id for cart_id in ids if _CART_ID.fullmatch(cart_id)]

    def _purchased_cart(self, cart_id: str) -> Cart:
        path = self._purchased_file(cart_id)
        (cart,) = self._carts(path, files.read(path), of=cart_id)
        return cart

    def _purchased_file(self, cart_id: str) -> str:
        return f"{self._purchased_folder}/{cart_id}{_SUFFIX}"

    def _remembered(self, data: bytes) -> Sequence[Cart] | None:
        """The carts that `data` is known to hold."""
        known = self._memory.get(self.user)
        return known[1] if known and known[0] == data else None

    def _remember(self, data: bytes, carts: Iterable[Cart]) -> Sequence[Cart]:
        held = tuple(carts)
        if len(self._memory) >= _MOST_REMEMBERED:
            self._memory.clear()
        if len(data) <= _LARGEST_REMEMBERED:
            self._memory[self.user] = data, held
        return held

    def _encoded(self, carts: list[Cart]) -> bytes:
        records = [cart_record(cart) for cart in carts]
        return encode({"format": files.FORMAT, "user": self.user, "carts": records})

    def _carts(self, path: str, data: bytes, of: str | None = None) -> list[Cart]:
        """The carts in the file: the unpurchased ones, or the purchased one `of` an id."""
        content: Any = decode(path, data)
        files.check_format(path, content.get("format") if isinstance(content, dict) else None)
        try:
            carts = [cart_of(record, self.user) for record in as_list(content["carts"])]
            user = as_text(content["user"])
        except _NOT_CARTS as error:
            raise files.damaged(path, f"it does not hold carts: {error}") from None
        if user != self.user:
            raise files.damaged(path, f"it belongs to {user!r}")
        ids = [cart.id for cart in carts]
        bought = [cart.state == "purchased" for cart in carts]
        fits = (
            not any(bought) and len({*ids}) == len(ids)
            if of is None
            else ids == [of] and all(bought)
        )
        if not fits or not all(_CART_ID.fullmatch(cart_id) for cart_id in ids):
            raise files.damaged(path, "it holds carts that belong elsewhere")
        return carts

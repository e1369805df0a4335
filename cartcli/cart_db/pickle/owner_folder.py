"""What one owner has on disk, under `carts/`:

    <owner>/open.pickle               every cart not yet purchased; the names of all carts, bought
                                      ones too; and the owner's `life`, which tells those from one
                                      another who had this name
    <owner>/purchased/<id>.pickle     a purchased cart, written once
    <owner>/lock                      the lock OWNER, never removed
    <owner>/purchased/pay             the locks PAY, one byte a cart, likewise

The one step that makes a cart purchased is that its own file appears. Its entry in open.pickle,
pending still, or open in an older copy, counts for nothing from then on and goes with the next
flush.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, Final, cast

from cartcli.cart_db import Which
from cartcli.cart_db.pickle.codec import decode, encode
from cartcli.cart_db.records import NOT_CARTS, cart_of, cart_record
from cartcli.errors import FixInput, RestoreData
from cartcli.files import durable, layout, names, safety, sealed
from cartcli.model.cart import Cart
from cartcli.model.ids import is_cart_id
from cartcli.model.people import is_forgotten
from cartcli.model.quotes import as_list, as_text

# A marked cart has its lines three times, as put in, as charged, and where the two differ: whatever
# is saved as open can be marked. What is left then is for a reference and a receipt.
_MAX_UNPURCHASED: Final = durable.MAX_SIZE // 4
_MAX_MARKED: Final = durable.MAX_SIZE - (1 << 20)
_MOST_REMEMBERED: Final = 64
Names = dict[str, str]  # by the ids of their carts
_LARGEST_REMEMBERED: Final = 64 << 10
_Meant = tuple[tuple[Cart, ...], str, Names]  # the carts, the life, the names of carts
Memory = dict[str, tuple[bytes, _Meant]]  # what the bytes of each owner's open.pickle mean
_SUFFIX: Final = ".pickle"
_STRAY: Final = "it holds carts that belong elsewhere"


class Unpurchased:
    """One owner's open and pending `carts` by id, oldest first, and their `life`; the `names` of
    all carts; the `size` of the file that they were read from, and whether that is `outdated`: it
    still has entries of carts bought by now."""

    def __init__(
        self,
        carts: dict[str, Cart],
        life: str,
        names: Names,
        size: int = 0,
        *,
        outdated: bool = False,
    ) -> None:
        self.carts = carts
        self.life = life
        self.names = names
        self.size = size
        self.outdated = outdated

    def remove(self, cart_id: str) -> None:
        """Remove the cart, and its name."""
        del self.carts[cart_id]
        self.names.pop(cart_id, None)


class OwnerFolder:
    """Reads and writes the carts of `owner`; takes no lock."""

    def __init__(self, carts_folder: str, owner: str, memory: Memory) -> None:
        if not owner:
            raise FixInput("carts belong to somebody", "Nothing was changed.")
        self.owner = owner
        self._memory = memory
        path = f"{carts_folder}/{names.file_name(owner)}"
        self.lock = f"{path}/lock"  # every change of this folder needs it
        self._open_file = f"{path}/open.pickle"
        self._purchased_folder = f"{path}/purchased"
        self.pay_lock = f"{self._purchased_folder}/pay"

    def unpurchased(self) -> Unpurchased:
        """What is not bought yet."""
        try:
            data = durable.read(self._open_file)
        except FileNotFoundError:
            return Unpurchased({}, os.urandom(8).hex(), {})
        carts, life, names = self._remembered(data) or self._remember(
            data, *self._unpurchased(data)
        )
        waiting = {cart.id: cart for cart in carts if not self.has_bought(cart.id)}
        outdated = len(waiting) < len(carts)
        return Unpurchased(waiting, life, {**names}, len(data), outdated=outdated)

    def called(self, name: str) -> str:
        """The id of the cart of that `name`; "" when none has it."""
        from cartcli.model.cart_names import holder_of  # most carts are called by their ids

        return holder_of(self.unpurchased().names, name)

    def has_bought(self, cart_id: str) -> bool:
        """Whether the cart's own file is there, which makes it purchased."""
        try:
            os.lstat(f"{self._purchased_folder}/{cart_id}{_SUFFIX}")
        except FileNotFoundError:
            return False
        except NotADirectoryError:
            raise self._no_folder() from None
        return True

    def purchased(self, prefix: str = "") -> Iterator[Cart]:
        """The purchased carts whose id starts with `prefix`, in no order."""
        bought = self._purchased_ids(prefix)
        names = self._names() if bought else {}
        for cart_id in bought:
            with suppress(FileNotFoundError):
                yield _with_name(self._purchased_cart(cart_id), names)

    def _names(self) -> Names:
        """The names of carts; none where they cannot be read: what was bought tells itself."""
        try:
            data = durable.read(self._open_file)
            return (self._remembered(data) or self._remember(data, *self._unpurchased(data)))[2]
        except (RestoreData, OSError):
            return {}

    def everything(self, which: Which = "all") -> Iterator[Cart | RestoreData]:
        """All carts in the state `which`; in place of those in a damaged file, the error that names
        it."""
        unpurchased: dict[str, Cart] = {}
        if which != "purchased":
            try:
                # Before the purchased ones: a cart bought meanwhile is found twice, never missed.
                unpurchased = self.unpurchased().carts
            except RestoreData as error:
                yield error
            except OSError as error:
                yield safety.unread(self._open_file, error)
        if which in ("purchased", "all"):
            yield from self._bought(unpurchased)
        for cart in unpurchased.values():
            if which != "pending" or cart.state == "pending":
                yield cart

    def _bought(self, unpurchased: dict[str, Cart]) -> Iterator[Cart | RestoreData]:
        """All purchased carts, which are taken out of the `unpurchased` ones; errors likewise."""
        try:
            bought = self._purchased_ids("")
        except RestoreData as error:
            bought = []
            yield error
        except OSError as error:
            bought = []
            yield safety.unread(self._open_file, error)
        names = self._names() if bought else {}
        for cart_id in bought:
            unpurchased.pop(cart_id, None)  # it was bought since
            try:
                yield _with_name(self._purchased_cart(cart_id), names)
            except RestoreData as error:
                if error.path == self._purchased_file(cart_id):
                    error.facts["cart"] = cart_id
                yield error
            except FileNotFoundError:  # it has moved since, with all the others
                return
            except OSError as error:
                told = safety.unread(self._purchased_file(cart_id), error)
                told.facts["cart"] = cart_id
                yield told

    def save_unpurchased(self, unpurchased: Unpurchased, *, marks: bool = False) -> None:
        """Put these carts durably in place of the open and pending ones; `marks` tells that one of
        them was only marked. FixInput when they take more than they may, and more than before."""
        carts = unpurchased.carts.values()
        data = self._encoded(carts, unpurchased.life, unpurchased.names)
        if len(data) > max(_MAX_MARKED if marks else _MAX_UNPURCHASED, unpurchased.size):
            raise FixInput(
                "this customer's carts would take more than 16 MiB",
                "Nothing was changed. Check a cart out, or remove lines from one.",
            )
        if unpurchased.outdated:  # whoever wrote their files may have been killed before this
            durable.sync_folder(self._purchased_folder)
        durable.replace(self._open_file, data)
        self._remember(data, carts, unpurchased.life, unpurchased.names)

    def save_purchased(self, cart: Cart) -> None:
        """Write the purchased `cart` durably, once; under OWNER. FileExistsError when it is
        there."""
        if not safety.is_there(self.pay_lock):  # which shows that its folder is durable
            durable.make_folder(self._purchased_folder)
        durable.create(self._purchased_file(cart.id), self._encoded([cart]), alone=True)

    def make_durable(self, cart: Cart) -> None:
        """Make the name of the file durable in which `cart` was found: whoever wrote it may have
        been killed before."""
        bought = cart.state == "purchased"
        durable.sync_folder(self._purchased_folder if bought else os.path.dirname(self.lock))

    def _purchased_ids(self, prefix: str) -> list[str]:
        if is_cart_id(prefix):
            return [prefix] if self.has_bought(prefix) else []
        try:
            found = os.listdir(self._purchased_folder)
        except FileNotFoundError:
            return []
        except NotADirectoryError:
            raise self._no_folder() from None
        ids = (name.removesuffix(_SUFFIX) for name in found if name.startswith(prefix))
        return [cart_id for cart_id in ids if is_cart_id(cart_id)]

    def _purchased_cart(self, cart_id: str) -> Cart:
        path = self._purchased_file(cart_id)
        return self._bought_cart(path, durable.read(path), cart_id)

    def _no_folder(self) -> RestoreData:
        return safety.damaged(self._purchased_folder, "it is not a folder")

    def _purchased_file(self, cart_id: str) -> str:
        return f"{self._purchased_folder}/{cart_id}{_SUFFIX}"

    def _remembered(self, data: bytes) -> _Meant | None:
        """What `data` is known to mean. The bytes are compared, not a time or a size, so
        that what is remembered hides no damage, and no change within one tick of a clock."""
        known = self._memory.get(self.owner)
        return known[1] if known and known[0] == data else None

    def _remember(self, data: bytes, carts: Iterable[Cart], life: str, names: Names) -> _Meant:
        meant = tuple(carts), life, names
        if len(self._memory) >= _MOST_REMEMBERED:  # cheaper than to know who was seen last
            self._memory.clear()
        if len(data) <= _LARGEST_REMEMBERED:
            self._memory[self.owner] = data, meant
        return meant

    def _encoded(self, carts: Iterable[Cart], life: str = "", names: Names | None = None) -> bytes:
        records = [cart_record(cart) for cart in carts]
        content: dict[str, Any] = {"format": layout.FORMAT, "owner": self.owner, "carts": records}
        if life:
            content["life"] = life
        if names:
            content["names"] = names
        return encode(content)

    def _unpurchased(self, data: bytes) -> tuple[list[Cart], str, Names]:
        """The carts in open.pickle, the life, and the names of carts."""
        content = self._content(self._open_file, data)
        carts = self._carts(self._open_file, content)
        ids = {cart.id for cart in carts}
        if len(ids) < len(carts) or any(cart.state == "purchased" for cart in carts):
            raise safety.damaged(self._open_file, _STRAY)
        try:
            named = content.get("names", {}).items()
            names = {as_text(cart): as_text(name) for cart, name in named}
            carts = [_with_name(cart, names) for cart in carts] if names else carts
            return carts, as_text(content.get("life", "")), names
        except (TypeError, AttributeError) as error:
            raise safety.damaged(self._open_file, f"it tells of no life: {error}") from None

    def _bought_cart(self, path: str, data: bytes, cart_id: str) -> Cart:
        """The cart in the file of a purchased one."""
        carts = self._carts(path, self._content(path, data))
        if [(cart.id, cart.state) for cart in carts] != [(cart_id, "purchased")]:
            raise safety.damaged(path, _STRAY)
        return carts[0]

    def _content(self, path: str, data: bytes) -> dict[str, Any]:
        """What is in a file, of our format."""
        content: Any = decode(path, data)
        version = content.get("format") if isinstance(content, dict) else None
        sealed.check_format(path, version, layout.FORMAT)
        return cast("dict[str, Any]", content)

    def _carts(self, path: str, content: dict[str, Any]) -> list[Cart]:
        """The carts in it."""
        try:
            owner = as_text(content["owner"])
            carts = [cart_of(record, owner) for record in as_list(content["carts"])]
        except NOT_CARTS as error:
            raise safety.damaged(path, f"it does not hold carts: {error}") from None
        if owner != self.owner and not is_forgotten(owner):  # whose carts may be on their way
            raise safety.damaged(path, f"it belongs to {owner!r}")
        if not all(is_cart_id(cart.id) for cart in carts):
            raise safety.damaged(path, _STRAY)
        return carts


def _with_name(cart: Cart, names: Names) -> Cart:
    return cart._replace(name=names[cart.id]) if cart.id in names else cart

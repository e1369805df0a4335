"""Request ids: what is asked for again, because the answer was lost, is made once."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final
from uuid import UUID

from cartcli.errors import FixInput
from cartcli.model.changes import Replace

if TYPE_CHECKING:
    from cartcli.model.cart import Cart
    from cartcli.model.changes import Changes

_MOST_KNOWN: Final = 64
_LONGEST: Final = 255


def id_of_new(owner: str, request_id: str, life: str = "") -> str:
    """The id of the cart that a request of `owner` makes: a UUID like the others, and the same each
    time, so that it makes one cart whoever is killed when. An owner who was forgotten and comes
    again has another `life`, and other carts. FixInput as `noted`."""
    _check(request_id)
    whose = "\0".join((owner, request_id, life) if life else (owner, request_id))
    return str(UUID(bytes=sha256(whose.encode()).digest()[:16], version=4))


def was_made(cart: Cart, request_id: str, changes: Changes) -> bool:
    """Whether the request has changed `cart` already. FixInput when it was for other changes."""
    known = dict(cart.requests).get(request_id)
    if known not in (None, _digest(changes)):
        raise FixInput(
            f"the request {request_id!r} was made for other changes of cart {cart.short_id}",
            "Nothing was changed. A request of its own needs an id of its own.",
            cart=cart.id,
            request=request_id,
        )
    return known is not None


def noted(cart: Cart, request_id: str, changes: Changes) -> tuple[tuple[str, str], ...]:
    """The latest requests that changed `cart`, this one included. FixInput when its id cannot be
    one."""
    _check(request_id)
    made = (str.__str__(request_id), _digest(changes))
    return (*cart.requests, made)[-_MOST_KNOWN:]


def _check(request_id: str) -> None:
    plain = isinstance(request_id, str) and request_id.isascii() and request_id.isprintable()
    if not plain or len(request_id) > _LONGEST:
        raise FixInput(
            f"the id of a request is at most {_LONGEST} printable ASCII characters",
            "Nothing was changed.",
        )


def _digest(changes: Changes) -> str:
    """What was asked for: kinds, SKUs and quantities. Prices may have changed since."""
    asked = [
        ("Replace", *(one[:2] for one in change.contents))
        if isinstance(change, Replace)
        else (type(change).__name__, *change[:2])
        for change in changes
    ]
    return sha256(ascii(asked).encode()).hexdigest()[:32]

"""Removing what nobody comes back to."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from cartcli.errors import CartError, FixInput
from cartcli.model.removed import Pruned
from cartcli.model.times import ago

if TYPE_CHECKING:
    from cartcli.merchant.office import Services
    from cartcli.model.cart import Cart
    from cartcli.payment import Processors

_REPEATED: Final = timedelta(hours=48)  # for so long somebody may ask again what got no answer
_KILLED: Final = timedelta(days=1)  # nobody writes one file for so long


def prune(
    services: Services, now: datetime, older_than: timedelta, *, dry_run: bool = False
) -> Pruned:
    """As `Merchant.prune`."""
    if older_than < timedelta():
        raise FixInput("carts are not older than in the future", "Nothing was removed.")
    sessions = services.sessions.prune(dry_run=dry_run)
    guesses = services.accounts.prune(dry_run=dry_run)
    keep = partial(_may_be_charged, services.payments)
    carts, requests = services.cart_keeper.prune(
        ago(now, older_than), now - _REPEATED, keep, dry_run=dry_run
    )
    leftovers = services.sweep(now - _KILLED, dry_run=dry_run)
    return Pruned(sessions, carts, requests, guesses, leftovers)


def _may_be_charged(processors: Processors, cart: Cart) -> bool:
    """Whether the `cart` was charged, though it is open, or nobody can tell."""
    try:
        return processors.captured(cart.id) is not None
    except (CartError, OSError):
        return True

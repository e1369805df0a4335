"""Forgetting a customer: all that tells who they are goes, and what was bought is kept for the
books, as somebody's whom nobody knows.

First what waits is settled, and a customer who has something that cannot be is not forgotten. Then
they cannot log in any more, so that nothing new comes; then the rest goes. Each step can be
repeated, and as long as anything of them is left, the next call goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cartcli.cart_db import CartKeeper, Left
from cartcli.errors import CheckOutAgain, ChooseExisting
from cartcli.idp import Accounts, Sessions
from cartcli.model.audit import Settled
from cartcli.model.people import Identity
from cartcli.model.removed import Forgotten

Settle = Callable[[Sequence[str]], list[Settled]]


def forget(
    name: str, accounts: Accounts, sessions: Sessions, keeper: CartKeeper, settle: Settle
) -> Forgotten:
    """Forget the user of that `name`, or the owner of that id; `settle` settles carts by their ids.
    Raises as `Merchant.forget` does."""
    owner = _owner(name)
    carts = keeper.unpurchased(owner)
    for settled in settle([cart.id for cart in carts]) if carts else ():
        if not settled.ended:
            raise CheckOutAgain(
                f"{name} has a payment that is not settled: {settled.reason}",
                "Nothing was removed.",
                cart=settled.cart,
            )
    known = accounts.remove(owner)
    ended = sessions.revoke_all(owner)
    left = keeper.forget(owner) if carts is not None else Left("", 0, 0)
    ended += sessions.revoke_all(owner)  # of who was logging in meanwhile
    if carts is None and not known and not ended:
        raise ChooseExisting(f"there is no user {name}", "Nothing was changed.", user=name)
    return Forgotten(left.owner, left.purchased, left.removed, ended)


def _owner(name: str) -> str:
    """The owner of that name; of other kinds, and of names that are not allowed any more, the id
    is given itself."""
    try:
        return Identity(name).owner
    except ValueError:
        return name

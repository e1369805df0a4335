"""Forgetting a customer: all that tells who they are goes, and what was bought is kept for the
books, as somebody's whom nobody knows.

First what waits is settled, and a customer who has something that cannot be is not forgotten. Then
they cannot log in any more, so that nothing new comes, and nobody can register by the name; then
the rest goes, and last the name is free. Each step can be repeated, and as long as anything of them
is left, the next call goes on.
"""

from __future__ import annotations

from collections.abc import Callable

from cartcli.cart_db import CartReader
from cartcli.cart_db.keeper import CartKeeper, Left
from cartcli.errors import CheckOutAgain, ChooseExisting, RetryLater
from cartcli.idp import Accounts, Sessions
from cartcli.model.audit import Settled
from cartcli.model.cart import Cart
from cartcli.model.people import Identity, is_forgotten
from cartcli.model.removed import Forgotten

Settle = Callable[[Cart], Settled]


def forget(
    name: str, accounts: Accounts, sessions: Sessions, keeper: CartKeeper, settle: Settle
) -> Forgotten:
    """Forget the user of that `name`, or the owner of that id; `settle` settles a cart. Raises as
    `Merchant.forget` does."""
    owner = _owner(name)
    if is_forgotten(owner):
        raise _nobody(name)
    carts = keeper.unpurchased(owner)
    for cart in carts or ():
        _check_settled(name, settle(cart))
    known = accounts.close(owner)
    ended = sessions.revoke_all(owner)
    left = _left(owner, keeper)
    # What was begun before, and has come meanwhile.
    ended += sessions.revoke_all(owner)
    late = _left(owner, keeper)
    accounts.remove(owner)
    if carts is None and not known and not ended:
        raise _nobody(name)
    return Forgotten(
        left.owner or late.owner,
        left.purchased + late.purchased,
        left.removed + late.removed,
        ended,
    )


def would_forget(
    name: str,
    accounts: Accounts,
    sessions: Sessions,
    keeper: CartKeeper,
    reader: CartReader,
) -> Forgotten:
    """What there is of the user of that `name`, or the owner of that id. ChooseExisting when that
    is nothing."""
    owner = _owner(name)
    carts = None if is_forgotten(owner) else keeper.unpurchased(owner)
    lasting = len(sessions.lasting(owner))
    if carts is None and not lasting and not _knows(accounts, name):
        raise _nobody(name)
    bought = (cart for cart in reader.everything("purchased") if isinstance(cart, Cart))
    purchased = sum(cart.owner == owner for cart in bought)
    return Forgotten(owner if purchased else "", purchased, len(carts or ()), lasting)


def _knows(accounts: Accounts, name: str) -> bool:
    try:
        return accounts.knows(Identity(name))
    except ValueError:
        return False


def _left(owner: str, keeper: CartKeeper) -> Left:
    """What is left of the owner's carts; no trace of one who has none."""
    return Left("", 0, 0) if keeper.unpurchased(owner) is None else keeper.forget(owner)


def _check_settled(name: str, settled: Settled) -> None:
    """CheckOutAgain or RetryLater when the payment of a cart of `name` has not ended."""
    if settled.ended:
        return
    if settled.outcome == "busy":
        raise RetryLater(
            f"{name} is paying right now", "Nothing was removed. Try again in a moment.", user=name
        )
    raise CheckOutAgain(
        f"{name} has a payment that is not settled: {settled.reason}",
        "Nothing was removed.",
        cart=settled.cart,
        user=name,
    )


def _nobody(name: str) -> ChooseExisting:
    return ChooseExisting(
        f"there is no user or owner {name}", "Nothing was changed.", customer=name
    )


def _owner(name: str) -> str:
    """The owner of that name; of other kinds, and of names that are not allowed any more, the id
    is given itself."""
    try:
        return Identity(name).owner
    except ValueError:
        return name

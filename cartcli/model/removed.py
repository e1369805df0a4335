"""What the merchant has removed."""

from typing import NamedTuple


class Forgotten(NamedTuple):
    """What was removed of a customer, and what was kept: `owner` is whose the `purchased` carts are
    now, "" when there are none; so many other `carts` and `sessions` are gone.

    >>> shop.merchant.forget("alice", dry_run=True).purchased
    1
    """

    owner: str
    purchased: int
    carts: int
    sessions: int


class Pruned(NamedTuple):
    """How much was removed, or would be: `sessions` that are over, open `carts` of guests, ids of
    `requests` that changed carts, entries about `guesses` at passwords, and `leftovers`, files of
    writers that were killed.

    >>> shop.merchant.prune(dry_run=True).carts
    0
    """

    sessions: int
    carts: int
    requests: int
    guesses: int
    leftovers: int

"""What the merchant has removed."""

from typing import NamedTuple


class Forgotten(NamedTuple):
    """What was removed of a customer, and what was kept: `owner` is whose the `purchased` carts are
    now, "" when there are none; so many other `carts` and `sessions` are gone."""

    owner: str
    purchased: int
    carts: int
    sessions: int


class Pruned(NamedTuple):
    """How many `sessions` that are over, and open `carts` of guests, were removed, or would be."""

    sessions: int
    carts: int

"""Carts as a dataframe."""

from __future__ import annotations

from collections.abc import Iterable

import pandas

from cartcli.model import Cart


def carts_frame(carts: Iterable[Cart]) -> pandas.DataFrame:
    """A row a cart, as `CartBooks.frame` describes it."""
    known = list(carts)
    columns = {
        "user": [cart.user for cart in known],
        "contents": [cart.contents for cart in known],
        "purchased": pandas.array([cart.state == "purchased" for cart in known], dtype=bool),
        "state": [cart.state for cart in known],
        "total": [cart.total.amount for cart in known],
        "currency": [cart.currency for cart in known],
        "created": pandas.to_datetime([cart.created for cart in known], utc=True),
        "updated": pandas.to_datetime([cart.updated for cart in known], utc=True),
    }
    return pandas.DataFrame(columns, index=pandas.Index([cart.id for cart in known], name="cart"))

"""The dataframes that the shop hands out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import pandas
import pytest

from cartcli import Cart, Controller, Identity, Item
from cartcli.catalog_db import CatalogDb
from cartcli.errors import FixInput, RestoreData
from cartcli.merchant import quoting
from tests.helpers import BOB, TEA
from tests.till import Till

# As documented; pandas before 3 has object for str.
DTYPES = {
    "user": "str",
    "contents": "object",
    "lines": "object",
    "purchased": "bool",
    "state": "str",
    "total": "object",
    "amount": "object",
    "currency": "str",
    "created": "datetime64[us, UTC]",
    "updated": "datetime64[us, UTC]",
    "purchased_at": "datetime64[us, UTC]",
    "unsold": "object",
}


def test_columns_and_their_types_with_and_without_carts(till: Till) -> None:
    empty = till.carts()
    till.sell("alice", "2026-01-02T10:00", {"MUG": 1})
    till.leave("alice", "2026-01-02T10:00", {})
    for frame in (empty, till.carts()):
        assert frame.index.name == "cart"
        assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
            name: str(pandas.Series(dtype=dtype).dtype) for name, dtype in DTYPES.items()
        }
        assert frame.index.dtype == pandas.Index([], dtype="str").dtype


def test_a_purchased_cart_as_a_row(till: Till) -> None:
    receipt = till.sell("alice", "2026-01-02T10:00", {"MUG": 2, "FUEL": 1})
    row = till.carts().loc[receipt.cart]
    assert row["lines"] == (
        ("MUG", "Mug", Decimal("8.90"), 2),
        ("FUEL", "Fuel", Decimal("1.009"), 1),
    )
    assert row["contents"] == {"MUG": 2, "FUEL": 1}
    assert str(row["amount"]) == str(row["total"]) == "18.81"
    assert row["purchased_at"] == receipt.purchased
    assert row["purchased"]


def test_an_open_cart_as_a_row_is_as_it_would_be_charged_today(till: Till) -> None:
    left = till.leave("alice", "2026-01-02T10:00", {"MUG": 2, "TEA": 1, "FUEL": 3})
    frozen = till.hang("bob", "2026-01-02T10:00", {"MUG": 1, "TEA": 1})
    till.offer(("MUG", "Sofa cover", "10.50", ""), ("FUEL", "Fuel", "1.0090", ""))
    carts = till.carts()
    row = carts.loc[left.id]
    assert row["lines"] == (
        ("MUG", "Sofa cover", Decimal("10.50"), 2),
        ("TEA", "煎茶 Tea", Decimal("12.80"), 1),
        ("FUEL", "Fuel", Decimal("1.009"), 3),
    )
    assert (str(row["total"]), row["unsold"]) == ("24.03", ("TEA",))
    (shown,) = till.shop().get_carts(Identity("alice"))
    assert shown.total.amount == row["total"]
    row = carts.loc[frozen.id]
    assert (str(row["total"]), row["unsold"]) == ("21.70", ())
    assert row["contents"] == {"MUG": 1, "TEA": 1}


def test_a_cart_in_another_currency_is_as_it_was_put_in(till: Till) -> None:
    cart = till.leave("alice", "2026-01-02T10:00", {"MUG": 1, "TEA": 1}, "EUR")
    till.offer(("MUG", "Mug", "10.50", ""))
    row = till.carts().loc[cart.id]
    assert (str(row["total"]), row["unsold"]) == ("21.70", ())


def test_what_needs_no_quote_needs_no_catalogue(till: Till) -> None:
    cart = till.leave("alice", "2026-01-02T10:00", {"MUG": 1})
    till.offer(("MUG", "Mug", "-1", ""))
    frame = till.shop().carts_frame(columns=["user", "contents", "amount"])
    assert [*frame.index] == [cart.id]
    for columns in (None, ["lines"], ["total"], ["unsold"]):
        with pytest.raises(FixInput, match="is refused: line 2"):
            till.shop().carts_frame(columns=columns)


class Counting:
    """A catalogue that notes what it is asked for."""

    def __init__(self, catalog: CatalogDb) -> None:
        self.asked: list[str] = []
        self._catalog = catalog

    def get_descriptions(self, skus: Iterable[str]) -> dict[str, Item]:
        wanted = [*skus]
        self.asked += wanted
        return self._catalog.get_descriptions(wanted)


@pytest.mark.parametrize("block", [2, 1_000])
def test_each_sku_is_looked_up_once(
    till: Till, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(quoting, "_BLOCK", block)
    for user in ("alice", "bob", "carol", "dave", "erin"):
        till.leave(user, "2026-01-02T10:00", {"MUG": 1, "TEA": 1})
    till.offer(("MUG", "Mug", "10.50", ""))
    services = till.shop()._services
    counting: Any = Counting(services.catalog_db)
    carts = (cart for cart in services.cart_reader.everything() if isinstance(cart, Cart))
    totals = [str(cart.total) for cart in quoting.quoted(carts, counting, "USD")]
    assert totals == ["10.50 USD"] * 5
    assert sorted(counting.asked) == ["MUG", "TEA"]


def test_what_only_purchased_carts_have(till: Till) -> None:
    for cart in (
        till.leave("alice", "2026-01-02T10:00", {"MUG": 1}),
        till.hang("bob", "2026-01-02T10:00", {"MUG": 1}),
    ):
        row = till.carts().loc[cart.id]
        assert row["amount"] is None
        assert row["purchased_at"] is pandas.NaT
        assert not row["purchased"]


def test_some_carts_and_some_columns(till: Till) -> None:
    bought = till.sell("alice", "2026-01-02T10:00", {"MUG": 1}).cart
    waiting = till.hang("alice", "2026-01-02T10:00", {"MUG": 1}).id
    opened = till.leave("bob", "2026-01-02T10:00", {"MUG": 1}).id
    assert {*till.carts("purchased").index} == {bought}
    assert {*till.carts("unpurchased").index} == {waiting, opened}
    assert {*till.carts().index} == {bought, waiting, opened}
    assert [*till.shop().carts_frame(columns=["state", "user"]).columns] == ["state", "user"]
    assert [*till.shop().carts_frame(columns=[]).columns] == []
    with pytest.raises(FixInput, match="colour"):
        till.shop().carts_frame(columns=["colour"])


def test_progress_is_told_all_users_and_may_stop_early(till: Till) -> None:
    for user in ("carol", "alice", "bob"):
        till.leave(user, "2026-01-02T10:00", {"MUG": 1})
    told: list[str] = []

    def first_two(users: list[str]) -> list[str]:
        told.extend(users)
        return users[:2]

    frame = till.shop().carts_frame(progress=first_two)
    assert told == ["alice", "bob", "carol"]
    assert [*frame["user"]] == ["alice", "bob"]


def test_a_shopper_never_waits_for_a_reader(till: Till) -> None:
    """A shopper buys while the carts are being read, and changes those not read yet."""
    till.leave("alice", "2026-01-02T10:00", {"MUG": 1})
    till.leave("bob", "2026-01-02T10:00", {"MUG": 1})

    def while_they_shop(users: list[str]) -> Iterator[str]:
        for user in users:
            yield user
            if user == "alice":
                till.sell("bob", "2026-01-03T10:00", {"TEA": 1})
                till.sell("alice", "2026-01-03T10:00", {"TEA": 1})

    frame = till.shop().carts_frame(progress=while_they_shop)
    assert sorted(frame["user"]) == ["alice", "bob", "bob"]


def test_a_damaged_file_is_named(till: Till) -> None:
    till.sell("alice", "2026-01-02T10:00", {"MUG": 1})
    (file,) = till.store.glob("carts/alice/purchased/*.pickle")
    file.write_bytes(b"?" + file.read_bytes()[1:])
    for which in ("all", "purchased"):
        with pytest.raises(RestoreData, match=str(file)):
            till.carts(which)
    assert len(till.carts("unpurchased")) == 0


def test_the_catalogue_as_a_frame(shop: Controller) -> None:
    frame = shop.catalog_frame()
    assert frame.index.name == "sku"
    assert [*frame.columns] == ["name", "price", "currency", "description"]
    assert str(frame.loc[TEA]["price"]) == "12.345"
    cart = shop.update_cart(BOB, None, {TEA: 2})
    both = shop.carts_frame().explode("lines")
    assert both["lines"].str[0].map(frame["name"]).to_dict() == {cart.id: "玉露 green tea"}


def test_another_users_name_is_as_it_was(till: Till) -> None:
    till.leave("Ünï cødé/..", "2026-01-02T10:00", {})
    assert [*till.carts()["user"]] == [Identity("Ünï cødé/..").owner]

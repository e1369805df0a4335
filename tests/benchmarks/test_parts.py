"""The benchmarks measure what they say: real shops, and all the durable writes there are."""

from __future__ import annotations

from pathlib import Path

import cartcli
from tests.benchmarks import library, shops
from tests.benchmarks.measure import figure, in_turn
from tests.helpers import CARD, PLATES

BOB = cartcli.Identity("bob")


def test_a_large_shop_is_one_that_the_library_reads(tmp_path: Path) -> None:
    store = tmp_path / "store"
    shops.make(store, 3, 2, 4)
    shop = cartcli.open_shop(store=store)
    frame = shop.carts_frame()
    assert sorted(frame["user"].unique()) == ["owner-0", "owner-1", "owner-2"]
    assert frame["state"].value_counts().to_dict() == {"purchased": 12, "open": 6}
    owner = cartcli.Identity("owner-1")
    opened = shop.get_carts(owner)[0]
    assert shop.update_cart(owner, opened.id, {PLATES: 1}).contents == {PLATES: 1}


def test_an_update_takes_one_durable_write_and_a_checkout_three(tmp_path: Path) -> None:
    shop = cartcli.open_shop(store=tmp_path / "store")

    def new_cart() -> str:
        return shop.update_cart(BOB, None, {PLATES: 1}).id

    new_cart()
    updates = library.pairs(
        tmp_path, 3, new_cart, lambda cart: shop.update_cart(BOB, cart, {PLATES: 2})
    )
    assert updates["writes"] == ["open.pickle"]
    checkouts = library.pairs(
        tmp_path, 3, new_cart, lambda cart: shop.checkout_cart(BOB, cart, CARD)
    )
    assert checkouts["writes"] == ["open.pickle", "payments/…", "purchased/…"]
    assert len(updates["pairs"]) == len(checkouts["pairs"]) == 3
    assert all(ours > 0 and bare > 0 for ours, bare in updates["pairs"] + checkouts["pairs"])


def test_a_figure_is_the_median_of_pairs_each_as_often_first_as_second() -> None:
    order: list[str] = []

    def taking(name: str, seconds: float) -> float:
        order.append(name)
        return seconds

    found = in_turn(lambda: taking("ours", 0.03), lambda: taking("theirs", 0.02), 4)
    warm_up, pairs = "ours theirs", "ours theirs theirs ours ours theirs theirs ours"
    assert order == [*warm_up.split(), *pairs.split()]
    row = figure("this", "that", 1.4, [*found, (9.0, 0.001)])
    assert (round(row.ratio, 9), round(row.ours, 9), round(row.theirs, 9)) == (1.5, 30, 20)
    assert row.missed
    assert not row._replace(at_most=1.6).missed
    assert not row._replace(at_most=None).missed

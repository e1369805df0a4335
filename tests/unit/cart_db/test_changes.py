"""What changes make of a cart's lines."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli import Cart, CartError, Item, Line
from cartcli.cart_db.changes import applied
from cartcli.errors import ChooseExisting, FixInput, ReviewCart
from cartcli.model.changes import Add, Change, Remove, Replace, Set
from cartcli.model.lines import MAX_QUANTITY
from tests.helpers import Clock, add, item, line

NOW: Final = Clock()()
CART: Final = Cart(
    "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f2",
    "alice",
    "open",
    (line("MUG", 2), line("POT", 3)),
    "USD",
    NOW,
    NOW,
)
MUG, POT = CART.lines
DEARER: Final = item("MUG", "9.90")


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (add("TEA", 4), (MUG, POT, line("TEA", 4))),
        (Add("MUG", 1, DEARER), (line("MUG", 3), POT)),  # as it was put in
        (Add("MUG", MAX_QUANTITY - 2, DEARER), (line("MUG", MAX_QUANTITY), POT)),
        (Remove("MUG"), (POT,)),
        (Remove("MUG", 2), (POT,)),
        (Remove("MUG", 1), (line("MUG", 1), POT)),  # the rest at the price when put in
        (Set("MUG", 2, DEARER), (MUG, POT)),  # as it is
        (Set("MUG", 2), (MUG, POT)),
        (Set("MUG", 1), (line("MUG", 1), POT)),  # no longer sold
        (Set("MUG", 1, DEARER), (line("MUG", 1), POT)),
        (Set("MUG", 3, DEARER), (line("MUG", 3), POT)),
        (Set("MUG", 0), (POT,)),
        (Set("TEA", 0), (MUG, POT)),
        (Set("TEA", 1, item("TEA")), (MUG, POT, line("TEA"))),
        (Replace(()), ()),
        (Replace((Set("POT", 3), Set("MUG", 2))), (POT, MUG)),
        (Replace((Set("TEA", 1, item("TEA")), Set("MUG", 1))), (line("TEA"), line("MUG"))),
        (Replace((Set("MUG", 0), Set("TEA", 0), Set("POT", 3))), (POT,)),
    ],
    ids=str,
)
def test_a_change_is_made(change: Change, lines: tuple[Line, ...]) -> None:
    assert applied(CART, [change]) == lines


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (Add("TEA", 1), ChooseExisting, "no item has the SKU 'TEA'"),
        (Add("MUG", 1), ChooseExisting, "no item has the SKU 'MUG'"),
        (Set("TEA", 1), ChooseExisting, "no item has the SKU 'TEA'"),
        (Set("MUG", 3), ChooseExisting, "no item has the SKU 'MUG'"),
        (Replace((Set("MUG", 3),)), ChooseExisting, "no item has the SKU 'MUG'"),
        (Remove("TEA"), ChooseExisting, "there is no 'TEA' in cart 6f1c0d5e"),
        (Remove("TEA", 0), ChooseExisting, "there is no 'TEA' in cart 6f1c0d5e"),
        (Remove("MUG", 3), ReviewCart, "cart 6f1c0d5e holds 2 of MUG, not 3"),
        (add("MUG", MAX_QUANTITY), FixInput, "MUG: the quantity 1000001 is not a whole number"),
        (Replace((Set("MUG", 1), Set("MUG", 1))), FixInput, "MUG is there twice"),
        (add("TEA", 1, "990", "JPY"), FixInput, "TEA: its price is in JPY, the cart in USD"),
    ],
    ids=str,
)
def test_a_change_that_cannot_be_made_says_why(
    change: Change, error: type[CartError], message: str
) -> None:
    with pytest.raises(error, match=message) as refused:
        applied(CART, [add("CUP"), change])
    assert refused.value.hint == "Nothing was changed."
    assert str(refused.value.facts["sku"]) in message
    about_the_cart = isinstance(refused.value, ReviewCart) or "there is no" in message
    assert refused.value.facts.get("cart") == (CART.id if about_the_cart else None)


@pytest.mark.parametrize("quantity", [-1, MAX_QUANTITY + 1, 1.5, "1", True, None], ids=repr)
def test_what_is_no_quantity_names_its_sku(quantity: int) -> None:
    changes: list[Change] = [Add("MUG", quantity, DEARER), Set("MUG", quantity, DEARER)]
    if quantity is not None:  # which means the whole line
        changes.append(Remove("MUG", quantity))
    changes += [Replace((change,)) for change in changes if isinstance(change, Set)]
    changes += [Add("MUG", 0, DEARER), Remove("MUG", 0)]
    for change in changes:
        with pytest.raises(FixInput, match=r"^MUG: the quantity"):
            applied(CART, [change])


def test_a_bad_quantity_is_told_before_what_is_not_on_sale() -> None:
    for change in (Add("TEA", 0), Set("TEA", -1)):
        with pytest.raises(FixInput, match=r"^TEA: the quantity"):
            applied(CART, [change])


def test_changes_are_made_one_after_the_other() -> None:
    sale = item("POT", "1")
    changes: list[Change] = [Remove("POT"), add("TEA"), Set("POT", 1, sale), add("TEA", 2)]
    assert applied(CART, changes) == (MUG, line("TEA", 3), line("POT", 1, "1"))
    assert applied(CART, []) == CART.lines


ITEMS: Final[list[Item]] = [item(sku, price) for sku in "ABC" for price in ("1", "2")]
items = st.sampled_from(ITEMS)
quantities = st.integers(1, 3)
sets = st.builds(lambda one, n: Set(one.sku, n, one), items, st.integers(0, 3))
any_change: st.SearchStrategy[Change] = st.one_of(
    st.builds(lambda one, n: Add(one.sku, n, one), items, quantities),
    st.builds(Remove, st.sampled_from("ABC"), st.none() | quantities),
    sets,
    st.builds(Replace, st.lists(sets, max_size=3, unique_by=lambda one: one.sku).map(tuple)),
)


@given(st.lists(any_change, max_size=8))
def test_the_contents_are_those_of_a_plain_count(changes: list[Change]) -> None:
    """Whatever is changed in whatever order; what cannot be made is refused here and there."""
    count: dict[str, int] = {"MUG": 2, "POT": 3}
    made: list[Change] = []
    for change in changes:
        after = counted(count, change)
        try:
            lines = applied(CART, [*made, change])
        except (ChooseExisting, ReviewCart):
            assert after is None
            continue
        made.append(change)
        assert after is not None
        count = after
        assert {line.sku: line.quantity for line in lines} == count
        assert [line.sku for line in lines] == [*count]


def counted(count: dict[str, int], change: Change) -> dict[str, int] | None:
    """The quantities by SKU after the change; None when it cannot be made."""
    match change:
        case Add(sku, quantity):
            return count | {sku: count.get(sku, 0) + quantity}
        case Remove(sku, None):
            after = {**count, sku: 0} if sku in count else None
        case Remove(sku, int(quantity)):
            left = count.get(sku, -1) - quantity
            after = {**count, sku: left} if left >= 0 else None
        case Set(sku, quantity):
            after = {**count, sku: quantity}
        case Replace(contents):
            after = {one.sku: one.quantity for one in contents}
    return after and {sku: quantity for sku, quantity in after.items() if quantity}

"""What is taken for a change of a cart, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum, StrEnum
from typing import Any, Final

import pytest

from cartcli.errors import FixInput
from cartcli.model.changes import Add, Change, Remove, Replace, Set
from cartcli.rules.changes import checked, replacement


class Sku(StrEnum):
    MUG = "MUG"


class Count(IntEnum):
    TWO = 2


def test_contents_are_replaced_without_zero_quantities() -> None:
    assert replacement({"MUG": 2, "TEA": 0, "NO SUCH": 0}) == Replace((Set("MUG", 2),))


BAD: Final = [-1, 1_000_000, 10**5_000, 1.5, 0.0, True, False, "1", "", None]


@pytest.mark.parametrize("quantity", BAD, ids=range(len(BAD)))
def test_a_bad_quantity_is_refused_with_its_sku(quantity: Any) -> None:
    for call in (
        lambda: replacement({"MUG": 1, "TEA": quantity}),
        lambda: checked([Add("MUG"), Set("TEA", quantity)]),
    ):
        with pytest.raises(FixInput, match=r"^TEA: the quantity") as refused:
            call()
        assert refused.value.facts == {"sku": "TEA"}


def test_changes_may_come_from_anywhere_once() -> None:
    changes: list[Change] = [Add("MUG", 2), Remove("TEA"), Set("TEA", 0), Replace((Set("A", 1),))]

    def generated() -> Iterator[Change]:
        yield from changes

    assert checked(changes) == checked(tuple(changes)) == checked(generated()) == changes


@pytest.mark.parametrize(
    "changes",
    [
        Add("MUG", 2),
        Replace((Set("MUG", 1),)),
        {"MUG": 2},
        "MUG",
        b"MUG",
        None,
        5,
        ["MUG"],
        [("MUG", 2)],
        [Add("MUG"), None],
        [Replace((Add("MUG"),))],  # type: ignore[arg-type]
        [Add(5)],  # type: ignore[arg-type]
        [Remove("MUG", 0)],
    ],
    ids=repr,
)
def test_what_is_no_change_is_refused(changes: object) -> None:
    with pytest.raises(FixInput) as refused:
        checked(changes)
    assert refused.value.hint == "Nothing was changed."


@pytest.mark.parametrize("contents", [None, ["MUG"], "MUG", [("MUG", 2)]], ids=repr)
def test_what_are_no_contents_is_refused(contents: object) -> None:
    with pytest.raises(FixInput, match="contents map SKUs to quantities"):
        replacement(contents)


def test_what_is_derived_from_plain_values_is_made_plain() -> None:
    (change,) = checked([Add(Sku.MUG, Count.TWO)])
    assert isinstance(change, Add)
    assert (type(change.sku), type(change.quantity)) == (str, int)
    ((one,),) = replacement({Sku.MUG: Count.TWO})
    assert (type(one.sku), type(one.quantity)) == (str, int)

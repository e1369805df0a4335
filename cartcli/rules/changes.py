"""What is taken for a change of a cart: whatever else is given is refused, because a change that is
dropped in silence is an order that is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from cartcli.errors import FixInput
from cartcli.model.changes import Add, Change, Remove, Replace, Set
from cartcli.model.lines import check_quantity, same_sku
from cartcli.model.money import whole_number

Contents = Mapping[str, int]  # quantity by SKU
_NO_LIST: Final = (Add, Remove, Set, Replace, Mapping, str, bytes)
_UNCHANGED: Final = "Nothing was changed."


def checked(changes: object) -> list[Change]:
    """The `changes`, in plain values; FixInput for anything but a list of them."""
    if isinstance(changes, _NO_LIST) or not isinstance(changes, Iterable):
        kind = type(changes).__name__
        raise FixInput(f"changes are given as a list, and this is: {kind}", _UNCHANGED)
    return [_checked(change) for change in changes]


def replacement(contents: object) -> Replace:
    """The change that makes the `contents` of a cart these, without zero quantities. FixInput for
    anything but a map of SKU to quantity."""
    if not (hasattr(contents, "keys") and hasattr(contents, "__getitem__")):  # as `dict` does
        kind = type(contents).__name__
        raise FixInput(f"contents map SKUs to quantities, and this is: {kind}", _UNCHANGED)
    skus = contents.keys()
    sets = [_checked_set(sku, contents[sku]) for sku in skus]
    return Replace(tuple(one for one in sets if one.quantity))


def checked_version(version: object) -> int | None:
    """The `version` that a cart must have, or None; FixInput for anything else."""
    try:
        return None if version is None else whole_number(version)
    except TypeError:
        kind = type(version).__name__
        raise FixInput(f"a version is a whole number, and not a {kind}", _UNCHANGED) from None


def _checked(change: object) -> Change:
    match change:
        case Add():
            return Add(_sku(change.sku), _quantity(change.sku, change.quantity))
        case Remove(quantity=None):
            return Remove(_sku(change.sku))
        case Remove():
            return Remove(_sku(change.sku), _quantity(change.sku, change.quantity))
        case Set():
            return _checked_set(change.sku, change.quantity)
        case Replace():
            return Replace(tuple(_checked_part(part) for part in change.contents))
    kind = type(change).__name__
    raise FixInput(f"a change is an Add, Remove, Set or Replace, and this is: {kind}", _UNCHANGED)


def _checked_part(part: object) -> Set:
    if not isinstance(part, Set):
        raise FixInput(f"a Replace has Sets, and this is: {type(part).__name__}", _UNCHANGED)
    return _checked_set(part.sku, part.quantity)


def _checked_set(sku: object, quantity: object) -> Set:
    return Set(_sku(sku), 0 if _is_zero(quantity) else _quantity(sku, quantity))


def _is_zero(quantity: object) -> bool:
    if type(quantity) is int:
        return quantity == 0
    try:
        return whole_number(quantity) == 0
    except TypeError:
        return False


def _sku(sku: object) -> str:
    if not isinstance(sku, str):
        raise FixInput(f"{sku!r} is not a SKU", _UNCHANGED)
    return same_sku(str.__str__(sku))


def _quantity(sku: object, quantity: object) -> int:
    try:
        return check_quantity(quantity)
    except ValueError as error:
        raise FixInput(f"{sku}: {error}", _UNCHANGED, sku=sku) from None

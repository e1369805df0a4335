"""What is given to choose by: words of which one must be taken, lists of texts, amounts, limits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, get_args

from cartcli.errors import FixInput
from cartcli.model.money import Money, whole_number

_UNCHANGED: Final = "Nothing was changed."


def check_choice(name: str, value: object, choices: Any) -> None:
    """FixInput unless `value` is one of the `choices`, a `Literal`; `name` is what it is given
    for."""
    allowed = get_args(choices)
    if value not in allowed:
        words = ", ".join(map(repr, allowed))
        raise FixInput(f"{name} is {value!r}, and none of {words}", _UNCHANGED)


def check_limit(limit: int | None) -> None:
    """FixInput unless `limit` is None or a whole number from 0."""
    try:
        if limit is None or whole_number(limit) >= 0:
            return
    except TypeError:
        pass
    raise FixInput(f"the limit {limit!r} is no number from 0", _UNCHANGED)


def check_amount(name: str, value: object) -> None:
    """FixInput unless `value`, which is given for `name`, is None or an amount of money."""
    if value is not None and not isinstance(value, Money):
        raise _unfit(name, "is given as Money", value)


def checked_zone(zone: object) -> str:
    """The time zone `zone`, a name such as Europe/Berlin; FixInput when there is none of it."""
    from zoneinfo import ZoneInfo  # reports alone have one

    try:
        return ZoneInfo(zone).key  # type: ignore[arg-type]
    except (KeyError, ValueError, TypeError, OSError):
        raise FixInput(
            f"there is no time zone {zone!r}", f"{_UNCHANGED} Name one such as Europe/Berlin."
        ) from None


def texts(name: str, values: object) -> list[str]:
    """The `values` that are given for `name`; FixInput unless they are a list of texts, and not
    just one."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise _unfit(name, "is given as a list", values)
    given = [*values]
    for value in given:
        if not isinstance(value, str):
            raise _unfit(name, "has texts", value)
    return given


def _unfit(name: str, what: str, value: object) -> FixInput:
    return FixInput(f"{name} {what}, and this is a {type(value).__name__}", _UNCHANGED)

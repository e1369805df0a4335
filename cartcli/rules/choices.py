"""Words of which one must be chosen, and limits."""

from __future__ import annotations

from typing import Any, get_args

from cartcli.errors import FixInput


def check_choice(name: str, value: object, choices: Any) -> None:
    """FixInput unless `value` is one of the `choices`, a `Literal`; `name` is what it is given
    for."""
    allowed = get_args(choices)
    if value not in allowed:
        words = ", ".join(map(repr, allowed))
        raise FixInput(f"{name} is {value!r}, and none of {words}", "Nothing was changed.")


def check_limit(limit: int | None) -> None:
    """FixInput unless `limit` is None or a whole number from 0."""
    whole = isinstance(limit, int) and not isinstance(limit, bool) and limit >= 0
    if limit is not None and not whole:
        raise FixInput(f"the limit {limit!r} is no number from 0", "Nothing was changed.")

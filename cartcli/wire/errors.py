"""Errors as plain data, and the one table of what each class is called outside."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from cartcli import errors
from cartcli.errors import CartError
from cartcli.model.times import rfc3339

# The exit status of each class; its code stands in the class. The nearest class counts, and
# neither ever changes.
STATUSES: Final[dict[type[CartError], int]] = {
    errors.FixInput: 2,
    errors.ChooseExisting: 3,
    errors.LogIn: 4,
    errors.UseAnotherCard: 5,
    errors.ReviewCart: 6,
    errors.VersionConflict: 6,
    errors.RetryLater: 7,
    errors.CheckOutAgain: 8,
    errors.RestoreData: 9,
    CartError: 1,
}


def status_of(error: CartError) -> int:
    """The exit status that tells of `error`."""
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def error_dict(
    status: int, code: str, message: str, hint: str, error: BaseException | None = None
) -> dict[str, Any]:
    """An error: its code and exit status, what happened, and what to do next in the words of the
    front end; and what else programs need of the `error` itself."""
    more = _turn(error) if isinstance(error, errors.FinishPayment) else {}
    return {"error": code, "message": message, "hint": hint, "status": status, **more}


def _turn(error: errors.FinishPayment) -> dict[str, Any]:
    """Whose turn it is, where they act, and until when."""
    until = error.facts.get("until")
    return {
        "waiting_for": error.facts.get("waiting_for"),
        "url": error.facts.get("url") or None,
        "until": rfc3339(until) if isinstance(until, datetime) else None,
    }

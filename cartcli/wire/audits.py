"""What the merchant has found, settled and removed, as plain data."""

from __future__ import annotations

from typing import Any, Final

from cartcli.model.audit import Audit, Disagreement, Pending, Settled
from cartcli.model.money import Money
from cartcli.model.removed import Forgotten, Pruned
from cartcli.model.times import rfc3339

SETTLED_FIELDS: Final = ("cart", "user", "outcome", "amount", "currency", "reason")
AUDIT_ROW_FIELDS: Final = ("kind", "cart", "user", "amount", "charged", "currency", "problem")


def found_dict(
    found: Audit | Disagreement | Pending | Settled | Forgotten | Pruned,
) -> dict[str, Any]:
    """Any of them."""
    match found:
        case Audit():
            return audit_dict(found)
        case Disagreement():
            return disagreement_dict(found)
        case Pending():
            return pending_dict(found)
        case Settled():
            return settled_dict(found)
        case Forgotten() | Pruned():
            return removed_dict(found)


def audit_dict(audit: Audit) -> dict[str, Any]:
    """The whole result."""
    return {
        "carts": audit.carts,
        "payments": audit.payments,
        "pending": [pending_dict(one) for one in audit.pending],
        "disagreements": [disagreement_dict(one) for one in audit.disagreements],
        "not_compared": [disagreement_dict(one) for one in audit.not_compared],
    }


def audit_rows(audit: Audit) -> list[dict[str, Any]]:
    """A row for each thing that it has found."""
    rows = [("disagreement", disagreement_dict(one)) for one in audit.disagreements]
    rows += [("not compared", disagreement_dict(one)) for one in audit.not_compared]
    rows += [("pending", pending_dict(one)) for one in audit.pending]
    return [
        {name: {"kind": kind, **row}.get(name) for name in AUDIT_ROW_FIELDS} for kind, row in rows
    ]


def disagreement_dict(disagreement: Disagreement) -> dict[str, Any]:
    """What is wrong, and with which cart."""
    return disagreement._asdict()


def pending_dict(pending: Pending) -> dict[str, Any]:
    """A cart that waits; `charged` is null when nothing is known to be."""
    return {
        "cart": pending.cart,
        "user": pending.user,
        "amount": pending.amount.decimal,
        "charged": _decimal(pending.charged),
        "currency": pending.amount.currency,
        "created": rfc3339(pending.created),
        "waiting_for": pending.waiting_for or None,
    }


def settled_dict(settled: Settled) -> dict[str, Any]:
    """How a cart stands; `amount` is null when none is known."""
    return {
        "cart": settled.cart,
        "user": settled.user,
        "outcome": settled.outcome,
        "amount": _decimal(settled.amount),
        "currency": settled.amount.currency if settled.amount else None,
        "reason": settled.reason or None,
    }


def removed_dict(removed: Forgotten | Pruned) -> dict[str, Any]:
    """What was removed, in numbers; `owner` is null when nothing is left of who was forgotten."""
    return {name: None if value == "" else value for name, value in removed._asdict().items()}


def _decimal(amount: Money | None) -> str | None:
    return amount.decimal if amount else None

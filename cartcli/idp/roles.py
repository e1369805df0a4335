"""Which roles somebody may be given, and those that a record tells of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cartcli.model.people import CUSTOMER, Role, checked_roles


def given(roles: Iterable[str]) -> frozenset[Role]:
    """Exactly these `roles`; ValueError for one that is none, and when there is not one of them."""
    known = checked_roles(roles)
    if not known:
        raise ValueError("a user has one role at least")
    return known


def recorded(record: dict[str, Any]) -> frozenset[Role]:
    """The roles in `record`; without any, which is how all records once were, those of a customer.
    ValueError when what is there is no list of roles."""
    roles = record.get("roles", [*CUSTOMER])
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise ValueError("its 'roles' are no list of roles")
    return checked_roles(roles)

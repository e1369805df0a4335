"""A backup, and what was restored, as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cartcli.model.audit import Audit, Disagreement
from cartcli.model.backups import Backup, Restored
from cartcli.model.times import rfc3339
from cartcli.wire.records import disagreement_dict


def backup_dict(backup: Backup) -> dict[str, Any]:
    """A backup with what an audit of it found, and what could not be copied."""
    return {
        "folder": backup.folder,
        "made": rfc3339(backup.made),
        "files": backup.files,
        **_found(backup.audit, backup.waiting, backup.not_copied),
    }


def restored_dict(restored: Restored) -> dict[str, Any]:
    """A store that was restored with what an audit of it found."""
    return {
        "store": restored.store,
        "made": rfc3339(restored.made) if restored.made else None,
        "files": restored.files,
        **_found(restored.audit, restored.waiting, ()),
        "aside": restored.aside or None,
    }


def _found(audit: Audit, waiting: int, further: Iterable[Disagreement]) -> dict[str, Any]:
    problems = (*further, *audit.disagreements, *audit.not_compared)
    return {
        "carts": audit.carts,
        "payments": audit.payments,
        "waiting": waiting,
        "problems": [disagreement_dict(one) for one in problems],
    }

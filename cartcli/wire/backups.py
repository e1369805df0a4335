"""A backup, and what was restored, as plain data."""

from __future__ import annotations

from typing import Any

from cartcli.model.audit import Audit, Disagreement
from cartcli.model.backups import Backup, Restored
from cartcli.model.times import rfc3339
from cartcli.wire.audits import audit_dict


def backup_dict(backup: Backup) -> dict[str, Any]:
    """A backup with what an audit of it found, and what could not be copied."""
    return {
        "folder": backup.folder,
        "made": rfc3339(backup.made),
        "files": backup.files,
        **_found(backup.audit, backup.not_copied),
        "catalogue_elsewhere": backup.catalogue_elsewhere or None,
    }


def restored_dict(restored: Restored) -> dict[str, Any]:
    """A store that was restored with what an audit of it found."""
    return {
        "store": restored.store,
        "made": rfc3339(restored.made) if restored.made else None,
        "files": restored.files,
        **_found(restored.audit),
        "aside": restored.aside or None,
    }


def _found(audit: Audit, not_copied: tuple[Disagreement, ...] = ()) -> dict[str, Any]:
    wrong = [*not_copied, *audit.disagreements]
    return audit_dict(audit._replace(disagreements=wrong))

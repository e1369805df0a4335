"""What a backup tells of itself, in its file `backup.json`: it is written when all else is there,
and shows that the backup is whole."""

from __future__ import annotations

import os
from datetime import datetime
from typing import NamedTuple

from cartcli.backup.belonging import LOCK, RECORD
from cartcli.errors import FixInput, RestoreData
from cartcli.files import durable, safety, sealed
from cartcli.model.times import parse_time, rfc3339


class Record(NamedTuple):
    """When a backup was begun (UTC), and how many files it has."""

    made: datetime
    files: int

    def save(self, folder: str) -> None:
        """Put it into the backup in the `folder`, durably."""
        data = sealed.seal({"made": rfc3339(self.made), "files": self.files})
        durable.replace(os.path.join(folder, RECORD), data)

    def check(self, folder: str, files: int) -> None:
        """RestoreData unless this is how many `files` the backup in the `folder` has."""
        if files != self.files:
            raise RestoreData(
                f"{folder} had {self.files} files when it was made, and has {files} now",
                "Nothing was changed. Restore a backup that nobody has changed.",
                backup=folder,
            )


def record_of(folder: str) -> Record | None:
    """What the backup in the `folder` tells; None for a copy that was made in another way. FixInput
    for a backup that is not whole, RestoreData when its record is damaged."""
    path = os.path.join(folder, RECORD)
    try:
        record = sealed.read(path)
    except FileNotFoundError:
        if not os.path.lexists(os.path.join(folder, LOCK)):
            return None
        raise FixInput(
            f"{folder} is not whole: nobody has finished it", "Nothing was changed."
        ) from None
    try:
        return Record(parse_time(sealed.text_field(path, record, "made")), int(record["files"]))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise safety.damaged(path, f"it is not the record of a backup: {error}") from None

"""Defects of durable files and of locks, which every implementation on files shares."""

from __future__ import annotations

from typing import Final

from tests.promises.faults.attacks import carts, people
from tests.promises.faults.planted.defect import FLUSHES, Defect, by
from tests.promises.faults.planted.planting import Edit

_DURABLE: Final = "files/durable.py"

_OVERWRITTEN_IN_PLACE: Final = Edit(
    _DURABLE,
    "replace_in_chunks",
    """
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for data in chunks:
        os.write(fd, data)
    os.fsync(fd)
    os.close(fd)
    sync_folder(os.path.dirname(path))
    """,
)

_CREATED_IN_PLACE: Final = Edit(
    _DURABLE,
    "create",
    """
    fd = os.open(path, _NEW, 0o600)
    os.write(fd, data)
    os.fsync(fd)
    os.close(fd)
    sync_folder(os.path.dirname(path))
    """,
)

_LOCK_IN_A_FOLDER_NOT_DURABLE: Final = Edit(
    "files/locks.py",
    "_lock_file",
    """
    os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
    return opened_with_info(path, os.O_RDWR | os.O_CREAT)
    """,
)

_CONTENT_NOT_SYNCED: Final = Edit(
    _DURABLE,
    "_write",
    """
    with suppress(FileNotFoundError):
        os.unlink(path)
    fd = opened(path, _NEW)
    for data in chunks:
        os.write(fd, data)
    os.close(fd)
    """,
)

_NAMES_NOT_SYNCED: Final = Edit(_DURABLE, "sync_folder", "return")

IN_FILES: Final = (
    Defect(
        "overwritten in place",
        by(carts.add, "kill"),
        "and the cart is lost",
        (_OVERWRITTEN_IN_PLACE,),
    ),
    Defect(
        "created in place",
        by(people.register_first, "kill"),
        "its checksum does not match",
        (_CREATED_IN_PLACE,),
    ),
    Defect(
        "a lock in a folder that is not durable",
        FLUSHES,
        "is put in place before",
        (_LOCK_IN_A_FOLDER_NOT_DURABLE,),
    ),
    Defect(
        "content that is not synced",
        FLUSHES,
        ".tmp'} are synced",
        (_CONTENT_NOT_SYNCED,),
    ),
    Defect(
        "names that are not synced",
        FLUSHES,
        "are not synced at the end",
        (_NAMES_NOT_SYNCED,),
    ),
)

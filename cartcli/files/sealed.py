"""Records of JSON that tell when a single bit is not as it was."""

from __future__ import annotations

import json
import zlib
from contextlib import suppress
from typing import Any, Final

from cartcli.errors import RepairStore, RestoreData
from cartcli.files import durable
from cartcli.files.safety import damaged, shortened

FORMAT: Final = 1  # of a record whose kind has known no other
_SEAL: Final = b', "crc32": "%08x"}\n'
_SEAL_SIZE: Final = len(_SEAL % 0)


def read(path: str, *, known: int = FORMAT) -> dict[str, Any]:
    """The record in the file `path`; FileNotFoundError, or what `unseal` raises."""
    return unseal(path, durable.read(path), known=known)


def seal(record: dict[str, Any], *, version: int = FORMAT) -> bytes:
    """`record` and its format number `version` as one line of JSON, whose last member is the CRC-32
    of the bytes before it."""
    # Without its closing brace, which follows the seal: the line stays one JSON object.
    body = json.dumps({"format": version, **record}).encode()[:-1]
    return body + _SEAL % zlib.crc32(body)


def unseal(path: str, data: bytes, *, known: int = FORMAT) -> dict[str, Any]:
    """The record that `seal` made; RestoreData names `path` when a single bit is not as it was.
    Raises what `check_format` does when it is not of the format that is `known`."""
    body, mark = data[:-_SEAL_SIZE], data[-_SEAL_SIZE:]
    if mark != _SEAL % zlib.crc32(body):
        raise damaged(path, "its checksum does not match")
    try:
        record: Any = json.loads(body + b"}")
    except (ValueError, RecursionError):
        raise damaged(path, "it is not JSON") from None
    version = record.pop("format", None) if isinstance(record, dict) else None
    check_format(path, version, known)
    return {**record}


def check_format(path: str, version: object, known: int = FORMAT) -> None:
    """RestoreData unless `version` is a format number that there ever was, and none newer than the
    one that is `known`; RepairStore when it is an older one."""
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise damaged(path, "it has no format number that there ever was")
    if version > known:
        raise RestoreData(
            f"{path} was written by a newer version of cartcli (format {shortened(str(version))})",
            "The file was left as it is; upgrade cartcli to read it.",
            path=path,
        )
    if version < known:
        raise RepairStore(
            f"{path} was written by an older version of cartcli (format {version})",
            "The file was left as it is; upgrade the store.",
            path=path,
            outdated=True,
        )


def text_field(path: str, record: dict[str, Any], field: str) -> str:
    """The text in a `field` of the `record` of the file `path`; RestoreData when there is none."""
    value = record.get(field)
    with suppress(UnicodeEncodeError):  # JSON can spell half of a surrogate pair
        if isinstance(value, str) and value.encode() is not None:
            return value
    raise damaged(path, f"its {field!r} is not text")

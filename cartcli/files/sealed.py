"""Records of JSON that tell when a single bit is not as it was."""

from __future__ import annotations

import json
import zlib
from contextlib import suppress
from typing import Any, Final

from cartcli.errors import RestoreData
from cartcli.files import durable
from cartcli.files.safety import damaged, shortened

FORMAT: Final = 1
_SEAL: Final = b', "crc32": "%08x"}\n'
_SEAL_SIZE: Final = len(_SEAL % 0)


def read(path: str) -> dict[str, Any]:
    """The record in the file `path`; FileNotFoundError, or RestoreData as `unseal` raises it."""
    return unseal(path, durable.read(path))


def seal(record: dict[str, Any]) -> bytes:
    """`record` and a format number as one line of JSON, whose last member is the CRC-32 of the
    bytes before it."""
    # Without its closing brace, which follows the seal: the line stays one JSON object.
    body = json.dumps({"format": FORMAT, **record}).encode()[:-1]
    return body + _SEAL % zlib.crc32(body)


def unseal(path: str, data: bytes) -> dict[str, Any]:
    """The record that `seal` made; RestoreData names `path` when a single bit is not as it was,
    or when a newer version wrote it."""
    body, mark = data[:-_SEAL_SIZE], data[-_SEAL_SIZE:]
    if mark != _SEAL % zlib.crc32(body):
        raise damaged(path, "its checksum does not match")
    try:
        record: Any = json.loads(body + b"}")
    except (ValueError, RecursionError):
        raise damaged(path, "it is not JSON") from None
    version = record.pop("format", None) if isinstance(record, dict) else None
    check_format(path, version)
    return {**record}


def check_format(path: str, version: object) -> None:
    """RestoreData unless `version` is the format number that this version writes."""
    if not isinstance(version, int) or isinstance(version, bool) or version < FORMAT:
        raise damaged(path, "it has no format number that there ever was")
    if version > FORMAT:
        raise RestoreData(
            f"{path} was written by a newer version of cartcli (format {shortened(str(version))})",
            "The file was left as it is; upgrade cartcli to read it.",
            path=path,
        )


def text_field(path: str, record: dict[str, Any], field: str) -> str:
    """The text in a `field` of the `record` of the file `path`; RestoreData when there is none."""
    value = record.get(field)
    with suppress(UnicodeEncodeError):  # JSON can spell half of a surrogate pair
        if isinstance(value, str) and value.encode() is not None:
            return value
    raise damaged(path, f"its {field!r} is not text")

"""Builtin values to a sealed pickle and back, without ever trusting what is read.

The pickle is of protocol 2 and plain: `pickle.load` of any Python reads it. A seal follows its
end, where `pickle.load` never looks: `\\ncartcli:` and the CRC-32 of the pickle in hexadecimal.

Whoever can write the file can also make the checksum, so a matching one proves little. A walk
over the opcodes refuses, before anything is built, whatever we never write: globals and calls,
the memo (sharing, cycles, doubling references), tuples, deep nesting, and lengths that lie.
"""

from __future__ import annotations

import io
import zlib
from typing import Any, Final

try:  # pickle would load the same and, in Python, slower ones: a fortieth of a short command's time
    from _pickle import Pickler, Unpickler, UnpicklingError
except ImportError:
    from pickle import Pickler, Unpickler, UnpicklingError

from cartcli.files.safety import damaged

_SEAL: Final = b"\ncartcli:%08x\n"
_SEAL_SIZE: Final = len(_SEAL % 0)
_MAX_DEPTH: Final = 16

# Opcodes of PEP 307 that plain builtin values need, by the number of bytes of their argument.
_FIXED: Final = {
    ord("}"): 0,  # EMPTY_DICT
    ord("]"): 0,  # EMPTY_LIST
    ord("("): 0,  # MARK
    ord("u"): 0,  # SETITEMS
    ord("s"): 0,  # SETITEM
    ord("e"): 0,  # APPENDS
    ord("a"): 0,  # APPEND
    ord("N"): 0,  # NONE
    ord("K"): 1,  # BININT1
    ord("M"): 2,  # BININT2
    ord("J"): 4,  # BININT
}
_BINUNICODE: Final = ord("X")
_MARK: Final = ord("(")
_CLOSES: Final = frozenset(b"ue")
_SURROGATE: Final = b"\xed"  # begins half of a surrogate pair, which pickle lets pass
_START: Final = b"\x80\x02"
_STOP: Final = ord(".")


def encode(value: Any) -> bytes:
    """A sealed pickle of `value`: dicts, lists, strings, small whole numbers and None only.
    ValueError for values of other classes, be they derived from these, and for a text with half of
    a surrogate pair: `decode` would refuse them."""
    buffer = io.BytesIO()
    pickler = _Pickler(buffer, protocol=2)
    pickler.fast = True  # no memo: equal strings are written out again, cycles cannot be
    pickler.dump(value)
    data = buffer.getvalue()
    if _SURROGATE in data and not _is_plain(data):
        raise ValueError("a text is not Unicode: it holds half of a surrogate pair")
    return data + _SEAL % zlib.crc32(data)


def decode(path: str, data: bytes) -> Any:
    """The value that `encode` made; RestoreData names `path` when this cannot be its work."""
    body, seal = data[:-_SEAL_SIZE], data[-_SEAL_SIZE:]
    if seal != _SEAL % zlib.crc32(body):
        raise damaged(path, "its checksum does not match")
    if not _is_plain(body):
        raise damaged(path, "it holds more than plain values")
    try:
        return _Unpickler(io.BytesIO(body)).load()
    except Exception as error:  # the pickle module promises no particular one
        raise damaged(path, f"it is not a pickle: {error}") from None


def _is_plain(body: bytes) -> bool:
    """Whether `body` is one pickle of the opcodes above, and nothing after it."""
    if body[:2] != _START:
        return False
    suspect = _SURROGATE in body
    at, end, depth = 2, len(body) - 1, 0
    while at < end:
        opcode = body[at]
        if opcode == _BINUNICODE:
            start = at + 5
            at = start + int.from_bytes(body[at + 1 : start], "little")
            if suspect and not _is_text(body[start:at]):
                return False
        elif (size := _FIXED.get(opcode)) is not None:
            at += 1 + size
            if opcode == _MARK:
                depth += 1
                if depth > _MAX_DEPTH:
                    return False
            elif opcode in _CLOSES:
                depth -= 1
        else:
            return False
    return at == end and body[end] == _STOP


def _is_text(data: bytes) -> bool:
    """Whether `data` is UTF-8, without halves of surrogate pairs."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


class _Pickler(Pickler):
    def reducer_override(self, value: object) -> Any:  # is asked about what is no plain value
        raise ValueError(f"a {type(value).__name__} is no plain value")


class _Unpickler(Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        raise UnpicklingError(f"the global {module}.{name} is refused")

    def persistent_load(self, pid: Any) -> Any:
        raise UnpicklingError("persistent ids are refused")

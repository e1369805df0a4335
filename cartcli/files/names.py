"""Users' names as names of files and folders."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import Final

_UNSAFE: Final = re.compile(rb"[^a-z0-9_@-]")


@lru_cache(maxsize=256)  # a server asks for the same few names at every call
def file_name(name: str) -> str:
    """`name`, which is case-folded, as one safe file name: letters, digits, `_`, `@` and `-` stay,
    every other byte of its UTF-8 becomes `%` and two hexadecimal digits."""
    data = os.fsencode(name)  # a stray file's name need not be UTF-8
    return _UNSAFE.sub(lambda byte: b"%%%02x" % byte[0][0], data).decode()


def named_by(file_name: str) -> str:
    """The name of which this `file_name` was made."""
    from urllib.parse import unquote

    return unquote(file_name)

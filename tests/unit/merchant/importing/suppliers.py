"""What becomes of a supplier's file that is made to fill the memory."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Final

import pytest

from cartcli.errors import FixInput
from cartcli.merchant.importing.source import open_source
from tests.helpers import cart_env

_MOST: Final = 300 << 10  # KiB, beside what the libraries take by themselves

# Reads a table of one item, and then the file; tells why that is refused, and by how many KiB the
# process has grown at its largest.
_PROGRAM: Final = """\
import resource, sys
from cartcli.errors import FixInput
from cartcli.merchant.importing.source import open_source

def read(path):
    with open_source(path) as source:
        for row in source.table().rows:
            pass

read(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read(sys.argv[2])
except FixInput as error:
    print(error.message)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def refused(path: Path) -> str:
    """Why nothing of the file is imported, which takes little memory to find out."""
    tracemalloc.start()
    try:
        with open_source(str(path)) as source, pytest.raises(FixInput) as error:
            list(source.table().rows)
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()
    return error.value.message


def refused_by_itself(path: Path, small: Path) -> str:
    """The same, in a process of its own, whose memory is what the system says; `small` is a file of
    the same kind that is taken. "" when it is not refused, which takes little memory as well."""
    ran = subprocess.run(
        [sys.executable, "-c", _PROGRAM, small, path],
        capture_output=True,
        env=cart_env({"HOME": str(path.parent)}),
        timeout=120,
        check=False,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    *why, grown = ran.stdout.splitlines()
    assert int(grown) < _MOST, (grown, why)
    return "".join(why)

"""Decodes pickles in a process of its own and reports what each of them took.

python -m tests.promises.damage.bombs FILE…

prints a JSON line for each: name, told, seconds of CPU, peak MB
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from cartcli.cart_db import open_cart_db
from cartcli.errors import RestoreData
from cartcli.model.times import utc_now

_ADDRESS_SPACE = 2 << 30  # what is worse shall harm the test alone


def told(path: Path) -> bool:
    """Whether the file is refused when it is read as the open carts of the owner it belongs to."""
    carts = open_cart_db(str(path.parents[2]), 1, utc_now)
    try:
        carts.find(path.parent.name)
    except RestoreData as error:
        return str(path) in error.message and len(error.message) < 1_000
    return False


def peak_megabytes() -> float:
    """The most memory that this process has used so far; where the kernel tells, without that of
    the process it was forked from."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text("ascii").split("VmHWM:")[1].split()[0]) / 1_000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1_000_000 if sys.platform == "darwin" else peak / 1_000


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    for name in sys.argv[1:]:
        start = time.process_time()
        refused = told(Path(name))
        seconds = time.process_time() - start
        print(json.dumps([name, refused, seconds, peak_megabytes()]), flush=True)


if __name__ == "__main__":
    main()

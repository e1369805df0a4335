"""An import that is killed leaves the old catalogue, or has put the whole new one in its place."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.helpers import CART, cart_env, run_cart, shop_in
from tests.product_files import catalog_rows, imported

HEADER = "sku,name,price,description\n"
OLD = HEADER + "OLD,Old,1,\n"
NEW = HEADER + "".join(f"NEW{i},New,2,\n" for i in range(200))

# Runs `cart`, which writes small blocks, and kills it before its n-th call of a function of `os`.
KILLING = """\
import os, signal, sys
name, left = sys.argv.pop(1), int(sys.argv.pop(1))
real = getattr(os, name)
def call(*args, **more):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args, **more)
from cartcli.cli import main
from cartcli.catalog_db import csv_writer
csv_writer._BLOCK = 500
setattr(os, name, call)
main()
"""


@pytest.mark.parametrize(
    ("name", "left", "sold"),
    [
        ("write", 0, "OLD"),
        ("write", 1, "OLD"),
        ("write", 4, "OLD"),
        ("fsync", 0, "OLD"),
        ("rename", 0, "OLD"),
        ("fsync", 2, "OLD"),
        ("rename", 1, "OLD"),
        ("fsync", 3, "NEW0"),
    ],
)
def test_killed_while_writing(store: Path, name: str, left: int, sold: str) -> None:
    assert run_cart("import", "-", store=store, input=OLD).returncode == 0
    ran = subprocess.run(
        [sys.executable, "-c", KILLING, name, str(left), "import", "-"],
        input=NEW.encode(),
        capture_output=True,
        env=cart_env({"HOME": str(store.parent)}, store),
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (-signal.SIGKILL, b"")
    assert shop_in(store).get_catalog()[0].sku == sold
    assert len(catalog_rows(store)) == (1 if sold == "OLD" else 200)
    assert run_cart("import", "-", store=store, input=NEW).returncode == 0
    assert len(catalog_rows(store)) == 200
    assert sorted(path.name for path in store.iterdir()) == [
        *("catalog-before.csv", "catalog.csv", "catalog.lock", "orders", "shop.json", "shop.lock")
    ]


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)]
)
def test_ended_while_reading(store: Path, number: signal.Signals, status: int) -> None:
    store.mkdir(0o700)
    imported(store, OLD)
    before = (store / "catalog.csv").read_bytes()
    (store / "catalog.lock").unlink()
    with subprocess.Popen(
        [CART, "import", "-", "--format", "own"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=cart_env({"HOME": str(store.parent)}, store),
    ) as process:
        assert process.stdin
        assert process.stderr
        # More than a pipe holds, so that some of it has been read when this returns.
        process.stdin.write((HEADER + "A,A,1,\n" * 40_000).encode())
        process.stdin.flush()
        _end(process, number)
        message = process.stderr.read().decode()
        assert process.returncode == status
        assert "Traceback" not in message
    assert (store / "catalog.csv").read_bytes() == before
    assert not (store / "catalog.lock").exists()


def _end(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send the signal until it is heard: an interrupt may fall into a library's callback, where
    Python cannot pass it on."""
    for _ in range(60):
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)
            return
    process.kill()

"""What a system, or a file system, cannot do is said in words, before anything is changed."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.cli.conftest import NewCart, Run, payments_in, states_in
from tests.helpers import CARD, PLATES, cart_env

# Runs `cart` where the call of os, of fcntl, that is named first always ends with this error.
RUN: Final = """\
import errno, fcntl, os, sys
module, name, code = sys.argv[1].split(".")
real = getattr(sys.modules[module], name)
def refused(*args, **kwargs):
    if name == "fsync" and not os.path.isdir(f"/proc/self/fd/{args[0]}"):
        return real(*args, **kwargs)
    raise OSError(getattr(errno, code), os.strerror(getattr(errno, code)))
setattr(sys.modules[module], name, refused)
sys.argv[:2] = ["cart"]
from cartcli.cli import main
main()
"""
BEFORE: Final = ("users", "sessions", "guesses", "session.json.lock")
NO_FCNTL: Final = """\
import sys
sys.modules["fcntl"] = None
sys.argv[0] = "cart"
from cartcli.cli import main
main()
"""


def run(script: str, store: Path, *args: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *args],
        input=given,
        capture_output=True,
        text=True,
        env=cart_env({"HOME": str(store.parent), "COLUMNS": "999"}, store),
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "args",
    [
        ["carts"],
        ["catalog"],
        ["login", "zed", "--password-stdin"],
        ["audit"],
        ["store", "upgrade"],
        ["logout"],
        ["backup", "nowhere"],
        ["restore", "nowhere"],
    ],
)
def test_without_posix_locks(store: Path, args: list[str]) -> None:
    ran = run(NO_FCNTL, store, *args)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("Error: the file store needs POSIX locks")
    assert not store.exists()


@pytest.mark.parametrize("args", [["--version"], ["--help"], ["checkout", "--help"]])
def test_without_posix_locks_there_is_help(store: Path, args: list[str]) -> None:
    ran = run(NO_FCNTL, store, *args)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "cart" in ran.stdout


def test_without_posix_locks_python_is_told(tmp_path: Path) -> None:
    script = f"""\
import sys
sys.modules["fcntl"] = None
import cartcli
try:
    cartcli.open_shop(store={str(tmp_path / "store")!r})
except cartcli.CartError as error:
    print(type(error).__name__, error)
"""
    ran = run(script, tmp_path / "store")
    assert ran.stdout.startswith("RepairStore the file store needs POSIX locks"), ran.stderr


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("os.link.EPERM", "cannot make hard links"),
        ("os.link.EOPNOTSUPP", "cannot make hard links"),
        ("fcntl.flock.ENOLCK", "cannot lock files"),
        ("fcntl.flock.EOPNOTSUPP", "cannot lock files"),
        ("os.fsync.EINVAL", "cannot keep the names of files safe"),
    ],
)
def test_a_file_system_that_will_not_do(store: Path, call: str, said: str) -> None:
    """Whoever would be the first to write there is told."""
    args = ["login", "zed", "--register", "--password-stdin"]
    ran = run(RUN, store, call, *args, given="correct horse battery\n")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert said in ran.stderr
    assert "another file system" in ran.stderr
    assert not [path for path in store.glob("*") if path.name not in BEFORE]


def test_a_store_that_was_moved_to_one_without_links_still_sells(
    new_cart: NewCart, shared: Path
) -> None:
    cart_id = new_cart({PLATES: 1})
    ran = run(RUN, shared, "os.link.EPERM", "checkout", cart_id, "--card", "-", given=CARD)
    assert ran.returncode == 0, ran.stderr
    assert states_in(shared) == ["purchased"]
    assert len(payments_in(shared)) == 1


@pytest.mark.parametrize("call", ["fcntl.fcntl.EINVAL", "fcntl.flock.ENOLCK"])
def test_a_store_that_was_moved_to_one_without_locks_charges_nothing(
    new_cart: NewCart, shared: Path, call: str
) -> None:
    cart_id = new_cart({PLATES: 1})
    ran = run(RUN, shared, call, "checkout", cart_id, "--card", "-", given=CARD)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "cannot lock files" in ran.stderr
    assert (states_in(shared), payments_in(shared)) == (["open"], [])


@pytest.mark.parametrize(
    ("code", "said"),
    [(errno.ENOSPC, "make room"), (errno.EROFS, "Nothing can be written"), (errno.EIO, "fails")],
)
def test_what_to_do_about_the_disk_is_said(
    new_cart: NewCart, shared: Path, code: int, said: str
) -> None:
    cart_id = new_cart({PLATES: 1})
    ran = run(RUN, shared, f"os.rename.{errno.errorcode[code]}", "add", cart_id, PLATES)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert os.strerror(code) in ran.stderr
    assert said in ran.stderr
    assert "A change is saved whole or not at all." in ran.stderr


def test_a_receipt_that_cannot_be_printed(cart: Run, new_cart: NewCart, shared: Path) -> None:
    """Whoever paid learns that they did, and how to get it."""
    cart_id = new_cart({PLATES: 1})
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "cartcli", "checkout", cart_id, "--card", "-", "-o", "json"],
            input=CARD,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=cart_env({"HOME": str(shared.parent)}, shared),
            timeout=60,
            check=False,
        )
    assert ran.returncode == 1
    assert "The cart is bought" in ran.stderr
    assert cart("checkout", cart_id, "-o", "json").json["cart"] == cart_id
    assert len(payments_in(shared)) == 1

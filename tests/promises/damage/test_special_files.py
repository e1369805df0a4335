"""Links, FIFOs, folders, sockets and devices where a file of the store should be: refused, with
a sentence, without waiting for them or following them."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from cartcli.errors import RestoreData
from tests.helpers import ALICE, BOB, CARD, DRONE, PASSWORD, run_cart
from tests.promises.damage.readers import READERS
from tests.promises.damage.sample import FILES, Sample, tree

pytestmark = pytest.mark.usefixtures("impatience")


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as unix:
        here = os.getcwd()
        os.chdir(path.parent)  # the name of a socket may not be long
        try:
            unix.bind(path.name)
        finally:
            os.chdir(here)


def _link_to_a_copy(path: Path) -> None:
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes() if path.is_file() else b"")
    path.unlink(missing_ok=True)
    path.symlink_to(copy)


def _device(path: Path) -> None:
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))  # /dev/zero
    except PermissionError:
        path.symlink_to("/dev/zero")  # only root may make devices


TRAPS: Final[dict[str, Callable[[Path], None]]] = {
    "a link to itself": lambda path: path.symlink_to(path),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to zeros": lambda path: path.symlink_to("/dev/zero"),
    "a link to the terminal": lambda path: path.symlink_to("/dev/tty"),
    "a FIFO": os.mkfifo,
    "a folder": os.mkdir,
    "a socket": _socket,
    "a device": _device,
}

LOCKS: Final[dict[str, Callable[[Sample], Path]]] = {
    "owner": lambda sample: sample.open_file().with_name("lock"),
    "payment": lambda sample: sample.open_file().parent / "purchased" / "pay",
    "ledger": lambda sample: sample.answers_file(sample.opened).with_name("lock"),
    "turns": lambda sample: sample.turns_file.with_suffix(".lock"),
    "roles": lambda sample: sample.store / "users" / "lock",
}

# What must take each lock.
LOCKERS: Final[dict[str, Callable[[Sample], object]]] = {
    "owner": lambda sample: sample.shop.update_cart(ALICE, None, {DRONE: 1}),
    "payment": lambda sample: sample.shop.checkout_cart(ALICE, sample.opened.id, CARD),
    "ledger": lambda sample: sample.processor.cancel(sample.attempt("d" * 32)),
    "turns": lambda sample: sample.shop.login(ALICE.name, PASSWORD),
    "roles": lambda sample: sample.shop.merchant.give_roles(BOB.name, ["merchant"]),
}


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("kind", FILES)
def test_what_is_no_file_is_not_read(sample: Sample, kind: str, trap: str) -> None:
    path, read = FILES[kind](sample), READERS[kind](sample)
    path.unlink()
    TRAPS[trap](path)
    before = path.lstat()
    with pytest.raises(RestoreData, match="not a regular file") as told:
        read()
    assert str(path) in told.value.message
    assert path.lstat() == before
    assert sample.carts.find(BOB.owner, sample.of_bob.id) == [sample.of_bob]


@pytest.mark.parametrize("kind", FILES)
def test_a_link_to_a_good_file_is_not_followed(sample: Sample, kind: str) -> None:
    path, read = FILES[kind](sample), READERS[kind](sample)
    _link_to_a_copy(path)
    with pytest.raises(RestoreData, match="not a regular file"):
        read()


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_no_file_locks_nothing(sample: Sample, lock: str, trap: str) -> None:
    path = LOCKS[lock](sample)
    path.unlink(missing_ok=True)
    TRAPS[trap](path)
    before = tree(sample.store)
    with pytest.raises(RestoreData, match="not a regular file") as told:
        LOCKERS[lock](sample)
    assert str(path) in told.value.message
    assert tree(sample.store) == before


@pytest.mark.parametrize("trap", ["a link to itself", "a FIFO", "a link to nothing", "a device"])
def test_turns_that_are_no_file_keep_nobody_out(sample: Sample, trap: str) -> None:
    sample.turns_file.unlink()
    TRAPS[trap](sample.turns_file)
    assert sample.shop.login(ALICE.name, PASSWORD).identity == ALICE
    assert stat.S_ISREG(sample.turns_file.lstat().st_mode)


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("open carts", ("carts",)),
        ("purchased cart", ("carts", "--all")),
        ("user", ("login", "alice", "--password-stdin")),
        ("session", ("whoami",)),
        ("saved login", ("whoami",)),
        ("charged", ("audit",)),
        ("waiting", ("audit",)),
    ],
)
def test_the_command_ends_with_9_at_a_fifo(
    sample: Sample, kind: str, command: tuple[str, ...]
) -> None:
    path = FILES[kind](sample)
    path.unlink()
    os.mkfifo(path)
    ran = run_cart(*command, store=sample.store, input=PASSWORD, env={"COLUMNS": "1000"})
    assert ran.returncode == 9
    assert f"{path}: it is not a regular file" in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_command_ends_with_9_at_a_lock_that_is_none(sample: Sample) -> None:
    lock = LOCKS["owner"](sample)
    lock.unlink()
    lock.symlink_to("/dev/zero")
    ran = run_cart("add", "new", DRONE, store=sample.store, env={"COLUMNS": "1000"})
    assert (ran.returncode, ran.stdout) == (9, "")
    assert f"{lock}: it is not a regular file" in ran.stderr


@pytest.mark.parametrize("place", ["carts/alice", "carts/alice/purchased"])
def test_a_file_in_place_of_a_folder_is_told(sample: Sample, place: str) -> None:
    folder = sample.store / place
    folder.rename(sample.store / "aside")
    folder.write_bytes(b"")
    with pytest.raises(RestoreData) as told:
        sample.carts.find(ALICE.owner)
    assert place in told.value.message
    result = sample.shop.merchant.audit()
    assert any(place in found.problem for found in result.disagreements)
    assert any(found.cart == sample.purchased.id for found in result.disagreements)
    assert sample.carts.find(BOB.owner, sample.of_bob.id) == [sample.of_bob]


def test_a_file_in_place_of_a_folder_of_answers_is_told(sample: Sample) -> None:
    folder = sample.answers_file(sample.pending).parent
    folder.rename(sample.store / "aside")
    folder.write_bytes(b"")
    before = tree(sample.store)
    with pytest.raises(RestoreData) as told:
        sample.shop.checkout_cart(ALICE, sample.pending.id, CARD)
    assert told.value.facts["cart"] == sample.pending.id
    assert str(folder) in told.value.message
    assert tree(sample.store) == before


def test_strangers_in_the_store_are_let_be(sample: Sample) -> None:
    for name in (b".DS_Store", b"%41%zz", b"\xff\xfe", b"carol~", b"open.pickle.tmp"):
        for folder in ("carts", "carts/alice/purchased", "payments", "payments/00", "users"):
            place = os.fsencode(sample.store / folder)
            os.makedirs(place, exist_ok=True)
            with open(os.path.join(place, name), "wb") as file:
                file.write(b"?")
    before = tree(sample.store)
    assert sample.shop.merchant.audit().disagreements == []
    assert {cart.id for cart in sample.carts.find(ALICE.owner)} == {
        cart.id for cart in (sample.opened, sample.pending, sample.waiting, sample.purchased)
    }
    assert tree(sample.store) == before

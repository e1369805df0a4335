"""Sealed records, durable writes, locks and file names."""

from __future__ import annotations

import errno
import os
import stat
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli.errors import RepairStore, RestoreData, RetryLater, WaitForPayment
from cartcli.files import durable, locks, names, sealed
from tests.helpers import at_once, held

RECORD = {"user": "zoë", "amount": "39.47", "lines": [["MUG", 2], []], "none": None}

texts = st.text(st.characters(exclude_categories=["Cs"]))
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | texts, lambda inner: st.lists(inner, max_size=4)
)


@given(st.dictionaries(texts.filter(lambda key: key != "format"), values))
def test_a_record_survives_being_sealed(record: dict[str, Any]) -> None:
    data = sealed.seal(record)
    assert data.count(b"\n") == 1
    assert data.endswith(b"\n")
    assert sealed.unseal("a path", data) == record


def test_a_flipped_bit_is_told() -> None:
    data = sealed.seal(RECORD)
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(RestoreData, match=r"damaged: /a/path\.json: "):
            sealed.unseal("/a/path.json", bytes(flipped))


def test_a_lost_or_added_end_is_told() -> None:
    data = sealed.seal(RECORD)
    for content in (*(data[:size] for size in range(len(data))), data[1:], data + b"\n", data * 2):
        with pytest.raises(RestoreData, match="damaged"):
            sealed.unseal("a path", content)


def resealed(body: str) -> bytes:
    """`body`, which lacks its closing brace, with a checksum that fits."""
    return body.encode() + b', "crc32": "%08x"}\n' % zlib.crc32(body.encode())


@pytest.mark.parametrize(
    "body", ["", "{", "[1", '{"a": 1', '{"format": "1"', '{"format": null', "[" * 100_000]
)
def test_what_is_no_record_is_told_even_with_its_checksum(body: str) -> None:
    with pytest.raises(RestoreData, match="damaged"):
        sealed.unseal("a path", resealed(body))


def test_a_newer_format_is_left_alone() -> None:
    with pytest.raises(RestoreData, match=r"newer version of cartcli \(format 2\)"):
        sealed.unseal("a path", resealed('{"format": 2, "user": "alice"'))


def test_a_file_is_replaced_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for data in (b"one", b"", b"x" * 100_000):
        durable.replace(str(path), data)
        assert path.read_bytes() == durable.read(str(path)) == data
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [*tmp_path.iterdir()] == [path]


def test_what_a_killed_writer_left_is_cleared_away(tmp_path: Path) -> None:
    path = tmp_path / "file"
    (tmp_path / "file.tmp").write_bytes(b"half")
    durable.replace(str(path), b"new")
    assert [*tmp_path.iterdir()] == [path]


def test_a_file_is_created_only_once(tmp_path: Path) -> None:
    path = tmp_path / "file"
    durable.create(str(path), b"one")
    with pytest.raises(FileExistsError):
        durable.create(str(path), b"two")
    assert path.read_bytes() == b"one"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [*tmp_path.iterdir()] == [path]


def test_of_racing_creations_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "file"
    results = at_once(8, lambda number: durable.create(str(path), b"%d" % number * 9_999))
    winner = results.index(None)
    assert sum(isinstance(result, FileExistsError) for result in results) == 7
    assert path.read_bytes() == b"%d" % winner * 9_999
    assert [*tmp_path.iterdir()] == [path]


WRITERS: list[Callable[[str, bytes], None]] = [durable.replace, durable.create]


@pytest.mark.parametrize("write", WRITERS)
def test_a_short_write_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[str, bytes], None]
) -> None:
    whole = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: whole(fd, data[:7]))
    write(str(tmp_path / "file"), bytes(range(100)))
    assert (tmp_path / "file").read_bytes() == bytes(range(100))


def fail_at(monkeypatch: pytest.MonkeyPatch, name: str, call: int) -> None:
    """Let the `call`th call of a function of `os` fail: the disk is full."""
    real, calls = getattr(os, name), 0

    def failing(*args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*args, **options)

    monkeypatch.setattr(os, name, failing)


@pytest.mark.parametrize(
    ("function", "call"), [("open", 1), ("write", 1), ("fsync", 1), ("rename", 1)]
)
def test_a_failed_replacement_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, call: int
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    fail_at(monkeypatch, function, call)
    with pytest.raises(OSError, match="No space left"):
        durable.replace(str(path), b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [path]
    durable.replace(str(path), b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("function", "call"), [("open", 1), ("write", 1), ("fsync", 1), ("link", 1)]
)
def test_a_failed_creation_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, call: int
) -> None:
    path = tmp_path / "file"
    fail_at(monkeypatch, function, call)
    with pytest.raises(OSError, match="No space left"):
        durable.create(str(path), b"new")
    monkeypatch.undo()
    assert [*tmp_path.iterdir()] == []
    durable.create(str(path), b"new")
    assert path.read_bytes() == b"new"


def test_without_hard_links_a_file_is_only_created_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(source: str, target: str) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), source)

    monkeypatch.setattr(os, "link", link)
    path = tmp_path / "file"
    with pytest.raises(RepairStore, match="hard links"):
        durable.create(str(path), b"new")
    assert [*tmp_path.iterdir()] == []
    durable.create(str(path), b"new", alone=True)
    with pytest.raises(FileExistsError):
        durable.create(str(path), b"newer", alone=True)
    assert [*tmp_path.iterdir()] == [path]
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("write", WRITERS)
def test_a_failed_sync_of_the_folder_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[str, bytes], None]
) -> None:
    fail_at(monkeypatch, "fsync", 2)
    with pytest.raises(OSError, match="No space left"):
        write(str(tmp_path / "file"), b"new")
    monkeypatch.undo()
    assert durable.read(str(tmp_path / "file")) == b"new"
    assert len([*tmp_path.iterdir()]) == 1


@pytest.mark.parametrize("write", WRITERS)
def test_data_is_synced_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[str, bytes], None]
) -> None:
    """The order that a power cut needs: file synced, name given, folder synced."""
    steps: list[str] = []

    def noting(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def noted(*args: Any) -> Any:
            if name == "fsync":
                steps.append("sync " + ("folder" if stat.S_ISDIR(os.fstat(args[0])[0]) else "file"))
            else:
                steps.append("name")
            return real(*args)

        return noted

    for name in ("fsync", "rename", "link"):
        monkeypatch.setattr(os, name, noting(name))
    write(str(tmp_path / "file"), b"new")
    assert steps == ["sync file", "name", "sync folder"]


def test_folders_are_made_for_their_owner_only(tmp_path: Path) -> None:
    durable.make_folder(str(tmp_path / "a" / "b" / "c"))
    durable.make_folder(str(tmp_path / "a" / "b" / "c"))
    for folder in ("a", "a/b", "a/b/c"):
        assert stat.S_IMODE((tmp_path / folder).stat().st_mode) == 0o700


@pytest.mark.parametrize("make", ["symlink", "fifo", "folder"])
def test_only_regular_files_are_read(tmp_path: Path, make: str) -> None:
    path = tmp_path / "file"
    if make == "symlink":
        (tmp_path / "other").write_bytes(b"secret")
        path.symlink_to(tmp_path / "other")
    elif make == "fifo":
        os.mkfifo(path)
    else:
        path.mkdir()
    with pytest.raises(RestoreData, match="not a regular file"):
        durable.read(str(path))


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 11)
    assert durable.read(str(path), limit=11) == b"x" * 11
    with pytest.raises(RestoreData, match="larger than 10 bytes"):
        durable.read(str(path), limit=10)


def test_a_lock_is_held_by_one(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    with held(tmp_path / "lock"):
        with pytest.raises(RetryLater, match="lock"), locks.locked(path, 0.01):
            pytest.fail("locked twice")
        busy = partial(WaitForPayment, "wait")
        with pytest.raises(WaitForPayment, match=r"^wait$"), locks.locked(path, 0, busy):
            pytest.fail("locked twice")
    with locks.locked(path, 0):
        pass
    assert os.path.exists(path)  # for good: another process may be waiting on it


def test_a_lock_is_free_after_an_error(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    with pytest.raises(ZeroDivisionError), locks.locked(path, 0):
        raise ZeroDivisionError
    with locks.locked(path, 0):
        pass


def test_a_lock_is_had_as_soon_as_it_is_free(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    inside = 0

    def hold(_: int) -> int:
        nonlocal inside
        with locks.locked(path, 60):
            inside += 1
            together = inside
            durable.replace(str(tmp_path / "file"), b"")
            inside -= 1
        return together

    assert at_once(8, hold) == [1] * 8


@pytest.mark.parametrize(
    ("name", "file_name"),
    [
        ("alice", "alice"),
        ("a_b-c@d9", "a_b-c@d9"),
        ("..", "%2e%2e"),
        ("a/b", "a%2fb"),
        ("a%2fb", "a%252fb"),
        ("zoë", "zo%c3%ab"),
        ("a b\0", "a%20b%00"),
    ],
)
def test_a_name_becomes_a_file_name(name: str, file_name: str) -> None:
    assert names.file_name(name) == file_name
    assert names.named_by(file_name) == name


@given(texts, texts)
def test_file_names_are_safe_and_tell_names_apart(name: str, other: str) -> None:
    file_name = names.file_name(name)
    assert names.named_by(file_name) == name
    assert not set(file_name) & set("/.\0 ")
    assert file_name == file_name.lower()  # file systems that fold case keep them apart, too
    assert (file_name == names.file_name(other)) == (name == other)


def test_a_stamp_tells_every_change_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one")
    assert durable.settled_stamp(str(path)) is None  # it may be changed again within a tick
    monkeypatch.setattr(durable, "UNSETTLED", -(10**18))
    first = durable.settled_stamp(str(path))
    assert first is not None
    assert durable.settled_stamp(str(path)) == first
    times = path.stat()
    path.write_bytes(b"two")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert durable.settled_stamp(str(path)) != first
    with pytest.raises(FileNotFoundError):
        durable.settled_stamp(str(tmp_path / "other"))
    tmp_path.chmod(0o770)
    with pytest.raises(RestoreData, match="others may write to"):
        durable.settled_stamp(str(path))
    tmp_path.chmod(0o700)
    path.unlink()
    path.symlink_to("other")
    assert durable.settled_stamp(str(path)) is None

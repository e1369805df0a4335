"""Every truncation and every flip of a bit of every kind of file: told, or without effect."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cartcli.bootstrap.upkeep import terms_of
from cartcli.errors import RestoreData
from cartcli.files import names
from cartcli.settings import load
from tests.helpers import ALICE, BOB, CARD, PASSWORD, shop_in
from tests.promises.damage.readers import READERS, Read
from tests.promises.damage.sample import FILES, Sample


@pytest.fixture(autouse=True)
def _without_syncing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No power is cut here, and thousands of tries to log in are each written down."""
    monkeypatch.setattr(os, "fsync", lambda fd: None)


@pytest.mark.parametrize("kind", FILES)
def test_every_truncation_and_every_flipped_bit_is_told(sample: Sample, kind: str) -> None:
    path, read = FILES[kind](sample), READERS[kind](sample)
    original, expected = path.read_bytes(), read()
    for data in _damages(path):
        assert _told(read, path) or read() == expected, data
        assert path.read_bytes() == data, "what is damaged was overwritten"
    path.write_bytes(original)
    assert read() == expected


def test_what_a_shop_knows_is_believed_whole_or_not_at_all(sample: Sample) -> None:
    path, settings = sample.store / names.SHOP, load({"store": sample.store})
    original, expected = path.read_bytes(), terms_of(settings)
    for data in _damages(path):
        assert _told(lambda: terms_of(settings), path) or terms_of(settings) == expected, data
        assert path.read_bytes() == data, "what is damaged was overwritten"
    path.write_bytes(original)
    assert terms_of(settings) == expected


@pytest.mark.parametrize("kind", FILES)
def test_damage_stays_where_it_is(sample: Sample, kind: str) -> None:
    path = FILES[kind](sample)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert sample.carts.find(BOB.owner, sample.of_bob.id) == [sample.of_bob]
    shop = shop_in(sample.store)
    cart = shop.update_cart(BOB, None, sample.of_bob.contents)
    assert shop.checkout_cart(BOB, cart.id, CARD).amount == cart.total
    assert shop.login(BOB.name, PASSWORD).identity == BOB
    assert path.read_bytes() == data[: len(data) // 2]


def test_what_a_shop_remembers_hides_no_damage(sample: Sample) -> None:
    carts, path = sample.carts, sample.open_file()
    made = carts.update(ALICE.owner, sample.opened.id, [])
    assert made in carts.find(ALICE.owner)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    info = path.stat()
    path.write_bytes(data)
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))
    with pytest.raises(RestoreData):
        carts.find(ALICE.owner)
    with pytest.raises(RestoreData):
        carts.update(ALICE.owner, sample.opened.id, [])
    assert path.read_bytes() == data


def test_damaged_turns_are_as_good_as_none(sample: Sample) -> None:
    # They guard, they are no record: to refuse every login until they are mended would be worse.
    for data in (b"", sample.turns_file.read_bytes()[:-1], os.urandom(300)):
        sample.turns_file.write_bytes(data)
        assert shop_in(sample.store).login(ALICE.name, PASSWORD).identity == ALICE


def _told(read: Read, path: Path) -> bool:
    """Whether `read` says that the file is damaged."""
    try:
        read()
    except RestoreData as error:
        return error.message.startswith(f"stored data is damaged: {path}: ")
    return False


def _damages(path: Path) -> Iterator[bytes]:
    """Flip each bit of the file, then cut it shorter and shorter, and say what is then in it."""
    original = path.read_bytes()
    with path.open("r+b", buffering=0) as file:
        for bit in range(8 * len(original)):
            flipped = bytearray(original)
            flipped[bit // 8] ^= 1 << bit % 8
            os.pwrite(file.fileno(), flipped, 0)
            yield bytes(flipped)
        os.pwrite(file.fileno(), original, 0)
        for length in reversed(range(len(original))):
            file.truncate(length)
            yield original[:length]


def test_every_kind_of_file_is_here(sample: Sample) -> None:
    known = {path(sample).parent for path in FILES.values()}
    empty = {"orders", "lock", "pay"}
    for path in sample.store.rglob("*"):
        if path.name == names.SHOP:
            continue
        if path.name in empty or path.suffix == ".lock":
            assert path.stat().st_size == 0
        elif path.is_file():
            assert _kind(path, sample.store) in {_kind(one / "x", sample.store) for one in known}


def _kind(path: Path, store: Path) -> tuple[str, int]:
    """Files of one kind lie at one depth of one folder."""
    parts = path.relative_to(store).parts
    return (parts[0] if len(parts) > 1 else "", len(parts))

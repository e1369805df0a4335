"""A store that others may write to is refused, and so is each file in it, with the command that
mends it."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from pwd import getpwuid

import pytest

from cartcli.bootstrap import look_at, stranger
from cartcli.bootstrap.upkeep import sell_from
from cartcli.cli.hints import hint_for
from cartcli.errors import CartError, RepairStore, RestoreData
from cartcli.settings import load
from tests.helpers import ALICE, BOB, DRONE, PASSWORD, run_cart, shop_in, write_catalog
from tests.promises.damage.readers import READERS
from tests.promises.damage.sample import FILES, Sample

FOLDERS = ["", "carts", "payments", "users", "sessions", "guesses"]


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702, 0o1777])
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_that_others_may_write_is_refused(sample: Sample, folder: str, mode: int) -> None:
    (sample.store / folder).chmod(mode)
    with pytest.raises(RepairStore, match="others may write") as told:
        shop_in(sample.store)
    _mended(told.value)
    assert shop_in(sample.store).get_carts(ALICE, which="purchased") == [sample.purchased]


@pytest.mark.parametrize("name", ["catalog.csv", "session.json"])
def test_so_is_one_with_a_file_that_others_may_write(sample: Sample, name: str) -> None:
    """Whoever writes the catalogue sells at their own prices."""
    (sample.store / name).touch()
    (sample.store / name).chmod(0o666)
    with pytest.raises(RepairStore, match="others may write") as told:
        shop_in(sample.store)
    _mended(told.value)
    shop_in(sample.store)


def _mended(error: CartError) -> None:
    """Run the command that the hint of the `error` ends with."""
    mend = hint_for(error).splitlines()[-1].strip()
    subprocess.run(shlex.split(mend), check=True)


@pytest.mark.parametrize("mode", [0o660, 0o602, 0o666])
@pytest.mark.parametrize("kind", FILES)
def test_no_file_is_believed_that_others_may_write(sample: Sample, kind: str, mode: int) -> None:
    path, read = FILES[kind](sample), READERS[kind](sample)
    expected = read()
    path.chmod(mode)
    there = path.read_bytes()
    with pytest.raises(RestoreData, match="others may write to it") as told:
        read()
    assert f"not believed: {path}: others may write to it (mode {mode:04o})" in told.value.message
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (there, mode)
    if kind == "saved login":  # a new login replaces it
        assert "Log in again" in str(told.value.hint)
        path.chmod(0o600)
    else:
        _mended(told.value)
    assert read() == expected


@pytest.mark.parametrize("kind", ["open carts", "purchased cart", "charged", "session", "turns"])
def test_nor_one_in_a_folder_that_others_may_write(sample: Sample, kind: str) -> None:
    """Whoever may write to a folder replaces what is in it."""
    path, read = FILES[kind](sample), READERS[kind](sample)
    expected = read()
    path.parent.chmod(0o1777)
    with pytest.raises(RestoreData, match="others may write to") as told:
        read()
    assert f"{path}: others may write to {path.parent} (mode 1777)" in told.value.message
    _mended(told.value)
    assert read() == expected


@pytest.mark.parametrize("kind", FILES)
def test_nor_one_of_another_user_s(
    sample: Sample, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """It was put there when others still could, or by a link. Root's is believed, and root takes
    for the owner's what is of whoever owns the folder."""
    path, read = FILES[kind](sample), READERS[kind](sample)
    expected, me = read(), 12_345
    owners: dict[int, int] = {}  # by file
    file, fstat, look = path.stat().st_ino, os.fstat, os.stat

    def fstat_as(fd: int) -> os.stat_result:
        info = fstat(fd)
        return _as_of(info, owners.get(info.st_ino, me))

    monkeypatch.setattr(os, "fstat", fstat_as)
    monkeypatch.setattr(os, "stat", lambda *a, **more: _as_of(look(*a, **more), me))
    for asks in (me, 0):
        monkeypatch.setattr(os, "geteuid", lambda asks=asks: asks)
        owners[file] = me + 1
        with pytest.raises(RestoreData, match="it belongs to the user 12346"):
            read()
        for owner in (me, 0):
            owners[file] = owner
            assert read() == expected


def _as_of(info: os.stat_result, owner: int) -> os.stat_result:
    """The same `info` of a file that belongs to this `owner`."""
    return os.stat_result([*info[:4], owner, *info[5:]])


def test_what_others_may_write_is_told_by_the_audit_and_keeps_nobody_else(sample: Sample) -> None:
    path = sample.purchased_file(sample.purchased)
    path.chmod(0o666)
    found = sample.shop.merchant.audit().disagreements
    assert [(one.cart, str(path) in one.problem) for one in found] == [(sample.purchased.id, True)]
    assert sample.carts.find(BOB.owner, sample.of_bob.id) == [sample.of_bob]
    ran = run_cart("audit", store=sample.store)
    assert ran.returncode == 9


def test_nobody_registers_by_the_name_in_a_file_that_others_may_write(sample: Sample) -> None:
    sample.user_file().chmod(0o666)
    with pytest.raises(RestoreData, match="others may write to it"):
        sample.shop.login(ALICE.name, PASSWORD, register=True)


@pytest.mark.parametrize("size", [3, 5_000], ids=["small", "with an index"])
@pytest.mark.parametrize("named", ["terms", "setting"])
def test_a_catalogue_in_the_store_is_the_store_s(sample: Sample, named: str, size: int) -> None:
    """Whatever it is called. One elsewhere is the merchant's own business."""
    rows = [(f"SKU{number}", "Thing", "1.00", "") for number in range(size)]
    inside = write_catalog(sample.store / "items.csv", rows)
    settings = load({"store": sample.store})
    if named == "terms":
        sell_from(settings, str(inside))
        shop = shop_in(sample.store)
    else:
        shop = look_at(load({"store": sample.store, "catalog": inside}))
    assert shop.get_catalog(limit=1)[0].sku == "SKU0"
    inside.chmod(0o666)
    for asked in (shop, shop_in(sample.store) if named == "terms" else shop):
        with pytest.raises(RestoreData, match="others may write to it") as told:
            asked.get_catalog(limit=1)
    _mended(told.value)
    assert shop.get_catalog(limit=1)[0].sku == "SKU0"
    outside = write_catalog(sample.store.with_name("items.csv"), rows)
    outside.chmod(0o666)
    sell_from(settings, str(outside))
    assert shop_in(sample.store).get_catalog(limit=1)[0].sku == "SKU0"


def test_an_index_that_others_may_write_is_as_good_as_none(sample: Sample) -> None:
    """It would tell where in the catalogue a price stands."""
    rows = [(f"SKU{number}", "Thing", "1.00", "") for number in range(5_000)]
    write_catalog(sample.store / "catalog.csv", rows)
    shop_in(sample.store).update_cart(BOB, None, {"SKU7": 1})
    (index,) = sample.store.glob("catalog-?.db")
    index.chmod(0o666)
    before = index.stat().st_ino
    shop_in(sample.store).update_cart(BOB, None, {"SKU7": 1})
    assert index.stat().st_ino != before
    assert index.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["", "carts", "users", "catalog.csv"])
def test_what_belongs_to_another_user_is_refused(
    sample: Sample, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Somebody who can read it asks, to whom but a part of it belongs."""
    path, somebody = sample.store / name, 12_345
    path.touch()
    if os.geteuid() == 0:
        for each in (sample.store, *sample.store.rglob("*")):
            os.chown(each, somebody + (each == path), -1)
    else:
        somebody = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: somebody)
    with pytest.raises(RepairStore, match=r"belongs to the user 12346|belongs to "):
        shop_in(sample.store)


def test_root_may_use_any_store_and_is_told_whose_it_is(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() == 0:
        for each in (sample.store, *sample.store.rglob("*")):
            os.chown(each, 12_345, -1)
        ran = run_cart("catalog", "--limit", "1", store=sample.store)
        assert ran.returncode == 0
        assert ran.stderr.count("This store belongs to the user 12345") == 1
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert shop_in(sample.store).get_carts(ALICE, which="purchased") == [sample.purchased]
    owner = stranger(load({"store": sample.store}))
    assert owner == ("the user 12345" if os.getuid() == 0 else getpwuid(os.getuid()).pw_name)


@pytest.mark.parametrize(("name", "refused"), [("", True), ("catalog.csv", False)])
def test_a_store_of_root_s_is_another_user_s_but_root_may_have_a_hand_in_it(
    sample: Sample, monkeypatch: pytest.MonkeyPatch, name: str, refused: bool
) -> None:
    somebody, path = 12_345, os.path.normpath(sample.store / name)
    (sample.store / "catalog.csv").touch()
    real = os.stat

    def stat(each: object, *args: object, **more: object) -> os.stat_result:
        info = [*real(each, *args, **more)]  # type: ignore[arg-type]
        info[4] = 0 if os.path.normpath(os.fspath(each)) == path else somebody  # type: ignore[call-overload]
        return os.stat_result(info)

    monkeypatch.setattr(os, "geteuid", lambda: somebody)
    monkeypatch.setattr(os, "stat", stat)
    if refused:
        with pytest.raises(RepairStore, match="belongs to root"):
            shop_in(sample.store)
    else:
        shop_in(sample.store)


def test_others_may_read_if_the_owner_wants_it(sample: Sample) -> None:
    sample.store.chmod(0o755)
    assert shop_in(sample.store).get_carts(ALICE, which="purchased") == [sample.purchased]


def test_the_mending_command_can_be_pasted(tmp_path: Path) -> None:
    store = tmp_path / "it's; $(a) store"
    store.mkdir()
    store.chmod(0o777)
    ran = run_cart("add", "new", DRONE, store=store)
    assert (ran.returncode, ran.stdout) == (1, "")
    mend = next(line for line in ran.stderr.splitlines() if "chmod" in line)
    assert shlex.split(mend) == ["chmod", "-R", "go-w", str(store)]
    assert [*store.iterdir()] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_store_that_is_a_file_is_refused(tmp_path: Path, folder: str) -> None:
    store = tmp_path / "store"
    if folder:
        store.mkdir()
    (store / folder).write_bytes(b"mine")
    with pytest.raises(RepairStore, match="is not a folder"):
        shop_in(store)
    assert (store / folder).read_bytes() == b"mine"


@pytest.mark.parametrize("inside", ["", "shop"])
def test_a_store_behind_a_link_that_leads_nowhere_is_refused(tmp_path: Path, inside: str) -> None:
    """What it leads to may not be mounted now: nobody is told that they are not logged in there."""
    (tmp_path / "usb").symlink_to(tmp_path / "not mounted")
    store = tmp_path / "usb" / inside
    ran = run_cart("carts", store=store)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert f"a link on the way to {store} leads nowhere" in " ".join(ran.stderr.split())
    with pytest.raises(RepairStore, match="leads nowhere"):
        shop_in(store)
    assert [*tmp_path.iterdir()] == [tmp_path / "usb"]
    (tmp_path / "not mounted").mkdir(mode=0o700)
    shop_in(store).update_cart(ALICE, None, {})

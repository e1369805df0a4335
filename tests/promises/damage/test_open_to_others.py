"""A store that others may write to is refused, with the command that mends it."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from pwd import getpwuid

import pytest

from cartcli.bootstrap import stranger
from cartcli.cli.hints import hint_for
from cartcli.errors import RepairStore
from cartcli.settings import load
from tests.helpers import ALICE, DRONE, run_cart, shop_in
from tests.promises.damage.sample import Sample

FOLDERS = ["", "carts", "payments", "users", "sessions", "guesses"]


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702, 0o1777])
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_that_others_may_write_is_refused(sample: Sample, folder: str, mode: int) -> None:
    (sample.store / folder).chmod(mode)
    with pytest.raises(RepairStore, match="others may write") as told:
        shop_in(sample.store)
    mend = hint_for(told.value).splitlines()[-1].strip()
    subprocess.run(shlex.split(mend), check=True)
    assert shop_in(sample.store).get_carts(ALICE, which="purchased") == [sample.purchased]


@pytest.mark.parametrize("name", ["catalog.csv", "session.json"])
def test_so_is_one_with_a_file_that_others_may_write(sample: Sample, name: str) -> None:
    """Whoever writes the catalogue sells at their own prices."""
    (sample.store / name).touch()
    (sample.store / name).chmod(0o666)
    with pytest.raises(RepairStore, match="others may write") as told:
        shop_in(sample.store)
    mend = hint_for(told.value).splitlines()[-1].strip()
    subprocess.run(shlex.split(mend), check=True)
    shop_in(sample.store)


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

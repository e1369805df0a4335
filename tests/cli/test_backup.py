"""cart backup and cart restore: what they print, refuse, leave out and put in place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from cartcli import Money, Settings
from cartcli.bootstrap.upkeep import restore_store
from cartcli.errors import FixInput
from tests.cli.conftest import NewCart, Run, pay, payments_in, states_in, statuses
from tests.helpers import (
    ALICE,
    CARD,
    LOST_ANSWER_CARD,
    PASSWORD,
    PLATES,
    TEA,
    Ran,
    run_cart,
    shop_in,
    write_catalog,
)

KEYS: Final = ["carts", "payments", "pending", "disagreements", "not_compared"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the backup is made."""
    return tmp_path / "backup"


@pytest.fixture
def lost(cart: Run, new_cart: NewCart) -> str:
    """A cart that was charged, and nobody was told; one more is bought, one is open."""
    assert pay(cart, new_cart({PLATES: 1}), CARD).returncode == 0
    cart_id = new_cart({TEA: 2})
    assert pay(cart, cart_id, LOST_ANSWER_CARD).returncode == 8
    new_cart({PLATES: 3})
    return cart_id


@pytest.fixture
def backup(cart: Run, lost: str, folder: Path) -> Path:
    """The backup of such a shop."""
    assert cart("backup", str(folder)).returncode == 0
    return folder


def restored(backup: Path, store: Path, *more: str) -> Ran:
    return run_cart("restore", str(backup), *more, store=store)


def folded(ran: Ran) -> str:
    """What was said, without its line ends."""
    return " ".join(ran.stderr.split())


def all_of(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_backup_is_the_shop_without_logins(shared: Path, lost: str, folder: Path) -> None:
    (shared / "session.json").unlink()  # no login is needed
    ran = run_cart("backup", str(folder), "-o", "json", store=shared)
    assert ran.returncode == 0
    assert [*ran.json] == ["folder", "made", "files", *KEYS, "catalogue_elsewhere"]
    assert (ran.json["folder"], ran.json["carts"], ran.json["payments"]) == (str(folder), 3, 2)
    assert [(one["cart"], one["charged"]) for one in ran.json["pending"]] == [(lost, "24.69")]
    assert (ran.json["disagreements"], ran.json["catalogue_elsewhere"]) == ([], None)
    assert ran.notes == (
        f"{folder} is a backup of this shop: 3 carts and 2 payments compared, all agree.\n"
        "1 payment not settled.\n"
    )
    assert folder.stat().st_mode & 0o777 == 0o700
    there = all_of(folder)
    assert len(there) == ran.json["files"] + 1  # with backup.json
    assert not any("session" in name or "lock" in name or ".tmp" in name for name in there)
    assert all(
        data == (shared / name).read_bytes() for name, data in there.items() if name[0] != "b"
    )
    assert not any(folder.parent.glob("*.partial"))


def test_the_same_commands_on_what_is_restored_charge_nobody_again(
    lost: str, backup: Path, tmp_path: Path
) -> None:
    store = tmp_path / "elsewhere"
    ran = restored(backup, store, "-o", "json")
    assert ran.returncode == 0
    assert [*ran.json] == ["store", "made", "files", *KEYS, "aside"]
    assert (ran.json["store"], ran.json["aside"]) == (str(store), None)
    assert "knows of nothing that was charged after" in ran.stderr
    assert run_cart("carts", store=store).returncode == 4  # everybody has to log in again
    run_cart("login", "alice", "--password-stdin", store=store, input=PASSWORD)
    before = statuses(store)
    ran = run_cart("checkout", lost, "--card", "-", store=store, input=CARD)
    assert (ran.returncode, statuses(store)) == (0, before)
    assert sorted(states_in(store)) == ["open", "purchased", "purchased"]
    assert shop_in(store).get_catalog()[0].sku == PLATES


def test_a_store_that_is_there_is_kept_beside(
    cart: Run, backup: Path, shared: Path, new_cart: NewCart
) -> None:
    new_cart({TEA: 9})
    there = all_of(shared)
    refused = cart("restore", str(backup))
    assert (refused.returncode, all_of(shared)) == (2, there)
    assert folded(refused) == (
        f"Error: there is a store in {shared} Nothing was changed. Name another store with --store,"
        " or put the backup in its place, which keeps it under another name, with --replace."
    )
    ran = cart("restore", str(backup), "--replace", "-o", "json")
    aside = Path(ran.json["aside"])
    assert (ran.returncode, aside.parent) == (0, shared.parent)
    assert f"The store that was there is kept as {aside}.\n" in ran.notes
    kept = all_of(aside)
    assert {name: data for name, data in kept.items() if name in there} == there
    assert len(shop_in(shared).get_carts(ALICE, which="all")) == 3


@pytest.mark.parametrize("place", ["in the store", "the store", "around it", "full", "a file"])
def test_where_no_backup_is_made(cart: Run, shared: Path, lost: str, place: str) -> None:
    full = shared.parent / "full"
    full.mkdir()
    (full / "file").touch()
    places = {
        "in the store": shared / "backup",
        "the store": shared,
        "around it": shared.parent,
        "full": full,
        "a file": full / "file",
    }
    there = all_of(shared)
    ran = cart("backup", str(places[place]))
    assert (ran.returncode, ran.stdout, all_of(shared)) == (2, "", there)
    assert "Nothing was written." in ran.stderr
    assert [path.name for path in full.iterdir()] == ["file"]


def test_a_folder_in_which_others_may_write(cart: Run, lost: str, folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)
    ran = cart("backup", str(folder))
    assert (ran.returncode, [*folder.iterdir()]) == (1, [])
    assert f"chmod -R go-w {folder}" in folded(ran)


def test_a_folder_whose_own_place_is_not_ours(
    shared: Path, lost: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made beside its place first, and must not stop there."""
    folder.mkdir(mode=0o700)
    access = os.access
    beside = str(folder.parent)
    monkeypatch.setattr(
        os, "access", lambda path, mode, **more: path != beside and access(path, mode, **more)
    )
    with pytest.raises(FixInput, match=f"you may not write to {beside}") as told:
        shop_in(shared).merchant.backup(folder)
    assert "Nothing was written." in str(told.value.hint)
    assert [*folder.iterdir()] == []


def test_a_shop_that_is_not_there(folder: Path, tmp_path: Path) -> None:
    ran = run_cart("backup", str(folder), store=tmp_path / "nowhere")
    assert ran.returncode != 0
    assert "there is no store in" in ran.stderr
    assert not folder.exists()


def test_a_catalogue_outside_is_told(tmp_path: Path, folder: Path) -> None:
    outside = str(write_catalog(tmp_path / "items.csv"))
    store = tmp_path / "store"
    shop_in(store, catalog=outside).update_cart(ALICE, None, {PLATES: 1})
    ran = run_cart("backup", str(folder), "-o", "json", store=store)
    assert (ran.returncode, ran.json["catalogue_elsewhere"]) == (0, outside)
    assert f"so not in the backup: {outside}\nKeep a copy" in ran.notes
    write_catalog(store / "catalog.csv")
    inside = tmp_path / "inside"
    shop_in(inside).update_cart(ALICE, None, {"MUG-350-WHT": 1})  # the sample is nobody's
    ran = run_cart("backup", str(tmp_path / "another"), "-o", "json", store=inside)
    assert ran.json["catalogue_elsewhere"] is None


def _without_a_file(backup: Path) -> None:
    next(backup.glob("payments/*/*.json")).unlink()


def _unfinished(backup: Path) -> None:
    (backup / "backup.json").unlink()
    (backup / "backup.lock").touch()


def _forged(backup: Path) -> None:
    record = backup / "backup.json"
    record.write_bytes(record.read_bytes().replace(b"files", b"filed"))


def _empty(backup: Path) -> None:
    shutil.rmtree(backup)
    backup.mkdir(0o700)


@pytest.mark.parametrize(
    ("harm", "status"),
    [(_without_a_file, 9), (_unfinished, 2), (_forged, 9), (_empty, 2), (shutil.rmtree, 2)],
)
def test_what_is_no_whole_backup_is_not_restored(
    backup: Path, tmp_path: Path, harm: Any, status: int
) -> None:
    harm(backup)
    ran = restored(backup, tmp_path / "elsewhere")
    assert (ran.returncode, ran.stdout) == (status, "")
    assert "was changed." in folded(ran) or "was left as it is" in folded(ran)
    assert not any(tmp_path.glob("elsewhere*"))


def test_what_disagrees_is_told_and_all_the_same_copied(
    cart: Run, shared: Path, lost: str, folder: Path, tmp_path: Path
) -> None:
    damaged, other = sorted(shared.glob("payments/*/*.json"))
    damaged.write_text("{")
    ran = cart("backup", str(folder), "-o", "json")
    assert ran.returncode == 9
    assert str(folder / damaged.relative_to(shared)) in json.dumps(ran.json["disagreements"])
    assert all((folder / one.relative_to(shared)).is_file() for one in (damaged, other))
    ran = restored(folder, tmp_path / "elsewhere", "-o", "json")
    assert ran.returncode == 9
    assert str(damaged.name) in json.dumps(ran.json["disagreements"])


def test_what_cannot_be_copied_is_told(cart: Run, shared: Path, lost: str, folder: Path) -> None:
    unread, _ = sorted(shared.glob("payments/*/*.json"))
    unread.unlink()
    unread.symlink_to("/dev/zero")
    ran = cart("backup", str(folder), "-o", "json")
    assert ran.returncode == 9
    problems = [one["problem"] for one in ran.json["disagreements"]]
    assert f"not copied: {unread}: it is not a regular file" in problems
    assert (folder / "backup.json").is_file()


@pytest.mark.parametrize("open_", ["payments/*/*.json", "payments/*", "carts/alice", "shop.json"])
def test_what_others_may_have_written_is_in_no_backup(
    cart: Run, shared: Path, lost: str, folder: Path, open_: str
) -> None:
    """The copy would be the owner's alone, so that nobody could tell any more."""
    path = min(shared.glob(open_))
    path.chmod(0o777)
    ran = run_cart("backup", str(folder), "-o", "json", store=shared)
    if open_ == "shop.json":
        assert (ran.returncode, folder.exists()) == (1, False)
        return
    assert ran.returncode == 9
    problems = [one["problem"] for one in ran.json["disagreements"]]
    assert any(f"not copied: {path}" in one and "others may write" in one for one in problems)
    assert not [one for one in folder.rglob(path.name) if one.is_file()]
    assert (folder / "backup.json").is_file()


@pytest.mark.parametrize("open_", ["payments/*/*.json", "payments/*", "carts", "carts/alice"])
def test_nothing_is_restored_that_others_may_have_written(
    backup: Path, tmp_path: Path, open_: str
) -> None:
    min(backup.glob(open_)).chmod(0o777)
    ran = restored(backup, tmp_path / "elsewhere")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "others may write" in folded(ran)
    assert f"Nothing was changed. Keep them out with: chmod -R go-w {backup}" in folded(ran)
    assert not any(tmp_path.glob("elsewhere*"))
    subprocess.run(["chmod", "-R", "go-w", backup], check=True)
    assert restored(backup, tmp_path / "elsewhere").returncode == 0


def test_what_the_shop_sells_is_told_when_it_is_not_there(
    cart: Run, shared: Path, lost: str, folder: Path
) -> None:
    (shared / "catalog.csv").unlink()
    ran = cart("backup", str(folder), "-o", "json")
    assert ran.returncode == 9
    assert "catalog.csv is missing" in json.dumps(ran.json["disagreements"])


def test_damaged_terms_are_told_of_a_backup_that_is_made(
    cart: Run, shared: Path, lost: str, folder: Path, tmp_path: Path
) -> None:
    with (shared / "shop.json").open("a") as file:
        file.write("x")
    ran = cart("backup", str(folder), "-o", "json")
    assert (ran.returncode, (folder / "backup.json").is_file()) == (9, True)
    assert str(folder / "shop.json") in json.dumps(ran.json["disagreements"])
    assert f"{folder} is a backup of this shop, but 1 problem found" in folded(ran)
    assert restored(folder, tmp_path / "elsewhere").returncode == 9


def test_links_lead_only_where_the_shop_goes(
    cart: Run, shared: Path, lost: str, folder: Path, tmp_path: Path
) -> None:
    (shared / "up").symlink_to("..")
    payments = (shared / "payments").rename(tmp_path / "payments")
    (shared / "payments").symlink_to(payments)
    ran = cart("backup", str(folder), "-o", "json")
    assert ran.returncode == 9
    problems = [one["problem"] for one in ran.json["disagreements"]]
    assert problems == [f"not copied: {shared / 'up'}: it is not a regular file"]
    assert len(payments_in(folder)) == 2


@pytest.mark.parametrize("command", ["backup", "restore", "config set catalog"])
def test_a_home_that_is_none(shared: Path, lost: str, command: str) -> None:
    there = all_of(shared)
    ran = run_cart(*command.split(), "~nobody-is-called-so/bk", store=shared, cwd=shared.parent)
    assert (ran.returncode, all_of(shared)) == (2, there)
    assert "leads nowhere" in ran.stderr
    assert not (shared.parent / "~nobody-is-called-so").exists()


def test_nothing_is_restored_behind_a_link_that_leads_nowhere(backup: Path, tmp_path: Path) -> None:
    store, away = tmp_path / "shop", tmp_path / "not mounted"
    store.symlink_to(away)
    ran = restored(backup, store)
    assert (ran.returncode, ran.stdout, [*tmp_path.glob("not*")]) == (1, "", [])
    assert f"a link on the way to {store} leads nowhere" in folded(ran)
    away.mkdir(mode=0o700)
    assert restored(backup, store).returncode == 0
    assert (away / "shop.json").is_file()


def test_root_gives_what_is_restored_to_whose_it_was(
    backup: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, tuple[int, int]] = {}
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda path, *who, **more: given.update({path: who}))
    restore_store(Settings(str(shared)), backup, replace=True)
    owner = (shared.stat().st_uid, shared.stat().st_gid)
    assert given
    assert {*given.values()} == {owner}
    assert any(name.endswith("shop.json") for name in given)


def test_a_copy_by_another_tool_is_restored(shared: Path, lost: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(shared, copy)
    copy.chmod(0o700)
    ran = restored(copy, tmp_path / "elsewhere", "-o", "json")
    assert (ran.returncode, ran.json["made"], ran.json["carts"]) == (0, None, 3)
    assert run_cart("whoami", store=tmp_path / "elsewhere").returncode == 4


def test_the_python_door(shared: Path, lost: str, folder: Path) -> None:
    steps: list[str] = []
    shop = shop_in(shared)
    made = shop.merchant.backup(folder, lambda what, done, of: steps.append(what))
    assert (made.folder, made.not_copied, made.audit.carts) == (str(folder), (), 3)
    assert [one.charged for one in made.audit.pending] == [Money("24.69", "USD")]
    assert {"Copying payments", "Copying carts", "Copying all else"} <= {*steps}
    assert len(payments_in(folder)) == 2

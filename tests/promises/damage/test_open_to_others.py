"""A store that others may write to is refused, with the command that mends it."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from cartcli.cli.hints import hint_for
from cartcli.errors import RepairStore
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

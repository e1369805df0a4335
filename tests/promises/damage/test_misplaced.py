"""Whole files that do not belong where they are: a newer version's, another user's, another
cart's; and how the command tells damage."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from cartcli.errors import CartError, LogIn, RestoreData
from tests.helpers import ALICE, BOB, CARD, PASSWORD, run_cart
from tests.promises.damage.sample import FILES, Sample, key_of, rewrite, tree
from tests.promises.damage.test_flips import READERS

TOLD: Final = [kind for kind in FILES if kind != "saved login"]


@pytest.mark.parametrize("kind", TOLD)
def test_a_newer_version_is_told_as_such(sample: Sample, kind: str) -> None:
    path, read = FILES[kind](sample), READERS[kind](sample)
    rewrite(path, lambda record: record.update(format=2))
    data = path.read_bytes()
    with pytest.raises(RestoreData, match=r"newer version of cartcli \(format 2\)") as told:
        read()
    assert str(path) in told.value.message
    assert "upgrade cartcli" in told.value.hint
    assert path.read_bytes() == data


@pytest.mark.parametrize("version", [0, -1, None, "1", [1]])
@pytest.mark.parametrize("kind", ["open carts", "purchased cart", "charged", "session"])
def test_a_version_that_never_was_is_told(sample: Sample, kind: str, version: object) -> None:
    path, read = FILES[kind](sample), READERS[kind](sample)
    rewrite(path, lambda record: record.update(format=version))
    with pytest.raises(RestoreData, match="no format number"):
        read()


def test_true_is_no_format_number(sample: Sample) -> None:
    rewrite(sample.session_file, lambda record: record.update(format=True))
    with pytest.raises(RestoreData, match="no format number"):
        sample.shop.identify(sample.token)


# The file to put, the place to put it, and who then reads that place.
Swap = tuple[Callable[[Sample], Path], Callable[[Sample], Path], Callable[[Sample], object]]

SWAPS: Final[dict[str, Swap]] = {
    "the open carts of another user": (
        lambda sample: sample.open_file(BOB.user),
        lambda sample: sample.open_file(),
        lambda sample: sample.carts.find(ALICE),
    ),
    "a purchased cart of another user": (
        lambda sample: next(sample.store.glob("carts/bob/purchased/*.pickle")),
        lambda sample: sample.purchased_file(sample.purchased),
        lambda sample: sample.carts.find(ALICE),
    ),
    "a purchased cart in place of the open ones": (
        lambda sample: sample.purchased_file(sample.purchased),
        lambda sample: sample.open_file(),
        lambda sample: sample.carts.find(ALICE),
    ),
    "the open carts in place of a purchased one": (
        lambda sample: sample.open_file(),
        lambda sample: sample.purchased_file(sample.purchased),
        lambda sample: sample.carts.find(ALICE),
    ),
    "a purchased cart under another cart's id": (
        lambda sample: sample.purchased_file(sample.purchased),
        lambda sample: sample.purchased_file(sample.opened),
        lambda sample: sample.carts.find(ALICE, sample.opened.id, "purchased"),
    ),
    "a payment under another key": (
        lambda sample: sample.payment_file(sample.declined_key),
        lambda sample: sample.payment_file(key_of(sample.pending)),
        lambda sample: sample.processor.cancel(key_of(sample.pending), sample.pending.id),
    ),
    "the capture of another order": (
        lambda sample: sample.order_file(sample.purchased),
        lambda sample: sample.order_file(sample.pending),
        lambda sample: sample.processor.cancel("f" * 32, sample.pending.id),
    ),
    "the password of another user": (
        lambda sample: sample.user_file(BOB.user),
        lambda sample: sample.user_file(),
        lambda sample: sample.shop.login(ALICE.user, PASSWORD),
    ),
    "a payment in place of a session": (
        lambda sample: sample.payment_file(sample.declined_key),
        lambda sample: sample.session_file,
        lambda sample: sample.shop.identify(sample.token),
    ),
}


@pytest.mark.parametrize("swap", SWAPS.values(), ids=SWAPS)
def test_a_file_in_the_wrong_place_is_told(sample: Sample, swap: Swap) -> None:
    source, place, read = swap[0](sample), swap[1](sample), swap[2]
    shutil.copy(source, place)
    with pytest.raises(RestoreData) as told:
        read(sample)
    assert str(place) in told.value.message
    assert place.read_bytes() == source.read_bytes()


def test_another_session_in_place_of_this_one_lets_nobody_in(sample: Sample) -> None:
    other = sample.shop.login(BOB.user, PASSWORD).token
    shutil.copy(sample.store / "sessions" / other[:2] / f"{other[:32]}.json", sample.session_file)
    with pytest.raises(LogIn):
        sample.shop.identify(sample.token)


def test_an_order_that_points_to_anothers_payment_is_told(sample: Sample) -> None:
    path = sample.order_file(sample.pending)
    rewrite(path, lambda record: record.update(key=key_of(sample.purchased)))
    with pytest.raises(RestoreData, match="the payment of another order"):
        sample.processor.cancel("f" * 32, sample.pending.id)


# What runs into each kind of file.
COMMANDS: Final[dict[str, Callable[[Sample], tuple[str, ...]]]] = {
    "open carts": lambda sample: ("carts",),
    "purchased cart": lambda sample: ("carts", "--all"),
    "charged": lambda sample: ("checkout", sample.pending.id, "--card", CARD),
    "order": lambda sample: ("checkout", sample.opened.id, "--card", CARD),
    "user": lambda sample: ("login", "alice", "--password-stdin"),
    "session": lambda sample: ("whoami",),
    "saved login": lambda sample: ("whoami",),
}


@pytest.mark.parametrize("kind", COMMANDS)
def test_the_command_names_the_file_and_ends_with_9(sample: Sample, kind: str) -> None:
    path = FILES[kind](sample)
    if kind == "order":  # the declined payment left none behind
        path = sample.order_file(sample.opened)
        shutil.copy(sample.order_file(sample.pending), path)
    data = path.read_bytes()[:-1]
    path.write_bytes(data)
    ran = run_cart(
        *COMMANDS[kind](sample),
        store=sample.store,
        input=f"{PASSWORD}\n",
        env={"COLUMNS": "1000"},
    )
    assert (ran.returncode, ran.stdout) == (9, "")
    assert f"{path}: its checksum does not match" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert path.read_bytes() == data


def test_a_damaged_saved_login_is_replaced_by_the_next(sample: Sample) -> None:
    sample.saved_login_file.write_bytes(b"?")
    ran = run_cart("whoami", store=sample.store)
    assert "cart login USER" in ran.stderr
    ran = run_cart("login", "bob", "--password-stdin", store=sample.store, input=PASSWORD)
    assert ran.returncode == 0
    assert run_cart("whoami", "-o", "json", store=sample.store).json["user"] == "bob"


def test_commands_that_fail_on_damage_change_nothing(sample: Sample) -> None:
    sample.open_file().write_bytes(b"?")
    before = tree(sample.store)
    for call in (
        lambda: sample.shop.update_cart(ALICE, None, {}),
        lambda: sample.shop.update_cart(ALICE, sample.opened.id, {}),
        lambda: sample.shop.checkout_cart(ALICE, sample.opened.id, CARD),
        lambda: sample.shop.checkout_cart(ALICE, sample.pending.id, None),
    ):
        with pytest.raises(CartError) as told:
            call()
        assert isinstance(told.value, RestoreData)
    assert tree(sample.store) == before

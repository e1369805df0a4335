"""Whole files that do not belong where they are: a newer version's, another user's, another
cart's; and how the command tells damage."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from cartcli.errors import CartError, LogIn, RestoreData
from cartcli.model.changes import Add
from cartcli.payment.card import Card
from tests.helpers import ALICE, BOB, CARD, PASSWORD, RICE, attempt_for, run_cart
from tests.promises.damage.readers import READERS
from tests.promises.damage.sample import FILES, OF_FORMAT_2, Sample, attempt_of, rewrite, tree

TOLD: Final = [kind for kind in FILES if kind != "saved login"]


@pytest.mark.parametrize("kind", TOLD)
def test_a_newer_version_is_told_as_such(sample: Sample, kind: str) -> None:
    path, read = FILES[kind](sample), READERS[kind](sample)
    newer = 3 if kind in OF_FORMAT_2 else 2
    rewrite(path, lambda record: record.update(format=newer))
    data = path.read_bytes()
    with pytest.raises(RestoreData, match=rf"newer version of cartcli \(format {newer}\)") as told:
        read()
    assert str(path) in told.value.message
    assert "upgrade cartcli" in told.value.hint
    assert path.read_bytes() == data


@pytest.mark.parametrize("version", [0, -1, None, "1", "2", [1]])
@pytest.mark.parametrize("kind", ["open carts", "purchased cart", "charged", "session", "user"])
def test_a_version_that_never_was_is_told(sample: Sample, kind: str, version: object) -> None:
    path, read = FILES[kind](sample), READERS[kind](sample)
    rewrite(path, lambda record: record.update(format=version))
    with pytest.raises(RestoreData, match="no format number"):
        read()


def test_true_is_no_format_number(sample: Sample) -> None:
    rewrite(sample.session_file(sample.token), lambda record: record.update(format=True))
    with pytest.raises(RestoreData, match="no format number"):
        sample.shop.identify(sample.token)


# The file to put, the place to put it, and who then reads that place.
Swap = tuple[Callable[[Sample], Path], Callable[[Sample], Path], Callable[[Sample], object]]

SWAPS: Final[dict[str, Swap]] = {
    "the open carts of another user": (
        lambda sample: sample.open_file(BOB.owner),
        lambda sample: sample.open_file(),
        lambda sample: sample.carts.find(ALICE.owner),
    ),
    "a purchased cart of another user": (
        lambda sample: next(sample.store.glob("carts/bob/purchased/*.pickle")),
        lambda sample: sample.purchased_file(sample.purchased),
        lambda sample: sample.carts.find(ALICE.owner),
    ),
    "a purchased cart of a guest": (
        lambda sample: sample.purchased_file(sample.gift),
        lambda sample: sample.purchased_file(sample.gift._replace(owner=ALICE.owner)),
        lambda sample: sample.carts.find(ALICE.owner),
    ),
    "a purchased cart in place of the open ones": (
        lambda sample: sample.purchased_file(sample.purchased),
        lambda sample: sample.open_file(),
        lambda sample: sample.carts.find(ALICE.owner),
    ),
    "the open carts in place of a purchased one": (
        lambda sample: sample.open_file(),
        lambda sample: sample.purchased_file(sample.purchased),
        lambda sample: sample.carts.find(ALICE.owner),
    ),
    "a purchased cart under another cart's id": (
        lambda sample: sample.purchased_file(sample.purchased),
        lambda sample: sample.purchased_file(sample.opened),
        lambda sample: sample.carts.find(ALICE.owner, sample.opened.id, "purchased"),
    ),
    "what was answered for another cart": (
        lambda sample: sample.answers_file(sample.opened),
        lambda sample: sample.answers_file(sample.pending),
        lambda sample: sample.processor.cancel(attempt_of(sample.pending)),
    ),
    "the capture of another cart": (
        lambda sample: sample.answers_file(sample.purchased),
        lambda sample: sample.answers_file(sample.pending),
        lambda sample: sample.processor.charge(
            attempt_for(sample.pending, key="f" * 32), Card(CARD)
        ),
    ),
    "the password of another user": (
        lambda sample: sample.user_file(BOB.owner),
        lambda sample: sample.user_file(),
        lambda sample: sample.shop.login(ALICE.name, PASSWORD),
    ),
    "answers in place of a session": (
        lambda sample: sample.answers_file(sample.opened),
        lambda sample: sample.session_file(sample.token),
        lambda sample: sample.shop.identify(sample.token),
    ),
    "a session in place of answers": (
        lambda sample: sample.session_file(sample.token),
        lambda sample: sample.answers_file(sample.pending),
        lambda sample: sample.shop.checkout_cart(ALICE, sample.pending.id, None),
    ),
    "a user in place of a session": (
        lambda sample: sample.user_file(),
        lambda sample: sample.session_file(sample.token),
        lambda sample: sample.shop.identify(sample.token),
    ),
}


@pytest.mark.parametrize("swap", SWAPS.values(), ids=SWAPS)
def test_a_file_in_the_wrong_place_is_told(sample: Sample, swap: Swap) -> None:
    source, place, read = swap[0](sample), swap[1](sample), swap[2]
    of_format = json.loads(place.read_bytes())["format"] if place.suffix == ".json" else 0
    if of_format:  # else that alone would tell
        rewrite(source, lambda record: record.update(format=of_format))
    shutil.copy(source, place)
    with pytest.raises(RestoreData) as told:
        read(sample)
    assert str(place) in told.value.message
    assert place.read_bytes() == source.read_bytes()


def test_another_session_in_place_of_this_one_lets_nobody_in(sample: Sample) -> None:
    for other in (sample.shop.login(BOB.name, PASSWORD).token, sample.guest_token):
        shutil.copy(sample.session_file(other), sample.session_file(sample.token))
        with pytest.raises(LogIn):
            sample.shop.identify(sample.token)


@pytest.mark.parametrize("left_behind", [False, True], ids=["moved", "copied"])
def test_answers_in_the_wrong_folder_are_told(sample: Sample, left_behind: bool) -> None:
    path = sample.answers_file(sample.purchased)
    wrong = path.parents[1] / "zz" / path.name
    wrong.parent.mkdir()
    (shutil.copy if left_behind else shutil.move)(path, wrong)
    before = tree(sample.store)
    found = sample.shop.merchant.audit().disagreements
    problems = sorted(one.problem for one in found)
    assert {one.cart for one in found} == {sample.purchased.id}
    assert problems[-1].startswith(f"stored data is damaged: {wrong}: it is in the wrong folder")
    assert problems[:-1] == ([] if left_behind else ["purchased, but never charged"])
    assert tree(sample.store) == before


def test_a_capture_that_was_moved_away_is_not_charged_again(sample: Sample) -> None:
    """The purchase itself tells that it was paid."""
    path = sample.answers_file(sample.purchased)
    path.rename(path.with_name("aside"))
    before = tree(sample.store)
    receipt = sample.shop.checkout_cart(ALICE, sample.purchased.id, CARD)
    assert receipt == sample.purchased.receipt
    assert tree(sample.store) == before


def test_answers_under_another_carts_name_stop_its_payment(sample: Sample) -> None:
    place = sample.answers_file(sample.of_bob)
    place.parent.mkdir(exist_ok=True)
    shutil.copy(sample.answers_file(sample.purchased), place)
    data = place.read_bytes()
    for _ in range(2):
        with pytest.raises(RestoreData, match="of another cart") as told:
            sample.shop.checkout_cart(BOB, sample.of_bob.id, CARD)
        assert told.value.facts["cart"] == sample.of_bob.id
    assert place.read_bytes() == data
    (found,) = sample.shop.merchant.audit().disagreements
    assert (found.cart, str(place) in found.problem) == (sample.of_bob.id, True)
    place.unlink()
    assert sample.shop.checkout_cart(BOB, sample.of_bob.id, CARD).cart == sample.of_bob.id
    assert sample.shop.merchant.audit().disagreements == []


# What runs into each kind of file.
COMMANDS: Final[dict[str, Callable[[Sample], tuple[str, ...]]]] = {
    "open carts": lambda sample: ("carts",),
    "purchased cart": lambda sample: ("carts", "--all"),
    "charged": lambda sample: ("checkout", sample.pending.id, "--card", CARD),
    "waiting": lambda sample: ("add", sample.waiting.id, RICE),
    "declined": lambda sample: ("checkout", sample.opened.id, "--card", CARD),
    "user": lambda sample: ("login", "alice", "--password-stdin"),
    "session": lambda sample: ("whoami",),
    "saved login": lambda sample: ("whoami",),
}


@pytest.mark.parametrize("kind", COMMANDS)
def test_the_command_names_the_file_and_ends_with_9(sample: Sample, kind: str) -> None:
    path = FILES[kind](sample)
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
        lambda: sample.shop.change_cart(ALICE, sample.waiting.id, [Add(RICE)]),
        lambda: sample.shop.delete_cart(ALICE, sample.opened.id),
        lambda: sample.shop.checkout_cart(ALICE, sample.opened.id, CARD),
        lambda: sample.shop.checkout_cart(ALICE, sample.pending.id, None),
    ):
        with pytest.raises(CartError) as told:
            call()
        assert isinstance(told.value, RestoreData)
    assert tree(sample.store) == before

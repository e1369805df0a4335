"""Passwords, tokens and card numbers: not in other processes, not in messages, not on the disk
but where they must be, and there for the owner alone."""

from __future__ import annotations

import base64
import os
import pickle
import stat
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from cartcli import Controller
from cartcli.cli.login_file import SavedLogin
from cartcli.errors import (
    CartError,
    CheckOutAgain,
    FinishPayment,
    FixInput,
    RestoreData,
    UseAnotherCard,
)
from cartcli.payment.card import Card
from cartcli.payment.source import Token
from tests.cli.terminal import Terminal
from tests.helpers import (
    ALICE,
    CARD,
    CART,
    DECLINED_CARD,
    DRONE,
    LOST_ANSWER_CARD,
    PASSWORD,
    WAITING_CARD,
    Ran,
    cart_env,
    run_cart,
    shop_in,
)

DIGITS: Final = CARD.replace(" ", "")
MISTYPED: Final = "4242424242424241"
NUMBERS: Final = (
    DIGITS,
    DECLINED_CARD,
    LOST_ANSWER_CARD,
    WAITING_CARD,
    "378282246310005",
    MISTYPED,
)


def _spellings(secret: str) -> Iterator[bytes]:
    """How `secret` could stand in a file without being plain to see."""
    raw = secret.encode()
    yield raw
    yield raw[::-1]
    yield secret.encode("utf-16-le")
    yield raw.hex().encode()
    yield base64.b64encode(raw)[:-2]
    if secret.isdigit():
        yield int(secret).to_bytes(8, "little")
        yield int(secret).to_bytes(8, "big")
        yield " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)).encode()
        yield secret[:-4].encode()


def _assert_nowhere(secrets: tuple[str, ...], folder: Path) -> None:
    """None of `secrets` is in a file or a file's name under `folder`."""
    looked_at = 0
    for path in folder.rglob("*"):
        data = os.fsencode(path.name)
        if path.is_file():
            looked_at += 1
            data += b"\0" + path.read_bytes()
            if path.suffix == ".pickle":
                data += repr(pickle.loads(path.read_bytes())).encode()
        for secret in secrets:
            for spelling in _spellings(secret):
                assert spelling not in data, path
    assert looked_at


@pytest.fixture
def shop(users: Path) -> Controller:
    return shop_in(users)


def test_card_numbers_are_nowhere_on_the_disk(users: Path, shop: Controller) -> None:
    alice = shop.identify(SavedLogin(str(users)).token()).identity
    outcomes = []
    for number in NUMBERS:
        cart = shop.update_cart(alice, None, {DRONE: 1})
        for _ in range(2):
            try:
                shop.checkout_cart(alice, cart.id, number)
                outcomes.append("charged")
            except CartError as error:
                outcomes.append(type(error).__name__)
    lost, waiting = ([kind.__name__, "charged"] for kind in (CheckOutAgain, FinishPayment))
    declined = [UseAnotherCard.__name__] * 2
    wrong = [FixInput.__name__] * 2
    charged = ["charged"] * 2
    assert outcomes == [*charged, *declined, *lost, *waiting, *charged, *wrong]
    _assert_nowhere((*NUMBERS, PASSWORD), users)


def test_card_numbers_are_nowhere_after_a_run_that_breaks(
    users: Path, shop: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = shop.identify(SavedLogin(str(users)).token()).identity
    real = os.fsync
    for nth in range(1, 12):
        cart = shop.update_cart(alice, None, {DRONE: 1})
        left = [nth]

        def fail(fd: int, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise OSError(5, "Input/output error")
            real(fd)

        monkeypatch.setattr(os, "fsync", fail)
        with suppress(CartError, OSError):
            shop.checkout_cart(alice, cart.id, CARD)
        monkeypatch.setattr(os, "fsync", real)
    cart = shop.update_cart(alice, None, {DRONE: 1})
    answers = users / "payments" / cart.id[:2] / f"{cart.id}.json"
    answers.parent.mkdir(exist_ok=True)
    answers.write_bytes(b"?")
    with pytest.raises(RestoreData):
        shop.checkout_cart(alice, cart.id, CARD)
    _assert_nowhere((DIGITS,), users)


@pytest.mark.parametrize("number", NUMBERS)
def test_what_a_command_prints_holds_no_card_number(users: Path, number: str) -> None:
    cart = shop_in(users).update_cart(ALICE, None, {DRONE: 1}).id
    for args in (["--card", number], ["--card", "-"], ["--card", "-", "-o", "json"]):
        ran = run_cart("checkout", cart, *args, store=users, input=f"{number}\n")
        assert number[:-4] not in (ran.stdout + ran.stderr).replace(" ", "").replace("\n", "")


def test_what_a_login_prints_holds_no_secret(store: Path) -> None:
    login = ["login", "alice", "--password-stdin"]
    for args, password in (([*login, "--register"], PASSWORD), (login, "a wrong one")):
        ran = run_cart(*args, store=store, input=password)
        assert password not in ran.stdout + ran.stderr
    ran = run_cart("login", "alice", store=store, env={"CART_PASSWORD": PASSWORD})
    token = SavedLogin(str(store)).token()
    said = ran.stdout + ran.stderr
    for command in (["whoami"], ["whoami", "-o", "json"], ["logout"]):
        ran = run_cart(*command, store=store)
        said += ran.stdout + ran.stderr
    assert PASSWORD not in said
    assert token[:8] not in said
    assert token[-8:] not in said


def test_values_show_no_secret(users: Path) -> None:
    session = shop_in(users).login("alice", PASSWORD)
    card, token = Card(CARD), Token("tok_" + DIGITS)
    for text in (
        repr(session),
        str(session),
        f"{session}",
        repr((session,)),
        repr([card, token]),
        str(card),
        str(token),
    ):
        assert session.token not in text
        assert DIGITS not in text
    assert card.last4 in repr(card)


def test_a_traceback_shows_no_secret(shop: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    session = shop.login("alice", PASSWORD)
    cart = shop.update_cart(session.identity, None, {DRONE: 1})

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr("cartcli.files.locks.locked", fail)
    calls: list[Callable[[], object]] = [
        lambda: shop.checkout_cart(session.identity, cart.id, CARD),
        lambda: shop.login("alice", PASSWORD),
        lambda: shop.checkout_cart(session.identity, cart.id, MISTYPED),
        lambda: shop.identify(f"{session.token}0"),
    ]
    for call in calls:
        with pytest.raises((RuntimeError, CartError)) as raised:
            call()
        told = traceback.TracebackException.from_exception(raised.value, capture_locals=False)
        text = "".join(told.format())
        for secret in (PASSWORD, session.token, DIGITS, MISTYPED):
            assert secret not in text


def test_a_bug_in_the_command_shows_no_secret(users: Path) -> None:
    cart = shop_in(users).update_cart(ALICE, None, {DRONE: 1}).id
    broken = (
        "import sys, cartcli.controller.checkout as module\n"
        "def fail(*args, **kwargs): raise RuntimeError('a bug of ours')\n"
        "module.Checkout._frozen = fail\n"
        "sys.argv = ['cart', 'checkout', sys.argv[1], '--card', '-']\n"
        "from cartcli.cli import main; main()\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", broken, cart],
        input=f"{CARD}\n",
        capture_output=True,
        text=True,
        env=cart_env({"HOME": str(users.parent)}, users),
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert "a bug of ours" in ran.stderr
    assert DIGITS[:-4] not in (ran.stdout + ran.stderr).replace(" ", "")


def test_a_card_number_as_an_argument_is_warned_of(users: Path) -> None:
    cart = shop_in(users).update_cart(ALICE, None, {DRONE: 1}).id
    ran = run_cart("checkout", cart, "--card", CARD, store=users)
    assert "Warning: other users of this machine can see the card number" in ran.stderr
    again = run_cart("checkout", cart, "--card", "-", store=users, input=CARD)
    assert "Warning" not in again.stderr


def test_no_child_process_sees_a_secret(users: Path, tmp_path: Path) -> None:
    pager, seen = tmp_path / "pager", tmp_path / "seen"
    pager.write_text(
        f"#!/bin/sh\ncat >/dev/null\nenv >{seen}\ntr '\\0' '\\n' </proc/$$/environ >>{seen}\n"
        f'echo "$@" >>{seen}\nenv | grep -q PAGER && echo paged\n'
    )
    pager.chmod(0o755)
    variables = {"PAGER": str(pager), "CART_PASSWORD": PASSWORD}
    with Terminal("catalog", store=users, env=variables, size=(5, 80)) as terminal:
        terminal.wait_for("paged")
        assert terminal.end() == 0
    text = seen.read_text()
    assert f"PAGER={pager}" in text  # it did see the environment
    for secret in (PASSWORD, "CART_PASSWORD", SavedLogin(str(users)).token()):
        assert secret not in text


def test_a_password_typed_on_a_terminal_is_not_shown(users: Path) -> None:
    with Terminal("login", "alice", store=users) as terminal:
        terminal.answer("Password: ", PASSWORD)
        assert terminal.end() == 0
    assert PASSWORD not in terminal.shown


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_all_is_for_the_owner_alone_whatever_the_umask(store: Path, umask: int) -> None:
    def run(*args: str, text: str = "") -> Ran:
        ran = subprocess.run(
            [CART, *args],
            input=text,
            capture_output=True,
            text=True,
            env=cart_env({"HOME": str(store.parent)}, store),
            umask=umask,
            timeout=60,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    assert run("login", "alice", "--register", "--password-stdin", text=PASSWORD).returncode == 0
    carts = [run("add", "new", DRONE, "-o", "json").json["id"] for _ in range(3)]
    ended = [
        run("checkout", cart, "--card", "-", text=number).returncode
        for cart, number in zip(carts, NUMBERS, strict=False)
    ]
    assert ended == [0, 5, 8]
    assert run("login", "alice", "--password-stdin", text="wrong").returncode == 4
    paths = [store, *store.rglob("*")]
    assert len(paths) > 20
    for path in paths:
        mode = path.lstat().st_mode
        assert stat.S_IMODE(mode) == (0o700 if stat.S_ISDIR(mode) else 0o600), path

"""Each exit status, provoked; they never change. 130 is in test_login.py and test_checkout.py."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from cartcli.files import locks
from cartcli.wire.errors import STATUSES
from tests.cli.conftest import NewCart, Run
from tests.cli.terminal import INTERRUPT, Terminal
from tests.helpers import (
    ALICE,
    CARD,
    CART,
    DECLINED_CARD,
    LOST_ANSWER_CARD,
    PLATES,
    cart_env,
    run_cart,
    shop_in,
)

DOCUMENTED = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130}


def test_the_help_documents_exactly_those_there_are(store: Path) -> None:
    assert {0, *STATUSES.values(), 130} == DOCUMENTED
    epilog = run_cart("--help", store=store).stdout.split("Exit status:")[1]
    assert {int(number) for number in re.findall(r"(?:^|\s{2,})(\d+)  ", epilog)} == DOCUMENTED


def test_0_done(cart: Run) -> None:
    assert cart("carts").returncode == 0


def test_1_any_other_failure(cart: Run, shared: Path) -> None:
    """Others may write to the store; the hint is a command that mends it."""
    shared.chmod(0o770)
    ran = cart("carts")
    assert (ran.returncode, ran.stdout) == (1, "")
    (mend,) = [line for line in ran.stderr.splitlines() if line.startswith("  chmod ")]
    subprocess.run(["sh", "-c", mend], check=True, timeout=60)
    assert cart("carts").returncode == 0


def test_2_usage(cart: Run) -> None:
    assert cart("carts", "--colour").returncode == 2


def test_3_not_found(cart: Run) -> None:
    assert cart("carts", "abcdef").returncode == 3
    assert cart("add", "new", "NOTHING").returncode == 3


def test_4_not_logged_in(store: Path) -> None:
    assert run_cart("carts", store=store).returncode == 4
    assert not store.exists()


def test_5_to_8_of_a_payment(cart: Run, new_cart: NewCart) -> None:
    cart_id = new_cart({PLATES: 1})

    def pay(card: str, *more: str) -> int:
        return cart("checkout", cart_id, "--card", "-", *more, input=card).returncode

    assert pay(DECLINED_CARD) == 5
    assert pay(CARD, "--expect-total", "1") == 6
    assert pay(LOST_ANSWER_CARD) == 8
    assert pay(LOST_ANSWER_CARD) == 0
    assert cart("add", cart_id, PLATES).returncode == 6


def test_7_busy(cart: Run, new_cart: NewCart, shared: Path) -> None:
    """Somebody else pays the cart, or changes the customer's."""
    cart_id, soon = new_cart({PLATES: 1}), {"CART_LOCK_WAIT": "0.01"}
    before = cart("carts", "--all", "-o", "json").json
    with shop_in(shared)._services.cart_db.paying(ALICE.owner, cart_id):
        told = cart("checkout", cart_id, "--card", "-", "-o", "json", input=CARD, env=soon)
        assert (told.returncode, json.loads(told.stderr)["error"]) == (7, "busy")
    with locks.locked(str(shared / "carts" / "alice" / "lock"), 0):
        assert cart("add", cart_id, PLATES, env=soon).returncode == 7
    assert cart("carts", "--all", "-o", "json").json == before


@pytest.mark.parametrize("name", ["carts/alice/open.pickle", "session.json", "sessions/*/*.json"])
def test_9_stored_data_damaged(cart: Run, new_cart: NewCart, shared: Path, name: str) -> None:
    new_cart({PLATES: 1})
    files = sorted(shared.glob(name))
    assert files
    for file in files:
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
    damaged = [file.read_bytes() for file in files]
    ran = cart("carts", env={"COLUMNS": "999"})
    assert (ran.returncode, ran.stdout) == (9, "")
    assert any(str(file) in ran.stderr for file in files)
    assert cart("add", "new", PLATES).returncode == 9
    assert [file.read_bytes() for file in files] == damaged


def test_130_interrupted_whatever_is_waited_for(shared: Path) -> None:
    with Terminal("add", "new", "-", store=shared) as terminal:
        terminal.wait_for("Type lines of sku,quantity, or of a SKU alone, and Ctrl-D at the end.")
        terminal.press(INTERRUPT)
        assert terminal.end() == 130
        assert "Traceback" not in terminal.shown
    assert run_cart("carts", "-o", "json", store=shared).json == []


def test_a_reader_that_has_gone_is_no_drama(shared: Path) -> None:
    """As in `cart catalog -o json | head -c 1`: nothing is printed, and it is no success."""
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(
        [CART, "catalog", "-o", "json"],
        stdout=writer,
        stderr=subprocess.PIPE,
        env=cart_env({"HOME": str(shared.parent)}, shared),
        timeout=60,
        check=False,
    )
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (1, b"")

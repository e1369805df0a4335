"""The scripts that people write around a shop: a nightly export, a till, a cron job. What they rely
on stays."""

from __future__ import annotations

import csv
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from tests.cli.conftest import NewCart, Run, pay, states_in, statuses
from tests.helpers import (
    ALICE,
    BOB,
    CARD,
    CART,
    DECLINED_CARD,
    LOST_ANSWER_CARD,
    PASSWORD,
    PLATES,
    TEA,
    Clock,
    Ran,
    cart_env,
    run_cart,
    shop_in,
)

SCRIPTS: Final = Path(__file__).parent / "scripts"


@pytest.fixture
def script(shared: Path, tmp_path: Path) -> Run:
    """Runs one of the scripts, as cron would: with `cart` on the path, and hardly anything else."""

    def run(name: str, *args: str, input: str = "", **more: str) -> Ran:  # noqa: A002
        path = f"{CART.parent}:/usr/bin:/bin"
        env = cart_env({"HOME": str(tmp_path), "PATH": path, **more}, shared)
        ran = subprocess.run(
            [SCRIPTS / f"{name}.sh", *args],
            input=input.encode(),
            capture_output=True,
            env=env,
            timeout=120,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    return run


def test_the_orders_of_a_day_are_exported(script: Run, shared: Path, tmp_path: Path) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    sold = []
    for who, when in ((ALICE, yesterday), (BOB, yesterday), (ALICE, yesterday - timedelta(days=1))):
        shop = shop_in(shared, clock=Clock(when))
        cart = shop.update_cart(who, None, {PLATES: 1, TEA: 2})
        shop.checkout_cart(who, cart.id, CARD)
        sold.append(cart.id)
    for _ in range(2):
        ran = script("nightly_export", str(tmp_path))
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
        with (tmp_path / f"orders-{yesterday:%F}.csv").open(encoding="utf-8") as file:
            rows = [*csv.DictReader(file)]
        assert sorted(row["order"] for row in rows) == sorted(sold[:2])
        assert {row["amount"] for row in rows} == {"64.16"}
    assert script("nightly_export", str(tmp_path), "2020-01-01").returncode == 0
    assert (tmp_path / "orders-2020-01-01.csv").read_text().count("\n") == 1
    failed = script("nightly_export", str(tmp_path), "2020-13-01")
    assert failed.returncode == 2
    assert [*tmp_path.glob("orders-2020-13*")] == []


@pytest.fixture
def till(script: Run, shared: Path, tmp_path: Path) -> Run:
    """Sells at a till of bob's, whose login is its own."""
    session = str(tmp_path / "till.session")
    args = ("login", "bob", "--password-stdin", "--session", session)
    assert run_cart(*args, store=shared, input=PASSWORD).returncode == 0

    def sell(barcodes: str, card: str, **more: str) -> Ran:
        (tmp_path / "card").write_text(card)
        more = {"CART_SESSION": session, "TILL_PAUSE": "0", **more}
        ran: Ran = script("till", str(tmp_path / "card"), input=barcodes, **more)
        return ran

    return sell


def bobs(store: Path) -> list[str]:
    return [cart.state for cart in shop_in(store).get_carts(BOB, which="all")]


def test_a_till_reads_barcodes_and_sells(till: Run, shared: Path) -> None:
    sold = till(f"{PLATES}\n{TEA}\n{TEA}\n", CARD)
    assert sold.returncode == 0, sold.stderr
    assert "Paid 64.16 USD with visa ending in 4242" in sold.stdout
    assert (bobs(shared), states_in(shared)) == (["purchased"], [])


def test_a_till_that_is_run_again_sells_once(till: Run, shared: Path) -> None:
    for _ in range(2):
        assert till(f"{PLATES}\n", CARD, SALE="sale-17").returncode == 0
    assert bobs(shared) == ["purchased"]
    assert statuses(shared) == ["charged"]


def test_a_till_finds_out_when_an_answer_is_lost(till: Run, shared: Path) -> None:
    sold = till(f"{PLATES}\n", LOST_ANSWER_CARD)
    assert sold.returncode == 0, sold.stderr
    assert "Paid 39.47 USD" in sold.stdout
    assert statuses(shared) == ["charged"]


@pytest.mark.parametrize(
    ("barcodes", "card", "status"),
    [(f"{PLATES}\n", DECLINED_CARD, 5), ("NOTHING\n", CARD, 3), ("", CARD, 2)],
)
def test_a_till_says_why_it_sells_nothing(
    till: Run, shared: Path, barcodes: str, card: str, status: int
) -> None:
    ran = till(barcodes, card)
    assert (ran.returncode, ran.stdout) == (status, "")
    assert ran.stderr.startswith("Error: ")
    assert "charged" not in statuses(shared)


def test_a_cron_job_settles(script: Run, cart: Run, new_cart: NewCart, shared: Path) -> None:
    assert script("settle") == (0, "", "")
    lost = new_cart({PLATES: 1})
    assert pay(cart, lost, LOST_ANSWER_CARD).returncode == 8
    assert script("settle", "5m") == (0, "", "")
    assert states_in(shared) == ["pending"]  # it is too young
    assert script("settle", "0s") == (0, "", "")
    assert states_in(shared) == ["purchased"]
    (shared / "carts" / "alice" / "open.pickle").write_bytes(b"x")
    wrong = script("settle", "0s")
    assert (wrong.returncode, wrong.stdout) == (8, "")
    assert "open.pickle" in wrong.stderr

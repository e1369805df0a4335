"""Customers in processes of their own buy while the shop is copied, by the command and by tar."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from cartcli import Identity
from cartcli.files.locks import turns
from tests.helpers import CARD, cart_env, run_cart, shop_in
from tests.promises.backups.books import Captures, captures, wrong
from tests.promises.backups.shops import ITEM, again
from tests.promises.backups.tools import tar
from tests.promises.faults.conftest import Report

COPIES: Final = 4
MORE: Final = 10  # payments at least between two copies
PEOPLE: Final = [Identity(name) for name in ("carol", "dora", "erin")]

# Buys cart after cart until standard input ends. Of every third one the answer is lost, and some
# of these are asked for again.
BUYING: Final = f"""
import select, sys
from contextlib import suppress
from cartcli import Identity, open_shop
from cartcli.errors import CheckOutAgain
from cartcli.payment.card import Card
shop, who, number = open_shop(), Identity(sys.argv[1]), 0
while not select.select([0], [], [], 0)[0]:
    number += 1
    cart = shop.update_cart(who, None, {{{ITEM!r}: 1 + number % 5}}).id
    for card in ("4000000000000341" if number % 3 == 0 else {CARD!r}, None)[: 1 + number % 2]:
        with suppress(CheckOutAgain):
            shop.checkout_cart(who, cart, card)
"""


@contextmanager
def customers(store: Path) -> Iterator[None]:
    """Some buy during the `with` block."""
    env = cart_env({"HOME": str(store.parent)}, store)
    at_work = [
        subprocess.Popen([sys.executable, "-c", BUYING, one.owner], env=env, stdin=subprocess.PIPE)
        for one in PEOPLE
    ]
    try:
        yield
    finally:
        for one in at_work:
            one.communicate(b"", timeout=60)
    assert [one.returncode for one in at_work] == [0] * len(PEOPLE)


def backed_up(store: Path, copy: Path) -> None:
    ran = run_cart("backup", str(copy.with_suffix(".backup")), store=store)
    assert ran.returncode == 0, ran.stderr
    ran = run_cart("restore", str(copy.with_suffix(".backup")), store=copy)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("copied", [backed_up, tar], ids=["cart backup", "tar --sort=name"])
def test_nobody_is_charged_twice_by_a_copy_of_a_shop_in_use(
    small: Path, tmp_path: Path, copied: Callable[[Path, Path], None], report: Report
) -> None:
    """Whatever the copy knows of, and was charged before it was made, is not charged again. A tool
    that knows nothing of carts may have payments of some that were begun meanwhile: that is told.
    """
    copies = [tmp_path / f"copy{number}" for number in range(COPIES)]
    before: list[Captures] = []
    with customers(small):
        for copy in copies:
            before.append(_more_than(len(before[-1]) if before else 0, small))
            copied(small, copy)
    original = captures(small)
    for copy, known in zip(copies, before, strict=True):
        knows = captures(copy)
        again(shop_in(copy), PEOPLE)
        assert [*wrong(original, known, knows, captures(copy))] == []
        told = [one.problem for one in shop_in(copy).merchant.audit().disagreements]
        assert all(copied is tar and "but there is no such cart" in problem for problem in told)
    report(f"{len(original)} payments, {[len(known) for known in before]} before the copies")


def _more_than(number: int, store: Path) -> Captures:
    """What was charged, as soon as that is some payments more than this `number`."""
    for _ in turns(60):
        if len(found := captures(store)) > number + MORE:
            return found
    raise AssertionError(f"still {number} payments")

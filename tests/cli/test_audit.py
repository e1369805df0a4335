"""cart audit, where not every payment processor is set up; what it finds is told by
`tests/promises/damage/test_audit.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, carts_in, pay
from tests.helpers import ALICE, CARD, PLATES, attempt_for, shop_in

STRANGER = "stripe:test:acct_1"


@pytest.fixture
def strange(full: str, shared: Path) -> str:
    """A cart whose payment was begun with a processor that is not set up."""
    (cart,) = carts_in(shared)
    attempt = attempt_for(cart)._replace(processor=STRANGER, reference="pi_1")
    shop_in(shared)._services.cart_db.mark(ALICE.owner, full, attempt, if_version=cart.version)
    return full


def test_what_cannot_be_compared_is_no_success(cart: Run, strange: str) -> None:
    ran = cart("audit", "-o", "json")
    assert ran.returncode == 1
    (found,) = ran.json["not_compared"]
    assert found["cart"] == strange
    assert found["problem"].startswith("not compared: ")
    assert STRANGER in found["problem"]
    assert "0 carts and 0 payments compared: all agree." in ran.stderr
    assert "1 cart could not be compared" in ran.stderr


def test_what_disagrees_counts_more(cart: Run, strange: str, shared: Path) -> None:
    other = cart("add", "new", PLATES, "-o", "json").json["id"]
    assert pay(cart, other, CARD).returncode == 0
    for file in shared.glob("payments/*/*.json"):
        file.unlink()
    ran = cart("audit", "-o", "json")
    assert ran.returncode == 9
    (found,) = ran.json["disagreements"]
    assert (found["cart"], found["problem"]) == (other, "purchased, but never charged")
    assert [found["cart"] for found in ran.json["not_compared"]] == [strange]
    assert [found["cart"] for found in ran.json["pending"]] == [strange]


def test_its_payment_is_settled_by_nobody_else(cart: Run, strange: str) -> None:
    for ran in (pay(cart, strange, CARD), cart("add", strange, PLATES)):
        assert (ran.returncode, ran.stdout) == (8, "")
        assert STRANGER in ran.stderr
    assert cart("carts", "-o", "json").json[0]["state"] == "pending"

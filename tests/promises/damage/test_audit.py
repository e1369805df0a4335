"""cart audit: each way in which carts and payments can disagree, made by hand and found."""

from __future__ import annotations

import errno
import json
import os
import shutil
from typing import Any, NoReturn

import pytest

from cartcli.model.audit import Audit
from tests.helpers import BOB, CARD, run_cart, shop_in
from tests.promises.damage.disagreements import (
    DISAGREEMENTS,
    REOPENED,
    Of,
    bought,
    gift,
    part,
    pending,
    record_of,
    waiting,
)
from tests.promises.damage.sample import Sample, tree


@pytest.mark.parametrize("case", DISAGREEMENTS)
def test_every_disagreement_is_found(sample: Sample, case: str) -> None:
    tamper, of, problem = DISAGREEMENTS[case]
    tamper(sample)
    before = tree(sample.store)
    found = sample.shop.merchant.audit().disagreements
    named = of(sample).id if of else ""
    assert any(one.cart == named and problem in one.problem for one in found), found
    assert {one.cart for one in found} <= {named, "", sample.purchased.id}
    assert tree(sample.store) == before


@pytest.mark.parametrize("of", [pending, waiting, bought, gift], ids=lambda of: of.__name__)
def test_a_cart_of_a_processor_that_is_not_set_up_is_not_compared(sample: Sample, of: Of) -> None:
    """Nobody can tell whether it was charged there; but whether it was charged here as well."""
    part(of, "attempt", processor="elsewhere")(sample)
    before = tree(sample.store)
    carts, _, found, not_compared, _ = sample.shop.merchant.audit()
    told = "not compared: the payment processor 'elsewhere' is not set up here"
    assert (carts, not_compared) == (6, ((of(sample).id, told),))
    charged = "charged by 'embedded', but it was marked for 'elsewhere'"
    assert found == ([(of(sample).id, charged)] if of in (pending, bought) else [])
    ran = run_cart("audit", "-o", "json", store=sample.store)
    assert ran.returncode == (9 if found else 1)
    assert {"cart": of(sample).id, "problem": told} in ran.json["not_compared"]
    assert tree(sample.store) == before


def test_a_sound_store_has_none(sample: Sample) -> None:
    before = tree(sample.store)
    ran = run_cart("audit", "-o", "json", store=sample.store)
    assert ran.returncode == 0
    assert (ran.json["disagreements"], ran.json["not_compared"]) == ([], [])
    assert [(one["cart"], one["charged"]) for one in ran.json["pending"]] == [
        (sample.pending.id, "99.00"),
        (sample.waiting.id, None),
    ]
    assert "7 carts and 5 payments compared: all agree." in ran.stderr
    assert tree(sample.store) == before


def test_a_settled_store_has_none(sample: Sample) -> None:
    shop = shop_in(sample.store)
    identity = shop.identify(sample.token).identity
    shop.checkout_cart(identity, sample.pending.id, None)
    shop.checkout_cart(identity, sample.waiting.id, None)
    shop.checkout_cart(identity, sample.opened.id, CARD)
    assert shop.merchant.audit() == Audit(7, 7, [])


def test_an_empty_store_has_none(sample: Sample) -> None:
    shutil.rmtree(sample.store)
    ran = run_cart("audit", store=sample.store)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert not sample.store.exists()


def test_the_command_lists_them_and_ends_with_9(sample: Sample) -> None:
    part(bought, "receipt", payment=None)(sample)
    record_of(pending, lambda cart: cart.update(REOPENED))(sample)
    before, receipt = tree(sample.store), sample.purchased.receipt
    assert receipt
    ran = run_cart("audit", "-o", "json", store=sample.store)
    assert ran.returncode == 9
    assert ran.json["disagreements"] == sorted(
        [
            {
                "cart": sample.purchased.id,
                "problem": f"its receipt names the payment None, not {receipt.payment}",
            },
            {"cart": sample.pending.id, "problem": "open, but charged 99.00 USD"},
        ],
        key=lambda record: record["cart"],
    )
    error = json.loads(ran.stderr)
    assert error["error"] == "damaged"
    assert error["message"] == "7 carts and 5 payments compared: 2 disagreements"
    table = run_cart("audit", store=sample.store)
    assert table.returncode == 9
    assert sample.purchased.id in table.stdout
    assert sample.pending.id in table.stdout
    assert tree(sample.store) == before


def test_what_is_damaged_is_listed_and_the_rest_compared(sample: Sample) -> None:
    damaged = [
        next(sample.store.glob("carts/bob/purchased/*.pickle")),
        sample.open_file(BOB.owner),
        sample.answers_file(sample.opened),
        sample.answers_file(sample.waiting),
    ]
    for path in damaged:
        path.write_bytes(path.read_bytes()[:-1])
    part(bought, "receipt", last4="0000")(sample)
    found = sample.shop.merchant.audit().disagreements
    for path in damaged:
        assert any(str(path) in one.problem for one in found if one.cart in ("", path.stem)), path
    assert not any("there is no such cart" in one.problem for one in found)
    assert [one.problem for one in found if one.cart == sample.purchased.id] == [
        "its receipt names another card than was charged"
    ]


def test_it_reads_a_store_that_cannot_be_written(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    part(bought, "receipt", last4="0000")(sample)
    _make_read_only(monkeypatch)
    found = sample.shop.merchant.audit().disagreements
    assert [one.cart for one in found] == [sample.purchased.id]


def _make_read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the whole file system refuse to be written; permissions would not stop root."""
    real_open = os.open

    def refuse(path: str, *args: object, **kwargs: object) -> NoReturn:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)

    def open_to_read(path: str, flags: int, *args: Any, **kwargs: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            refuse(path)
        return real_open(path, flags, *args, **kwargs)

    monkeypatch.setattr(os, "open", open_to_read)
    for name in ("mkdir", "rename", "replace", "link", "unlink", "rmdir", "chmod", "utime"):
        monkeypatch.setattr(os, name, refuse)

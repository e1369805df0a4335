"""cart audit: each way in which carts and payments can disagree, made by hand and found."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from typing import Any, Final, NoReturn

import pytest

from cartcli import Cart
from tests.helpers import CARD, run_cart, shop_in
from tests.promises.damage.sample import Sample, key_of, rewrite, tree

Tamper = Callable[[Sample], None]
Of = Callable[[Sample], Cart]


def _bought(sample: Sample) -> Cart:
    return sample.purchased


def _waiting(sample: Sample) -> Cart:
    return sample.pending


def _purchased(change: Callable[[dict[str, Any]], None]) -> Tamper:
    """Changes the record of the purchased cart."""

    def tamper(sample: Sample) -> None:
        path = sample.purchased_file(sample.purchased)
        rewrite(path, lambda record: change(record["carts"][0]))

    return tamper


def _pending(change: Callable[[dict[str, Any]], None]) -> Tamper:
    """Changes the record of the pending cart."""

    def tamper(sample: Sample) -> None:
        def change_it(record: dict[str, Any]) -> None:
            (cart,) = (one for one in record["carts"] if one["id"] == sample.pending.id)
            change(cart)

        rewrite(sample.open_file(), change_it)

    return tamper


def _payment(of: Callable[[Sample], Cart], **fields: object) -> Tamper:
    """Changes the record of the cart's payment."""
    return lambda sample: rewrite(
        sample.payment_file(key_of(of(sample))), lambda record: record.update(fields)
    )


def _reopen(cart: dict[str, Any]) -> None:
    cart.update(state="open", attempt=None)


def _fewer_frozen(cart: dict[str, Any]) -> None:
    del cart["attempt"]["lines"][0]


def _other_lines(cart: dict[str, Any]) -> None:
    cart["lines"] = []


def _other_receipt_lines(cart: dict[str, Any]) -> None:
    cart["receipt"]["lines"][0][1] = "Something else"


def _cheaper_receipt(cart: dict[str, Any]) -> None:
    cart["receipt"]["amount"] = "1.00"


def _lose_purchase(sample: Sample) -> None:
    sample.purchased_file(sample.purchased).unlink()


def _lose_payment(sample: Sample) -> None:
    sample.payment_file(key_of(sample.purchased)).unlink()


def _charge_twice(sample: Sample) -> None:
    key = "a" * 32
    path = sample.payment_file(key)
    path.parent.mkdir(exist_ok=True)
    shutil.copy(sample.payment_file(key_of(sample.purchased)), path)
    rewrite(path, lambda record: record.update(key=key, id="pay_again"))


def _give_to_bob(sample: Sample) -> None:
    path = sample.store / "carts/bob/purchased" / f"{sample.purchased.id}.pickle"
    shutil.copy(sample.purchased_file(sample.purchased), path)
    rewrite(path, lambda record: record.update(user="bob"))


def _restore_an_old_copy(sample: Sample) -> None:
    def change(record: dict[str, Any]) -> None:
        old = record["carts"][0] | {"id": sample.purchased.id, "state": "open", "attempt": None}
        record["carts"].append(old)

    rewrite(sample.open_file(), change)


def _lose_order(sample: Sample) -> None:
    sample.order_file(sample.purchased).unlink()


def _misfile(sample: Sample) -> None:
    path = sample.payment_file(key_of(sample.purchased))
    other = path.parents[1] / "zz"
    other.mkdir()
    path.rename(other / path.name)


# What is done to the store, whose cart is then named (None: a file is), and what is said of it.
DISAGREEMENTS: Final[dict[str, tuple[Tamper, Of | None, str]]] = {
    "charged twice": (_charge_twice, _bought, "charged 2 times"),
    "open, but charged": (_pending(_reopen), _waiting, "open, but charged 99.00 USD"),
    "pending with another amount": (
        _payment(_waiting, amount="98.00"),
        _waiting,
        "pending with 99.00 USD, but charged 98.00 USD",
    ),
    "pending in another currency": (
        _payment(_waiting, currency="EUR"),
        _waiting,
        "pending with 99.00 USD, but charged 99.00 EUR",
    ),
    "frozen lines of another sum": (
        _pending(lambda cart: cart["attempt"].update(amount="1.00")),
        _waiting,
        "its frozen lines do not add up to 1.00 USD",
    ),
    "other lines than frozen": (
        _pending(_other_lines),
        _waiting,
        "lists other lines than were frozen when it was marked",
    ),
    "purchased, never charged": (
        _payment(_bought, status="declined"),
        _bought,
        "purchased, but never charged",
    ),
    "payment lost": (_lose_payment, _bought, "purchased, but never charged"),
    "another amount charged": (
        _payment(_bought, amount="1.00"),
        _bought,
        "its receipt says 147.79 USD, but 1.00 USD was charged",
    ),
    "another payment named": (
        _payment(_bought, id="pay_other"),
        _bought,
        "not pay_other",
    ),
    "another key named": (
        _purchased(lambda cart: cart["receipt"].update(key="0" * 32)),
        _bought,
        "its receipt names the payment",
    ),
    "another card charged": (
        _payment(_bought, last4="0000"),
        _bought,
        "its receipt names another card than was charged",
    ),
    "other lines on the receipt": (
        _purchased(_other_receipt_lines),
        _bought,
        "its receipt lists other lines than were frozen when it was marked",
    ),
    "other lines bought than frozen": (
        _purchased(_fewer_frozen),
        _bought,
        "lists other lines than were frozen when it was marked",
    ),
    "a receipt of another sum": (
        _purchased(_cheaper_receipt),
        _bought,
        "its lines do not add up to 1.00 USD",
    ),
    "a capture without a cart": (
        _lose_purchase,
        _bought,
        "charged 147.79 USD, but there is no such cart",
    ),
    "one cart of two users": (_give_to_bob, _bought, "two customers have a cart of this id"),
    "open and purchased": (_restore_an_old_copy, None, "is purchased, and open"),
    "a capture that its order has lost": (
        _lose_order,
        None,
        "its order does not point to any capture",
    ),
    "a payment in the wrong folder": (_misfile, None, "it is in the wrong folder"),
}


@pytest.mark.parametrize("case", DISAGREEMENTS)
def test_every_disagreement_is_found(sample: Sample, case: str) -> None:
    tamper, of, problem = DISAGREEMENTS[case]
    tamper(sample)
    before = tree(sample.store)
    found = sample.shop.audit().disagreements
    named = of(sample).id if of else ""
    assert any(one.cart == named and problem in one.problem for one in found), found
    assert {one.cart for one in found} <= {named, "", sample.purchased.id}
    assert tree(sample.store) == before


def test_a_sound_store_has_none(sample: Sample) -> None:
    before = tree(sample.store)
    ran = run_cart("audit", "-o", "json", store=sample.store)
    assert (ran.returncode, ran.json) == (0, [])
    assert "5 carts and 5 payments compared: all agree." in ran.stderr
    assert tree(sample.store) == before


def test_a_settled_store_has_none(sample: Sample) -> None:
    shop = shop_in(sample.store)
    identity = shop.identify(sample.token).identity
    shop.checkout_cart(identity, sample.pending.id, None)
    shop.checkout_cart(identity, sample.opened.id, CARD)
    result = shop.audit()
    assert (result.carts, result.payments, result.disagreements) == (5, 6, [])


def test_an_empty_store_has_none(sample: Sample) -> None:
    shutil.rmtree(sample.store)
    ran = run_cart("audit", store=sample.store)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert not sample.store.exists()


def test_the_command_lists_them_and_ends_with_9(sample: Sample) -> None:
    _payment(_bought, amount="1.00")(sample)
    _pending(_reopen)(sample)
    before = tree(sample.store)
    ran = run_cart("audit", "-o", "json", store=sample.store)
    assert ran.returncode == 9
    assert ran.json == sorted(
        [
            {
                "cart": sample.purchased.id,
                "problem": "its receipt says 147.79 USD, but 1.00 USD was charged",
            },
            {"cart": sample.pending.id, "problem": "open, but charged 99.00 USD"},
        ],
        key=lambda record: record["cart"],
    )
    error = json.loads(ran.stderr)
    assert error["error"] == "damaged"
    assert error["message"] == "5 carts and 5 payments compared: 2 disagreements"
    table = run_cart("audit", store=sample.store)
    assert table.returncode == 9
    assert sample.purchased.id in table.stdout
    assert sample.pending.id in table.stdout
    assert tree(sample.store) == before


def test_what_is_damaged_is_listed_and_the_rest_compared(sample: Sample) -> None:
    damaged = [
        next(sample.store.glob("carts/bob/purchased/*.pickle")),
        sample.open_file("bob"),
        sample.payment_file(sample.declined_key),
        sample.order_file(sample.pending),
    ]
    for path in damaged:
        path.write_bytes(path.read_bytes()[:-1])
    _payment(_bought, amount="1.00")(sample)
    found = sample.shop.audit().disagreements
    for path in damaged:
        assert any(str(path) in one.problem for one in found if one.cart in ("", path.stem)), path
    assert not any("there is no such cart" in one.problem for one in found)
    assert [one.problem for one in found if one.cart == sample.purchased.id] == [
        "its receipt says 147.79 USD, but 1.00 USD was charged"
    ]


def test_it_reads_a_store_that_cannot_be_written(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    _payment(_bought, amount="1.00")(sample)
    _make_read_only(monkeypatch)
    found = sample.shop.audit().disagreements
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

"""What an audit makes of records that change while it looks at them, and of those that do not.

It looks twice and compares: what a checkout that runs meanwhile leaves behind itself for an instant
is no disagreement, and what lasts is one. `tests/promises/damage/test_audit.py` shows that each
disagreement is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, cast

import pytest

from cartcli import Cart, Money, Quote, Receipt
from cartcli.cart_db import CartReader, open_cart_db, open_cart_reader
from cartcli.errors import RestoreData
from cartcli.merchant.audit import audit
from cartcli.model.audit import Audit
from cartcli.model.order import Attempt
from cartcli.payment import FREE, Payment, PaymentProcessor, Processors, open_embedded
from cartcli.payment.card import Card
from tests.helpers import ALICE, CARD, Clock, add, attempt_for, line, receipt_for

Event = Callable[[], object]


class Shop:
    """Carts and payments. `meanwhile` is what happens between an audit's looking at the carts and
    its looking at the payments: the first event in its first look, and so on."""

    def __init__(self, store: Path, clock: Clock) -> None:
        self.carts = open_cart_db(str(store), 1, clock)
        self.reader = open_cart_reader(str(store))
        self.processor: PaymentProcessor = open_embedded(str(store), 1, 0, clock)
        self.meanwhile: list[Event] = []

    def everything(self) -> Iterator[Cart | RestoreData]:
        """The carts, for the audit."""
        yield from list(self.reader.everything())
        if self.meanwhile:
            self.meanwhile.pop(0)()

    def audit(self) -> Audit:
        return audit(cast(CartReader, self), Processors(self.processor))

    def cart(self, price: str = "8.90") -> Cart:
        return self.carts.create(ALICE.owner, [add(price=price)], currency="USD")

    def charge(self, cart: Cart) -> None:
        """Charge what belongs to the `cart`, which stays open."""
        self.processor.charge(attempt_for(cart), Card(CARD))

    def purchase(self, cart: Cart, attempt: Attempt, payment: str | None) -> Receipt:
        """Make the `cart` purchased, whoever has charged it."""
        receipt = receipt_for(attempt, payment)
        self.carts.mark(ALICE.owner, cart.id, attempt, if_version=cart.version)
        self.carts.purchase(ALICE.owner, cart.id, receipt)
        return receipt

    def check_out(self, cart: Cart) -> None:
        """Take the `cart` the whole way to purchased."""
        attempt = attempt_for(cart)
        payment = self.processor.charge(attempt, Card(CARD))
        assert isinstance(payment, Payment)
        self.purchase(cart, attempt, payment.id)


@pytest.fixture
def shop(store: Path, clock: Clock) -> Shop:
    return Shop(store, clock)


def test_a_checkout_that_runs_meanwhile_is_no_disagreement(shop: Shop) -> None:
    cart = shop.cart()
    shop.meanwhile = [lambda: shop.check_out(cart)]
    assert shop.audit() == Audit(1, 1, [])
    assert shop.meanwhile == []  # it was looked at while the cart still seemed open, but charged


def test_nor_are_two_checkouts_one_in_each_look(shop: Shop) -> None:
    first, second = shop.cart(), shop.cart()
    shop.meanwhile = [lambda: shop.check_out(first), lambda: shop.check_out(second)]
    assert shop.audit() == Audit(2, 2, [])
    assert shop.meanwhile == []
    assert shop.audit() == Audit(2, 2, [])


def test_nor_is_a_new_cart_that_is_bought_at_once(shop: Shop) -> None:
    shop.meanwhile = [lambda: shop.check_out(shop.cart())]
    assert shop.audit() == Audit(1, 1, [])


def test_what_lasts_is_a_disagreement(shop: Shop) -> None:
    charged, busy = shop.cart(), shop.cart()
    shop.charge(charged)
    shop.meanwhile = [lambda: shop.check_out(busy)]
    carts, payments, disagreements, not_compared, _ = shop.audit()
    assert (carts, payments, not_compared) == (2, 2, ())
    assert disagreements == [(charged.id, "open, but charged 8.90 USD")]


def test_what_began_during_the_first_look_and_lasts_is_one(shop: Shop) -> None:
    cart = shop.cart()
    shop.meanwhile = [lambda: shop.charge(cart)]
    assert shop.audit().disagreements == [(cart.id, "open, but charged 8.90 USD")]


def test_a_file_that_is_damaged_in_both_looks_is_one(shop: Shop, store: Path) -> None:
    shop.cart()
    path = store / "carts" / "alice" / "open.pickle"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    shop.meanwhile = [lambda: path.write_bytes(whole)]
    assert shop.audit() == Audit(1, 0, [])
    path.write_bytes(whole[:-1])
    (disagreement,) = shop.audit().disagreements
    assert (disagreement.cart, str(path) in disagreement.problem) == ("", True)


def test_what_costs_nothing_needs_no_payment(shop: Shop) -> None:
    gift = shop.cart("0")
    shop.purchase(gift, free(attempt_for(gift)), None)
    assert shop.audit() == Audit(1, 0, [])


def free(attempt: Attempt) -> Attempt:
    return attempt._replace(processor=FREE, brand="", last4="")


def test_and_must_have_none(shop: Shop) -> None:
    """Neither an amount, nor the name of a payment, nor a payment."""
    priced, named, charged = shop.cart(), shop.cart("0"), shop.cart("0")
    shop.purchase(priced, free(attempt_for(priced)), None)
    shop.purchase(named, free(attempt_for(named)), "pay_1")
    attempt = attempt_for(charged)
    shop.processor.charge(attempt, Card(CARD))
    shop.purchase(charged, free(attempt), None)
    found = [*shop.audit().disagreements]
    assert (priced.id, "its receipt says 8.90 USD, and nothing was to be charged") in found
    assert (named.id, "its receipt names the payment pay_1, and there was none") in found
    assert (charged.id, "charged by 'embedded', but it was marked for 'none'") in found


STRANGER: Final = "stripe:test:acct_1"


def test_carts_of_a_processor_that_is_not_set_up_are_not_compared(shop: Shop) -> None:
    pending, bought, own = shop.cart(), shop.cart(), shop.cart()
    attempt = attempt_for(pending)._replace(processor=STRANGER)
    shop.carts.mark(ALICE.owner, pending.id, attempt, if_version=pending.version)
    shop.purchase(bought, attempt_for(bought)._replace(processor=STRANGER), "pi_1")
    shop.check_out(own)
    carts, payments, disagreements, not_compared, _ = shop.audit()
    assert (carts, payments, disagreements) == (1, 1, [])
    assert not_compared == tuple(
        sorted(
            (cart.id, f"not compared: the payment processor {STRANGER!r} is not set up here")
            for cart in (pending, bought)
        )
    )


def test_but_what_another_one_charged_for_them_is_told(shop: Shop) -> None:
    cart = shop.cart()
    attempt = attempt_for(cart)
    shop.processor.charge(attempt, Card(CARD))
    shop.purchase(cart, attempt._replace(processor=STRANGER), "pi_1")
    told = f"charged by 'embedded', but it was marked for {STRANGER!r}"
    assert shop.audit().disagreements == [(cart.id, told)]


def test_every_processor_that_is_known_is_asked(shop: Shop, tmp_path: Path, clock: Clock) -> None:
    """One of the two charges a cart that was marked for the other."""
    cart = shop.cart()
    shop.check_out(cart)
    other = open_embedded(str(tmp_path / "other"), 1, 0, clock)
    other.name = "other"
    other.charge(attempt_for(cart), Card(CARD))
    found = audit(shop.reader, Processors(shop.processor, other))
    assert found.payments == 2
    assert (cart.id, "charged 2 times") in found.disagreements
    assert (cart.id, "charged by 'other', but it was marked for 'embedded'") in found.disagreements


def test_what_was_charged_for_must_be_what_was_frozen(shop: Shop) -> None:
    """The same amount, for something else."""
    cart = shop.cart()
    attempt = attempt_for(cart)
    other = attempt._replace(quote=Quote.of([line("PIN")], "USD"))
    payment = shop.processor.charge(other, Card(CARD))
    assert isinstance(payment, Payment)
    shop.purchase(cart, attempt, payment.id)
    told = "charged for other lines than were frozen when it was marked"
    assert shop.audit().disagreements == [(cart.id, told)]


def test_a_quote_must_add_up_and_be_of_the_carts_lines(shop: Shop) -> None:
    cart = shop.cart()
    right = attempt_for(cart)
    twice = right.quote._replace(entries=right.quote.entries * 2)
    wrong = right.quote._replace(
        entries=tuple(entry._replace(amount=Money("8", "USD")) for entry in right.quote.entries)
    )
    halved = right.quote._replace(
        entries=(right.quote.entries[0]._replace(amount=Money("8", "USD")), right.quote.entries[1])
    )
    others = Quote.of([line("PIN")], "USD")
    dearer = Quote.of([line(price="9")], "USD", was=cart.lines)
    for quote, problem in (
        (twice, "its frozen lines do not add up to 8.90 USD"),
        (wrong, "its frozen lines do not add up to 8.90 USD"),
        (halved, "its frozen lines do not add up to 8.90 USD"),
        (dearer, "its frozen lines do not add up to 8.90 USD"),
        (others, "lists other lines than were frozen when it was marked"),
        (dearer._replace(was=()), "lists other lines than were frozen when it was marked"),
    ):
        pending = cart._replace(state="pending", attempt=right._replace(quote=quote))
        problems = {found.problem for found in audited(pending, shop).disagreements}
        assert problem in problems
    changed = right._replace(quote=dearer, amount=dearer.total)
    assert audited(cart._replace(state="pending", attempt=changed), shop).disagreements == []


def test_a_receipt_must_be_for_what_was_marked_and_charged(shop: Shop) -> None:
    cart = shop.cart()
    attempt = attempt_for(cart)
    payment = shop.processor.charge(attempt, Card(CARD))
    assert isinstance(payment, Payment)
    bought = cart._replace(state="purchased", attempt=attempt)
    right = receipt_for(attempt, payment.id)
    assert audited(bought._replace(receipt=right), shop).disagreements == []
    named = f"its receipt names the payment {payment.id}, not {payment.id}"
    marked = "its receipt is for another payment than it was marked for"
    lines = "its receipt lists other lines than were frozen when it was marked"
    for receipt, problems in (
        (right._replace(reference="pi_1"), {named, marked}),
        (right._replace(key="0" * 32), {named, marked}),
        (right._replace(quote=Quote.of([line("PIN")], "USD")), {lines}),
        (right._replace(last4="0000"), {"its receipt names another card than was charged"}),
    ):
        found = audited(bought._replace(receipt=receipt), shop).disagreements
        assert {each.problem for each in found} == problems


def audited(cart: Cart, shop: Shop) -> Audit:
    """The audit of a shop that has this `cart` only."""

    class Reader:
        def everything(self) -> Iterator[Cart]:
            yield cart

    return audit(cast(CartReader, Reader()), Processors(shop.processor))

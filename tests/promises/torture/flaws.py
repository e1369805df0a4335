"""Errors in the protocol, made on purpose: each replaces a function of the product, or of the
client of the simulated processor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple

import pytest

from cartcli.cart_db import steps
from cartcli.controller.checkout import Checkout
from cartcli.model.cart import Cart
from cartcli.model.order import Attempt, Waiting
from cartcli.model.times import utc_now
from cartcli.payment import Payment, PaymentProcessor
from cartcli.payment.local.processor import LocalPaymentProcessor
from cartcli.payment.source import Source, Token
from tests.promises.torture import parties
from tests.promises.torture.mortals import Fate
from tests.promises.torture.parties import MortalClient
from tests.simulated.client import SimulatedProcessor


class Flaw(NamedTuple):
    """`plant` makes it. The torture finds it in this `weather`, or with None on the embedded
    processor, by a finding that has one of these `signs` in it."""

    name: str
    plant: Callable[[pytest.MonkeyPatch], None]
    signs: tuple[str, ...]
    weather: dict[str, Any] | None


def _ended(attempt: Attempt, status: Any) -> Payment:
    amount = attempt.amount if status == "declined" else None
    return Payment(
        attempt.key, "", attempt.cart, attempt.reference, status, amount, "", "", utc_now()
    )


def _a_decline_opens(patch: pytest.MonkeyPatch) -> None:
    """A decline is told without a cancellation, and the intent can be confirmed again."""

    def read(self: SimulatedProcessor, attempt: Attempt) -> Payment | Waiting:
        thing = self._ask("GET", f"intents/{attempt.reference}").definite()
        if thing["status"] == "requires_payment_method" and thing["reason"]:
            return _ended(attempt, "declined")
        return self._answer(attempt, thing)

    patch.setattr(SimulatedProcessor, "_read", read)


def _a_look_is_proof(patch: pytest.MonkeyPatch) -> None:
    """What is not charged yet is taken for what will never be."""

    def cancel(self: SimulatedProcessor, attempt: Attempt) -> Payment | Waiting:
        kind = "pages" if attempt.reference.startswith("page") else "intents"
        answer = self._answer(attempt, self._ask("GET", f"{kind}/{attempt.reference}").definite())
        return _ended(attempt, "cancelled") if isinstance(answer, Waiting) else answer

    patch.setattr(SimulatedProcessor, "cancel", cancel)


def _an_embedded_look_is_proof(patch: pytest.MonkeyPatch) -> None:
    """The same of the embedded processor: it keeps no record of a cancellation."""

    def cancel(self: LocalPaymentProcessor, attempt: Attempt) -> Payment | Waiting:
        answer = self.look(attempt)
        return _ended(attempt, "cancelled") if isinstance(answer, Waiting) else answer

    patch.setattr(LocalPaymentProcessor, "cancel", cancel)


def _bound_after_the_charge(patch: pytest.MonkeyPatch) -> None:
    """Nobody knows of the payment until it is made."""

    def charged(
        self: Checkout, owner: str, attempt: Attempt, processor: PaymentProcessor, source: Source
    ) -> tuple[Attempt, Payment]:
        attempt = attempt._replace(reference=processor.prepare(attempt, source))
        answer = processor.charge(attempt, source)
        self._cart_db.bind(owner, attempt.cart, attempt)
        return attempt, self._settling.definite(owner, attempt, answer)

    patch.setattr(Checkout, "_charged", charged)


class _ByKey(MortalClient):
    """Knows no reference but the key, and finds out how a payment ended by making it again."""

    prepares = False
    tokens: ClassVar[dict[str, Source]] = {}

    def __init__(self, address: str, ledger: str, fate: Fate) -> None:
        super().__init__(address, ledger, fate)
        self._asked = MortalClient(address, ledger, fate)

    def charge(self, attempt: Attempt, source: Source) -> Payment | Waiting:
        self.tokens[attempt.key] = source
        prepared = attempt._replace(reference=self._asked.prepare(attempt, source))
        answer = self._asked.charge(prepared, source)
        return answer._replace(reference=attempt.key) if isinstance(answer, Payment) else answer

    def look(self, attempt: Attempt) -> Payment | Waiting:
        return self.cancel(attempt)

    def cancel(self, attempt: Attempt) -> Payment | Waiting:
        return self.charge(attempt, self.tokens.get(attempt.key, Token("tok_good")))


def _a_key_is_proof(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(parties, "MortalClient", _ByKey)


def _opened_whatever_waits(patch: pytest.MonkeyPatch) -> None:
    def opened(cart: Cart, attempt: Attempt, now: datetime) -> Cart:
        if cart.state != "pending":
            return cart
        return cart._replace(state="open", attempt=None, version=cart.version + 1)

    patch.setattr(steps, "opened", opened)


def _opened_by_the_key(patch: pytest.MonkeyPatch) -> None:
    def opened(cart: Cart, attempt: Attempt, now: datetime) -> Cart:
        if cart.attempt is None or cart.receipt or cart.attempt.key != attempt.key:
            return cart
        return cart._replace(state="open", attempt=None, version=cart.version + 1)

    patch.setattr(steps, "opened", opened)


def _bound_whatever_waits(patch: pytest.MonkeyPatch) -> None:
    def bound(cart: Cart, attempt: Attempt, now: datetime) -> Cart:
        if cart.state == "purchased":
            return cart
        return cart._replace(state="pending", attempt=attempt, version=cart.version + 1)

    patch.setattr(steps, "bound", bound)


def _marked_whatever_is_there(patch: pytest.MonkeyPatch) -> None:
    def marked(cart: Cart, attempt: Attempt, now: datetime, *, if_version: int) -> Cart:
        if cart.state == "purchased":
            steps.check_open(cart)
        return cart._replace(state="pending", attempt=attempt, version=cart.version + 1)

    patch.setattr(steps, "marked", marked)


BAD: Final[dict[str, Any]] = {"rate": 0.2}
DOUBLED: Final[dict[str, Any]] = {"rate": 0.8, "kinds": ("doubled_forgotten",)}
_LATE: Final[dict[str, Any]] = {"rate": 0.4, "kinds": ("late", "late_forgotten")}
_CHARGED: Final = ("is charged 2 times", "open, but charged", "under another key")
FLAWS: Final = (
    Flaw(
        "a decline opens",
        _a_decline_opens,
        _CHARGED,
        DOUBLED,
    ),
    Flaw("a look is proof", _a_look_is_proof, _CHARGED, _LATE),
    Flaw("an embedded look is proof", _an_embedded_look_is_proof, _CHARGED, None),
    Flaw("bound after the charge", _bound_after_the_charge, _CHARGED, BAD),
    Flaw("a key is proof", _a_key_is_proof, _CHARGED, BAD),
    Flaw("opened whatever waits", _opened_whatever_waits, _CHARGED, BAD),
    Flaw("opened by the key", _opened_by_the_key, _CHARGED, BAD),
    Flaw("bound whatever waits", _bound_whatever_waits, _CHARGED, BAD),
    Flaw(
        "marked whatever is there",
        _marked_whatever_is_there,
        ("its lines are not those of its attempt",),
        BAD,
    ),
)

"""Whoever pays with the processor that a suite is run on."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

import pytest

from cartcli import Line, Money
from cartcli.model.order import Attempt, Waiting
from cartcli.model.quote import Quote
from cartcli.payment import Payment, PaymentProcessor
from cartcli.payment.answers import check
from cartcli.payment.source import Source
from cartcli.testing.implementations import Means
from cartcli.testing.values import Clock

CART: Final = "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f2"
OTHER_CART: Final = "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f3"


class Payer(NamedTuple):
    """Makes attempts as a checkout does, has `processor` charge them, and believes no answer
    unchecked. `open` opens the processor again, as another process would; `means_of` gives what is
    to pay, None of a kind that there is not."""

    processor: PaymentProcessor
    open: Callable[[], PaymentProcessor]
    means_of: Callable[[Means], Source | None]
    clock: Clock

    def means(self, kind: Means) -> Source:
        """Means of this kind; the test is skipped when there are none."""
        means = self.means_of(kind)
        if means is None:
            pytest.skip(f"this processor has no means that are {kind}")
        return means

    def kinds(self, *kinds: Means) -> list[Means]:
        """Those of these `kinds` of which there are means."""
        return [kind for kind in kinds if self.means_of(kind) is not None]

    def attempt(
        self, kind: Means = "good", *, cart: str = CART, key: str = "", amount: str = "17.80"
    ) -> Attempt:
        """An attempt to pay a cart by means of a kind, under a new key unless one is given. It has
        its reference, and nobody has charged it."""
        processor, source = self.processor, self.means(kind)
        quote = Quote.of([Line("MUG", "a mug", Money(amount, "USD"), 1)], "USD")
        key = key or os.urandom(16).hex()
        attempt = Attempt(
            key,
            cart,
            quote,
            quote.total,
            processor.name,
            "" if processor.prepares else key,
            source.brand,
            source.last4,
            self.clock(),
        )
        if processor.prepares:
            attempt = attempt._replace(reference=processor.prepare(attempt, source))
        return attempt

    def charge(self, attempt: Attempt, kind: Means = "good") -> Payment | Waiting:
        return _checked(attempt, self.processor.charge(attempt, self.means(kind)))

    def look(self, attempt: Attempt) -> Payment | Waiting:
        return _checked(attempt, self.processor.look(attempt))

    def cancel(self, attempt: Attempt) -> Payment | Waiting:
        return _checked(attempt, self.processor.cancel(attempt))

    def elsewhere(self) -> Payer:
        """The same payer in another process."""
        return self._replace(processor=self.open())

    def on_record(self, since: datetime | None = None) -> set[Payment]:
        """All final answers, each of which is there once; a damaged one fails the test."""
        found = [*self.open().payments(since)]
        answers = {answer for answer in found if isinstance(answer, Payment)}
        assert len(answers) == len(found), found
        return answers


def ended(answer: Payment | Waiting | Exception) -> Payment:
    """The `answer`, which has to be a final one."""
    assert isinstance(answer, Payment), answer
    return answer


def _checked(attempt: Attempt, answer: Payment | Waiting) -> Payment | Waiting:
    if isinstance(answer, Payment):
        check(attempt, answer)
    else:
        assert answer.why
    return answer

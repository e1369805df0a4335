"""Who is asked when there is nothing to pay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from cartcli.errors import FixInput, RestoreData
from cartcli.model.money import Money
from cartcli.model.order import Attempt
from cartcli.payment import FREE, Payment, Status
from cartcli.payment.source import Nothing, Source


class FreeProcessor:
    """Charges nothing and keeps no record: the cart's own state tells all."""

    name = FREE
    prepares = False

    def accepts(self, source: Source, amount: Money) -> None:
        if not isinstance(source, Nothing):
            raise FixInput("what is free of charge needs no means", "This call charged nothing.")
        _check_free(amount)

    def prepare(self, attempt: Attempt, source: Source) -> str:
        return attempt.key

    def charge(self, attempt: Attempt, source: Source) -> Payment:
        self.accepts(source, attempt.amount)
        return self.look(attempt)

    def look(self, attempt: Attempt) -> Payment:
        _check_free(attempt.amount)
        return _answer(attempt, "charged")

    def cancel(self, attempt: Attempt) -> Payment:
        _check_free(attempt.amount)
        return _answer(attempt, "cancelled")

    def captured(self, cart: str) -> None:
        return None

    def payments(self, since: datetime | None = None) -> Iterator[Payment | RestoreData]:
        return iter(())


def _check_free(amount: Money) -> None:
    if amount.amount:
        raise FixInput(f"{amount} is not free of charge", "This call charged nothing.")


def _answer(attempt: Attempt, status: Status) -> Payment:
    amount = attempt.amount if status == "charged" else None
    return Payment(
        attempt.key,
        "",
        attempt.cart,
        attempt.reference,
        status,
        amount,
        "",
        "",
        attempt.created,
        quote=attempt.quote,
    )

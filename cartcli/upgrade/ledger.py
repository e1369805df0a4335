"""The embedded processor's answers of 0.1.0 among those of this version."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from cartcli.errors import RestoreData, RetryLater
from cartcli.files import locks, names
from cartcli.model.cart import Cart
from cartcli.payment.local.file_ledger import FileLedger
from cartcli.payment.local.ledger import Answer, Answers
from cartcli.upgrade.old_answers import OldAnswers
from cartcli.upgrade.orders import Orders


class EitherLedger(FileLedger):
    """The answers of both versions in the folder `store`, each once."""

    def __init__(self, store: str, old: OldAnswers, orders: Orders) -> None:
        super().__init__(store, lock_wait=0)
        self._old = old
        self._orders = orders

    def everything(self) -> Iterator[Answers | RestoreData]:
        keys = set(self._old.keys())
        for key in sorted(keys):
            yield self._old_answers(key)
        for answers in super().everything():
            if isinstance(answers, RestoreData):
                yield answers
            elif rest := tuple(answer for answer in answers if answer.key not in keys):
                yield rest

    def _old_answers(self, key: str) -> Answers | RestoreData:
        try:
            answer = self._old.answer(key)
            if answer.status == "charged":
                self._orders.check_pointer(self._old, answer)
        except RestoreData as error:
            return error
        return (answer,)


class Merging:
    """Puts the `old` answers into today's ledger in the folder `store`, beside their own files."""

    def __init__(self, store: str, lock_wait: float, old: OldAnswers, orders: Orders) -> None:
        self._payments = os.path.join(store, names.PAYMENTS)
        self._lock_wait = lock_wait
        self._ledger = FileLedger(store, lock_wait)
        self._old = old
        self._orders = orders
        self._kept: set[str] = set()  # the keys

    def keep_of(self, cart: Cart) -> None:
        """Keep what was answered about the `cart`, and with a capture the quote that was charged,
        which the cart knows. Nobody may be paying it: then nothing is missed that can charge it."""
        key = cart.attempt.key if cart.attempt else ""
        self._keep(cart.id, [_with_quote(one, cart) for one in self._old.of(cart.id, key)])

    def keep_rest(self, cart_id: str) -> None:
        """Keep what was answered about the cart and is not kept yet."""
        self._keep(cart_id, self._old.of(cart_id))

    def _keep(self, cart_id: str, answers: list[Answer]) -> None:
        answers = [answer for answer in answers if answer.key not in self._kept]
        if not answers:
            return
        with ExitStack() as held:
            for lock in self._orders.ledger_locks(cart_id):
                held.enter_context(locks.locked(lock, self._lock_wait, partial(_busy, cart_id)))
            self._make_lock(f"{self._payments}/{cart_id[:2]}/lock")
            for answer in answers:
                self._keep_one(answer)
                self._kept.add(answer.key)

    def _keep_one(self, answer: Answer) -> None:
        while True:  # each turn means that somebody else was answered about this cart
            known = self._ledger.answers(answer.cart)
            same = [one for one in known if one.key == answer.key]
            if same:
                break
            if self._ledger.add(answer, known):
                return
        if same[-1]._replace(quote=None) != answer._replace(quote=None):
            raise RestoreData(
                f"the payment {answer.key} of cart {answer.cart} was {answer.status} by one record,"
                f" and {same[-1].status} by another, or tells another story",
                "Both records were left as they are.",
                cart=answer.cart,
            )

    def _make_lock(self, path: str) -> None:
        """Where there is no lock yet the ledger would claim the store, which nobody may as long as
        it is outdated."""
        if not os.path.lexists(path):
            with locks.locked(path, self._lock_wait):
                pass


def _busy(cart_id: str) -> RetryLater:
    return RetryLater(
        f"others kept the payments of cart {cart_id} busy",
        "What was converted before stays so. Upgrade the store again in a moment.",
        cart=cart_id,
    )


def _with_quote(answer: Answer, cart: Cart) -> Answer:
    """A capture with the quote that was charged. One under an earlier key than the attempt's, of
    which a restored copy does not know, counts for the attempt: so it did for 0.1.0."""
    charged = answer.status == "charged" and cart.attempt is not None
    if charged and cart.attempt and cart.attempt.quote.total == answer.amount:
        return answer._replace(quote=cart.attempt.quote)
    return answer

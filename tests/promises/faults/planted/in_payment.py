"""Defects of the embedded payment processor."""

from __future__ import annotations

from typing import Final

from tests.promises.faults.attacks import processor, rivals
from tests.promises.faults.planted.defect import CUT_OFF, KILLED, Defect, by
from tests.promises.faults.planted.planting import Edit

_PROCESSOR: Final = "payment/local/processor.py"
_LEDGER: Final = "payment/local/file_ledger.py"

_BARE_LOOK_UP: Final = Edit(
    _PROCESSOR,
    "LocalPaymentProcessor.cancel",
    """
    known = _known(self._ledger.answers(attempt.cart), attempt.key)
    told = known or self._new(attempt, "cancelled")
    return told.final or Waiting(told.reason)
    """,
)

_NO_LEDGER: Final = Edit(
    _LEDGER,
    "FileLedger.add",
    """
    path = self.file(answer.cart)
    durable.make_folder(self._folder(answer.cart))
    if self._read(path, answer.cart) != after:
        return False
    durable.replace(path, _sealed(answer.cart, (*after, answer)))
    return True
    """,
)

_NOT_COMPARED: Final = Edit(
    _LEDGER,
    "FileLedger.add",
    """
    path = self.file(answer.cart)
    with locks.locked(self._lock(answer.cart), self._lock_wait):
        durable.replace(path, _sealed(answer.cart, (*after, answer)))
    return True
    """,
)

_ONE_LEDGER_FOR_ALL: Final = Edit(
    _LEDGER,
    "FileLedger._lock",
    """
    durable.make_folder(self._folder(cart))
    return f"{self._payments}/00/lock"
    """,
)

_TOLD_BEFORE_IT_IS_DURABLE: Final = Edit(
    _LEDGER, "FileLedger.answers", "return self._read(self.file(cart), cart)"
)

IN_PAYMENT: Final = (
    Defect(
        "settled by a bare look-up",
        KILLED,
        "no answer is on record for the ended attempt",
        (_BARE_LOOK_UP,),
    ),
    Defect(
        "no lock LEDGER, two charges",
        by(processor.two_charges, "stop"),
        "two captures were told",
        (_NO_LEDGER,),
    ),
    Defect(
        "no lock LEDGER, a charge and a cancellation",
        by(processor.charge_and_cancel, "stop"),
        "is on record, and the answers were",
        (_NO_LEDGER,),
    ),
    Defect(
        "an answer is added to those of a moment ago",
        by(processor.two_charges, "stop"),
        "two captures were told",
        (_NOT_COMPARED,),
    ),
    Defect(
        "a customer waits for another",
        by(rivals.bystanders, "stop"),
        "Bob: Ended(status=8",
        (_ONE_LEDGER_FOR_ALL,),
    ),
    Defect(
        "a payment told of before it is durable",
        CUT_OFF,
        "are not synced at the end",
        (_TOLD_BEFORE_IT_IS_DURABLE,),
    ),
)

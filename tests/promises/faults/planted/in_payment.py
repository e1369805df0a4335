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
    _check_ids(key, cart_id)
    with self._ledger.held(key, cart_id):
        payment = self._ledger.known(key, cart_id)
    self._keep_back()
    nothing = Money(0, NO_CURRENCY)
    return payment or Payment(
        key, _new_id(), cart_id, "cancelled", nothing, "", "", self._clock()
    )
    """,
)

_NO_LEDGER: Final = Edit(
    _LEDGER,
    "FileLedger.held",
    """
    durable.make_folder(os.path.dirname(self._payment_file(key)))
    durable.make_folder(os.path.dirname(self._order_file(cart_id)))
    return __import__("contextlib").nullcontext()
    """,
)

_ONE_LEDGER_FOR_ALL: Final = Edit(
    _LEDGER,
    "FileLedger.held",
    """
    durable.make_folder(os.path.dirname(self._payment_file(key)))
    durable.make_folder(os.path.dirname(self._order_file(cart_id)))
    return locks.locked(f"{self._orders}/lock", self._lock_wait)
    """,
)

_TOLD_BEFORE_IT_IS_DURABLE: Final = Edit(
    _LEDGER, "FileLedger.known", "return self._recorded(key) or self._capture_of(cart_id)"
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
        "one cart is captured 2 times",
        (_NO_LEDGER,),
    ),
    Defect(
        "no lock LEDGER, a charge and a cancellation",
        by(processor.charge_and_cancel, "stop"),
        "cancelled is on record, and the answers were",
        (_NO_LEDGER,),
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

"""Defects of the checkout itself."""

from __future__ import annotations

from typing import Final

from tests.promises.faults.attacks import checkout, restored
from tests.promises.faults.planted.defect import KILLED, Defect, by
from tests.promises.faults.planted.planting import Edit
from tests.promises.faults.scene import GOOD, LOST, Bench

_CHECKOUT: Final = "controller/checkout.py"
_SETTLING: Final = "controller/settling.py"

_NEW_KEY: Final = Edit(
    _SETTLING,
    "Settling.settled",
    """
    if cart.state != "pending" or cart.attempt is None:
        return cart
    return self._cart_db.unpurchase(owner, cart.id, cart.attempt)
    """,
)

_NO_ORDERS: Final = Edit(
    "payment/local/processor.py",
    "_known",
    """
    answers_to_it = [answer for answer in answers if answer.key == key]
    return answers_to_it[-1] if answers_to_it else None
    """,
)

_NO_RECORD: Final = Edit(
    "payment/local/processor.py", "LocalPaymentProcessor.captured", "return None"
)

_UNMARKED_ON_ANY_EXCEPTION: Final = Edit(
    _CHECKOUT,
    "Checkout._charged",
    """
    try:
        answer = processor.charge(attempt, source)
    except Exception:
        self._cart_db.unpurchase(owner, attempt.cart, attempt)
        raise
    return attempt, self._settling.definite(owner, attempt, answer)
    """,
)

_CHARGED_BEFORE_IT_IS_MARKED: Final = (
    Edit(
        _CHECKOUT,
        "Checkout._marked",
        """
        quote = self._payable(cart, agreed)
        processor, means = self._means(cart, quote, source)
        return self._frozen(cart, quote, processor, means), processor, means
        """,
    ),
    Edit(
        _SETTLING,
        "Settling.record",
        """
        (cart,) = self._cart_db.find(owner, attempt.cart)
        if cart.state == "open":
            self._cart_db.mark(owner, cart.id, attempt, if_version=cart.version)
        if payment.status == "charged":
            return self._cart_db.purchase(owner, cart.id, _receipt(attempt, payment))
        return self._opened(owner, attempt)
        """,
    ),
)

_AN_INTERRUPT_TAKEN_FOR_A_REFUSAL: Final = Edit(
    _SETTLING,
    "unknown_unless_recorded",
    """
    try:
        yield
    except RestoreData:
        raise
    except Exception as error:
        raise CheckOutAgain(f"nobody knows yet: {error}", cart=attempt.cart) from error
    """,
)


def _with_old_copies(bench: Bench, step: int) -> list[str]:
    wreck = checkout.pending(bench, checkout.wrecks(bench, GOOD), charged=True)
    return by(restored.checkout_of(wreck), "kill")(bench, step)


IN_CONTROLLER: Final = (
    Defect(
        "a new key on retry", KILLED, "no answer is on record for the ended attempt", (_NEW_KEY,)
    ),
    Defect(
        "a new key on retry, and a processor that knows no orders",
        KILLED,
        "is charged 2 times",
        (_NEW_KEY, _NO_ORDERS),
    ),
    Defect(
        "unmarked on any exception",
        by(checkout.checkout(LOST), "kill", start=30),
        "open, but charged",
        (_UNMARKED_ON_ANY_EXCEPTION,),
    ),
    Defect(
        "charged before it is marked", KILLED, "open, but charged", _CHARGED_BEFORE_IT_IS_MARKED
    ),
    Defect(
        "an interrupt taken for a refusal",
        by(checkout.checkout(GOOD), "interrupt", start=30),
        "charged, and the exit status is 130",
        (_AN_INTERRUPT_TAKEN_FOR_A_REFUSAL,),
    ),
    Defect(
        "an old copy of a cart is paid again",
        _with_old_copies,
        "the cart is charged 2 times",
        (_NO_RECORD, _NO_ORDERS),
    ),
)

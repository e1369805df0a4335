"""Defects of the checkout itself."""

from __future__ import annotations

from typing import Final

from tests.promises.faults.attacks import checkout
from tests.promises.faults.planted.defect import KILLED, STOPPED, Defect, by
from tests.promises.faults.planted.planting import Edit
from tests.promises.faults.scene import GOOD, LOST

_CHECKOUT: Final = "controller/checkout.py"

_NEW_KEY: Final = Edit(
    _CHECKOUT,
    "Checkout._settled",
    """
    if cart.state != "pending" or cart.attempt is None:
        return cart
    return self._cart_db.unpurchase(identity, cart.id, cart.attempt.key)
    """,
)

_NO_ORDERS: Final = Edit(
    "payment/local/file_ledger.py", "FileLedger.known", "return self._recorded(key)"
)

_UNMARKED_ON_ANY_EXCEPTION: Final = Edit(
    _CHECKOUT,
    "Checkout._pay",
    """
    attempt = self._mark(identity, cart, card, expected)
    with _unknown_unless_recorded(attempt):
        try:
            payment = self._processor.charge(attempt, card)
        except Exception:
            self._cart_db.unpurchase(identity, cart.id, attempt.key)
            raise
        _check_answer(attempt, payment, on_record=False)
        cart = self._record(identity, attempt, payment)
    if cart.receipt:
        return cart.receipt
    raise UseAnotherCard("declined")
    """,
)

_CHARGED_BEFORE_IT_IS_MARKED: Final = (
    Edit(_CHECKOUT, "Checkout._mark", "return self._frozen(cart, card, expected)"),
    Edit(
        _CHECKOUT,
        "Checkout._record",
        """
        self._cart_db.purchase(
            identity, attempt.cart, lambda cart: attempt if cart.state == "open" else None
        )
        if payment.status != "charged":
            return self._cart_db.unpurchase(identity, attempt.cart, attempt.key)
        receipt = _receipt(attempt, payment)
        return self._cart_db.purchase(
            identity, attempt.cart, lambda cart: _only_for(attempt, cart, receipt)
        )
        """,
    ),
)

_AN_INTERRUPT_TAKEN_FOR_A_REFUSAL: Final = Edit(
    _CHECKOUT,
    "_unknown_unless_recorded",
    """
    try:
        yield
    except RestoreData:
        raise
    except Exception as error:
        raise CheckOutAgain(f"nobody knows yet: {error}", cart=attempt.cart) from error
    """,
)

_LOOKED_AT_BEFORE_PAY_IS_HELD: Final = Edit(
    _CHECKOUT,
    "Checkout.buy",
    """
    (before,) = self._cart_db.find(identity, cart_id)
    cart = self._settled(identity, before)
    with self._cart_db.paying(identity, cart_id):
        if cart.receipt:
            return cart.receipt
        with _telling_of(before.attempt):
            return self._pay(identity, cart, card, expected)
    """,
)

_AT_TODAYS_PRICES: Final = Edit(
    _CHECKOUT,
    "_receipt",
    """
    return Receipt(
        attempt.cart,
        payment.id,
        payment.key,
        payment.amount,
        payment.brand,
        payment.last4,
        _todays(attempt.lines),
        payment.created,
    )
    """,
    more="""
def _todays(lines):
    import os
    from cartcli.catalog_db import open_catalog_db

    catalog = open_catalog_db(os.environ["CART_CATALOG"], "USD")
    items = catalog.get_descriptions([line.sku for line in lines])
    return tuple(type(line).of(items[line.sku], line.quantity) for line in lines)
""",
)

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
        "the cart is looked at before PAY is held",
        STOPPED,
        "the checkout ends with 6",
        (_LOOKED_AT_BEFORE_PAY_IS_HELD,),
    ),
    Defect(
        "a receipt at today's prices",
        KILLED,
        "its receipt lists other lines than were frozen",
        (_AT_TODAYS_PRICES,),
    ),
)

"""Every error this package raises on purpose, named by what to do next.

    CartError                failed             what follows, or something else
    |-- FixInput             usage              a value breaks a rule: correct it
    |   `-- GiveCard         usage              the cart can be paid, and no card was given
    |-- ChooseExisting       not_found          no such cart, SKU or user (or it is someone else's)
    |-- LogIn                not_logged_in      no valid session, or a wrong name or password
    |   `-- AskMerchant      not_logged_in      logged in, but only a merchant may do this
    |-- UseAnotherCard       declined           the processor declined: nothing was charged
    |-- ReviewCart           conflict           the cart is not as believed: purchased, empty, …
    |-- VersionConflict      conflict           it is not at that version any more: look again
    |-- RetryLater           busy               someone else holds what this one needs
    |   `-- WaitForPayment   busy               someone else is paying this cart right now
    |-- CheckOutAgain        payment_unknown    nobody knows yet whether money moved
    |   `-- FinishPayment    payment_unknown    the customer, or the bank, has to act first
    |-- RestoreData          damaged            a stored file is damaged, or disagrees with another
    `-- RepairStore          failed             the store cannot be used as it is

The second column is the `code`. Errors of the operating system (`OSError`: disk full, no
permission) pass through as they are.
"""

from __future__ import annotations

from typing import ClassVar


class CartError(Exception):
    """What happened, in `message`; what was left untouched and what to do next, in `hint`.

    `code` names the kind of error for programs. `facts` are the values it is about, by name: `cart`
    (its id, or what was given for one), `user`, `sku`, `amount` and `expected` (`Money`), `path`,
    `receipt` of a purchase that is not as expected, and more. Each front end makes of them what its
    users are to type or press.

    >>> try:
    ...     shop.get_catalog(skus=["MUG-350-WTH"])
    ... except CartError as error:
    ...     (error.code, error.facts["sku"])
    ('not_found', 'MUG-350-WTH')
    """

    code: ClassVar[str] = "failed"

    def __init__(self, message: str, hint: str = "", **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.facts = facts


class FixInput(CartError, ValueError):
    """A value breaks a rule; nothing was changed."""

    code = "usage"


class GiveCard(FixInput):
    """The cart can be paid, and no card was given; nothing was changed."""


class ChooseExisting(CartError, LookupError):
    """There is no such cart, SKU or user for this identity; nothing was changed."""

    code = "not_found"


def not_on_sale(sku: str) -> ChooseExisting:
    """The error for a SKU that the catalogue has not."""
    return ChooseExisting(f"no item has the SKU {sku!r}", "Nothing was changed.", sku=sku)


class LogIn(CartError):
    """The session is missing or over, or the user name or password is wrong."""

    code = "not_logged_in"


class AskMerchant(LogIn):
    """Whoever asks has not the role of a merchant; nothing was changed."""


class UseAnotherCard(CartError):
    """The processor declined the card and said so: nothing was charged, the cart is open."""

    code = "declined"


class ReviewCart(CartError):
    """The cart is not what the caller believed it to be; nothing was changed."""

    code = "conflict"


class VersionConflict(CartError):
    """What was to be replaced is not what the caller knew; nothing was changed."""

    code = "conflict"


class RetryLater(CartError):
    """Someone else holds what this call needs, for longer than it waits; nothing was changed."""

    code = "busy"


class WaitForPayment(RetryLater):
    """Someone else is paying this cart right now; this call charged nothing."""


class CheckOutAgain(CartError):
    """The outcome of a payment is not known yet; checking out again finds out, and never
    charges a second time."""

    code = "payment_unknown"


class FinishPayment(CheckOutAgain):
    """Nobody is charged yet: the customer, or the bank, has to act first. The facts are
    `waiting_for`, whose turn it is, `url`, where the customer acts ("" for nowhere), and `until`
    (UTC, or None). Checking out again goes on waiting, or finds out how it ended."""


class RestoreData(CartError):
    """A stored file is damaged, or others may have written it, or two records disagree; every file
    was left as it is. The fact `path` is the file's, if it is about one."""

    code = "damaged"

    @property
    def path(self) -> str:
        """The file that cannot be believed, or nothing when the error is not about one."""
        return str(self.facts.get("path", ""))


class RepairStore(CartError):
    """The store's folder cannot be used as it is; the hint says how to mend it."""

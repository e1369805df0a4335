"""Every error this package raises on purpose, named by what to do next.

    CartError
    |-- FixInput             a value breaks a rule: correct it
    |   `-- GiveCard         the cart can be paid, and no card was given
    |-- ChooseExisting       no such cart, SKU or user (or it is someone else's)
    |-- LogIn                no valid session, or a wrong user name or password
    |-- UseAnotherCard       the processor declined: nothing was charged
    |-- ReviewCart           the cart is not as the caller believed: purchased, empty, another total
    |-- CheckOutAgain        nobody knows yet whether money moved: the same command settles it
    |   `-- WaitForPayment   another process is paying this cart right now
    |-- RestoreData          a stored file is damaged, or disagrees with another
    |-- RetryLater           another process holds what this one needs
    `-- RepairStore          the store cannot be used as it is

Errors of the operating system (`OSError`: disk full, no permission) pass through as they are.
"""

from __future__ import annotations


class CartError(Exception):
    """What happened, and in `hint` what was left untouched or what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class FixInput(CartError, ValueError):
    """A value breaks a rule; nothing was changed."""


class GiveCard(FixInput):
    """The cart can be paid, and no card was given; nothing was changed."""


class ChooseExisting(CartError, LookupError):
    """There is no such cart, SKU or user for this identity; nothing was changed."""


class LogIn(CartError):
    """The session is missing or over, or the user name or password is wrong."""


class UseAnotherCard(CartError):
    """The processor declined the card and said so: nothing was charged, the cart is open."""


class ReviewCart(CartError):
    """The cart is not what the caller believed it to be; nothing was changed."""


class CheckOutAgain(CartError):
    """The outcome of a payment is not known yet; checking out again finds out, and never
    charges a second time."""


class WaitForPayment(CheckOutAgain):
    """Another process is paying this cart right now."""


class RestoreData(CartError):
    """A stored file is damaged, or two records disagree; every file was left as it is."""


class RetryLater(CartError):
    """Another process kept a lock for longer than this one waits; nothing was changed."""


class RepairStore(CartError):
    """The store's folder cannot be used as it is; the hint says how to mend it."""

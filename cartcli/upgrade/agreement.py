"""Whether carts and payments agree, by the rules of every audit: before anything is converted, and
before anything of 0.1.0 is removed."""

from __future__ import annotations

from typing import Final

from cartcli.cart_db import CartReader
from cartcli.errors import RestoreData
from cartcli.merchant.audit import audit
from cartcli.model.audit import Audit
from cartcli.model.times import utc_now
from cartcli.payment import Processors, open_embedded
from cartcli.payment.local.ledger import Ledger
from cartcli.payment.local.processor import LocalPaymentProcessor

_MOST_TOLD: Final = 20


def check_before(store: str, carts: CartReader, ledger: Ledger) -> Audit:
    """What was compared of the `carts` and of the answers in the `ledger`, whichever version wrote
    them. RestoreData when something is damaged, or does not agree."""
    found = audit(carts, Processors(LocalPaymentProcessor(ledger, 0, utc_now)))
    return _agreeing(
        store,
        found,
        "This call changed nothing. Unless an earlier one has begun to convert the store, the"
        " version that wrote it can go on with it.",
    )


def check_after(store: str, carts: CartReader, lock_wait: float) -> Audit:
    """The same of the `carts` as this version reads them, and its own answers in the `store`."""
    found = audit(carts, Processors(open_embedded(store, lock_wait, 0, utc_now)))
    return _agreeing(store, found, "What the older version has written of payments was kept.")


def _agreeing(store: str, found: Audit, hint: str) -> Audit:
    wrong = found.disagreements
    if not wrong:
        return found
    told = [f"{one.cart}: {one.problem}" if one.cart else one.problem for one in wrong]
    if more := told[_MOST_TOLD:]:
        told[_MOST_TOLD:] = [f"and {len(more)} more"]
    raise RestoreData(
        f"{store} cannot be upgraded, because its records are damaged, or disagree:"
        f" {'; '.join(told)}",
        hint,
        store=store,
        disagreements=wrong,
    )

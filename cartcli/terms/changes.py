"""What a merchant decides: which catalogue a shop sells from, and once, in which currency."""

from __future__ import annotations

from cartcli.catalog_db import open_catalog_db
from cartcli.errors import FixInput, RepairStore, RetryLater
from cartcli.model.currencies import currency_code
from cartcli.settings import Settings
from cartcli.terms import ShopTerms, Terms
from cartcli.terms.found import terms_told


def sell_from(settings: Settings, path: str) -> Terms:
    """Let the shop sell from the catalogue at `path` from now on, and return its terms. A new shop
    sells in the currency of the settings then. FixInput when that catalogue breaks a rule, or is
    the sample in a shop that has another one."""
    shop = ShopTerms(settings._replace(catalog=None))
    currency, present = shop.now()
    open_catalog_db(path, currency, lock_wait=settings.lock_wait).search(limit=1)
    terms = Terms(currency, shop.relative(path))
    if terms.catalogue is None and shop.relative(present) is not None:
        raise FixInput(
            f"this shop sells from {present}, and the sample is only for a shop that never sold"
            " anything else",
            "Nothing was changed.",
        )
    known = shop.laid_down()
    if known:
        shop.replace(known, terms)
    elif not shop.create(terms):
        raise RetryLater(
            "somebody else has begun to sell in this shop meanwhile",
            "Nothing was changed. Try again in a moment.",
        )
    return terms


def sell_in(settings: Settings, currency: str) -> Terms:
    """Let the shop sell in `currency`, and return its terms. FixInput when it is no currency, or
    when the shop has another one: every price would mean something else."""
    try:
        currency = currency_code(currency)
    except ValueError as error:
        raise FixInput(str(error), "Nothing was changed.") from None
    shop = ShopTerms(settings)
    try:
        known = shop.standing()
    except RepairStore:  # which is what is to be mended
        known = None
    terms = known or terms_told(settings, currency)
    if not known and not shop.create(terms):
        terms = shop.laid_down() or terms  # somebody else has been first
    if terms.currency != currency:
        raise FixInput(
            f"this shop sells in {terms.currency}, and in {currency} every price would mean"
            " something else",
            "Nothing was changed. A shop in another currency needs another store.",
        )
    return terms

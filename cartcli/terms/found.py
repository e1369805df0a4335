"""The terms of a store that has carts and never laid any down: one of an earlier version."""

from __future__ import annotations

from contextlib import suppress

from cartcli.cart_db import open_cart_reader
from cartcli.catalog_db import catalog_of, open_catalog_db
from cartcli.errors import RepairStore, RestoreData
from cartcli.files.safety import is_there
from cartcli.settings import Settings
from cartcli.terms import NEW_CURRENCY, SAMPLE, ShopTerms, Terms


def terms_of_carts(settings: Settings) -> Terms:
    """The currency of all carts in the store, and the catalogue that the settings name. Where they
    name none it is the store's own, unless that is not there, and everything in the carts is in the
    sample.

    RepairStore when there are carts in two currencies: nobody knows then what a price means. Carts
    in damaged files tell nothing.
    """
    currencies, skus = _in_carts(settings.store)
    if len(currencies) > 1:
        found = " and in ".join(sorted(currencies))
        raise RepairStore(
            f"there are carts in {found} in this shop, and it was never told in which currency it"
            " sells",
            "Nothing was changed.",
            currencies=currencies,
            currency=min(currencies),
        )
    currency = currencies.pop() if currencies else settings.currency or NEW_CURRENCY
    return Terms(currency, _catalogue(settings, skus))


def terms_told(settings: Settings, currency: str) -> Terms:
    """The same, when a merchant tells the `currency`."""
    return Terms(currency, _catalogue(settings, _in_carts(settings.store)[1]))


def keep_found(settings: Settings) -> None:
    """Lay down the terms of a store that has none; not when it must be told its currency."""
    shop = ShopTerms(settings)
    with suppress(RepairStore):
        if not shop.laid_down() and (terms := shop.standing()):
            shop.create(terms)


def _catalogue(settings: Settings, skus: set[str]) -> str | None:
    own = catalog_of(settings.store)
    if settings.catalog is None and not is_there(own):
        sample = open_catalog_db(SAMPLE, NEW_CURRENCY)
        if len(sample.get_descriptions(skus)) == len(skus):
            return None
    return ShopTerms(settings).relative(settings.catalog or own)


def _in_carts(store: str) -> tuple[set[str], set[str]]:
    """The currencies and the SKUs in all carts of the `store`."""
    currencies: set[str] = set()
    skus: set[str] = set()
    for cart in open_cart_reader(store).everything():
        if not isinstance(cart, RestoreData):
            currencies.add(cart.currency)
            skus.update(line.sku for line in cart.lines)
    return currencies, skus

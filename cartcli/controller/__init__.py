"""The controller: one method a use of the shop, on nothing but the contracts of the services.

carts.py     the customer's carts        checkout.py   their way through payment
prices.py    what both charge             services.py   what a shop stands on
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from cartcli.cart_db import Watched, Which
from cartcli.controller.carts import Carts
from cartcli.controller.prices import NewContents, Prices
from cartcli.errors import FixInput
from cartcli.lazily import lazily
from cartcli.model.cart import Cart
from cartcli.model.lines import Item
from cartcli.model.money import Money
from cartcli.model.people import Identity
from cartcli.model.times import utc_now
from cartcli.rules import pricing

if TYPE_CHECKING:
    from pandas import DataFrame

    from cartcli.catalog_db import Sort
    from cartcli.controller.checkout import Checkout
    from cartcli.controller.services import Services
    from cartcli.merchant import Merchant
    from cartcli.model.audit import Audit
    from cartcli.model.order import Receipt
    from cartcli.model.people import Session


class Shop(Protocol):
    """What a front end may rely on: the customer's verbs, in the shop's one `currency`.

    Where a cart is asked for, its id or a unique prefix of it (4 characters or more) will do.
    Every method raises the errors of `cartcli.errors`, and OSError when the disk fails.
    """

    currency: str

    @property
    def merchant(self) -> Merchant:
        """The second door: what only the merchant does. No customer's credentials open it."""

    def login(self, name: str, password: str, *, register: bool = False) -> Session:
        """Authenticate, and start a session. With `register` a new user is added first.

        LogIn when name or password is wrong, FixInput when they break a rule.
        """

    def knows(self, name: str) -> bool:
        """Whether there is a user of that name."""

    def identify(self, token: str) -> Session:
        """The session that `login` returned with `token`; LogIn when it is over or revoked."""

    def logout(self, token: str) -> None:
        """Revoke the session of `token`; nothing when there is none."""

    def get_catalog(
        self,
        words: Sequence[str] = (),
        *,
        skus: Sequence[str] = (),
        sort: Sort | None = None,
        min_price: Money | None = None,
        max_price: Money | None = None,
        limit: int | None = None,
    ) -> list[Item]:
        """The items on sale that have all `words`, or those of `skus`.

        ChooseExisting when one of `skus` is not on sale.
        """

    def get_carts(
        self, identity: Identity, cart_ids: Sequence[str] = (), which: Which = "unpurchased"
    ) -> list[Cart]:
        """The user's carts of these `cart_ids`, or all those in the state `which`, oldest first.

        Open carts carry today's names and prices. ChooseExisting for an unknown cart.
        """

    def update_cart(self, identity: Identity, cart_id: str | None, contents: NewContents) -> Cart:
        """Give the cart, or with None a new one, the `contents` {sku: quantity}; quantity 0 drops
        a SKU. Instead of contents, a function from the present ones to new ones may be given: it
        runs under the owner's lock, so that no update of anyone else is lost.

        A pending cart is settled first. ChooseExisting for an unknown cart or a SKU not on sale,
        FixInput for a bad quantity, ReviewCart for a purchased cart, WaitForPayment while it is
        being paid.
        """

    def checkout_cart(
        self,
        identity: Identity,
        cart_id: str,
        card: str | None,
        *,
        expect_total: Money | None = None,
    ) -> Receipt:
        """Buy the cart with the card number `card`, at today's prices; its receipt again if it is
        purchased already. An earlier attempt whose outcome is not known is settled first.

        Before anything is charged: FixInput for a wrong card number, GiveCard when `card` is None
        and one is needed, ReviewCart when the cart is empty, holds something no longer sold, or
        comes to another amount than `expect_total`, WaitForPayment while it is being paid.
        After: UseAnotherCard when the card is declined and nothing was charged, CheckOutAgain when
        the outcome is not known yet, RestoreData when the records disagree.
        """


class Controller(Shop):
    """A shop on these `services`; `cartcli.open_shop` makes one. `currency` is its one currency, an
    ISO 4217 code; `clock` gives the present time in UTC.

    Where a cart is asked for, its id or a unique prefix of it (4 characters or more) will do.
    Every method raises the errors of `cartcli.errors`, and OSError when the disk fails.
    """

    def __init__(
        self,
        services: Services,
        currency: str = "USD",
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.currency = currency
        self._services = services
        self._clock = clock

    @property
    def merchant(self) -> Merchant:
        from cartcli.merchant.office import Office  # customers never need it

        return Office(self._services, self.currency, self._clock)

    def login(self, name: str, password: str, *, register: bool = False) -> Session:
        identity = _identity(name)
        if register and not self._services.logins.knows(identity):
            self._services.logins.register(identity, password)
        self._services.logins.authenticate(identity, password)
        return self._services.sessions.start(identity)

    def knows(self, name: str) -> bool:
        return self._services.logins.knows(_identity(name))

    def identify(self, token: str) -> Session:
        return self._services.sessions.identify(token)

    def logout(self, token: str) -> None:
        self._services.sessions.revoke(token)

    def get_catalog(
        self,
        words: Sequence[str] = (),
        *,
        skus: Sequence[str] = (),
        sort: Sort | None = None,
        min_price: Money | None = None,
        max_price: Money | None = None,
        limit: int | None = None,
    ) -> list[Item]:
        if not skus:
            return self._services.catalog_db.search(
                words, sort=sort, min_price=min_price, max_price=max_price, limit=limit
            )
        items = self._services.catalog_db.get_descriptions(skus)
        for sku in skus:
            if sku not in items:
                raise self._prices.with_similar(pricing.not_on_sale(sku))
        return list(items.values())[:limit]

    def get_carts(
        self, identity: Identity, cart_ids: Sequence[str] = (), which: Which = "unpurchased"
    ) -> list[Cart]:
        return self._carts.get(identity, cart_ids, which)

    def update_cart(self, identity: Identity, cart_id: str | None, contents: NewContents) -> Cart:
        if cart_id is None:
            return self._carts.create(identity, contents)
        cart = self._carts.find(identity, cart_id, prefer="unpurchased")
        if cart.state == "pending":
            self._checkout.reopen(identity, cart.id)
        return self._carts.update(identity, cart.id, contents)

    def checkout_cart(
        self,
        identity: Identity,
        cart_id: str,
        card: str | None,
        *,
        expect_total: Money | None = None,
    ) -> Receipt:
        from cartcli.payment.card import Card

        payer = Card(card) if card is not None else None
        whole_id = self._carts.whole_id(identity, cart_id)
        return self._checkout.buy(identity, whole_id, payer, expect_total)

    def audit(self) -> Audit:
        """As `merchant.audit`."""
        return self.merchant.audit()

    def carts_frame(
        self,
        which: Which = "all",
        columns: Collection[str] | None = None,
        progress: Watched = iter,
    ) -> DataFrame:
        """As `merchant.carts_frame`."""
        return self.merchant.carts_frame(which, columns, progress)

    def catalog_frame(self) -> DataFrame:
        """As `merchant.catalog_frame`."""
        return self.merchant.catalog_frame()

    @lazily
    def _prices(self) -> Prices:
        return Prices(self._services.catalog_db, self.currency)

    @lazily
    def _carts(self) -> Carts:
        return Carts(self._services.cart_db, self._prices, self.currency)

    @lazily
    def _checkout(self) -> Checkout:
        from cartcli.controller.checkout import Checkout  # most calls charge nothing

        services = self._services
        return Checkout(services.cart_db, self._prices, services.payment, self._clock)


def _identity(name: str) -> Identity:
    try:
        return Identity(name)
    except ValueError as error:
        raise FixInput(str(error), "Nothing was changed.") from None

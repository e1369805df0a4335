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

    Where a cart is asked for, its id or a unique prefix of it (4 characters or more) will do. Every
    cart comes with its quote: of an open one at today's prices. Every method raises the errors of
    `cartcli.errors`, and OSError when the disk fails.
    """

    currency: str

    @property
    def merchant(self) -> Merchant:
        """The second door, for whoever opened the shop's store: what only the merchant does."""

    def merchant_for(self, identity: Identity) -> Merchant:
        """The second door for one who was let in. AskMerchant unless they have that role."""

    def login(self, name: str, password: str, *, register: bool = False) -> Session:
        """Authenticate, and start a session. With `register` a new user is added first.

        LogIn when name or password is wrong, FixInput when they break a rule.
        """

    def guest(self) -> Session:
        """A session of somebody new whom nobody knows."""

    def identify(self, token: str) -> Session:
        """The session that `login` returned with `token`; LogIn when it is over or revoked."""

    def logout(self, token: str) -> None:
        """Revoke the session of `token`; nothing when there is none."""

    def logout_everywhere(self, identity: Identity) -> int:
        """Revoke all sessions of whoever asks, and return how many there were."""

    def get_catalog(
        self,
        words: Sequence[str] = (),
        *,
        skus: Sequence[str] = (),
        sort: Sort | None = None,
        min_price: Money | None = None,
        max_price: Money | None = None,
        after: str = "",
        limit: int | None = None,
    ) -> list[Item]:
        """The items on sale that have all `words`, or those of `skus`; the first `limit` of those
        that come after the item with the SKU `after`.

        ChooseExisting when one of `skus`, or `after`, is not on sale.
        """

    def get_carts(
        self,
        identity: Identity,
        cart_ids: Sequence[str] = (),
        which: Which = "unpurchased",
        *,
        after: str = "",
        limit: int | None = None,
    ) -> list[Cart]:
        """The customer's carts of these `cart_ids`, or all those in the state `which`, oldest
        first; the first `limit` of those after the cart with the cursor `after`
        (`cartcli.cursor_of`). ChooseExisting for an unknown cart.
        """

    def change_cart(
        self,
        identity: Identity,
        cart_id: str | None,
        changes: Changes,
        *,
        if_version: int | None = None,
        request_id: str = "",
    ) -> Cart:
        """Make the `changes`, such as `Add(sku, 2)`, of the cart, or with None of a new one: one
        after the other, all of them or none. Made again with the same `request_id`, nothing changes
        any more, and the cart as it is by now is the answer.

        A pending cart is settled first. ChooseExisting for an unknown cart, or for a SKU that is
        not on sale or not in the cart; FixInput for a bad quantity; ReviewCart for a purchased
        cart; VersionConflict when it is not at `if_version`; WaitForPayment while it is being paid.
        """

    def update_cart(self, identity: Identity, cart_id: str | None, contents: NewContents) -> Cart:
        """Give the cart, or with None a new one, the `contents` {sku: quantity}; quantity 0 drops
        a SKU. Instead of contents, a function from the present ones to new ones may be given: when
        somebody else changes the cart meanwhile, it is called again with what is there then.

        Raises as `change_cart` does.
        """

    def delete_cart(self, identity: Identity, cart_id: str) -> None:
        """Remove an open cart for good. A pending one is settled first; ReviewCart when it is
        purchased."""

    def buy_cart(
        self,
        identity: Identity,
        cart_id: str,
        source: Source | None,
        *,
        expect_total: Money | None = None,
        if_version: int | None = None,
    ) -> Purchase:
        """Buy the cart by means of `source`, at today's prices; its receipt again if it is
        purchased already. An earlier attempt whose outcome is not known is settled first.

        Before anything is charged: GiveCard when `source` is None and one is needed, FixInput for
        means, or an amount, that the processor does not take, ReviewCart when the cart is empty,
        holds something no longer sold, or comes to another amount than `expect_total`,
        VersionConflict when it is not at `if_version`, WaitForPayment while it is being paid.
        After: UseAnotherCard when the card is declined and nothing was charged, FinishPayment when
        the customer has to act first, CheckOutAgain when the outcome is not known yet, RestoreData
        when the records disagree.
        """

    def checkout_cart(
        self,
        identity: Identity,
        cart_id: str,
        card: str | None,
        *,
        expect_total: Money | None = None,
    ) -> Receipt:
        """As `buy_cart` with the number of a card; FixInput when it is none. Returns the
        receipt."""


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

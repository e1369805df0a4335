"""The controller: one method a use of the shop, on nothing but the contracts of the services.

shop.py       what a front end may rely on   services.py   what a shop stands on
carts.py      the customer's carts           prices.py     what they come to
checkout.py   their way through payment      settling.py   how an attempt ended
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from cartcli.cart_db import Watched, Which
from cartcli.controller.carts import Carts
from cartcli.controller.prices import NewContents, Prices
from cartcli.controller.shop import Shop
from cartcli.errors import AskMerchant, FixInput, LogIn, RetryLater, not_on_sale
from cartcli.model.cart import Cart
from cartcli.model.lines import Item
from cartcli.model.money import Money
from cartcli.model.people import Identity, flag, owner_of, text
from cartcli.model.times import utc_now
from cartcli.rules.changes import checked, checked_version, replacement

if TYPE_CHECKING:
    from pandas import DataFrame

    from cartcli.catalog_db import Sort
    from cartcli.controller.checkout import Checkout
    from cartcli.controller.services import Services
    from cartcli.merchant import Merchant
    from cartcli.model.audit import Audit, Settled
    from cartcli.model.changes import Changes
    from cartcli.model.order import Purchase, Receipt
    from cartcli.model.people import Session
    from cartcli.model.quote import Quote
    from cartcli.model.sessions import SessionInfo
    from cartcli.payment.source import Source


class Controller(Shop):
    """A shop on these `services`; `cartcli.open_shop` makes one. `clock` gives the present time in
    UTC.

    Its verbs are described in `Shop`.

    >>> isinstance(open_shop(store="a shop", environ={}), Controller)
    True
    """

    def __init__(self, services: Services, clock: Callable[[], datetime] = utc_now) -> None:
        self._services = services
        self._clock = clock

    @property
    def currency(self) -> str:
        return self._services.catalog_db.currency

    @property
    def merchant(self) -> Merchant:
        from cartcli.merchant.office import Office  # customers never need it

        return Office(self._services, self._settle_one, self._clock)

    def merchant_for(self, identity: Identity) -> Merchant:
        owner_of(identity)
        if "merchant" not in identity.roles:
            raise AskMerchant(
                f"{identity.name} is not a merchant of this shop",
                "Nothing was changed.",
                user=identity.name,
            )
        return self.merchant

    def login(
        self, name: str, password: str, *, client: str = "local", register: bool = False
    ) -> Session:
        from cartcli.rules.identities import named  # few calls are logins

        identity, logins = named(name), self._services.logins
        password, client = text("password", password), text("client", client)
        stamp = logins.stamp(identity)
        try:
            let_in = logins.authenticate(identity, password, client)
        except LogIn:
            if not register:
                raise
            _check_no_card(name, "for a user", "Nobody was registered.")
            let_in = logins.register(identity, password)
            stamp = logins.stamp(identity)
        return self._started(let_in, stamp)

    def _started(self, identity: Identity, stamp: str) -> Session:
        """A session that began under the `stamp` of the user. Whoever changes the user, and ends
        all sessions then, may not have found it yet: it ends here."""
        session = self._services.sessions.start(identity)
        if not stamp or self._services.logins.stamp(identity) != stamp:
            self._services.sessions.revoke(session.token)
            raise RetryLater(
                f"the password or the roles of {identity.name} were changed in this moment",
                "Nobody was logged in. Try again in a moment.",
                user=identity.name,
            )
        return session

    def guest(self) -> Session:
        return self._services.sessions.start(Identity.guest())

    def identify(self, token: str) -> Session:
        return self._services.sessions.identify(text("token", token))

    def logout(self, token: str) -> None:
        self._services.sessions.revoke(text("token", token))

    def logout_everywhere(self, identity: Identity, *, but: str = "") -> int:
        owner, kept = owner_of(identity), text("token", but)
        return self._services.sessions.revoke_all(owner, but=kept)

    def sessions(self, identity: Identity) -> list[SessionInfo]:
        return self._services.sessions.lasting(owner_of(identity))

    def end_session(self, identity: Identity, session_id: str) -> SessionInfo:
        from cartcli.rules.identities import session_of

        chosen = session_of(text("session id", session_id), self.sessions(identity))
        self._services.sessions.revoke_one(owner_of(identity), chosen.id)
        return chosen

    def change_password(self, token: str, old: str, new: str, *, client: str = "local") -> int:
        identity = self.identify(token).identity
        passwords = text("old password", old), text("new password", new)
        self._services.logins.change_password(identity, *passwords, text("client", client))
        return self.logout_everywhere(identity, but=token)

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
        from cartcli.rules.choices import check_amount, check_limit, texts

        check_limit(limit)
        check_amount("min_price", min_price)
        check_amount("max_price", max_price)
        skus = texts("skus", skus)
        if not skus:
            return self._services.catalog_db.search(
                texts("words", words),
                sort=sort,
                min_price=min_price,
                max_price=max_price,
                after=after,
                limit=limit,
            )
        items = self._services.catalog_db.get_descriptions(skus)
        for sku in skus:
            if sku not in items:
                raise self._prices.with_similar(not_on_sale(sku))
        return list({item.sku: item for item in items.values()}.values())[:limit]

    def get_carts(
        self,
        identity: Identity,
        cart_ids: Sequence[str] = (),
        which: Which = "unpurchased",
        *,
        after: str = "",
        limit: int | None = None,
    ) -> list[Cart]:
        return self._carts.get(owner_of(identity), cart_ids, which, after, limit)

    def orders(
        self,
        identity: Identity,
        order_ids: Sequence[str] = (),
        *,
        since: date = date.min,
        until: date = date.max,
        after: str = "",
        limit: int | None = None,
    ) -> list[Cart]:
        from cartcli.controller.orders import orders  # few calls list them

        cart_db, owner = self._services.cart_db, owner_of(identity)
        return orders(cart_db, self._carts, owner, order_ids, since, until, after, limit)

    def change_cart(
        self,
        identity: Identity,
        cart_id: str | None,
        changes: Changes,
        *,
        if_version: int | None = None,
        request_id: str = "",
        dry_run: bool = False,
    ) -> Cart:
        changes, owner, carts = checked(changes), owner_of(identity), self._carts
        if_version, request_id = checked_version(if_version), text("request id", request_id)
        if cart_id is None:
            if flag("dry_run", dry_run):
                return carts.tried(owner, None, changes)
            return carts.create(owner, changes, request_id)
        cart = carts.find(owner, cart_id, prefer="unpurchased")
        if flag("dry_run", dry_run):
            return carts.tried(owner, cart, changes, if_version, request_id)
        return carts.change(owner, cart, changes, if_version, request_id)

    def update_cart(self, identity: Identity, cart_id: str | None, contents: NewContents) -> Cart:
        owner, carts = owner_of(identity), self._carts
        if cart_id is None:
            new = contents({}) if callable(contents) else contents
            return carts.create(owner, [replacement(new)])
        cart = carts.find(owner, cart_id, prefer="unpurchased")
        if callable(contents):
            return carts.rework(owner, cart, contents)
        return carts.change(owner, cart, [replacement(contents)])

    def copy_cart(
        self,
        identity: Identity,
        cart_id: str,
        *,
        skip_unsold: bool = False,
        dry_run: bool = False,
    ) -> Cart:
        owner, dry_run = owner_of(identity), flag("dry_run", dry_run)
        skip_unsold = flag("skip_unsold", skip_unsold)
        return self._carts.copy(owner, cart_id, skip_unsold=skip_unsold, dry_run=dry_run)

    def rename_cart(self, identity: Identity, cart_id: str, name: str) -> Cart:
        from cartcli.model.cart_names import checked_name  # few carts have one

        owner, name = owner_of(identity), text("name", name)
        _check_no_card(name, "for a cart", "Nothing was changed.")
        return self._carts.rename(owner, cart_id, checked_name(name))

    def delete_cart(self, identity: Identity, cart_id: str) -> None:
        owner = owner_of(identity)
        cart = self._carts.find(owner, cart_id, prefer="unpurchased")
        self._carts.delete(owner, cart, self._services.payments.captured)

    def quote_cart(
        self,
        identity: Identity,
        cart_id: str,
        *,
        expect_total: Money | None = None,
        if_version: int | None = None,
    ) -> Quote:
        from cartcli.controller.checkout import agreed_to

        agreed, owner = agreed_to(expect_total, if_version), owner_of(identity)
        return self._checkout.quote(owner, self._carts.whole_id(owner, cart_id), agreed)

    def buy_cart(
        self,
        identity: Identity,
        cart_id: str,
        source: Source | None,
        *,
        expect_total: Money | None = None,
        if_version: int | None = None,
    ) -> Purchase:
        from cartcli.controller.checkout import agreed_to

        agreed = agreed_to(expect_total, if_version)
        owner = owner_of(identity)
        whole_id = self._carts.whole_id(owner, cart_id)
        return self._checkout.buy(owner, whole_id, source, agreed)

    def checkout_cart(
        self,
        identity: Identity,
        cart_id: str,
        card: str | None,
        *,
        expect_total: Money | None = None,
    ) -> Receipt:
        from cartcli.payment.card import Card

        source = Card(card) if card is not None else None
        return self.buy_cart(identity, cart_id, source, expect_total=expect_total).receipt

    def audit(self) -> Audit:
        """As `merchant.audit`."""
        return self.merchant.audit()

    def settle(
        self, cart_ids: Sequence[str] | None = None, *, older_than: timedelta = timedelta()
    ) -> list[Settled]:
        """As `merchant.settle`."""
        return self.merchant.settle(cart_ids, older_than=older_than)

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

    def _reopen(self, owner: str, cart_id: str) -> Cart:
        return self._checkout.reopen(owner, cart_id)

    def _settle_one(self, owner: str, cart_id: str, let_finish: bool) -> Cart:
        return self._checkout.settle(owner, cart_id, let_finish=let_finish)

    @property
    def _prices(self) -> Prices:
        services = self._services
        return Prices(lambda: services.catalog_db, services.keep_terms)

    @property
    def _carts(self) -> Carts:
        return Carts(self._services.cart_db, self._prices, self._reopen)

    @property
    def _checkout(self) -> Checkout:
        from cartcli.controller.checkout import Checkout  # most calls charge nothing

        services = self._services
        return Checkout(services.cart_db, self._prices, services.payments, self._clock)


__all__ = ["Controller", "Shop"]


def _check_no_card(name: str, use: str, untouched: str) -> None:
    """FixInput for a new name, for some `use`, that is a card's number: such are never kept."""
    from cartcli.payment.masked import masked  # few names are new

    if masked(name) != name:
        raise FixInput(f"a card's number is no name {use}", untouched)

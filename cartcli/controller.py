"""The controller: one method a use of the shop, on nothing but the four contracts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

from cartcli.cart_db import CartBooks, Progress, Which
from cartcli.catalog_db import CatalogDb, Sort
from cartcli.errors import ChooseExisting, FixInput, ReviewCart
from cartcli.idp import IdentityProvider, Session
from cartcli.model import Attempt, Cart, Identity, Item, Line, Money, Receipt, utc_now
from cartcli.payment import PaymentProcessor
from cartcli.pricing import Change, Pricing

if TYPE_CHECKING:
    from pandas import DataFrame

    from cartcli.audit import Audit
    from cartcli.checkout import Checkout

_SHORTEST_PREFIX: Final = 4


class Controller:
    """A shop. `currency` is its one currency; `clock` gives the present time in UTC.

    Where a cart is asked for, its id or a unique prefix of it (4 characters or more) will do.
    Every method raises the errors of `cartcli.errors`, and OSError when the disk fails.
    """

    def __init__(
        self,
        catalog: CatalogDb,
        carts: CartBooks,
        idp: IdentityProvider,
        payment: PaymentProcessor,
        currency: str = "USD",
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._catalog = catalog
        self._carts = carts
        self._idp = idp
        self._clock = clock
        self._payment = payment
        self._pricing = Pricing(catalog, currency)
        self.currency = currency

    def login(self, name: str, password: str, *, register: bool = False) -> Session:
        """Authenticate, and start a session. With `register` a new user is added first.

        LogIn when name or password is wrong, FixInput when they break a rule.
        """
        identity = _identity(name)
        if register and not self._idp.knows(identity):
            self._idp.register(identity, password)
        return self._idp.login(identity, password)

    def knows(self, name: str) -> bool:
        """Whether there is a user of that name."""
        return self._idp.knows(_identity(name))

    def identify(self, token: str) -> Session:
        """The session that `login` returned with `token`; LogIn when it is over or revoked."""
        return self._idp.identify(token)

    def logout(self, token: str) -> None:
        """Revoke the session of `token`; nothing when there is none."""
        self._idp.logout(token)

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
        if not skus:
            return self._catalog.search(
                words, sort=sort, min_price=min_price, max_price=max_price, limit=limit
            )
        items = self._catalog.get_descriptions(skus)
        for sku in skus:
            if sku not in items:
                raise self._pricing.not_on_sale(sku)
        return list(items.values())[:limit]

    def get_carts(
        self, identity: Identity, carts: Sequence[str] = (), which: Which = "unpurchased"
    ) -> list[Cart]:
        """The user's `carts`, or all those in the state `which`, oldest first.

        Open carts carry today's names and prices. ChooseExisting for an unknown cart.
        """
        if carts:
            found = {(cart := self._find(identity, ref)).id: cart for ref in carts}
        else:
            found = {cart.id: cart for cart in self._carts.find(identity, which=which)}
        return [self._pricing.today(cart) for cart in found.values()]

    def update_cart(self, identity: Identity, cart: str | None, contents: Change) -> Cart:
        """Give `cart`, or with None a new one, the `contents` {sku: quantity}; quantity 0 drops a
        SKU. Instead of contents, a function from the present ones to new ones may be given: it
        runs under the owner's lock, so that no update of anyone else is lost.

        A pending cart is settled first. ChooseExisting for an unknown cart or a SKU not on sale,
        FixInput for a bad quantity, ReviewCart for a purchased cart, WaitForPayment while it is
        being paid.
        """
        if cart is None:
            lines = self._pricing.changed((), contents)
            return self._carts.create(identity, lines, self.currency)
        known = self._find(identity, cart, prefer="unpurchased")
        if known.state == "pending":
            with self._carts.paying(identity, known.id, patient=False):
                settled = self._checkout.settle(identity, known.id)
            if settled.state == "purchased":
                raise ReviewCart(
                    f"the payment of cart {known.short_id} went through: it is purchased",
                    "Put further items into a new cart.",
                )

        def change(present: Cart) -> Sequence[Line]:
            self._pricing.check_currency(present)
            return self._pricing.changed(present.lines, contents)

        return self._pricing.today(self._carts.update(identity, known.id, change))

    def checkout_cart(
        self,
        identity: Identity,
        cart: str,
        card: str | None,
        *,
        expect_total: Money | None = None,
    ) -> Receipt:
        """Buy `cart` with the card number `card`, at today's prices; its receipt again if it is
        purchased already. An earlier attempt whose outcome is not known is settled first.

        Before anything is charged: FixInput for a wrong card number, GiveCard when `card` is None
        and one is needed, ReviewCart when the cart is empty, holds something no longer sold, or
        comes to another amount than `expect_total`, WaitForPayment while it is being paid.
        After: UseAnotherCard when the card is declined and nothing was charged, CheckOutAgain when
        the outcome is not known yet, RestoreData when the records disagree.
        """
        from cartcli.payment.card import Card

        payer = Card(card) if card is not None else None
        cart_id = self._find(identity, cart).id

        def freeze(present: Cart) -> Attempt:
            return self._pricing.attempt(present, payer, expect_total, self._clock())

        return self._checkout.run(identity, cart_id, payer, freeze)

    def audit(self) -> Audit:
        """Compare every cart of every user with every payment; the merchant's proof that what is
        purchased was charged exactly once, and nothing else was. Changes nothing."""
        from cartcli.audit import audit

        return audit(self._carts, self._payment)

    def carts_frame(
        self,
        which: Which = "all",
        columns: Collection[str] | None = None,
        progress: Progress = iter,
    ) -> DataFrame:
        """Every user's carts as a dataframe, a row a cart, in no order; for the merchant.

        Indexed by the cart's id `cart` (str), with the columns

        - `user` (str), `contents` (object: a dict of SKU to quantity)
        - `lines` (object: a tuple of tuples SKU, name, price as Decimal, quantity)
        - `purchased` (bool), `state` (str: open, pending or purchased)
        - `total` (object: Decimal; of an open cart, at the prices when put in)
        - `amount` (object: the Decimal charged, None unless purchased)
        - `currency` (str), `created`, `updated` (datetime64[us, UTC])
        - `purchased_at` (datetime64[us, UTC]; NaT unless purchased)

        `which` carts, or some of the `columns`, take less time and memory than all of them.
        `progress` is given the list of users whose carts are about to be read, and returns what
        to iterate over instead; `tqdm` fits. Takes no lock and writes nothing. RestoreData when
        a file is damaged.
        """
        return self._carts.frame(which, columns, progress)

    def catalog_frame(self) -> DataFrame:
        """The items on sale as a dataframe, a row an item in the catalogue's order.

        Indexed by `sku` (str), with the columns `name` (str), `price` (object: Decimal),
        `currency` (str) and `description` (str). FixInput when the catalogue breaks a rule.
        """
        return self._catalog.frame()

    @cached_property
    def _checkout(self) -> Checkout:
        from cartcli.checkout import Checkout  # most commands charge nothing

        return Checkout(self._carts, self._payment)

    def _find(self, identity: Identity, ref: str, prefer: Which = "all") -> Cart:
        """The one cart that `ref` names; among those in the state `prefer` if there is any."""
        prefix = ref.strip().lower()
        if len(prefix) < _SHORTEST_PREFIX:
            raise FixInput(
                f"{ref!r} is too short for a cart",
                "Give at least 4 characters of its id; list the carts with: cart carts --all",
            )
        found = self._carts.find(identity, prefix, prefer) or self._carts.find(identity, prefix)
        if not found:
            raise ChooseExisting(
                f"there is no cart {ref!r}", "List the carts there are with: cart carts --all"
            )
        if len(found) > 1:
            ids = ", ".join(cart.id for cart in found[:5])
            raise FixInput(
                f"{len(found)} carts start with {ref!r}", f"Give more of the id; among them: {ids}"
            )
        return found[0]


def _identity(name: str) -> Identity:
    try:
        return Identity(name)
    except ValueError as error:
        raise FixInput(str(error), "Nothing was changed.") from None

"""What a front end may rely on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cartcli.cart_db import Which
    from cartcli.catalog_db import Sort
    from cartcli.controller.prices import NewContents
    from cartcli.merchant import Merchant
    from cartcli.model.cart import Cart
    from cartcli.model.changes import Changes
    from cartcli.model.lines import Item
    from cartcli.model.money import Money
    from cartcli.model.order import Purchase, Receipt
    from cartcli.model.people import Identity, Session
    from cartcli.model.quote import Quote
    from cartcli.model.sessions import SessionInfo
    from cartcli.payment.source import Source


class Shop(Protocol):
    """What a front end may rely on: the customer's verbs, in the shop's one `currency`.

    Where a cart is asked for, its id, a unique prefix of it (4 characters or more) or its name will
    do. Every cart comes with its quote: of an open one at today's prices. Every method raises the
    errors of `cartcli.errors`, and OSError when the disk fails.

    >>> [item.sku for item in shop.get_catalog(["mug"], limit=2)]
    ['MUG-350-WHT', 'MUG-350-BLU']
    """

    @property
    def currency(self) -> str:
        """The shop's one currency, an ISO 4217 code."""

    @property
    def merchant(self) -> Merchant:
        """The second door, for whoever opened the shop's store: what only the merchant does."""

    def merchant_for(self, identity: Identity) -> Merchant:
        """The second door for one who was let in. AskMerchant unless they have that role."""

    def login(
        self, name: str, password: str, *, client: str = "local", register: bool = False
    ) -> Session:
        """Authenticate, and start a session. With `register` a new user is added when there is no
        such one. `client` tells from where one comes, such as an address: each is slowed down by
        itself when it guesses.

        LogIn when name or password is wrong, FixInput when they break a rule, RetryLater, at once,
        when there were too many tries: the fact `seconds` tells when to try again.
        """

    def guest(self) -> Session:
        """A session of somebody new whom nobody knows."""

    def identify(self, token: str) -> Session:
        """The session that `login` returned with `token`; LogIn when it is over or revoked."""

    def logout(self, token: str) -> None:
        """Revoke the session of `token`; nothing when there is none."""

    def logout_everywhere(self, identity: Identity, *, but: str = "") -> int:
        """Revoke all sessions of whoever asks, except the one of the token `but`, and return how
        many there were."""

    def sessions(self, identity: Identity) -> list[SessionInfo]:
        """The sessions of whoever asks that have not ended, oldest first."""

    def end_session(self, identity: Identity, session_id: str) -> SessionInfo:
        """Revoke the session of whoever asks with this id, or a unique prefix of it, and return
        which one that was. ChooseExisting when there is none."""

    def change_password(self, token: str, old: str, new: str, *, client: str = "local") -> int:
        """Let whoever has the session of `token` in with the `new` password instead of the `old`
        one, end all their other sessions, and return how many there were. Whatever stops it, the
        same call again goes on.

        LogIn when the session or the old password is wrong, FixInput when the new one is unfit,
        RetryLater as for `login`.
        """

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
        """What the customer has bought: the purchased carts of these `order_ids`, or all that were
        bought from the day `since` to the day `until`, both in UTC and included, in the order in
        which they were; the first `limit` of those after the order `after`. An order's id is its
        cart's. ChooseExisting for an unknown order, ReviewCart for a cart that is not bought.
        """

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
        """Make the `changes`, such as `Add(sku, 2)`, of the cart, or with None of a new one: one
        after the other, all of them or none. Made again with the same `request_id`, nothing changes
        any more, and the cart as it is by now is the answer; each cart knows its latest 64, and may
        forget them when it was left alone for two days (`Merchant.prune`). With `dry_run` nothing
        is done: the answer is the cart as it would be.

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

    def copy_cart(
        self,
        identity: Identity,
        cart_id: str,
        *,
        skip_unsold: bool = False,
        dry_run: bool = False,
    ) -> Cart:
        """A new cart with what the cart holds, in whatever state that is, at today's names and
        prices; with `dry_run` it is not made. ReviewCart, with the fact `unsold`, when some of it
        is no longer sold, or with `skip_unsold` when all of it is."""

    def rename_cart(self, identity: Identity, cart_id: str, name: str) -> Cart:
        """Let the cart, in whatever state it is, have this `name`, by which it is found from then
        on wherever a cart is asked for; with "" it has none. A name is at most 40 characters, of
        which one at least is in no id; case makes no difference. A purchased cart gives its name up
        to another one. FixInput for a name that is unfit, or that another cart has."""

    def delete_cart(self, identity: Identity, cart_id: str) -> None:
        """Remove an open cart for good. A pending one is settled first, and an old copy of one that
        was charged is made purchased; ReviewCart when it is purchased."""

    def quote_cart(
        self,
        identity: Identity,
        cart_id: str,
        *,
        expect_total: Money | None = None,
        if_version: int | None = None,
    ) -> Quote:
        """What buying the cart would come to at today's prices, or has come to if it is bought or
        being paid. Changes nothing, and raises what `buy_cart` does before anything is charged, but
        for the means of payment."""

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
        purchased already. An earlier attempt whose outcome is not known is settled first, and an
        old copy of a cart that was charged is made purchased from that, whatever it holds now.

        ReviewCart when it is purchased, by then or before, at another amount than `expect_total`:
        the facts are `receipt`, what proves that purchase, its `amount`, and what was `expected`.
        This call charged nothing.

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

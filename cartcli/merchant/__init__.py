"""The merchant's side of a shop: the second door, which no customer's credentials open.

office.py   who stands behind it           audit.py    carts and payments agree
settle.py   how payments have ended        importing/  product files from elsewhere
forget.py   a customer's data              prune.py    what nobody comes back to
reports/    what was sold, and what waits  frames.py   carts as a dataframe
quoting.py  what the open ones come to today
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, timedelta
from os import PathLike
from typing import TYPE_CHECKING, Final, Literal, Protocol

from cartcli.cart_db import Watched, Which

if TYPE_CHECKING:
    from pandas import DataFrame

    from cartcli.merchant.importing.plan import Plan
    from cartcli.model.audit import Audit, Pending, Settled
    from cartcli.model.backups import Backup
    from cartcli.model.cart import Cart
    from cartcli.model.lines import Item
    from cartcli.model.money import Money
    from cartcli.model.people import Identity, Role
    from cartcli.model.removed import Forgotten, Pruned

OLD_GUESTS: Final = timedelta(days=90)  # after which nobody comes back to a guest's cart
Kind = Literal["sales", "orders", "items", "customers", "open"]
By = Literal["day", "week", "month"]
Told = Callable[[str, int, int], None]  # what is done, how far, of how much (0: nobody knows)


class Merchant(Protocol):
    """What only the merchant does, on every customer's carts. Every method raises the errors of
    `cartcli.errors`, and OSError when the disk fails.

    >>> len(shop.merchant.orders())
    1
    """

    def knows(self, name: str) -> bool:
        """Whether there is a user of that name. FixInput when it can be none."""

    def give_roles(self, name: str, roles: Iterable[Role]) -> Identity:
        """Give the user of that `name` these roles, instead of those they had, and end all their
        sessions. ChooseExisting when there is no such user, FixInput for a role that is none."""

    def set_password(self, name: str, password: str) -> int:
        """Let the user of that `name`, who has forgotten theirs, in with this password, end all
        their sessions, and return how many there were. ChooseExisting when there is no such user,
        FixInput when the password is unfit."""

    def forget(self, name: str, *, dry_run: bool = False) -> Forgotten:
        """Forget the user of that `name`, or the owner of that id: user, sessions, open carts and
        tries to log in are removed, and purchased carts stay as those of nobody known. Whoever
        registers by that name then is somebody new. Whatever stops it, the same call again goes on,
        and until it has, nobody logs in or registers by that name. With `dry_run` nothing is
        settled or removed, and it is told how much there is.

        What waits is settled first. CheckOutAgain, and nothing is removed, when that cannot be;
        RetryLater, when somebody is paying; RestoreData, when something of it is damaged;
        ChooseExisting when there is nothing of such a user.
        """

    def prune(self, *, older_than: timedelta = OLD_GUESTS, dry_run: bool = False) -> Pruned:
        """Remove what nobody comes back to: the sessions that are over; the open carts of guests
        that have not changed for longer than `older_than`, by default 90 days; of open carts that
        have not changed for two days, the ids of the requests that changed them; what slowed
        guessing down; and what writers that were killed have left. No cart goes that is purchased,
        pending, charged or a user's. With `dry_run` nothing is removed. What cannot be read stays.
        Beside a shop in use it is safe."""

    def audit(self) -> Audit:
        """Compare every cart of every user with every payment; the merchant's proof that what is
        purchased was charged exactly once, and nothing else was. Carts whose payment processor is
        not set up here are told as not compared. Changes nothing."""

    def pending(self) -> list[Pending]:
        """Every customer's carts that wait to be settled, the oldest first, with what was charged
        for them: whose payment was begun and has not ended, or that are open though they were
        charged, as an old copy has them. Takes no lock and writes nothing. RestoreData when a file
        is damaged."""

    def orders(
        self,
        order_ids: Sequence[str] = (),
        *,
        since: date = date.min,
        until: date = date.max,
        after: str = "",
        limit: int | None = None,
        progress: Watched = iter,
    ) -> list[Cart]:
        """What every customer has bought, as `Shop.orders` has it of one. `progress` is as in
        `carts_frame`. RestoreData when a file is damaged."""

    def settle(
        self,
        cart_ids: Sequence[str] | None = None,
        *,
        older_than: timedelta = timedelta(),
        dry_run: bool = False,
    ) -> list[Settled]:
        """Find out how the payments have ended that wait: of the carts with these ids or unique
        prefixes of them (4 characters or more), or with None of all; of those only the ones that
        began longer than `older_than` ago. An old copy of a cart that was charged is made
        purchased. Nobody is charged. With `dry_run` nothing is asked or done: it is told which
        would be settled. FixInput and ChooseExisting for a prefix that names not one
        cart."""

    def backup(self, folder: str | PathLike[str], told: Told | None = None) -> Backup:
        """Copy the shop, which may be used meanwhile, durably to the `folder`, which is new or
        empty; logins and locks are left out. The copy holds each customer as they were at one
        instant, and is audited: what disagrees in it, or could not be copied, is told. `told` hears
        of each step that takes a while.

        FixInput for a folder that will not do, RepairStore when others may write to it, RetryLater
        while somebody else makes the same backup. There is a whole backup then, or none."""

    def report(
        self,
        kind: Kind = "sales",
        by: By = "day",
        since: date = date.min,
        until: date = date.max,
        progress: Watched = iter,
        *,
        lines: bool = False,
        fill: bool = False,
        timezone: str = "UTC",
    ) -> DataFrame:
        """What was sold by day, week or month, in which orders, which items or to which customers,
        or what waits in open carts, at today's prices, and in pending ones, with what was charged
        for them; within the days from `since` to `until`, of the `timezone`. Two currencies are
        never summed: each has rows of its own. `progress` is as in `carts_frame`.

        With `lines`, orders have a row a line. With `fill`, sales have periods without any, too."""

    def set_item(
        self,
        sku: str,
        *,
        price: Money | None = None,
        name: str | None = None,
        description: str | None = None,
        dry_run: bool = False,
    ) -> Item:
        """Give an item of the shop's own catalogue another `price`, `name` or `description`, and
        return it; what is None stays, and so do further columns. With `dry_run` nothing is changed,
        and it is returned as it would be. Carts that have it are told of it
        as of every change. ChooseExisting when there is no such item, FixInput for a value that
        breaks a rule, and when the shop has no catalogue of its own."""

    def remove_item(self, sku: str, *, dry_run: bool = False) -> Item:
        """Take an item out of the shop's own catalogue, and return it; with `dry_run` it stays.
        Raises as `set_item`, and
        FixInput for the last one: a catalogue has items."""

    def plan_import(self, *, merge: bool = False, told: Told | None = None) -> Plan:
        """What a product file would make of the shop's own catalogue, and making it so; nothing is
        read or written yet. The file's items take the place of the whole catalogue, or with
        `merge` of those with the same SKUs. What was before is kept, and `Plan.read_before` puts it
        back instead. To be used with `with`, because it holds temporary files. `told` hears of each
        step that takes a while."""

    def carts_frame(
        self,
        which: Which = "all",
        columns: Collection[str] | None = None,
        progress: Watched = iter,
    ) -> DataFrame:
        """Every user's carts as a dataframe, a row a cart, in no order.

        Indexed by the cart's id `cart` (str), with the columns

        - `user` (str), `contents` (object: a dict of SKU to quantity)
        - `lines` (object: a tuple of tuples SKU, name, price as Decimal, quantity; as they are
          charged, and of an open cart as they would be today)
        - `purchased` (bool), `state` (str: open, pending or purchased)
        - `total` (object: the Decimal that is charged, or would be today: what `lines` come to
          without those of `unsold`)
        - `amount` (object: the Decimal charged, None unless purchased)
        - `currency` (str), `created`, `updated` (datetime64[us, UTC])
        - `purchased_at` (datetime64[us, UTC]; NaT unless purchased)
        - `unsold` (object: a tuple of the SKUs in an open cart that are no longer sold)

        An open cart in another currency than the shop's is as it was put in. `which` carts, or some
        of the `columns`, take less time and memory than all of them.

        `progress` is given the list of users whose carts are about to be read, and returns what to
        iterate over instead; `tqdm` fits. Takes no lock and writes nothing. RestoreData when a file
        is damaged, FixInput when the catalogue breaks a rule.
        """

    def catalog_frame(self) -> DataFrame:
        """The items on sale as a dataframe, a row an item in the catalogue's order.

        Indexed by `sku` (str), with the columns `name` (str), `price` (object: Decimal),
        `currency` (str) and `description` (str). FixInput when the catalogue breaks a rule.
        """

"""The steps of an upgrade, each of which can be repeated.

1. Carts and payments of 0.1.0 are audited.
2. Each owner is converted while nobody can pay or change their carts. What was answered about a
   cart by then goes into today's ledger first, beside the old answers, and the cart after it.
   Once an owner is converted, 0.1.0 refuses their carts. So whatever a running process of 0.1.0
   still charges is a cart of an owner who is not converted, and it holds PAY while it does: the
   conversion of that owner waits for it, and keeps its answer.
3. Owners and answers that came meanwhile are converted as well, and what this version reads by then
   is audited.
4. The folder `orders` becomes a file. Up to here the store is outdated: only an upgrade touches it,
   or 0.1.0. From here on it is current, and 0.1.0 cannot charge at all, for it needs the folder.
5. What 0.1.0 wrote until then is converted. This version refuses the carts of an owner who was new,
   for their files are of 0.1.0, so that it settles none whose answer is not in its ledger yet.
6. Whatever is in today's ledger is removed where 0.1.0 had it, and so is the old folder.

What a process of 0.1.0 still writes, which has begun before, waits for the next upgrade.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from cartcli.files import durable, layout
from cartcli.merchant import Told
from cartcli.model.audit import Audit
from cartcli.upgrade.agreement import check_after, check_before
from cartcli.upgrade.ledger import EitherLedger, Merging
from cartcli.upgrade.old_answers import OldAnswers
from cartcli.upgrade.orders import Orders
from cartcli.upgrade.owners import Converted, Owners

_MOST_ROUNDS: Final = 5


class Steps:
    """Upgrade the folder `store`. Nobody else may be doing so; nobody is waited for longer than
    `lock_wait` seconds; `told` hears of what takes a while."""

    def __init__(self, store: str, lock_wait: float, told: Told) -> None:
        self._store = store
        self._lock_wait = lock_wait
        self._told = told
        self._owners = Owners(store)
        self._orders = Orders(store)
        self._old = OldAnswers(store)
        self._merging = Merging(store, lock_wait, self._old, self._orders)
        self._done: set[str] = set()  # the owners who are converted
        self._checked = False

    def are_done(self) -> bool:
        """Whether there is nothing to upgrade, and nothing left to remove."""
        outdated = layout.age(self._store) == "outdated"
        if outdated or self._orders.left_aside() or any(self._old.keys()):
            return False
        owners = map(self._owners.folder, self._owners.names())
        return not any(owner.is_old(complete=False) for owner in owners)

    def check(self) -> None:
        """The first step, once. RestoreData when something is damaged, or does not agree."""
        if not self._checked:
            self._told("Checking carts and payments", 0, 0)
            either = EitherLedger(self._store, self._old, self._orders)
            check_before(self._store, self._owners, either)
        self._checked = True

    def run(self) -> Audit:
        """All of them; what this version has found in the end."""
        self.check()
        self._convert()
        found = self._check_again()
        late = False
        while not self._orders.make_file():
            late |= self._convert()
        late |= self._convert()
        if late:
            found = self._check_again()
        self._remove_old()
        return found

    def _convert(self) -> bool:
        """Convert owners and answers until there are no new ones, or they come faster than that.
        Whether there was any."""
        for round_before in range(_MOST_ROUNDS):
            answered = self._old.find_more()
            # Looked for afterwards: nothing is answered about a cart whose owner is not there.
            owners = [name for name in self._owners.names() if name not in self._done]
            if not owners and not answered:
                return round_before > 0
            self._convert_owners(owners)
            for cart_id in self._each("Converting payments", answered):
                self._merging.keep_rest(cart_id)
        return True

    def _convert_owners(self, owners: list[str]) -> None:
        outdated = layout.age(self._store) == "outdated"
        for name in self._each("Converting carts", owners):
            folder = self._owners.folder(name)
            if folder.is_old(complete=outdated):
                folder.convert(self._merging.keep_of, self._lock_wait)
            else:
                folder.make_names_durable()
            self._done.add(name)

    def _check_again(self) -> Audit:
        self._told("Checking what was converted", 0, 0)
        converted = Converted(self._store, self._done)
        return check_after(self._store, converted, self._lock_wait)

    def _remove_old(self) -> None:
        """Remove the old answers, each of which is in today's ledger by now, and the old folder."""
        files = [self._old.file(key) for key in self._old.found()]
        for path in self._each("Removing the old files", files):
            os.unlink(path)
        for folder in sorted({os.path.dirname(path) for path in files}):
            durable.sync_folder(folder)
        self._orders.remove_aside()

    def _each(self, what: str, things: list[str]) -> Iterator[str]:
        """The `things`; how many are done is told."""
        for number, thing in enumerate(things, 1):
            yield thing
            self._told(what, number, len(things))

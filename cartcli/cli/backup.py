"""cart backup: a copy of a shop in use."""

from __future__ import annotations

from typing import Any, Final

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.bar import Bars
from cartcli.cli.command import Command, Place
from cartcli.cli.output import print_rows, without_cards
from cartcli.cli.text import counted
from cartcli.errors import CartError, RestoreData
from cartcli.model.audit import Audit
from cartcli.wire.backups import backup_dict

SOON: Final = 1.0  # seconds; what takes less needs no bar
_FOR_PEOPLE: Final = ("files", "carts", "payments", "pending", "disagreements")


@click.command(cls=Command)
@click.argument("folder", metavar="DIR", type=Place("dir"))
@pass_app
def backup(app: App, folder: str) -> None:
    """\b
    Examples:
      cart backup /backups/2026-11-23
      cart backup /backups/2026-11-23 -o json

    Copy the shop to DIR, which is new or empty. The shop may be used meanwhile: nobody waits, and
    of every customer the copy holds one instant. Logins are left out. Once DIR is there it is whole
    and on the disk. The copy is audited; what disagrees, or could not be copied, is told, and the
    exit status is then 9. No login is needed.
    """
    with Bars(SOON) as bars:
        made = app.shop.merchant.backup(folder, bars.show)
    print_copy(app.output, backup_dict(made))
    if made.catalogue_elsewhere:
        message(f"Not in the store, and so not in the backup: {made.catalogue_elsewhere}")
        message("Keep a copy of this catalogue with it.")
    tell_audit(
        f"{made.folder} is a backup of this shop",
        made.audit._replace(disagreements=[*made.not_copied, *made.audit.disagreements]),
        "All else was copied. Compare what is named above with an earlier backup.",
    )


def print_copy(output: str, record: dict[str, Any]) -> None:
    """What was copied: in JSON all there is to tell, else a row of counts."""
    record = without_cards(record)
    row = {
        key: len(value) if isinstance(value, list) else value
        for key, value in record.items()
        if output != "table" or key in _FOR_PEOPLE
    }
    print_rows(output, [row], record)


def tell_audit(what: str, found: Audit, hint: str) -> None:
    """Say `what` was made, and what an audit of it found: RestoreData with this `hint` when
    anything disagrees."""
    compared = f"{counted(found.carts, 'cart')} and {counted(found.payments, 'payment')} compared"
    for one in (*found.disagreements, *found.not_compared):
        message(f"  {one.cart}: {one.problem}" if one.cart else f"  {one.problem}")
    if found.disagreements:
        wrong = counted(len(found.disagreements), "problem")
        raise RestoreData(f"{what}, but {wrong} found: {compared}", hint)
    message(f"{what}: {compared}, all agree.")
    if found.pending:
        message(f"{counted(len(found.pending), 'payment')} not settled.")
    if found.not_compared:
        raise CartError(
            f"{counted(len(found.not_compared), 'cart')} could not be compared",
            "All was copied. Set up the payment processors named above, and see: cart audit",
        )

"""cart backup: a copy of a shop in use."""

from __future__ import annotations

from typing import Any, Final

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.bar import Bars
from cartcli.cli.command import Command
from cartcli.cli.output import print_rows
from cartcli.cli.params import output_option
from cartcli.cli.text import counted
from cartcli.errors import RestoreData
from cartcli.wire.backups import backup_dict

SOON: Final = 1.0  # seconds; what takes less needs no bar
_COUNTS: Final = ("files", "carts", "payments", "waiting")


@click.command(cls=Command)
@click.argument("folder", metavar="DIR")
@output_option
@pass_app
def backup(app: App, folder: str, output: str | None) -> None:
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
    record = backup_dict(made)
    print_copy(output or app.settings.output, record)
    wrong = len(made.not_copied) + len(made.audit.disagreements)
    if wrong:
        raise RestoreData(
            f"{made.folder} is a backup of a damaged shop: {counted(wrong, 'problem')}",
            "All else was copied. Compare the files named above with an earlier backup.",
        )
    message(f"{made.folder} is a backup of {agreed(record)}.")


def print_copy(output: str, record: dict[str, Any]) -> None:
    """What was copied: in a table the counts, and every problem as a message; in CSV and TSV a row
    without the problems, each of which is a message, too."""
    problems = record["problems"]
    row = {key: value for key, value in record.items() if key != "problems"}
    counts = {key: record[key] for key in _COUNTS}
    print_rows(output, [counts if output == "table" else row], record)
    if output != "json":
        for one in problems:
            message(f"  {one['cart']}: {one['problem']}" if one["cart"] else f"  {one['problem']}")


def agreed(record: dict[str, Any]) -> str:
    """How much was compared, and how many carts wait."""
    compared = f"{counted(record['carts'], 'cart')} and {counted(record['payments'], 'payment')}"
    if not record["waiting"]:
        return f"{compared}, all of which agree"
    waits = "waits" if record["waiting"] == 1 else "wait"
    waiting = f"{counted(record['waiting'], 'cart')} {waits} for a payment"
    return f"{compared}, all of which agree; {waiting}"

"""cart audit: the proof that carts and payments agree."""

from __future__ import annotations

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_rows
from cartcli.cli.params import output_option
from cartcli.cli.text import counted
from cartcli.errors import CartError, RestoreData
from cartcli.wire.records import disagreement_dict


@click.command(cls=Command)
@output_option
@pass_app
def audit(app: App, output: str | None) -> None:
    """\b
    Examples:
      cart audit
      cart audit -o json

    Compare every cart of every user with the payment processor's records: a cart is purchased if
    and only if it was charged, exactly once, the amount on its receipt. Changes nothing. What
    disagrees is listed with the cart's id, and the exit status is then 9. A cart whose processor is
    not set up here is listed as not compared, and the exit status is then 1. No login is needed.
    """
    result = app.shop.merchant.audit()
    found = [disagreement_dict(one) for one in (*result.disagreements, *result.not_compared)]
    print_rows(output or app.settings.output, found, found, ["cart", "problem"])
    carts, payments = counted(result.carts, "cart"), counted(result.payments, "payment")
    compared = f"{carts} and {payments} compared"
    if result.disagreements:
        raise RestoreData(
            f"{compared}: {counted(len(result.disagreements), 'disagreement')}",
            "Nothing was changed. Compare the files named above with a backup.",
        )
    message(f"{compared}: all agree.")
    if result.not_compared:
        raise CartError(
            f"{counted(len(result.not_compared), 'cart')} could not be compared",
            "Nothing was changed. Set up the payment processors named above, and run it again.",
        )

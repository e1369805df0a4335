"""cart audit: the proof that carts and payments agree."""

from __future__ import annotations

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_rows
from cartcli.cli.text import counted
from cartcli.errors import CartError, RestoreData
from cartcli.wire.audits import AUDIT_ROW_FIELDS, audit_dict, audit_rows


@click.command(cls=Command)
@pass_app
def audit(app: App) -> None:
    """\b
    Examples:
      cart audit
      cart audit -o json

    Compare every cart of every user with the payment processor's records: a cart is purchased if
    and only if it was charged, exactly once, the amount on its receipt. Changes nothing. What
    disagrees is listed with the cart's id, and the exit status is then 9. A cart whose processor is
    not set up here is listed as not compared, and the exit status is then 1. What waits for the end
    of a payment is listed with what was charged for it. No login is needed.
    """
    result = app.shop.merchant.audit()
    rows = audit_rows(result)
    print_rows(app.output, rows, audit_dict(result), AUDIT_ROW_FIELDS)
    carts, payments = counted(result.carts, "cart"), counted(result.payments, "payment")
    compared = f"{carts} and {payments} compared"
    if result.disagreements:
        raise RestoreData(
            f"{compared}: {counted(len(result.disagreements), 'disagreement')}",
            "Nothing was changed. What is open, but charged, is made purchased by:\n"
            "  cart settle --all\n"
            "Compare all else that is named above with a backup.",
        )
    message(f"{compared}: all agree.")
    if result.pending:
        message(f"{counted(len(result.pending), 'payment')} not settled: cart settle --all")
    if result.not_compared:
        raise CartError(
            f"{counted(len(result.not_compared), 'cart')} could not be compared",
            "Nothing was changed. Set up the payment processors named above, and run it again.",
        )

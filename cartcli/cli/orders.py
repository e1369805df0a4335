"""cart orders: what was bought."""

from __future__ import annotations

from datetime import date

import click

from cartcli.cli.app import App, message, pass_app
from cartcli.cli.bar import Bars
from cartcli.cli.command import Command
from cartcli.cli.days import check_days, since_option, until_option
from cartcli.cli.output import Row, print_rows
from cartcli.cli.params import limit_option
from cartcli.cli.text import counted, cut
from cartcli.model.cart import Cart
from cartcli.model.money import Money
from cartcli.wire.records import ORDER_FIELDS, order_dict, order_row


@click.command(cls=Command)
@click.argument("orders", nargs=-1, metavar="[ORDER]...")
@click.option("--all", "everybody", is_flag=True, help="Every customer's: the merchant's list.")
@since_option
@until_option
@limit_option
@click.option("--after", metavar="ORDER", default="", help="Those after this one.")
@pass_app
def orders(
    app: App,
    orders: tuple[str, ...],
    everybody: bool,
    since: date | None,
    until: date | None,
    limit: int | None,
    after: str,
) -> None:
    """\b
    Examples:
      cart orders
      cart orders 3f2a -o json
      cart orders --all --since 2026-11-01 --until 2026-11-30 -o csv
      cart orders --all --after 3f2a --limit 100

    List what you have bought, in the order in which you have; or the orders you name, by id or by
    the start of it. An order has the id of the cart it was. With --all, what every customer has
    bought, which is the merchant's, and needs no login.
    """
    check_days(since, until)
    if orders and (since or until or limit or after):
        raise click.UsageError("Name orders, or say which with the other options: one of these.")
    first, last, most = since or date.min, until or date.max, limit and limit + 1
    if everybody:
        with Bars() as bars:
            listed = app.shop.merchant.orders(
                orders,
                since=first,
                until=last,
                after=after,
                limit=most,
                progress=lambda users: bars.over(users, "Reading orders"),
            )
    else:
        listed = app.shop.orders(
            app.identity, orders, since=first, until=last, after=after, limit=most
        )
    found, more = cut(listed, limit)
    _print(app.output, found, everybody=everybody)
    if more:
        message(f"There are more than {counted(len(found), 'order')}; go on with:")
        message(f"  --after {found[-1].id if everybody else found[-1].short_id}")
    elif not found:
        message("Nothing was bought." if not after else "No order comes after that.")


def _print(output: str, found: list[Cart], *, everybody: bool) -> None:
    if output == "table":
        rows = [_for_people(cart, everybody=everybody) for cart in found]
        print_rows(output, rows, rows, paged=True)
    else:
        rows = [order_row(cart) for cart in found]
        print_rows(output, rows, [order_dict(cart) for cart in found], ORDER_FIELDS)


def _for_people(cart: Cart, *, everybody: bool) -> Row:
    """An order as a row for people: to the minute, with the start of its id."""
    row = order_row(cart)
    when = f"{cart.receipt.purchased:%Y-%m-%d %H:%M}" if cart.receipt else ""
    paid = f"{row['brand']} {row['last4']}".strip() if row["payment"] else "nothing to pay"
    return {
        "order": cart.short_id,
        **({"customer": cart.owner} if everybody else {}),
        "bought (UTC)": when,
        "items": row["quantity"],
        "amount": Money(row["amount"], row["currency"]),
        "paid with": paid,
    }

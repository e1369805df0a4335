"""cart carts: the user's carts."""

from __future__ import annotations

import click

from cartcli.cart_db import Which
from cartcli.cli.app import App, message, pass_app
from cartcli.cli.command import Command
from cartcli.cli.output import print_carts
from cartcli.cli.params import CartId, limit_option
from cartcli.cli.text import counted, cut
from cartcli.model.cart import cursor_of


@click.command(cls=Command)
@click.argument("carts", nargs=-1, metavar="[CART]...", type=CartId(which="all"))
@click.option("--purchased", is_flag=True, help="Those that are bought.")
@click.option("--all", "everything", is_flag=True, help="Those and the others.")
@limit_option
@click.option("--after", metavar="CART", type=CartId(which="all"), help="Those after this one.")
@pass_app
def carts(
    app: App,
    carts: tuple[str, ...],
    purchased: bool,
    everything: bool,
    limit: int | None,
    after: str | None,
) -> None:
    """\b
    Examples:
      cart carts
      cart carts 3f2a
      cart carts --purchased --limit 20 -o json
      cart carts --all --after 3f2a

    Show your carts that are not purchased, oldest first; or the ones you name, by id or by the
    start of it, whatever their state.
    """
    if bool(carts) + purchased + everything > 1:
        raise click.UsageError("Name carts, or use --purchased, or --all: one of these.")
    if carts and (limit or after):
        raise click.UsageError("--limit and --after go with lists, not with the carts you name.")
    which: Which = "all" if everything else "purchased" if purchased else "unpurchased"
    start = cursor_of(app.shop.get_carts(app.identity, [after])[0]) if after else ""
    most = limit and limit + 1
    listed = app.shop.get_carts(app.identity, carts, which, after=start, limit=most)
    found, more = cut(listed, limit)
    print_carts(app.output, found)
    if more:
        message(f"There are more than {counted(len(found), 'cart')}; see them with:")
        message(f"  cart carts{_kind(which)} --after {found[-1].short_id}")
    elif not found:
        none = "No purchased carts." if purchased else "No carts."
        message(none if purchased or after else f"{none} Start one with: cart add new SKU")


def _kind(which: Which) -> str:
    return {"all": " --all", "purchased": " --purchased"}.get(which, "")

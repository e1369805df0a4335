"""Arguments and options that several commands share, with their shell completion."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from cartcli.cart_db import Which
from cartcli.cli.app import App
from cartcli.cli.text import escaped
from cartcli.model.cart import Cart
from cartcli.model.lines import Item, parse_quantity

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

output_option = click.option(
    "-o",
    "--output",
    type=click.Choice(["table", "json", "csv", "tsv"]),
    help="How to print the result.",
)


class Quantity(click.ParamType[int]):
    """A whole number from 1 to 999,999 in ASCII digits."""

    name = "quantity"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return value if isinstance(value, int) else parse_quantity(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class CartId(click.ParamType[str]):
    """A cart's id or a unique prefix of it; completed with the ids of the user's carts."""

    name = "cart"

    def __init__(self, *, new: bool = False, purchased: bool = False) -> None:
        self._new = new
        self._purchased = purchased

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        def known(app: App) -> Iterable[CompletionItem]:
            if self._new:
                yield CompletionItem("new", help="start a new cart")
            which: Which = "all" if self._purchased else "unpurchased"
            for cart in app.shop.get_carts(app.identity, which=which):
                yield CompletionItem(cart.id, help=_cart_help(cart))

        return _completions(ctx, incomplete, known)


class Sku(click.ParamType[str]):
    """A SKU, completed from the catalogue."""

    name = "sku"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        def known(app: App) -> Iterable[CompletionItem]:
            return (CompletionItem(i.sku, help=_item_help(i)) for i in app.display.get_catalog())

        return _completions(ctx, incomplete, known)


def _cart_help(cart: Cart) -> str:
    return f"{cart.state} {cart.total}"


def _item_help(item: Item) -> str:
    return escaped(f"{item.name} {item.price}")  # a line end would begin another item


def _completions(
    ctx: click.Context, incomplete: str, known: Callable[[App], Iterable[CompletionItem]]
) -> list[CompletionItem]:
    """What of `known` starts with `incomplete`; nothing when the shop cannot be read, because an
    error would land in the middle of the line that the user is typing."""
    found: list[CompletionItem] = []
    try:
        for item in known(app_of(ctx)):
            if item.value.startswith(incomplete):
                found.append(item)
    except Exception:
        pass
    return found


def app_of(ctx: click.Context) -> App:
    """This call of `cart`; in a completion nothing has run yet that would have made it."""
    root = ctx.find_root()
    return root.obj or App(root.params, quiet=True)

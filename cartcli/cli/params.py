"""Arguments and options that several commands share, with their shell completion."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import click

from cartcli.cart_db import Which
from cartcli.cli.app import App
from cartcli.cli.text import escaped
from cartcli.errors import FixInput
from cartcli.model.cart import Cart
from cartcli.model.lines import Item, parse_quantity
from cartcli.model.money import Money

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
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


class Amount(click.ParamType[Money]):
    """An amount of money in the shop's currency. `untouched` says what a wrong one left alone."""

    name = "amount"

    def __init__(self, untouched: str = "") -> None:
        self._untouched = untouched

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Money:
        if isinstance(value, Money):
            return value
        try:
            return Money.parse(value, _app(ctx or click.get_current_context()).display.currency)
        except ValueError as error:
            name = param.opts[0] if param else "the amount"
            raise FixInput(f"{name}: {error}", self._untouched) from None


class Age(click.ParamType[timedelta]):
    """How long ago, in seconds, minutes, hours or days."""

    name = "age"

    def convert(self, value: Any, param: Any, ctx: Any) -> timedelta:
        if isinstance(value, timedelta):
            return value
        number, unit = value[:-1], value[-1:].lower()
        if not (number.isascii() and number.isdigit() and len(number) < 6 and unit in _UNITS):
            self.fail(f"{value!r} is no age, such as 30s, 5m, 2h or 1d", param, ctx)
        return timedelta(**{_UNITS[unit]: int(number)})


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
        for item in known(_app(ctx)):
            if item.value.startswith(incomplete):
                found.append(item)
    except Exception:
        pass
    return found


def _app(ctx: click.Context) -> App:
    """This call of `cart`; in a completion nothing has run yet that would have made it."""
    root = ctx.find_root()
    return root.obj or App(root.params, quiet=True)

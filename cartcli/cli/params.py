"""Arguments and options that several commands share, with their shell completion."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

import click

from cartcli.cart_db import Which
from cartcli.cli.app import App, message
from cartcli.cli.command import flags_of
from cartcli.cli.text import escaped
from cartcli.model.cart import Cart
from cartcli.model.ids import NEW
from cartcli.model.lines import Item, parse_quantity

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


_MOST_OFFERED: Final = 200


limit_option = click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N."
)
dry_run_option = click.option(
    "-n", "--dry-run", is_flag=True, help="Say what would be done, and do nothing."
)
request_option = click.option(
    "--request-id",
    default="",
    metavar="KEY",
    help="A name for this request: made again with the same one, it is done once.",
)


def tell_tried(dry_run: bool) -> None:
    """Say that nothing was done, after a `dry_run` of a change whose outcome was printed."""
    if dry_run:
        message("So it would be; nothing was changed.")


class Quantity(click.ParamType[int]):
    """A whole number from 1, or from the `least`, to 999,999 in ASCII digits."""

    name = "quantity"

    def __init__(self, *, least: int = 1) -> None:
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            if value == "0" and not self._least:
                return 0
            return value if isinstance(value, int) else parse_quantity(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class CartId(click.ParamType[str]):
    """A cart's name, its id or a unique prefix of that, and where a `new` one may be started, that
    word; completed with the names and the ids of the user's carts."""

    name = "cart"

    def __init__(self, *, new: bool = False, which: Which = "unpurchased") -> None:
        self._new = new
        self._which = which

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if self._new and len(value) <= len(NEW) and value.lower() != NEW:
            from cartcli.model.cart_names import is_like_new  # hardly ever

            if is_like_new(value):
                self.fail(f"{value!r} is too short for a cart. Did you mean {NEW!r}?", param, ctx)
        return str(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        def known(app: App) -> Iterable[CompletionItem]:
            if self._new:
                yield CompletionItem(NEW, help="start a new cart")
            for cart in app.shop.get_carts(app.identity, which=self._which):
                if _is_one_word(cart.name):
                    yield CompletionItem(cart.name, help=_cart_help(cart))
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


def _is_one_word(name: str) -> bool:
    """Whether a shell takes the `name` as it is."""
    return name.replace("-", "").replace("_", "").isalnum()


def _cart_help(cart: Cart) -> str:
    return f"{cart.state} {cart.total}"


def _item_help(item: Item) -> str:
    # A line end would begin another item, and a comma ends this for fish.
    return escaped(f"{item.name} {item.price}").replace(",", ";")


def _completions(
    ctx: click.Context, incomplete: str, known: Callable[[App], Iterable[CompletionItem]]
) -> list[CompletionItem]:
    """What of `known` starts with `incomplete`; nothing when the shop cannot be read, because an
    error would land in the middle of the line that the user is typing. No more than people look
    through."""
    found: list[CompletionItem] = []
    try:
        for item in known(app_of(ctx)):
            if item.value.startswith(incomplete) and item.value == escaped(item.value):
                found.append(item)
                if len(found) == _MOST_OFFERED:
                    break
    except Exception:
        pass
    return found


def app_of(ctx: click.Context) -> App:
    """This call of `cart`; in a completion nothing has run yet that would have made it."""
    return ctx.find_root().obj or App(flags_of(ctx), quiet=True)

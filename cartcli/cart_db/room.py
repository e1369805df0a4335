"""What a cart may hold: so much that it can always be bought, whatever its items cost and are
called when it is.

A cart that is bought is kept with its lines as they were put in and as they are charged, where the
two differ; so is the answer to its payment, in JSON, where a character may take twelve bytes.
3,000 lines with the longest SKUs and names of today, 27 MB, beside 4 MiB of those put in, 24 MiB,
are less than the largest record.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from cartcli.errors import FixInput
from cartcli.model.lines import charged_total
from cartcli.model.money import Money, most_in

if TYPE_CHECKING:
    from cartcli.model.cart import Cart
    from cartcli.model.lines import Line

MAX_LINES: Final = 3_000
MAX_TEXT: Final = 4 << 20  # bytes of SKUs and names
_LONGEST_CHARACTER: Final = 4  # bytes of UTF-8
_REST: Final = "Nothing was changed. Put the rest into another cart."


def check_room(cart: Cart, lines: tuple[Line, ...]) -> None:
    """FixInput when `lines` are more than a cart may hold, or come to more than can be charged:
    unless they are no more than `cart` holds already, so that one too large can be emptied."""
    if len(lines) > max(MAX_LINES, len(cart.lines)):
        raise FixInput(
            f"a cart holds at most {MAX_LINES:,} lines, and this one would have {len(lines):,}",
            _REST,
            cart=cart.id,
        )
    if _may_be_long(lines) and (size := _text(lines)) > MAX_TEXT and size > _text(cart.lines):
        raise FixInput(
            f"the SKUs and names in a cart take at most {MAX_TEXT >> 20} MiB, and those in this one"
            f" would take {size:,} bytes",
            _REST,
            cart=cart.id,
        )
    _check_amounts(cart, lines)


def _may_be_long(lines: Iterable[Line]) -> bool:
    """Whether their SKUs and names may be more than a cart may hold: hardly ever."""
    characters = sum([len(line.sku) + len(line.name) for line in lines])
    return _LONGEST_CHARACTER * characters > MAX_TEXT


def _text(lines: Iterable[Line]) -> int:
    """How many bytes their SKUs and names take."""
    return sum(len(f"{line.sku}{line.name}".encode(errors="surrogatepass")) for line in lines)


def _check_amounts(cart: Cart, lines: tuple[Line, ...]) -> None:
    most = most_in(cart.currency)
    dearest = max([line.price.amount for line in lines], default=0)
    if dearest * sum([line.quantity for line in lines]) < most.amount:
        return  # nearly every cart: even if all in it were the dearest
    total = charged_total(lines, cart.currency)
    before = {line.sku: line for line in cart.lines}
    changed = [line for line in lines if before.get(line.sku) is not line]
    if not changed:  # then it can only come to less
        return
    for line in changed:
        known = before.get(line.sku)
        if most < line.total and (known is None or known.total < line.total):
            raise _too_dear(line, f"come to {line.total}", most)
    if most < total and charged_total(cart.lines, cart.currency) < total:
        largest = max(changed, key=lambda line: line.total.amount)
        raise _too_dear(largest, f"make a cart of {total}", most)


def _too_dear(line: Line, what: str, most: Money) -> FixInput:
    return FixInput(
        f"{line.quantity:,} of {line.sku} would {what}, and at most {most} can be charged at once",
        "Nothing was changed.",
        sku=line.sku,
    )

"""Names that customers give their carts."""

from __future__ import annotations

from typing import Final

from cartcli.errors import FixInput
from cartcli.model.ids import NEW, is_name, short_id

_LONGEST: Final = 40
_MOST_KEPT: Final = 256  # names of carts that are bought
_UNCHANGED: Final = "Nothing was changed."


def is_like_new(text: str) -> bool:
    """Whether somebody who typed `text` meant `new`."""
    from difflib import get_close_matches  # seldom asked

    return len(text) <= len(NEW) and get_close_matches(text.lower(), [NEW]) != []


def same_name(name: str) -> str:
    """One text for all spellings of a name: whatever their case, width and blanks."""
    from unicodedata import normalize  # most carts have none

    return " ".join(normalize("NFKC", name).casefold().split())


def checked_name(name: str) -> str:
    """The `name` as it is kept, "" for none; FixInput for one that people could not tell from
    another, or from an id."""
    from unicodedata import normalize

    from cartcli.model.looks import is_invisible

    kept = normalize("NFC", name.strip(" "))
    if not kept:
        return ""
    if not kept.isprintable() or "  " in kept or any(map(is_invisible, kept)):
        raise _unfit(kept, "has an invisible character, or two blanks in a row")
    if len(kept) > _LONGEST:
        raise _unfit(f"{kept[:_LONGEST]}…", f"has more than {_LONGEST} characters")
    if kept.startswith("-"):
        raise _unfit(kept, "begins with a hyphen, as options do")
    if not is_name(kept):
        raise _unfit(kept, "may be the start of an id, for no letter in it comes after f")
    if is_like_new(kept):
        raise _unfit(kept, f"is too like {NEW!r}, which starts a cart")
    return kept


def renamed(names: dict[str, str], cart: str, name: str, unpurchased: set[str]) -> dict[str, str]:
    """The `names` by the ids of their carts, oldest first, after the `cart` was given the `name`,
    or with "" has none any more. One that was bought gives its name up to it; FixInput when one of
    the `unpurchased` ones has it. Of those that were bought, the latest 256 keep theirs."""
    holder = holder_of(names, name) if name else cart
    if holder not in ("", cart) and holder in unpurchased:
        raise FixInput(
            f"cart {short_id(holder)} has the name {name!r} already",
            f"{_UNCHANGED} Give it another name, or that one first.",
            cart=holder,
        )
    after = {one: known for one, known in names.items() if one not in (holder, cart)}
    bought = [one for one in after if one not in unpurchased]
    for one in bought[:-_MOST_KEPT]:
        del after[one]
    return after | {cart: name} if name else after


def holder_of(names: dict[str, str], name: str) -> str:
    """The id of the cart that has the `name` among these `names`; "" when none has."""
    wanted = same_name(name)
    return next((cart for cart, known in names.items() if same_name(known) == wanted), "")


def _unfit(name: str, why: str) -> FixInput:
    return FixInput(f"{name!r} is no name for a cart: it {why}", _UNCHANGED)

"""What was charged by the records of a store: of one in use, and of a copy of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

Captures = dict[str, frozenset[str]]  # the ids of its captures, by the cart


def captures(store: Path) -> Captures:
    """What was charged, as the files tell. One that is just replaced is read as it was."""
    return {
        path.stem: ids
        for path in store.glob("payments/*/*.json")
        if (ids := frozenset(_charged(path)))
    }


def _charged(path: Path) -> Iterator[str]:
    answers = json.loads(path.read_bytes())["answers"]
    return (answer["id"] for answer in answers if answer["status"] == "charged")


def wrong(
    original: Captures, before: Captures, copied: Captures, restored: Captures
) -> Iterator[str]:
    """What may not be: by the records of the `original`, as they are and as they were `before` the
    copying began, of what was `copied`, and of the same once it was `restored` and used again.

    What the copy knows of, and all that was charged before, is never charged again.
    """
    yield from (f"{cart} was lost" for cart in before if before[cart] != copied.get(cart))
    for cart, ids in restored.items():
        if len(ids) > 1:
            yield f"{cart} was charged {len(ids)} times"
        if cart in copied and ids | _of(original, cart) != copied[cart]:
            yield f"{cart} was charged again"
    yield from (f"{cart} is not on record any more" for cart in copied if cart not in restored)


def _of(known: Mapping[str, frozenset[str]], cart: str) -> frozenset[str]:
    return known.get(cart, frozenset())

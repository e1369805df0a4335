"""One process that calls the library, against nothing but the durable writes it needs: temporary
file, fsync, rename, fsync of the folder. The shop has been in use for a while, so that hardly any
folder is new. Runs on its own, in the installation that is measured:

    library.py FOLDER PAIRS

Prints JSON: for each call the seconds of ours and theirs in turn, the names of the writes, and how
many folders a call makes: each is made, and its parent flushed, on both sides.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import cartcli
from cartcli.files import durable

CARD: Final = "4242424242424242"
_EARLIER: Final = 1_000  # checkouts of others before anything is measured
Write = tuple[str, bytes | None]  # a path in the store and its content; None: a new folder


@contextmanager
def recorded(store: Path) -> Iterator[list[Write]]:
    """Everything durable that is done in the block, once it has ended: files put in place and
    folders made."""
    done: list[Write] = []  # with absolute paths: what is recorded must cost ours next to nothing
    writes: list[Write] = []
    kept: dict[str, Callable[..., Any]] = {}

    def put(name: str) -> None:
        kept[name] = getattr(durable, name)

        def recording(path: str, data: bytes, **how: bool) -> None:
            kept[name](path, data, **how)
            done.append((path, data))

        setattr(durable, name, recording)

    put("replace")
    put("create")
    mkdir = os.mkdir

    def recording_mkdir(path: str, mode: int = 0o777) -> None:
        mkdir(path, mode)
        done.append((path, None))

    os.mkdir = recording_mkdir  # type: ignore[assignment]
    try:
        yield writes
    finally:
        os.mkdir = mkdir
        for name, function in kept.items():
            setattr(durable, name, function)
        writes += ((os.path.relpath(path, store), data) for path, data in done)


def write_bare(folder: Path, writes: Sequence[Write]) -> float:
    """Do the same writes in `folder` with nothing around them; the seconds it takes."""
    paths = [(os.path.join(folder, path), data) for path, data in writes]
    start = time.perf_counter()
    for path, data in paths:
        if data is None:
            os.mkdir(path, 0o700)
        else:
            fd = os.open(f"{path}.tmp", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.write(fd, data)
            os.fsync(fd)
            os.close(fd)
            os.rename(f"{path}.tmp", path)
        fd = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(fd)
        os.close(fd)
    return time.perf_counter() - start


def pairs(
    folder: Path, count: int, prepare: Callable[[], Any], call: Callable[[Any], object]
) -> dict[str, Any]:
    """`call` and its bare writes in turn. The first ten are warm-up."""
    store, bare = folder / "store", folder / "bare"
    found, names, folders = [], [], 0
    for turn in range(count + 10):
        prepared = prepare()
        with recorded(store) as writes:
            start = time.perf_counter()
            call(prepared)
            ours = time.perf_counter() - start
        made = {path for path, data in writes if data is None}
        for path, _ in writes:
            if os.path.dirname(path) not in made:
                (bare / path).parent.mkdir(parents=True, exist_ok=True)
        theirs = write_bare(bare, writes)
        if turn >= 10:
            found.append((ours, theirs))
            names = [_kind(path) for path, data in writes if data is not None]
            folders += len(made)
    return {"pairs": found, "writes": names, "folders": folders / count}


def _kind(path: str) -> str:
    """The path without what differs from cart to cart."""
    folder, *_, name = Path(path).parts
    if folder != "carts":
        return f"{folder}/…"
    return name if name == "open.pickle" else "purchased/…"


def used_shop(store: Path) -> cartcli.Controller:
    """A shop where others have bought before."""
    shop = cartcli.open_shop(store=store)
    for number in range(_EARLIER):
        customer = cartcli.Identity(f"customer-{number % 100}")
        cart = shop.update_cart(customer, None, {"MUG-350-WHT": 1})
        shop.checkout_cart(customer, cart.id, CARD)
    os.sync()  # or the disk is still busy with it while we measure
    return shop


def main() -> None:
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    shop = used_shop(folder / "store")
    alice, bob = cartcli.Identity("alice"), cartcli.Identity("bob")
    cart = shop.update_cart(alice, None, {"MUG-350-WHT": 1}).id
    quantities = iter(range(1, 999_999))
    result = {
        "update_cart": pairs(
            folder,
            count,
            lambda: {"MUG-350-WHT": next(quantities), "TEA-SEN-100": 1},
            lambda contents: shop.update_cart(alice, cart, contents),
        ),
        "checkout_cart": pairs(
            folder,
            count,
            lambda: shop.update_cart(bob, None, {"MUG-350-WHT": 2, "TEA-SEN-100": 1}).id,
            lambda ref: shop.checkout_cart(bob, ref, CARD),
        ),
    }
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()

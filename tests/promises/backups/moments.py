"""What happens while a shop is copied, and whom the copy knows then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import pytest

from cartcli import Controller
from cartcli.backup.copying import Copying
from cartcli.errors import ChooseExisting
from tests.helpers import shop_in
from tests.promises.backups.tools import Between
from tests.promises.faults.pictures import Picture

LOOKS: Final = ("names", "file", "has_as_much")


class Moments:
    """Counts the moments at which something may happen, and does what is planned for them."""

    def __init__(self, store: Path, planned: dict[int, Callable[[Controller], None]]) -> None:
        self.met = 0
        self._shop = shop_in(store)
        self._planned = planned

    def __call__(self) -> None:
        act = self._planned.pop(self.met, None)
        self.met += 1
        if act:
            with suppress(StopIteration, IndexError, ChooseExisting):  # nobody is there any more
                act(self._shop)

    @property
    def done(self) -> bool:
        """Whether all that was planned has happened."""
        return not self._planned


@contextmanager
def between_looks(between: Between) -> Iterator[None]:
    """Let `between` be called before everything that a backup looks at, or copies."""
    with pytest.MonkeyPatch.context() as patched:
        for name in LOOKS:
            patched.setattr(Copying, name, _after(between, getattr(Copying, name)))
        yield


def _after(between: Between, real: Callable[..., object]) -> Callable[..., object]:
    def call(*args: object) -> object:
        between()
        return real(*args)

    return call


def half_known(picture: Picture, store: Path, folder: Path) -> Iterator[str]:
    """What the copy in the `folder` has of Alice, when it has not all there was of her, or as
    somebody's whom nobody knows. Of who came afterwards, and was forgotten, it has no name."""
    bought = "purchased/*.pickle"
    mine = {path.stem for path in map(Path, picture.files) if path.match(f"carts/alice/{bought}")}
    theirs = {path.stem for path in folder.glob(f"carts/forgotten-*/{bought}")}
    carts = {path.stem for path in folder.glob(f"carts/alice/{bought}")}
    known = (folder / "users/alice.json").exists()
    if mine & theirs:
        yield from (f"{cart} is still Alice's" for cart in mine & carts)
        if known and not (store / "users/alice.json").exists():
            yield "Alice is forgotten, and a user"
    elif not known or not mine <= carts:
        yield "Alice is neither there nor forgotten"
    named = (path for path in folder.rglob("*") if path.is_file())
    yield from (f"{path} is of Carol" for path in named if b"carol" in path.read_bytes())
    yield from (f"{path} is of Carol" for path in folder.rglob("*carol*"))

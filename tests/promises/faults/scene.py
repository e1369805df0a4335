"""The scene of the attacks: a shop with two customers, and the commands run on it.

Alice's cart is attacked. She has another open cart and a purchased one, and Bob has both kinds;
none of these may change. The prices rise between the attack and what comes after it.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from tests.promises.faults.injector import Fault
from tests.promises.faults.judge import Books, disagreements, misbehaviour
from tests.promises.faults.pictures import Picture
from tests.promises.faults.processes import Ended, Running, Zygote
from tests.promises.faults.readers import reader_of

GOOD: Final = "4242424242424242"
DECLINED: Final = "4000000000000002"
LOST: Final = "4000000000000341"  # charged, but the answer is lost
WAITING: Final = "4000002500003155"  # the customer has to act first, and has by the next look

PLATES: Final = "PLATES"
TEA: Final = "TEA"
DRONE: Final = "DRONE"
_HEADER: Final = ("sku", "name", "price", "description")
_NAMES: Final = {PLATES: "Foam plates", TEA: "Tea of 100 g", DRONE: "Drone"}

Day = Literal["before", "after"]
_PRICES: Final[dict[Day, dict[str, str]]] = {
    "before": {PLATES: "39.47", TEA: "12.345", DRONE: "49.50"},
    "after": {PLATES: "41.00", TEA: "13.005", DRONE: "55.00"},
}
CONTENTS: Final = {PLATES: 2, TEA: 3}  # what is in Alice's cart
ADDRESS: Final = "TEST_PROCESSOR"  # the variable that says where a remote processor is
NOTHING: Final = Picture((".",), {"neighbour": b""})  # a folder without a store


def priced(contents: dict[str, int], day: Day) -> list[list[Any]]:
    """The lines of `contents` at the prices of the day, as they are stored."""
    return [[sku, _NAMES[sku], _PRICES[day][sku], n] for sku, n in contents.items()]


class Scene(NamedTuple):
    """The prepared shop, which sells from the `catalog`: `cart` is the one to attack, `also`
    another open one of Alice's, `bobs` an open one of Bob's. `logins` are the saved logins of
    both."""

    picture: Picture
    catalog: Path
    cart: str
    also: str
    bobs: str
    logins: dict[str, bytes]


class Bench:
    """Where attacks take place: `zygote` runs the commands, on stores under `folder`; those that
    meet a fault are run as `program`, and with a remote `processor` at that address, all as one
    that asks it."""

    def __init__(
        self,
        zygote: Zygote,
        folder: Path,
        scene: Scene | None = None,
        program: str = "cart",
        processor: str = "",
    ) -> None:
        self.zygote = zygote
        self.command = "remote" if processor else "cart"
        self.program = self.command if processor else program
        self.processor = processor
        self._folder = folder
        self._numbers = itertools.count()
        self.catalog = scene.catalog if scene else folder / "catalog.csv"
        self.scene = scene or prepared(self)

    def offer(self, day: Day) -> None:
        """Put what is sold on that day on sale, and nothing else."""
        rows = ((sku, _NAMES[sku], price, "") for sku, price in _PRICES[day].items())
        text = "".join(f"{','.join(row)}\n" for row in (_HEADER, *rows))
        if not self.catalog.exists() or self.catalog.read_text() != text:
            new = self.catalog.with_suffix(".new")
            new.write_text(text)
            new.rename(self.catalog)

    def trial(self, picture: Picture | None = None) -> Trial:
        """A new trial on the prepared shop, or on what `picture` shows."""
        folder = self._folder / str(next(self._numbers))
        return Trial(self, folder, picture or self.scene.picture)


class Trial:
    """One store under attack. Leaves nothing behind unless the `with` block fails."""

    def __init__(self, bench: Bench, folder: Path, picture: Picture) -> None:
        self.bench = bench
        self._folder = folder
        self.attacked = folder / "attacked"
        self.store = str(self.attacked / "store")
        self.reader = reader_of(self.store, self.attacked, remote=bool(bench.processor))
        folder.mkdir()
        picture.put(self.attacked)
        self._runs = itertools.count()

    def __enter__(self) -> Trial:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is None:
            shutil.rmtree(self._folder)

    def start(
        self,
        *args: str,
        card: str = "",
        fault: Fault | None = None,
        day: Day = "before",
        lock_wait: float = 10,
        delay: float = 0,
        program: str = "",
    ) -> Running:
        """Start a command; `card` is its standard input."""
        self.bench.offer(day)
        env = {
            "HOME": str(self._folder),
            "LANG": "C.UTF-8",
            "PATH": os.defpath,
            "CART_STORE": self.store,
            "CART_CATALOG": str(self.bench.catalog),
            "CART_OUTPUT": "json",
            "CART_LOCK_WAIT": str(lock_wait),
            "CART_PAYMENT_DELAY": str(delay),
            "CART_PASSWORD": "correct horse",
        }
        if self.bench.processor:
            env[ADDRESS] = self.bench.processor
        return self.bench.zygote.start(
            self._folder / f"run{next(self._runs)}",
            args,
            env,
            program=program or (self.bench.program if fault else self.bench.command),
            fault=fault,
            attacked=self.attacked,
            stdin=card,
        )

    def run(self, *args: str, **options: Any) -> Ended:
        """Run a command to its end."""
        return self.start(*args, **options).ended()

    def books(self) -> Books:
        """What the store says now."""
        return self.reader.books()

    def picture(self) -> Picture:
        """All files as they are now."""
        return Picture.of(self.attacked)

    def broken_promises(
        self, *runs: Ended, books: Books | None = None, may_change: Sequence[str] = ()
    ) -> Iterator[str]:
        """What is wrong with those `runs`, with the carts and payments as they are now (unless
        their `books` were just read), and with what had to stay as it was, unless it belongs to
        one who `may_change` it."""
        for run in runs:
            yield from misbehaviour(run)
        books = books or self.books()
        yield from disagreements(books)
        scene = self.bench.scene
        for name in self.reader.changed(scene.picture, may_change):
            yield f"{name} changed"
        if books.carts.get(scene.also, {}).get("lines") != priced({DRONE: 1}, "before"):
            yield "the user's other cart changed"


def prepared(bench: Bench) -> Scene:
    """The shop, prepared by the command itself."""
    logins = {}
    with Trial(bench, bench.catalog.with_name("scene"), NOTHING) as trial:
        for user in ("bob", "alice"):
            _run(trial, "login", user, "--register")
            logins[user] = trial.reader.saved_login.read_bytes()
            _run(trial, "checkout", _new(trial, PLATES, 1), "--card", "-", card=GOOD)
            if user == "bob":
                bobs = [_new(trial, DRONE, 4) for _ in range(4)]
                trial.reader.saved_login.unlink()  # a login of another folder, which stays
        also = _new(trial, DRONE, 1)
        cart = _new(trial, PLATES, CONTENTS[PLATES])
        _run(trial, "add", cart, TEA, str(CONTENTS[TEA]))
        # Orders of one bucket share LEDGER: Bob's cart is to be in another one.
        apart = next(one for one in bobs if one[:2] != cart[:2])
        return Scene(trial.picture(), bench.catalog, cart, also, apart, logins)


def _new(trial: Trial, sku: str, quantity: int) -> str:
    cart_id: str = _run(trial, "add", "new", sku, str(quantity)).json["id"]
    return cart_id


def _run(trial: Trial, *args: str, **options: Any) -> Ended:
    ended = trial.run(*args, **options)
    assert ended.status == 0, ended
    return ended

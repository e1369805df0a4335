"""What all tests share: two users, a small catalogue, a clock set by hand, and the real `cart`."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, Final, NamedTuple, TypeVar

from cartcli import Cart, Controller, Identity, Item, Line, Money, Receipt, Settings, open_shop
from cartcli.cli.login_file import SavedLogin
from cartcli.model.changes import Add
from cartcli.model.order import Attempt
from cartcli.model.quote import Quote
from cartcli.payment import EMBEDDED
from cartcli.payment.card import Card
from tests.warm.cart import warm_parent

T = TypeVar("T")

ALICE: Final = Identity("alice")
BOB: Final = Identity("bob")
PASSWORD: Final = "correct horse battery staple"

CARD: Final = "4242 4242 4242 4242"
DECLINED_CARD: Final = "4000000000000002"
LOST_ANSWER_CARD: Final = "4000000000000341"  # charged, but the answer is lost
WAITING_CARD: Final = "4000002500003155"  # charged after the bank has asked the customer

# The original demonstration's three items, and one whose name is wide on a terminal.
PLATES: Final = "205591201309003190_7662246479379859829"
RICE: Final = "104835569772621442_1192278084129500173"
DRONE: Final = "141398737587437883_1354554456861557135"
TEA: Final = "TEA-玉露"
CATALOG: Final = (
    (PLATES, "Genpak Elite Laminated Foam Plates", "39.47", "6 inches, White, Round"),
    (RICE, "Gourmet House Cracked Minnesota Cultivated Wild Rice", "29.38", "1 lb (Pack of 12)"),
    (DRONE, "Angry Birds Licensed Bomb Squak-Copter", "49.50", "Color: Black. Gender: Male"),
    (TEA, "玉露 green tea", "12.345", 'from "Uji", 100 g'),
)

CART: Final = Path(sys.executable).with_name("cart")
_TIMEOUT: Final = 120


class Clock:
    """A clock that stands still until it is moved; give it where the present time is asked for."""

    def __init__(self, now: datetime = datetime(2026, 1, 2, 3, 4, 5, 678_901, UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, *, days: float = 0, hours: float = 0, seconds: float = 0) -> None:
        """Go forward, or back by a negative amount."""
        self.now += timedelta(days=days, hours=hours, seconds=seconds)


def item(sku: str = "MUG", price: str = "8.90", currency: str = "USD") -> Item:
    """Something on sale."""
    return Item(sku, f"name of {sku}", Money(price, currency), "")


def line(sku: str = "MUG", quantity: int = 1, price: str = "8.90", currency: str = "USD") -> Line:
    """A line of a cart: so many of an `item`."""
    return Line.of(item(sku, price, currency), quantity)


def add(sku: str = "MUG", quantity: int = 1, price: str = "8.90", currency: str = "USD") -> Add:
    """The change that makes such a `line` in a new cart."""
    return Add(sku, quantity, item(sku, price, currency))


def attempt_for(cart: Cart, card: str = CARD, *, key: str = "", amount: str = "") -> Attempt:
    """An attempt to pay `cart` with the embedded processor, at the prices when put in. Its key is
    new, and its amount the total, unless others are given."""
    payer = Card(card)
    key = key or os.urandom(16).hex()
    quote = Quote.of(cart.lines, cart.currency)
    return Attempt(
        key,
        cart.id,
        quote,
        Money(amount, cart.currency) if amount else quote.total,
        EMBEDDED,
        key,
        payer.brand,
        payer.last4,
        cart.updated,
    )


def receipt_for(attempt: Attempt, payment: str | None = "pay_1") -> Receipt:
    """The receipt of an `attempt` that was charged."""
    return Receipt(
        attempt.cart,
        payment,
        attempt.key,
        attempt.reference,
        attempt.amount,
        attempt.brand,
        attempt.last4,
        attempt.quote,
        attempt.created + timedelta(seconds=1),
    )


def write_catalog(path: Path, rows: Iterable[Sequence[str]] = CATALOG) -> Path:
    """Write `rows` of SKU, name, price and description as a catalogue to `path`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("sku", "name", "price", "description"))
        writer.writerows(rows)
    return path


def write_long_ago(path: Path, content: str | bytes) -> Path:
    """Write a file to `path` of which everybody sees that nobody is writing it any more, though
    its last line has no end."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


def shop_in(
    store: Path, clock: Callable[[], datetime] | None = None, **settings: Any
) -> Controller:
    """The shop in the folder `store`, whatever this process's environment says. It sells the
    sample catalogue unless the `settings`, or the store, have another one."""
    chosen = Settings(str(store), **settings)
    return open_shop(chosen, clock=clock) if clock else open_shop(chosen)


def register(user: str, store: Path, password: str = PASSWORD) -> Identity:
    """Register `user` and leave them logged in on `store`, as `cart login --register` does, but
    without starting a process."""
    session = shop_in(store).login(user, password, register=True)
    SavedLogin(str(store)).save(session.token)
    return session.identity


class Ran(NamedTuple):
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """Standard output, which is JSON."""
        return json.loads(self.stdout)

    @property
    def notes(self) -> str:
        """Standard error, which is lines of JSON, as the lines that people read."""
        told = (json.loads(line) for line in self.stderr.splitlines())
        return "".join(f"{text}\n" for note in told for text in note.values())


def run_cart(
    *args: str,
    store: Path | None = None,
    input: str | bytes | None = None,  # noqa: A002 - as subprocess.run calls it
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    cold: bool = False,
) -> Ran:
    """Run the installed `cart` with `args` and wait for its end.

    It is a process of its own, which sees no variable of this process's but those of `env`, and a
    HOME that is new and empty unless `env` names one. Without `input`, its standard input is empty.
    It is forked from a warm parent; in a new interpreter when it has to be `cold`, or when `env`
    is about how an interpreter starts.
    """
    data = input.encode() if isinstance(input, str) else input or b""
    with tempfile.TemporaryDirectory() as home:
        env = cart_env({"HOME": home} | dict(env or {}), store)
        parent = None if cold else warm_parent(args, cart_env({}))
        if parent and parent.suits(env):
            ran = parent.run(
                [str(CART), *args], data=data, env=env, cwd=str(cwd or Path.cwd()), timeout=_TIMEOUT
            )
        else:
            ran = subprocess.run(
                [CART, *args],
                input=data,
                capture_output=True,
                env=env,
                cwd=cwd,
                timeout=_TIMEOUT,
                check=False,
            )
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def cart_env(env: Mapping[str, str], store: Path | None = None) -> dict[str, str]:
    """A clean environment for a child process, with `env` added and CART_STORE set to `store`.

    Only PYTHONPATH is inherited: the child runs the code that the tests import.
    """
    clean = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    if "PYTHONPATH" in os.environ:
        clean["PYTHONPATH"] = os.environ["PYTHONPATH"]
    if store is not None:
        clean["CART_STORE"] = str(store)
    return clean | dict(env)


def at_once(threads: int, call: Callable[[int], T]) -> list[T | Exception]:
    """`call(0)`, `call(1)`, … in as many threads, started together; an error is its result."""
    barrier = Barrier(threads)

    def run(number: int) -> T | Exception:
        barrier.wait(_TIMEOUT)
        try:
            return call(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


@contextmanager
def held(path: Path) -> Iterator[None]:
    """The lock file `path`, locked as if by another process: this one does not know."""
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield

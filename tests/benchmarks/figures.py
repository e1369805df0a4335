"""Every figure of the table: what is measured, against what, and what the ratio may be."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from tests.benchmarks.installation import Installation
from tests.benchmarks.measure import Command, Figure, figure, in_turn

CARD: Final = "4242424242424242"
SKU: Final = "MUG-350-WHT"
_FLOOR: Final = "import click"
_TABLE_FLOOR: Final = "import click, tabulate"

# Makes carts of owner-0 on demand: one a line of standard input, whose id it prints.
_CART_MAKER: Final = """\
import sys, cartcli
shop, owner = cartcli.open_shop(store=sys.argv[1]), cartcli.Identity("owner-0")
for line in sys.stdin:
    print(shop.update_cart(owner, None, {"MUG-350-WHT": 2}).id, flush=True)
"""


class Sizes(NamedTuple):
    """How large the large shops are."""

    owners: int
    carts_each: int
    bought: int
    items: int
    rows: tuple[int, ...]


LARGE: Final = Sizes(100_000, 10, 10_000, 100_000, (1, 1_000, 100_000))
QUICK: Final = Sizes(1_000, 10, 500, 5_000, (1, 1_000))


class Shop(NamedTuple):
    """A store where owner-0 is logged in, and an open cart of theirs."""

    store: Path
    env: dict[str, str]
    cart: str


class Bench:
    """Measures the `installation` in the folder `work`, each figure with so many `pairs`."""

    def __init__(self, installation: Installation, work: Path, sizes: Sizes, pairs: int) -> None:
        self._installation = installation
        self._work = work
        self._sizes = sizes
        self._pairs = pairs
        self._small = self._shop("small", 1, 1, 0)

    def figures(self) -> Iterator[Figure]:
        """All of them, in the order of the table."""
        yield from self._commands()
        yield self._checkout()
        yield self._memory()
        yield from self._sizes_of_shops()
        yield from self._library()
        yield from self._rivals()

    def _commands(self) -> Iterator[Figure]:
        cart = self._small.cart
        subprocess.run(
            [self._cart, "add", cart, SKU, "900000"],
            env=self._small.env,
            check=True,
            capture_output=True,
        )
        for args, code, at_most in (
            (["--version"], _FLOOR, 1.15),
            (["--help"], _FLOOR, 1.15),
            (["add", cart, SKU], _FLOOR, 1.35),
            (["add", cart, SKU, "-o", "json"], _FLOOR, 1.35),
            (["remove", cart, SKU, "1"], _FLOOR, 1.35),
            (["carts", "-o", "json"], _FLOOR, 1.35),
            (["catalog", "-o", "json"], _FLOOR, 1.35),
            (["carts"], _TABLE_FLOOR, 1.25),
            (["catalog"], _TABLE_FLOOR, 1.25),
        ):
            found = in_turn(self._run(self._small, *args), self._floor(code), self._pairs)
            name = " ".join(["cart", *args]).replace(cart, "CART").replace(SKU, "SKU")
            yield figure(name, _python(code), at_most, found)

    def _checkout(self) -> Figure:
        with self._cart_maker() as new_cart:
            card = self._card()

            def checkout() -> float:
                args = ("checkout", new_cart(), "--card", "-")
                return self._run(self._small, *args, stdin=card)()

            found = in_turn(checkout, self._floor(_FLOOR), self._pairs)
        return figure("cart checkout CART --card -", _python(_FLOOR), 1.5, found)

    def _memory(self) -> Figure:
        ours = self._command(self._small, "add", self._small.cart, SKU).peak_memory
        theirs = self._floor_command(_FLOOR).peak_memory
        found = in_turn(ours, theirs, max(3, self._pairs // 4))
        return figure("peak memory of cart add", _python(_FLOOR), 1.25, found, "MB")

    def _sizes_of_shops(self) -> Iterator[Figure]:
        sizes = self._sizes
        bought_each = sizes.carts_each // 5
        large = self._shop("large", sizes.owners, sizes.carts_each - bought_each, bought_each)
        yield self._add(
            f"in a shop of {sizes.owners:,} owners and {sizes.owners * sizes.carts_each:,} carts",
            large,
            "in a shop of one cart",
            1.1,
        )
        yield self._add(
            f"by an owner with {sizes.bought:,} purchased carts",
            self._shop("regular", 1, 1, sizes.bought),
            "with none",
            1.1,
        )
        catalog = self._work / "large.csv"
        _write_catalog(catalog, sizes.items)
        stocked = self._shop("stocked", 1, 1, 0, catalog)
        yield self._add(f"with a catalogue of {sizes.items:,} items", stocked, "of 40", 1.25)

    def _add(self, what: str, shop: Shop, against: str, at_most: float) -> Figure:
        found = in_turn(
            self._run(shop, "add", shop.cart, SKU),
            self._run(self._small, "add", self._small.cart, SKU),
            self._pairs,
        )
        return figure(f"cart add {what}", against, at_most, found)

    def _library(self) -> Iterator[Figure]:
        folder = self._work / "library"
        command = [
            self._installation.python,
            _script("library.py"),
            str(folder),
            str(10 * self._pairs),
        ]
        ran = subprocess.run(command, env=_env(), check=True, stdout=subprocess.PIPE)
        for name, found in json.loads(ran.stdout).items():
            writes = found["writes"]
            yield figure(
                f"shop.{name}",
                f"{len(writes)} bare durable write{'s' if len(writes) > 1 else ''}",
                1.5,
                found["pairs"],
                note=f"writes {', '.join(writes)}; makes {found['folders']:.1f} folders",
            )

    def _rivals(self) -> Iterator[Figure]:
        row = self._work / "row.json"
        row.write_text('{"cart": "1", "sku": "MUG-350-WHT", "quantity": 1}\n')
        argv = [
            self._installation.script("sqlite-utils"),
            "insert",
            str(self._work / "shop.db"),
            "lines",
            "-",
        ]
        insert = Command(argv, _env(), str(row))
        floor = self._floor(_FLOOR)
        found = in_turn(insert.seconds, floor, self._pairs)
        yield figure("sqlite-utils insert of one row", _python(_FLOOR), None, found)
        for rows in self._sizes.rows:
            path = self._work / f"{rows}.pickle"
            script = [self._installation.python, _script("dataframe.py"), str(path)]
            subprocess.run([*script, str(rows)], env=_env(), check=True)
            found = in_turn(Command(script, _env()).seconds, floor, max(5, self._pairs // 4))
            what = f"the plain design: one dataframe of {rows:,} cart{'s' if rows > 1 else ''}"
            yield figure(what, _python(_FLOOR), None, found)

    def _shop(
        self, name: str, owners: int, opened: int, bought: int, catalog: Path | None = None
    ) -> Shop:
        store = self._work / name
        sizes = [str(owners), str(opened), str(bought)]
        script = [self._installation.python, _script("shops.py"), str(store), *sizes]
        subprocess.run(script, env=_env(), check=True)
        env = _env() | {"CART_STORE": str(store)}
        if catalog:
            env["CART_CATALOG"] = str(catalog)
        login = [self._cart, "login", "owner-0", "--register"]
        with_password = env | {"CART_PASSWORD": "correct horse"}
        subprocess.run(login, env=with_password, check=True, capture_output=True)
        listing = [self._cart, "carts", "-o", "json"]
        carts = subprocess.run(listing, env=env, check=True, stdout=subprocess.PIPE).stdout
        cart: str = json.loads(carts)[0]["id"]
        os.sync()  # or the disk is still busy with it while we measure
        return Shop(store, env, cart)

    @contextmanager
    def _cart_maker(self) -> Iterator[Callable[[], str]]:
        command = [self._installation.python, "-c", _CART_MAKER, str(self._small.store)]
        with subprocess.Popen(
            command, env=_env(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as maker:
            requests, answers = maker.stdin, maker.stdout
            assert requests is not None
            assert answers is not None

            def new_cart() -> str:
                requests.write("\n")
                requests.flush()
                return answers.readline().strip()

            yield new_cart
            requests.close()

    @property
    def _cart(self) -> str:
        return self._installation.script("cart")

    def _card(self) -> str:
        path = self._work / "card.txt"
        path.write_text(CARD + "\n")
        return str(path)

    def _command(self, shop: Shop, *args: str, stdin: str = os.devnull) -> Command:
        return Command([self._cart, *args], shop.env, stdin)

    def _run(self, shop: Shop, *args: str, stdin: str = os.devnull) -> Callable[[], float]:
        return self._command(shop, *args, stdin=stdin).seconds

    def _floor_command(self, code: str) -> Command:
        return Command([self._installation.python, "-c", code], _env())

    def _floor(self, code: str) -> Callable[[], float]:
        return self._floor_command(code).seconds


def _env() -> dict[str, str]:
    """This process's environment without what would change what is measured."""
    ours = ("CART_", "PYTHON")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _script(name: str) -> str:
    """A file of this folder that runs in the installation."""
    return str(Path(__file__).with_name(name))


def _python(code: str) -> str:
    return f'python -c "{code}"'


def _write_catalog(path: Path, items: int) -> None:
    """Write a catalogue of many items, those that are in the carts at its end."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("sku", "name", "price", "description"))
        for number in range(items - 2):
            text = "One of the many things that a large shop has on sale"
            writer.writerow((f"SKU-{number:06}", f"Thing, number {number}", "12.50", text))
        writer.writerow(("TEA-SEN-100", "Sencha", "12.40", "100 g"))
        writer.writerow((SKU, "Stoneware mug, white", "8.90", "350 ml"))

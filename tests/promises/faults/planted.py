"""Faults to plant in a copy of the package: the harness must find each of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import cartcli
from tests.promises.faults.attacks import carts, checkout, flushes, people, processor, rivals
from tests.promises.faults.scene import GOOD, LOST, Bench
from tests.promises.faults.sweeps import Attack, sweep

Hunt = Callable[[Bench, int], list[str]]


class Edit(NamedTuple):
    """Put `new` in place of the one `old` in the module `file`; without `old`, at its end."""

    file: str
    old: str
    new: str


class Planted(NamedTuple):
    """A fault, as one or several edits, and what finds it: given a bench, and the step from one
    point to the next."""

    name: str
    hunt: Hunt
    edits: tuple[Edit, ...]


def plant(folder: Path, *edits: Edit) -> Path:
    """Copy the package into `folder`, and edit the copy; the folder to import it from."""
    source = Path(cartcli.__file__).parent
    shutil.copytree(source, folder / "cartcli", ignore=shutil.ignore_patterns("__pycache__"))
    for file, old, new in edits:
        path = folder / "cartcli" / file
        text = path.read_text("utf-8")
        if old:
            assert text.count(old) == 1, f"{file} has no longer one {old!r}: plant it elsewhere"
            text = text.replace(old, new)
        else:
            text += new
        path.write_text(text, "utf-8")
    return folder


def _by(attack: Attack, *kinds: str, start: int = 1) -> Hunt:
    def hunt(bench: Bench, step: int) -> list[str]:
        return sweep(bench, attack, kinds, points=(start, step), first=True).findings

    return hunt


# The cart is not marked yet at the first calls.
_killed = _by(checkout.checkout(GOOD), "kill", start=14)
_frozen = _by(rivals.second_checkout, "stop")

_SETTLE: Final = """\
            payment = self._processor.cancel(cart.attempt.key, cart.attempt.order)
            return self._record(identity, cart.attempt, payment)
"""
_NEW_KEY: Final = Edit(
    "checkout.py",
    _SETTLE,
    """\
            return self._carts.unpurchase(identity, cart.id, cart.attempt.key)
""",
)
_NO_LEDGER: Final = Edit(
    "payment/local.py",
    'with files.locked(f"{self._orders}/{order[:2]}/lock", self._lock_wait):',
    "if not files.make_folder(os.path.dirname(self._order_file(order))):",
)

PLANTED: Final = (
    Planted(
        "settled by a bare look-up",
        _killed,
        (
            Edit(
                "payment/local.py",
                """"cancelled", nothing, "", "", self._clock()
                )
                self._record(payment)
""",
                """"cancelled", nothing, "", "", self._clock()
                )
""",
            ),
        ),
    ),
    Planted("a new key on retry", _killed, (_NEW_KEY,)),
    Planted(
        "a new key on retry, and a processor that knows no orders",
        _killed,
        (
            _NEW_KEY,
            Edit(
                "payment/local.py",
                "self._known(attempt.key, attempt.order)",
                "self._recorded(attempt.key)",
            ),
        ),
    ),
    Planted(
        "unmarked on any exception",
        _by(checkout.checkout(LOST), "kill", start=30),
        (
            Edit(
                "checkout.py",
                """\
            payment = self._processor.charge(attempt, card)
""",
                """\
            try:
                payment = self._processor.charge(attempt, card)
            except Exception:
                self._carts.unpurchase(identity, cart_id, attempt.key)
                raise
""",
            ),
        ),
    ),
    Planted(
        "charged before it is marked",
        _killed,
        (
            Edit(
                "checkout.py",
                "attempt = self._carts.purchase(identity, cart_id, freeze).attempt",
                "attempt = freeze(self._carts.find(identity, cart_id)[0])",
            ),
            Edit(
                "checkout.py",
                """\
            cart = self._record(identity, attempt, payment)
""",
                """\
            self._carts.purchase(identity, cart_id, lambda _: attempt)
            cart = self._record(identity, attempt, payment)
""",
            ),
        ),
    ),
    Planted(
        "an interrupt taken for a refusal",
        _by(checkout.checkout(GOOD), "interrupt", start=30),
        (Edit("checkout.py", "except (Exception, KeyboardInterrupt) as", "except Exception as"),),
    ),
    Planted(
        "overwritten in place",
        _by(carts.add, "kill"),
        (
            Edit("files.py", "os.rename(temporary, path)", "_overwrite(path, read(temporary))"),
            Edit(
                "files.py",
                "",
                """

def _overwrite(path, data):
    os.unlink(f"{path}.tmp")
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(fd, data)
    os.fsync(fd)
    os.close(fd)
""",
            ),
        ),
    ),
    Planted(
        "created in place",
        _by(people.register_first, "kill"),
        (
            Edit("files.py", "os.link(temporary, path)", "_copy(temporary, path)"),
            Edit(
                "files.py",
                "",
                """

def _copy(temporary, path):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(fd, read(temporary))
    os.fsync(fd)
    os.close(fd)
""",
            ),
        ),
    ),
    Planted(
        "an error of the disk swallowed",
        _by(carts.add, "EIO"),
        (
            Edit(
                "cart_db/pickle_files.py",
                """\
            self._flush(unit)
""",
                """\
            try:
                self._flush(unit)
            except OSError:
                pass
""",
            ),
        ),
    ),
    Planted(
        "no lock PAY",
        _frozen,
        (
            Edit(
                "cart_db/pickle_files.py",
                "return files.locked(path, self._lock_wait if patient else 0, busy)",
                "return __import__('contextlib').nullcontext()",
            ),
        ),
    ),
    Planted(
        "no lock OWNER",
        _by(rivals.two_adds, "stop"),
        (
            Edit(
                "cart_db/pickle_files.py",
                "with files.locked(owner.lock, self._lock_wait, busy):",
                "if busy:",
            ),
        ),
    ),
    Planted(
        "no lock LEDGER, two charges",
        _by(processor.two_charges, "stop"),
        (_NO_LEDGER,),
    ),
    Planted(
        "no lock LEDGER, a charge and a cancellation",
        _by(processor.charge_and_cancel, "stop"),
        (_NO_LEDGER,),
    ),
    Planted(
        "the cart is looked at before PAY is held",
        _frozen,
        (
            Edit("checkout.py", "            cart = self._settled(identity, before)\n", ""),
            Edit(
                "checkout.py",
                """\
        with self._carts.paying(identity, cart_id):
""",
                """\
        cart = self.settle(identity, cart_id)
        with self._carts.paying(identity, cart_id):
""",
            ),
        ),
    ),
    Planted(
        "a receipt at today's prices",
        _killed,
        (
            Edit(
                "checkout.py",
                """\
        attempt.lines,
        payment.created,
""",
                """\
        _todays(attempt.lines),
        payment.created,
""",
            ),
            Edit(
                "checkout.py",
                "",
                """

def _todays(lines):
    import os
    from cartcli.catalog_db import open_catalog_db

    catalog = open_catalog_db(os.environ["CART_CATALOG"], "USD")
    items = catalog.get_descriptions([line.sku for line in lines])
    return tuple(type(line).of(items[line.sku], line.quantity) for line in lines)
""",
            ),
        ),
    ),
    Planted(
        "a customer waits for another",
        _by(rivals.bystanders, "stop"),
        (
            Edit(
                "payment/local.py",
                'f"{self._orders}/{order[:2]}/lock"',
                "files.make_folder(os.path.dirname(self._order_file(order)))"
                ' or f"{self._orders}/lock"',
            ),
        ),
    ),
    Planted(
        "a lock in a folder that is not durable",
        lambda bench, step: flushes.flushes(bench).findings,
        (
            Edit(
                "files.py",
                "    make_folder(os.path.dirname(path))\n    return",
                "    os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)\n    return",
            ),
        ),
    ),
    Planted(
        "content that is not synced",
        lambda bench, step: flushes.flushes(bench).findings,
        (
            Edit(
                "files.py",
                """\
            rest = rest[os.write(fd, rest) :]
        _sync(fd)
""",
                """\
            rest = rest[os.write(fd, rest) :]
""",
            ),
        ),
    ),
    Planted(
        "a purchase dropped from the open carts before it is durable",
        lambda bench, step: flushes.cut_off(bench).findings,
        (
            Edit(
                "cart_db/owner_folder.py",
                "            files.sync_folder(self._purchased_folder)\n",
                "            pass\n",
            ),
        ),
    ),
    Planted(
        "a payment told of before it is durable",
        lambda bench, step: flushes.cut_off(bench).findings,
        (
            Edit(
                "payment/local.py",
                "            files.sync_folder(os.path.dirname(self._payment_file(payment.key)))\n",
                "            pass\n",
            ),
        ),
    ),
    Planted(
        "names that are not synced",
        lambda bench, step: flushes.flushes(bench).findings,
        (
            Edit(
                "files.py",
                "def sync_folder(path: str) -> None:\n",
                "def sync_folder(path: str) -> None:\n    return\n\n\ndef _unused(path: str):\n",
            ),
        ),
    ),
)

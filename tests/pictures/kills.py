"""The kill map: a checkout with a fault at each of its calls of the file system, a column a call, a
row a fault. A cell tells what the store said then, before the same command was run once more, after
which the cart was purchased, and charged once, every time: `measured` has seen it.

`python -m tests.pictures --kills` measures it anew, and keeps it in kills.json.
"""

from __future__ import annotations

import itertools
import json
from html import escape
from pathlib import Path
from typing import Final

from tests.promises.faults.attacks.checkout import pay
from tests.promises.faults.injector import KINDS, Fault
from tests.promises.faults.judge import Books
from tests.promises.faults.scene import GOOD, Bench

KEPT: Final = Path(__file__).with_name("kills.json")
STATES: Final = {
    "open": ("#8c959f", "open, not charged"),
    "pending": ("#d4a72c", "waits, not charged"),
    "charged": ("#e16f24", "waits, charged"),
    "purchased": ("#2da44e", "purchased"),
}
_FAULTS: Final = {
    "kill": "killed before the call",
    "killed": "killed after the call",
    "interrupt": "interrupted",
    "EIO": "the disk fails",
    "ENOSPC": "the disk is full",
    "EACCES": "permission denied",
    "EMFILE": "too many open files",
    "EIO+": "the disk fails for good",
}
_CELL, _ROW, _LEFT, _TOP = 13, 20, 170, 96
Map = dict[str, list[tuple[str, str]]]  # by the fault: each call, and the state that it left


def measured(bench: Bench, kinds: tuple[str, ...] = KINDS) -> Map:
    """Every fault of these `kinds` at every call of a checkout. AssertionError when the same
    command does not end it with a purchase that was charged once."""
    return {kind: [*_row(bench, kind)] for kind in kinds}


def _row(bench: Bench, kind: str) -> list[tuple[str, str]]:
    cells: list[tuple[str, str]] = []
    for at in itertools.count(1):
        with bench.trial() as trial:
            run = pay(trial, GOOD, Fault(kind, at))
            if not run.met:
                return cells
            cells.append((run.met[0], _state(trial.books(), bench.scene.cart)))
            again = pay(trial, GOOD, None, "after")
            books = trial.books()
            assert again.status == 0, again
            assert _state(books, bench.scene.cart) == "purchased"
            assert len(books.captures(bench.scene.cart)) == 1
    raise AssertionError


def _state(books: Books, cart: str) -> str:
    state = str(books.carts[cart]["state"])
    return "charged" if state == "pending" and books.captures(cart) else state


def kept() -> Map:
    """What was measured last."""
    found = json.loads(KEPT.read_text(encoding="utf-8"))
    return {kind: [(call, state) for call, state in cells] for kind, cells in found.items()}


def keep(found: Map) -> None:
    rows = (f"  {json.dumps(kind)}: {json.dumps(cells)}" for kind, cells in found.items())
    KEPT.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def drawing() -> str:
    found = kept()
    columns = max(map(len, found.values()))
    width, height = _LEFT + _CELL * columns + 20, _TOP + _ROW * len(found) + 40
    calls = max(found.values(), key=len)
    parts = [_call(number, call) for number, (call, _) in enumerate(calls)]
    for row, (kind, cells) in enumerate(found.items()):
        top = _TOP + _ROW * row
        parts.append(f'<text x="{_LEFT - 8}" y="{top + 14}" class="r">{_FAULTS[kind]}</text>')
        parts += [_cell(number, top, state) for number, (_, state) in enumerate(cells)]
    for number, (color, meaning) in enumerate(STATES.values()):
        x, y = _LEFT + 150 * number - 120, height - 14
        parts.append(f'<rect x="{x}" y="{y - 11}" width="12" height="12" rx="2" fill="{color}"/>')
        parts.append(f'<text x="{x + 18}" y="{y}">{meaning}</text>')
    faults = sum(map(len, found.values()))
    title = f"A checkout with one of {faults} faults: what the store said then"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' width="{width}" height="{height}"><title>{title}</title>\n'
        "<style>text { font: 12px system-ui, sans-serif; fill: #59636e; } .r { text-anchor: end; }"
        " @media (prefers-color-scheme: dark) { text { fill: #9198a1; } }</style>\n"
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _call(number: int, call: str) -> str:
    x, y = _LEFT + _CELL * number + 10, _TOP - 6
    return f'<text x="{x}" y="{y}" transform="rotate(-90 {x} {y})">{escape(call)}</text>'


def _cell(number: int, top: int, state: str) -> str:
    x = _LEFT + _CELL * number
    return (
        f'<rect x="{x}" y="{top}" width="{_CELL - 2}" height="{_ROW - 4}" rx="2"'
        f' fill="{STATES[state][0]}"/>'
    )

"""What the ledger on files reads, it does not believe: each kind of damage is told, with the path
and the cart, and the file is left as it is."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from cartcli import Cart
from cartcli.errors import RepairStore, RestoreData
from cartcli.payment import Payment, PaymentProcessor, open_embedded
from cartcli.payment.card import Card
from tests.helpers import CARD, DECLINED_CARD, WAITING_CARD, Clock, attempt_for, line

CART: Final = "6f1c0d5e-8a43-4c39-9a55-3d9bd0a4b7f2"
OTHER: Final = "6f00000e-8a43-4c39-9a55-3d9bd0a4b7f2"
Record = dict[str, Any]


@pytest.fixture
def processor(store: Path, clock: Clock) -> PaymentProcessor:
    """One with answers of each kind for the cart, of which the last is the capture."""
    processor = open_embedded(str(store), 1, 0, clock)
    for number in (DECLINED_CARD, WAITING_CARD, CARD):
        processor.charge(attempt(CART), Card(number))
        processor.cancel(attempt(OTHER))
    return processor


@pytest.fixture
def path(store: Path, processor: PaymentProcessor) -> Path:
    """The file of the cart's answers."""
    return store / "payments" / CART[:2] / f"{CART}.json"


def attempt(cart: str) -> Any:
    now = Clock().now
    return attempt_for(Cart(cart, "alice", "open", (line("MUG", 2),), "USD", now, now))


def sealed(text: str) -> bytes:
    """A JSON object with its checksum as the last member: damage that no checksum can tell."""
    body = text.encode("utf-8", "surrogatepass").removesuffix(b"}")
    return body + b', "crc32": "%08x"}\n' % zlib.crc32(body)


def told(processor: PaymentProcessor, path: Path) -> RestoreData:
    """The error for the damaged file: the same for who pays and who audits."""
    data = path.read_bytes()
    with pytest.raises(RestoreData) as error:
        processor.cancel(attempt(CART))
    (audited,) = (found for found in processor.payments() if isinstance(found, RestoreData))
    for one in (error.value, audited):
        assert (one.path, one.facts["cart"]) == (str(path), CART)
        assert str(path) in one.message
        assert len(one.message) < 1_000
    assert path.read_bytes() == data
    return audited


def test_a_flipped_bit(processor: PaymentProcessor, path: Path) -> None:
    data = path.read_bytes()
    for at in range(0, len(data), 7):
        flipped = bytearray(data)
        flipped[at] ^= 1 << at % 8
        path.write_bytes(bytes(flipped))
        told(processor, path)


def holding(answers: str, version: int = 2) -> str:
    """A record with `answers`, which need be none."""
    return f'{{"format": {version}, "cart": "{CART}", "answers": {answers}}}'


HOSTILE: Final = {
    "deep lists": holding("[" * 500 + "]" * 500),
    "deeper lists": holding("[" * 300_000 + "]" * 300_000),
    "deep objects": holding('[{"key":' + '{"a":' * 400 + "1" + "}" * 400 + "}]"),
    "a million digits": holding("9" * 1_000_000),
    "no answers": holding("[]"),
    "no list": holding("{}"),
    "null": holding("[null]"),
    "a list of lists": holding("[[]]"),
    "a list of text": holding('["x"]'),
    "a list of nothing": holding("[{}]"),
    "NaN": '{"format": 2, "cart": NaN, "answers": []}',
    "no cart": '{"format": 2, "answers": []}',
    "nothing": '{"format": 2}',
    "no object": '["format", 2}',
    "no JSON": "?",
    "a format that never was": holding("[]", 0),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_json(processor: PaymentProcessor, path: Path, text: str) -> None:
    path.write_bytes(sealed(text))
    told(processor, path)


def _set(at: int, **fields: object) -> Callable[[Record], None]:
    return lambda record: record["answers"][at].update(fields)


def _quote(**fields: object) -> Callable[[Record], None]:
    return lambda record: record["answers"][-1]["quote"].update(fields)


_TIMES: Final = ("", "now", "2026-02-30T00:00:00.000000Z", "2026-01-01", 5, None)
_REASONS: Final[list[object]] = [None, "\udfff", [[]]]
_QUOTES: Final[list[object]] = [{}, [], "", 5, {"lines": []}]
_LINES: Final[list[object]] = [None, [], [[]], [["MUG", "x", "8.90", 0]], "abcd"]
CHANGES: Final[list[Callable[[Record], object]]] = [
    lambda record: record.update(cart=OTHER),
    lambda record: record.update(cart=None),
    lambda record: record.update(surprise="!"),
    lambda record: record["answers"].append(record["answers"][-1]),  # after a final answer
    lambda record: record["answers"].append(record["answers"][0]),
    lambda record: record["answers"].append({**record["answers"][0], "status": "waiting"}),
    lambda record: record["answers"][-1].update(surprise="!"),
    lambda record: record["answers"][-1].update(cart=OTHER),
    lambda record: record["answers"][-1].update(final="!"),
    lambda record: record["answers"][-1].pop("amount"),
    lambda record: record["answers"][-1].pop("id"),
    lambda record: record["answers"][-1].pop("reason"),
    lambda record: record["answers"][-1].pop("quote"),
    lambda record: record["answers"][-1].pop("reference"),
    *[_set(-1, key=key) for key in ("", "x", "F" * 32, None, 5)],
    *[_set(-1, key=key, reference=key) for key in ("", "x", "F" * 32)],
    *[_set(-1, reference=reference) for reference in ("", "0" * 32, None)],
    *[_set(-1, status=status) for status in ("paid", "", None, ["charged"], "cancelled")],
    *[_set(0, status=status) for status in ("cancelled", "pending")],
    *[_set(-1, amount=amount) for amount in (1, 1.5, "1e3", "-1", "NaN", "", None, "9" * 41)],
    *[_set(-1, amount=amount) for amount in ("17.81", "0")],  # not what the quote comes to
    *[_set(-1, currency=code) for code in ("ZZZ", "", None, ["USD"], "JPY ")],
    *[_set(-1, created=time) for time in _TIMES],
    *[_set(-1, last4=last4) for last4 in ("4242424242424242", "42", None, 4242, "424\n")],
    *[_set(-1, brand=brand) for brand in (None, "\ud800", 5)],
    *[_set(-1, reason=reason) for reason in _REASONS],
    *[_set(-1, quote=quote) for quote in _QUOTES],
    *[_quote(lines=lines) for lines in _LINES],
    *[_quote(lines=[["MUG", name, "8.90", 2]]) for name in (None, "half \ud800")],
    *[_quote(lines=[["MUG", "x", price, 2]]) for price in ("8.91", "1e3", None, "-1")],
    *[_quote(was=was) for was in (None, [["MUG", "x", "1.00", 1]] * 2)],
    *[_quote(entries=entries) for entries in (None, [], [["total", "Total", "17.80"]])],
    _quote(entries=[["subtotal", "Subtotal", "17.80"], ["total", "Total", "17.81"]]),
    _quote(entries=[["subtotal", "\ud800", "17.80"], ["total", "Total", "17.80"]]),
]


def test_impossible_values(processor: PaymentProcessor, path: Path) -> None:
    original = path.read_bytes()
    for number, change in enumerate(CHANGES):
        record = json.loads(original)
        record.pop("crc32")
        change(record)
        path.write_bytes(sealed(json.dumps(record)))
        assert path.read_bytes() != original, number
        told(processor, path)


def test_an_unchanged_record_is_believed(processor: PaymentProcessor, path: Path) -> None:
    """So that what is told above is told of the change."""
    before = [*processor.payments()]
    record = json.loads(path.read_bytes())
    record.pop("crc32")
    path.write_bytes(sealed(json.dumps(record)))
    assert [*processor.payments()] == before
    assert all(isinstance(payment, Payment) for payment in before)


def test_answers_of_another_cart(processor: PaymentProcessor, path: Path) -> None:
    shutil.copy(path.with_name(f"{OTHER}.json"), path)
    assert "of another cart" in told(processor, path).message


def test_answers_in_the_wrong_folder(processor: PaymentProcessor, path: Path) -> None:
    wrong = path.parents[1] / "aa" / path.name
    wrong.parent.mkdir()
    shutil.copy(path, wrong)
    before = [*processor.payments()]
    errors = [found for found in before if isinstance(found, RestoreData)]
    assert [(error.path, error.facts["cart"]) for error in errors] == [(str(wrong), CART)]
    assert "wrong folder" in errors[0].message
    wrong.unlink()
    assert [*processor.payments()] == [found for found in before if found not in errors]


def test_what_is_no_file(processor: PaymentProcessor, path: Path) -> None:
    path.unlink()
    path.mkdir()
    with pytest.raises(RestoreData, match="not a regular file") as error:
        processor.cancel(attempt(CART))
    assert (error.value.path, error.value.facts["cart"]) == (str(path), CART)


def test_a_newer_version_is_told_as_such(processor: PaymentProcessor, path: Path) -> None:
    path.write_bytes(sealed(holding("[]", 3)))
    assert "newer version of cartcli (format 3)" in told(processor, path).message


def test_an_older_version_is_told_as_such(processor: PaymentProcessor, path: Path) -> None:
    path.write_bytes(sealed(holding("[]", 1)))
    with pytest.raises(RepairStore, match="older version"):
        processor.cancel(attempt(CART))


def test_files_of_no_cart_are_nobodys(processor: PaymentProcessor, path: Path) -> None:
    before = [*processor.payments()]
    for name in ("README", f"{CART}", f"{CART}.json.tmp", f"{'0' * 32}.json", "x.json"):
        path.with_name(name).write_bytes(b"?")
    (path.parents[1] / "stray").write_bytes(b"?")
    assert [*processor.payments()] == before

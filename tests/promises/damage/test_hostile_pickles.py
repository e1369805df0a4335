"""Pickles whose checksum is right and whose content is not ours: nothing in them is ever called,
and none takes more than a second or 200 MB."""

from __future__ import annotations

import io
import json
import pickle
import pickletools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli.cart_db.pickle.codec import decode, encode
from cartcli.cart_db.records import cart_record
from cartcli.errors import RestoreData
from cartcli.wire.records import as_dict
from tests.helpers import ALICE, cart_env
from tests.promises.damage.sample import Sample, sealed_pickle

PROTO: Final = b"\x80\x02"
MEGABYTE: Final = 1_000_000
_ROOT: Final = Path(__file__).parents[3]


_sung: Final[list[str]] = []


class _Canary:
    """Sings when it is loaded."""

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return sing, ("reduced",)


def sing(song: str) -> None:
    """What a hostile pickle tries to have called."""
    _sung.append(song)


_MODULE: Final = b"tests.promises.damage.test_hostile_pickles"
_SING: Final = b"c" + _MODULE + b"\nsing\n"
_SONG: Final = b"X\x03\x00\x00\x00la "
_CANARY: Final = b"c" + _MODULE + b"\n_Canary\n"


def _nested(opening: bytes, closing: bytes, count: int) -> bytes:
    return opening * count + closing * (count - 1)


def _entry(key: str, value: bytes) -> bytes:
    return b"X" + len(key).to_bytes(4, "little") + key.encode() + value


CALLS: Final = {
    "reduce": _SING + b"(" + _SONG + b"tR",
    "tuple1 reduce": _SING + _SONG + b"\x85R",
    "inst": b"(" + _SONG + b"i" + _MODULE + b"\nsing\n",
    "obj": b"(" + _SING + _SONG + b"o",
    "newobj": _CANARY + b")\x81",
    "newobj_ex": _CANARY + b")}\x92",
    "build": _CANARY + b")\x81}b",
    "stack_global": b"\x8c\x2atests.promises.damage.test_hostile_pickles\x8c\x04sing\x93"
    + _SONG
    + b"\x85R",
    "persistent id": b"Psing\n",
    "binary persistent id": _SONG + b"Q",
    "extension 1": b"\x82\x01",
    "extension 2": b"\x83\x01\x00",
    "extension 4": b"\x84\x01\x00\x00\x00",
    "in a dict": b"}" + _SONG + _SING + _SONG + b"\x85Rs",
    "after a whole value": b"}0" + _SING + _SONG + b"\x85R",
}

# Less than a megabyte each, and much more than that for whoever believes them.
BOMBS: Final = {
    "memo index": b"]r\xff\xff\xff\x7f",
    "memo index, text": b"]p999999999\n",
    "doubling references": b"]q\x00" + b"(h\x00h\x00e" * 100,
    "doubling tuples": b")q\x00" + b"".join(b"h%c\x86q%c" % (n, n + 1) for n in range(60)),
    "nested tuples as a key": b"}" + b")" + b"\x85" * 500_000 + b"Ns",
    "text length": b"X\xff\xff\xff\xff",
    "text length 8": b"\x8d\xff\xff\xff\xff\xff\xff\xff\x7f",
    "bytes length": b"B\xff\xff\xff\xff",
    "bytes length 8": b"\x8e\xff\xff\xff\xff\xff\xff\xff\x7f",
    "bytearray length": b"\x96\xff\xff\xff\xff\xff\xff\xff\x7f",
    "string length": b"T\xff\xff\xff\x7f",
    "long length": b"\x8b\xff\xff\xff\x7f",
    "long digits": b"L" + b"9" * (MEGABYTE - 20) + b"L\n",
    "int digits": b"I" + b"9" * (MEGABYTE - 20) + b"\n",
    "frame length": b"\x95\xff\xff\xff\xff\xff\xff\xff\x7f",
    "nested lists": _nested(b"]", b"a", 400_000),
    "nested dicts": b"}" * 200_000 + b"NN" + b"s" * 199_999,
    "nested marks": b"(" * 900_000 + b"]",
    "nested batches": _nested(b"](", b"e", 300_000),
    "nested lists for a name": b"}("
    + _entry("format", b"K\x02")
    + _entry("carts", b"]")
    + _entry("owner", _nested(b"]", b"a", 400_000))
    + b"u",
    "nested lists for carts": b"}("
    + _entry("format", b"K\x02")
    + _entry("carts", _nested(b"]", b"a", 400_000))
    + b"u",
    "many carts that are none": b"}("
    + _entry("format", b"K\x02")
    + _entry("owner", b"X\x05\x00\x00\x00user0")
    + _entry("carts", b"](" + b"}" * 900_000 + b"e")
    + b"u",
    "many keys": b"}(" + b"".join(b"J%bN" % n.to_bytes(4, "little") for n in range(160_000)) + b"u",
}


def _every_opcode() -> dict[str, bytes]:
    return {f"only {code.name}": code.code.encode("latin-1") for code in pickletools.opcodes}


@pytest.mark.parametrize("body", [*CALLS.values()], ids=CALLS)
def test_nothing_in_a_pickle_is_ever_called(body: bytes) -> None:
    _sung.clear()
    with pytest.raises(RestoreData, match="more than plain values"):
        decode("file", sealed_pickle(PROTO + body + b"."))
    assert _sung == []


@pytest.mark.parametrize("name", ["reduce", "inst", "obj", "newobj", "persistent id"])
def test_nothing_is_called_even_if_an_opcode_slips_through(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cartcli.cart_db.pickle.codec._is_plain", lambda body: True)
    _sung.clear()
    with pytest.raises(RestoreData, match=r"refused"):
        decode("file", sealed_pickle(PROTO + CALLS[name] + b"."))
    assert _sung == []


def test_the_canary_sings_where_it_is_let_out() -> None:
    for name in ("reduce", "tuple1 reduce", "inst", "obj", "stack_global", "in a dict"):
        _sung.clear()
        pickle.loads(PROTO + CALLS[name] + b".")
        assert _sung, name
    _sung.clear()


@pytest.mark.parametrize(
    "value", [_Canary(), sing, (1, 2), {1, 2}, b"bytes", 1.5, True, 1 << 40, {"a": (1,)}]
)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_value_that_is_not_plain_is_refused(value: object, protocol: int) -> None:
    with pytest.raises(RestoreData):
        decode("file", sealed_pickle(pickle.dumps(value, protocol)))
    assert _sung == []


def test_no_bomb_harms(tmp_path: Path) -> None:
    folder = tmp_path / "carts"
    bombs = {name: PROTO + body + b"." for name, body in BOMBS.items()}
    for name, opcode in _every_opcode().items():
        bombs[name] = PROTO + opcode * (MEGABYTE // len(opcode)) + b"."
        bombs[f"{name} and no stop"] = PROTO + opcode * 1_000
    paths = []
    for number, body in enumerate(bombs.values()):
        assert len(body) <= 1 << 20
        path = folder / f"user{number}" / "open.pickle"
        path.parent.mkdir(parents=True)
        path.write_bytes(sealed_pickle(body))
        paths.append(path)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.promises.damage.bombs", *map(str, paths)],
        cwd=_ROOT,
        env=cart_env({}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    reports = [json.loads(line) for line in ran.stdout.splitlines()]
    blown = dict(zip(bombs, reports, strict=False))
    if len(blown) < len(bombs):
        pytest.fail(f"{list(bombs)[len(blown)]} ended the interpreter:\n{ran.stderr[-2_000:]}")
    for name, (_, refused, seconds, megabytes) in blown.items():
        assert refused, name
        assert seconds < 1, name
        assert megabytes < 200, name


_scalars = st.none() | st.integers(-(1 << 31), (1 << 31) - 1) | st.text(max_size=5)
_plain = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)


@given(_plain)
def test_what_is_plain_comes_back(value: object) -> None:
    data = encode(value)
    assert decode("file", data) == value
    assert pickle.loads(data) == value  # any Python reads it, and never looks at the seal


@pytest.fixture(scope="module")
def own(pristine: Sample, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """A store whose open carts are mutated over and over."""
    return pristine.copied(tmp_path_factory.mktemp("mutations"))


@given(data=st.data())
def test_mutated_bytes_are_told_or_make_carts(
    pristine: Sample, own: Sample, data: st.DataObject
) -> None:
    body = bytearray(pristine.open_file().read_bytes().rpartition(b"\ncartcli:")[0])
    for _ in range(data.draw(st.integers(1, 4), label="mutations")):
        at = data.draw(st.integers(2, len(body) - 1), label="at")
        size = data.draw(st.sampled_from([0, 0, 1, 2, 5, 40]), label="replaced")
        opcode = st.sampled_from(pickletools.opcodes).map(lambda op: op.code.encode("latin-1"))
        body[at : at + size] = data.draw(opcode | st.binary(max_size=6), label="by")
    own.open_file().write_bytes(sealed_pickle(bytes(body)))
    _judge(own)


@given(data=st.data())
def test_mutated_values_are_told_or_make_carts(
    pristine: Sample, own: Sample, data: st.DataObject
) -> None:
    record = pickle.loads(pristine.open_file().read_bytes())
    place: Any = record
    while True:
        key = data.draw(st.sampled_from(_keys(place)), label="key")
        if not _keys(place[key]) or data.draw(st.integers(0, 5), label="stop") == 0:
            break
        place = place[key]
    place[key] = data.draw(st.sampled_from(ODD_VALUES) | _plain, label="value")
    own.open_file().write_bytes(_as_anybody_could(record))
    _judge(own)


def _as_anybody_could(record: object) -> bytes:
    """The file with this in it, also if we would not write that."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, protocol=2)
    pickler.fast = True
    pickler.dump(record)
    return sealed_pickle(buffer.getvalue())


def _judge(own: Sample) -> None:
    """The file was told as damaged, or its carts can be shown; and it is as it was."""
    before = own.open_file().read_bytes()
    try:
        carts = own.shop.get_carts(ALICE, which="unpurchased")
    except RestoreData as error:
        if str(own.open_file()) not in error.message:
            raise
        carts = []
    for cart in carts:
        assert cart.owner == ALICE.owner
        assert json.dumps(as_dict(cart))
        assert decode("file", encode(cart_record(cart))) == cart_record(cart)
    assert own.open_file().read_bytes() == before
    assert _sung == []


def _keys(value: object) -> list[Any]:
    if isinstance(value, dict):
        return [*value]
    return [*range(len(value))] if isinstance(value, list) else []


ODD_VALUES: Final[list[object]] = [
    *(
        "",
        "0",
        "-1",
        "1e9",
        "9" * 40,
        "0." + "9" * 39,
        "NaN",
        "\ud800",
        "USD",
        "JPY",
        "XXX",
        "open",
    ),
    *("pending", "purchased", "0001-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999-23:59"),
    *(0, -1, 1_000_000, None, [], {}, [[]], ["a", "b", "1.00", 1], [["total", "Total", "1"]]),
    *("subtotal", "total", "tax", "embedded", "none"),
]

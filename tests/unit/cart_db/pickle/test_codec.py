"""Sealed pickles: plain Python reads them, and nothing hostile is ever called."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli.cart_db.pickle.codec import decode, encode
from cartcli.errors import RestoreData
from tests.helpers import cart_env

VALUE = {"format": 1, "user": "zoë", "carts": [{"id": "6f1c", "lines": [["MUG", 2]], "x": None}]}

texts = st.text(st.characters(exclude_categories=["Cs"]))
small = st.integers(-(2**31), 2**31 - 1)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | small | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=12,
)


def sealed(pickled: bytes) -> bytes:
    """`pickled` with a seal that fits, as anyone can make it."""
    return pickled + b"\ncartcli:%08x\n" % zlib.crc32(pickled)


@given(values)
def test_a_value_survives_and_plain_pickle_reads_it(value: Any) -> None:
    data = encode(value)
    assert decode("a path", data) == value
    assert pickle.load(io.BytesIO(data)) == value
    assert pickle.loads(data) == value


def test_a_python_without_this_package_reads_it() -> None:
    code = "import pickle, sys; print(ascii(pickle.load(sys.stdin.buffer)))"
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        input=encode(VALUE),
        capture_output=True,
        env=cart_env({}),
        timeout=60,
        check=True,
    )
    assert ran.stdout.decode().strip() == ascii(VALUE)


def test_equal_strings_are_not_shared() -> None:
    """Sharing needs the memo, with which a small pickle can describe an endless value."""
    text = "the same"
    assert decode("a path", encode([text] * 3)) == [text] * 3


def test_what_could_not_be_read_again_is_not_written() -> None:
    for text in ("\ud800", "x\udfff", "\udced"):
        with pytest.raises(ValueError, match="not Unicode"):
            encode(["plain", text])
    assert decode("a path", encode("\ud55c\uae00")) == "\ud55c\uae00"  # which begins alike


def test_a_flipped_bit_is_told() -> None:
    data = encode(VALUE)
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(RestoreData, match=r"damaged: /a/path\.pickle: "):
            decode("/a/path.pickle", bytes(flipped))


def test_a_lost_or_added_end_is_told() -> None:
    data = encode(VALUE)
    for content in (*(data[:size] for size in range(len(data))), data[1:], data + b"\n", data * 2):
        with pytest.raises(RestoreData, match="damaged"):
            decode("a path", content)


called: list[str] = []


def harm() -> None:
    """What a hostile pickle calls when it is read by a reader that trusts it."""
    called.append("harm")


class Hostile:
    """Unpickled, it calls `harm`."""

    def __reduce__(self) -> Any:
        return harm, ()


def unshared(value: Any) -> bytes:
    """A pickle of `value` without the memo."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, protocol=2)
    pickler.fast = True
    pickler.dump(value)
    return buffer.getvalue()


def hostile() -> dict[str, bytes]:
    """Pickles that must not be read, by what is wrong with them."""
    made = {
        f"a call, protocol {protocol}": pickle.dumps(Hostile(), protocol=protocol)
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    }
    doubling: list[Any] = []
    for _ in range(40):
        doubling = [doubling, doubling]
    cycle: list[Any] = []
    cycle.append(cycle)
    deep: list[Any] = []
    for _ in range(50):
        deep = [1, deep]
    return made | {
        "a global": b"\x80\x02cos\nsystem\n.",
        "a stack global": b"\x80\x04\x8c\x02os\x8c\x06system\x93.",
        "an instance": b"(S'true'\nios\nsystem\n.",
        "an extension": b"\x80\x02\x82\x01.",
        "a persistent id": b"\x80\x02Pid\n.",
        "a class": pickle.dumps(zlib.error, protocol=2),
        "bytes": pickle.dumps(b"x", protocol=2),
        "a tuple": pickle.dumps((1, 2), protocol=2),
        "a float": pickle.dumps(1.5, protocol=2),
        "a truth": pickle.dumps(True, protocol=2),
        "a set": pickle.dumps({1}, protocol=4),
        "a huge number": pickle.dumps(1 << 80, protocol=2),
        "another protocol": pickle.dumps({"a": 1}, protocol=4),
        "shared values": pickle.dumps([[], []], protocol=2),  # has a memo
        "doubling": pickle.dumps(doubling, protocol=2),
        "a cycle": pickle.dumps(cycle, protocol=2),
        "deep nesting": unshared(deep),
        "a lying length": b"\x80\x02X\xff\xff\xff\x7fabc.",
        "a lone surrogate": b"\x80\x02X\x03\x00\x00\x00\xed\xa0\x80.",
        "no value": b"\x80\x02.",
        "an end without a start": b"\x80\x02e.",
        "a key without a value": b"\x80\x02}(K\x01u.",
        "a key that is a list": b"\x80\x02}(]K\x01u.",
        "two pickles": pickle.dumps(None, protocol=2) * 2,
        "nothing": b"",
    }


@pytest.mark.parametrize("pickled", hostile().values(), ids=hostile())
def test_a_hostile_pickle_is_refused(pickled: bytes) -> None:
    called.clear()
    with pytest.raises(RestoreData, match="damaged: a path: it"):
        decode("a path", sealed(pickled))
    assert not called


def test_plain_pickle_would_have_called() -> None:
    """So that the test above can fail."""
    called.clear()
    pickle.loads(pickle.dumps(Hostile(), protocol=2))
    assert called == ["harm"]


@given(st.binary(max_size=80))
def test_any_sealed_bytes_are_read_or_refused(body: bytes) -> None:
    for pickled in (body, b"\x80\x02" + body + b"."):
        try:
            decode("a path", sealed(pickled))
        except RestoreData as error:
            assert error.message.startswith("stored data is damaged: a path: ")  # noqa: PT017


PLAIN = [b"}", b"]", b"(", b"u", b"s", b"e", b"a", b"N", b"K\x01", b"X\x01\x00\x00\x00a"]


@given(st.lists(st.sampled_from(PLAIN), max_size=14).map(b"".join))
def test_any_plain_opcodes_are_read_or_refused(body: bytes) -> None:
    """What passes the check of opcodes still may make no sense."""
    try:
        value = decode("a path", sealed(b"\x80\x02" + body + b"."))
    except RestoreData:
        return
    assert decode("a path", encode(value)) == value

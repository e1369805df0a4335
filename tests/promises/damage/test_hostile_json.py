"""JSON records with a right checksum, and catalogues, made to harm whoever reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartcli.errors import FixInput, LogIn, RestoreData
from tests.helpers import run_cart, shop_in, write_long_ago
from tests.promises.damage.readers import READERS
from tests.promises.damage.sample import FILES, OF_FORMAT_2, Sample, sealed_json

HOSTILE: Final = {
    "deep lists": b'{"format": 1, "key": ' + b"[" * 500_000 + b"]" * 500_000 + b"}",
    "deep objects": b'{"format": 1, "key": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
    "a million digits": b'{"format": ' + b"9" * 1_000_000 + b"}",
    "a million digits in a field": b'{"format": 1, "key": ' + b"9" * 1_000_000 + b"}",
    "a huge exponent": b'{"format": 1e999999999}',
    "NaN": b'{"format": NaN}',
    "infinity": b'{"format": -Infinity}',
    "no object": b'["format", 1}',
    "a list": b"[1]",
    "half a surrogate pair": b'{"format": 1, "key": "\\ud800"}',
    "not UTF-8": b'{"format": 1, "key": "\xff"}',
    "NUL": b'{"format": 1, "key": "\0"}',
    "a format twice": b'{"format": 1, "format": 2}',
    "nothing but a seal": b"",
    "a megabyte of quotes": b'"' * 1_000_000,
    "a megabyte of text": b'{"format": 1, "key": "' + b"x" * 1_000_000 + b'"}',
    "a list for a field": b'{"format": 1, "key": []}',
}


@pytest.mark.parametrize("kind", ["charged", "waiting", "session", "guest", "user", "turns"])
@pytest.mark.parametrize("text", [*HOSTILE.values()], ids=HOSTILE)
def test_a_hostile_record_is_told(sample: Sample, kind: str, text: bytes) -> None:
    path = FILES[kind](sample)
    read = READERS[kind](sample)
    if kind in OF_FORMAT_2:
        text = text.replace(b'"format": 1', b'"format": 2')
    path.write_bytes(sealed_json(text))
    if kind == "turns" and _is_fine(text):
        read = (
            sample.shop.merchant.audit
        )  # a fine record of something else; turns tell in test_values
        assert read() is not None
        return
    with pytest.raises(RestoreData) as told:
        read()
    assert str(path) in told.value.message
    assert len(told.value.message) < 1_000


def _is_fine(text: bytes) -> bool:
    """Whether these are only the turns of an account of another name."""
    return text.startswith((b'{"format": 1, "key": "', b'{"format": 1, "key": []')) and (
        b"\xff" not in text
    )


ANSWERS: Final = {
    "none": b"[]",
    "nothing": b"null",
    "an object": b'{"0": {}}',
    "a list of nothing": b"[null]",
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "shallow lists": b"[" * 200 + b"]" * 200,
    "a million empty ones": b"[" + b"{}," * 1_000_000 + b"{}]",
    "a million of nothing": b"[" + b"null," * 1_000_000 + b"null]",
    "a field of deep objects": b'[{"key": ' + b'{"a":' * 400 + b"1" + b"}" * 401 + b"]",
    "a field of a megabyte": b'[{"' + b"x" * 1_000_000 + b'": "", "created": ""}]',
}


@pytest.mark.parametrize("text", [*ANSWERS.values()], ids=ANSWERS)
def test_hostile_answers_are_told(sample: Sample, text: bytes) -> None:
    path = FILES["charged"](sample)
    read = READERS["charged"](sample)
    cart = sample.pending.id.encode()
    path.write_bytes(sealed_json(b'{"format": 2, "cart": "%s", "answers": %s}' % (cart, text)))
    with pytest.raises(RestoreData) as told:
        read()
    assert (told.value.path, told.value.facts["cart"]) == (str(path), sample.pending.id)
    assert len(told.value.message) < 1_000
    named = [one for one in sample.shop.merchant.audit().disagreements if str(path) in one.problem]
    assert [one.cart for one in named] == [sample.pending.id]


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def own(pristine: Sample, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """A store whose records are mutated over and over."""
    return pristine.copied(tmp_path_factory.mktemp("records"))


# What only the file itself can know, and may so be any that fits.
_FREE: Final = {
    *("id", "brand", "last4", "reason", "created", "expires", "status", "amount", "roles"),
    *("label", "name"),
}


@given(data=st.data())
def test_mutated_records_are_told_or_as_they_were(own: Sample, data: st.DataObject) -> None:
    kinds = ["charged", "waiting", "declined", "cancelled", "session", "guest"]
    kind = data.draw(st.sampled_from(kinds), label="kind")
    path, read = FILES[kind](own), READERS[kind](own)
    original, expected = path.read_bytes(), read()
    record = json.loads(original)
    record.pop("crc32")
    place: Any = record["answers"][0] if "answers" in record else record
    field = data.draw(st.sampled_from(sorted({*place} - _FREE)), label="field")
    if field == "quote" and place[field]:
        place, field = place[field], data.draw(st.sampled_from(["lines", "entries", "was"]))
    before, place[field] = place[field], data.draw(_values, label="value")
    same = json.dumps(place[field]) == json.dumps(before)
    path.write_bytes(sealed_json(json.dumps(record).encode()))
    try:
        believed = read() == expected
    except (RestoreData, LogIn) as error:
        told = str(path) in error.message or field == "digest"  # which is another secret's
        believed = not told
    path.write_bytes(original)
    assert believed is same


_HEADER: Final = b"sku,name,price,description\n"
CATALOGUES: Final = {
    "a huge field": _HEADER + b"A,name,1.00," + b"x" * 1_000_000 + b"\n",
    "a huge line of commas": _HEADER + b"," * 1_000_000,
    "a lone quote": _HEADER + b'A,"name,1.00,text\n',
    "a quote inside": _HEADER + b'A,"na"me,1.00,text\n',
    "a NUL in a SKU": _HEADER + b"A\0B,name,1.00,text\n",
    "an escape in a SKU": _HEADER + b"A\x1b[2J,name,1.00,text\n",
    "a million digits": _HEADER + b"A,name," + b"9" * 100_000 + b",text\n",
    "an exponent": _HEADER + b"A,name,1e9,text\n",
    "not UTF-8": _HEADER + b"A,\xff,1.00,text\n",
    "half a surrogate pair": _HEADER + b"A,\xed\xa0\x80,1.00,text\n",
    "UTF-16 without a mark": "sku,name,price,description\nA,b,1,c\n".encode("utf-16-le"),
    "half of UTF-16": b"\xff\xfes\0k",
    "UTF-16 that is none": b"\xff\xfe\x00\xd8",
    "no header": b"A,name,1.00,text\n",
    "a header twice": _HEADER.replace(b"name", b"sku"),
    "nothing": b"",
    "one NUL": b"\0",
    "quotes alone": b'"' * 1_001,
}


@pytest.mark.parametrize("text", [*CATALOGUES.values()], ids=CATALOGUES)
def test_a_hostile_catalogue_is_refused(store: Path, catalog: Path, text: bytes) -> None:
    write_long_ago(catalog, text)
    with pytest.raises(FixInput) as told:
        shop_in(store, catalog=str(catalog)).get_catalog()
    assert str(catalog) in told.value.message
    assert catalog.read_bytes() == text


@given(text=st.binary(max_size=60) | st.text(alphabet='",\n\r\0;A1.\ufeff', max_size=40))
def test_whatever_a_catalogue_holds_it_is_refused_or_sold(
    tmp_path_factory: pytest.TempPathFactory, text: bytes | str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    content = _HEADER + (text if isinstance(text, bytes) else text.encode())
    path = write_long_ago(folder / "any.csv", content)
    try:
        items = shop_in(folder / "none", catalog=str(path)).get_catalog()
    except FixInput:
        return
    assert all(item.sku.isprintable() and item.price.amount >= 0 for item in items)


def test_a_catalogue_cannot_drive_the_terminal(store: Path, catalog: Path) -> None:
    catalog.write_bytes(_HEADER + b"A,\x1b[2J\x07\0name,1.00,\x1b]0;title\x07\n")
    ran = run_cart("--catalog", str(catalog), "catalog", store=store)
    assert ran.returncode == 0
    assert "name" in ran.stdout
    assert not {"\x1b", "\x07", "\0"} & {*ran.stdout}

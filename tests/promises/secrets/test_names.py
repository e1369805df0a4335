"""User names of any sort: none leaves the store's folder, none is taken for another."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cartcli import Identity
from cartcli.errors import FixInput
from cartcli.files import names
from tests.helpers import DRONE, PASSWORD, run_cart, shop_in

ODD: Final = {
    "parent": "../x",
    "far parent": "../../../../../../tmp/x",
    "absolute": "/etc/passwd",
    "dot": ".",
    "dots": "..",
    "hidden": ".ssh",
    "backslash": "..\\x",
    "escaped dots": "%2e%2e",
    "escaped slash": "..%2fx",
    "percent": "%",
    "home": "~root",
    "shell": "$(touch x); ! | & * ? 'x'",
    "a dash": "-rf",
    "a lock": "lock",
    "open.pickle": "open.pickle",
    "Turkish": "y\N{LATIN SMALL LETTER DOTLESS I}ld\N{LATIN SMALL LETTER DOTLESS I}z",
    "ligature": "\N{LATIN SMALL LIGATURE FI}ona",
    "sharp s": "Stra\N{LATIN SMALL LETTER SHARP S}e",
    "blanks": "a b c",
    "another alphabet": "\N{CYRILLIC SMALL LETTER A}\N{CYRILLIC SMALL LETTER ZHE} 玉露",
    "combining": "e\N{COMBINING ACUTE ACCENT}",
    "a device": "con",
    "a guest": "guest",
    "a colon": "guests:x",
    "longest": "x" * 80,
    "longest, escaped": "\N{GRINNING FACE}" * 20,
}

REFUSED: Final = {
    "empty": "",
    "blank": " \t ",
    "NUL": "a\0b",
    "newline": "a\nb",
    "escape": "a\x1b[2Jb",
    "too long": "x" * 300,
    "81 bytes": "x" * 81,
    "82 bytes of UTF-8": "\N{LATIN SMALL LETTER E WITH ACUTE}" * 41,
    "longer when folded": "\N{LATIN SMALL LIGATURE FFI}" * 40,
    "half a surrogate pair": "\ud800",
    "not UTF-8": os.fsdecode(b"\xff"),
    "unassigned": "\U000e0fff",
    "private": "\ue000",
    "a guest's": "guest:" + "0" * 32,
    "a guest's, in capitals": " GUEST:x",
    "a guest's, in wide letters": "\N{FULLWIDTH LATIN SMALL LETTER G}uest\N{FULLWIDTH COLON}x",
    "another provider's": "oidc:" + "0" * 32,
    "one that is forgotten": "Forgotten-" + "0" * 32,
    "two blanks": "a  b",
    "two blanks of other sorts": "a\N{NO-BREAK SPACE}\N{EM SPACE}b",
    "zero width joiner": "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}",
    "right to left": "\N{RIGHT-TO-LEFT OVERRIDE}ecila",
    "soft hyphen": "al\N{SOFT HYPHEN}ice",
    "grapheme joiner": "al\N{COMBINING GRAPHEME JOINER}ice",
    "Hangul filler": "alice\N{HANGUL FILLER}",
    "halfwidth Hangul filler": "\N{HALFWIDTH HANGUL FILLER}alice",
    "Hangul filler of a first sound": "alice\N{HANGUL CHOSEONG FILLER}",
    "Khmer vowel": "alice\N{KHMER VOWEL INHERENT AQ}",
    "Mongolian selector": "alice\N{MONGOLIAN FREE VARIATION SELECTOR FOUR}",
    "variation selector": "alice\N{VARIATION SELECTOR-16}",
    "variation selector for Han": "玉\N{VARIATION SELECTOR-17}",
    "Braille blank": "alice\N{BRAILLE PATTERN BLANK}",
    "null notehead": "alice\N{MUSICAL SYMBOL NULL NOTEHEAD}",
    "Cyrillic in Latin": "\N{CYRILLIC SMALL LETTER A}lice",
    "Greek in Latin": "alice \N{GREEK SMALL LETTER OMICRON}",
    "Cyrillic like Latin": "\N{CYRILLIC SMALL LETTER A}\N{CYRILLIC SMALL LETTER ES} 玉露",
    "a dot on an i": "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}stanbul",
    "another dash": "jean\N{HYPHEN}luc",
    "another quote": "o\N{RIGHT SINGLE QUOTATION MARK}brien",
    "a grave accent": "`x`",
    "Greek in Cyrillic": "\N{CYRILLIC SMALL LETTER ZHE}\N{GREEK CAPITAL LETTER ALPHA}",
}


def _everything(folder: Path) -> set[str]:
    return {os.fsdecode(bytes(path)) for path in folder.rglob("*")}


@pytest.mark.usefixtures("quick_passwords")
@pytest.mark.parametrize("name", ODD.values(), ids=ODD)
def test_an_odd_name_stays_inside_the_store(tmp_path: Path, name: str) -> None:
    store = tmp_path / "a" / "store"
    store.parent.mkdir()
    (tmp_path / "x").write_bytes(b"mine")
    shop = shop_in(store)
    session = shop.login(name, PASSWORD, register=True)
    cart = shop.update_cart(session.identity, None, {DRONE: 1})
    shop.checkout_cart(session.identity, cart.id, "4242424242424242")
    again = shop_in(store)
    assert again.merchant.knows(name)
    assert [one.id for one in again.get_carts(session.identity, which="all")] == [cart.id]
    assert again.merchant.audit().disagreements == []
    outside = {path for path in _everything(tmp_path) if not path.startswith(f"{store}/")}
    assert outside == {str(tmp_path / "x"), str(store.parent), str(store)}
    assert len(list((store / "carts").iterdir())) == 1
    assert len(list((store / "users").iterdir())) == 1


@pytest.mark.parametrize("name", REFUSED.values(), ids=REFUSED)
def test_an_unfit_name_is_refused(tmp_path: Path, name: str) -> None:
    store = tmp_path / "store"
    with pytest.raises(FixInput):
        shop_in(store).login(name, PASSWORD, register=True)
    with pytest.raises(ValueError, match="user name"):
        Identity(name)
    assert not store.exists()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("alice", "Alice", True),
        ("alice", " alice ", True),
        ("stra\N{LATIN SMALL LETTER SHARP S}e", "STRASSE", True),
        ("\N{LATIN SMALL LIGATURE FI}ona", "fiona", True),
        ("e\N{COMBINING ACUTE ACCENT}", "\N{LATIN CAPITAL LETTER E WITH ACUTE}", True),
        ("\N{FULLWIDTH LATIN SMALL LETTER A}", "a", True),
        ("\N{KELVIN SIGN}", "k", True),
        ("\N{LATIN SMALL LETTER DOTLESS I}", "i", False),
        ("\N{CYRILLIC SMALL LETTER ZHE}", "x", False),
        ("\N{FULLWIDTH HYPHEN-MINUS}", "-", True),
        ("a\N{NO-BREAK SPACE}b", "a b", True),
        ("%2e", ".", False),
        ("a b", "ab", False),
        ("a_b", "a-b", False),
    ],
)
def test_names_are_one_user_when_they_fold_alike(one: str, other: str, same: bool) -> None:
    assert (Identity(one) == Identity(other)) is same
    assert (names.file_name(Identity(one).owner) == names.file_name(Identity(other).owner)) is same


_letters = st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn"])
_names = st.text(_letters, min_size=1, max_size=20) | st.text("aA%2eE./", min_size=1, max_size=4)


@given(one=_names, other=_names)
def test_no_two_names_collide(one: str, other: str) -> None:
    identities = [_identity(name) for name in (one, other)]
    assume(None not in identities)
    owners = [identity.owner for identity in identities if identity]
    files = [names.file_name(owner) for owner in owners]
    assert (files[0] == files[1]) is (owners[0] == owners[1])
    for name, owner in zip(files, owners, strict=True):
        assert names.named_by(name) == owner
        assert unicodedata.normalize("NFKC", owner).casefold() == owner
        assert not set(name) & set("/\\.\0 ~")
        assert name == name.lower()  # also on a file system that knows no case
        assert name not in ("", "con")
        assert len(name) <= 240


def _identity(name: str) -> Identity | None:
    try:
        return Identity(name)
    except ValueError:
        return None


@given(name=st.text(alphabet="./\\%2eEfF~ \t\0a\u0130\ufb01", max_size=12))
def test_paths_in_disguise_stay_inside(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    identity = _identity(name)
    assume(identity is not None)
    assert identity is not None
    folder = tmp_path_factory.mktemp("disguise")
    shop_in(folder / "store").update_cart(identity, None, {})
    (owner,) = (folder / "store" / "carts").iterdir()
    assert [path.name for path in folder.iterdir()] == ["store"]
    assert sorted(path.name for path in owner.iterdir()) == ["lock", "open.pickle"]


_STRANGERS: Final = {
    "a guest": Identity.guest(),
    "of a path": Identity("../x", issuer="https://id.example/../", subject="../../x"),
    "of the same name": Identity("alice", issuer="https://id.example", subject="alice"),
    "of an empty name": Identity("", issuer="https://id.example", subject="\0/\x1b"),
    "with a long subject": Identity("alice", issuer="x" * 5_000, subject="y" * 255),
}


@pytest.mark.usefixtures("quick_passwords")
@pytest.mark.parametrize("stranger", _STRANGERS.values(), ids=_STRANGERS)
def test_who_has_no_name_here_stays_inside_and_is_nobody_else(
    tmp_path: Path, stranger: Identity
) -> None:
    store = tmp_path / "a" / "store"
    store.parent.mkdir()
    shop = shop_in(store)
    alice = shop.login("alice", PASSWORD, register=True).identity
    mine, theirs = (shop.update_cart(one, None, {DRONE: 1}) for one in (alice, stranger))
    for one, cart in ((alice, mine), (stranger, theirs)):
        assert [found.id for found in shop_in(store).get_carts(one)] == [cart.id]
    assert [path.name for path in store.parent.iterdir()] == ["store"]
    folders = {names.named_by(path.name) for path in (store / "carts").iterdir()}
    assert folders == {"alice", stranger.owner}
    with pytest.raises(FixInput):  # nobody takes that place by registering its name
        shop.login(stranger.owner, PASSWORD, register=True)
    assert len(list((store / "users").iterdir())) == 1


def test_a_provider_that_means_nobody_vouches_for_nobody() -> None:
    with pytest.raises(ValueError, match="whom it means"):
        Identity("alice", issuer="https://id.example")  # else all of its users were one


@pytest.mark.parametrize("name", ["../x", "-rf", "\N{GRINNING FACE}" * 20])
def test_the_command_takes_odd_names(store: Path, name: str) -> None:
    ran = run_cart(
        "login", "--register", "--password-stdin", "--", name, store=store, input=PASSWORD
    )
    assert ran.returncode == 0
    assert run_cart("whoami", "-o", "json", store=store).json["user"] == name
    assert {path.name for path in store.parent.iterdir()} <= {"store", "home"}


@pytest.mark.parametrize(
    "name", ["", " ", "x" * 300, "a\x1b[2J", os.fsdecode(b"\xff"), "guest:0", "OIDC:0"]
)
def test_the_command_refuses_unfit_names(store: Path, name: str) -> None:
    ran = run_cart(
        "login", "--register", "--password-stdin", "--", name, store=store, input=PASSWORD
    )
    assert ran.returncode == 2
    assert "user name" in " ".join(ran.stderr.split())
    assert "\x1b" not in ran.stderr
    assert not store.exists()

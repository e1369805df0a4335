"""What can be a password."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import pytest

from cartcli.errors import FixInput, LogIn
from cartcli.idp import open_logins
from cartcli.idp.rules import check_password
from tests.helpers import ALICE, PASSWORD, Clock


def test_what_is_too_long_for_a_password_is_not_put_in_order(
    store: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To put its marks in order would keep every thread of the process waiting for seconds."""
    logins = open_logins(str(store), 5, clock)
    normalized: list[int] = []

    def normalize(form: Literal["NFC"], text: str) -> str:
        normalized.append(len(text))
        return unicodedata.normalize(form, text)

    monkeypatch.setattr("cartcli.idp.rules.unicodedata", SimpleNamespace(normalize=normalize))
    endless = "a" + "\u0315\u0300\u05ae\u0f71" * 15_000
    with pytest.raises(LogIn):
        logins.authenticate(ALICE, endless)
    with pytest.raises(FixInput):
        logins.register(ALICE, endless)
    assert max(normalized, default=0) < 5_000


@pytest.mark.parametrize("unfit", ["", "short", "x" * 1025, "\ud800" * 8])
def test_what_nobody_may_choose(unfit: str) -> None:
    check_password(PASSWORD)
    with pytest.raises(FixInput, match="a password has"):
        check_password(unfit)

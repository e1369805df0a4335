"""Errors as plain data: every class has a code and an exit status, and neither ever changes."""

from __future__ import annotations

import inspect
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

import cartcli
from cartcli import errors
from cartcli.cli.topics import page
from cartcli.errors import CartError
from cartcli.wire.errors import error_dict, status_of

# Programs rely on them: a row is added, never changed.
TABLE: Final = {
    "CartError": ("failed", 1),
    "FixInput": ("usage", 2),
    "GiveCard": ("usage", 2),
    "ChooseExisting": ("not_found", 3),
    "LogIn": ("not_logged_in", 4),
    "AskMerchant": ("not_logged_in", 4),
    "UseAnotherCard": ("declined", 5),
    "ReviewCart": ("conflict", 6),
    "VersionConflict": ("conflict", 6),
    "CheckOutAgain": ("payment_unknown", 8),
    "WaitForPayment": ("busy", 7),
    "FinishPayment": ("payment_unknown", 8),
    "RestoreData": ("damaged", 9),
    "RetryLater": ("busy", 7),
    "RepairStore": ("failed", 1),
}
UNTIL: Final = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CLASSES: Final = {
    name: kind
    for name, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, CartError)
}


def test_every_class_is_in_the_table() -> None:
    assert set(CLASSES) == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_a_class_has_its_code_and_status(name: str) -> None:
    error = CLASSES[name]("what happened", "what to do", cart="3f2a")
    assert (error.code, status_of(error)) == TABLE[name]
    record = error_dict(status_of(error), error.code, error.message, error.hint, error)
    more = {"waiting_for", "url", "until"} if name == "FinishPayment" else set()
    assert {*record} == {"error", "message", "hint", "status", *more}
    assert {key: record[key] for key in record if key not in more} == {
        "error": TABLE[name][0],
        "message": "what happened",
        "hint": "what to do",
        "status": TABLE[name][1],
    }
    assert error.facts == {"cart": "3f2a"}


@pytest.mark.parametrize("name", TABLE)
def test_the_tree_in_the_docstring_names_class_and_code(name: str) -> None:
    (line,) = [line for line in str(errors.__doc__).splitlines() if f" {name} " in f" {line} "]
    assert f" {TABLE[name][0]} " in line


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        (
            {"waiting_for": "the bank asks", "url": "https://pay.example/1", "until": UNTIL},
            {
                "waiting_for": "the bank asks",
                "url": "https://pay.example/1",
                "until": "2026-01-02T03:04:05.000000Z",
            },
        ),
        (
            {"waiting_for": "the bank asks", "url": "", "until": None},
            {"waiting_for": "the bank asks", "url": None, "until": None},
        ),
    ],
)
def test_whose_turn_it_is_is_told(facts: dict[str, object], shown: dict[str, object]) -> None:
    error = errors.FinishPayment("it is not finished", "Go on.", cart="3f2a", **facts)
    assert cartcli.as_dict(error) == {
        "error": "payment_unknown",
        "message": "it is not finished",
        "hint": "Go on.",
        "status": 8,
        **shown,
    }


def test_an_error_about_a_file_carries_its_path() -> None:
    assert errors.RestoreData("it is damaged", path="/a/file").path == "/a/file"
    assert errors.RestoreData("they disagree").path == ""


def test_the_readme_has_every_code_with_its_status() -> None:
    readme = page("shell")
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \| ", readme, re.MULTILINE)
    shown = {code: int(status) for status, code in rows}
    assert shown == dict(TABLE.values()) | {"interrupted": 130}
    schema = Path(cartcli.__file__).parent / "schemas" / "outputs.json"
    error = json.loads(schema.read_text())["$defs"]["error"]["properties"]
    assert set(error["error"]["enum"]) == {*shown}
    assert set(error["status"]["enum"]) == {*shown.values()}

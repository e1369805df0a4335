"""What users expect of a command line, convention by convention: the first nine. What is tried
here in breadth is tried in depth by the test that each docstring names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from cartcli.cli import COMMANDS
from cartcli.cli.topics import page
from cartcli.schemas import outputs, schema_of
from cartcli.wire.errors import STATUSES
from tests.cli.conftest import NewCart, Run
from tests.cli.terminal import Terminal
from tests.cli.test_console_script import USES
from tests.helpers import (
    ALICE,
    CARD,
    PLATES,
    Ran,
    run_cart,
    shop_in,
    write_catalog,
)

# Every command, and every command of those that are groups.
ALL: Final = [*COMMANDS, "item set", "item remove", "config set", "config list", "store upgrade"]
# What prints no result.
SILENT: Final = {"passwd", "role", "store", "item", "completion", "help", "schema"}
SECRET: Final = re.compile(r"(?<!\d)4(?:242){5}|correct horse")


@pytest.fixture
def used(new_cart: NewCart, shared: Path, tmp_path: Path) -> Any:
    """Uses a command as `test_console_script` does, with more options."""

    def use(command: str, *more: str, **how: Any) -> Ran:
        args, given, _ = USES[command]
        cart_id = new_cart({PLATES: 1})
        stands_for = {"CART": cart_id, "NEW": str(tmp_path / "new")}
        if "BOUGHT" in args:
            stands_for["BOUGHT"] = cart_id
            shop_in(shared).checkout_cart(ALICE, cart_id, CARD)
        if "BACKUP" in args:
            stands_for["BACKUP"] = str(tmp_path / "backup")
            shop_in(shared).merchant.backup(tmp_path / "backup")
        words = [stands_for.get(word, word) for word in args.split()]
        words = [word for word in words if word not in ("-o", "json", "csv")]
        return run_cart(command, *words, *more, store=shared, input=given, **how)

    return use


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in SILENT])
def test_1_and_4_the_result_alone_is_on_standard_output_in_each_form(
    used: Any, command: str
) -> None:
    """Depth: test_output, test_streams."""
    ran = used(command, "-o", "json")
    assert ran.returncode == 0, ran
    assert isinstance(ran.json, dict | list)
    for line in ran.stderr.splitlines():
        assert json.loads(line).keys() <= {"note", "warning"}


@pytest.mark.parametrize(
    "args",
    [
        ["carts"],
        ["carts", "--purchased"],
        ["orders"],
        ["orders", "--all"],
        ["catalog", "no such thing"],
        ["settle", "--all"],
        ["report", "orders"],
        ["report", "open"],
    ],
)
def test_4_an_empty_list_is_a_list(cart: Run, args: list[str]) -> None:
    ran = cart(*args, "-o", "json")
    assert (ran.returncode, ran.json) == (0, [])
    assert cart(*args, "-o", "jsonl").stdout == ""


def test_2_and_3_statuses_are_documented_and_differ() -> None:
    """Depth: test_statuses."""
    documented = {int(found) for found in re.findall(r"^\| (\d+) \|", page("shell"), re.M)}
    assert documented >= {0, *STATUSES.values(), 130}
    assert 0 not in STATUSES.values()


@pytest.mark.parametrize("command", ALL)
def test_5_an_error_is_one_object_for_programs(cart: Run, command: str) -> None:
    ran = cart(*command.split(), "--no-such-option", "-o", "json")
    assert (ran.returncode, ran.stdout) == (2, "")
    error = json.loads(ran.stderr)
    assert error["error"] == "usage"
    assert {"message", "hint", "status", "next"} <= error.keys()


def test_6_money_is_never_a_floating_point_number() -> None:
    def types(part: Any) -> Iterator[Any]:
        if isinstance(part, dict):
            yield part.get("type")
            for value in part.values():
                yield from types(value)
        elif isinstance(part, list):
            for value in part:
                yield from types(value)

    for output in {*outputs()} - {"config"}:  # which has seconds
        assert "number" not in str([*types(schema_of(output))])
    assert schema_of("add")["$defs"]["amount"]["type"] == "string"


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("demo", "help")])
def test_7_in_a_pipe_nothing_is_cut_or_padded_to_a_width(used: Any, command: str) -> None:
    name = "a name that goes on " * 20
    ran = used(command, env={"COLUMNS": ""})
    assert ran.returncode == 0
    assert all(line == line.rstrip() for line in ran.stdout.splitlines())
    assert name not in ran.stdout or max(map(len, ran.stdout.splitlines())) > len(name)


def test_7_not_even_a_long_name(cart: Run, shared: Path) -> None:
    name = "a name that goes on " * 20
    write_catalog(shared / "catalog.csv", [("LONG", name.strip(), "1", "")])
    for command in (["catalog"], ["add", "new", "LONG"], ["carts"]):
        assert name.strip() in cart(*command).stdout


@pytest.mark.parametrize(
    ("env", "args"), [({"NO_COLOR": "1"}, []), ({"TERM": "dumb"}, []), ({}, ["--no-color"])]
)
def test_8_no_colours_where_they_are_not_wanted(
    new_cart: NewCart, shared: Path, env: dict[str, str], args: list[str]
) -> None:
    """Depth: test_terminal, test_everywhere."""
    new_cart({PLATES: 1})
    for command in ("carts", "catalog", "audit"):
        with Terminal(command, *args, "--no-pager", store=shared, env=env) as terminal:
            assert terminal.end() == 0
            assert "\x1b[" not in terminal.shown


@pytest.mark.parametrize("command", [*COMMANDS])
def test_8_and_9_no_colour_and_no_progress_in_a_pipe(used: Any, command: str) -> None:
    ran = used(command, env={"TERM": "xterm-256color"})
    assert "\x1b" not in ran.stdout + ran.stderr or command == "completion"
    assert "\r" not in ran.stderr

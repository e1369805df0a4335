"""Help, and what was perhaps meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from wcwidth import wcswidth

from cartcli import __version__
from cartcli.cli import COMMANDS
from tests.cli.conftest import Run
from tests.helpers import PLATES, run_cart


@pytest.mark.parametrize("command", ["", *COMMANDS, "store upgrade"])
@pytest.mark.parametrize("columns", ["80", "200"])
def test_help_begins_with_examples_and_fits(store: Path, command: str, columns: str) -> None:
    ran = run_cart(*command.split(), "--help", store=store, env={"COLUMNS": columns})
    assert (ran.returncode, ran.stderr) == (0, "")
    usage, examples, *_ = ran.stdout.split("\n\n")
    assert usage.startswith(f"Usage: cart {command}".rstrip())
    heading, *lines = examples.splitlines()
    assert heading.strip() in ("Example:", "Examples:")
    assert any(f"cart {command}".rstrip() in line for line in lines)
    assert max(map(wcswidth, ran.stdout.splitlines())) <= 80
    assert not store.exists()


def test_the_group_lists_every_command(store: Path) -> None:
    listed = run_cart("--help", store=store).stdout.split("Commands:\n")[1].split("\n\n")[0]
    assert [line.split()[0] for line in listed.splitlines()] == list(COMMANDS)


def test_the_version(store: Path) -> None:
    assert __version__ in run_cart("--version", store=store).stdout


@pytest.mark.parametrize("option", [["-o", "json"], ["-ojson"], ["-o=json"], ["--output=json"]])
def test_a_short_option_in_every_way(store: Path, option: list[str]) -> None:
    ran = run_cart("catalog", "--limit", "1", *option, store=store)
    assert len(ran.json) == 1
    wrong = run_cart("catalog", "--limit", "0", *option, store=store)
    assert json.loads(wrong.stderr)["error"] == "usage"


def test_without_a_command_the_help_is_shown(store: Path) -> None:
    ran = run_cart(store=store)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Examples:\n    cart login alice" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("args", "meant"),
    [
        (("chekout",), "checkout"),
        (("cart",), "carts"),
        (("loginn", "alice"), "login"),
        (("catalog", "--max-prise", "1"), "--max-price"),
        (("checkout", "abcd", "--expect", "1"), "--expect-total"),
        (("--stor", "x", "carts"), "--store"),
        (("carts", "--purchase"), "--purchased"),
        (("catalog", "--sort", "prise"), "price"),
        (("carts", "-o", "jsn"), "json"),
        (("store", "upgrad"), "upgrade"),
    ],
)
def test_did_you_mean(store: Path, args: tuple[str, ...], meant: str) -> None:
    ran = run_cart(*args, store=store, env={"COLUMNS": "999"})
    assert (ran.returncode, ran.stdout) == (2, "")
    first = ran.stderr.splitlines()[0]
    assert first.startswith("Error: ")
    assert f"'{meant}'" in first
    assert "See: cart" in ran.stderr


def test_nothing_is_meant_by_just_anything(store: Path) -> None:
    ran = run_cart("zzzzzz", store=store)
    assert ran.returncode == 2
    assert "mean" not in ran.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("add",),
        ("add", "new"),
        ("add", "new", PLATES, "1", "more"),
        ("remove", "abcd"),
        ("checkout",),
        ("checkout", "abcd", "--card"),
        ("whoami", "more"),
        ("logout", "more"),
        ("--store",),
        ("--store", "", "carts"),
        ("--currency", "ABC", "catalog"),
        ("--catalog", "", "catalog"),
        ("--", "--store"),
    ],
)
def test_wrong_arguments(cart: Run, args: tuple[str, ...]) -> None:
    ran = cart(*args)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("Error: ")
    assert "Traceback" not in ran.stderr

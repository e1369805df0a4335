"""Options that all commands take, before the command and after it, in whatever case their words
are written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cartcli.cli import COMMANDS
from tests.cli.conftest import NewCart, Run, pay
from tests.cli.terminal import Terminal
from tests.helpers import CARD, DECLINED_CARD, PLATES, TEA, held, run_cart, write_catalog


@pytest.mark.parametrize("command", [*COMMANDS, "store upgrade", "config set", "config list"])
def test_help_in_every_way(store: Path, command: str) -> None:
    words = command.split()
    shown = run_cart(*words, "--help", store=store)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert run_cart(*words, "-h", store=store) == shown
    assert run_cart("help", *words, store=store) == shown
    assert run_cart("-h", store=store) == run_cart("help", store=store)
    assert not store.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["chekout"], "Did you mean 'checkout'?"),
        (["store", "upgrad"], "Did you mean 'upgrade'?"),
        (["add", "new"], "'cart add' has no commands of its own"),
    ],
)
def test_help_for_what_is_no_command(store: Path, words: list[str], told: str) -> None:
    ran = run_cart("help", *words, store=store)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert told in ran.stderr


def test_options_stand_before_the_command_or_after_it(shared: Path, new_cart: NewCart) -> None:
    new_cart({PLATES: 1})
    there = str(shared)
    first = run_cart("--store", there, "-o", "json", "carts")
    assert first.returncode == 0
    for args in (
        ("carts", "--store", there, "-o", "json"),
        ("--store", there, "carts", "--output=JSON"),
        ("--store", "/nowhere", "-o", "csv", "carts", f"--store={there}", "-ojson"),
        ("-o", "Json", "carts", "--store", there),
    ):
        assert run_cart(*args) == first


def test_a_catalogue_or_a_currency_after_the_command_counts(cart: Run, tmp_path: Path) -> None:
    other = str(write_catalog(tmp_path / "other.csv", [("X-1", "Pot", "3", "")]))
    assert [item["sku"] for item in cart("catalog", "--catalog", other, "-o", "json").json] == [
        "X-1"
    ]
    assert cart("add", "new", PLATES).returncode == 0
    for option in (("--catalog", other), ("--currency", "eur")):
        for args in ((*option, "add", "new", TEA), ("add", "new", TEA, *option)):
            refused = cart(*args)
            assert (refused.returncode, refused.stdout) == (2, "")


@pytest.mark.parametrize(
    "args",
    [
        ("catalog", "--sort", "PRICE"),
        ("catalog", "-o", "CSV"),
        ("--currency", "usd", "catalog"),
        ("report", "Items", "-o", "TSV"),
        ("report", "sales", "--by", "WEEK"),
        ("add", "NEW", PLATES),
        ("add", "New", PLATES),
        ("role", "bob", "MERCHANT"),
    ],
)
def test_words_are_taken_in_any_case(cart: Run, args: tuple[str, ...]) -> None:
    assert cart(*args).returncode == 0


@pytest.mark.parametrize("variable", [{"CART_CURRENCY": "usd"}, {"CART_OUTPUT": "Json"}])
def test_so_are_those_of_variables(cart: Run, variable: dict[str, str]) -> None:
    assert cart("catalog", env=variable).returncode == 0


@pytest.mark.parametrize(
    ("args", "meant"),
    [
        (("add", "nwe", PLATES), "new"),
        (("add", "ne", PLATES), "new"),
        (("report", "item"), "items"),
        (("role", "bob", "merchnt"), "merchant"),
        (("config", "set", "catalogue", "x"), "catalog"),
    ],
)
def test_what_was_meant_is_said_and_not_done(
    cart: Run, shared: Path, args: tuple[str, ...], meant: str
) -> None:
    ran = cart(*args, env={"COLUMNS": "999"})
    assert (ran.returncode, ran.stdout) == (2, "")
    assert f"Did you mean '{meant}'?" in ran.stderr
    assert not (shared / "carts").exists()


def test_what_begins_with_a_dash_is_told_its_place(cart: Run, new_cart: NewCart) -> None:
    ran = cart("remove", new_cart({PLATES: 1}), "-x")
    assert ran.returncode == 2
    assert "stands after -- alone" in ran.stderr


def test_a_list_is_a_line_each(cart: Run, new_cart: NewCart) -> None:
    ids = [new_cart({PLATES: 1}) for _ in range(3)]
    ran = cart("carts", "-o", "jsonl")
    assert [json.loads(line)["id"] for line in ran.stdout.splitlines()] == ids
    assert [json.loads(line) for line in ran.stdout.splitlines()] == cart("carts", "-ojson").json
    one = cart("add", ids[0], TEA, "-o", "jsonl")
    assert one.stdout.count("\n") == 1
    assert json.loads(one.stdout)["id"] == ids[0]
    assert cart("carts", "--purchased", "-o", "jsonl").stdout == ""
    refused = cart("carts", "abcd", "-o", "jsonl")
    assert json.loads(refused.stderr)["error"] == "not_found"


def test_with_json_all_of_standard_error_is_json(cart: Run, full: str, shared: Path) -> None:
    write_catalog(shared / "catalog.csv", [(PLATES, "Plates", "40", ""), (TEA, "Tea", "12", "")])
    ran = pay(cart, full, DECLINED_CARD, "-o", "json")
    *notes, error = map(json.loads, ran.stderr.splitlines())
    assert [*map(list, notes)] == [["note"]] * 4
    assert error["error"] == "declined"
    assert error["next"] == ["cart", "checkout", full]
    ran = cart("checkout", full, "--card", "4000000000000002", "-o", "json")
    assert "warning" in json.loads(ran.stderr.splitlines()[0])


def test_the_next_command_runs_as_it_stands(cart: Run, full: str, shared: Path) -> None:
    lost = pay(cart, full, "4000000000000341", "-o", "json")
    error = json.loads(lost.stderr)
    assert (error["status"], error["next"]) == (8, ["cart", "checkout", full])
    elsewhere = run_cart("--store", str(shared), "carts", "feed", "-o", "json")
    following = json.loads(elsewhere.stderr)["next"]
    assert following == ["cart", "--store", str(shared), "carts", "--all"]
    assert run_cart(*following[1:]).returncode == 0
    told = run_cart("--store", str(shared), "carts", "feed", env={"COLUMNS": "999"})
    assert f"cart --store {shared} carts --all" in told.stderr


def test_what_is_busy_is_to_be_run_again_and_no_card_is_in_that(
    cart: Run, full: str, shared: Path
) -> None:
    env = {"CART_LOCK_WAIT": "0"}
    with held(shared / "carts" / "alice" / "lock"):
        busy = cart("add", full, TEA, "-o", "json", env=env)
        paying = cart("checkout", full, "--card", CARD, "-o", "json", env=env)
    assert (busy.returncode, paying.returncode) == (7, 7)
    again = json.loads(busy.stderr)["next"]
    assert again == ["cart", "add", full, TEA, "-o", "json"]
    assert cart(*again[1:]).returncode == 0
    assert json.loads(paying.stderr.splitlines()[-1])["next"] is None


def test_quiet_tells_warnings_and_errors_only(cart: Run, new_cart: NewCart) -> None:
    assert "No carts." in cart("carts").stderr
    assert cart("carts", "-q").stderr == cart("-q", "carts").stderr == ""
    full = new_cart({PLATES: 1})
    assert cart("checkout", full, "--card", CARD, "--quiet").stderr.startswith("Warning: ")
    assert cart("carts", "abcd", "-q").stderr.startswith("Error: ")


@pytest.mark.parametrize(
    ("args", "env", "coloured"),
    [
        ((), {}, True),
        (("--no-color",), {}, False),
        ((), {"NO_COLOR": "1"}, False),
        ((), {"NO_COLOR": ""}, True),
        ((), {"TERM": "dumb"}, False),
    ],
)
def test_colours_where_they_are_seen_and_wanted(
    shared: Path, new_cart: NewCart, args: tuple[str, ...], env: dict[str, str], coloured: bool
) -> None:
    new_cart({PLATES: 1})
    with Terminal("carts", *args, store=shared, env=env) as terminal:
        assert terminal.end() == 0
    assert ("\x1b[" in terminal.shown) == coloured

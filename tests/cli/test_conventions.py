"""What users expect of a command line, convention by convention, from the tenth on. What is tried
here in breadth is tried in depth by the test that each docstring names."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Final

import pytest

from cartcli.cli import COMMANDS
from tests.cli.conftest import NewCart, Run, pay, states_in
from tests.cli.terminal import INTERRUPT, Terminal
from tests.helpers import (
    ALICE,
    CARD,
    CART,
    DECLINED_CARD,
    LOST_ANSWER_CARD,
    PASSWORD,
    PLATES,
    TEA,
    cart_env,
    run_cart,
    shop_in,
    write_catalog,
)

# Every command, and every command of those that are groups.
ALL: Final = [*COMMANDS, "item set", "item remove", "config set", "config list", "store upgrade"]
# What prints no result.
SILENT: Final = {"passwd", "role", "store", "item", "completion", "help", "schema"}
SECRET: Final = re.compile(r"(?<!\d)4(?:242){5}|correct horse")


@pytest.mark.parametrize(
    ("args", "names"),
    [
        (["login", "carol"], "--password-stdin"),
        (["passwd"], "--password-stdin"),
        (["passwd", "alice"], "--password-stdin"),
        (["checkout", "CART"], "--card"),
        (["delete", "CART"], "--yes"),
        (["forget", "alice"], "--yes"),
        (["import", "FEW"], "--yes"),
        (["prune", "--older-than", "0s"], "--yes"),
    ],
)
def test_10_and_11_nothing_is_asked_without_a_terminal(
    cart: Run, full: str, shared: Path, tmp_path: Path, args: list[str], names: str
) -> None:
    """And what is dangerous is not done. Depth: test_terminal, test_means, test_carts_again."""
    many = [(f"S-{number}", "Thing", "1", "") for number in range(30)]
    sold = [(TEA, "Tea", "1", ""), (PLATES, "Plates", "1", "")]
    write_catalog(shared / "catalog.csv", [*many, *sold])
    few = write_catalog(tmp_path / "few.csv", [("NEW", "New", "1", "")])
    shop = shop_in(shared)
    shop.change_cart(shop.guest().identity, None, [])
    stands_for = {"CART": full, "FEW": str(few)}
    began = time.monotonic()
    ran = run_cart(*(stands_for.get(word, word) for word in args), store=shared, input="")
    assert time.monotonic() - began < 30
    assert (ran.returncode, ran.stdout) == (2, "")
    assert names in ran.stderr
    assert states_in(shared) == ["open"]
    assert len(shop_in(shared).get_catalog()) == 32


def test_12_is_tried_by_test_dry_run() -> None:
    from tests.cli.test_dry_run import CALLS

    assert {"checkout", "delete", "import", "forget", "prune", "add"} <= CALLS.keys()


@pytest.mark.parametrize("command", ALL)
def test_13_no_option_takes_a_password_and_a_card_is_warned_of(store: Path, command: str) -> None:
    """Depth: test_means."""
    shown = run_cart(*command.split(), "--help", store=store).stdout
    assert "--password " not in shown
    assert "--password=" not in shown
    for secret in re.findall(r"^  --(?:card|token) (\S+)", shown, re.MULTILINE):
        assert secret in ("NUMBER|-", "TOKEN|-")


def test_13_nobody_sees_a_secret_in_the_list_of_processes(full: str, shared: Path) -> None:
    env = cart_env({"HOME": str(shared.parent)}, shared)
    with subprocess.Popen(
        [CART, "checkout", full, "--card", "-"], stdin=subprocess.PIPE, env=env
    ) as process:
        assert process.stdin
        process.stdin.write(CARD.encode())
        process.stdin.flush()
        time.sleep(0.2)
        for name in ("cmdline", "environ"):
            data = Path(f"/proc/{process.pid}/{name}")
            if data.exists():
                assert not SECRET.search(data.read_text(errors="replace"))
        process.stdin.close()
        assert process.wait(60) == 0


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (PASSWORD, 0),
        (f"{PASSWORD}\n", 0),
        (f"{PASSWORD}\r\n", 0),
        (f"{PASSWORD}\n\n", 0),
        (f"{PASSWORD} \n", 4),
        ("", 4),
        ("\n", 4),
    ],
)
def test_14_a_password_on_standard_input(cart: Run, given: str, status: int) -> None:
    ran = cart("login", "bob", "--password-stdin", input=given)
    assert (ran.returncode, ran.stdout) == (status, "")
    assert cart("login", "--password-stdin", input=given).returncode == 2


def test_15_the_environment_wins_over_the_saved_login_and_login_says_so(
    shared: Path, tmp_path: Path
) -> None:
    """Depth: test_who."""
    own = {"CART_SESSION": str(tmp_path / "till.json"), "CART_PASSWORD": PASSWORD}
    ran = run_cart("login", "bob", store=shared, env=own)
    assert ran.returncode == 0
    assert own["CART_SESSION"] in ran.stderr
    assert run_cart("whoami", "-o", "json", store=shared, env=own).json["user"] == "bob"
    assert run_cart("whoami", "-o", "json", store=shared).json["user"] == "alice"


def test_16_and_17_who_is_logged_in_and_where_that_is_kept(cart: Run, shared: Path) -> None:
    told = cart("whoami", "-o", "json").json
    kept = Path(told["file"])
    assert (told["user"], told["stored"]) == ("alice", "plain text")
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    login = cart("login", "alice", "--password-stdin", input=PASSWORD)
    assert login.stderr.index(str(kept)) < login.stderr.index("Logged in")
    assert cart("logout").returncode == 0
    assert cart("whoami").returncode == 4


def test_19_where_things_are_kept(tmp_path: Path) -> None:
    """Depth: test_settings."""
    home = tmp_path / "home"
    env = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "CART_PASSWORD": PASSWORD,
    }
    home.mkdir()
    (tmp_path / "config" / "cart").mkdir(parents=True)
    (tmp_path / "config" / "cart" / "config.toml").write_text('currency = "EUR"\n')
    assert run_cart("login", "alice", "--register", env=env).returncode == 0
    assert "EUR" in run_cart("add", "new", "MUG-350-WHT", env=env).stdout
    assert (tmp_path / "data" / "cart" / "store" / "session.json").exists()
    assert not [*home.iterdir()]
    other = {**env, "CART_STORE": str(tmp_path / "other")}
    assert run_cart("login", "alice", "--register", env=other).returncode == 0
    assert (tmp_path / "other" / "session.json").exists()


def test_20_what_wins_and_from_where_it_comes(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "cart"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('output = "csv"\nlock_wait = 1\nsession_hours = 1\n')
    env = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "CART_LOCK_WAIT": "2", "CART_OUTPUT": "tsv"}
    ran = run_cart("config", "list", "-o", "json", env=env, store=tmp_path / "store")
    told = {row["setting"]: (row["value"], row["from"]) for row in ran.json}
    assert told["output"] == ("json", "--output")
    assert told["lock_wait"] == (2.0, "CART_LOCK_WAIT")
    assert told["session_hours"] == (1.0, f"session_hours in {folder / 'config.toml'}")
    assert told["payment"] == ("embedded", "default")


@pytest.mark.parametrize("command", ALL)
def test_21_help_begins_with_examples_in_every_way(store: Path, command: str) -> None:
    """Depth: test_help, test_everywhere."""
    words = command.split()
    shown = run_cart(*words, "-h", store=store).stdout
    assert shown == run_cart(*words, "--help", store=store).stdout
    assert shown == run_cart("help", *words, store=store).stdout
    usage, examples = shown.splitlines()[0], shown.split("\n\n")[1].strip()
    assert usage.startswith(f"Usage: cart {command} ")
    assert examples.startswith("Example")


def test_22_without_a_command_there_is_help(store: Path) -> None:
    ran = run_cart(store=store)
    assert "checkout" in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("args", "meant"),
    [
        (["chekout"], "checkout"),
        (["report", "salse"], "sales"),
        (["catalog", "--sort", "prise"], "price"),
        (["add", "new", "TEA-玉"], TEA),
        (["carts", "grocreies"], "groceries"),
        (["add", "nwe", TEA], "new"),
    ],
)
def test_23_what_was_meant_is_said_and_not_done(
    cart: Run, full: str, shared: Path, args: list[str], meant: str
) -> None:
    shop_in(shared).rename_cart(ALICE, full, "groceries")
    ran = cart(*args)
    assert ran.returncode in (2, 3)
    assert ran.stdout == ""
    assert re.search(rf"Did you mean '?{re.escape(meant)}'?", ran.stderr)
    assert states_in(shared) == ["open"]


def test_24_the_version(store: Path) -> None:
    """How fast: the benchmark."""
    ran = run_cart("--version", store=store, cold=True)
    assert re.fullmatch(r"cart, version \S+\n", ran.stdout)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_25_a_shell_completes(store: Path, shell: str) -> None:
    """Depth: test_completion, and test_shells in the shells themselves."""
    ran = run_cart("completion", shell, store=store)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert f"_CART_COMPLETE={shell}_complete" in ran.stdout


@pytest.mark.parametrize(
    ("args", "key", "after"),
    [
        (["carts"], "id", "--after"),
        (["carts", "--purchased"], "id", "--after"),
        (["catalog"], "sku", "--after"),
        (["orders"], "order", "--after"),
        (["orders", "--all"], "order", "--after"),
    ],
)
def test_26_a_list_is_cut_where_that_is_asked_for_and_says_so(
    cart: Run, new_cart: NewCart, args: list[str], key: str, after: str
) -> None:
    for number in range(6):
        made = new_cart({PLATES: 1})
        if number % 2:
            assert pay(cart, made, CARD).returncode == 0
    whole = [one[key] for one in cart(*args, "-o", "json").json]
    first = cart(*args, "--limit", "2", "-o", "json")
    assert [one[key] for one in first.json] == whole[:2]
    assert "more than 2" in first.stderr
    rest = cart(*args, after, whole[1], "-o", "json")
    assert [one[key] for one in rest.json] == whole[2:]
    assert "more than" not in rest.stderr


def test_27_a_pager_on_a_terminal_alone(shared: Path, tmp_path: Path) -> None:
    """Depth: test_terminal."""
    rows = [(f"S-{number}", "Thing", "1", "") for number in range(100)]
    write_catalog(shared / "catalog.csv", rows)
    seen = tmp_path / "seen"
    env = {"PAGER": f"tee {seen}"}
    assert run_cart("catalog", store=shared, env=env).returncode == 0
    with Terminal("catalog", "--no-pager", store=shared, env=env) as terminal:
        assert terminal.end() == 0
    assert not seen.exists()
    with Terminal("catalog", store=shared, env=env) as terminal:
        assert terminal.end() == 0
    assert "S-99" in seen.read_text()


@pytest.mark.parametrize(
    ("args", "given"),
    [
        (["add", "new", "-"], f"{TEA},2\n"),
        (["import", "-"], "sku,name,price,description\nMUG,Mug,8.9,\n"),
        (["fixtures", "-"], f'{{"carts": [{{"user": "bob", "items": {{"{TEA}": 1}}}}]}}'),
        (["checkout", "CART", "--card", "-"], CARD),
        (["checkout", "CART", "--card-file", "-"], CARD),
    ],
)
def test_28_a_hyphen_is_standard_input(cart: Run, full: str, args: list[str], given: str) -> None:
    words = [full if word == "CART" else word for word in args]
    assert cart(*words, input=given).returncode == 0


def test_29_an_interrupt_ends_a_command_at_once(full: str, shared: Path) -> None:
    """What is known of a payment then: test_checkout. Depth: test_statuses, test_streams."""
    with Terminal("checkout", full, store=shared) as terminal:
        terminal.wait_for("Card number")
        terminal.press(INTERRUPT)
        assert terminal.end() == 130
        assert "Traceback" not in terminal.shown
    assert states_in(shared) == ["open"]


@pytest.mark.parametrize("command", [*COMMANDS])
def test_29_a_reader_that_has_gone_is_no_drama(
    shared: Path, new_cart: NewCart, command: str
) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    words = [command, "--help"]
    env = cart_env({"HOME": str(shared.parent)}, shared)
    with os.fdopen(writes, "w") as gone:
        ran = subprocess.run(
            [CART, *words], stdout=gone, stderr=subprocess.PIPE, env=env, check=False, timeout=60
        )
    assert b"Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["rename", "CART", "groceries"], "is called"),
        (["delete", "CART", "--yes"], "1 cart deleted."),
        (["logout"], "Logged out alice."),
        (["item", "set", TEA, "--price", "2"], "is changed."),
        (["role", "bob", "merchant"], "The roles of bob"),
    ],
)
def test_30_a_change_says_what_it_did_unless_it_is_to_be_quiet(
    cart: Run, full: str, shared: Path, args: list[str], told: str
) -> None:
    words = [full if word == "CART" else word for word in args]
    store = Path(shutil.copytree(shared, shared.with_name("copy")))
    assert told in cart(*words).stderr
    quiet = run_cart(*words, "-q", store=store)
    assert (quiet.returncode, quiet.stderr) == (0, "")


@pytest.mark.parametrize("card", [DECLINED_CARD, LOST_ANSWER_CARD])
def test_30_what_to_run_next_is_said(cart: Run, full: str, card: str) -> None:
    ran = pay(cart, full, card)
    assert f"cart checkout {full[:8]}" in ran.stderr
    assert "Traceback" not in ran.stderr

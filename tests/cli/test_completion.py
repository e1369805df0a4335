"""Shell completion, as bash, zsh and fish ask for it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.cli.conftest import NewCart, Run
from tests.helpers import CARD, PLATES, TEA, Ran, run_cart, write_catalog, write_long_ago

SHELLS = ["bash", "zsh", "fish"]


def complete(shell: str, store: Path, *words: str, **env: str) -> list[str]:
    """What `shell` is offered for the last of `words`."""
    ran = ask(shell, store, *words, **env)
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = [line for line in ran.stdout.splitlines() if line]
    if shell == "bash":
        return [line.removeprefix("plain,") for line in lines]
    if shell == "fish":
        return [line.removeprefix("plain,").split("\t")[0] for line in lines]
    return lines[1::3]  # type, value and help


def ask(shell: str, store: Path, *words: str, **env: str) -> Ran:
    typed = " ".join(("cart", *words))
    position = words[-1] if shell == "fish" else str(len(words))
    asked = {
        "_CART_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": position,
    }
    return run_cart(store=store, env=asked | env)


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_completes_carts_and_skus(new_cart: NewCart, shared: Path, shell: str) -> None:
    first, second = (new_cart({PLATES: 1}) for _ in range(2))
    assert sorted(complete(shell, shared, "add", "")) == sorted(["new", first, second])
    assert complete(shell, shared, "add", "new", TEA[:4]) == [TEA]


def test_commands_options_and_choices(shared: Path) -> None:
    assert complete("bash", shared, "ch") == ["checkout"]
    assert complete("bash", shared, "checkout", "--exp") == ["--expect-total"]
    assert complete("bash", shared, "catalog", "--sort", "pr") == ["price"]
    assert complete("bash", shared, "catalog", "--sku", PLATES[:5]) == [PLATES]


def test_the_carts_that_a_command_can_take(new_cart: NewCart, cart: Run, shared: Path) -> None:
    bought, first = (new_cart({PLATES: 1}) for _ in range(2))
    assert cart("checkout", bought, "--card", "-", input=CARD).returncode == 0
    assert complete("bash", shared, "checkout", "") == [first]
    assert complete("bash", shared, "remove", "") == [first]
    assert complete("bash", shared, "remove", first[:8]) == [first]
    assert sorted(complete("bash", shared, "carts", "")) == sorted([bought, first])


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_that_installs_it(store: Path, shell: str) -> None:
    ran = run_cart(store=store, env={"_CART_COMPLETE": f"{shell}_source", "PATH": "/usr/bin:/bin"})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert f"_CART_COMPLETE={shell}_complete" in ran.stdout


@pytest.mark.parametrize(
    "asked",
    [
        {"_CART_COMPLETE": "bash_complete"},
        {"_CART_COMPLETE": "fish_complete", "COMP_WORDS": "cart "},
        {"_CART_COMPLETE": "zsh_complete", "COMP_WORDS": "cart ", "COMP_CWORD": "x"},
        {"_CART_COMPLETE": "bash_complete", "COMP_WORDS": "cart ", "COMP_CWORD": "²"},
        {"_CART_COMPLETE": "bash_finish", "COMP_WORDS": "cart ", "COMP_CWORD": "1"},
        {"_CART_COMPLETE": "ksh_complete", "COMP_WORDS": "cart ", "COMP_CWORD": "1"},
    ],
    ids=lambda asked: " ".join(asked.values()),
)
def test_what_is_not_asked_as_a_shell_asks_is_told(store: Path, asked: dict[str, str]) -> None:
    ran = run_cart("carts", store=store, env=asked)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "_CART_COMPLETE" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not store.exists()


@pytest.mark.parametrize("words", [("add", ""), ("add", "new", "M"), ("carts", "")])
def test_what_cannot_be_read_is_not_offered(shared: Path, words: tuple[str, ...]) -> None:
    """An error would land in the line that is being typed."""
    (shared / "session.json").write_bytes(b"\0")
    write_long_ago(shared / "catalog.csv", b"\xff")
    for env in ({}, {"CART_CURRENCY": "dollar"}, {"CART_STORE": "/dev/null"}):
        assert complete("bash", shared, *words, **env) in ([], ["new"])


def test_what_is_being_written_is_not_waited_for(shared: Path) -> None:
    begun = time.monotonic()
    with (shared / "catalog.csv").open("w") as file:
        print("sku,name,price,description\nA1,Apple,1", end="", file=file, flush=True)
        assert complete("bash", shared, "add", "new", "A", CART_LOCK_WAIT="60") == []
    assert time.monotonic() - begun < 30


def test_flags_before_the_command_count(shared: Path, tmp_path: Path) -> None:
    offered = complete(
        "bash", tmp_path / "elsewhere", "--store", str(shared), "add", "new", TEA[:4]
    )
    assert offered == [TEA]


def test_completing_changes_nothing(new_cart: NewCart, shared: Path, tmp_path: Path) -> None:
    new_cart({PLATES: 1})
    before = {path: path.stat().st_mtime_ns for path in shared.rglob("*")}
    complete("bash", shared, "carts", "")
    complete("bash", shared, "add", "new", "")
    assert {path: path.stat().st_mtime_ns for path in shared.rglob("*")} == before
    complete("bash", tmp_path / "elsewhere", "carts", "")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("typed", ["add 'open", "nothing ", "add new \udcff", "--store"])
def test_half_typed_lines_are_no_drama(shared: Path, typed: str) -> None:
    ran = ask("bash", shared, *typed.split(" "))
    assert ran.returncode == 0
    assert ran.stderr == ""


@pytest.mark.parametrize("shell", SHELLS)
def test_what_a_catalogue_says_neither_ends_a_line_nor_drives_the_terminal(
    shared: Path, shell: str
) -> None:
    rows = [("A", "Mug\nplain\nEVIL", "1", ""), ("B", "x\x1b]0;owned\x07\u2028y", "1", "")]
    write_catalog(shared / "catalog.csv", rows)
    ran = ask(shell, shared, "add", "new", "")
    assert complete(shell, shared, "add", "new", "") == ["A", "B"]
    assert all(char.isprintable() or char in "\n\t" for char in ran.stdout)
    assert len(ran.stdout.splitlines()) == (6 if shell == "zsh" else 2)

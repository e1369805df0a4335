"""What is different when standard output is a terminal: paging, colours, widths."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from wcwidth import wcswidth

from tests.cli.conftest import NewCart, Run
from tests.cli.terminal import Terminal
from tests.helpers import PLATES, RICE, write_catalog


@pytest.fixture
def pager(tmp_path: Path) -> Path:
    """A pager that says so."""
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\necho '<paged>'\ncat\necho '</paged>'\n")
    pager.chmod(0o755)
    return pager


@pytest.mark.parametrize(
    ("lines", "args", "paged"),
    [
        (7, ("catalog",), False),  # header, rule and four items leave room for the prompt
        (6, ("catalog",), True),
        (3, ("catalog", "--limit", "1"), True),
        (4, ("catalog", "--limit", "1"), False),
        (3, ("catalog", "-o", "json"), False),
        (3, ("catalog", "-o", "csv"), False),
    ],
)
def test_a_catalogue_longer_than_the_terminal_is_paged(
    shared: Path, pager: Path, lines: int, args: tuple[str, ...], paged: bool
) -> None:
    write_catalog(shared / "catalog.csv", [(f"SKU-{n}", "An item", "1", "") for n in range(4)])
    env = {"PAGER": str(pager)}
    with Terminal(*args, store=shared, size=(lines, 80), env=env) as terminal:
        assert terminal.end() == 0
        assert "SKU-0" in terminal.shown
        assert ("<paged>" in terminal.shown) == paged
        assert ("</paged>" in terminal.shown) == paged


def test_nothing_is_paged_but_on_a_terminal(shared: Path, pager: Path, tmp_path: Path) -> None:
    with (tmp_path / "file").open("w+b") as file:
        env = {"PAGER": str(pager)}
        with Terminal("catalog", store=shared, size=(3, 80), env=env, stdout=file) as terminal:
            assert terminal.end() == 0
            assert terminal.shown == ""
        file.seek(0)
        content = file.read().decode()
    assert PLATES[:10] in content
    assert "<paged>" not in content


@pytest.mark.parametrize("pager", ["false", "/nowhere/at/all", "head -n 1", "sh -c 'exit 3'"])
def test_a_pager_that_fails_is_no_drama(shared: Path, pager: str) -> None:
    env = {"PAGER": pager}
    with Terminal("catalog", store=shared, size=(3, 80), env=env) as terminal:
        assert terminal.end() in (0, 1)
        assert "Traceback" not in terminal.shown


@pytest.mark.parametrize(
    ("env", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True)],
)
def test_colours(new_cart: NewCart, shared: Path, env: dict[str, str], coloured: bool) -> None:
    cart_id = new_cart({PLATES: 1})
    for command in (("carts",), ("add", cart_id, PLATES)):
        with Terminal(*command, store=shared, env=env) as terminal:
            assert terminal.end() == 0
            assert "open" in terminal.shown
            assert ("\x1b[" in terminal.shown) == coloured


def test_no_colours_but_on_a_terminal(cart: Run, new_cart: NewCart, shared: Path) -> None:
    cart_id = new_cart({PLATES: 1})
    assert "\x1b" not in cart("carts").stdout
    assert "\x1b" not in cart("carts", cart_id, env={"TERM": "xterm"}).stdout
    with Terminal("carts", "-o", "json", store=shared) as terminal:
        assert terminal.end() == 0
        assert "\x1b" not in terminal.shown


def test_tables_fit_the_terminal_there_is(new_cart: NewCart, shared: Path) -> None:
    new_cart({PLATES: 1, RICE: 2})
    widths = {}
    for columns in (80, 100, 200):
        with Terminal("carts", store=shared, size=(24, columns), env={"NO_COLOR": "1"}) as terminal:
            assert terminal.end() == 0
            widths[columns] = max(map(wcswidth, terminal.shown.splitlines()))
            assert widths[columns] <= columns
    assert widths[80] < widths[100] < widths[200]


def test_a_terminal_one_column_wide(new_cart: NewCart, shared: Path) -> None:
    cart_id = new_cart({PLATES: 1})
    for command in (("carts",), ("catalog",), ("add", cart_id, PLATES), ("--help",)):
        with Terminal(*command, store=shared, size=(1, 1)) as terminal:
            assert terminal.end() == 0, terminal.shown
            assert "Traceback" not in terminal.shown
    with Terminal("carts", "nothing", store=shared, size=(1, 1)) as terminal:
        assert terminal.end() == 3
        assert "Traceback" not in terminal.shown


@pytest.mark.parametrize(
    "args",
    [("login", "bob"), ("checkout", "CART"), ("add", "new", "-")],
)
def test_nothing_is_asked_but_on_a_terminal(
    new_cart: NewCart, shared: Path, args: tuple[str, ...]
) -> None:
    """With a terminal everywhere but at standard input."""
    cart_id = new_cart({PLATES: 1})
    command = [cart_id if arg == "CART" else arg for arg in args]
    with Terminal(*command, store=shared, stdin=subprocess.DEVNULL) as terminal:
        assert terminal.end() == 2
        for prompt in ("Password:", "Card number:", "Type lines"):
            assert prompt not in terminal.shown

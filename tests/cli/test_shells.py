"""Completion in real shells: in each one that is installed, and in those that TEST_SHELLS names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.cli.conftest import NewCart
from tests.helpers import CART, PLATES, TEA, cart_env, shop_in, write_catalog

# What bash itself would add to the words, it is told by `compopt`.
BASH: Final = """\
compopt() { test "$2" = dirnames && compgen -d "${COMP_WORDS[COMP_CWORD]}"; }
eval "$(cart completion bash)"
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_cart_completion cart
printf '%s\\n' "${COMPREPLY[@]}"
"""
FISH: Final = 'cart completion fish | source; complete -C "$argv"'

# A shell of its own in a terminal of its own, where completion was never set up.
ZSH: Final = """\
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'stty cols 400; LISTMAX=0; eval "$(cart completion zsh)"; PS1=; print rea""dy'
zpty -r shell out '*ready*'
zpty -w -n shell "$*"$'\\t\\C-x'
zpty -w -n shell $'\\n'
sleep 3
zpty -r -t shell out '*' && print -r -- "$out"
while zpty -r -t shell out; do print -r -- "$out"; done
"""


def offered_by_bash(words: list[str], env: dict[str, str]) -> str:
    return said(["bash", "--norc", "-c", BASH, "bash", *words], env)


def offered_by_fish(words: list[str], env: dict[str, str]) -> str:
    return said(["fish", "--no-config", "-c", FISH, " ".join(words)], env)


def offered_by_zsh(words: list[str], env: dict[str, str]) -> str:
    return said(["zsh", "-f", "-c", ZSH, "zsh", " ".join(words)], env)


def said(args: list[str], env: dict[str, str]) -> str:
    ran = subprocess.run(args, capture_output=True, env=env, timeout=60, check=False, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


OFFERED: Final[dict[str, Callable[[list[str], dict[str, str]], str]]] = {
    "bash": offered_by_bash,
    "zsh": offered_by_zsh,
    "fish": offered_by_fish,
}


@pytest.fixture(params=OFFERED)
def offered(request: pytest.FixtureRequest, shared: Path) -> Callable[..., str]:
    """What a shell offers for the last of these words."""
    shell: str = request.param
    required = os.environ.get("TEST_SHELLS", "").split()
    if shutil.which(shell) is None and shell not in required:
        pytest.skip(f"{shell} is not installed")
    path = f"{CART.parent}:{os.environ.get('PATH', '')}"
    env = cart_env({"HOME": str(shared.parent), "PATH": path, "TERM": "xterm"}, shared)
    return lambda *words: OFFERED[shell](list(words), env)


def test_commands_options_and_choices(offered: Callable[..., str]) -> None:
    assert "checkout" in offered("cart", "check")
    assert "--expect-total" in offered("cart", "checkout", "--exp")
    assert "price" in offered("cart", "catalog", "--sort", "pr")
    assert "upgrade" in offered("cart", "store", "upg")


def test_carts_and_skus(offered: Callable[..., str], new_cart: NewCart) -> None:
    cart_id = new_cart({PLATES: 1})
    assert cart_id in offered("cart", "add", cart_id[:6])
    assert TEA in offered("cart", "add", "new", TEA[:3])


def test_folders(offered: Callable[..., str], shared: Path) -> None:
    (shared.parent / "a-folder").mkdir()
    assert "a-folder" in offered("cart", "--store", f"{shared.parent}/a-fo")


def test_summaries_are_those_of_the_help(shared: Path) -> None:
    if shutil.which("fish") is None and "fish" not in os.environ.get("TEST_SHELLS", ""):
        pytest.skip("fish is not installed")
    path = f"{CART.parent}:{os.environ.get('PATH', '')}"
    env = cart_env({"HOME": str(shared.parent), "PATH": path}, shared)
    lines = offered_by_fish(["cart", "check"], env).splitlines()
    assert lines == ["checkout\tBuy a cart."]
    assert offered_by_fish(["cart", "store", ""], env).startswith("upgrade\tConvert a store")


def test_no_more_is_offered_than_people_look_through(shared: Path) -> None:
    rows = [(f"S-{number:04}", "Thing, red", "1", "") for number in range(1_000)]
    write_catalog(shared / "catalog.csv", rows)
    shop_in(shared).get_catalog(limit=1)
    asked = {"_CART_COMPLETE": "fish_complete", "COMP_WORDS": "cart add new S", "COMP_CWORD": "S"}
    env = cart_env({"HOME": str(shared.parent), **asked}, shared)
    lines = said([sys.executable, str(CART)], env).splitlines()
    assert len(lines) == 200
    assert lines[0] == "plain,S-0000\tThing; red 1.00 USD"

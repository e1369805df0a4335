"""A run of `cart` that is forked from a warm parent is as one in a new interpreter; and a parent
that fails says so."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import cartcli
from tests.cli.conftest import NewCart
from tests.helpers import CARD, DECLINED_CARD, PASSWORD, PLATES, TEA, cart_env, run_cart
from tests.warm import describe
from tests.warm.cart import warm_parent
from tests.warm.python import ParentFailed, WarmPython

# Commands that change nothing that another one could see, good ones and bad ones. CART is a cart.
ALIKE: Final = [
    *("--version", "--help", "add --help", "report --help"),
    *("", "chekout", "carts --colour", "--store", "-- --store"),
    *("whoami", "whoami -o json", "catalog", "catalog -o csv", "catalog tea --sort price -o tsv"),
    *("catalog nothing -o json", "--catalog /nowhere catalog", "--currency abc catalog"),
    *("carts", "carts --all -o json", "carts CART", "carts abcdef", "carts -o xml"),
    *("add new NOTHING", f"add CART {PLATES} 1_000", "add new -", "remove CART NOTHING -o json"),
    *("checkout CART", "checkout CART --card 1234", "checkout CART --card - --expect-total 1"),
    *("report", "report items -o csv", "report open -o json", "report --top 3"),
    *("import - --dry-run", "import /nowhere.csv", "audit", "audit -o csv"),
    *("login", "login bob", "demo --seed x", "--store /dev/null carts"),
]


@pytest.mark.parametrize("command", ALIKE)
def test_warm_and_cold_are_alike(
    new_cart: NewCart, shared: Path, tmp_path: Path, command: str
) -> None:
    cart_id = new_cart({PLATES: 1})
    args = [cart_id if arg == "CART" else arg for arg in command.split()]
    env = {"HOME": str(tmp_path), "COLUMNS": "80"}
    data = b"sku,name,price\n\xff" if args[:1] == ["import"] else b""
    warm, cold = (
        run_cart(*args, store=shared, input=data, env=env, cold=cold) for cold in (False, True)
    )
    assert warm == cold
    assert warm.stdout or warm.stderr


def test_changes_are_alike(new_cart: NewCart, shared: Path) -> None:
    """Commands that change the store, each run on a cart of its own."""
    ids = {new_cart({PLATES: 1}): "warm", new_cart({PLATES: 1}): "cold"}

    def changes(cart_id: str, cold: bool) -> list[tuple[object, ...]]:
        ran = [
            run_cart(*args, store=shared, input=data, cold=cold)
            for args, data in (
                (("add", cart_id, TEA, "2"), ""),
                (("add", cart_id, "-", "-o", "json"), f"{TEA},1\n"),
                (("remove", cart_id, TEA, "1", "-o", "csv"), ""),
                (("checkout", cart_id, "--card", "-"), DECLINED_CARD),
                (("checkout", cart_id, "--card", "-"), CARD),
                (("add", cart_id, TEA), ""),
                (("login", "bob", "--password-stdin"), "not the password"),
                (("login", "alice", "--password-stdin"), PASSWORD),
            )
        ]
        return [
            (status, *(_without_news(text.replace(cart_id, "CART")) for text in (out, err)))
            for status, out, err in ran
        ]

    warm, cold = (changes(cart_id, which == "cold") for cart_id, which in ids.items())
    assert warm == cold
    assert [status for status, _, _ in warm] == [0, 0, 0, 5, 0, 6, 4, 0]


def _without_news(text: str) -> str:
    """`text` without ids and times."""
    return re.sub(r"\b(pay_)?[0-9a-f]{8,}\b|\d{4}-\d\d-\d\d[T ][\d:.]+", "…", text)


@pytest.fixture
def python() -> Iterator[WarmPython]:
    """A warm parent that has imported nothing."""
    python = WarmPython([], cart_env({}), patience=1)
    yield python
    python.end()


def script(folder: Path, text: str) -> list[str]:
    """The command that runs this Python."""
    (folder / "script.py").write_text(text)
    return [str(folder / "script.py")]


def warm(
    python: WarmPython, command: list[str], timeout: float = 60, **env: str
) -> subprocess.CompletedProcess[bytes]:
    return python.run(command, data=b"", env=cart_env(env), cwd="/", timeout=timeout)


@contextlib.contextmanager
def under_umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize("args", [(), ("report",)], ids=["light", "heavy"])
def test_nothing_of_the_parent_is_left(args: tuple[str, ...], tmp_path: Path) -> None:
    """Streams, environment, signals, limits, …: all that a script finds, after another one has
    turned all of it over."""
    python = warm_parent(args, cart_env({}))
    python.run(script(tmp_path, MESS), data=b"", env=cart_env({}), cwd="/", timeout=60)
    env = cart_env({"TZ": "Asia/Tokyo", "ODD": "\udcff=", "HOME": "/nowhere"}, tmp_path)
    del env["PATH"]  # which the parent has
    command = [describe.__file__, "one", "玉\udcff"]
    data = "first\r\n玉".encode()
    with under_umask(0o031):
        ran = python.run(command, data=data, env=env, cwd=str(tmp_path), timeout=60)
        cold = subprocess.run(
            [sys.executable, *command],
            input=data,
            capture_output=True,
            env=env,
            cwd=tmp_path,
            timeout=60,
            check=False,
        )
    found, expected = json.loads(ran.stdout), json.loads(cold.stdout)
    if args:  # numpy adds filters of its own when it is imported, in a report as well
        assert found.pop("warnings")[-5:] == expected.pop("warnings")
    assert found == expected
    assert (ran.returncode, ran.stderr) == (cold.returncode, cold.stderr) == (0, b"")


MESS: Final = """\
import os, signal, sys, warnings
os.environ["MESS"] = os.environ["CART_STORE"] = "/nowhere"
os.umask(0o777)
os.chdir("/tmp")
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
warnings.simplefilter("error")
sys.path.append("/nowhere")
sys.excepthook = print
os.close(0)
os.close(1)
"""


def test_the_code_is_the_one_under_test(tmp_path: Path) -> None:
    command = script(tmp_path, "import cartcli; print(cartcli.__file__, end='')")
    for args in ((), ("report",)):
        ran = warm(warm_parent(args, cart_env({})), command)
        assert ran.stdout.decode() == cartcli.__file__


def test_chance_is_not_inherited(python: WarmPython, tmp_path: Path) -> None:
    command = script(tmp_path, "import random; print(random.random())")
    assert warm(python, command).stdout != warm(python, command).stdout


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("pass", 0),
        ("raise SystemExit", 0),
        ("raise SystemExit(3)", 3),
        ("raise SystemExit(259)", 3),
        ("raise SystemExit('said')", 1),
        ("import os; os.kill(os.getpid(), 9)", -9),
        ("import atexit; atexit.register(print, 'at the end')", 0),
        ("print('unwritten'); import os; os.close(1)", 120),
        ("import sys; sys.stdout.close()", 0),
    ],
)
def test_ends_are_alike(python: WarmPython, tmp_path: Path, statement: str, status: int) -> None:
    command = script(tmp_path, statement)
    ran = warm(python, command)
    cold = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        env=cart_env({}),
        timeout=60,
        check=False,
    )
    assert ran.returncode == cold.returncode == status
    if status != 120:  # the interpreter says more about what it lost
        assert (ran.stdout, ran.stderr) == (cold.stdout, cold.stderr)


def test_an_error_that_nobody_handles_is_shown(python: WarmPython, tmp_path: Path) -> None:
    ran = warm(python, script(tmp_path, "1 / 0"))
    assert ran.returncode == 1
    assert ran.stderr.endswith(b"\nZeroDivisionError: division by zero\n")


def test_much_goes_in_and_out(python: WarmPython, tmp_path: Path) -> None:
    """More than pipes hold."""
    both = "import sys; d = sys.stdin.buffer.read(); print(len(d), file=sys.stderr); "
    command = script(tmp_path, both + "sys.stdout.buffer.write(d[::-1])")
    data = bytes(range(256)) * 4_000
    ran = python.run(command, data=data, env=cart_env({}), cwd="/", timeout=60)
    assert (ran.stdout, ran.stderr) == (data[::-1], b"1024000\n")
    ran = python.run(script(tmp_path, ""), data=data, env=cart_env({}), cwd="/", timeout=60)
    assert (ran.returncode, ran.stderr) == (0, b"")  # none of it was read


def test_a_command_that_hangs_is_killed(python: WarmPython, tmp_path: Path) -> None:
    sleeping = f"import os, time; print(os.getpid(), file=open({str(tmp_path / 'pid')!r}, 'w'))"
    command = script(tmp_path, f"{sleeping}; time.sleep(60)")
    with pytest.raises(subprocess.TimeoutExpired):
        warm(python, command, timeout=1)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    assert warm(python, script(tmp_path, "print(1)")).stdout == b"1\n"


def test_a_parent_that_dies_says_what_happened(python: WarmPython, tmp_path: Path) -> None:
    os.kill(python.pid, signal.SIGKILL)
    with pytest.raises(ParentFailed, match="the warm parent died"):
        warm(python, script(tmp_path, ""))
    with pytest.raises(ParentFailed, match="ModuleNotFoundError"):
        WarmPython(["no_such_module"], cart_env({}))


def test_a_parent_that_hangs_is_ended(python: WarmPython, tmp_path: Path) -> None:
    os.kill(python.pid, signal.SIGSTOP)
    with pytest.raises(ParentFailed, match="the warm parent gave no answer"):
        warm(python, script(tmp_path, ""))
    with pytest.raises(ProcessLookupError):
        os.kill(python.pid, 0)


def test_a_parent_that_failed_is_replaced() -> None:
    first = warm_parent((), cart_env({}))
    os.kill(first.pid, signal.SIGKILL)
    with pytest.raises(ParentFailed):
        run_cart("--version")
    assert run_cart("--version").returncode == 0
    assert warm_parent((), cart_env({})) is not first


@pytest.mark.parametrize("name", ["LC_ALL", "LANG", "PYTHONUTF8", "PYTHONPATH", "PYTHONIOENCODING"])
def test_what_an_interpreter_looks_at_needs_a_new_one(python: WarmPython, name: str) -> None:
    assert python.suits(cart_env({"HOME": "/", "TZ": "UTC", "COLUMNS": "1"}))
    assert not python.suits(cart_env({name: "other"}))

"""Streams and surroundings that fail: the state on disk is right, the exit status says so, and
there is no traceback."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.cli.conftest import NewCart, carts_in, contents_in, payments_in, states_in
from tests.cli.terminal import END_OF_INPUT, Terminal, after
from tests.helpers import CARD, CART, PLATES, TEA, Ran, cart_env, run_cart, shop_in

DIGITS: Final = CARD.replace(" ", "")

# A child of root that must obey permissions: it cannot regain what is dropped here, and unlike
# another user it can still reach a checkout in root's home. Others obey them anyway. The numbers
# are PR_CAPBSET_DROP, CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH.
_OBEY_PERMISSIONS: Final = (
    "import ctypes; libc = ctypes.CDLL(None); assert not libc.prctl(24, 1) | libc.prctl(24, 2)"
    if os.geteuid() == 0
    else "pass"
)


def run_in_shell(
    redirected: str, store: Path, *args: str, env: Mapping[str, str] | None = None, before: str = ""
) -> Ran:
    """`cart` with `args`, its streams `redirected` as a shell writes it, in a pipe after what
    comes `before`."""
    return _run(["sh", "-c", f'{before} "$0" "$@" {redirected}', CART, *args], store, env)


def run_after(statements: str, store: Path, *args: str, input: str = "") -> Ran:  # noqa: A002
    """`cart` with `args` in a process that ran Python `statements` first."""
    return _run([*after(statements), CART, *args], store, input=input)


def _run(
    command: Sequence[str | Path],
    store: Path,
    env: Mapping[str, str] | None = None,
    input: str = "",  # noqa: A002
) -> Ran:
    ran = subprocess.run(
        command,
        input=input.encode(),
        capture_output=True,
        env=cart_env({"HOME": str(store.parent)} | dict(env or {}), store),
        timeout=60,
        check=False,
    )
    assert b"Traceback" not in ran.stderr, ran.stderr.decode()
    assert b"Exception ignored" not in ran.stderr, ran.stderr.decode()
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def captures(store: Path) -> int:
    """How many payments were charged."""
    return sum(record["status"] == "charged" for record in payments_in(store))


def agrees(store: Path) -> bool:
    """Whether carts and payments do."""
    return not shop_in(store).audit().disagreements


PAYING: Final = f"echo {DIGITS} |"
LOST_OUTPUT: Final = [">&-", ">/dev/full", ">/dev/full 2>/dev/full", "| true"]


@pytest.mark.parametrize("redirected", ["<&- >&- 2>&-", *LOST_OUTPUT])
def test_a_change_is_saved_though_its_output_is_lost(
    new_cart: NewCart, shared: Path, redirected: str
) -> None:
    cart_id = new_cart({PLATES: 1})
    for output in ("table", "json"):
        ran = run_in_shell(redirected, shared, "add", cart_id, PLATES, "-o", output)
        assert ran.returncode == (0 if redirected == "| true" else 1)
        if redirected in (">&-", ">/dev/full"):
            assert "cart carts --all" in ran.stderr
    assert contents_in(shared) == {PLATES: 3}


@pytest.mark.parametrize("redirected", [">&- 2>&-", *LOST_OUTPUT])
def test_a_purchase_is_made_once_though_its_output_is_lost(
    new_cart: NewCart, shared: Path, redirected: str
) -> None:
    cart_id = new_cart({PLATES: 1})
    for _ in range(2):
        ran = run_in_shell(redirected, shared, "checkout", cart_id, "--card", "-", before=PAYING)
        assert ran.returncode == (0 if redirected == "| true" else 1)
    assert states_in(shared) == ["purchased"]
    assert captures(shared) == 1


@pytest.mark.parametrize(
    "args",
    [("carts",), ("carts", "-o", "json"), ("catalog",), ("whoami",), ("catalog", "-o", "csv")],
)
@pytest.mark.parametrize("redirected", [">&-", ">/dev/full", "<&- >&- 2>&-"])
def test_no_output_is_no_success(
    new_cart: NewCart, shared: Path, args: tuple[str, ...], redirected: str
) -> None:
    new_cart({PLATES: 1})
    assert run_in_shell(redirected, shared, *args).returncode == 1


@pytest.mark.parametrize("redirected", ["2>&-", "2>/dev/full"])
def test_errors_that_nobody_hears_keep_their_status(shared: Path, redirected: str) -> None:
    for args, status in ((("carts", "abcdef"), 3), (("add",), 2), (("--stoer",), 2)):
        assert run_in_shell(redirected, shared, *args).returncode == status


def test_a_status_survives_a_pipe_whose_reader_has_gone(shared: Path) -> None:
    """Standard output and standard error are pipes that nobody reads."""
    for args, status in (
        (["catalog", "-o", "json"], 1),
        (["carts", "abcdef"], 3),
        (["add", "new", PLATES], 1),
    ):
        reader, writer = os.pipe()
        os.close(reader)
        ended = subprocess.run(
            [CART, *args],
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=writer,
            env=cart_env({"HOME": str(shared.parent)}, shared),
            timeout=60,
            check=False,
        )
        os.close(writer)
        assert ended.returncode == status, args
    assert contents_in(shared) == {PLATES: 1}


@pytest.mark.parametrize(
    "args",
    [
        ("login", "bob", "--password-stdin"),
        ("login", "bob"),
        ("add", "new", "-"),
        ("checkout", "CART", "--card", "-"),
        ("checkout", "CART"),
    ],
)
def test_standard_input_is_closed(new_cart: NewCart, shared: Path, args: tuple[str, ...]) -> None:
    cart_id = new_cart({PLATES: 1})
    command = [cart_id if arg == "CART" else arg for arg in args]
    ran = run_in_shell("<&-", shared, *command)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("Error: ")
    assert states_in(shared) == ["open"]
    assert captures(shared) == 0


def test_input_ends_at_a_prompt(new_cart: NewCart, shared: Path) -> None:
    cart_id = new_cart({PLATES: 1})
    for prompt, args in (("Password: ", ("login", "bob")), ("number: ", ("checkout", cart_id))):
        with Terminal(*args, store=shared) as terminal:
            terminal.wait_for(prompt)
            terminal.press(END_OF_INPUT)
            assert terminal.end() == 130
            assert "Traceback" not in terminal.shown
    assert states_in(shared) == ["open"]


@pytest.mark.parametrize(
    "redirected", ["<&-", ">&-", "2>&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-"]
)
def test_no_file_of_the_store_takes_the_place_of_a_stream(
    new_cart: NewCart, shared: Path, redirected: str
) -> None:
    """Whatever is closed, what is printed lands in no file."""
    cart_id = new_cart({PLATES: 1})
    run_in_shell(redirected, shared, "add", cart_id, TEA)
    run_in_shell(redirected, shared, "checkout", cart_id, "--card", DIGITS)
    assert contents_in(shared) == {PLATES: 1, TEA: 1}
    assert agrees(shared)
    assert captures(shared) == 1


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii:strict"},
        {"PYTHONIOENCODING": "latin-1"},
        {"LANG": "xx_YY.nonsense", "PYTHONUTF8": "0"},
    ],
)
def test_any_locale(shared: Path, env: dict[str, str]) -> None:
    more = f'printf "%s" "{TEA},1" |'  # what is read is UTF-8; arguments may not be in every locale
    added = run_in_shell("", shared, "add", "new", "-", "-o", "json", env=env, before=more)
    assert (added.returncode, added.stderr) == (0, "")
    assert added.json["lines"][0]["name"] == "玉露 green tea"
    assert "玉露" in run_in_shell("", shared, "catalog", "-o", "csv", env=env).stdout
    for args in (("carts",), ("add", added.json["id"], PLATES)):
        shown = _run([CART, *args], shared, env)
        assert (shown.returncode, shown.stderr) == (0, "")
    unknown = run_in_shell("", shared, "add", "new", "玉", env=env)
    assert unknown.returncode == 3
    assert unknown.stderr.startswith("Error: no item has the SKU '")
    assert contents_in(shared) == {TEA: 1, PLATES: 1}


@pytest.mark.parametrize("columns", ["1", "0", "-3", "99999999999999999999", "wide"])
def test_any_width(shared: Path, columns: str) -> None:
    env = {"COLUMNS": columns, "LINES": columns}
    for args, status in ((("catalog",), 0), (("--help",), 0), (("carts", "abcdef"), 3)):
        assert run_in_shell("", shared, *args, env=env).returncode == status


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (["login", b"\xff\xfe", "--register"], 2),
        (["catalog", b"\xff\xfe"], 0),
        (["catalog", "--sku", b"\xff\xfe"], 3),
        (["catalog", "--max-price", b"\xff\xfe"], 2),
        (["catalog", "--sort", b"\xff\xfe"], 2),
        (["carts", b"\xff\xfe\xff\xfe"], 3),
        (["add", "new", b"\xff\xfe"], 3),
        (["add", b"\xff\xfe\xff\xfe", PLATES], 3),
        (["add", "new", PLATES, b"\xff\xfe"], 2),
        (["remove", b"\xff\xfe\xff\xfe", PLATES], 3),
        (["checkout", b"\xff\xfe\xff\xfe"], 3),
        (["checkout", "abcdef", "--expect-total", b"\xff\xfe"], 2),
        (["demo", "--user", b"\xff\xfe"], 2),
        ([b"\xff\xfe"], 2),
        ([b"--\xff\xfe"], 2),
        (["--currency", b"\xff\xfe", "catalog"], 2),
        (["--catalog", b"/nowhere/\xff\xfe", "catalog"], 2),
        (["carts", "-o", b"\xff\xfe"], 2),
    ],
)
def test_arguments_that_are_not_text(shared: Path, args: list[str | bytes], status: int) -> None:
    ran = _run([str(CART), *map(os.fsdecode, args)], shared, {"CART_PASSWORD": "a secret"})
    assert ran.returncode == status
    assert ran.stderr.startswith("Error: ") == (status != 0)
    assert carts_in(shared) == []


def test_arguments_that_are_not_text_in_json(shared: Path) -> None:
    ran = _run([str(CART), "add", "new", os.fsdecode(b"\xff\xfe"), "-o", "json"], shared)
    assert ran.returncode == 3
    assert json.loads(ran.stderr)["error"] == "not_found"


def test_a_store_whose_name_is_not_text(tmp_path: Path) -> None:
    store = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe"))
    registered = run_cart(
        "login", "a", "--register", store=store, env={"CART_PASSWORD": "a secret"}
    )
    assert registered.returncode == 0, registered.stderr
    assert run_cart("add", "new", "MUG-350-WHT", store=store).returncode == 0
    (file,) = store.glob("carts/a/open.pickle")
    file.write_bytes(b"")
    damaged = run_cart("carts", store=store, env={"COLUMNS": "999"})
    assert damaged.returncode == 9
    assert r"/\udcff\udcfe/carts/a/open.pickle" in damaged.stderr


READING: Final = [("whoami",), ("carts",), ("carts", "--all"), ("catalog",), ("audit",)]
WRITING: Final = [("add", "new", PLATES), ("logout",), ("demo",), ("checkout", "CART")]


@pytest.fixture
def read_only(new_cart: NewCart, shared: Path) -> tuple[Path, str]:
    """A store that cannot be written to, and its only cart."""
    cart_id = new_cart({PLATES: 1})
    for path in sorted(shared.rglob("*"), reverse=True):
        path.chmod(0o500 if path.is_dir() else 0o400)
    shared.chmod(0o500)
    return shared, cart_id


def test_reading_needs_no_writing(read_only: tuple[Path, str]) -> None:
    store, cart_id = read_only
    for args in (*READING, ("carts", cart_id[:8], "-o", "json")):
        ran = run_after(_OBEY_PERMISSIONS, store, *args)
        assert (ran.returncode, bool(ran.stdout)) == (0, args != ("audit",)), (args, ran.stderr)


def test_writing_to_a_read_only_store_fails_and_changes_nothing(
    read_only: tuple[Path, str],
) -> None:
    store, cart_id = read_only
    before = tree(store)
    for args in (*WRITING, ("add", cart_id, PLATES), ("login", "bob", "--password-stdin")):
        command = [cart_id if arg == "CART" else arg for arg in args]
        if args[0] == "checkout":
            command += ["--card", "-"]
        ran = run_after(_OBEY_PERMISSIONS, store, *command, input=DIGITS)
        assert (ran.returncode, ran.stdout if args[0] != "demo" else "") == (1, ""), args
        assert "Permission denied" in ran.stderr
    assert tree(store) == before


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below, with its content."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_store_that_cannot_be_entered(shared: Path) -> None:
    shared.chmod(0)
    for args in (("carts",), ("add", "new", PLATES), ("catalog",)):
        ran = run_after(_OBEY_PERMISSIONS, shared, *args)
        assert (ran.returncode, ran.stdout) == (1, ""), args
        assert "Permission denied" in ran.stderr
    shared.chmod(0o700)


def limited_to(size: int) -> str:
    """No file can grow beyond `size` bytes: at 0 the disk is full, further on it fills up."""
    return f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"


def test_a_full_disk_changes_nothing(new_cart: NewCart, shared: Path) -> None:
    cart_id = new_cart({PLATES: 1})
    before = tree(shared)
    for args in (
        ("add", cart_id, PLATES),
        ("add", "new", PLATES),
        ("remove", cart_id, PLATES),
        ("checkout", cart_id, "--card", DIGITS),
        ("login", "carol", "--register", "--password-stdin"),
        ("demo",),
    ):
        ran = run_after(limited_to(0), shared, *args, input="a secret\n")
        assert ran.returncode == 1, (args, ran)
        assert "File too large" in ran.stderr
    locks = {path for path in tree(shared) if path.endswith(("lock", "/pay"))}
    assert {path: data for path, data in tree(shared).items() if path not in locks} == {
        path: data for path, data in before.items() if path not in locks
    }
    assert all(Path(path).stat().st_size == 0 for path in locks)


def test_a_disk_that_fills_up_during_a_checkout(new_cart: NewCart, shared: Path) -> None:
    """Wherever it stops: charged at most once, and one more run finds out."""
    seen = set()
    for size in (100, 400, 700, 850, 1_000, 1_300, 5_000):
        cart_id = new_cart({PLATES: 1})
        before = captures(shared)
        full = run_after(limited_to(size), shared, "checkout", cart_id, "--card", "-", input=DIGITS)
        (cart,) = (cart for cart in carts_in(shared) if cart.id == cart_id)
        seen.add((full.returncode, cart.state, captures(shared) - before))
        again = run_cart("checkout", cart_id, "--card", "-", store=shared, input=DIGITS)
        assert again.returncode == 0, again.stderr
        assert captures(shared) - before == 1
    assert seen == {(1, "open", 0), (8, "pending", 1), (0, "purchased", 1)}
    assert agrees(shared)

"""cart add."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cli.conftest import NewCart, Run, carts_in, contents_in
from tests.helpers import CARD, CART, DRONE, PLATES, RICE, TEA, Ran, cart_env, run_cart

# What is no whole number from 1 to 999,999 in ASCII digits.
NO_QUANTITIES = [
    *("1_000", "٣", "\uff13", "²", "1e3", "1.5", "1.0", "1,000", "0x10", "nan", "inf", "one"),
    *("", " 1", "-1", "+1", "0", "00", "1000000", "9999999999999999"),
]


def contents(ran: Ran) -> dict[str, int]:
    assert ran.returncode == 0, ran.stderr
    return {line["sku"]: line["quantity"] for line in ran.json["lines"]}


def test_a_new_cart_and_more_of_it(cart: Run) -> None:
    started = cart("add", "new", PLATES, "-o", "json")
    assert contents(started) == {PLATES: 1}
    cart_id = started.json["id"]
    assert contents(cart("add", cart_id, PLATES, "2", "-o", "json")) == {PLATES: 3}
    assert contents(cart("add", cart_id[:4], TEA, "007", "-o", "json")) == {PLATES: 3, TEA: 7}
    shown = cart("carts", cart_id, "-o", "json").json[0]
    assert [line["quantity"] for line in shown["lines"]] == [3, 7]
    assert shown["total"] == "204.83"  # 3 x 39.47 + 7 x 12.345, rounded once


def test_the_cart_is_shown_to_people(cart: Run) -> None:
    ran = cart("add", "new", TEA, "2")
    assert (ran.returncode, ran.stderr) == (0, "")
    heading, *rest = ran.stdout.splitlines()
    assert heading.split()[0] == "Cart"
    assert heading.split()[2:] == ["open", "24.69", "USD", "alice", "just", "now"]
    assert "玉露 green tea" in "".join(rest)


@pytest.mark.parametrize("quantity", NO_QUANTITIES)
def test_what_is_no_quantity(cart: Run, shared: Path, quantity: str) -> None:
    ran = cart("add", "new", PLATES, "--", quantity)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "is not a whole number from 1 to 999,999" in " ".join(ran.stderr.split())
    assert carts_in(shared) == []


def test_a_negative_quantity_is_no_option_either(cart: Run) -> None:
    assert cart("add", "new", PLATES, "-1").returncode == 2


def test_most_of_an_item(cart: Run, new_cart: NewCart) -> None:
    cart_id = new_cart({PLATES: 999_998})
    assert contents(cart("add", cart_id, PLATES, "1", "-o", "json")) == {PLATES: 999_999}
    over = cart("add", cart_id, PLATES, "1")
    assert over.returncode == 2
    assert "Nothing was changed." in over.stderr
    assert cart("carts", "-o", "json").json[0]["total"] == "39469960.53"


@pytest.mark.parametrize(
    ("sku", "meant"),
    [
        (PLATES[:-1], PLATES),
        ("tea-玉露", TEA),
        ("drone", None),
        ("angry birds", DRONE),
        ("zzzzzz", None),
        ("", None),
    ],
)
def test_an_unknown_sku(cart: Run, shared: Path, sku: str, meant: str | None) -> None:
    ran = cart("add", "new", sku)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.startswith(f"Error: no item has the SKU {sku!r}\n")
    assert (f"Did you mean {meant}?" in ran.stderr) == (meant is not None)
    assert carts_in(shared) == []


def test_lines_from_standard_input(cart: Run, new_cart: NewCart) -> None:
    cart_id = new_cart({PLATES: 1})
    text = f'\ufeff{PLATES},2\r\n\r\n"{TEA}", 3\r\n {PLATES} ,1'
    assert contents(cart("add", cart_id, "-", "-o", "json", input=text)) == {PLATES: 4, TEA: 3}


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        (f"{PLATES},1\n{TEA},0\n", 2, "line 2: the quantity 0"),
        (f"{PLATES},1\n{TEA},1e3\n", 2, "line 2: the quantity '1e3'"),
        (f"{PLATES},1\n{TEA},-1\n", 2, "line 2: the quantity '-1'"),
        (f"{PLATES},1\n{TEA},٣\n", 2, "line 2: the quantity '٣'"),
        (f"{PLATES},1\n{TEA},1,1\n", 2, "line 2: there are 3 fields"),
        (f"{PLATES},1\nNOTHING,1\n", 3, "no item has the SKU 'NOTHING'"),
        (f"{PLATES},999999\n{PLATES},1\n", 2, "1000000"),
        (f'{PLATES},1\n"{TEA},1\n', 2, "line 2"),
        ("", 2, "standard input holds no lines"),
        ("\n\n", 2, "standard input holds no lines"),
        (f"{PLATES},1\n\0,1\n", 3, r"no item has the SKU '\x00'"),
        (b"\xff,1\n", 2, "standard input: line 1 is not UTF-8 text"),
    ],
)
def test_all_lines_or_none(
    cart: Run, new_cart: NewCart, shared: Path, text: str | bytes, status: int, told: str
) -> None:
    cart_id = new_cart({RICE: 1})
    ran = cart("add", cart_id, "-", input=text)
    assert (ran.returncode, ran.stdout) == (status, "")
    assert told in " ".join(ran.stderr.split())
    assert cart("add", "new", "-", input=text).returncode == status
    assert contents_in(shared) == {RICE: 1}


def test_a_scanners_lines_count_one_each(cart: Run, new_cart: NewCart) -> None:
    text = f"{PLATES}\r\n{TEA}\r\n{PLATES}\r\n{PLATES},2\n"
    assert contents(cart("add", "new", "-", "-o", "json", input=text)) == {PLATES: 4, TEA: 1}


@pytest.mark.parametrize("source", ["carts", "add", "checkout"])
def test_what_commands_print_as_csv_can_be_added(cart: Run, new_cart: NewCart, source: str) -> None:
    first = new_cart({PLATES: 3, TEA: 2})
    args = {
        "carts": ("carts", first),
        "add": ("add", first, PLATES),
        "checkout": ("checkout", first, "--card", "-"),
    }
    printed = cart(*args[source], "-o", "csv", input="4242424242424242").stdout
    added = contents(cart("add", "new", "-", "-o", "json", input=printed))
    assert added == {PLATES: 4 if source == "add" else 3, TEA: 2}


def test_a_header_may_have_its_columns_anywhere(cart: Run) -> None:
    text = f"name,Quantity, SKU\nTea,2,{TEA}\n"
    assert contents(cart("add", "new", "-", "-o", "json", input=text)) == {TEA: 2}
    text = f"sku\n{TEA}\n{TEA}\n"
    assert contents(cart("add", "new", "-", "-o", "json", input=text)) == {TEA: 2}


def test_every_wrong_line_is_told(cart: Run, shared: Path) -> None:
    ran = cart("add", "new", "-", input=f"{PLATES},0\n{TEA}\n,1\n{RICE},1,1\n")
    assert (ran.returncode, ran.stdout) == (2, "")
    for told in (
        "has 3 faulty lines",
        "line 1: the quantity 0",
        "line 3: there is no SKU",
        "line 4",
    ):
        assert told in ran.stderr
    ran = cart("add", "new", "-", input=f"NO-1\n{PLATES}\nNO-2,3\n")
    assert (ran.returncode, ran.stdout) == (3, "")
    assert (
        "  line 1: no item has the SKU 'NO-1'\n  line 3: no item has the SKU 'NO-2'" in ran.stderr
    )
    many = cart("add", "new", "-", input="X,0\n" * 1_000)
    assert "… and 980 more" in many.stderr
    assert carts_in(shared) == []


def test_a_request_that_is_made_again_is_done_once(cart: Run, shared: Path) -> None:
    for _ in range(3):
        made = cart("add", "new", PLATES, "--request-id", "order-1", "-o", "json")
        assert contents(made) == {PLATES: 1}
    (one,) = carts_in(shared)
    for _ in range(3):
        assert cart("add", one.id, TEA, "2", "--request-id", "order-2").returncode == 0
    assert contents_in(shared) == {PLATES: 1, TEA: 2}
    other = cart("add", one.id, TEA, "3", "--request-id", "order-2")
    assert other.returncode == 2
    assert contents_in(shared) == {PLATES: 1, TEA: 2}
    for _ in range(2):
        piped = cart("add", one.id, "-", "--request-id", "order-3", input=f"{TEA}\n")
        assert piped.returncode == 0
    assert contents_in(shared) == {PLATES: 1, TEA: 3}


def test_a_quantity_beside_standard_input(cart: Run) -> None:
    assert cart("add", "new", "-", "2", input=f"{PLATES},1\n").returncode == 2


def test_names_of_carts(cart: Run, new_cart: NewCart, shared: Path) -> None:
    cart_id = new_cart({PLATES: 1})
    for ref, status in [
        ("", 2),
        ("abc", 2),
        (cart_id[:3], 2),
        (cart_id + "0", 3),
        ("0" * 36, 3),
        ("../..", 3),
        (cart_id[:4], 0),
        (f" {cart_id.upper()} ", 0),
    ]:
        assert cart("add", ref, PLATES).returncode == status, ref


def test_a_prefix_of_several_carts(
    cart: Run, new_cart: NewCart, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = os.urandom
    with monkeypatch.context() as patched:  # ids are random, and 65,536 starts are many
        patched.setattr(os, "urandom", lambda size: b"\xab\xcd" + random(size - 2))
        first, second = new_cart({PLATES: 1}), new_cart({PLATES: 1})
    ran = cart("add", "abcd", PLATES, env={"COLUMNS": "999"})
    assert ran.returncode == 2
    assert "2 carts start with 'abcd'" in ran.stderr
    assert first in ran.stderr
    assert second in ran.stderr
    assert cart("add", first, PLATES).returncode == 0


def test_a_purchased_cart_takes_nothing_more(cart: Run, new_cart: NewCart) -> None:
    cart_id = new_cart({PLATES: 1})
    assert cart("checkout", cart_id, "--card", CARD).returncode == 0
    before = cart("carts", cart_id).stdout
    for command in ("add", "remove"):
        ran = cart(command, cart_id, PLATES)
        assert (ran.returncode, ran.stdout) == (6, "")
        assert "can no longer be changed" in " ".join(ran.stderr.split())
    assert cart("carts", cart_id).stdout == before


def test_commands_at_once_lose_nothing(cart: Run, new_cart: NewCart) -> None:
    cart_id = new_cart({PLATES: 1})
    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(lambda _: cart("add", cart_id, PLATES).returncode, range(8)))
    assert ended == [0] * 8
    assert contents(cart("add", cart_id, TEA, "-o", "json")) == {PLATES: 9, TEA: 1}


def test_another_currency_than_the_shop_s_is_refused(cart: Run, new_cart: NewCart) -> None:
    cart_id = new_cart({PLATES: 1})
    ran = cart("--currency", "EUR", "add", cart_id, PLATES)
    assert ran.returncode == 2
    assert "this shop sells in USD, not in EUR" in " ".join(ran.stderr.split())
    assert cart("carts", "-o", "json").json[0]["lines"][0]["quantity"] == 1


def test_a_pipe_may_be_typed_into_slowly(shared: Path) -> None:
    """Lines are read to their end, not as far as they have come."""
    process = subprocess.Popen(
        [CART, "add", "new", "-", "-o", "tsv"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=cart_env({"HOME": str(shared.parent)}, shared),
    )
    assert process.stdin is not None
    process.stdin.write(PLATES.encode())
    process.stdin.flush()
    stdout, _ = process.communicate(f",2\n{TEA},1\n".encode(), timeout=60)
    assert process.returncode == 0
    assert len(stdout.splitlines()) == 3


def test_only_who_is_logged_in(shared: Path) -> None:
    (shared / "session.json").unlink()
    for command in (
        ["add", "new", PLATES],
        ["remove", "abcd", PLATES],
        ["carts"],
        ["checkout", "abcd"],
    ):
        ran = run_cart(*command, store=shared)
        assert (ran.returncode, ran.stdout) == (4, "")
        assert "cart login" in ran.stderr

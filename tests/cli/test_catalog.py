"""cart catalog."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from wcwidth import wcswidth

from tests.helpers import DRONE, PLATES, RICE, TEA, Ran, run_cart, write_catalog, write_long_ago


def catalog(store: Path, *args: str) -> Ran:
    return run_cart("catalog", *args, store=store)


def skus(ran: Ran) -> list[str]:
    assert ran.returncode == 0, ran.stderr
    return [item["sku"] for item in ran.json]


@pytest.mark.parametrize(
    ("args", "found"),
    [
        ((), [PLATES, RICE, DRONE, TEA]),
        (("--sort", "name"), [DRONE, PLATES, RICE, TEA]),
        (("--sort", "price"), [TEA, RICE, PLATES, DRONE]),
        (("--sort", "-price"), [DRONE, PLATES, RICE, TEA]),
        (("--sort=-price", "--limit", "2"), [DRONE, PLATES]),
        (("--limit", "1"), [PLATES]),
        (("--min-price", "39.47"), [PLATES, DRONE]),
        (("--max-price", "39.47"), [PLATES, RICE, TEA]),
        (("--min-price", "12.345", "--max-price", "29.3800"), [RICE, TEA]),
        (("RICE", "pack"), [RICE]),
        (("玉露",), [TEA]),
        (("tea", "--sort", "price"), [TEA]),
        (("--sku", TEA, "--sku", RICE), [TEA, RICE]),
        (("--sku", TEA, "--sku", RICE, "--limit", "1"), [TEA]),
        (("no such words",), []),
    ],
)
def test_what_is_listed(shared: Path, args: tuple[str, ...], found: list[str]) -> None:
    assert skus(catalog(shared, *args, "-o", "json")) == found


def test_nobody_needs_to_be_logged_in(store: Path) -> None:
    ran = catalog(store, "-o", "json")
    assert skus(ran)[-3:] == [PLATES, RICE, DRONE]  # as the demonstration of old had them
    assert 35 <= len(ran.json) <= 45
    assert not store.exists()


def test_the_sample_is_told_apart_from_ones_own(shared: Path, store: Path) -> None:
    (shared / "catalog.csv").unlink()
    sample = catalog(shared)
    assert "This is the sample catalogue." in sample.stderr
    write_catalog(shared / "catalog.csv")
    assert catalog(shared).stderr == ""


def test_no_item_is_said_on_standard_error(shared: Path) -> None:
    ran = catalog(shared, "no such words")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "No item matches.\n")


def test_an_unknown_sku(shared: Path) -> None:
    ran = catalog(shared, "--sku", "tea-玉")
    assert ran.returncode == 3
    assert ran.stdout == ""
    assert f"Did you mean {TEA}?" in ran.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("--limit", "0"),
        ("--limit", "1.5"),
        ("--min-price", "1e3"),
        ("--min-price", "-1"),
        ("--max-price", "nan"),
        ("--max-price", "1_000"),
        ("--max-price", ""),
        ("--sort", "colour"),
        ("--sku", TEA, "words"),
        ("--sku", TEA, "--sort", "name"),
    ],
)
def test_wrong_options(shared: Path, args: tuple[str, ...]) -> None:
    ran = catalog(shared, *args)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("Error: ")


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "the file is empty"),
        (b"sku,name,price,description\n", 1, "there are no items below the header"),
        (b"sku,name,price\nA,Apple,1\n", 1, "the column 'description' is missing"),
        (b"sku,name,price,price,description\n", 1, "the column 'price' is there 2 times"),
        (
            b"sku,name,price,description\nA,Apple,1,\nA,Pear,2,\n",
            3,
            "the SKU 'A' is also in line 2",
        ),
        (b"sku,name,price,description\nA,Apple,-1,\n", 2, "the amount '-1' is negative"),
        (b"sku,name,price,description\nA,Apple,,\n", 2, "the amount is empty"),
        (b"sku,name,price,description\nA,Apple,1e3,\n", 2, "'1e3' is not a plain decimal"),
        (b"sku,name,price,description\nA,Apple,1.23456,\n", 2, "is not a plain decimal"),
        (b"sku,name,price,description\nA,Apple,1234567890123,\n", 2, "is not a plain decimal"),
        (b"sku,name,price,description\nA,Apple,1\n", 2, "it has 3 fields and the header 4"),
        (b"sku,name,price,description\nA,\xffpple,1,\n", 2, "it is not UTF-8 text"),
        (b'sku,name,price,description\nA,"Apple,1,\n', 2, "it is not well-formed CSV"),
        (b"sku,name,price,description\n ,Apple,1,\n", 2, "the SKU is empty"),
        (b"sku,name,price,description\nA, ,1,\n", 2, "the name is empty"),
    ],
)
def test_a_faulty_catalogue_is_refused_whole(
    shared: Path, content: bytes, line: int, reason: str
) -> None:
    file = shared / "catalog.csv"
    write_long_ago(file, content)
    for command in (("catalog",), ("add", "new", "A")):
        ran = run_cart(*command, store=shared, env={"COLUMNS": "999"})
        assert (ran.returncode, ran.stdout) == (2, "")
        assert f"the catalogue {file} is refused: line {line}: " in ran.stderr
        assert reason in ran.stderr


def test_a_catalogue_that_may_still_be_written_is_waited_for(shared: Path) -> None:
    path = shared / "catalog.csv"
    with path.open("w") as file:
        print("sku,name,price,description\nTV,Television,1", end="", file=file, flush=True)
        for command in (("catalog",), ("add", "new", "TV")):
            ran = run_cart(*command, store=shared, env={"CART_LOCK_WAIT": "0", "COLUMNS": "999"})
            assert (ran.returncode, ran.stdout) == (7, "")
            assert f"the catalogue {path} is being written, or was just now" in ran.stderr
        print("499.00,", end="", file=file)
    assert run_cart("add", "new", "TV", "-o", "json", store=shared).json["total"] == "1499.00"


def test_a_catalogue_as_others_write_it(shared: Path) -> None:
    file = shared / "catalog.csv"
    file.write_bytes(
        b"\xef\xbb\xbf,Price,NAME,colour,description\r\n"
        b' A-1 ,0.50, Apple ,red,"round,\r\nsweet"\r\n'
        b"\r\n"
        b'B-2,1234,"8"" bread",,\r\n'
    )
    ran = catalog(shared, "-o", "json")
    assert ran.json == [
        {
            "sku": "A-1",
            "name": "Apple",
            "price": "0.50",
            "currency": "USD",
            "description": "round,\r\nsweet",
        },
        {
            "sku": "B-2",
            "name": '8" bread',
            "price": "1234.00",
            "currency": "USD",
            "description": "",
        },
    ]


@pytest.mark.parametrize("place", ["missing.csv", "folder", "fifo"])
def test_a_catalogue_that_cannot_be_read(tmp_path: Path, store: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    ran = run_cart("--catalog", str(tmp_path / place), "catalog", store=store)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "cannot be read" in ran.stderr


def test_no_table_is_wider_than_80_columns(store: Path) -> None:
    ran = run_cart("catalog", store=store, env={"COLUMNS": "80"})
    assert ran.returncode == 0
    lines = ran.stdout.splitlines()
    assert max(map(wcswidth, lines)) <= 80
    assert {"SKU", "Item", "Price", "Description"} == set(lines[0].split())


def test_prices_are_aligned_on_the_right_after_wide_names(store: Path) -> None:
    ran = run_cart("catalog", "tea", store=store, env={"COLUMNS": "120"})
    ends = {
        wcswidth(line[: line.index(" USD") + 4])
        for line in ran.stdout.splitlines()
        if "USD" in line
    }
    assert len(ends) == 1, ran.stdout


def test_a_table_tells_the_terminal_nothing(shared: Path) -> None:
    write_catalog(
        shared / "catalog.csv",
        [("EVIL", "red \x1b[31m name \u202e", "1", "bell \x07\nline \x9b2J \u2028")],
    )
    shown = catalog(shared).stdout
    assert "\\x1b[31m" in shown.replace("\n", "")
    assert not {"\x1b", "\x07", "\x9b", "\u202e", "\u2028"} & set(shown)
    assert catalog(shared, "-o", "json").json[0]["name"] == "red \x1b[31m name \u202e"


@pytest.mark.parametrize("sort", ["name", "price", "-price", None])
def test_a_long_catalogue_is_read_in_pieces(store: Path, sort: str | None) -> None:
    order = ("--sort", sort) if sort else ()
    everything = [item["sku"] for item in run_cart("catalog", *order, "-ojson", store=store).json]
    seen: list[str] = []
    after: tuple[str, ...] = ()
    for _ in range(len(everything)):
        ran = run_cart("catalog", *order, "--limit", "7", *after, "-ojson", store=store)
        seen += [item["sku"] for item in ran.json]
        if "more than" not in ran.stderr:
            break
        after = ("--after", seen[-1])
    assert seen == everything
    last = run_cart("catalog", "--after", everything[-1], *order, store=store)
    assert (last.returncode, last.stdout) == (0, "")
    assert "No item comes after that." in last.stderr
    assert run_cart("catalog", "--after", "NOTHING", store=store).returncode == 3

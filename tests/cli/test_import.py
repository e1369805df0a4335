"""`cart import` as merchants run it."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from pathlib import Path

import pytest

from cartcli.files import locks
from tests.cli.terminal import Terminal
from tests.helpers import ALICE, CART, cart_env, run_cart, shop_in, write_catalog
from tests.product_files import GOOGLE, SHOPIFY_OLD, catalog_rows, delimited, imported

HEADER = "sku,name,price,description\n"
OLD = HEADER + "MUG,Mug,8.9,350 ml\nBAG,Bag,3.50,\n"
NEW = HEADER + "MUG,Mug,9.50,350 ml\nTEA,煎茶 Sencha,12.80,\n"
BAD = HEADER + "MUG,Mug,9.50,\nTEA,Tea,free,\n,Jar,1,\nMUG,Mug,1,\n"


@pytest.fixture
def shop_file(tmp_path: Path) -> Path:
    path = tmp_path / "products.csv"
    path.write_text(NEW, encoding="utf-8")
    return path


def test_a_file_becomes_the_catalogue(store: Path, shop_file: Path) -> None:
    ran = run_cart("import", str(shop_file), store=store)
    assert ran == (0, "Imported 2 items (own).\n2 added, 0 changed, 0 removed.\n", "")
    assert (store / "catalog.csv").stat().st_mode & 0o777 == 0o600
    assert store.stat().st_mode & 0o777 == 0o700
    assert [item.sku for item in shop_in(store).get_catalog()] == ["MUG", "TEA"]


def test_standard_input_becomes_the_catalogue(store: Path) -> None:
    imported(make(store), OLD)
    ran = run_cart("import", "-", "-o", "json", "-q", store=store, input=NEW)
    assert ran.stderr == ""
    assert ran.json == {
        "format": "own",
        "items": 2,
        "added": 1,
        "changed": 1,
        "repriced": 1,
        "removed": 1,
        "left_out": {},
        "faulty": 0,
    }
    assert [row["sku"] for row in catalog_rows(store)] == ["MUG", "TEA"]


def make(store: Path) -> Path:
    store.mkdir(0o700)
    return store


FAULTS = [
    "line 3: price of TEA: 'free' is not a plain decimal (at most 12 digits before the point and 4"
    " after it)",
    "line 4: the SKU is empty",
    "line 5: the SKU 'MUG' is also in line 2",
]


def test_one_faulty_row_keeps_all_out(store: Path) -> None:
    ran = run_cart("import", "-", store=store, input=BAD)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.splitlines() == [
        *(f"  {fault}" for fault in FAULTS),
        "Error: standard input has 3 faulty rows",
        "Nothing was written. Correct the file, or leave them out with --skip-bad.",
    ]
    assert not store.exists()


def test_faults_in_json_are_one_object(store: Path) -> None:
    ran = run_cart("import", "-", "-o", "json", store=store, input=BAD)
    error = json.loads(ran.stderr)
    assert error["error"] == "usage"
    assert error["message"].split("\n  ") == ["standard input has 3 faulty rows", *FAULTS]


def test_faulty_rows_are_left_out_when_asked(store: Path) -> None:
    ran = run_cart("import", "-", "--skip-bad", store=store, input=BAD)
    assert (ran.returncode, ran.stdout.splitlines()[0]) == (0, "Imported 1 item (own).")
    assert ran.stderr.splitlines()[-1] == "3 faulty rows left out."
    assert [row["sku"] for row in catalog_rows(store)] == ["MUG"]


def test_a_dry_run_shows_what_would_change_and_writes_nothing(store: Path, shop_file: Path) -> None:
    imported(make(store), OLD)
    before = (store / "catalog.csv").read_bytes()
    (store / "catalog.lock").unlink()
    ran = run_cart("import", str(shop_file), "--dry-run", store=store)
    table, summary = ran.stdout.splitlines()[:-2], ran.stdout.splitlines()[-2:]
    assert [re.split("  +", row) for row in table if "---" not in row] == [
        ["Change", "SKU", "Item", "Price", "Was"],
        ["changed", "MUG", "Mug", "9.50 USD", "8.90 USD"],
        ["added", "TEA", "煎茶 Sencha", "12.80 USD"],
        ["removed", "BAG", "Bag", "3.50 USD"],
    ]
    assert summary == [
        "Would import 2 items (own); nothing was written.",
        "1 added, 1 changed (1 in price), 1 removed.",
    ]
    assert (store / "catalog.csv").read_bytes() == before
    assert not (store / "catalog.lock").exists()


@pytest.mark.parametrize(("output", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_a_dry_run_for_programs(store: Path, shop_file: Path, output: str, delimiter: str) -> None:
    imported(make(store), OLD)
    ran = run_cart("import", str(shop_file), "--dry-run", "-o", output, store=store)
    assert [*csv.reader(io.StringIO(ran.stdout), delimiter=delimiter, strict=True)] == [
        ["change", "sku", "name", "old_price", "new_price", "currency"],
        ["changed", "MUG", "Mug", "8.90", "9.50", "USD"],
        ["added", "TEA", "煎茶 Sencha", "", "12.80", "USD"],
        ["removed", "BAG", "Bag", "3.50", "", "USD"],
    ]


@pytest.mark.parametrize("same", [True, False])
def test_a_dry_run_in_json_is_one_object(store: Path, shop_file: Path, same: bool) -> None:
    imported(make(store), NEW if same else OLD)
    result = run_cart("import", str(shop_file), "--dry-run", "-o", "json", store=store).json
    assert [change["change"] for change in result["changes"]] == (
        [] if same else ["changed", "added", "removed"]
    )
    assert result["changes"] == [] or result["changes"][1] == {
        "change": "added",
        "sku": "TEA",
        "name": "煎茶 Sencha",
        "old_price": None,
        "new_price": "12.80",
        "currency": "USD",
    }


def test_a_long_dry_run_shows_the_beginning_and_where_the_rest_is(store: Path) -> None:
    data = HEADER + "".join(f"S{i},S,1,\n" for i in range(1_060))
    ran = run_cart("import", "-", "--dry-run", store=store, input=data)
    assert len(re.findall("(?m)^added +S", ran.stdout)) == 50
    assert ran.stderr == "… and 1,010 more changes; see all of them with -o csv.\n"
    assert not store.exists()


def test_merging_keeps_what_the_file_lacks(store: Path, shop_file: Path) -> None:
    imported(make(store), OLD)
    ran = run_cart("import", str(shop_file), "--merge", store=store)
    assert ran.stdout.endswith("1 added, 1 changed (1 in price), 0 removed.\n")
    assert [row["sku"] for row in catalog_rows(store)] == ["MUG", "BAG", "TEA"]


def test_the_currency_is_the_shops(store: Path) -> None:
    row = {"id": "PAN", "title": "Pan", "description": "Iron", "price": "15.00 EUR"}
    feed = delimited(GOOGLE, row, delimiter="\t")
    ran = run_cart("import", "-", store=store, input=feed)
    assert ran.returncode == 2
    assert "line 2: the price '15.00 EUR' is not in USD, the shop's currency" in ran.stderr
    assert run_cart("--currency", "EUR", "import", "-", store=store, input=feed).returncode == 0
    assert catalog_rows(store)[0]["price"] == "15.00"


def test_what_is_left_out_and_made_up_is_told(store: Path) -> None:
    first = {"Handle": "mug", "Title": "Mug", "Status": "active"}
    rows = [
        first | {"Option1 Value": "0", "Variant Price": "8"},
        *({"Handle": "mug", "Option1 Value": f"{n}", "Variant Price": "8"} for n in range(1, 9)),
        {"Handle": "cup", "Title": "Cup", "Status": "draft", "Variant Price": "8"},
    ]
    ran = run_cart("import", "-", store=store, input=delimited(SHOPIFY_OLD, *rows))
    assert ran.stdout.splitlines() == [
        "Imported 9 items (shopify).",
        "9 added, 0 changed, 0 removed.",
        "Left out: 1 draft.",
    ]
    assert ran.stderr.splitlines() == [
        *(f"Warning: line {n + 2}: no SKU, sold as mug-{n}" for n in range(5)),
        "Warning: … and 4 more such rows",
    ]


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        (["none.csv"], 2, "Error: none.csv cannot be read: No such file or directory"),
        (["."], 2, "Error: . cannot be read: Is a directory"),
        (["-"], 2, "Error: standard input is refused: it is empty"),
        (["-", "--format", "ebay"], 2, "Error: Invalid value for '--format'"),
        ([], 2, "Error: Name a FILE, or - for standard input; or use --undo."),
    ],
)
def test_what_cannot_be_imported(
    store: Path, tmp_path: Path, args: list[str], status: int, message: str
) -> None:
    ran = run_cart("import", *args, store=store, cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (status, "")
    assert ran.stderr.startswith(message)
    assert not store.exists()


def test_no_file_drives_the_terminal(store: Path) -> None:
    data = HEADER + "A,\x1b[2J\x9b,1,\n\x1b]0;B,B,1,\n"
    ran = run_cart("import", "-", "--skip-bad", "--dry-run", store=store, input=data)
    assert "\x1b" not in ran.stdout + ran.stderr
    assert "\x9b" not in ran.stdout
    assert r"\x1b[2J\x9b" in ran.stdout


def test_a_catalogue_that_the_settings_do_not_name_is_told(store: Path, shop_file: Path) -> None:
    env = {"CART_CATALOG": "/other.csv"}
    ran = run_cart("import", str(shop_file), store=store, env=env)
    told, advice = ran.stderr.splitlines()
    assert told == "Warning: this shop sells from another catalogue, /other.csv"
    assert advice.endswith("cart config set catalog own")
    assert run_cart(*advice.split()[-5:][1:], store=store).returncode == 0
    assert run_cart("import", str(shop_file), store=store).stderr == ""
    assert run_cart("catalog", store=store).returncode == 0


def test_another_import_is_waited_for_only_so_long(store: Path, shop_file: Path) -> None:
    imported(make(store), OLD)
    with locks.locked(str(store / "catalog.lock"), 0):
        env = {"CART_LOCK_WAIT": "0.01"}
        ran = run_cart("import", str(shop_file), store=store, env=env)
    assert ran.returncode == 7
    assert ran.stderr.startswith("Error: another import is writing the catalogue\nNothing was")
    assert [row["sku"] for row in catalog_rows(store)] == ["MUG", "BAG"]


def test_open_carts_are_not_touched(store: Path, shop_file: Path) -> None:
    imported(make(store), OLD)
    shop_in(store).update_cart(ALICE, None, {"MUG": 2, "BAG": 1})
    carts = {path: path.read_bytes() for path in store.glob("carts/**/*") if path.is_file()}
    assert carts
    assert run_cart("import", str(shop_file), store=store).returncode == 0
    assert carts == {path: path.read_bytes() for path in carts}


def test_a_reader_that_goes_away_is_no_error(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text(HEADER + "".join(f"S{i},{'x' * 90},1,\n" for i in range(12_000)))
    with subprocess.Popen(
        [CART, "import", path, "--dry-run", "-o", "csv"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=cart_env({"HOME": str(tmp_path)}, store),
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_terminal_sees_progress_and_nobody_else_does(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text(HEADER + "".join(f"S{i},{'x' * 90},1,\n" for i in range(12_000)))
    with Terminal("import", str(path), store=store) as terminal:
        assert terminal.end() == 0
        reading, _, writing = terminal.shown.partition("Writing the catalogue  [")
        assert "Reading many.csv" in reading
        assert "####]  100%" in reading
        assert "####]  100%" in writing
        widths = map(len, re.split(r"[\r\n]+|\x1b\[\?25[lh]", terminal.shown))
        assert max(widths) <= 80
        assert "Imported 12,000 items (own)." in terminal.shown
    assert run_cart("import", str(path), store=store).stderr == ""


def test_a_small_file_needs_no_progress_bar(store: Path, shop_file: Path) -> None:
    with Terminal("import", str(shop_file), store=store) as terminal:
        assert terminal.end() == 0
        assert terminal.shown == "Imported 2 items (own).\n2 added, 0 changed, 0 removed.\n"


def many(path: Path, first: int, last: int) -> str:
    """A product file of items from one number to another."""
    rows = [(f"S-{number:02}", f"Thing {number}", "1", "") for number in range(first, last)]
    return str(write_catalog(path, rows))


def test_a_file_that_takes_most_off_sale_is_perhaps_the_wrong_one(
    store: Path, tmp_path: Path
) -> None:
    whole, half, less = (
        many(tmp_path / name, *span)
        for name, span in (("whole", (0, 20)), ("half", (10, 20)), ("less", (11, 20)))
    )
    assert run_cart("import", whole, store=store).returncode == 0
    assert run_cart("import", half, store=store).returncode == 0
    assert run_cart("import", whole, store=store).returncode == 0
    refused = run_cart("import", less, store=store)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Take 11 of 20 items off sale?" in refused.stderr
    assert "--yes" in refused.stderr
    assert len(run_cart("catalog", "-o", "json", store=store).json) == 20
    tried = run_cart("import", less, "--dry-run", store=store)
    assert (tried.returncode, "11 removed" in tried.stdout) == (0, True)
    assert run_cart("import", less, "--merge", store=store).returncode == 0
    assert len(run_cart("catalog", "-o", "json", store=store).json) == 20
    assert run_cart("import", less, "--yes", store=store).returncode == 0
    assert len(run_cart("catalog", "-o", "json", store=store).json) == 9
    # Of fewer than twenty, people see what is gone.
    assert run_cart("import", many(tmp_path / "few", 19, 20), store=store).returncode == 0


@pytest.mark.parametrize(("answer", "left"), [("y", 2), ("n", 20)])
def test_a_terminal_is_asked_whether_most_goes(
    store: Path, tmp_path: Path, answer: str, left: int
) -> None:
    assert run_cart("import", many(tmp_path / "whole", 0, 20), store=store).returncode == 0
    with Terminal("import", many(tmp_path / "less", 18, 20), store=store) as terminal:
        terminal.answer("Take 18 of 20 items off sale?", answer)
        assert terminal.end() == (0 if answer == "y" else 130)
    assert len(run_cart("catalog", "-o", "json", store=store).json) == left

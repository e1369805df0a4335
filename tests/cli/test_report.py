"""cart report, as a merchant runs it."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cartcli.files.locks import locked
from tests.cli.terminal import Terminal
from tests.helpers import CART, cart_env, run_cart
from tests.till import Till

NOT_SETTLED = "1 payment not settled, for which 8.90 USD was charged. Settle: cart settle --all\n"


def test_sales_by_day_are_the_default(sold: Till) -> None:
    ran = run_cart("report", store=sold.store)
    assert ran.returncode == 0
    assert ran.stderr == NOT_SETTLED
    assert ran.stdout.splitlines() == [
        "Sales by day: all time (UTC)",
        "",
        "Day         Orders     Revenue    Average",
        "----------  ------  ----------  ---------",
        "2026-01-02       2  110.70 USD  55.35 USD",
        "2026-01-05       1    1.01 EUR   1.01 EUR",
        "total            1    1.01 EUR   1.01 EUR",
        "total            2  110.70 USD  55.35 USD",
    ]


def test_items_in_a_table_and_as_csv_and_tsv(sold: Till) -> None:
    table = run_cart("report", "items", store=sold.store).stdout
    assert table.splitlines() == [
        "Best items by revenue: all time (UTC)",
        "",
        "SKU   Item      Quantity  Orders    Revenue",
        "----  --------  --------  ------  ---------",
        "FUEL  Fuel             1       1  1.009 EUR",
        "MUG   Mug             11       2  97.90 USD",
        "TEA   煎茶 Tea         1       1  12.80 USD",
    ]
    for output, delimiter in (("csv", ","), ("tsv", "\t")):
        ran = run_cart("report", "items", "--top", "1", "-o", output, store=sold.store)
        assert [*csv.reader(ran.stdout.splitlines(), delimiter=delimiter)] == [
            ["sku", "name", "quantity", "orders", "revenue", "currency"],
            ["FUEL", "Fuel", "1", "1", "1.009", "EUR"],
            ["MUG", "Mug", "11", "2", "97.90", "USD"],
        ]
        assert ran.stderr == f"2 of 3 shown; see more with --top.\n{NOT_SETTLED}"


def test_customers_as_json(sold: Till) -> None:
    assert run_cart(
        "report", "customers", "-o", "json", "--since", "2026-01-03", store=sold.store
    ).json == [
        {
            "user": "alice",
            "orders": 1,
            "revenue": "1.01",
            "average": "1.01",
            "last": "2026-01-05T10:00:00.000000Z",
            "currency": "EUR",
        }
    ]


@pytest.mark.parametrize("kind", ["sales", "items", "customers", "open"])
def test_what_is_in_no_sum_is_told(sold: Till, tmp_path: Path, kind: str) -> None:
    store = Path(shutil.copytree(sold.store, tmp_path / "store"))
    assert run_cart("report", kind, "-o", "json", store=store).notes == NOT_SETTLED
    assert run_cart("settle", "--all", store=store).returncode == 0
    assert run_cart("report", kind, "-o", "json", store=store).stderr == ""


def test_open_carts_as_json_and_in_a_table(sold: Till) -> None:
    env = {"CART_CATALOG": str(sold.store.with_name("items.csv"))}
    carol, bob = run_cart("report", "open", "-o", "json", store=sold.store, env=env).json
    days = carol.pop("days")
    assert days == (datetime.now(UTC) - datetime(2026, 1, 3, 10, tzinfo=UTC)).days
    assert len(carol.pop("cart")) == len("d9e9928b-cf1e-4a63-b5a4-3f1a27e0c5b1")
    assert carol == {
        "user": "carol",
        "state": "open",
        "quantity": 2,
        "total": "25.60",
        "currency": "USD",
        "updated": "2026-01-03T10:00:00.000000Z",
        "unsold": 0,
        "charged": None,
    }
    assert (bob["user"], bob["state"], bob["charged"]) == ("bob", "pending", bob["total"])
    table, said = run_cart("report", "open", store=sold.store, env=env)[1:]
    assert said == NOT_SETTLED
    title, _, header, _, first, second = table.splitlines()
    assert title == "Carts not bought, by their last change: all time (UTC)"
    assert header.split("  ")[0] == "Cart"
    assert first.split()[1:-2] == ["carol", "open", "2", "25.60", "USD", "2026-01-03", "10:00"]
    assert second.split()[0] == bob["cart"][:8]


@pytest.mark.parametrize(
    ("span", "orders"),
    [
        (["--since", "2026-01-02", "--until", "2026-01-02"], [2]),
        (["--since", "0001-01-01", "--until", "9999-12-31"], [2, 1]),
    ],
)
def test_both_days_of_a_span_are_included(sold: Till, span: list[str], orders: list[int]) -> None:
    found = run_cart("report", *span, "-o", "json", store=sold.store).json
    assert [row["orders"] for row in found] == orders


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--since", "2026-1-2"], "'2026-1-2' is not a date such as 2010-12-31"),
        (["--until", "20260102"], "is not a date"),
        (["--since", "2026-02-30"], "is not a date"),
        (["--until", "2026-W01-1"], "is not a date"),
        (["--since", "٢٠٢٦-01-02"], "is not a date"),
        (["--since", "2026-01-02", "--until", "2026-01-01"], "is after"),
        (["items", "--by", "day"], "--by and --fill go with sales only"),
        (["--top", "3"], "--top goes with orders, items, customers and open only"),
        (["items", "--top", "0"], "--top"),
        (["purchases"], "'purchases' is not one of"),
        (["--plot", "sales.gif"], ".png, .svg or .pdf"),
        (["--plot", "png"], ".png, .svg or .pdf"),
        (["orders", "--plot", "orders.png"], "--plot goes with sales, items, customers and open"),
    ],
)
def test_what_makes_no_sense_is_refused(store: Path, args: list[str], said: str) -> None:
    ran = run_cart("report", *args, store=store)
    assert ran.returncode == 2
    assert said in " ".join(ran.stderr.split())
    assert ran.stdout == ""


@pytest.mark.parametrize(
    ("args", "shown", "said"),
    [
        (
            "sales -o csv",
            "period,orders,revenue,average,currency\n",
            "Nothing was sold in that time.",
        ),
        ("items -o json", "[]\n", "Nothing was sold in that time."),
        ("customers", "", "Nothing was sold in that time."),
        (
            "open -o tsv",
            "cart\tuser\tstate\tquantity\ttotal\tcurrency\tupdated\tdays\tunsold\tcharged\n",
            "No carts are open.",
        ),
    ],
)
def test_an_empty_store_gives_an_empty_report(
    store: Path, args: str, shown: str, said: str
) -> None:
    ran = run_cart("report", *args.split(), store=store)
    assert (ran.returncode, ran.stdout) == (0, shown)
    assert (ran.notes if "json" in args else ran.stderr) == f"{said}\n"
    assert not store.exists()


def test_a_damaged_file_is_named(till: Till) -> None:
    till.sell("alice", "2026-01-02T10:00", {"MUG": 1})
    (file,) = till.store.glob("carts/alice/purchased/*.pickle")
    file.write_bytes(file.read_bytes()[:-1])
    ran = run_cart("report", "-o", "json", store=till.store)
    assert (ran.returncode, ran.stdout) == (9, "")
    error = json.loads(ran.stderr)
    assert error["error"] == "damaged"
    assert str(file) in error["message"]
    assert run_cart("report", "open", store=till.store).returncode == 0


def test_it_waits_for_no_lock(sold: Till) -> None:
    with ExitStack() as locks:
        held = [*sold.store.glob("carts/*/lock"), *sold.store.glob("carts/*/purchased/pay")]
        assert len(held) > 3
        for path in held:
            locks.enter_context(locked(str(path), wait=0))
        for kind in ("sales", "open"):
            ran = run_cart("report", kind, store=sold.store, env={"CART_LOCK_WAIT": "0"})
            assert ran.returncode == 0, ran.stderr


# Runs `cart`, and ends it at the first attempt to lock or to change a file.
ONLY_READING = """\
import os, sys
from cartcli.cli import main

CHANGES = {"fcntl.flock", "fcntl.lockf"}
CHANGES |= {"os.mkdir", "os.remove", "os.rename", "os.link", "os.chmod"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

def watch(event, args):
    if event in CHANGES or event == "open" and args[2] & WRITING:
        sys.stderr.write(f"not only reading: {event} {args}")
        sys.stderr.flush()
        os._exit(99)

sys.dont_write_bytecode = True
sys.argv[0] = "cart"
sys.addaudithook(watch)
main()
"""


def only_reading(store: Path, *args: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", ONLY_READING, *args],
        env=cart_env({"HOME": str(store.parent)}, store),
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_it_only_reads_the_store(sold: Till) -> None:
    for kind in ("items", "open"):
        ran = only_reading(sold.store, "report", kind)
        assert ran.returncode == 0, ran.stderr.decode()
        assert ran.stdout
    seen = only_reading(sold.store, "demo")  # a writer is seen, so that this test can fail
    assert seen.returncode == 99, seen.stderr.decode()


def test_a_terminal_shows_progress_on_standard_error(sold: Till, tmp_path: Path) -> None:
    result = tmp_path / "result"
    with (
        result.open("wb") as stdout,
        Terminal("report", "-o", "json", store=sold.store, stdout=stdout) as terminal,
    ):
        terminal.wait_for("Reading carts")
        terminal.wait_for("100%")
        assert terminal.end() == 0
    assert len(json.loads(result.read_bytes())) == 2


def test_it_needs_no_standard_error(sold: Till) -> None:
    ran = subprocess.run(
        ["sh", "-c", 'exec "$0" report -o csv 2>&-', CART],
        env=cart_env({"HOME": str(sold.store.parent)}, sold.store),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0
    assert ran.stdout == run_cart("report", "-o", "csv", store=sold.store).stdout.encode()


def test_an_error_starts_a_line_of_its_own_below_the_progress(till: Till) -> None:
    for user in ("alice", "bob"):
        till.sell(user, "2026-01-02T10:00", {"MUG": 1})
    (file,) = till.store.glob("carts/bob/purchased/*.pickle")
    file.write_bytes(b"")
    with Terminal("report", store=till.store) as terminal:
        terminal.wait_for("\nError: stored data is damaged")
        assert terminal.end() == 9


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Lets matplotlib look for fonts only once."""
    return {"MPLCONFIGDIR": str(tmp_path_factory.mktemp("matplotlib"))}


@pytest.mark.parametrize(
    ("args", "start"),
    [
        (["sales", "--by", "week"], b"\x89PNG"),
        (["customers"], b"<?xml"),
        (["open"], b"\x89PNG"),
    ],
)
def test_a_plot_is_written_beside_the_table(
    sold: Till, tmp_path: Path, fonts: dict[str, str], args: list[str], start: bytes
) -> None:
    picture = tmp_path / ("plot.PNG" if start.startswith(b"\x89") else "plot.svg")
    picture.write_text("an older one")
    ran = run_cart("report", *args, "--plot", str(picture), store=sold.store, env=fonts)
    assert ran.returncode == 0, ran.stderr
    assert len(ran.stdout.splitlines()) >= 4
    assert picture.read_bytes().startswith(start)
    assert ran.stderr.startswith(f"Wrote {picture}.\n")


def test_a_plot_in_place_of_the_table(sold: Till, fonts: dict[str, str], tmp_path: Path) -> None:
    env = cart_env({"HOME": str(tmp_path)} | fonts, sold.store)
    ran = subprocess.run(
        [CART, "report", "items", "--plot", "-"], env=env, capture_output=True, check=True
    )
    assert ran.stdout.startswith(b"\x89PNG")
    with Terminal("report", "--plot", "-", store=sold.store, env=fonts) as terminal:
        assert terminal.end() == 2
        assert "a terminal cannot show it" in " ".join(terminal.shown.split())
    drawn = tmp_path / "sales.pdf"
    assert run_cart("report", "--plot", str(drawn), store=sold.store, env=fonts).returncode == 0
    assert drawn.read_bytes().startswith(b"%PDF")


def test_a_plot_that_cannot_be_written_is_told(sold: Till, fonts: dict[str, str]) -> None:
    path = sold.store.parent / "missing" / "plot.svg"
    ran = run_cart("report", "--plot", str(path), store=sold.store, env=fonts)
    assert ran.returncode == 1
    assert str(path) in ran.stderr.replace("\n", "")
    assert "Traceback" not in ran.stderr


def test_plots_name_the_extra_that_they_need(sold: Till, tmp_path: Path) -> None:
    (tmp_path / "matplotlib.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'matplotlib'\", name='matplotlib')"
    )
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    env = {"PYTHONPATH": path}
    picture = tmp_path / "plot.png"
    ran = run_cart("report", "--plot", str(picture), store=sold.store, env=env)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "matplotlib" in ran.stderr
    assert "pip install 'cartcli[plot]'" in ran.stderr
    assert not picture.exists()
    assert run_cart("report", store=sold.store, env=env).returncode == 0


def test_it_is_listed_among_the_commands(store: Path) -> None:
    assert "report" in run_cart("--help", store=store).stdout
    assert "sales|orders|items|customers|open" in run_cart("report", "--help", store=store).stdout

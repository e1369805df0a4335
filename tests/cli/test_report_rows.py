"""Which rows a report has, and for whom: programs, and people where they are."""

from __future__ import annotations

import csv

from tests.helpers import run_cart
from tests.till import Till


def test_programs_are_given_all_rows_and_people_the_first(till: Till) -> None:
    for number in range(12):
        till.sell(f"user{number:02}", "2026-01-02T10:00", {"MUG": number + 1})
    for output in ("json", "csv"):
        ran = run_cart("report", "customers", "-o", output, store=till.store)
        assert ran.stdout.count("user") == 12 + (output != "json") + 12 * (output == "json")
        assert ran.stderr == ""
    shown = run_cart("report", "customers", store=till.store)
    assert shown.stdout.count("user") == 10
    assert shown.stderr == "10 of 12 shown; see more with --top.\n"


def test_days_without_sales(till: Till) -> None:
    till.sell("alice", "2026-01-02T10:00", {"MUG": 1})
    till.sell("alice", "2026-01-05T10:00", {"MUG": 1})

    def periods(*args: str) -> list[tuple[str, int, str]]:
        rows = run_cart("report", "sales", "--fill", *args, "-o", "json", store=till.store).json
        return [(row["period"], row["orders"], row["revenue"]) for row in rows]

    none = [(f"2026-01-0{day}", 0, "0.00") for day in (3, 4)]
    sold = [("2026-01-02", 1, "8.90"), ("2026-01-05", 1, "8.90")]
    assert periods() == [sold[0], *none, sold[1]]
    span = ("--since", "2025-12-31", "--until", "2026-01-06")
    assert [row[0] for row in periods(*span)] == [
        *("2025-12-31", "2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05"),
        "2026-01-06",
    ]
    months = periods("--by", "month", "--since", "2025-11-30", "--until", "2026-02-01")
    assert [row[:2] for row in months] == [
        *(("2025-11", 0), ("2025-12", 0), ("2026-01", 2), ("2026-02", 0))
    ]
    weeks = periods("--by", "week", "--until", "2026-01-18")
    assert [row[:2] for row in weeks] == [("2026-W01", 1), ("2026-W02", 1), ("2026-W03", 0)]
    assert run_cart("report", "items", "--fill", store=till.store).returncode == 2


def test_days_are_those_of_a_time_zone(till: Till) -> None:
    till.sell("alice", "2026-01-02T23:30", {"MUG": 1})
    till.sell("bob", "2026-01-03T12:00", {"TEA": 1})

    def day(zone: str, *args: str) -> list[str]:
        ran = run_cart("report", *args, "--timezone", zone, "-o", "json", store=till.store)
        return [row["period"] for row in ran.json]

    assert day("UTC") == ["2026-01-02", "2026-01-03"]
    assert day("Europe/Berlin") == ["2026-01-03"]
    assert day("Pacific/Kiritimati") == ["2026-01-03", "2026-01-04"]
    assert day("Europe/Berlin", "--until", "2026-01-02") == []
    shown = run_cart("report", "customers", "--timezone", "Europe/Berlin", store=till.store).stdout
    assert shown.startswith("Best customers by revenue: all time (Europe/Berlin)\n\n")
    assert "2026-01-03 00:30" in shown
    wrong = run_cart("report", "--timezone", "Berlin", store=till.store)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "there is no time zone 'Berlin'" in wrong.stderr


def test_orders_one_by_one_and_line_by_line(sold: Till) -> None:
    orders = run_cart("report", "orders", "-o", "json", store=sold.store).json
    assert [(one["user"], one["quantity"], one["amount"], one["currency"]) for one in orders] == [
        ("alice", 1, "8.90", "USD"),
        ("bob", 11, "101.80", "USD"),
        ("alice", 1, "1.01", "EUR"),
    ]
    ran = run_cart(
        "report", "orders", "--lines", "--until", "2026-01-04", "-o", "csv", store=sold.store
    )
    header, *lines = csv.reader(ran.stdout.splitlines())
    assert header == [
        *("order", "user", "purchased", "sku", "name", "price", "quantity", "total", "currency")
    ]
    assert [line[3:] for line in lines] == [
        ["MUG", "Mug", "8.90", "1", "8.90", "USD"],
        ["MUG", "Mug", "8.90", "10", "89.00", "USD"],
        ["TEA", "煎茶 Tea", "12.80", "1", "12.80", "USD"],
    ]
    assert {line[0] for line in lines} == {one["order"] for one in orders[:2]}
    assert run_cart("report", "sales", "--lines", store=sold.store).returncode == 2


def test_people_read_numbers_with_thousands_apart(till: Till) -> None:
    till.sell("alice", "2026-01-02T10:00", {"MUG": 123_456})
    shown = run_cart("report", "items", "--since", "2026-01-01", store=till.store).stdout
    assert shown.startswith("Best items by revenue: since 2026-01-01 (UTC)\n")
    assert "123,456" in shown
    assert "1,098,758.40 USD" in shown
    span = ("--since", "2026-01-01", "--until", "2026-01-31")
    title = run_cart("report", *span, store=till.store).stdout.splitlines()[0]
    assert title == "Sales by day: 2026-01-01 to 2026-01-31 (UTC)"
    assert "123456" in run_cart("report", "items", "-o", "csv", store=till.store).stdout

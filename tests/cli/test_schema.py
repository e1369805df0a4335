"""What programs rely on: the schema of each output, against what commands really print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from cartcli.cli import COMMANDS
from cartcli.schemas import outputs, schema_of
from tests.cli.conftest import NewCart, Run, pay
from tests.helpers import (
    CARD,
    DECLINED_CARD,
    LOST_ANSWER_CARD,
    PASSWORD,
    PLATES,
    TEA,
    WAITING_CARD,
    Ran,
    run_cart,
    write_catalog,
)

FIXTURES: Final = """
    [[users]]
    name = "dora"
    password = "correct horse"

    [[carts]]
    user = "dora"
    items = { A-1 = 2 }
    card = "4242424242424242"
"""

# What prints no result of its own, or no JSON.
WITHOUT: Final = {"passwd", "role", "store", "item", "completion", "schema", "help"}


def check(output: str, value: Any) -> None:
    """Fail unless the value is as the schema has it, with every field that there is."""
    schema = schema_of(output)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(_closed(schema)).validate(value)


def _closed(part: Any) -> Any:
    """The schema, with no further fields."""
    if isinstance(part, list):
        return [_closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    closed = {name: _closed(one) for name, one in part.items()}
    if part.get("type") == "object" and "properties" in part:
        closed.setdefault("additionalProperties", False)
    return closed


def check_told(ran: Ran) -> None:
    """The lines of standard error."""
    for line in ran.stderr.splitlines():
        told = json.loads(line)
        check("error" if "error" in told else "note", told)


def test_every_output_has_a_schema() -> None:
    described = {name.partition(" ")[0] for name in outputs()}
    assert described - {"error", "note"} == {*COMMANDS} - WITHOUT | {"store", "item"}
    for name in outputs():
        Draft202012Validator.check_schema(schema_of(name))


def test_the_command_prints_it(store: Path) -> None:
    listed = run_cart("schema", store=store).stdout.splitlines()
    assert listed == [*outputs()]
    for name in listed:
        assert run_cart("schema", *name.split(), store=store).json == schema_of(name)
    assert run_cart("schema", "nothing", store=store).returncode == 3


def test_what_commands_print_is_as_the_schema_has_it(
    cart: Run, new_cart: NewCart, shared: Path, tmp_path: Path
) -> None:
    def printed(command: str, *args: str, status: int = 0, **how: Any) -> Any:
        ran = cart(*command.split(), *args, "-o", "json", **how)
        assert ran.returncode == status, ran
        check_told(ran)
        if status == 0:
            check(command, ran.json)
        return ran.json if status == 0 else None

    first = printed("add", "new", PLATES, "2")["id"]
    printed("set", first, TEA, "3")
    printed("remove", first, PLATES, "1")
    write_catalog(shared / "catalog.csv", [(PLATES, "Plates", "40", ""), (TEA, "Tea", "12", "")])
    printed("carts")
    printed("carts", first)
    printed("checkout", first, "--card", "-", status=5, input=DECLINED_CARD)
    printed("checkout", first, "--card", "-", "--expect-total", "1", status=6, input=CARD)
    printed("checkout", first, "--card", "-", input=CARD)
    printed("receipt", first)
    printed("orders")
    printed("orders", "--all")
    printed("carts", "--all")
    again = printed("copy", first)["id"]
    printed("rename", again, "groceries")
    printed("empty", again)
    printed("checkout", again, "--card", "-", status=6, input=CARD)
    printed("delete", again, "--yes")
    lost, waiting = new_cart({PLATES: 1}), new_cart({PLATES: 1})
    printed("checkout", lost, "--card", "-", status=8, input=LOST_ANSWER_CARD)
    printed("checkout", waiting, "--card", "-", status=8, input=WAITING_CARD)
    printed("carts")
    printed("audit")
    printed("backup", str(tmp_path / "backup"))
    for kind in ("sales", "items", "customers", "open"):
        printed("report", kind)
    printed("settle", "--all")
    printed("settle", lost)
    write_catalog(shared / "catalog.csv", [(TEA, "Tea", "12", "")])
    new_cart({TEA: 1})
    write_catalog(shared / "catalog.csv", [(PLATES, "Plates", "40", "")])
    printed("carts")
    printed("catalog")
    printed("catalog", "--limit", "1")
    file = str(write_catalog(tmp_path / "more.csv", [("A-1", "Pot", "1.50", "")]))
    printed("import", file, "--dry-run")
    printed("import", file)
    printed("item set", "A-1", "--price", "2")
    printed("fixtures", "-", input=FIXTURES)
    printed("config")
    printed("sessions")
    printed("whoami")
    printed("prune", "--yes")
    printed("store upgrade")
    printed("demo", "--seed", "1")
    printed("login", "bob", "--password-stdin", input=PASSWORD)
    printed("logout")
    printed("carts", status=4)
    printed("forget", "bob", "--yes")
    printed("restore", str(tmp_path / "backup"), "--replace")
    printed("add", "new", "NOTHING", status=4)


def test_an_error_of_each_kind(cart: Run, full: str, shared: Path) -> None:
    for ran, code in (
        (cart("add", "new", "NOTHING", "-o", "json"), "not_found"),
        (cart("add", "new", "-o", "json"), "usage"),
        (pay(cart, full, DECLINED_CARD, "-o", "json"), "declined"),
        (pay(cart, full, CARD, "--expect-total", "1", "-o", "json"), "conflict"),
        (pay(cart, full, WAITING_CARD, "-o", "json"), "payment_unknown"),
    ):
        check_told(ran)
        assert json.loads(ran.stderr.splitlines()[-1])["error"] == code
    (shared / "carts" / "alice" / "open.pickle").write_bytes(b"x")
    damaged = cart("carts", "-o", "json")
    check_told(damaged)
    assert json.loads(damaged.stderr)["error"] == "damaged"


@pytest.mark.parametrize("output", ["cart", "receipt", "error"])
def test_a_schema_can_refuse(output: str) -> None:
    with pytest.raises(Exception, match="is a required property"):
        check({"cart": "add", "receipt": "checkout"}.get(output, output), {})

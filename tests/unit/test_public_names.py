"""The Python door: few names, documented, and free until they are used."""

from __future__ import annotations

import importlib
import inspect
import json
import re
import subprocess
import sys

import pytest

import cartcli
from tests.helpers import cart_env

# The public names and where each of them lives.
NAMES = {
    "Add": "cartcli.model.changes",
    "Attempt": "cartcli.model.order",
    "Audit": "cartcli.model.audit",
    "Backup": "cartcli.model.backups",
    "Card": "cartcli.payment.card",
    "Cart": "cartcli.model.cart",
    "CartError": "cartcli.errors",
    "Controller": "cartcli.controller",
    "Disagreement": "cartcli.model.audit",
    "Entry": "cartcli.model.quote",
    "Forgotten": "cartcli.model.removed",
    "HostedPage": "cartcli.payment.source",
    "Identity": "cartcli.model.people",
    "Item": "cartcli.model.lines",
    "Line": "cartcli.model.lines",
    "Merchant": "cartcli.merchant",
    "Money": "cartcli.model.money",
    "Pending": "cartcli.model.audit",
    "Pruned": "cartcli.model.removed",
    "Purchase": "cartcli.model.order",
    "Quote": "cartcli.model.quote",
    "Receipt": "cartcli.model.order",
    "Remove": "cartcli.model.changes",
    "Replace": "cartcli.model.changes",
    "Session": "cartcli.model.people",
    "SessionInfo": "cartcli.model.sessions",
    "Set": "cartcli.model.changes",
    "Settings": "cartcli.settings",
    "Settled": "cartcli.model.audit",
    "Shop": "cartcli.controller.shop",
    "Token": "cartcli.payment.source",
    "Waiting": "cartcli.model.order",
    "as_dict": "cartcli.wire.records",
    "cursor_of": "cartcli.model.cart",
    "open_shop": "cartcli.bootstrap",
}

# What is no class: words of which one is taken, and kinds of values.
ALIASES = {
    "By": "cartcli.merchant",
    "Change": "cartcli.model.changes",
    "Changes": "cartcli.model.changes",
    "Contents": "cartcli.rules.changes",
    "How": "cartcli.model.order",
    "Kind": "cartcli.merchant",
    "Role": "cartcli.model.people",
    "Sort": "cartcli.catalog_db",
    "Source": "cartcli.payment.source",
    "State": "cartcli.model.cart",
    "Which": "cartcli.cart_db",
}


def test_the_names_are_these() -> None:
    assert cartcli.__all__ == sorted({**NAMES, **ALIASES})


@pytest.mark.parametrize("name", ALIASES)
def test_what_a_caller_annotates_with_is_importable(name: str) -> None:
    home = importlib.import_module(ALIASES[name])
    assert getattr(cartcli, name) is getattr(home, name)


def test_every_name_in_the_door_s_signatures_is_there() -> None:
    """Whoever writes down what a verb takes or gives needs no other module, but for errors."""
    used = set()
    for door in (cartcli.Shop, cartcli.Merchant):
        for _, verb in inspect.getmembers(door, inspect.isfunction):
            told = " ".join(map(str, verb.__annotations__.values()))
            used |= set(re.findall(r"\b[A-Z]\w+", told))
    elsewhere = {
        *("Sequence", "Iterable", "Callable", "Collection", "None", "DataFrame", "PathLike"),
        *("Plan", "Told", "Watched", "NewContents", "Merchant", "Any", "Literal"),
    }
    assert used - elsewhere <= set(cartcli.__all__)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_importable_and_documented(name: str) -> None:
    value = getattr(cartcli, name)
    assert (value.__name__, value.__module__) == (name, NAMES[name])
    assert len(value.__doc__) > 40
    undocumented = [
        name
        for name, member in vars(value).items()
        if (inspect.isfunction(member) or isinstance(member, (classmethod, property)))
        and not name.startswith("_")
        and not inspect.getdoc(getattr(value, name))
    ]
    assert undocumented == []


def test_names_are_listed_before_they_are_used() -> None:
    code = "import cartcli; print(*dir(cartcli)); print(cartcli.errors.FixInput.__name__)"
    ran = subprocess.run(
        [sys.executable, "-c", code], env=cart_env({}), capture_output=True, timeout=60, check=True
    )
    listed, error = ran.stdout.decode().splitlines()
    assert {*NAMES, "errors"} <= set(listed.split())
    assert error == "FixInput"


def test_a_star_imports_them_all() -> None:
    names: dict[str, object] = {}
    exec("from cartcli import *", names)
    assert set(NAMES) <= set(names)


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="module 'cartcli' has no attribute 'Basket'"):
        _ = cartcli.Basket
    with pytest.raises(ImportError):
        exec("from cartcli import Basket")


def modules_after(statement: str) -> set[str]:
    """The modules that are loaded once a new interpreter has run `statement`."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps([*sys.modules]))"
    ran = subprocess.run(
        [sys.executable, "-c", code], env=cart_env({}), capture_output=True, timeout=60, check=True
    )
    return set(json.loads(ran.stdout))


def test_importing_the_package_costs_nothing() -> None:
    """No module of ours but itself, and nothing from elsewhere but what is always there."""
    new = modules_after("import cartcli") - modules_after("pass")
    assert "cartcli" in new
    assert {name for name in new if name.startswith("cartcli")} == {"cartcli"}
    assert {name.partition(".")[0] for name in new} - set(sys.stdlib_module_names) == {"cartcli"}
    assert len(new) <= 20, sorted(new)


def test_a_name_imports_what_it_needs_only() -> None:
    new = modules_after("from cartcli import Money, Identity") - modules_after("pass")
    models = ("currencies", "money", "people")
    assert {name for name in new if name.startswith("cartcli")} == {
        *("cartcli", "cartcli.errors", "cartcli.model"),
        *(f"cartcli.model.{name}" for name in models),
    }

"""What `help` shows of each public name has an example, and the example runs."""

from __future__ import annotations

import doctest
import inspect
from pathlib import Path
from typing import Any

import pytest

import cartcli
from cartcli import Identity, Shop, open_shop

VALUES = [
    name
    for name in cartcli.__all__
    if inspect.isclass(found := getattr(cartcli, name)) or inspect.isfunction(found)
]


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the examples speak of: a shop, a customer of it, her open cart, and a receipt."""
    monkeypatch.chdir(tmp_path)
    shop = open_shop(store="shop", environ={})
    alice = Identity("alice")
    bought = shop.update_cart(alice, None, {"TEA-SEN-100": 1})
    receipt = shop.checkout_cart(alice, bought.id, "4242 4242 4242 4242")
    cart = shop.update_cart(alice, None, {"MUG-350-WHT": 2})
    public = {name: getattr(cartcli, name) for name in cartcli.__all__}
    return public | {"shop": shop, "alice": alice, "cart": cart, "receipt": receipt}


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.usefixtures("quick_passwords")
def test_a_public_name_has_an_example_that_runs(name: str, names: dict[str, Any]) -> None:
    found = doctest.DocTestFinder(recurse=False).find(getattr(cartcli, name), name, globs=names)
    examples = [example for one in found for example in one.examples]
    assert examples, f"{name} has no example"
    assert any(example.want for example in examples)
    for one in found:
        results = doctest.DocTestRunner().run(one)
        assert results.failed == 0


def test_the_package_has_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert doctest.testmod(cartcli).attempted >= 5


@pytest.mark.parametrize("door", [Shop, cartcli.Merchant])
def test_every_verb_says_what_it_does(door: type) -> None:
    verbs = {name: verb for name, verb in vars(door).items() if name[0] != "_"}
    assert [name for name, verb in verbs.items() if not inspect.getdoc(verb)] == []
    if door is Shop:  # whose words stand for those of the class that keeps them
        inherited = {name: getattr(cartcli.Controller, name) for name in verbs}
        assert [name for name, verb in inherited.items() if not inspect.getdoc(verb)] == []

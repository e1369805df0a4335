"""A shop knows its currency and its catalogue: no flag, variable or setting makes its prices mean
something else."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from cartcli import CartError, Identity, open_shop
from cartcli.errors import FixInput, RestoreData, RetryLater
from cartcli.files.locks import locked
from cartcli.terms import SAMPLE
from tests.cli.conftest import pay
from tests.helpers import ALICE, CARD, PASSWORD, register, run_cart, shop_in, write_catalog
from tests.promises.faults.pictures import Picture

SOFA = ("SOFA", "Sofa", "1200.00", "")


@pytest.fixture
def sofas(store: Path, tmp_path: Path) -> Path:
    """A store where alice is logged in and a sofa of 1,200 USD is on sale."""
    register("alice", store)
    ran = run_cart("login", "alice", "--password-stdin", store=store, input=PASSWORD)
    assert ran.returncode == 0
    path = write_catalog(tmp_path / "sofas.csv", [SOFA])
    assert run_cart("--currency", "USD", "import", str(path), store=store).returncode == 0
    return store


def files(store: Path) -> dict[str, bytes]:
    return {name: data for name, data in Picture.of(store).files.items() if "guesses" not in name}


@pytest.mark.parametrize(
    "args",
    ["--currency JPY add new SOFA", "--currency JPY import FILE", "--currency JPY carts"],
)
def test_another_currency_that_is_given_is_refused(sofas: Path, tmp_path: Path, args: str) -> None:
    before = files(sofas)
    words = args.replace("FILE", str(tmp_path / "sofas.csv")).split()
    ran = run_cart(*words, store=sofas)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "this shop sells in USD, not in JPY" in ran.stderr
    assert files(sofas) == before


@pytest.mark.parametrize("how", ["variable", "file"])
def test_another_one_by_default_does_not_count_and_is_noted(
    sofas: Path, tmp_path: Path, how: str
) -> None:
    env = {"CART_CURRENCY": "JPY", "CART_CATALOG": str(write_catalog(tmp_path / "other.csv"))}
    if how == "file":
        folder = tmp_path / "config" / "cart"
        folder.mkdir(parents=True)
        lines = [f"{name[5:].lower()} = '{value}'\n" for name, value in env.items()]
        (folder / "config.toml").write_text("".join(lines))
        env = {"XDG_CONFIG_HOME": str(folder.parent)}
    ran = run_cart("add", "new", "SOFA", "-o", "json", store=sofas, env=env)
    assert (ran.json["total"], ran.json["currency"]) == ("1200.00", "USD")
    assert ran.stderr.count("This shop sells in USD, not in JPY") == 1
    assert ran.stderr.count("This shop sells from") == 1


def test_python_is_refused_as_well(sofas: Path) -> None:
    with pytest.raises(FixInput, match="sells in USD, not in JPY"):
        open_shop(store=sofas, currency="JPY")
    with pytest.raises(FixInput, match="sells from"):
        open_shop(store=sofas, catalog=str(sofas / "other.csv"))
    assert open_shop(store=sofas).currency == "USD"


def test_a_shop_knows_with_its_first_item(store: Path, tmp_path: Path) -> None:
    """Until then it is new, and says what it is told."""
    catalog = str(write_catalog(tmp_path / "items.csv", [SOFA]))
    for currency in ("EUR", "JPY"):
        shop = open_shop(store=store, currency=currency, catalog=catalog)
        assert shop.get_catalog()[0].price.currency == currency
    assert not store.exists()
    shop = open_shop(store=store, currency="EUR", catalog=catalog)
    shop.update_cart(ALICE, None, {"SOFA": 1})
    record = json.loads((store / "shop.json").read_bytes())
    assert (record["currency"], record["catalogue"]) == ("EUR", catalog)
    assert open_shop(store=store).get_carts(ALICE)[0].total.currency == "EUR"


def test_of_two_first_items_in_two_currencies_one_counts(store: Path, tmp_path: Path) -> None:
    catalog = str(write_catalog(tmp_path / "items.csv", [SOFA]))
    for turn in range(10):
        folder = store / str(turn)
        gate = Barrier(2)

        def first(currency: str, folder: Path = folder, gate: Barrier = gate) -> Any:
            shop = open_shop(store=folder, catalog=catalog, currency=currency)
            gate.wait()
            try:
                return shop.update_cart(Identity(currency), None, {"SOFA": 1}).currency
            except CartError as error:
                return error

        with ThreadPoolExecutor(2) as pool:
            results = [*pool.map(first, ("EUR", "JPY"))]
        told = [one for one in results if isinstance(one, str)]
        assert len(told) == 1
        assert all(isinstance(one, FixInput | RetryLater) for one in results if one not in told)
        assert {cart.currency for cart in all_carts(folder)} == {*told}


def all_carts(store: Path) -> list[Any]:
    shop = open_shop(store=store)
    return [cart for name in ("EUR", "JPY") for cart in shop.get_carts(Identity(name))]


def test_the_sample_is_never_sold_in_place_of_another_catalogue(sofas: Path) -> None:
    (sofas / "catalog.csv").unlink()
    for args in (["catalog"], ["add", "new", "MUG-350-WHT"], ["add", "new", "SOFA"]):
        ran = run_cart(*args, store=sofas)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "catalog.csv cannot be read: No such file" in " ".join(ran.stderr.split())


def test_a_shop_that_sells_the_sample_sells_what_it_imports(store: Path, tmp_path: Path) -> None:
    shop = open_shop(store=store)
    shop.update_cart(ALICE, None, {"MUG-350-WHT": 1})
    path = write_catalog(tmp_path / "sofas.csv", [SOFA])
    assert run_cart("import", str(path), store=store).returncode == 0
    assert [item.sku for item in open_shop(store=store).get_catalog()] == ["SOFA"]
    (store / "catalog.csv").unlink()
    with pytest.raises(FixInput, match="cannot be read"):
        open_shop(store=store).get_catalog()


def test_another_catalogue_is_looked_at_and_not_sold(sofas: Path, tmp_path: Path) -> None:
    other = str(write_catalog(tmp_path / "other.csv", [("LAMP", "Lamp", "5.00", "")]))
    before = files(sofas)
    for args in (["--catalog", other, "catalog"], ["catalog", "--catalog", other]):
        shown = run_cart(*args, "-o", "json", store=sofas).json
        assert [item["sku"] for item in shown] == ["LAMP"]
    assert run_cart("--catalog", other, "add", "new", "LAMP", store=sofas).returncode == 2
    assert files(sofas) == before


def test_a_merchant_moves_the_catalogue(sofas: Path, tmp_path: Path) -> None:
    other = str(write_catalog(tmp_path / "other.csv", [("LAMP", "Lamp", "5.00", "")]))
    assert run_cart("config", "set", "catalog", other, store=sofas).returncode == 0
    assert run_cart("add", "new", "LAMP", store=sofas).returncode == 0
    rows = run_cart("config", "-o", "json", store=sofas).json
    assert {row["setting"]: row["value"] for row in rows}["catalog"] == other
    assert run_cart("config", "set", "catalog", "own", store=sofas).returncode == 0
    assert run_cart("add", "new", "SOFA", store=sofas).returncode == 0
    refused = run_cart("config", "set", "currency", "JPY", store=sofas)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert run_cart("config", "set", "currency", "USD", store=sofas).returncode == 0


@pytest.mark.parametrize("own", [True, False], ids=["its own", "another file"])
def test_the_sample_is_never_sold_again(store: Path, tmp_path: Path, own: bool) -> None:
    lamps = write_catalog(tmp_path / "lamps.csv", [("LAMP", "Lamp", "5.00", "")])
    if own:
        assert run_cart("import", str(lamps), store=store).returncode == 0
    else:
        shop_in(store, catalog=str(lamps)).update_cart(ALICE, None, {"LAMP": 1})
    before = files(store)
    refused = run_cart("config", "set", "catalog", SAMPLE, store=store)
    assert (refused.returncode, refused.stdout, files(store)) == (2, "", before)
    assert "the sample is only for a shop that never sold anything else" in " ".join(
        refused.stderr.split()
    )


def test_terms_that_cannot_be_kept_do_not_hide_what_was_imported(
    store: Path, tmp_path: Path
) -> None:
    shop_in(store).update_cart(ALICE, None, {"MUG-350-WHT": 1})  # it sells the sample
    lamps = write_catalog(tmp_path / "lamps.csv", [("LAMP", "Lamp", "5.00", "")])
    with locked(str(store / "shop.lock"), wait=0):
        ran = run_cart("import", str(lamps), store=store, env={"CART_LOCK_WAIT": "0.1"})
    assert ran.returncode == 1
    assert "the file was imported, but" in " ".join(ran.stderr.split())
    assert "Import it again." in ran.stderr
    assert shop_in(store).get_catalog()[0].sku == "LAMP"
    assert run_cart("import", str(lamps), store=store).returncode == 0
    assert json.loads((store / "shop.json").read_bytes())["catalogue"] == "catalog.csv"


def test_a_store_can_be_moved(sofas: Path) -> None:
    moved = sofas.rename(sofas.with_name("moved"))
    assert run_cart("add", "new", "SOFA", store=moved).returncode == 0


@pytest.mark.parametrize("data", [b"", b"{}", b'{"format": 1, "currency": "JPY"}'])
def test_without_knowing_nothing_is_sold(sofas: Path, data: bytes) -> None:
    cart_id = run_cart("add", "new", "SOFA", "-o", "json", store=sofas).json["id"]
    (sofas / "shop.json").write_bytes(data)
    assert run_cart("add", "new", "SOFA", store=sofas).returncode == 9

    def run(*args: str, **how: Any) -> Any:
        return run_cart(*args, store=sofas, **how)

    assert pay(run, cart_id, CARD).returncode == 9
    with pytest.raises(RestoreData):
        open_shop(store=sofas).get_catalog()

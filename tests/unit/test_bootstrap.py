"""Opening a shop: which catalogue it sells, and which stores it refuses."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

import pytest

from cartcli import Controller, Settings, open_shop
from cartcli.cli.hints import hint_for
from cartcli.errors import FixInput, RepairStore
from cartcli.terms import SAMPLE, ShopTerms
from tests.helpers import ALICE, CATALOG, shop_in, write_catalog

MUG: Final = "MUG-350-WHT"  # the first of the sample


def first_sku(shop: Controller) -> str:
    return shop.get_catalog()[0].sku


def test_opening_and_reading_write_nothing(store: Path) -> None:
    assert first_sku(shop_in(store)) == MUG
    assert not store.exists()


def test_the_nearest_catalogue_is_sold(store: Path, tmp_path: Path) -> None:
    settings = Settings(str(store))

    def path(given: Path | None = None) -> str:
        return ShopTerms(settings._replace(catalog=str(given) if given else None)).now()[1]

    assert path() == SAMPLE
    store.mkdir(0o700)
    in_store = write_catalog(store / "catalog.csv", CATALOG[1:])
    assert path() == str(in_store)
    named = write_catalog(tmp_path / "named.csv", CATALOG[2:])
    assert path(named) == str(named)
    assert first_sku(shop_in(store)) == CATALOG[1][0]
    assert first_sku(shop_in(store, catalog=str(named))) == CATALOG[2][0]


def test_what_is_given_wins_over_the_environment(
    store: Path, tmp_path: Path, catalog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CART_STORE", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("CART_CURRENCY", "EUR")
    assert open_shop(store=store, catalog=catalog).currency == "EUR"
    shop = open_shop(store=store, catalog=catalog, currency="KWD")
    assert shop.currency == "KWD"
    assert shop.get_catalog()[0].price.currency == "KWD"


def test_a_catalogue_that_is_missing_is_refused_when_it_is_read(store: Path) -> None:
    shop = shop_in(store, catalog="/no/such/file.csv")
    with pytest.raises(FixInput, match=r"/no/such/file\.csv cannot be read"):
        shop.get_catalog()


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o720, 0o777])
def test_a_store_that_others_may_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    """And the command in the hint mends it."""
    store = tmp_path / "alice's $store"
    store.mkdir()
    store.chmod(mode)
    with pytest.raises(RepairStore, match="others may write") as error:
        shop_in(store)
    command = hint_for(error.value).splitlines()[-1]
    subprocess.run(["sh", "-c", command], check=True, timeout=60)
    assert first_sku(shop_in(store)) == MUG


def test_a_store_of_an_older_version_is_refused(store: Path) -> None:
    """Which had a folder where a file stands now; a store that is new has neither."""
    (store / "orders").mkdir(parents=True)
    store.chmod(0o700)
    with pytest.raises(RepairStore, match="older version") as error:
        shop_in(store)
    assert hint_for(error.value).endswith("\n  cart store upgrade")
    (store / "orders").rmdir()
    shop_in(store).update_cart(ALICE, None, {})
    assert (store / "orders").read_bytes() == b""


def test_a_store_that_is_a_file_is_refused(store: Path) -> None:
    store.write_text("")
    with pytest.raises(RepairStore, match="not a folder"):
        shop_in(store)


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example",
        "HTTP://shop.example/a",
        "postgresql://host1,host2/shop",
        "sqlite:///shop.db",
        "sqlite:shop.db",
        "file:///tmp/shop",
        "s3://bucket/shop",
    ],
)
def test_a_url_is_no_store_yet(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for settings in (None, Settings(url)):
        with pytest.raises(FixInput, match="URL, and nothing is installed for such") as refused:
            open_shop(settings, store=None if settings else url)
        assert url not in refused.value.message
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("name", ["a:b", "https", "shop.example", "notes: 2026", "./https:/x"])
def test_a_folder_may_have_an_odd_name(name: str, tmp_path: Path) -> None:
    shop = shop_in(tmp_path / name)
    shop.update_cart(ALICE, None, {})
    assert (tmp_path / name / "carts").is_dir()

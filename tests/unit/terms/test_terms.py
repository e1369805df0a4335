"""Where the terms of a shop come from, and that they outlast whatever settings say."""

from __future__ import annotations

import errno
import os
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from cartcli import Controller, Settings
from cartcli.bootstrap import look_at
from cartcli.bootstrap.upkeep import restore_store, sell_from, sell_in
from cartcli.cart_db import open_cart_db
from cartcli.errors import FixInput, RepairStore, RetryLater
from cartcli.files import names, sealed
from cartcli.model.times import utc_now
from cartcli.terms import SAMPLE, ShopTerms, Terms
from cartcli.terms.found import keep_found
from tests.helpers import ALICE, CARD, add, at_once, held, shop_in, write_catalog

MUG: Final = "MUG-350-WHT"  # in the sample
LAMP: Final = ("LAMP", "Lamp", "5.00", "")


def terms(store: Path, **settings: str) -> ShopTerms:
    return ShopTerms(Settings(str(store), **settings))  # type: ignore[arg-type]


def earlier(store: Path, *currencies: str, sku: str = MUG) -> None:
    """A store of an earlier version, which laid nothing down, with a cart in each currency."""
    carts = open_cart_db(str(store), 1, utc_now)
    for currency in currencies:
        carts.create(ALICE.owner, [add(sku, 1, "9", currency)], currency=currency)


@pytest.mark.parametrize(
    ("path", "laid_down"),
    [
        ("store/catalog.csv", "catalog.csv"),
        ("store/lists/lamps.csv", "lists/lamps.csv"),
        ("lamps.csv", "/lamps.csv"),
        ("link/catalog.csv", "catalog.csv"),
        (SAMPLE, None),
    ],
)
def test_a_catalogue_in_the_store_moves_with_it(
    store: Path, tmp_path: Path, path: str, laid_down: str | None
) -> None:
    (store / "lists").mkdir(parents=True)
    store.chmod(0o700)
    (tmp_path / "link").symlink_to(store)
    file = tmp_path / path
    if path != SAMPLE:
        write_catalog(file, [LAMP])
    sku = shop_in(store, catalog=str(file)).get_catalog()[0].sku
    shop_in(store, catalog=str(file)).update_cart(ALICE, None, {sku: 1})
    known = terms(store).laid_down()
    outside = laid_down is not None and laid_down.startswith("/")
    assert known == Terms("USD", f"{tmp_path}{laid_down}" if outside else laid_down)
    moved = store.rename(tmp_path / "moved")
    assert shop_in(moved).update_cart(ALICE, None, {sku: 1}).lines[0].sku == sku


def test_the_carts_of_an_earlier_version_tell_the_currency(store: Path) -> None:
    """And a look lays nothing down, which the next sale does."""
    earlier(store, "EUR")
    with pytest.raises(FixInput, match="sells in EUR, not in JPY"):
        shop_in(store, currency="JPY").update_cart(ALICE, None, {MUG: 1})
    shop = shop_in(store)
    assert (shop.currency, terms(store).laid_down()) == ("EUR", None)
    shop.update_cart(ALICE, None, {MUG: 1})
    assert terms(store).laid_down() == Terms("EUR", None)


def test_with_carts_in_two_currencies_nothing_is_sold_until_one_is_told(store: Path) -> None:
    earlier(store, "EUR", "JPY")
    for currency in ("", "EUR"):
        shop = shop_in(store, currency=currency or None)
        with pytest.raises(RepairStore, match="carts in EUR and in JPY"):
            shop.update_cart(ALICE, None, {MUG: 1})
        with pytest.raises(RepairStore, match="never told in which currency"):
            shop.get_catalog()
    assert shop.audit().carts == 2  # the books can be looked at
    with pytest.raises(FixInput, match="not an ISO 4217"):
        sell_in(Settings(str(store)), "eur")
    sell_in(Settings(str(store)), "JPY")
    with pytest.raises(FixInput, match="every price would mean"):
        sell_in(Settings(str(store)), "EUR")
    assert shop_in(store).update_cart(ALICE, None, {MUG: 1}).currency == "JPY"


def test_the_sample_is_not_sold_where_something_else_was(store: Path) -> None:
    earlier(store, "USD", sku="SOFA")
    with pytest.raises(FixInput, match=r"catalog\.csv cannot be read: No such file"):
        shop_in(store).update_cart(ALICE, None, {MUG: 1})
    assert not (store / names.SHOP).exists()
    write_catalog(store / "catalog.csv", [LAMP])
    shop_in(store).update_cart(ALICE, None, {"LAMP": 1})
    assert terms(store).laid_down() == Terms("USD", "catalog.csv")


@pytest.mark.parametrize("how", ["add", "change", "checkout"])
def test_whatever_is_sold_of_its_own_a_shop_never_sells_the_sample_again(
    store: Path, how: str
) -> None:
    """Though nobody imported it: the file was only put there."""
    shop = shop_in(store)
    cart = shop.update_cart(ALICE, None, {MUG: 1})
    file = write_catalog(store / "catalog.csv", [(MUG, "Mug", "9.00", "")])
    assert terms(store).laid_down() == Terms("USD", None)
    if how == "checkout":
        shop.checkout_cart(ALICE, cart.id, CARD)
    else:
        shop.update_cart(ALICE, cart.id if how == "change" else None, {MUG: 2})
    file.unlink()
    with pytest.raises(FixInput, match="cannot be read"):
        shop.update_cart(ALICE, None, {MUG: 1})


@pytest.mark.parametrize("look", ["get_catalog", "catalog_frame", "currency", "carts", "import"])
def test_a_shop_that_saw_a_catalogue_of_its_own_never_sells_the_sample_again(
    store: Path, look: str
) -> None:
    """Though nothing was sold while the file was there."""
    shop = shop_in(store)
    shop.update_cart(ALICE, None, {MUG: 1})
    file = write_catalog(store / "catalog.csv", [(MUG, "Mug", "9.00", "")])
    _look(shop_in(store), look)
    assert terms(store).laid_down() == Terms("USD", "catalog.csv")
    file.unlink()
    for late in (shop, shop_in(store)):
        with pytest.raises(FixInput, match="cannot be read"):
            late.get_catalog()
        with pytest.raises(FixInput, match="cannot be read"):
            late.update_cart(ALICE, None, {MUG: 1})


def _look(shop: Controller, look: str) -> None:
    if look == "carts":
        assert shop.get_carts(ALICE)[0].quote.total.decimal == "9.00"
    elif look == "import":
        shop.merchant.plan_import()
    elif look == "currency":
        assert shop.currency == "USD"
    else:
        getattr(shop, look)()


def test_a_look_at_another_catalogue_sees_its_own_as_well(store: Path, tmp_path: Path) -> None:
    shop_in(store).update_cart(ALICE, None, {MUG: 1})
    write_catalog(store / "catalog.csv", [LAMP])
    other = str(write_catalog(tmp_path / "other.csv", [LAMP]))
    assert look_at(Settings(str(store), catalog=other)).get_catalog()
    assert terms(store).laid_down() == Terms("USD", "catalog.csv")


@pytest.mark.parametrize("how", ["read-only", "held", "of another user"])
def test_who_cannot_lay_it_down_looks_at_it_all_the_same(
    store: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    shop_in(store).update_cart(ALICE, None, {MUG: 1})
    write_catalog(store / "catalog.csv", [LAMP])
    with ExitStack() as kept:
        patch = kept.enter_context(monkeypatch.context())
        if how == "held":
            (store / "shop.lock").touch()
            kept.enter_context(held(store / "shop.lock"))
        elif how == "of another user":
            patch.setattr("cartcli.terms.stranger", lambda _: "somebody")
        else:
            patch.setattr("cartcli.files.durable.replace", _read_only)
        begun = time.monotonic()
        assert [item.sku for item in shop_in(store, lock_wait=60).get_catalog()] == ["LAMP"]
        assert time.monotonic() - begun < 30
        assert terms(store).laid_down() == Terms("USD", None)
    shop_in(store).get_catalog()
    assert terms(store).laid_down() == Terms("USD", "catalog.csv")


def _read_only(*_: object) -> None:
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def test_many_who_see_it_at_once_lay_it_down(store: Path) -> None:
    shop = shop_in(store)
    shop.update_cart(ALICE, None, {MUG: 1})
    write_catalog(store / "catalog.csv", [LAMP])
    shops = [shop if number % 2 else shop_in(store) for number in range(8)]
    found = at_once(8, lambda number: [item.sku for item in shops[number].get_catalog()])
    assert found == [["LAMP"]] * 8
    assert terms(store).laid_down() == Terms("USD", "catalog.csv")


def test_a_backup_is_left_as_it_was_copied(store: Path, tmp_path: Path) -> None:
    """And what is restored of it sees the catalogue of its own with the first look."""
    shop = shop_in(store)
    shop.update_cart(ALICE, None, {MUG: 1})
    write_catalog(store / "catalog.csv", [LAMP])
    folder = tmp_path / "backup"
    shop.merchant.backup(folder)
    assert not (folder / "shop.lock").exists()
    assert (folder / names.SHOP).read_bytes() == (store / names.SHOP).read_bytes()
    back = tmp_path / "back"
    restore_store(Settings(str(back)), folder)
    shop_in(back).get_catalog()
    assert terms(back).laid_down() == Terms("USD", "catalog.csv")


def test_carts_of_an_earlier_version_beside_a_catalogue_are_sold_from_that(store: Path) -> None:
    """Though everything in them is in the sample."""
    earlier(store, "USD")
    file = write_catalog(store / "catalog.csv", [LAMP])
    keep_found(Settings(str(store)))
    assert terms(store).laid_down() == Terms("USD", "catalog.csv")
    file.unlink()
    with pytest.raises(FixInput, match="cannot be read"):
        shop_in(store).get_catalog()


def test_a_program_that_was_started_before_sells_by_what_is_laid_down(
    store: Path, tmp_path: Path
) -> None:
    """It was new, or had another catalogue, when the program opened it."""
    lamps = write_catalog(tmp_path / "lamps.csv", [LAMP])
    by_default = (("currency", "CART_CURRENCY"), ("catalog", "CART_CATALOG"))
    early = shop_in(store, currency="JPY", catalog=str(lamps), sources=by_default)
    strict = shop_in(store, currency="JPY")
    assert early.get_catalog()[0].price.currency == "JPY"
    assert strict.currency == "JPY"
    shop_in(store, currency="EUR").update_cart(ALICE, None, {MUG: 1})
    assert early.update_cart(ALICE, None, {MUG: 1}).currency == "EUR"
    with pytest.raises(FixInput, match="sells in EUR, not in JPY"):
        strict.update_cart(ALICE, None, {MUG: 1})
    sell_from(Settings(str(store)), str(lamps))
    assert [item.sku for item in early.get_catalog()] == ["LAMP"]


def test_what_changes_between_the_look_at_a_price_and_the_sale_is_not_sold(store: Path) -> None:
    new = terms(store, currency="JPY")
    currency, path = new.now()
    terms(store, currency="EUR").keep("EUR", SAMPLE)
    with pytest.raises(FixInput):
        new.keep(currency, path)
    with pytest.raises(RetryLater, match="meanwhile"):
        terms(store).keep(currency, path)
    assert terms(store).laid_down() == Terms("EUR", None)


@pytest.mark.parametrize(
    "record",
    [
        {"currency": "usd", "catalogue": None},
        {"currency": "USD"},
        {"currency": "USD", "catalogue": ""},
        {"currency": "USD", "catalogue": "a\0b"},
        {"currency": "USD", "catalogue": 1},
    ],
)
def test_terms_that_are_none_are_damage(store: Path, record: dict[str, object]) -> None:
    store.mkdir(0o700)
    (store / names.SHOP).write_bytes(sealed.seal(record))
    with pytest.raises(Exception, match=r"damaged: .*shop\.json"):
        shop_in(store).get_catalog()

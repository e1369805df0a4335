"""A shop with services that a program brings itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cartcli import Controller, Identity, Money, Settings, Token, open_shop
from cartcli.cart_db import open_cart_db
from cartcli.catalog_db import open_catalog_db
from cartcli.errors import CheckOutAgain, FixInput, LogIn
from cartcli.model.times import utc_now
from cartcli.payment import open_embedded
from tests.helpers import ALICE, CARD, CATALOG, LOST_ANSWER_CARD, PLATES, TEA, write_catalog
from tests.own_services import CartsOf, OnAccount, Staff


def opened(store: Path, **services: object) -> Controller:
    services.setdefault("catalog", store.with_name("catalog.csv"))
    write_catalog(store.with_name("catalog.csv"))
    return open_shop(store=store, environ={}, **services)  # type: ignore[arg-type]


@pytest.fixture
def bill(tmp_path: Path) -> Any:
    return OnAccount(str(tmp_path / "bill.db"))


def test_another_environment_is_nobodys(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CART_CURRENCY", "EUR")
    monkeypatch.setenv("CART_PAYMENT", "unheard-of")
    assert opened(store).currency == "USD"
    assert open_shop(store=store.with_name("other")).currency == "EUR"


def test_ready_settings_stand_alone(store: Path) -> None:
    settings = Settings(str(store), currency="KWD")
    assert open_shop(settings).currency == "KWD"
    with pytest.raises(FixInput, match="besides them currency, environ"):
        open_shop(settings, currency="EUR", environ={})


def test_whoever_charges_is_asked(store: Path, bill: Any) -> None:
    shop = opened(store, payment=bill)
    cart = shop.update_cart(ALICE, None, {PLATES: 2})
    bought = shop.buy_cart(ALICE, cart.id, Token("alice"))
    assert (bought.how, bought.receipt.amount) == ("bought now", Money("78.94", "USD"))
    assert [one.amount for one in bill.payments()] == [bought.receipt.amount]
    assert opened(store, payment=bill).buy_cart(ALICE, cart.id, None).receipt == bought.receipt
    assert shop.audit().disagreements == []


def test_what_another_one_has_begun_is_settled_with_it(store: Path, bill: Any) -> None:
    embedded = opened(store)
    cart = embedded.update_cart(ALICE, None, {PLATES: 1})
    with pytest.raises(CheckOutAgain):
        embedded.checkout_cart(ALICE, cart.id, LOST_ANSWER_CARD)
    bought = opened(store, payment=bill).buy_cart(ALICE, cart.id, Token("alice"))
    assert (bought.how, bought.receipt.brand) == ("settled an earlier attempt", "visa")
    assert [*bill.payments()] == []


def test_a_name_that_another_processor_has(store: Path) -> None:
    mine = open_embedded(str(store.with_name("mine")), 1, 0, utc_now)
    shop = opened(store, payment=mine)
    cart = shop.update_cart(ALICE, None, {PLATES: 1})
    with pytest.raises(FixInput, match="names of their own"):
        shop.checkout_cart(ALICE, cart.id, CARD)
    assert shop.get_carts(ALICE)[0].state == "open"


def test_whoever_knows_the_users_is_asked(store: Path) -> None:
    shop = opened(store, logins=Staff())
    with pytest.raises(LogIn):
        shop.login("alice", "a guess")
    session = shop.login("alice", "open sesame")
    assert opened(store, logins=Staff()).identify(session.token).identity == Identity("alice")
    with pytest.raises(FixInput, match="is no Accounts: a Staff has no close, give_roles, knows"):
        shop.merchant.give_roles("alice", ["merchant"])


def test_carts_that_are_elsewhere(store: Path, tmp_path: Path) -> None:
    shop = opened(store, carts=CartsOf(tmp_path / "elsewhere"))
    cart = shop.update_cart(ALICE, None, {PLATES: 1})
    shop.checkout_cart(ALICE, cart.id, CARD)
    assert not (store / "carts").exists()
    assert [one.id for one in opened(store, carts=CartsOf(tmp_path / "elsewhere")).orders(ALICE)]
    assert [order.id for order in shop.merchant.orders()] == [cart.id]
    assert shop.merchant.forget("alice").purchased == 1
    with pytest.raises(FixInput, match="the carts of this shop are not in its store"):
        shop.merchant.backup(tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_carts_that_only_customers_see(store: Path, tmp_path: Path) -> None:
    carts = open_cart_db(str(tmp_path / "elsewhere"), 1, utc_now)
    shop = opened(store, carts=carts)
    shop.update_cart(ALICE, None, {PLATES: 1})
    with pytest.raises(FixInput, match="is no CartReader: a PickleCartDb has no everything"):
        shop.audit()
    with pytest.raises(FixInput, match="is no CartKeeper"):
        shop.merchant.forget("alice")


def test_a_catalogue_of_its_own(store: Path, tmp_path: Path) -> None:
    prices = write_catalog(tmp_path / "prices.csv", [("POT", "Pot", "2.50", "")])
    shop = opened(store, catalog=open_catalog_db(str(prices), "EUR", lock_wait=5))
    assert [str(item.price) for item in shop.get_catalog()] == ["2.50 EUR"]
    cart = shop.update_cart(ALICE, None, {"POT": 2})
    assert shop.checkout_cart(ALICE, cart.id, CARD).amount == Money("5.00", "EUR")
    shop.merchant.set_item("POT", price=Money("3", "EUR"))
    assert "3.00" in prices.read_text()
    copied = shop.merchant.backup(tmp_path / "backup")
    assert (copied.audit.disagreements, copied.catalogue_elsewhere) == ([], "")


def test_without_its_catalogue_the_shop_sells_nothing_else(store: Path, tmp_path: Path) -> None:
    """Not the sample, and not at other prices."""
    prices = write_catalog(tmp_path / "prices.csv", [("POT", "Pot", "2.50", "")])
    mine = open_catalog_db(str(prices), "EUR")
    opened(store, catalog=mine).update_cart(ALICE, None, {"POT": 2})
    shop = open_shop(store=store, environ={})
    assert shop.currency == "EUR"
    with pytest.raises(FixInput, match=r"catalog\.csv cannot be read"):
        shop.get_catalog()
    with pytest.raises(FixInput, match="sells in EUR, not in USD"):
        opened(store, catalog=open_catalog_db(str(prices), "USD"))
    with pytest.raises(FixInput, match="in EUR, not in KWD"):
        opened(store, catalog=mine, currency="KWD")
    assert opened(store, catalog=mine).get_carts(ALICE)[0].contents == {"POT": 2}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("catalog", "what is given for catalog is no CatalogDb: a int has no before, currency"),
        ("payment", "what is given for payment is no PaymentProcessor: a int has no accepts"),
        ("logins", "what is given for logins is no Logins: a int has no authenticate"),
        ("carts", "what is given for carts is no CartDb: a int has no bind"),
    ],
)
def test_what_is_no_service(store: Path, name: str, told: str) -> None:
    with pytest.raises(FixInput, match=f"^{told}"):
        opened(store, **{name: 5})
    assert not store.exists()


@pytest.mark.parametrize("name", ["payment", "logins"])
def test_a_name_of_nothing_that_is_installed(store: Path, name: str) -> None:
    shop = opened(store, **{name: "unheard-of"})
    cart = shop.update_cart(ALICE, None, {TEA: 1})
    uses: dict[str, Callable[[], object]] = {
        "payment": lambda: shop.checkout_cart(ALICE, cart.id, CARD),
        "logins": lambda: shop.login("alice", "a secret of alice's"),
    }
    with pytest.raises(FixInput, match=r"there is no .* 'unheard-of'") as refused:
        uses[name]()
    assert "Installed are: embedded." in refused.value.hint
    assert shop.get_carts(ALICE)[0].state == "open"


def test_what_is_given_is_believed_even_when_it_is_empty(store: Path, tmp_path: Path) -> None:
    class Empty(CartsOf):
        def __len__(self) -> int:
            return 0

    opened(store, carts=Empty(tmp_path / "elsewhere")).update_cart(ALICE, None, {PLATES: 1})
    assert not (store / "carts").exists()
    assert len(CATALOG) == len(opened(store).get_catalog())

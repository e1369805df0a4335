"""A file that the system does not let us read stops nobody but those whose it is."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cartcli.errors import RestoreData
from tests.helpers import ALICE, BOB, CARD, PLATES, shop_in, write_catalog
from tests.promises.damage.sample import FILES, Sample, tree

MUG = "MUG-350-WHT"  # in the sample only
ALL = ["open carts", "purchased cart", "charged", "capture"]


@pytest.fixture
def forbid(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Lets nobody open, list or look for what is at a path, from now on."""

    def forbidding(path: Path) -> None:
        for name in ("open", "listdir", "scandir", "lstat"):
            monkeypatch.setattr(os, name, refusing(getattr(os, name), path))

    return forbidding


def refusing(real: Callable[..., Any], forbidden: Path) -> Callable[..., Any]:
    def call(path: Any, *args: Any, **more: Any) -> Any:
        if isinstance(path, str) and os.path.normpath(path) == str(forbidden):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return real(path, *args, **more)

    return call


@pytest.mark.parametrize("kind", ALL)
def test_it_is_named_and_all_others_are_looked_at(
    sample: Sample, kind: str, forbid: Callable[[Path], None]
) -> None:
    shop = shop_in(sample.store)
    carts = shop.merchant.audit().carts
    path = FILES[kind](sample)
    forbid(path)
    found = shop.merchant.audit()
    problems = [one.problem for one in found.disagreements]
    assert any(f"cannot be read: {path}: Permission denied" in text for text in problems)
    assert found.carts >= 1
    assert found.carts <= carts
    outcomes = {one.outcome for one in shop.merchant.settle()}
    assert ("unknown" in outcomes) == (kind in ("open carts", "charged"))
    cart = shop.update_cart(BOB, None, {PLATES: 1})
    assert shop.checkout_cart(BOB, cart.id, CARD).cart == cart.id


def test_a_folder_of_payments(sample: Sample, forbid: Callable[[Path], None]) -> None:
    shop = shop_in(sample.store)
    forbid(sample.store / "payments")
    problems = [one.problem for one in shop.merchant.audit().disagreements]
    assert any("payments: Permission denied" in text for text in problems)
    made = shop.merchant.backup(sample.store.with_name("backup"))
    assert any("payments" in one.problem for one in made.not_copied)


def test_a_report_names_it(sample: Sample, forbid: Callable[[Path], None]) -> None:
    path = FILES["open carts"](sample)
    forbid(path)
    with pytest.raises(RestoreData, match="cannot be read") as told:
        shop_in(sample.store).merchant.report("open")
    assert str(path) in told.value.message


def test_a_cart_that_may_be_purchased_is_not_taken_for_an_open_one(
    sample: Sample, forbid: Callable[[Path], None]
) -> None:
    cart, shop = sample.opened, shop_in(sample.store)
    before = sample.open_file().read_bytes()
    shop.checkout_cart(ALICE, cart.id, CARD)
    sample.open_file().write_bytes(before)  # as an old copy has it
    files = tree(sample.store)
    forbid(sample.purchased_file(cart))
    for call in (
        lambda: shop.get_carts(ALICE, [cart.id]),
        lambda: shop.update_cart(ALICE, cart.id, {PLATES: 7}),
        lambda: shop.checkout_cart(ALICE, cart.id, CARD),
        lambda: shop.delete_cart(ALICE, cart.id),
    ):
        with pytest.raises(PermissionError):
            call()
    assert tree(sample.store) == files
    problems = [one.problem for one in shop.merchant.audit().disagreements]
    assert any(f"cannot be read: {sample.purchased_file(cart)}" in text for text in problems)


def test_the_sample_is_not_sold_in_place_of_a_catalogue(
    tmp_path: Path, forbid: Callable[[Path], None]
) -> None:
    store = tmp_path / "store"
    store.mkdir(mode=0o700)
    catalogue = write_catalog(store / "catalog.csv")
    forbid(catalogue)
    with pytest.raises(PermissionError):
        shop_in(store).update_cart(ALICE, None, {MUG: 1})
    assert not (store / "carts").exists()

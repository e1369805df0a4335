"""The currencies are those of ISO 4217's list of active ones, with their minor units."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import iso4217
import pytest

from cartcli import Money
from cartcli.model.currencies import DECIMALS, NO_CURRENCY, currency_code

# What is known beside the list, and why.
OTHERS: Final = {
    "BGN": 2,  # withdrawn; carts and receipts of before are still read
    NO_CURRENCY: 2,  # of an amount that is none
}


def table() -> dict[str, str]:
    """The minor unit of each active code, as the list says it: in digits, or that there is none."""
    return {code: str(row["CcyMnrUnts"]) for code, row in iso4217.raw_table.items() if code}


def with_minor_unit() -> dict[str, int]:
    return {code: int(digits) for code, digits in table().items() if digits.isdecimal()}


def without_minor_unit() -> set[str]:
    return set(table()) - set(with_minor_unit())


def test_the_list_is_whole() -> None:
    assert iso4217.__published__ >= date(2026, 1, 1)
    assert len(with_minor_unit()) > 150
    assert {"XAU", "XDR", "XTS", NO_CURRENCY} <= without_minor_unit()


def test_every_currency_of_the_list_is_known_and_no_other() -> None:
    assert with_minor_unit().keys().isdisjoint(OTHERS)
    assert with_minor_unit() | OTHERS == DECIMALS


@pytest.mark.parametrize(("code", "digits"), sorted((with_minor_unit() | OTHERS).items()))
def test_money_is_rounded_to_the_minor_unit(code: str, digits: int) -> None:
    unit = Decimal(1).scaleb(-digits)
    amount = Decimal("1234.56785")
    assert Money(amount, code).rounded().amount == amount.quantize(unit, ROUND_HALF_UP)
    assert Money(unit / 2, code).rounded() == Money(unit, code)
    assert Money(1, code).decimal == f"{Decimal(1).quantize(unit)}"


@pytest.mark.parametrize("code", sorted(without_minor_unit() - {NO_CURRENCY}))
def test_what_has_no_minor_unit_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        currency_code(code)
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(1, code)

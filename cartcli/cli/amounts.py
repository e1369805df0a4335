"""Amounts of money on the command line."""

from __future__ import annotations

from typing import Any

import click

from cartcli.cli.params import app_of
from cartcli.errors import FixInput
from cartcli.model.money import TOTAL_DIGITS, Money


class Amount(click.ParamType[Money]):
    """An amount of money in the shop's currency. `untouched` says what a wrong one left alone."""

    name = "amount"

    def __init__(self, untouched: str = "") -> None:
        self._untouched = untouched

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Money:
        if isinstance(value, Money):
            return value
        try:
            currency = app_of(ctx or click.get_current_context()).display.currency
            return Money.parse(value, currency, digits=TOTAL_DIGITS)
        except ValueError as error:
            name = param.opts[0] if param else "the amount"
            raise FixInput(f"{name}: {error}", self._untouched) from None

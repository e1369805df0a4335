"""Nothing is lost between a suite and what it tries, in whatever way it is called."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

import pytest

from cartcli import Money, errors
from cartcli.cart_db import CartDb, CartReader
from cartcli.errors import CartError, FixInput
from cartcli.idp import Accounts, Logins, Sessions
from cartcli.payment import Refused
from cartcli.testing.callers.ways import Passing, Use, Way
from cartcli.testing.fixtures import WAYS, OpenPayment, StockShop
from tests.contract.shelf import Fit, Shelf
from tests.helpers import Clock, at_once

KINDS: Final = [
    kind
    for kind in (*vars(errors).values(), Refused)
    if isinstance(kind, type) and issubclass(kind, CartError)
]
pytestmark = pytest.mark.filterwarnings("ignore:.*fork")  # from Python 3.12 on


@pytest.fixture
def shelf(use: Use, clock: Clock) -> Shelf:
    """A shelf that is fit, called in one of the ways."""
    return use(Shelf, lambda: Fit(clock), lambda shelf, _: shelf.where())


def test_values_come_and_go_as_they_are(shelf: Shelf) -> None:
    values = (Money("1.50", "USD"), [None, "玉露"], {"a": (1, b"2")})
    assert shelf.give(*values, named=values) == (values, {"named": values})
    assert shelf.name == "shelf"


@pytest.mark.parametrize("kind", KINDS)
def test_errors_come_back_as_they_are(shelf: Shelf, kind: type[CartError]) -> None:
    error = kind("what happened", "what now", sku="MUG", amount=Money(1, "USD"))
    with pytest.raises(CartError) as raised:
        shelf.fail(error)
    back = raised.value
    assert (type(back), str(back), back.args) == (kind, "what happened", ("what happened",))
    assert (back.message, back.hint, back.facts) == (error.message, error.hint, error.facts)


@pytest.mark.parametrize("error", [OSError(28, "full", "/x"), KeyError("x"), SystemExit(3)])
def test_other_errors_do_as_well(shelf: Shelf, error: BaseException) -> None:
    with pytest.raises(type(error)) as raised:
        shelf.fail(error)
    assert (raised.value.args, str(raised.value)) == (error.args, str(error))


def before_the_error(numbers: Iterator[int]) -> list[int]:
    """What the iterator gives before its error."""
    given = []
    try:
        for number in numbers:
            given.append(number)
    except ZeroDivisionError:
        return given
    pytest.fail("the error did not arrive")


@pytest.mark.parametrize("end", [0, 1, 2, 3, 1_000])
def test_an_iterator_gives_all_there_is_until_its_error(shelf: Shelf, end: int) -> None:
    for numbers in (shelf.numbers(end), shelf.part(end).numbers):
        assert before_the_error(numbers) == [*range(end)]


def test_an_iterator_goes_on_when_it_is_asked(shelf: Shelf) -> None:
    numbers = shelf.numbers(10**12)  # nobody could make a list of them
    assert [next(numbers) for _ in range(1_000)] == [*range(1_000)]
    version, others = shelf.part(10**12)
    assert (version, next(others), next(numbers)) == ("1", 0, 1_000)


def test_a_context_is_left_where_it_was_entered(shelf: Shelf) -> None:
    with shelf.held() as holder:
        assert shelf.is_held() in (holder, None)  # each child has a memory of its own
    assert shelf.is_held() is None


def test_a_context_hears_of_errors(shelf: Shelf) -> None:
    with shelf.held():
        shelf.fail(ValueError())
    with pytest.raises(KeyError, match="here"), shelf.held():
        raise KeyError("here")


def test_functions_and_iterators_stay_with_whoever_gives_them(shelf: Shelf) -> None:
    told: list[tuple[int, int]] = []
    numbers = iter(range(10))
    total = shelf.total(numbers, lambda number: told.append((number, os.getpid())))
    assert total == 45
    assert told == [(number, os.getpid()) for number in range(10)]
    assert [*numbers] == []


def test_their_errors_reach_whoever_calls_them(shelf: Shelf) -> None:
    def numbers() -> Iterator[int]:
        yield from range(5)
        raise FixInput("no more", sku="x")

    with pytest.raises(FixInput, match="no more"):
        shelf.total(numbers(), lambda _: None)
    with pytest.raises(ZeroDivisionError):
        shelf.total([1], lambda _: 1 / 0)


def test_the_clock_is_moved_for_all(shelf: Shelf, clock: Clock) -> None:
    for hours in (1, -2, 3):
        clock.move(hours=hours)
        assert [shelf.now() for _ in range(3)] == [clock.now] * 3


def test_all_is_as_well_in_a_race(shelf: Shelf) -> None:
    given = at_once(12, lambda number: [shelf.give(number) for _ in range(10)])
    assert given == [[((number,), {})] * 10 for number in range(12)]


def is_handed_out(tried: object, use: Use) -> bool:
    """Whether what a suite tries is called in the way that the suite is run in."""
    return isinstance(tried, Passing) == isinstance(use, Way)


def test_there_is_every_way(use: Use, request: pytest.FixtureRequest) -> None:
    assert {*WAYS} == {"plain", "threads", "fork"}
    assert isinstance(use, Way) == ("plain" not in request.node.name)


def test_catalogues_are_tried_in_every_way(stock: StockShop, use: Use) -> None:
    assert is_handed_out(stock(None, "USD"), use)


def test_carts_are_tried_in_every_way(carts: CartDb, reader: CartReader, use: Use) -> None:
    assert is_handed_out(carts, use)
    assert is_handed_out(reader, use)


def test_users_are_tried_in_every_way(
    logins: Logins, accounts: Accounts, sessions: Sessions, use: Use
) -> None:
    assert is_handed_out(logins, use)
    assert is_handed_out(accounts, use)
    assert is_handed_out(sessions, use)


def test_payments_are_tried_in_every_way(open_processor: OpenPayment, use: Use) -> None:
    assert is_handed_out(open_processor(), use)

"""The model is itself tested: it must find every flaw that is planted in the design."""

from __future__ import annotations

import pytest

from tests.promises.model.cart_db import CartDb
from tests.promises.model.embedded.flaws import EMBEDDED_FLAWS
from tests.promises.model.explorer import Explorer
from tests.promises.model.flaw import Flaw
from tests.promises.model.model import Size
from tests.promises.model.promises import STUCK
from tests.promises.model.remote.design import Remote
from tests.promises.model.remote.flaws import ONE_CALL, REMOTE_FLAWS
from tests.promises.model.remote.flaws.others import BindsByKey, PurchasesByKey

FLAWS = [
    *(pytest.param(flaw, id=f"remote, {flaw.name}") for flaw in REMOTE_FLAWS),
    *(pytest.param(flaw, id=f"embedded, {flaw.name}") for flaw in EMBEDDED_FLAWS),
]


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_planted_flaw_is_found(flaw: Flaw) -> None:
    found = flaw.explorer().explore().found
    assert found, f"nothing was found that is {flaw.promise}"
    assert found.promise == flaw.promise, str(found)
    assert len(found.trace) == flaw.steps, str(found)
    assert any(flaw.essential in what for what in found.trace), str(found)


@pytest.mark.parametrize("flaw", FLAWS)
def test_nothing_shorter_is_found_when_no_two_worlds_are_taken_for_one(flaw: Flaw) -> None:
    found = flaw.explorer(tidy=False).explore().found
    assert found
    assert (found.promise, len(found.trace)) == (flaw.promise, flaw.steps), str(found)


@pytest.mark.parametrize("db", [BindsByKey(), PurchasesByKey()])
def test_a_key_alone_would_do_where_one_client_only_has_it(db: CartDb) -> None:
    """Comparing the reference as well is a second line of defence."""
    explored = Explorer(Remote(db=db).model()).explore()
    assert not explored.found, str(explored.found)


def test_one_call_would_do_if_no_key_were_ever_forgotten() -> None:
    model = ONE_CALL._replace(size=Size(), forgets=False).model()
    explored = Explorer(model, states_only=True).explore()
    assert not explored.found, str(explored.found)


def test_the_answer_that_is_kept_to_one_call_is_out_of_date_when_somebody_acts() -> None:
    found = Explorer(ONE_CALL._replace(forgets=False).model()).explore().found
    assert found
    assert found.promise == STUCK
    assert "one more run: the processor answers pay k1 as before" in found.trace

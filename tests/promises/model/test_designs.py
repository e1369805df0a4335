"""The design breaks no promise, whatever happens in whatever order."""

from __future__ import annotations

from collections.abc import Set

import pytest

from tests.promises.model.designs import EXHAUSTIVE, ORDINARY
from tests.promises.model.embedded.design import Embedded
from tests.promises.model.explorer import Explorer
from tests.promises.model.flaw import Design
from tests.promises.model.remote.checkout import HostedCheckout
from tests.promises.model.remote.design import Remote
from tests.promises.model.world import World

DESIGNS = [
    *(pytest.param(design, id=name) for name, design in ORDINARY.items()),
    *(
        pytest.param(design, id=name, marks=pytest.mark.exhaustive)
        for name, design in EXHAUSTIVE.items()
    ),
]
_ASKED_IN_VAIN = {"unexpected", "refused"}
_REMOTE = {"new", "declined", "action", "processing", "succeeded", "cancelled"}
_EMBEDDED = {"declined", "action", "succeeded", "cancelled"}


@pytest.mark.parametrize("design", DESIGNS)
def test_no_promise_is_broken(design: Design) -> None:
    explored = Explorer(design.model()).explore()
    assert not explored.found, str(explored.found)


def test_all_of_a_checkout_with_a_token_takes_place() -> None:
    worlds = Explorer(Remote().model()).explore().worlds
    settling = {"settled", "looked", "reopen", "begin"}
    assert _steps(worlds) == {"bind", "read", "closed", "leave", "drop", *settling}
    assert _statuses(worlds) == _REMOTE
    assert _answers(worlds) == _REMOTE | _ASKED_IN_VAIN


def test_all_of_a_checkout_on_a_hosted_page_takes_place() -> None:
    worlds = Explorer(Remote(checkout=HostedCheckout).model()).explore().worlds
    settling = {"settled", "looked", "reopen", "begin"}
    assert _steps(worlds) == {"bind", "offer", "present", "closed", "leave", "drop", *settling}
    assert _statuses(worlds) == _REMOTE - {"action"}  # that is a part of the page
    assert _answers(worlds) == _REMOTE - {"action"} | _ASKED_IN_VAIN


def test_all_of_a_checkout_with_the_embedded_processor_takes_place() -> None:
    worlds = Explorer(Embedded(copies=True).model()).explore().worlds
    assert _steps(worlds) == {"closed", "settled", "looked", "begin", "mark_earlier", "purchase"}
    assert _statuses(worlds) == _answers(worlds) == _EMBEDDED


def _steps(worlds: Set[World]) -> set[str]:
    return {client.step for world in worlds for client in world.clients} - {""}


def _statuses(worlds: Set[World]) -> set[str]:
    return {payment.status for world in worlds for payment in world.payments}


def _answers(worlds: Set[World]) -> set[str]:
    answers = (client.answer for world in worlds for client in world.clients)
    return {answer.status for answer in answers if answer.status}

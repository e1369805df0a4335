"""Where worlds are taken for one, nothing is lost by it."""

from __future__ import annotations

import pytest

from tests.promises.model.embedded.design import Embedded
from tests.promises.model.embedded.processor import EmbeddedProcessor
from tests.promises.model.explorer import Explorer
from tests.promises.model.flaw import Design
from tests.promises.model.model import Size
from tests.promises.model.network import Processor
from tests.promises.model.remote.checkout import HostedCheckout
from tests.promises.model.remote.design import Remote
from tests.promises.model.remote.processor import OUTCOMES, RemoteProcessor
from tests.promises.model.tidy import pruned, renumbered, tidied
from tests.promises.model.world import Attempt, Cart, Client, Payment, Ref, Request, Status, World

_ALONE = Size(clients=1, commands=2)


@pytest.mark.parametrize(
    "design",
    [
        pytest.param(Remote(), id="remote"),
        pytest.param(Remote(_ALONE), id="remote, two commands"),
        pytest.param(Remote(_ALONE, forgets=False), id="remote, none forgotten"),
        pytest.param(Remote(checkout=HostedCheckout), id="hosted"),
        pytest.param(Remote(_ALONE, checkout=HostedCheckout), id="hosted, two commands"),
        pytest.param(Embedded(Size(commands=2)), id="embedded, two commands"),
        pytest.param(Embedded(copies=True), id="embedded, older copies"),
    ],
)
def test_the_same_worlds_are_met_when_no_two_are_taken_for_one(design: Design) -> None:
    model = design.model()
    one_by_one = Explorer(model, tidy=False).explore()
    stand_for_them = {tidied(world, model.network.processor) for world in one_by_one.worlds}
    explored = Explorer(model).explore()
    assert not one_by_one.found
    assert stand_for_them == explored.worlds
    assert len(one_by_one.worlds) > 2 * len(explored.worlds)


TOKEN = RemoteProcessor(OUTCOMES)
CARD = EmbeddedProcessor()
ORPHAN = Ref(7, 1)


@pytest.mark.parametrize(
    ("rules", "payment", "stays"),
    [
        (TOKEN, Payment(ORPHAN, "new"), False),
        (TOKEN, Payment(ORPHAN, "new", shown=True), True),
        (TOKEN, Payment(ORPHAN, "declined"), False),
        (TOKEN, Payment(ORPHAN, "declined", shown=True), True),
        (TOKEN, Payment(ORPHAN, "cancelled", shown=True), False),
        (TOKEN, Payment(ORPHAN, "action"), True),
        (TOKEN, Payment(ORPHAN, "processing"), True),
        (TOKEN, Payment(ORPHAN, "succeeded"), True),
        (CARD, Payment(ORPHAN, "action"), False),
        (CARD, Payment(ORPHAN, "cancelled"), False),
        (CARD, Payment(ORPHAN, "succeeded"), True),
    ],
)
def test_of_what_nobody_can_name_the_money_stays(
    rules: Processor, payment: Payment, stays: bool
) -> None:
    world = Size().start()._replace(payments=(payment,))
    assert pruned(world, rules).payments == ((payment,) if stays else ())


@pytest.mark.parametrize(
    ("rules", "status", "void"),
    [
        (TOKEN, "declined", {"look"}),
        (TOKEN, "processing", {"look"}),
        (TOKEN, "succeeded", {"look", "cancel", "confirm"}),
        (TOKEN, "cancelled", {"look", "cancel", "confirm"}),
        (CARD, "action", set()),
        (CARD, "declined", {"look", "cancel", "charge"}),
        (CARD, "succeeded", {"look", "cancel", "charge"}),
    ],
)
def test_a_late_request_stays_that_may_change_something(
    rules: Processor, status: Status, void: set[str]
) -> None:
    late = tuple(Request(do, ORPHAN) for do in ("cancel", "charge", "confirm", "look"))
    known = [request for request in late if hasattr(rules, request.do)]
    world = Size().start()._replace(late=tuple(known), payments=(Payment(ORPHAN, status),))
    assert {request.do for request in known} - void == {
        request.do for request in pruned(world, rules).late
    }


def test_what_a_world_is_goes_neither_by_numbers_nor_by_who_is_who() -> None:
    def world(first: int, second: int) -> World:
        old = Client(0, "reopen", Attempt(Ref(first)))
        new = Client(0, "read", Attempt(Ref(second, 1)))
        payment = Payment(new.attempt.ref, "new")
        return World(Cart("pending", new.attempt), (old, new), (payment,), keys=second)

    one = renumbered(world(1, 2))
    other = world(3, 7)
    assert renumbered(other) == one
    assert renumbered(other._replace(clients=other.clients[::-1])) == one
    assert renumbered(world(7, 3)) != one

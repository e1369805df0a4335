"""Where worlds are taken for one, nothing is lost by it."""

from __future__ import annotations

import pytest

from tests.promises.model.embedded.design import Embedded
from tests.promises.model.explorer import Explorer
from tests.promises.model.flaw import Design
from tests.promises.model.model import Size
from tests.promises.model.remote.checkout import HostedCheckout
from tests.promises.model.remote.design import Remote
from tests.promises.model.tidy import renumbered, tidied
from tests.promises.model.world import Attempt, Cart, Client, Payment, Ref, World

_ALONE = Size(clients=1, commands=2)


@pytest.mark.parametrize(
    "design",
    [
        pytest.param(Remote(), id="remote"),
        pytest.param(Remote(_ALONE), id="remote, two commands"),
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

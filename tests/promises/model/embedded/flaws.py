"""Flaws of a checkout with the embedded processor, each of which the explorer must find."""

from __future__ import annotations

from typing import Final

from tests.promises.model.cart_db import CartDb
from tests.promises.model.embedded.checkout import EmbeddedCheckout
from tests.promises.model.embedded.design import Embedded
from tests.promises.model.embedded.processor import EmbeddedProcessor
from tests.promises.model.flaw import Flaw
from tests.promises.model.model import Size
from tests.promises.model.network import Handled
from tests.promises.model.promises import NOT_CHARGED, OPEN, STUCK, TWICE
from tests.promises.model.world import (
    Answer,
    Attempt,
    Cart,
    Moves,
    Payment,
    Ref,
    Request,
    World,
    who,
)


class OpensOnSilence(EmbeddedCheckout):
    """Takes no answer for "not charged"."""

    def moves(self, world: World) -> Moves:
        yield from super().moves(world)
        for me, client in enumerate(world.clients):
            if client.request.do == "charge":
                for what, after in self.unpurchase(world, me, go_on=False):
                    yield f"{who(me)} gets no answer: {what}", after.with_late(client.request)


class TakesAnyCapture(EmbeddedCheckout):
    """Takes the capture under an earlier key for that of the pending attempt."""

    def adopt(self, world: World, me: int, earlier: Ref) -> Moves:
        yield from self.purchase(world, me)


class AdoptsNothing(EmbeddedCheckout):
    """Takes the capture under an earlier key for an answer about another payment."""

    def adopt(self, world: World, me: int, earlier: Ref) -> Moves:
        yield f"does not believe an answer about {earlier}", world.ends(me)


class DropsCaptures(EmbeddedCheckout):
    """Takes the capture under an earlier key for a reason to open the cart."""

    def adopt(self, world: World, me: int, earlier: Ref) -> Moves:
        yield from self.unpurchase(world, me, go_on=False)


class BindsAnything(CartDb):
    """Stores that an attempt waits without comparing it with the pending one."""

    def bind(self, cart: Cart, attempt: Attempt) -> Cart | None:
        return Cart("pending", attempt) if cart.state != "purchased" else None


class OpensAnything(CartDb):
    """Opens a cart whatever it waits for."""

    def unpurchase(self, cart: Cart, attempt: Attempt) -> Cart | None:
        return Cart() if cart.state != "purchased" else None


class PurchasesAnything(CartDb):
    """Takes any receipt for that of the pending attempt."""

    def purchase(self, cart: Cart, attempt: Attempt) -> Cart | None:
        return Cart("purchased", cart.attempt) if cart.state == "pending" else None


class NoTombstones(EmbeddedProcessor):
    """Settles by a bare look-up: what is not on record is said to be cancelled, and is not."""

    def cancel(self, world: World, ref: Ref) -> Handled:
        yield f"knows nothing of {ref}", world, Answer("cancelled", ref)


class CancelsAnything(EmbeddedProcessor):
    """Puts a tombstone on what is charged."""

    def handle(self, world: World, request: Request) -> Handled:
        if request.do == "cancel":
            yield from self.cancel(world, request.ref)
        else:
            yield from super().handle(world, request)

    def is_void(self, world: World, request: Request) -> bool:
        return request.do != "cancel" and super().is_void(world, request)


class ForgetsDeclines(EmbeddedProcessor):
    """Leaves no record of a decline."""

    def charge(self, world: World, ref: Ref) -> Handled:
        for what, after, answer in super().charge(world, ref):
            yield what, world if answer.status == "declined" else after, answer


class KnowsNoCarts(EmbeddedProcessor):
    """Answers by key alone."""

    def captured(self, world: World) -> Payment | None:
        return None


class ChargesWhatWaited(EmbeddedProcessor):
    """Asks for a capture of the cart only when a key is new."""

    def final(self, world: World, ref: Ref) -> Payment | None:
        is_new = all(payment.ref != ref for payment in world.payments)
        return self.recorded(world, ref) or (self.captured(world) if is_new else None)


_ALONE: Final = Size(clients=1, doubles=0)
_RIVALS: Final = Size(clients=2, doubles=0)
_TWO_COMMANDS: Final = Size(clients=2, commands=2, doubles=0)

EMBEDDED_FLAWS: Final = (
    Flaw(
        "no answer opens the cart",
        Embedded(_ALONE, checkout=OpensOnSilence),
        OPEN,
        3,
        "(late)",
    ),
    Flaw(
        "settled by a bare look-up",
        Embedded(_RIVALS, processor=NoTombstones),
        OPEN,
        5,
        "the processor knows nothing of p1.1",
    ),
    Flaw(
        "a charge is cancelled",
        Embedded(_RIVALS, processor=CancelsAnything),
        NOT_CHARGED,
        5,
        "the processor records p1.1: cancelled",
    ),
    Flaw(
        "a decline is not final",
        Embedded(Size(clients=1, doubles=1), processor=ForgetsDeclines),
        OPEN,
        4,
        "the processor records p1.1: succeeded (late)",
    ),
    Flaw(
        "stored without compare-and-set that it waits",
        Embedded(_TWO_COMMANDS, db=BindsAnything()),
        OPEN,
        11,
        "A stores that p1.1 waits",
    ),
    Flaw(
        "opened without compare-and-set",
        Embedded(_RIVALS, db=OpensAnything()),
        OPEN,
        8,
        "A opens the cart again, after p1.1",
    ),
    Flaw(
        "purchased without compare-and-set",
        Embedded(_RIVALS, copies=True, db=PurchasesAnything()),
        NOT_CHARGED,
        5,
        "A records that p1.1 is charged",
    ),
    Flaw(
        "answers by key alone",
        Embedded(_RIVALS, copies=True, processor=KnowsNoCarts),
        TWICE,
        5,
        "the copy is put back",
    ),
    Flaw(
        "what waits is charged though the cart is captured",
        Embedded(_TWO_COMMANDS, copies=True, processor=ChargesWhatWaited),
        TWICE,
        8,
        "the copy is put back",
    ),
    Flaw(
        "an earlier capture is taken for this one",
        Embedded(_RIVALS, copies=True, checkout=TakesAnyCapture),
        NOT_CHARGED,
        6,
        "B records that p2.1 is charged",
    ),
    Flaw(
        "an earlier capture is not adopted",
        Embedded(_ALONE, copies=True, checkout=AdoptsNothing),
        STUCK,
        6,
        "one more run: B does not believe an answer about p1.1",
    ),
    Flaw(
        "an earlier capture opens the cart",
        Embedded(_ALONE, copies=True, checkout=DropsCaptures),
        STUCK,
        6,
        "one more run: B opens the cart again, after p2.1",
    ),
)

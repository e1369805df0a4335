"""Flaws of a checkout with a remote processor, each of which the explorer must find.

checkouts.py   the protocol is wrong      others.py   something else is
"""

from __future__ import annotations

from typing import Final

from tests.promises.model.flaw import Flaw
from tests.promises.model.model import Size
from tests.promises.model.promises import NOT_CHARGED, OPEN, STUCK, TWICE
from tests.promises.model.remote.checkout import HostedCheckout
from tests.promises.model.remote.design import Remote
from tests.promises.model.remote.flaws import checkouts, others

_ALONE: Final = Size(clients=1, doubles=0)
_ALONE_DOUBLED: Final = Size(clients=1, doubles=1)
_TWICE_ALONE: Final = Size(clients=1, commands=2, doubles=0)
_RIVALS: Final = Size(clients=2, doubles=0)

ONE_CALL: Final = Remote(
    _ALONE_DOUBLED,
    refuses=False,
    checkout=checkouts.PaysInOneCall,
    processor=others.ChargesInOneCall,
)

REMOTE_FLAWS: Final = (
    Flaw(
        "charged before the reference is stored",
        Remote(_RIVALS, checkout=checkouts.ConfirmsFirst),
        OPEN,
        6,
        "B opens the cart again, after k1",
    ),
    Flaw(
        "shown before the reference is stored",
        Remote(_TWICE_ALONE, checkout=checkouts.ShowsFirst),
        OPEN,
        7,
        "A dies",
    ),
    Flaw(
        "made and charged by one call, which is made again with its key",
        ONE_CALL,
        TWICE,
        3,
        "the processor forgets its answer",
    ),
    Flaw(
        "a decline opens the cart",
        Remote(_ALONE_DOUBLED, checkout=checkouts.OpensOnDecline),
        OPEN,
        6,
        "the processor forgets its answer",
    ),
    Flaw(
        "no answer opens the cart",
        Remote(_ALONE, checkout=checkouts.OpensOnSilence),
        OPEN,
        5,
        "(late)",
    ),
    Flaw(
        "settled by a look",
        Remote(_TWICE_ALONE, checkout=checkouts.OnlyLooks),
        OPEN,
        8,
        "A gives up or dies, and its request is late",
    ),
    Flaw(
        "paid again with a new key",
        Remote(_RIVALS, checkout=checkouts.NeverSettles),
        TWICE,
        8,
        "B marks the cart with k2",
    ),
    Flaw(
        "what cannot be cancelled opens the cart",
        Remote(_RIVALS, checkout=checkouts.TakesTooLateForOver),
        OPEN,
        7,
        "the processor cannot cancel p1.1 any more",
    ),
    Flaw(
        "no error is success",
        Remote(_ALONE, checkout=checkouts.TakesWaitingForCharged),
        NOT_CHARGED,
        5,
        "the processor charges p1.1: action",
    ),
    Flaw(
        "recorded without compare-and-set",
        Remote(_RIVALS, checkout=checkouts.RecordsAnything),
        OPEN,
        12,
        "A opens the cart, whatever it is, after p1.1",
    ),
    Flaw(
        "bound without compare-and-set",
        Remote(_RIVALS, db=others.BindsAnything()),
        TWICE,
        10,
        "A binds p1.1",
    ),
    Flaw(
        "opened by the key alone",
        Remote(_RIVALS, db=others.OpensByKey()),
        OPEN,
        6,
        "A binds p1.1",
    ),
    Flaw(
        "a webhook is believed",
        Remote(_ALONE, checkout=HostedCheckout, outside=others.BelievesEvents),
        OPEN,
        9,
        "a webhook says that p1.1 is declined, and opens the cart",
    ),
    Flaw(
        "a customer who comes back is believed",
        Remote(_ALONE, checkout=HostedCheckout, outside=others.BelievesLanding),
        NOT_CHARGED,
        7,
        "somebody comes back from the page of p1.1",
    ),
    Flaw(
        "a declined payment is waited for",
        Remote(_ALONE, checkout=checkouts.WaitsForNobody),
        STUCK,
        9,
        "one more run: B goes on waiting for p1.1",
    ),
    Flaw(
        "cancelled with an idempotency key",
        Remote(_ALONE, fails=True, processor=others.KeyedCancel),
        STUCK,
        8,
        "one more run: the processor answers cancel p1.1 as before",
    ),
)

"""Defects of the cart DB on pickle files."""

from __future__ import annotations

from typing import Final

from tests.promises.faults.attacks import carts, rivals
from tests.promises.faults.planted.defect import CUT_OFF, Defect, by
from tests.promises.faults.planted.planting import Edit

_CARTS: Final = "cart_db/pickle/carts.py"

_ERROR_SWALLOWED: Final = Edit(
    _CARTS,
    "PickleCartDb._flush",
    """
    if unit.changed is None:
        return
    try:
        if unit.changed.state == "purchased":
            unit.owner.save_purchased(unit.changed)
        else:
            unit.owner.save_unpurchased(unit.unpurchased)
    except OSError:
        pass
    """,
)

NO_PAY: Final = Edit(
    _CARTS,
    "PickleCartDb.paying",
    """
    import contextlib

    return contextlib.nullcontext()
    """,
)

_NO_OWNER: Final = Edit(
    _CARTS,
    "PickleCartDb._unit",
    """
    unit = _Unit(self._owner(owner))
    yield unit
    self._flush(unit)
    """,
)

_NEVER_OUTDATED: Final = Edit(
    "cart_db/pickle/owner_folder.py",
    "Unpurchased.__init__",
    """
    self.carts = carts
    self.life = life
    self.names = names
    self.size = size
    self.outdated = False
    """,
)

IN_CART_DB: Final = (
    Defect(
        "an error of the disk swallowed",
        by(carts.add, "EIO"),
        "0, and the cart holds",
        (_ERROR_SWALLOWED,),
    ),
    Defect(
        "a cart is marked whatever its version is",
        by(rivals.add_meanwhile, "stop"),
        "the rival exits with 0, and",
        (Edit("cart_db/steps.py", "_check_version", "return"),),
    ),
    Defect(
        "no lock OWNER", by(rivals.two_adds, "stop"), "2 of two adds went through", (_NO_OWNER,)
    ),
    Defect(
        "a purchase dropped from the open carts before it is durable",
        CUT_OFF,
        "open.pickle is put in place before",
        (_NEVER_OUTDATED,),
    ),
)

"""What must break no promise: the design, by how much there is of everything, and which faults.

Each fault may happen, or not. So what has more of them, or more of anything, takes in all that has
less, and only what is not taken in by another is here.
"""

from __future__ import annotations

from typing import Final

from tests.promises.model.embedded.design import Embedded
from tests.promises.model.flaw import Design
from tests.promises.model.model import Size
from tests.promises.model.remote.checkout import HostedCheckout
from tests.promises.model.remote.design import Remote
from tests.promises.model.world import ANY

_TWO_COMMANDS: Final = Size(commands=2)
_NONE_DOUBLED: Final = Size(commands=2, doubles=0)
_THREE: Final = Size(clients=3)
_THREE_NONE_DOUBLED: Final = Size(clients=3, doubles=0)
_ENDLESS: Final = Size(commands=ANY, doubles=ANY, late=1)
_THREE_ENDLESS: Final = Size(clients=3, commands=ANY, doubles=0, late=0)

ORDINARY: Final[dict[str, Design]] = {
    "remote, one command each, every fault": Remote(fails=True),
    "remote, two commands each, none doubled": Remote(_NONE_DOUBLED),
    "remote, three clients, none doubled": Remote(_THREE_NONE_DOUBLED),
    "remote, any number of commands, one late at a time, none refused": Remote(
        _ENDLESS, refuses=False
    ),
    "hosted, one command each, every fault": Remote(fails=True, checkout=HostedCheckout),
    "hosted, two commands each, none doubled": Remote(_NONE_DOUBLED, checkout=HostedCheckout),
    "embedded, any number of commands, two late at a time": Embedded(_ENDLESS._replace(late=2)),
    "embedded, three clients, any number of commands, one late at a time": Embedded(
        _ENDLESS._replace(clients=3)
    ),
    "embedded, one command each, older copies": Embedded(copies=True),
    "embedded, two commands each, none doubled, older copies": Embedded(_NONE_DOUBLED, copies=True),
}

EXHAUSTIVE: Final[dict[str, Design]] = {
    "remote, two commands each, every fault": Remote(_TWO_COMMANDS, fails=True),
    "remote, three clients, every fault": Remote(_THREE, fails=True),
    "remote, three clients, any number of commands, none late": Remote(_THREE_ENDLESS),
    "remote, any number of commands, one late at a time": Remote(_ENDLESS, fails=True),
    "remote, any number of commands, two late at a time, none refused": Remote(
        _ENDLESS._replace(late=2), refuses=False
    ),
    "hosted, two commands each, every fault": Remote(
        _TWO_COMMANDS, fails=True, checkout=HostedCheckout
    ),
    "hosted, three clients, every fault": Remote(_THREE, fails=True, checkout=HostedCheckout),
    "hosted, three clients, any number of commands, none late": Remote(
        _THREE_ENDLESS, checkout=HostedCheckout
    ),
    "hosted, any number of commands, one late at a time": Remote(
        _ENDLESS, fails=True, checkout=HostedCheckout
    ),
    "embedded, two commands each, older copies": Embedded(_TWO_COMMANDS, copies=True),
    "embedded, three clients, older copies": Embedded(_THREE, copies=True),
    "embedded, any number of commands, one late at a time, older copies": Embedded(
        _ENDLESS, copies=True
    ),
}

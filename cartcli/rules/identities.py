"""Who is meant by the name that somebody gives."""

from __future__ import annotations

from cartcli.errors import FixInput
from cartcli.model.people import Identity


def named(name: str) -> Identity:
    """The user of that `name`; FixInput when it can be nobody's."""
    try:
        return Identity(name)
    except ValueError as error:
        raise FixInput(str(error), "Nothing was changed.") from None

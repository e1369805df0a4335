"""Who is meant by the name that somebody gives, and which session by its id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cartcli.errors import ChooseExisting, FixInput
from cartcli.model.people import Identity
from cartcli.model.sessions import SessionInfo

_SHORTEST_PREFIX: Final = 4


def named(name: str) -> Identity:
    """The user of that `name`; FixInput when it can be nobody's."""
    try:
        return Identity(name)
    except FixInput as error:
        raise FixInput(str(error), "Nothing was changed.") from None


def session_of(prefix: str, sessions: Sequence[SessionInfo]) -> SessionInfo:
    """The one of these `sessions` whose id starts with `prefix`; ChooseExisting when there is none,
    FixInput when it is not clear which."""
    start = prefix.strip().lower()
    found = [session for session in sessions if session.id.startswith(start)]
    if len(start) < _SHORTEST_PREFIX or len(found) > 1:
        raise FixInput(f"{prefix!r} is too short for a session", "Give more of its id.")
    if not found:
        raise ChooseExisting(
            f"there is no session {prefix!r}", "Nothing was changed.", session=prefix
        )
    return found[0]

"""What is known of a login that lasts."""

from datetime import datetime
from typing import NamedTuple


class SessionInfo(NamedTuple):
    """What its owner may see of a session: its `id`, which lets nobody in and begins its token,
    when it was `created`, and when it ends (UTC).

    >>> token = shop.login("bob", "correct horse", register=True).token
    >>> [token.startswith(one.id) for one in shop.sessions(Identity("bob"))]
    [True]
    """

    id: str
    created: datetime
    expires: datetime

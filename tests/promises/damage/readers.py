"""What reads a file of each kind, where a wrong answer would cost money or let somebody in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cartcli.cli.login_file import SavedLogin
from cartcli.files import durable, sealed
from cartcli.idp import open_logins
from cartcli.model.order import Attempt
from cartcli.payment.card import Card
from tests.helpers import ALICE, DECLINED_CARD, PASSWORD, WAITING_CARD, Clock, attempt_for
from tests.promises.damage.sample import WAIT, Sample, attempt_of

Read = Callable[[], object]

_UNKNOWN_KEY: Final = "f" * 32


def _login(sample: Sample) -> Read:
    """Logs in at an hour of its own each time, so that no try waits for the one before; gives the
    roles of whoever was let in."""
    clock = Clock()
    logins = open_logins(str(sample.store), WAIT, clock)

    def login() -> object:
        clock.move(hours=1)
        return logins.authenticate(ALICE, PASSWORD).roles

    return login


def _session(token: str, sample: Sample) -> Read:
    """Whose session it is, and what they may do."""

    def identify() -> object:
        session = sample.shop.identify(token)
        return session, session.identity.name, session.identity.roles

    return identify


def _charge(sample: Sample, attempt: Attempt, card: str) -> Read:
    return lambda: sample.processor.charge(attempt, Card(card))


READERS: Final[dict[str, Callable[[Sample], Read]]] = {
    "open carts": lambda sample: lambda: sample.carts.find(ALICE.owner, which="unpurchased"),
    "purchased cart": lambda sample: (
        lambda: sample.carts.find(ALICE.owner, sample.purchased.id, "purchased")
    ),
    "free cart": lambda sample: lambda: sample.carts.find(sample.gift.owner, which="purchased"),
    "charged": lambda sample: lambda: sample.processor.cancel(attempt_of(sample.pending)),
    "capture": lambda sample: _charge(
        sample, attempt_for(sample.purchased, key=_UNKNOWN_KEY), DECLINED_CARD
    ),
    "waiting": lambda sample: _charge(sample, attempt_of(sample.waiting), WAITING_CARD),
    "declined": lambda sample: _charge(sample, sample.declined_attempt, DECLINED_CARD),
    "cancelled": lambda sample: _charge(
        sample, sample.attempt(sample.cancelled_key), DECLINED_CARD
    ),
    "user": _login,
    "session": lambda sample: _session(sample.token, sample),
    "guest": lambda sample: _session(sample.guest_token, sample),
    "saved login": lambda sample: SavedLogin(str(sample.store)).token,
    "turns": lambda sample: (
        lambda: sealed.unseal(str(sample.turns_file), durable.read(str(sample.turns_file)))
    ),
}

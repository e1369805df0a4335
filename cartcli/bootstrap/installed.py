"""Services of other packages that are installed, by their entry points
(https://packaging.python.org/specifications/entry-points).

    cartcli.payment   a payment processor      cartcli.idp   an identity provider
    cartcli.store     all services of a shop, by the scheme of the URL that is its store

Each names a function that is given the `Settings` and a clock, and returns the service.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from cartcli.bootstrap.given import Given, part_of
from cartcli.errors import CartError, FixInput
from cartcli.settings import EMBEDDED, Settings

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

    from cartcli.controller.services import Services

Clock = Callable[[], datetime]
_UNCHANGED: Final = "Nothing was changed."


def services_of(settings: Settings, clock: Clock) -> Given:
    """The processor and the identity provider that the settings name, as far as these are not the
    embedded ones: each is made when it is first used."""
    return Given(
        payment=_later("payment", settings.payment, "payment processor", settings, clock),
        idp=_later("idp", settings.idp, "identity provider", settings, clock),
    )


def store_of(settings: Settings, clock: Clock) -> Services:
    """The services behind the URL that is the store."""
    from cartcli.controller.services import Services
    from cartcli.merchant import office

    scheme = settings.store.partition(":")[0]  # and no more: a URL may hold a password
    if scheme not in _known("store").names:
        raise FixInput(
            f"the store is a {scheme} URL, and nothing is installed for such: a store is a folder",
            f"{_UNCHANGED} Name a folder.",
        )
    made = _made("store", scheme, "store", settings, clock)
    part_of(made, office.Services, f"the store for {scheme} URLs")
    services: Services = part_of(made, Services, f"the store for {scheme} URLs")
    return services


def _later(
    kind: str, name: str, what: str, settings: Settings, clock: Clock
) -> Callable[[], object] | None:
    return None if name == EMBEDDED else lambda: _made(kind, name, what, settings, clock)


def _made(kind: str, name: str, what: str, settings: Settings, clock: Clock) -> object:
    """What the installed function of that `name` makes of the settings."""
    known = _known(kind)
    if name not in known.names:
        names = ", ".join(sorted({EMBEDDED, *known.names}))
        raise FixInput(
            f"there is no {what} {name!r}", f"{_UNCHANGED} Installed are: {names}.", setting=kind
        )
    try:
        made: object = known[name].load()(settings, clock)
    except (CartError, OSError):
        raise
    except Exception as error:  # whatever somebody else's package does
        raise CartError(f"the {what} {name!r} cannot be loaded: {error}", _UNCHANGED) from error
    return made


def _known(kind: str) -> EntryPoints:
    from importlib.metadata import entry_points  # takes longer than a command

    return entry_points(group=f"cartcli.{kind}")

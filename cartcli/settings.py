"""Settings, read once: what is given wins over the environment, that over the file, that over
defaults."""

import os
import re
import sys
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from cartcli.errors import FixInput
from cartcli.files.safety import UNHUNG, is_broken_link
from cartcli.model.currencies import currency_code
from cartcli.outputs import OUTPUTS

APP: Final = "cart"
EMBEDDED: Final = "embedded"  # of the services: what comes with the package
_LARGEST: Final = 1 << 20  # bytes of the file that are read
_URL: Final = "(?i)[a-z][a-z0-9+.-]*://|(https?|file|sqlite|postgres(ql)?|mysql|mariadb):"


class Settings(NamedTuple):
    """How a shop is opened. Every name is also a `CART_…` variable and a key of `config.toml`.

    >>> open_shop(Settings("another shop", currency="EUR")).currency
    'EUR'
    """

    store: str
    """The folder that everything lies under."""
    catalog: str | None = None
    """The catalogue's file; None: `catalog.csv` in the store, else the sample."""
    currency: str | None = None
    """The shop's one currency, an ISO 4217 code; None: the one it has, and USD for a new one."""
    output: str = "table"
    """How commands print: table, json, jsonl, csv or tsv."""
    session_hours: float = 720.0
    """How long a login lasts."""
    lock_wait: float = 10.0
    """Seconds to wait for another process that uses the same cart or the same customer's carts."""
    payment_delay: float = 0.0
    """Seconds by which the embedded processor delays its answers, for tests and demonstrations."""
    session: str | None = None
    """The file that keeps the login of the command line; None: `session.json` in the store."""
    user: str | None = None
    """Who the command line has to be logged in as; None: whoever is."""
    payment: str = EMBEDDED
    """Who charges: the embedded processor, or one by the name under which it is installed."""
    idp: str = EMBEDDED
    """Who knows the users: the embedded provider, or one by the name under which it is
    installed."""
    sources: tuple[tuple[str, str], ...] = ()
    """What was not given, and came from a variable or the file: its name, and from where. Of the
    currency and the catalogue that counts for new shops alone. No setting itself."""


KEYS: Final = Settings._fields[:-1]


def load(
    given: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    file: str | None = None,
    *,
    named: str = "{}",
) -> Settings:
    """The settings that are `given` (None counts as not given), those of `environ` (default: the
    process's) and of the TOML `file` (default: `config.toml` in the app dir, if there is one). In
    errors, what is given is called by its key, as `named` has it. Where the app dir and the default
    store are, `environ` tells alone: with an empty one nothing of this user's is read.

    Raises FixInput for a file that cannot be read, an unknown key, or a value out of its range.
    """
    environ = os.environ if environ is None else environ
    found: dict[str, tuple[object, str]] = {}
    app_dir = _app_dir(environ)
    path = file or (app_dir and os.path.join(app_dir, "config.toml"))
    if file or _leads_somewhere(path):
        found.update((key, (value, f"{key} in {path}")) for key, value in _read(path).items())
    for key in KEYS:
        variable = f"CART_{key.upper()}"
        if environ.get(variable):
            found[key] = (environ[variable], variable)
    given = {key: value for key, value in (given or {}).items() if value is not None}
    sources = tuple((key, source) for key, (_, source) in found.items() if key not in given)
    found.update((key, (value, named.format(key))) for key, value in given.items())
    if "store" not in found:
        found["store"] = (_default_store(app_dir, environ), "the default")
    values: dict[str, Any] = {
        key: _checked(key, *source, os.environ if key in given else environ, typed=key in given)
        for key, source in found.items()
    }
    return Settings(**values, sources=sources)


def _leads_somewhere(path: str) -> bool:
    """Whether a file is, or ought to be, at `path`: not when there is none, but also when nobody
    can tell, or a link on the way leads to nothing."""
    try:
        os.stat(path)
    except FileNotFoundError:
        return is_broken_link(path)
    except OSError:
        pass
    return True


def looks_like_url(text: str) -> bool:
    """Whether `text` names something by a URL, and not a path."""
    return ":" in text and re.match(_URL, text) is not None


def _app_dir(environ: Mapping[str, str]) -> str:
    """The folder of the settings and of the default store, "" when there is none. Variables that
    are empty or relative count as not set (XDG Base Directory Specification 0.8, "Basics")."""
    home = _home(environ)
    if sys.platform == "darwin":
        return home and os.path.join(home, "Library", "Application Support", APP)
    config = environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(config):
        config = home and os.path.join(home, ".config")
    return config and os.path.join(config, APP)


def _home(environ: Mapping[str, str]) -> str:
    """The user's home folder, "" when there is none; of another environment than the process's,
    only when that names it."""
    home = environ.get("HOME", "")
    if not os.path.isabs(home):
        if environ is not os.environ:
            return ""
        import pwd  # hardly ever needed

        try:
            home = pwd.getpwuid(os.getuid()).pw_dir
        except KeyError:
            return ""
    return home if os.path.isdir(home) else ""


def _default_store(app_dir: str, environ: Mapping[str, str]) -> str:
    """Where the store is that nobody names: in the folder for data (XDG Base Directory
    Specification 0.8), but beside the settings as long as an older version's is there."""
    beside = app_dir and os.path.join(app_dir, "store")
    if beside and os.path.lexists(beside):
        return beside
    if data := data_folder(environ):
        return os.path.join(data, "store")
    raise FixInput(
        "there is no home folder to keep a store in", "Nothing was changed. Name a store."
    )


def data_folder(environ: Mapping[str, str] = os.environ) -> str:
    """The folder for what is kept of a user, "" when there is none."""
    if sys.platform == "darwin":
        return _app_dir(environ)
    data = environ.get("XDG_DATA_HOME", "")
    if not os.path.isabs(data):
        home = _home(environ)
        data = home and os.path.join(home, ".local", "share")
    return data and os.path.join(data, APP)


def _read(path: str) -> dict[str, object]:
    import tomllib

    from cartcli import texts

    try:
        with open(os.open(path, os.O_RDONLY | UNHUNG), "rb") as file:  # perhaps /dev/null
            values = tomllib.loads("".join(texts.lines(texts.decoded(file.read(_LARGEST)))))
    except (OSError, ValueError, RecursionError) as error:
        raise FixInput(f"the configuration file {path} cannot be read: {error}") from None
    for key in values:
        if key not in KEYS:
            known = ", ".join(KEYS)
            raise FixInput(f"unknown setting {key!r} in {path}", f"The settings are: {known}.")
    return values


def _checked(
    key: str, value: object, source: str, environ: Mapping[str, str], *, typed: bool
) -> object:
    """`value` as `key` needs it; FixInput names the source otherwise. What was `typed` may be a
    path that begins where one stands; a tilde stands for the home of the `environ`."""
    try:
        match key:
            case "currency":
                return currency_code(str(value).upper())
            case "output":
                return _output(str(value))
            case "session_hours" | "lock_wait" | "payment_delay":
                return _duration(value)
            case "user" | "payment" | "idp":
                return _name(value)
            case "store" if looks_like_url(str(value)):
                return str(value)
            case _:
                return whole_path(value, environ, typed=typed)
    except ValueError as error:
        raise FixInput(f"{source}: {error}") from None


def _output(text: str) -> str:
    if text.lower() not in OUTPUTS:
        raise ValueError(f"{text!r} is none of {', '.join(OUTPUTS)}")
    return text.lower()


def _name(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is no name")
    return value


def _duration(value: object) -> float:
    is_number = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    try:
        number = float(str(value)) if is_number else -1.0
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1_000_000:
        raise ValueError(f"{value!r} is not a number from 0 to 1,000,000")
    return number


def whole_path(value: object, environ: Mapping[str, str] = os.environ, *, typed: bool) -> str:
    """An absolute path, so that a later change of folder cannot move the store."""
    text = os.fsdecode(value) if isinstance(value, (str, bytes, os.PathLike)) else ""
    if not text.strip() or "\0" in text:
        raise ValueError(f"{value!r} is not a path")
    text = _with_home(text, environ)
    if not typed and not os.path.isabs(text):
        raise ValueError(f"{text!r} leads elsewhere from every folder: write the whole path")
    try:
        return os.path.abspath(text)
    except OSError as error:
        raise ValueError(f"{value!r} leads nowhere: {error.strerror}") from None


def _with_home(path: str, environ: Mapping[str, str]) -> str:
    """`path` with the home folder that a tilde at its start stands for."""
    tilde, slash, rest = path.partition("/")
    if not tilde.startswith("~"):
        return path
    home = os.path.expanduser(tilde) if tilde != "~" else _home(environ)
    if not os.path.isabs(home):
        raise ValueError(f"{path!r} leads nowhere: there is no such home folder")
    return home + slash + rest

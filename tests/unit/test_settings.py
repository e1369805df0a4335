"""Settings: a flag wins over the environment, that over the file, that over the default."""

from __future__ import annotations

import errno
import os
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from cartcli import Settings
from cartcli.errors import FixInput
from cartcli.settings import KEYS, _app_dir, load

# Each setting: what the file, the environment and a flag say, and the default.
SETTINGS: dict[str, tuple[Any, str, Any, Any]] = {
    "store": ("/in/file", "/in/environment", "/in/flag", None),
    "catalog": ("/in/file.csv", "/in/environment.csv", "/in/flag.csv", None),
    "currency": ("EUR", "JPY", "KWD", None),
    "output": ("csv", "tsv", "json", "table"),
    "session_hours": (1, "2.5", 3, 720.0),
    "lock_wait": (1.5, "2", "3", 10.0),
    "payment_delay": (0.25, "2", 0, 0.0),
    "session": ("/in/file", "/in/environment", "/in/flag", None),
    "user": ("alice", "bob", "carol", None),
    "payment": ("stripe", "on-account", "mine", "embedded"),
    "idp": ("ldap", "oidc", "mine", "embedded"),
}


linux = pytest.mark.skipif(sys.platform == "darwin", reason="macOS has one folder for both")


def home() -> dict[str, str]:
    """An environment in which nothing is set but where home is."""
    return {"HOME": os.environ["HOME"]}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The file of settings; it has none yet."""
    path = tmp_path / "config.toml"
    path.touch()
    return path


def test_every_setting_is_tried_here() -> None:
    assert set(SETTINGS) == set(KEYS)


@pytest.mark.parametrize("key", SETTINGS)
def test_the_nearest_source_wins(config: Path, key: str) -> None:
    in_file, variable, flag, default = SETTINGS[key]
    for has_file, has_variable, has_flag in product((False, True), repeat=3):
        config.write_text(f"{key} = {in_file!r}\n" if has_file else "")
        environ = {f"CART_{key.upper()}": variable} if has_variable else {}
        flags = {key: flag if has_flag else None}
        value = getattr(load(flags, home() | environ, str(config)), key)
        if has_flag or has_variable or has_file:
            given = flag if has_flag else variable if has_variable else in_file
            assert value == type(value)(given)
        elif key != "store":
            assert value == default


def test_without_any_source_there_are_defaults() -> None:
    settings = load()
    assert settings == Settings(settings.store)
    assert settings.store.startswith(f"{Path.home()}/")
    assert settings.store.endswith("cart/store") or "Application Support" in settings.store


def test_the_file_in_the_app_dir_is_read() -> None:
    app_dir = Path(_app_dir(os.environ))
    app_dir.mkdir(parents=True)
    (app_dir / "config.toml").write_text('currency = "EUR"\nlock_wait = 2\n')
    settings = load()
    assert (settings.currency, settings.lock_wait) == ("EUR", 2.0)


@pytest.mark.parametrize("link", ["config.toml", "."])
def test_a_file_in_the_app_dir_that_leads_nowhere_is_an_error(link: str) -> None:
    """It may have named another store: what is not mounted, say, is not read as empty."""
    app_dir = Path(_app_dir(os.environ))
    place = app_dir if link == "." else app_dir / link
    place.parent.mkdir(parents=True)
    place.symlink_to("not/mounted")
    with pytest.raises(FixInput, match=r"config\.toml cannot be read"):
        load()
    place.unlink()
    load()


def test_a_file_in_the_app_dir_that_nobody_may_look_at_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = os.stat

    def stat(path: object, *args: object, **more: object) -> os.stat_result:
        if str(path).endswith("config.toml"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path, *args, **more)  # type: ignore[arg-type]

    app_dir = Path(_app_dir(os.environ))
    app_dir.mkdir(parents=True)
    monkeypatch.setattr(os, "stat", stat)
    with pytest.raises(FixInput, match=r"config\.toml cannot be read"):
        load()


def test_the_environment_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CART_CURRENCY", "CHF")
    assert load().currency == "CHF"
    assert load({"currency": "SEK"}).currency == "SEK"


def test_another_environment_tells_alone_where_things_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a program can open a shop of which nothing is this user's."""
    app_dir = Path(_app_dir(os.environ))
    app_dir.mkdir(parents=True)
    (app_dir / "config.toml").write_text('currency = "EUR"\n')
    monkeypatch.setenv("CART_LOCK_WAIT", "3")
    assert (load().currency, load().lock_wait) == ("EUR", 3)
    assert load({"store": "s"}, {}) == Settings(str(Path("s").absolute()))
    with pytest.raises(FixInput, match="no home folder"):
        load(environ={})
    home = {"HOME": str(tmp_path)}
    assert load(environ=home).store.startswith(f"{tmp_path}/")
    assert load(environ=home | {"CART_STORE": "~/s"}).store == str(tmp_path / "s")


def test_an_empty_variable_counts_as_none(config: Path) -> None:
    assert load({}, home() | {"CART_CURRENCY": "", "CART_STORE": ""}, str(config)).currency is None


def test_paths_are_absolute(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load({"store": Path("here"), "catalog": "~/c.csv"}, home(), str(config))
    assert settings.store == str(tmp_path / "here")
    assert settings.catalog == str(Path.home() / "c.csv")


@pytest.mark.parametrize("variable", ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"])
@pytest.mark.parametrize("value", ["", ".", "here/config", "~"])
def test_a_variable_that_is_empty_or_relative_counts_as_not_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str
) -> None:
    """Else every folder that one stands in would be another shop."""
    monkeypatch.delenv(variable, raising=False)
    without = load().store
    monkeypatch.setenv(variable, value)
    for folder in (tmp_path, tmp_path.parent):
        monkeypatch.chdir(folder)
        assert load().store == without
    assert os.path.isabs(without)


@linux
def test_the_folders_that_are_set_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "not there yet"))
    assert load().store == str(tmp_path / "not there yet" / "cart" / "store")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    (tmp_path / "settings" / "cart").mkdir(parents=True)
    (tmp_path / "settings" / "cart" / "config.toml").write_text("lock_wait = 3\n")
    assert load().lock_wait == 3


@linux
def test_a_store_beside_the_settings_is_used_as_long_as_it_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where older versions kept it; a link that leads nowhere is perhaps not mounted."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    old, new = tmp_path / "settings/cart/store", Path.home() / ".local/share/cart/store"
    assert load().store == str(new)
    old.mkdir(parents=True)
    assert load().store == str(old)
    old.rmdir()
    old.symlink_to("not/mounted")
    assert load().store == str(old)
    old.unlink()
    assert load().store == str(new)


@pytest.mark.parametrize("home", ["/nowhere", "/dev/null"])
def test_without_a_home_a_store_has_to_be_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: str
) -> None:
    monkeypatch.setenv("HOME", home)
    with pytest.raises(FixInput, match="no home folder"):
        load()
    with pytest.raises(FixInput, match=r"CART_STORE: '~/s' leads nowhere"):
        load(environ={"CART_STORE": "~/s", "HOME": home})
    assert load(environ={"CART_STORE": str(tmp_path)}).store == str(tmp_path)


@pytest.mark.parametrize("value", ["~nobody-of-this-name/s", "~nobody-of-this-name"])
def test_a_home_that_nobody_has_leads_nowhere(config: Path, value: str) -> None:
    with pytest.raises(FixInput, match="leads nowhere"):
        load({"store": value}, home(), str(config))


@pytest.mark.parametrize("key", ["store", "catalog"])
@pytest.mark.parametrize("value", ["here", "./here", "../here", " "])
def test_only_what_is_typed_may_begin_where_one_stands(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FixInput, match=f"^CART_{key.upper()}: "):
        load({}, home() | {f"CART_{key.upper()}": value}, str(config))
    config.write_text(f"{key} = '{value}'\n")
    with pytest.raises(FixInput, match=f"^{key} in "):
        load({}, home(), str(config))
    if value.strip():
        typed = getattr(load({key: value}, home(), str(config)), key)
        assert typed == os.path.abspath(tmp_path / value)


BAD = [
    ("currency", "dollars"),
    ("output", "xml"),
    ("session_hours", "a day"),
    ("session_hours", "-1"),
    ("session_hours", "nan"),
    ("lock_wait", "inf"),
    ("lock_wait", "1000001"),
    ("payment_delay", "1s"),
    ("store", "a\0b"),
    ("catalog", "\0"),
]


@pytest.mark.parametrize(("key", "value"), BAD)
def test_a_bad_value_is_refused_with_its_source(config: Path, key: str, value: str) -> None:
    with pytest.raises(FixInput, match=f"^{key}: "):
        load({key: value}, home(), str(config))
    with pytest.raises(FixInput, match=f"^--{key}: "):
        load({key: value}, home(), str(config), named="--{}")
    with pytest.raises(FixInput, match=f"^CART_{key.upper()}: "):
        load({}, home() | {f"CART_{key.upper()}": value}, str(config))
    config.write_text(f'{key} = "{value}"\n'.replace("\0", "\\u0000"))
    with pytest.raises(FixInput) as error:
        load({}, home(), str(config))
    assert error.value.message.startswith(f"{key} in {config}: ")


@pytest.mark.parametrize(
    "line", ["session_hours = true", "lock_wait = [1]", "store = 5", 'catalog = ""']
)
def test_a_value_of_another_type_is_refused(config: Path, line: str) -> None:
    config.write_text(line)
    with pytest.raises(FixInput, match=r"config\.toml"):
        load({}, home(), str(config))


def test_a_bad_value_is_refused_only_where_it_counts(config: Path) -> None:
    config.write_text('currency = "dollars"\n')
    assert load({"currency": "USD"}, home(), str(config)).currency == "USD"


@pytest.mark.parametrize("content", [b"currency", b"= 1", b"\xff", b"currency = 'EUR"])
def test_a_file_that_is_not_toml_is_refused(config: Path, content: bytes) -> None:
    config.write_bytes(content)
    with pytest.raises(FixInput, match=r"config\.toml cannot be read"):
        load({}, home(), str(config))


def test_an_unknown_setting_is_refused_with_the_known_ones(config: Path) -> None:
    config.write_text('curency = "EUR"\n')
    with pytest.raises(FixInput, match="unknown setting 'curency'") as error:
        load({}, home(), str(config))
    assert all(key in error.value.hint for key in KEYS)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(FixInput, match="cannot be read"):
        load({}, home(), str(tmp_path / "none.toml"))


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FixInput, match="cannot be read"):
        load({}, home(), str(tmp_path))
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("kind", ["a link to /dev/null", "a fifo"])
def test_a_file_with_nothing_in_it_sets_nothing_and_hangs_nobody(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "config.toml"
    if kind == "a fifo":
        os.mkfifo(path)
    else:
        path.symlink_to(os.devnull)
    assert load({"store": "s"}, home(), str(path)) == load({"store": "s"}, home())


def test_only_a_store_may_be_named_by_a_url(config: Path, tmp_path: Path) -> None:
    settings = load({"store": "https://shop.example", "catalog": "file:a.csv"}, home(), str(config))
    assert settings.store == "https://shop.example"
    assert settings.catalog == os.path.abspath("file:a.csv")


@pytest.mark.parametrize(
    ("key", "word", "meant"), [("currency", "eur", "EUR"), ("output", "TSV", "tsv")]
)
def test_words_are_taken_in_any_case(config: Path, key: str, word: str, meant: str) -> None:
    for settings in (load({key: word}, home()), load({}, home() | {f"CART_{key.upper()}": word})):
        assert getattr(settings, key) == meant
    config.write_text(f'{key} = "{word}"\n')
    assert getattr(load({}, home(), str(config)), key) == meant

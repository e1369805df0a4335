"""Settings: a flag wins over the environment, that over config.toml, that over the default."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import Ran, run_cart, write_catalog


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home."""
    home = tmp_path / "home"
    home.mkdir()
    return home


def configure(home: Path, text: str) -> None:
    """Write the configuration file of whoever has this home; on Linux and on macOS."""
    for folder in (".config", "Library/Application Support"):
        file = home / folder / "cart" / "config.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def cart(home: Path, *args: str, **env: str) -> Ran:
    return run_cart(*args, env={"HOME": str(home)} | env)


def logged_in_at(home: Path, *args: str, **env: str) -> None:
    ran = cart(home, *args, "login", "alice", "--register", CART_PASSWORD="a secret", **env)
    assert ran.returncode == 0, ran.stderr


def stores(below: Path) -> set[str]:
    """The folders that hold a saved login."""
    return {file.parent.name for file in below.rglob("session.json")}


def test_where_the_store_is(home: Path, tmp_path: Path) -> None:
    places = {name: str(tmp_path / name) for name in ("file", "environment", "flag")}
    logged_in_at(home)
    assert stores(tmp_path) == {"store"}
    assert "cart" in str(next(home.rglob("session.json")))
    configure(home, f'store = "{places["file"]}"\n')
    logged_in_at(home)
    assert stores(tmp_path) == {"store", "file"}
    logged_in_at(home, CART_STORE=places["environment"])
    assert stores(tmp_path) == {"store", "file", "environment"}
    logged_in_at(home, "--store", places["flag"], CART_STORE=places["environment"])
    assert stores(tmp_path) == {"store", "file", "environment", "flag"}


def test_which_currency(home: Path) -> None:
    def currency(*args: str, **env: str) -> str:
        ran = cart(home, *args, "catalog", "--limit", "1", "-o", "json", **env)
        return str(ran.json[0]["currency"])

    assert currency() == "USD"
    configure(home, 'currency = "EUR"\n')
    assert currency() == "EUR"
    assert currency(CART_CURRENCY="CHF") == "CHF"
    assert currency("--currency", "JPY", CART_CURRENCY="CHF") == "JPY"
    assert currency(CART_CURRENCY="") == "EUR"


def test_which_catalogue(home: Path, tmp_path: Path) -> None:
    def first(*args: str, **env: str) -> str:
        ran = cart(home, *args, "catalog", "--limit", "1", "-o", "json", **env)
        return str(ran.json[0]["sku"])

    def catalog(name: str) -> str:
        return str(write_catalog(tmp_path / name, [(name, name, "1", "")]))

    assert first() == "MUG-350-WHT"
    store = tmp_path / "shop"
    store.mkdir(mode=0o700)
    catalog("shop/catalog.csv")
    assert first("--store", str(store)) == "shop/catalog.csv"
    configure(home, f'catalog = "{catalog("file")}"\n')
    assert first("--store", str(store)) == "file"
    assert first(CART_CATALOG=catalog("environment")) == "environment"
    assert first("--catalog", catalog("flag"), CART_CATALOG=catalog("environment")) == "flag"


def test_which_output(home: Path) -> None:
    def output(*args: str, **env: str) -> str:
        return cart(home, "catalog", "--limit", "1", *args, **env).stdout[:3]

    assert output() == "SKU"
    configure(home, 'output = "csv"\n')
    assert output() == "sku"
    assert output(CART_OUTPUT="json") == "[\n "
    assert output("-o", "table", CART_OUTPUT="json") == "SKU"


def test_errors_follow_the_output_of_the_file(home: Path) -> None:
    configure(home, 'output = "json"\n')
    ran = cart(home, "carts")
    assert ran.returncode == 4
    assert ran.stderr.startswith('{"error": "not_logged_in"')


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('stroe = "x"\n', "unknown setting 'stroe'"),
        ("store = \n", "cannot be read"),
        ('store = ""\n', "store in"),
        ("store = 3\n", "store in"),
        ('currency = "dollar"\n', "currency in"),
        ('output = "xml"\n', "output in"),
        ("lock_wait = -1\n", "lock_wait in"),
        ("lock_wait = nan\n", "lock_wait in"),
        ("session_hours = true\n", "session_hours in"),
        ('payment_delay = "soon"\n', "payment_delay in"),
        ("\udcff\n", "cannot be read"),
    ],
)
def test_a_wrong_configuration_file(home: Path, text: str, told: str) -> None:
    configure(home, "")
    for file in home.rglob("config.toml"):
        file.write_bytes(text.encode(errors="surrogateescape"))
    ran = cart(home, "catalog", COLUMNS="999")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert told in ran.stderr
    assert "config.toml" in ran.stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CART_CURRENCY", "dollar"),
        ("CART_OUTPUT", "xml"),
        ("CART_LOCK_WAIT", "forever"),
        ("CART_SESSION_HOURS", "-1"),
        ("CART_PAYMENT_DELAY", "inf"),
        ("CART_CATALOG", "/nowhere/at/all"),
    ],
)
def test_a_wrong_variable(home: Path, variable: str, value: str) -> None:
    ran = cart(home, "catalog", **{variable: value})
    assert (ran.returncode, ran.stdout) == (2, "")
    assert variable in ran.stderr or value in ran.stderr


def test_paths_of_the_shell(home: Path) -> None:
    logged_in_at(home, "--store", "~/mine")
    assert stores(home) == {"mine"}


@pytest.mark.parametrize("how", ["flag", "variable", "file"])
def test_a_url_is_refused_as_a_store_and_makes_no_folder(
    home: Path, tmp_path: Path, how: str
) -> None:
    url = "https://shop.example"
    if how == "file":
        configure(home, f'store = "{url}"\n')
    before = sorted(tmp_path.rglob("*"))
    for args in (["catalog"], ["carts"], ["login", "alice", "--register"], ["audit"], ["demo"]):
        flags = ["--store", url] if how == "flag" else []
        variables = {"CART_STORE": url} if how == "variable" else {}
        env = {"HOME": str(home), "CART_PASSWORD": "a secret", "COLUMNS": "200"} | variables
        ran = run_cart(*flags, *args, env=env, cwd=tmp_path)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr == (
            "Error: the store is a https URL, and nothing is installed for such:"
            " a store is a folder\n"
            "Nothing was changed. Name a folder.\n"
        )
    assert sorted(tmp_path.rglob("*")) == before

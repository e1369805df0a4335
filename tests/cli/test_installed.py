"""Services of another package that is installed, by their entry points."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from tests.helpers import CARD, PASSWORD, PLATES, Ran, cart_env, run_cart, write_catalog

ROOT: Final = Path(__file__).parents[2]
METADATA: Final = "Metadata-Version: 2.1\nName: till\nVersion: 1\n"
ENTRY_POINTS: Final = """\
[cartcli.payment]
on-account = tests.own_services:on_account
broken = tests.own_services:nothing_of_this_name
elsewhere = no_module_of_this_name:made
nothing = tests.own_services:staff

[cartcli.idp]
staff = tests.own_services:staff

[cartcli.store]
behind = tests.own_services:behind
"""


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """Variables with which the package is found."""
    info = tmp_path / "site" / "till-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(METADATA)
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    return {"PYTHONPATH": f"{info.parent}:{ROOT}", "BILL": str(tmp_path / "bill.db")}


@pytest.fixture
def run(store: Path, installed: dict[str, str]) -> Any:
    """Runs `cart` where the package is installed."""
    store.mkdir(0o700)
    write_catalog(store / "catalog.csv")

    def run(*args: str, typed: str = "", **variables: str) -> Ran:
        env = cart_env({"HOME": str(store.parent)}) | installed | variables
        store_is = None if "CART_STORE" in variables else store
        return run_cart(*args, store=store_is, input=typed, env=env, cold=True)

    return run


def test_a_payment_processor_that_is_installed(run: Any, store: Path) -> None:
    own = {"CART_PAYMENT": "on-account"}
    assert run("login", "alice", "--password-stdin", "--register", typed=PASSWORD).returncode == 0
    cart = run("add", "new", PLATES, "-o", "json").json["id"]
    ran = run("checkout", cart, "--token", "-", "-o", "json", typed="customer 17", **own)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (ran.json["brand"], ran.json["amount"]) == ("bill", "39.47")
    again = run("checkout", cart, "-o", "json", **own)
    assert again.json == ran.json
    audit = run("audit", "-o", "json", **own).json
    assert (audit["payments"], audit["disagreements"]) == (1, [])


@pytest.mark.parametrize(
    ("name", "status", "told"),
    [
        ("unheard-of", 2, "Installed are: broken, elsewhere, embedded, nothing, on-account."),
        ("broken", 1, "the payment processor 'broken' cannot be loaded"),
        ("elsewhere", 1, "cannot be loaded: No module named 'no_module_of_this_name'"),
        ("nothing", 2, "what is given for payment is no PaymentProcessor: a Staff has no accepts"),
    ],
)
def test_one_that_is_not(run: Any, name: str, status: int, told: str) -> None:
    assert run("login", "alice", "--password-stdin", "--register", typed=PASSWORD).returncode == 0
    cart = run("add", "new", PLATES, "-o", "json").json["id"]
    ran = run("checkout", cart, "--card", "-", typed=CARD, CART_PAYMENT=name)
    assert (ran.returncode, ran.stdout) == (status, "")
    assert told in ran.stderr
    assert "Nothing was changed." in ran.stderr
    assert run("carts", cart, "-o", "json").json[0]["state"] == "open"


def test_an_identity_provider_that_is_installed(run: Any) -> None:
    own = {"CART_IDP": "staff"}
    refused = run("login", "alice", "--password-stdin", typed=PASSWORD, **own)
    assert (refused.returncode, refused.stdout) == (4, "")
    assert run("login", "alice", "--password-stdin", typed="open sesame", **own).returncode == 0
    assert run("whoami", "-o", "json", **own).json["user"] == "alice"
    assert run("add", "new", PLATES, **own).returncode == 0


def test_a_store_that_is_installed(run: Any, store: Path, tmp_path: Path) -> None:
    """Whose login is kept apart, for it has no folder."""
    url = {"CART_STORE": f"behind://{store}?password=secret", "XDG_DATA_HOME": str(tmp_path)}
    logged_in = run("login", "alice", "--password-stdin", "--register", typed=PASSWORD, **url)
    assert logged_in.returncode == 0, logged_in.stderr
    assert [*(tmp_path / "cart" / "logins").glob("*.json")]
    assert not (store / "session.json").exists()
    cart = run("add", "new", PLATES, "-o", "json", **url).json["id"]
    bought = run("checkout", cart, "--card", "-", "-o", "json", typed=CARD, **url)
    assert (bought.returncode, bought.json["amount"]) == (0, "39.47")
    assert run("audit", **url).returncode == 0
    item = run("item", "set", PLATES, "--price", "40", **url)
    assert (item.returncode, "Warning" in item.stderr) == (0, False), item
    assert "secret" not in logged_in.stderr + item.stderr
    other = run("carts", CART_STORE="elsewhere://shop", XDG_DATA_HOME=str(tmp_path))
    assert (other.returncode, other.stdout) == (2, "")
    assert "nothing is installed for such" in other.stderr

"""cart forget: a customer's data goes, and the books stay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import NewCart, Run, carts_in, pay
from tests.cli.terminal import Terminal
from tests.helpers import (
    ALICE,
    CARD,
    LOST_ANSWER_CARD,
    PASSWORD,
    PLATES,
    TEA,
    WAITING_CARD,
    run_cart,
    shop_in,
)

NEW = "another password"


def customers(store: Path) -> list[str]:
    return [row["user"] for row in run_cart("report", "customers", "-o", "json", store=store).json]


@pytest.fixture
def bought(cart: Run, new_cart: NewCart) -> str:
    """A cart that alice has bought; another one of hers is open."""
    cart_id = new_cart({PLATES: 2})
    assert pay(cart, cart_id, CARD).returncode == 0
    new_cart({TEA: 1})
    return cart_id


@pytest.mark.parametrize("name", ["alice", " Alice "])
def test_what_was_bought_is_kept_and_nothing_else(
    cart: Run, bought: str, shared: Path, name: str
) -> None:
    sold = cart("report", "-o", "json").json
    ran = cart("forget", name, "--yes", "-o", "json")
    assert (ran.returncode, ran.json) == (
        0,
        {"owner": ran.json["owner"], "purchased": 1, "carts": 1, "sessions": 1},
    )
    assert "is forgotten: 1 open cart and 1 session removed, 1 purchased cart kept" in ran.stderr
    assert customers(shared) == [ran.json["owner"]]
    assert cart("report", "-o", "json").json == sold
    assert cart("audit").returncode == 0
    whoami = cart("whoami")
    assert (whoami.returncode, "nobody is logged in" in whoami.stderr) == (4, True)
    kept = json.loads(json.dumps(cart("carts", "--all", "-o", "json").stderr))
    assert bought not in kept


def test_who_registers_by_the_name_is_somebody_new(cart: Run, bought: str, shared: Path) -> None:
    assert cart("forget", "alice", "--yes").returncode == 0
    old = run_cart("login", "alice", "--password-stdin", store=shared, input=PASSWORD)
    assert old.returncode == 4
    new = ("login", "alice", "--register", "--password-stdin")
    assert run_cart(*new, store=shared, input=NEW).returncode == 0
    assert cart("carts", "--all", "-o", "json").json == []
    assert cart("carts", bought).returncode == 3
    assert len(cart("sessions", "-o", "json").json) == 1


def test_somebody_elses_login_stays(cart: Run, shared: Path) -> None:
    ran = cart("forget", "bob", "--yes", "-o", "tsv")
    assert ran.stdout.splitlines() == ["owner\tpurchased\tcarts\tsessions", "\t0\t0\t1"]
    assert cart("whoami", "-o", "json").json["user"] == "alice"
    assert not list(shared.glob("users/bob*"))


def test_what_waits_is_settled_first(cart: Run, new_cart: NewCart, shared: Path) -> None:
    cart_id = new_cart({PLATES: 1})
    assert pay(cart, cart_id, LOST_ANSWER_CARD).returncode == 8
    assert cart("forget", "alice", "--yes", "-o", "json").json["purchased"] == 1
    audited = cart("audit", "-o", "json")
    assert (audited.returncode, audited.json["pending"]) == (0, [])


def test_what_is_being_paid_keeps_a_customer(cart: Run, new_cart: NewCart, shared: Path) -> None:
    cart_id = new_cart({TEA: 1})
    assert pay(cart, cart_id, WAITING_CARD).returncode == 8
    with shop_in(shared)._services.cart_db.paying("alice", cart_id):
        ran = cart("forget", "alice", "--yes", env={"CART_LOCK_WAIT": "0.1"})
    assert (ran.returncode, ran.stdout) == (7, "")
    assert "alice is paying right now" in ran.stderr
    assert "Nothing was removed." in ran.stderr
    assert cart("whoami").returncode == 0
    assert [one.state for one in carts_in(shared)] == ["pending"]


def test_what_cannot_be_settled_keeps_a_customer(
    cart: Run, new_cart: NewCart, shared: Path
) -> None:
    cart_id = new_cart({TEA: 1})
    assert pay(cart, cart_id, LOST_ANSWER_CARD).returncode == 8
    (answers,) = shared.glob("payments/*/*.json")
    whole = answers.read_bytes()
    answers.write_bytes(whole[:-9])
    ran = cart("forget", "alice", "--yes")
    assert (ran.returncode, ran.stdout) == (8, "")
    assert f"cart settle {cart_id[:8]}" in ran.stderr
    assert cart("whoami").returncode == 0
    answers.write_bytes(whole)
    assert cart("forget", "alice", "--yes").returncode == 0


def test_what_is_damaged_keeps_a_customer(cart: Run, bought: str, shared: Path) -> None:
    path = shared / "carts/alice/purchased" / f"{bought}.pickle"
    path.write_bytes(path.read_bytes()[:-1])
    ran = cart("forget", "alice", "--yes")
    assert (ran.returncode, path.name in ran.stderr.replace("\n", "")) == (9, True)
    assert cart("whoami").returncode == 0
    assert len(shop_in(shared).get_carts(ALICE)) == 1


@pytest.mark.parametrize("name", ["carol", "guest:0", "", "forgotten-" + 32 * "0", "../users"])
def test_who_is_not_there_is_not_forgotten(cart: Run, bought: str, shared: Path, name: str) -> None:
    before = {path: path.read_bytes() for path in shared.rglob("*") if path.is_file()}
    ran = cart("forget", "--yes", "--", name)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "there is no user" in ran.stderr
    assert "cart report customers" in ran.stderr
    assert {path: path.read_bytes() for path in shared.rglob("*") if path.is_file()} == before


def test_who_is_forgotten_is_not_there(cart: Run, bought: str, shared: Path) -> None:
    owner = cart("forget", "alice", "--yes", "-o", "json").json["owner"]
    for name in ("alice", owner):
        assert cart("forget", name, "--yes").returncode == 3
    assert customers(shared) == [owner]


def test_a_guest_is_forgotten_as_reports_show_them(shared: Path) -> None:
    shop = shop_in(shared)
    guest = shop.guest().identity
    shop.checkout_cart(guest, shop.update_cart(guest, None, {PLATES: 1}).id, CARD)
    assert customers(shared) == [guest.owner]
    ran = run_cart("forget", guest.owner, "--yes", "-o", "json", store=shared)
    assert ran.json == {**ran.json, "purchased": 1, "carts": 0, "sessions": 1}
    assert customers(shared) == [ran.json["owner"]]


def test_without_a_terminal_it_must_be_said(cart: Run, bought: str) -> None:
    ran = cart("forget", "alice", input="y\n")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Nothing was removed. Say so with --yes." in ran.stderr
    assert cart("whoami").returncode == 0


def test_a_terminal_is_asked(cart: Run, shared: Path) -> None:
    for key, status in (("n", 130), ("y", 0)):
        with Terminal("forget", "alice", store=shared) as terminal:
            terminal.answer("Forget alice for good? [y/N]: ", key)
            terminal.end()
            assert terminal.process.returncode == status, terminal.shown
        assert cart("whoami").returncode == (4 if key == "y" else 0)


def test_what_is_asked_drives_no_terminal(shared: Path) -> None:
    with Terminal("forget", "al\x1b[31mice", store=shared) as terminal:
        terminal.wait_for("[y/N]: ")
        terminal.press("n\r")
        terminal.end()
        assert "\x1b[31m" not in terminal.shown

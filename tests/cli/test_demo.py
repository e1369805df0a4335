"""cart demo."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from cartcli import Identity
from cartcli.files import sealed
from tests.cli.conftest import Run
from tests.helpers import run_cart, shop_in


def told(text: str) -> str:
    """What a run tells, without the ids that are new in every run."""
    return re.sub(r"pay_[0-9a-f]+|\b[0-9a-f]{8}\b", "…", text)


def test_all_nine_steps_in_order(store: Path) -> None:
    ran = run_cart("demo", "--purchase", store=store)
    assert ran.returncode == 0, ran.stderr
    steps = [int(line[0]) for line in ran.stdout.splitlines() if re.match(r"[1-9]\. ", line)]
    assert steps == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert "purchased" in ran.stdout
    assert not (store / "session.json").exists()
    assert run_cart("audit", store=store).stderr == "1 cart and 1 payment compared: all agree.\n"


def test_the_steps_are_in_order_whatever_happens(store: Path) -> None:
    for seed in range(12):
        ran = run_cart("demo", "--seed", str(seed), store=store)
        assert ran.returncode == 0, ran.stderr
        steps = [int(line[0]) for line in ran.stdout.splitlines() if re.match(r"[1-9]\. ", line)]
        assert steps in ([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 5, 6, 7, 8])
        assert " 0 of " not in ran.stdout


def test_a_reset_deletes_the_open_carts_and_nothing_else(store: Path) -> None:
    assert run_cart("demo", "--purchase", store=store).returncode == 0
    demo, shop = Identity("demo"), shop_in(store)
    for _ in range(2):
        shop.update_cart(demo, None, {"MUG-350-WHT": 1})
    other = shop.update_cart(Identity("alice"), None, {"MUG-350-WHT": 1})
    ran = run_cart("demo", "--reset", store=store)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert ran.stderr == "2 open carts of demo deleted.\n"
    assert [cart.state for cart in shop.get_carts(demo, which="all")] == ["purchased"]
    assert [cart.id for cart in shop.get_carts(Identity("alice"))] == [other.id]
    assert run_cart("demo", "--reset", store=store).stderr == "0 open carts of demo deleted.\n"


def test_a_seed_repeats_and_runs_differ(store: Path, tmp_path: Path) -> None:
    def demo(folder: str, *args: str) -> str:
        ran = run_cart("demo", *args, store=tmp_path / folder)
        assert ran.returncode == 0, ran.stderr
        return told(ran.stdout)

    first, same = demo("a", "--seed", "7"), demo("b", "--seed", "7")
    assert first == same
    assert len({first, demo("c", "--seed", "8"), demo("d")}) == 3


def test_carts_left_by_earlier_runs_are_bought(store: Path) -> None:
    bought = left = 0
    for seed in range(4):
        ran = run_cart("demo", "--seed", str(seed), "-o", "json", store=store)
        assert ran.returncode == 0, ran.stderr
        found = re.search(r"finds (\d+) unpurchased cart", ran.stderr)
        assert found
        assert int(found[1]) == left
        left = int("is left for another day" in ran.stderr)
        bought = seed + 1 - left
        assert [cart["state"] for cart in ran.json] == ["purchased"] * bought
    assert bought >= 3


@pytest.mark.parametrize("output", ["csv", "tsv", "json"])
def test_the_result_alone_is_on_standard_output(store: Path, output: str) -> None:
    ran = run_cart("demo", "--purchase", "-o", output, store=store)
    assert ran.returncode == 0
    assert "9. Each cart is marked" in ran.stderr
    assert "The client" not in ran.stdout
    assert "purchased" in ran.stdout


def test_the_demo_leaves_others_alone(cart: Run, shared: Path) -> None:
    assert cart("demo", "--purchase").returncode == 0
    assert cart("whoami", "-o", "json").json["user"] == "alice"
    assert cart("carts", "--all", "-o", "json").json == []


def test_another_user_needs_the_password(cart: Run) -> None:
    ran = cart("demo", "--user", "bob")
    assert ran.returncode == 4
    assert "CART_PASSWORD" in ran.stderr
    assert cart("demo", "--user", "carol", env={"CART_PASSWORD": "a secret"}).returncode == 0
    assert cart("demo", "--user", "carol", env={"CART_PASSWORD": "a secret"}).returncode == 0


@pytest.mark.parametrize("args", [("--seed", "x"), ("--user", ""), ("--user", "a\x07"), ("more",)])
def test_wrong_options(store: Path, args: tuple[str, ...]) -> None:
    ran = run_cart("demo", *args, store=store)
    assert ran.returncode == 2
    assert not list(store.glob("users/*"))


def test_the_demo_user_of_an_older_version_is_let_in(store: Path) -> None:
    assert run_cart("demo", store=store).returncode == 0
    record = store / "users" / "demo.json"
    short = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4).hash("demo")
    record.write_bytes(sealed.seal(sealed.read(str(record)) | {"hash": short}))
    assert run_cart("demo", store=store).returncode == 0

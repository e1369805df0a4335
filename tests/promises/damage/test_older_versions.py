"""What an older version has left, or seems to have: nobody believes it, nobody changes it, and the
upgrade is named that converts it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from cartcli.errors import RepairStore
from cartcli.files import layout
from tests.helpers import ALICE, BOB, CARD, DRONE, RICE, add, run_cart, shop_in
from tests.promises.damage.readers import READERS
from tests.promises.damage.sample import FILES, Sample, attempt_of, rewrite, tree
from tests.promises.damage.test_special_files import TRAPS

pytestmark = pytest.mark.usefixtures("impatience")


def _pay(sample: Sample) -> None:
    with sample.carts.paying("carol", sample.opened.id):
        pass


def _cancel(sample: Sample) -> None:
    """Ask for a cart whose answers are in a folder that is not there yet."""
    taken = {path.name for path in (sample.store / "payments").iterdir()}
    free = next(f"{n:02x}" for n in range(256) if f"{n:02x}" not in taken)
    attempt = sample.attempt("d" * 32)
    sample.processor.cancel(attempt._replace(cart=free + attempt.cart[2:]))


# What a shop still does that was opened in time, for owners and carts that are new to the store.
LATE: Final[dict[str, Callable[[Sample], object]]] = {
    "a cart": lambda sample: sample.carts.create("carol", [add()], currency="USD"),
    "a payment": _pay,
    "an answer": _cancel,
}

COMMANDS: Final = (("carts",), ("add", "new", DRONE), ("audit",), ("whoami",), ("catalog",))
WIDE: Final = {"COLUMNS": "1000"}


def _folder(orders: Path) -> None:
    orders.unlink()
    orders.mkdir()
    (orders / "8e").mkdir()


@pytest.mark.parametrize("change", [_folder, Path.unlink], ids=["a folder", "nothing"])
def test_a_store_without_its_mark_is_an_older_versions(
    sample: Sample, change: Callable[[Path], None]
) -> None:
    change(sample.store / "orders")
    before = tree(sample.store)
    with pytest.raises(RepairStore, match="older version"):
        shop_in(sample.store)
    for command in COMMANDS:
        ran = run_cart(*command, store=sample.store, env=WIDE)
        assert (ran.returncode, ran.stdout) == (1, "")
        assert f"{sample.store} was written by an older version of cartcli" in ran.stderr
        assert "cart store upgrade" in ran.stderr
    assert tree(sample.store) == before


@pytest.mark.parametrize("trap", [trap for trap in TRAPS if trap != "a folder"])
def test_a_mark_that_is_no_file_tells_nothing(sample: Sample, trap: str) -> None:
    orders = sample.store / "orders"
    orders.unlink()
    TRAPS[trap](orders)
    before = tree(sample.store)
    with pytest.raises(RepairStore, match="orders is not a regular file"):
        shop_in(sample.store)
    for command in (*COMMANDS, ("store", "upgrade")):
        ran = run_cart(*command, store=sample.store, env=WIDE)
        assert (ran.returncode, ran.stdout) == (1, "")
        assert f"{orders} is not a regular file" in ran.stderr
        assert "Traceback" not in ran.stderr
    assert tree(sample.store) == before


@pytest.mark.parametrize("late", LATE)
@pytest.mark.parametrize("trap", ["a folder", "a FIFO", "a link to itself"])
def test_nobody_new_is_put_into_such_a_store(sample: Sample, late: str, trap: str) -> None:
    orders = sample.store / "orders"
    orders.unlink()
    TRAPS[trap](orders)
    before = tree(sample.store)
    with pytest.raises(RepairStore):
        LATE[late](sample)
    assert tree(sample.store) == before


@pytest.mark.parametrize("late", LATE)
def test_the_same_is_done_where_the_mark_is(sample: Sample, late: str) -> None:
    """So that what is refused above is refused for the mark."""
    before = tree(sample.store)
    LATE[late](sample)
    assert tree(sample.store).keys() > before.keys()


def test_a_lost_mark_is_put_back_by_an_upgrade(sample: Sample) -> None:
    (sample.store / "orders").unlink()
    ran = run_cart("store", "upgrade", store=sample.store)
    assert ran.returncode == 0
    assert layout.age(str(sample.store)) == "current"
    assert sample.carts.find(ALICE.owner, sample.opened.id) == [sample.opened]
    assert sample.shop.merchant.audit().disagreements == []


@pytest.mark.parametrize(
    "kind", ["open carts", "purchased cart", "free cart", "charged", "waiting", "cancelled"]
)
def test_a_file_of_an_older_format_is_told_as_such(sample: Sample, kind: str) -> None:
    """Somebody has restored it from before the upgrade."""
    path, read = FILES[kind](sample), READERS[kind](sample)
    rewrite(path, lambda record: record.update(format=1))
    before = tree(sample.store)
    for call in (read, sample.shop.merchant.audit):
        with pytest.raises(RepairStore, match=r"older version of cartcli \(format 1\)") as told:
            call()
        assert str(path) in told.value.message
        assert told.value.facts["path"] == str(path)
        assert "upgrade the store" in told.value.hint
    assert sample.carts.find(BOB.owner, sample.of_bob.id) == [sample.of_bob]
    assert tree(sample.store) == before


@pytest.mark.parametrize(
    ("kind", "command"),
    [("open carts", "carts"), ("purchased cart", "carts --all"), ("charged", "audit")],
)
def test_the_command_names_the_upgrade(sample: Sample, kind: str, command: str) -> None:
    path = FILES[kind](sample)
    rewrite(path, lambda record: record.update(format=1))
    ran = run_cart(*command.split(), store=sample.store, env=WIDE)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert f"{path} was written by an older version of cartcli (format 1)" in ran.stderr
    assert ran.stderr.rstrip().endswith("cart store upgrade")


def test_a_payment_whose_answers_are_of_an_older_format_stays_unknown(sample: Sample) -> None:
    rewrite(sample.answers_file(sample.pending), lambda record: record.update(format=1))
    before = tree(sample.store)
    ran = run_cart("checkout", sample.pending.id, "--card", "-", store=sample.store, input=CARD)
    assert (ran.returncode, ran.stdout) == (8, "")
    assert "is not known yet" in " ".join(ran.stderr.split())
    assert attempt_of(sample.pending).key not in ran.stderr
    assert tree(sample.store) == before


def test_carts_that_were_restored_from_before_are_converted(sample: Sample) -> None:
    def as_before(record: dict[str, Any]) -> None:
        record.update(format=1, user=record.pop("owner"))
        for cart in record["carts"]:
            del cart["version"], cart["requests"]

    path = sample.open_file(BOB.owner)
    rewrite(path, as_before)
    before = tree(sample.store)
    with pytest.raises(RepairStore, match="older version"):
        sample.shop.change_cart(BOB, sample.of_bob.id, [])
    assert tree(sample.store) == before
    assert sample.shop.checkout_cart(ALICE, sample.pending.id, None).cart == sample.pending.id
    ran = run_cart("store", "upgrade", store=sample.store)
    assert ran.returncode == 0, ran.stderr
    assert sample.carts.find(BOB.owner, sample.of_bob.id) == [sample.of_bob]
    assert sample.shop.update_cart(BOB, sample.of_bob.id, {RICE: 1}).contents == {RICE: 1}
    assert sample.shop.merchant.audit().disagreements == []

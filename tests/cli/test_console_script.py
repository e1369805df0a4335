"""Every command goes through the installed console script, in an interpreter of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from cartcli.cli import COMMANDS
from tests.cli.conftest import NewCart, states_in
from tests.helpers import ALICE, CARD, PASSWORD, PLATES, TEA, run_cart, shop_in

# A real use of each command, what it reads, and what it then prints on either stream.
USES: Final = {
    "login": ("bob --password-stdin", PASSWORD, "Logged in as bob until 2"),
    "logout": ("", "", "Logged out alice."),
    "whoami": ("-o json", "", '"user": "alice"'),
    "sessions": ("-o csv", "", "id,created,"),
    "passwd": ("alice --password-stdin", f"{PASSWORD}!\n", "alice"),
    "catalog": ("-o csv", "", "玉露 green tea"),
    "carts": ("", "", "39.47 USD"),
    "add": (f"CART {TEA} 2", "", "2 x 12.345 USD = 24.69 USD"),
    "remove": (f"CART {PLATES}", "", "(empty)"),
    "set": (f"CART {TEA} 2", "", "2 x 12.345 USD = 24.69 USD"),
    "empty": ("CART", "", "(empty)"),
    "copy": ("CART", "", "1 x 39.47 USD"),
    "rename": ("CART groceries", "", "(groceries)  open"),
    "delete": ("CART --yes", "", "1 cart deleted."),
    "checkout": ("CART --card -", CARD, "Paid 39.47 USD with visa ending in 4242"),
    "orders": ("", "", "Nothing was bought."),
    "receipt": ("BOUGHT", "", "Paid 39.47 USD with visa ending in 4242"),
    "report": ("open", "", "39.47 USD"),
    "import": ("-", "sku,name,price,description\nMUG,Mug,8.9,\n", "Imported 1 item (own)."),
    "item": (f"set {TEA} --price 13", "", "is changed."),
    "role": ("bob merchant", "", "bob"),
    "settle": ("--all", "", "Nothing waits."),
    "forget": ("bob --yes", "", "bob is forgotten"),
    "prune": ("--yes", "", "0 carts of guests and 0 sessions removed."),
    "audit": ("", "", "0 payments compared: all agree."),
    "backup": ("NEW", "", "is a backup of this shop"),
    "restore": ("BACKUP --replace", "", "is restored"),
    "config": ("", "", "the shop"),
    "store": ("upgrade", "", "There is nothing to upgrade"),
    "demo": ("--purchase", "", "9. Each cart is marked"),
    "fixtures": (
        "-",
        f'{{"carts": [{{"user": "bob", "items": {{"{PLATES}": 2}}}}]}}',
        "New are: 0 items, 0 users, 1 cart.",
    ),
    "schema": ("add", "", '"$ref": "#/$defs/cart"'),
    "completion": ("bash", "", "_CART_COMPLETE=bash_complete"),
    "help": ("checkout", "", "Usage: cart checkout"),
}


def test_every_command_is_used() -> None:
    assert [*USES] == [*COMMANDS]


@pytest.mark.parametrize("command", USES)
def test_a_command_in_a_new_interpreter(
    new_cart: NewCart, shared: Path, tmp_path: Path, command: str
) -> None:
    cart_id = new_cart({PLATES: 1})
    args, given, printed = USES[command]
    helped = run_cart(command, "--help", store=shared, cold=True)
    assert (helped.returncode, helped.stderr) == (0, "")
    assert helped.stdout.startswith(f"Usage: cart {command} ")
    stands_for = {"CART": cart_id, "NEW": str(tmp_path / "new"), "BACKUP": str(tmp_path / "backup")}
    if "BACKUP" in args:
        shop_in(shared).merchant.backup(tmp_path / "backup")
    if "BOUGHT" in args:
        stands_for["BOUGHT"] = cart_id
        shop_in(shared).checkout_cart(ALICE, cart_id, CARD)
    words = [stands_for.get(word, word) for word in args.split()]
    ran = run_cart(command, *words, store=shared, input=given, cold=True)
    assert ran.returncode == 0, ran.stderr
    assert printed in ran.stdout + ran.stderr
    left = {
        "checkout": ["purchased"],
        "receipt": ["purchased"],
        "copy": ["open", "open"],
        "delete": [],
    }
    assert states_in(shared) == left.get(command, ["open"])

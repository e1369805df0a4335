"""Makes large shops fast: the store's files are written with the project's own codec, but none is
flushed. Runs on its own, in the installation that is measured:

    shops.py STORE OWNERS OPEN BOUGHT

Each of OWNERS (owner-0, owner-1 and so on) gets OPEN carts that are open and BOUGHT purchased ones.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any, Final

import cartcli
from cartcli.cart_db.pickle.codec import decode, encode
from cartcli.files import layout

CARD: Final = "4242424242424242"
CONTENTS: Final = {"MUG-350-WHT": 2, "TEA-SEN-100": 1}


def make(store: Path, owners: int, opened: int, bought: int) -> None:
    """Write the carts of all owners, as copies of one real owner's."""
    with tempfile.TemporaryDirectory() as folder:
        open_carts, bought_cart = _model(Path(folder), opened)
    store.mkdir(mode=0o700, parents=True)
    layout.claim(str(store))
    for number in range(owners):
        name = f"owner-{number}"
        purchased = store / "carts" / name / "purchased"
        purchased.mkdir(mode=0o700, parents=True)
        _write(purchased.with_name("open.pickle"), _copy(open_carts, name))
        for _ in range(bought):
            content = _copy(bought_cart, name)
            _write(purchased / f"{content['carts'][0]['id']}.pickle", content)
    for path in (store, store / "carts"):
        path.chmod(0o700)


def _model(folder: Path, opened: int) -> tuple[Any, Any]:
    """The content of the two files that an owner has, one of open carts and one of a bought."""
    owner = cartcli.Identity("model")
    shop = cartcli.open_shop(store=folder)
    bought = shop.update_cart(owner, None, CONTENTS)
    shop.checkout_cart(owner, bought.id, CARD)
    for _ in range(opened):
        shop.update_cart(owner, None, CONTENTS)
    files = folder / "carts" / "model"
    (purchased,) = (files / "purchased").glob("*.pickle")
    return _read(files / "open.pickle"), _read(purchased)


def _read(path: Path) -> Any:
    return decode(str(path), path.read_bytes())


def _copy(content: Any, owner: str) -> dict[str, Any]:
    carts = [
        {**cart, "id": str(uuid.UUID(bytes=os.urandom(16), version=4))} for cart in content["carts"]
    ]
    return {**content, "owner": owner, "carts": carts}


def _write(path: Path, content: Any) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(fd, encode(content))
    os.close(fd)


def main() -> None:
    store = Path(sys.argv[1])
    shutil.rmtree(store, ignore_errors=True)
    make(store, *(int(number) for number in sys.argv[2:]))


if __name__ == "__main__":
    main()

"""Names that version 0.1.0 took, and this one refuses."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final

from cartcli.files import names
from cartcli.model.people import Identity

_NO_NAMES: Final = re.compile(r"(guest:|oidc:|forgotten-)[0-9a-f]{32}")  # owners of other kinds


def refused_names(store: str) -> tuple[str, ...]:
    """The users and the owners of carts in the folder `store` who cannot log in, in order."""
    users = {*_named(os.path.join(store, names.USERS), ".json")}
    owners = {*_named(os.path.join(store, names.CARTS), "")}
    others = {owner for owner in owners if not _NO_NAMES.fullmatch(owner)}
    return tuple(sorted(name for name in users | others if not _is_name(name)))


def _named(folder: str, suffix: str) -> Iterator[str]:
    """The names of which those of the files in the `folder` are made."""
    for file_name in names.listed(folder):
        name = names.named_by(file_name.removesuffix(suffix))
        if f"{names.file_name(name)}{suffix}" == file_name:
            yield name


def _is_name(text: str) -> bool:
    """Whether this is the name of a user who can log in."""
    try:
        return Identity(text).owner == text
    except ValueError:
        return False

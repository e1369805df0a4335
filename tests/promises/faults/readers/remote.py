"""Reads a store in a folder whose payments the simulated processor keeps, in the file beside it."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.promises.faults.judge import Books, Record
from tests.promises.faults.readers.folder import FolderReader

_STATUSES: Final = {"succeeded": "charged", "complete": "charged", "expired": "cancelled"}


class RemoteReader(FolderReader):
    """Reads the processor's memory in place of the store's own payments."""

    def _read_payments(self, books: Books) -> None:
        path = self._store.with_name("processor.json")
        if not path.exists():
            return
        memory: dict[str, Any] = json.loads(path.read_text("utf-8"))
        things = [*memory["intents"].values(), *memory["pages"].values()]
        for thing in things:
            status = _STATUSES.get(thing["status"], thing["status"])
            if status == "cancelled" and thing["reason"]:
                status = "declined"
            if status in ("charged", "cancelled", "declined"):
                self._add(books, thing, status)
        charged = [charge["id"] for charge in memory["charges"]]
        captures = [one for one in books.answers.values() if one["status"] == "charged"]
        if len(charged) != len(captures):
            books.unreadable.append(f"money moved in {charged}, and on record is {captures}")

    def _add(self, books: Books, thing: Record, status: str) -> None:
        """Add an answer; a key may have several, of which one charges at most."""
        key = thing["key"]
        if status == "charged" and books.answers.get(key, {}).get("status") == "charged":
            books.unreadable.append(f"{key} is charged twice")
        if status == "charged" or key not in books.answers:
            books.answers[key] = {
                "key": key,
                "id": thing["charge"] or thing["id"],
                "reference": thing["id"],
                "cart": thing["order"],
                "status": status,
                "amount": thing["amount"],
                "currency": thing["currency"],
                "quote": None,
            }

"""JSON Schemas of what commands print with `-o json`, in outputs.json. Fields are added, never
renamed."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def outputs() -> dict[str, str]:
    """The command, or `error` and `note`, and which definition its output is."""
    described: dict[str, str] = _described()["outputs"]
    return described


def schema_of(output: str) -> dict[str, Any]:
    """The schema of this output, with all that it refers to. KeyError when there is none."""
    described = _described()
    first, known = described["outputs"][output], described["$defs"]
    needed: dict[str, Any] = {}
    waiting = [first]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = known[name]
            waiting += _referred(known[name])
    ordered = {name: needed[name] for name in known if name in needed}
    return {"$schema": _DRAFT, "title": output, "$ref": f"#/$defs/{first}", "$defs": ordered}


def _referred(value: Any) -> list[str]:
    """The definitions that a part of a schema refers to."""
    if isinstance(value, dict):
        here = [value["$ref"].rpartition("/")[2]] if "$ref" in value else []
        return here + [name for part in value.values() for name in _referred(part)]
    return [name for part in value for name in _referred(part)] if isinstance(value, list) else []


def _described() -> dict[str, Any]:
    text = files(__name__).joinpath("outputs.json").read_text("utf-8")
    described: dict[str, Any] = json.loads(text)
    return described

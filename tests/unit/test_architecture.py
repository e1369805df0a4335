"""The arrows of the house:

cli -> bootstrap -> controller, merchant, upgrade, backup -> rules, contracts -> model, errors
cli -> wire -> model, errors        implementations on files -> files
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest

import cartcli
from cartcli.cli import COMMANDS

PACKAGE: Final = Path(cartcli.__file__).parent
SHELL_WORDS: Final = re.compile(
    r"\bcommands?\b|(^|\s)--\w|\bCART_\w|\bpip\b|\bchmod\b"
    rf"|\bcart ({'|'.join(COMMANDS)})\b"
)
SERVICES: Final = ("catalog_db", "cart_db", "idp", "payment")

# Each part of the house with the parts it may import, from the ground up. Services know no other
# service, and nothing knows a front end.
MAY_IMPORT: Final = {
    "errors": "",
    "model": "errors",
    "lazily": "",
    "turns": "",
    "suggestions": "model",
    "texts": "",
    "outputs": "",
    "schemas": "",
    "files": "errors turns",
    "settings": "errors model files texts outputs",
    "rules": "errors model",
    "wire": "errors model",
    "catalog_db": "errors model files texts",
    "cart_db": "errors model files",
    "idp": "errors model files",
    "payment": "errors model files",
    "terms": "errors model files settings catalog_db cart_db",
    "merchant": "errors model texts rules catalog_db cart_db idp payment",
    "upgrade": "errors model files cart_db payment merchant",
    "backup": "errors model files cart_db payment merchant",
    "controller": "errors model lazily turns suggestions rules catalog_db cart_db idp payment"
    " merchant",
    "fixtures": "errors model texts idp payment merchant controller",
    "bootstrap": "errors model lazily files settings terms catalog_db cart_db idp payment merchant"
    " upgrade backup controller",
    "cli": "errors model files texts outputs schemas settings terms wire catalog_db cart_db"
    " payment controller merchant bootstrap fixtures",
    "__init__": "errors model rules settings wire catalog_db cart_db payment controller merchant"
    " bootstrap",
    "__main__": "cli",
    "testing": "__init__ errors model cart_db catalog_db idp payment",
}

# Who may use `files`: implementations on files; what picks them, and settings in a file.
ON_FILES: Final = {
    "backup",
    "bootstrap",
    "settings",
    "terms",
    "cart_db.pickle",
    "catalog_db.csv_before",
    "catalog_db.csv_content",
    "catalog_db.csv_file",
    "catalog_db.csv_index",
    "cli.login_file",
    "idp.hashing",
    "idp.limits",
    "idp.passwords",
    "idp.session_files",
    "payment.local.file_ledger",
    "upgrade",
}

# What a service shows of itself beside its contract: what a cart becomes, by which means one pays,
# how card numbers are masked, how a processor's answers are checked, what an item and the header of
# a catalogue must be, how CSV is read, and when a file is whole. And the merchant's side: who
# stands behind the door, what an import has found, and how reports are drawn. All else is their own
# business.
SHOWN: Final = {
    *("payment.card", "payment.masked", "payment.source", "payment.answers", "idp.rules"),
    *(
        "cart_db.keeper",
        "cart_db.steps",
        "catalog_db.rules",
        "catalog_db.csv_content",
        "catalog_db.csv_rows",
        "catalog_db.snapshot",
    ),
    *("merchant.office", "merchant.importing.formats", "merchant.importing.plan"),
    "merchant.importing.source",
    *("merchant.reports.plots", "merchant.reports.sales"),
}


class Import(NamedTuple):
    """`module` imports `target`, inside the function `where` or, with "", at its top level."""

    module: str
    target: str
    where: str


def name_of(path: Path) -> str:
    """A file's module name within the package: `model`, `cart_db`, `cart_db.records`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of the package, parsed."""
    return {
        name_of(path): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


@cache
def imports() -> list[Import]:
    """Every import of one module of the package by another, those for type checkers, too."""
    known = trees()
    return [
        Import(module, target, where)
        for module, tree in known.items()
        for node, where in statements(tree)
        for target in targets(node, set(known))
    ]


def statements(node: ast.AST, where: str = "") -> Iterator[tuple[ast.AST, str]]:
    """The import statements below `node`, each with the function it stands in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, where
        inside = child.name if isinstance(child, ast.FunctionDef) else where
        yield from statements(child, inside)


def targets(node: ast.AST, known: set[str]) -> Iterator[str]:
    """The modules of the package that an import statement names."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    else:
        assert isinstance(node, ast.ImportFrom)
        assert not node.level, "imports are written out in full"
        submodules = [f"{node.module}.{alias.name}" for alias in node.names]
        names = [
            name if name.removeprefix("cartcli.") in known else str(node.module)
            for name in submodules
        ]
    for name in names:
        if name.partition(".")[0] == "cartcli":
            yield name.partition(".")[2] or "__init__"


def part(module: str) -> str:
    return module.partition(".")[0]


def is_internal(module: str) -> bool:
    """Whether `module` is the own business of a service, or of the merchant's side."""
    return part(module) in {*SERVICES, "merchant"} and "." in module and module not in SHOWN


def test_the_imports_are_seen() -> None:
    """So that the tests below cannot pass by seeing nothing."""
    assert Import("controller", "controller.carts", "") in imports()
    assert Import("controller", "merchant.office", "merchant") in imports()
    assert Import("cart_db", "cart_db.pickle.carts", "open_cart_db") in imports()
    assert Import("cart_db.pickle.owner_folder", "files.durable", "") in imports()
    assert Import("cli", "cli.app", "cart") in imports()


def test_the_arrows_point_down() -> None:
    below: set[str] = set()
    for name, allowed in MAY_IMPORT.items():
        assert set(allowed.split()) <= below, name
        below.add(name)


def test_every_part_is_in_the_plan() -> None:
    assert {part(module) for module in trees()} - set(MAY_IMPORT) == set()


def test_imports_follow_the_arrows() -> None:
    wrong = [
        found
        for found in imports()
        if part(found.target) not in {part(found.module), *MAY_IMPORT[part(found.module)].split()}
        and found.target != "__init__"
    ]
    assert wrong == []


def test_no_arrow_is_allowed_in_vain() -> None:
    used = {(part(found.module), part(found.target)) for found in imports()}
    allowed = {(name, below) for name, parts in MAY_IMPORT.items() for below in parts.split()}
    assert allowed - used == set()
    targets = {found.target for found in imports() if part(found.module) != part(found.target)}
    assert SHOWN - targets == set()


def test_only_implementations_on_files_use_them() -> None:
    users = {found.module for found in imports() if part(found.target) == "files"}
    outside = {
        module
        for module in users
        if part(module) != "files"
        and not any(f"{module}.".startswith(f"{allowed}.") for allowed in ON_FILES)
    }
    assert outside == set()
    in_vain = {
        name for name in ON_FILES if not any(f"{one}.".startswith(f"{name}.") for one in users)
    }
    assert in_vain == set()


def test_only_the_command_imports_the_package_itself() -> None:
    """`__init__` imports from everywhere, when a name is asked for."""
    of_all = {part(found.module) for found in imports() if found.target == "__init__"}
    assert of_all == {"cli", "testing"}


def test_no_service_knows_another() -> None:
    for service in SERVICES:
        assert not set(SERVICES) & set(MAY_IMPORT[service].split())


def test_implementations_are_imported_by_their_openers_only() -> None:
    internal = [found for found in imports() if is_internal(found.target)]
    # These are about the very files of the services, of which their contracts know nothing.
    on_files = ("upgrade", "backup")
    others = [found for found in internal if part(found.module) not in on_files]
    from_outside = [found for found in others if part(found.module) != part(found.target)]
    from_contracts = [found for found in internal if found.module in SERVICES]
    assert from_outside == []
    opened = ("open_", "free")  # who charges nothing is opened by whoever knows all processors
    assert [found for found in from_contracts if not found.where.startswith(opened)] == []


def test_the_core_speaks_of_no_command_and_no_flag() -> None:
    """What is said to a user is put into the words of a shell by `cli` alone."""
    assert [
        f"{module}: {text}"
        for module, tree in trees().items()
        if part(module) not in ("cli", "__main__")
        for text in said(tree)
        if SHELL_WORDS.search(text)
    ] == []


def said(tree: ast.Module) -> Iterator[str]:
    """The texts in a module that are no docstrings."""
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.Expr))
    docstrings = {id(node.value) for node in statements}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    for node in constants:
        if isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.parametrize(
    "text",
    ["List them with: cart carts", "use --card", "This command", "in CART_STORE", "pip install x"],
)
def test_shell_words_would_be_seen(text: str) -> None:
    assert [*said(ast.parse(f'def f():\n    """cart add"""\n    return f"{{x}} {text}"'))] == [
        f" {text}"
    ]
    assert SHELL_WORDS.search(text)


@pytest.mark.parametrize("service", SERVICES)
def test_a_contract_has_few_verbs(service: str) -> None:
    contracts = {
        node.name: [
            verb.name
            for verb in node.body
            if isinstance(verb, ast.FunctionDef) and not verb.name.startswith("_")
        ]
        for node in trees()[service].body
        if isinstance(node, ast.ClassDef) and "Protocol" in map(ast.unparse, node.bases)
    }
    assert contracts
    assert {name: verbs for name, verbs in contracts.items() if not 1 <= len(verbs) <= 10} == {}


def test_files_are_short() -> None:
    tests = Path(__file__).parents[1]
    files = [*PACKAGE.rglob("*.py"), *tests.rglob("*.py")]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {path.name: length for path, length in lengths.items() if length > 400} == {}


def test_every_module_says_what_it_is() -> None:
    assert [module for module, tree in trees().items() if not ast.get_docstring(tree)] == []


def test_every_verb_of_a_contract_says_what_it_promises() -> None:
    silent = [
        f"{service}.{node.name}"
        for service in SERVICES
        for node in ast.walk(trees()[service])
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []

"""Plants an error in a copy of the package: the body of one of its functions is replaced."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent, indent
from typing import Final, NamedTuple

import cartcli

PACKAGE: Final = Path(cartcli.__file__).parent

_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Edit(NamedTuple):
    """`body` in place of the body of the function or method `name`, such as "Checkout._settled", in
    the file `module` of the package; its signature and its decorators stay. `more` is what the body
    needs besides, at the module's end."""

    module: str
    name: str
    body: str
    more: str = ""

    def of(self, source: str) -> str:
        """The `source` of the module with this edit. LookupError unless it has the function."""
        function = self._found(ast.parse(source))
        first = function.body[0]
        lines = source.splitlines(keepends=True)
        body = indent(dedent(self.body).strip("\n"), " " * first.col_offset)
        lines[first.lineno - 1 : function.end_lineno] = [f"{body}\n"]
        return "".join(lines) + (f"\n\n{dedent(self.more).strip()}\n" if self.more else "")

    def _found(self, tree: ast.Module) -> _Function:
        """The one function of this name whose body begins on a line of its own."""
        named = [function for name, function in _functions(tree) if name == self.name]
        if len(named) != 1 or named[0].body[0].lineno == named[0].lineno:
            raise LookupError(
                f"{self.module} has {len(named)} functions {self.name} with a body to replace:"
                " what is planted there has to be planted elsewhere"
            )
        return named[0]


def _functions(
    scope: ast.Module | ast.ClassDef, prefix: str = ""
) -> Iterator[tuple[str, _Function]]:
    """The functions of a module, and the methods of its classes, each with its full name."""
    for node in scope.body:
        if isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, _Function):
            yield f"{prefix}{node.name}", node


def plant(folder: Path, *edits: Edit) -> Path:
    """Copy the package into `folder`, and edit the copy; the folder to import it from."""
    copy = folder / PACKAGE.name
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for edit in edits:
        path = copy / edit.module
        path.write_text(edit.of(path.read_text("utf-8")), "utf-8")
    return folder

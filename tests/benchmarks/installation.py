"""The project as its users have it: installed, not linked, in an environment of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[2]
_BUILT_FROM: Final = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "cartcli")
_RIVALS: Final = ("sqlite-utils",)


class Installation:
    """A virtual environment in `folder`, made anew unless it is there. The project is installed
    into it every time, with its byte-code compiled."""

    def __init__(self, folder: Path) -> None:
        self._bin = folder / "bin"
        if not Path(self.python).exists():
            venv.create(folder, with_pip=True)
            self._install(*_RIVALS)
        self._install_project()

    @property
    def python(self) -> str:
        return str(self._bin / "python")

    def script(self, name: str) -> str:
        """The command `name`."""
        return str(self._bin / name)

    def _install_project(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name in _BUILT_FROM:  # a build leaves traces, and finds those of others
                source, copy = PROJECT / name, Path(folder, name)
                if source.is_dir():
                    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(source, copy)
            self._install(folder)
            self._install("--force-reinstall", "--no-deps", folder)

    def _install(self, *what: str) -> None:
        command = [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*command, "--compile", *what], check=True, stdout=sys.stderr)

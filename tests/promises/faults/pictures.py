"""All files of a folder as they are at one moment: to put them back, and to compare."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NamedTuple


class Picture(NamedTuple):
    """Folders and files by their path from the top."""

    folders: tuple[str, ...]
    files: dict[str, bytes]

    @classmethod
    def of(cls, top: Path) -> Picture:
        """What is under `top`."""
        folders, files = [], {}
        for path, _, names in os.walk(top):
            below = os.path.relpath(path, top)
            folders.append(below)
            for name in names:
                files[os.path.normpath(os.path.join(below, name))] = _read(path, name)
        return cls(tuple(folders), dict(sorted(files.items())))

    def put(self, top: Path) -> None:
        """Make `top` hold these files and nothing else."""
        shutil.rmtree(top, ignore_errors=True)
        for folder in self.folders:
            os.mkdir(os.path.normpath(f"{top}/{folder}"), 0o700)
        for name, data in self.files.items():
            fd = os.open(f"{top}/{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.write(fd, data)
            os.close(fd)


def _read(folder: str, name: str) -> bytes:
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()

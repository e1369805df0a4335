"""The built wheel, installed where the checkout is out of reach."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import cart_env

CHECKOUT = Path(__file__).parents[2]
SOURCES = ("cartcli", "data", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")


def run(*command: str | Path, cwd: Path) -> str:
    """What the command prints; it sees nothing of this environment."""
    env = {name: value for name, value in cart_env({}).items() if name != "PYTHONPATH"}
    network = {name: value for name, value in _outside().items() if name not in env}
    ran = subprocess.run(
        command,
        cwd=cwd,
        env=env | network | {"HOME": str(cwd)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def _outside() -> dict[str, str]:
    """How pip gets to the outside, and where it keeps what it got."""
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "cache", "dir"], capture_output=True, text=True, check=False
    )
    cache = {"PIP_CACHE_DIR": asked.stdout.strip()} if asked.returncode == 0 else {}
    through = ("PIP_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_", "REQUESTS_")
    named = {name: value for name, value in os.environ.items() if name.upper().startswith(through)}
    return cache | named


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a new environment with the wheel and its dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "copy"
    copy.mkdir()
    for name in SOURCES:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(
                source, copy / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(source, copy / name)
    run(sys.executable, "-m", "build", "--outdir", folder / "dist", cwd=copy)
    shutil.rmtree(copy)
    (wheel,) = (folder / "dist").glob("*.whl")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    run(folder / "venv/bin/python", "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    return folder / "venv"


def test_the_demo_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    told = run(installed / "bin/cart", "demo", "--purchase", "--seed", "1", cwd=tmp_path)
    assert "9. The cart is marked" in told
    assert "purchased" in told


def test_the_wheel_is_what_is_imported(installed: Path, tmp_path: Path) -> None:
    code = "import cartcli, cartcli.bootstrap as b; print(cartcli.__file__); print(b.SAMPLE)"
    module, sample = run(installed / "bin/python", "-c", code, cwd=tmp_path).splitlines()
    assert Path(module).is_relative_to(installed)
    assert Path(sample).is_relative_to(installed)
    assert Path(sample).read_bytes() == (CHECKOUT / "data/catalog.csv").read_bytes()


def test_the_wheel_is_typed_and_holds_no_tests(installed: Path) -> None:
    (package,) = installed.glob("lib/python*/site-packages/cartcli")
    assert (package / "py.typed").exists()
    assert not (package.parent / "tests").exists()

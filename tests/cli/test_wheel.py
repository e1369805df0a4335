"""The built wheel, installed where the checkout is out of reach."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

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


def install_wheel(folder: Path) -> Path:
    """Build the wheel from a copy, and install it with its dependencies into a new environment,
    whose folder is returned; the copy is gone then."""
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
    pip = ("-m", "pip", "--quiet", "--disable-pip-version-check")
    run(sys.executable, *pip, "wheel", "--no-deps", "--wheel-dir", "dist", copy, cwd=folder)
    shutil.rmtree(copy)
    (wheel,) = (folder / "dist").glob("*.whl")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    run(folder / "venv/bin/python", *pip, "install", "--no-compile", wheel, cwd=folder)
    return folder / "venv"


def test_the_wheel_has_all_it_needs(tmp_path: Path) -> None:
    venv = install_wheel(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    told = run(venv / "bin/cart", "demo", "--purchase", "--seed", "1", cwd=elsewhere)
    assert "9. The cart is marked" in told
    assert "purchased" in told

    code = "import cartcli, cartcli.bootstrap as b; print(cartcli.__file__); print(b.SAMPLE)"
    module, sample = run(venv / "bin/python", "-c", code, cwd=elsewhere).splitlines()
    assert Path(module).is_relative_to(venv)
    assert Path(sample).is_relative_to(venv)
    assert Path(sample).read_bytes() == (CHECKOUT / "data/catalog.csv").read_bytes()
    assert Path(module).with_name("py.typed").exists()
    (packages,) = venv.glob("lib/python*/site-packages")
    assert not (packages / "tests").exists()

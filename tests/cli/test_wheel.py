"""The built wheel, installed where the checkout is out of reach."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement

from tests.helpers import cart_env

CHECKOUT: Final = Path(__file__).parents[2]
SOURCES: Final = ("cartcli", "data", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")
PIP: Final = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


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
    """How pip gets to the outside."""
    through = ("PIP_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_", "REQUESTS_")
    return {name: value for name, value in os.environ.items() if name.upper().startswith(through)}


def build_wheel(folder: Path) -> Path:
    """The wheel, built from a copy that is gone then."""
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
    how = ["--no-build-isolation"] if _can_build() else []
    run(*PIP, "wheel", *how, "--no-deps", "--wheel-dir", "dist", copy, cwd=folder)
    shutil.rmtree(copy)
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


def _can_build() -> bool:
    """Whether what builds the wheel is installed, and need not be fetched."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    return all(map(_is_met, map(Requirement, project["build-system"]["requires"])))


def _is_met(need: Requirement) -> bool:
    try:
        return version(need.name) in need.specifier
    except PackageNotFoundError:
        return False


def install_wheel(wheel: Path, folder: Path) -> Path:
    """A new environment with the wheel and what it says that it needs: that comes from the
    environment of the tests, and nothing else does."""
    venv = folder / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv, cwd=folder)
    (packages,) = venv.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(folder / "opened")
    (metadata,) = (folder / "opened").glob("*.dist-info")
    for needed in _closure(Distribution.at(metadata).requires or []).values():
        _link(needed, packages)
    python = venv / "bin/python"
    pip = (*PIP, "--python", python, "install", "--no-index", "--no-compile")
    run(*pip, wheel, cwd=folder)  # refused if what is there is not what it needs
    return venv


def _closure(requires: Iterable[str]) -> dict[str, Distribution]:
    """The distributions that are needed, and those that they need, by name."""
    found: dict[str, Distribution] = {}
    needs = [*requires]
    while needs:
        need = Requirement(needs.pop())
        wanted = not need.marker or need.marker.evaluate({"extra": ""})
        if wanted and need.name not in found:
            found[need.name] = distribution(need.name)
            needs += found[need.name].requires or []
    return found


def _link(needed: Distribution, packages: Path) -> None:
    for top in {file.parts[0] for file in needed.files or []} - {"..", "__pycache__"}:
        (packages / top).symlink_to(str(needed.locate_file(top)))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    return build_wheel(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    package = CHECKOUT / "cartcli"
    kept = [*package.rglob("*.py"), *package.glob("help/*.md"), *package.glob("help/pictures/*")]
    code = {str(path.relative_to(CHECKOUT)) for path in kept}
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
    assert {name for name in names if ".dist-info/" not in name} == {
        *code,
        "cartcli/py.typed",
        "cartcli/data/catalog.csv",
        "cartcli/schemas/outputs.json",
    }


def test_the_wheel_has_all_it_needs(wheel: Path, tmp_path: Path) -> None:
    venv = install_wheel(wheel, tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    assert "# What is promised" in run(venv / "bin/cart", "help", "promises", cwd=elsewhere)
    told = run(venv / "bin/cart", "demo", "--purchase", "--seed", "1", cwd=elsewhere)
    assert "9. Each cart is marked" in told
    assert "purchased" in told
    sold = run(venv / "bin/cart", "report", "customers", "-o", "csv", cwd=elsewhere)
    assert sold.splitlines()[1].startswith("demo,1,")

    code = "import cartcli, cartcli.terms as t; print(cartcli.__file__); print(t.SAMPLE)"
    module, sample = run(venv / "bin/python", "-c", code, cwd=elsewhere).splitlines()
    assert Path(module).is_relative_to(venv)
    assert Path(sample).is_relative_to(venv)
    assert Path(sample).read_bytes() == (CHECKOUT / "data/catalog.csv").read_bytes()
    assert Path(module).with_name("py.typed").exists()
    (packages,) = venv.glob("lib/python*/site-packages")
    assert not (packages / "tests").exists()
    # So that what is missing would be missed.
    code = "from importlib.util import find_spec; print(find_spec('tests'), find_spec('pytest'))"
    assert run(venv / "bin/python", "-c", code, cwd=elsewhere) == "None None\n"

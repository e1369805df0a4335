"""The suites and fixtures as somebody else uses them, in a project of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Final

import pytest

import cartcli.testing
from cartcli.cli.topics import page
from tests.cli.readme import examples

ROOT: Final = Path(__file__).parents[2]
SUITES: Final = sorted(path.stem for path in (ROOT / "cartcli/testing/suites").glob("[a-z]*.py"))
OURS: Final = sorted(
    path.stem.removeprefix("test_") for path in (ROOT / "tests/contract").glob("test_*.py")
)


def blocks() -> list[str]:
    """The examples in the documentation of the package."""
    found = re.findall(r"(?:^    .*\n|^\n(?=    ))+", cartcli.testing.__doc__ or "", re.MULTILINE)
    return [dedent(block).strip() + "\n" for block in found]


def project(folder: Path, processor: str) -> None:
    """A project with this processor, whose tests are those of the documentation."""
    top, tests = blocks()
    folder.joinpath("conftest.py").write_text(top)
    folder.joinpath("my_package.py").write_text(processor)
    folder.joinpath("test_mine.py").write_text(tests)


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    env.pop("PYTEST_ADDOPTS", None)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return subprocess.run(
        [*command, "-rs", *args],
        cwd=folder,
        env={name: value for name, value in env.items() if not name.startswith("PYTEST_")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def processor() -> str:
    """The one that the page about Python shows."""
    sources = (one.source for one in examples(page("python")))
    shown = next(source for source in sources if "class OnAccount" in source)
    return shown.partition("\n\nshop =")[0]


def test_every_suite_runs_on_what_is_ours() -> None:
    assert set(SUITES) <= set(OURS)


def test_a_processor_that_keeps_its_promises(tmp_path: Path, processor: str) -> None:
    project(tmp_path, processor)
    ran = run(tmp_path, "-k", "plain")
    assert ran.returncode == 0, ran.stdout
    assert re.search(r"\b1\d passed, \d+ skipped", ran.stdout)
    assert "this processor has no means that are waiting" in ran.stdout


@pytest.mark.parametrize(
    ("right", "wrong", "found_by"),
    [
        ("INSERT OR IGNORE", "INSERT OR REPLACE", "test_a_known_key_gets_its_answer_again"),
        ('if payment.status == "charged")', "if payment)", "test_what_is_on_record_here"),
        (" or told.amount not in (None, attempt.amount)", "", "is_refused_for_another_amount"),
    ],
)
def test_one_that_does_not(
    tmp_path: Path, processor: str, right: str, wrong: str, found_by: str
) -> None:
    assert right in processor
    project(tmp_path, processor.replace(right, wrong))
    ran = run(tmp_path, "-k", f"plain and {found_by}")
    assert ran.returncode == 1, ran.stdout
    assert f"FAILED test_mine.py::{found_by}" in ran.stdout or found_by in ran.stdout


def test_what_is_not_defined_is_said(tmp_path: Path) -> None:
    tmp_path.joinpath("conftest.py").write_text(blocks()[0])
    tmp_path.joinpath("test_mine.py").write_text("from cartcli.testing.suites.payment import *\n")
    ran = run(tmp_path, "-k", "plain and nobody_paid")
    assert ran.returncode == 1
    assert "define a fixture `payment_implementation`" in ran.stdout


def test_a_shop_for_the_tests_of_a_program(tmp_path: Path) -> None:
    tmp_path.joinpath("conftest.py").write_text(blocks()[0])
    tmp_path.joinpath("test_mine.py").write_text(
        "from cartcli import Identity\n"
        "def test_it(shop, store, clock):\n"
        "    cart = shop.update_cart(Identity('alice'), None, {'MUG-350-WHT': 2})\n"
        "    assert cart.created == clock.now\n"
        "    assert (store / 'carts').is_dir()\n"
    )
    assert run(tmp_path).returncode == 0

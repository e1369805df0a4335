"""The pages that `cart help` shows: their examples run, and what they name is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from cartcli.cli import COMMANDS
from cartcli.cli.command import EVERYWHERE
from cartcli.cli.topics import TOPICS, page
from cartcli.settings import KEYS
from cartcli.wire.errors import STATUSES
from tests.cli.readme import differences, examples
from tests.cli.terminal import Terminal
from tests.cli.test_readme import home
from tests.cli.topics import PAGES, ROOT, environment
from tests.cli.topics import TOPICS as FOLDER
from tests.helpers import run_cart

__all__ = ["home"]
SCRIPTS: Final = sorted((ROOT / "tests/cli/scripts").glob("*.sh"))
WITH_EXAMPLES: Final = {"shell", "python", "merchant", "settings", "storage"}


def test_every_page_has_a_name() -> None:
    assert sorted(TOPICS) == sorted(path.stem for path in FOLDER.glob("*.md"))
    assert [path.stem for path in PAGES[1:]] == sorted(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_its_examples_print_what_it_shows(home: Path, topic: str) -> None:
    text = page(topic)
    assert bool([*examples(text)]) == (topic in WITH_EXAMPLES)
    reports = differences(text, home, environment())
    assert not reports, "\n\n".join(reports)


@pytest.mark.parametrize("topic", TOPICS)
def test_it_is_shown(store: Path, topic: str) -> None:
    ran = run_cart("help", topic, store=store)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, page(topic), "")
    assert run_cart("help", topic.upper(), store=store) == ran
    assert not store.exists()


def test_it_is_paged_on_a_terminal(store: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    with Terminal("help", "seed", store=store, env={"PAGER": f"tee {seen}"}) as terminal:
        assert terminal.end() == 0
    assert "python-cart" in seen.read_text()


def test_a_topic_that_is_nearly_right(store: Path) -> None:
    ran = run_cart("help", "promise", store=store)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Did you mean 'promises'?" in ran.stderr


def test_the_help_lists_them(store: Path) -> None:
    for args in (["--help"], ["help", "help"]):
        shown = run_cart(*args, store=store).stdout
        assert all(re.search(rf"\b{topic}\b", shown) for topic in TOPICS)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_scripts_are_those_that_are_tested(path: Path) -> None:
    assert f"```sh\n{path.read_text().rstrip()}\n```" in page("shell")


def test_every_command_option_setting_and_status_is_told() -> None:
    shell, settings = page("shell"), page("settings")
    told = set(re.findall(r"`cart ([a-z]+)", shell))
    assert {*COMMANDS} <= told
    for option in EVERYWHERE:
        long = next(name for name in option.opts if name.startswith("--"))
        assert long in shell + settings or long == "--output", long
    for key in KEYS:
        assert f"`{key}`" in settings
    for status in {0, 130, *STATUSES.values()}:
        assert f"\n| {status} |" in shell


def test_what_proves_a_promise_is_there() -> None:
    named = re.findall(r"`(tests/[a-z_/]+(?:\.py)?)`", page("promises"))
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_it_fits_a_terminal(topic: str) -> None:
    """But for tables, and for what commands print."""
    code = False
    for line in page(topic).splitlines():
        code ^= line.startswith("```")
        assert code or line.startswith(("|", "![")) or len(line) <= 80, line

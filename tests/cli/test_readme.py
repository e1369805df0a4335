"""The README's examples print what it shows; and the runner that says so notices when not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.readme import differences, examples
from tests.helpers import CART, cart_env

README = Path(__file__).parents[2] / "README.md"

SAMPLE = """
Prose, and a block that is not run:
```sh
exit 1
```
```console
$ echo "Logged in until $(date -u '+%Y-%m-%d %H:%M') UTC."
Logged in until 2020-01-01 00:00 UTC.
$ first=5eed0001 && echo $first-0000-4000-8000-000000000000
aaaaaaaa-0000-4000-8000-000000000000
$ echo 5eed0002-0000-4000-8000-000000000000
bbbbbbbb-0000-4000-8000-000000000000
```
```console
$ [ aaaaaaaa = $first ] && echo "Cart $first  open  8.90 USD  just now"
Cart aaaaaaaa  open  8.90 USD  3 hours old
$ echo "Error: declined" >&2 && printf 'Again:\\n  checkout %s\\n' $first && (exit 5)  # exit 5
Error: declined
Again:
  checkout aaaaaaaa
$ touch made && pwd
/tmp/readme/home
```
```python
import os
print(os.path.exists("made"))  # True
```
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder whose path is short, so that no message breaks it."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        home = Path(folder).resolve() / "home"
        home.mkdir()
        yield home


def ran(text: str, home: Path) -> list[str]:
    env = cart_env({"COLUMNS": "80"})
    return differences(text, home, env | {"PATH": f"{CART.parent}:{env['PATH']}"})


def test_the_readme(home: Path) -> None:
    text = README.read_text(encoding="utf-8")
    assert len(list(examples(text))) >= 6
    assert len(text.splitlines()) <= 180
    reports = ran(text, home)
    assert not reports, "\n\n".join(reports)


def test_the_runner_accepts_what_is_right(home: Path) -> None:
    assert [example.status for example in examples(SAMPLE)] == [0, 0, 0, 0, 5, 0, 0]
    assert ran(SAMPLE, home) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Logged in until 2", "Logged out until 2"),
        ("  open  8.90 USD  3", "  open  9.80 USD  3"),
        ("  # exit 5", ""),
        ("  # exit 5", "  # exit 6"),
        ("\nCart aaaaaaaa  open", "\nCart bbbbbbbb  open"),
        ("$ [ aaaaaaaa =", "$ [ bbbbbbbb ="),
        ("  checkout aaaaaaaa", "  checkout bbbbbbbb"),
        ("  checkout aaaaaaaa\n", ""),
        ("\nError: declined", "\nError:  declined"),
        ("\n/tmp/readme/home", "\n/tmp/readme"),
        ("  # True", "  # False"),
        ("$ touch made", "$ true made"),
        ("import os\n", ""),
    ],
)
def test_the_runner_finds_what_is_wrong(home: Path, right: str, wrong: str) -> None:
    assert SAMPLE.count(right) == 1
    assert len(ran(SAMPLE.replace(right, wrong), home)) == 1

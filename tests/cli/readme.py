"""Runs the examples of a README and finds where they do not print what it shows.

A block fenced as `console` holds commands, each on a line after `$ `, and what they print on both
streams. A command ends with status 0, or with the one in a comment after it: `# exit 5`. All
blocks are run in order by one shell, in an empty home. A block fenced as `python` is a program
that ends without an error; what it prints stands in a comment on the line that prints it.

What differs from run to run may differ, but consistently: an id of the README stands for one real
id, in the commands after it, too.
"""

from __future__ import annotations

import difflib
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

SHOWN_HOME: Final = "/tmp/readme/home"
_BLOCK: Final = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_STATUS: Final = re.compile(r"\s+# exit (\d+)$")

# Carts' ids, whole or their first 8 digits; payments' ids; idempotency keys.
_ID: Final = re.compile(
    r"\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|pay_[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{8})\b"
)
_UUID_SIZE: Final = 36
_SHORT: Final = 8
_TIMES: Final = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"), "<time>"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?"), "<time>"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "<date>"),
    (re.compile(r"just now|\d+ (minute|hour)s? old"), "<age>"),
)


class Example(NamedTuple):
    """A command or a program of the README, what it prints, and how it ends."""

    kind: str
    source: str
    printed: str
    status: int


def examples(text: str) -> Iterator[Example]:
    """The examples of a README in their order."""
    for kind, body in _BLOCK.findall(text):
        if kind == "python":
            yield Example(kind, body, "", 0)
        else:
            yield from _commands(body)


def _commands(body: str) -> Iterator[Example]:
    before, *commands = re.split(r"^\$ ", body, flags=re.MULTILINE)
    assert not before.strip(), f"a console block starts with output: {before!r}"
    for command in commands:
        source, _, printed = command.partition("\n")
        status = _STATUS.search(source)
        yield Example(
            "console", _STATUS.sub("", source), printed.rstrip(), int(status[1]) if status else 0
        )


class Ids:
    """Which real id each id of the README stands for."""

    def __init__(self) -> None:
        self._real: dict[str, str] = {}

    def learn(self, shown: str, real: str) -> None:
        """Pair the ids of the `shown` output with those of the `real` one, place by place."""
        for here, there in zip(_ID.findall(shown), _ID.findall(real), strict=False):
            if len(here) == len(there):
                self._pair(here, there)
                if len(here) == _UUID_SIZE:
                    self._pair(here[:_SHORT], there[:_SHORT])

    def _pair(self, here: str, there: str) -> None:
        if there not in self._real.values():
            self._real.setdefault(here, there)

    def to_real(self, text: str) -> str:
        """`text` of the README with the real ids."""
        return _ID.sub(lambda found: self._real.get(found[0], found[0]), text)

    def to_shown(self, text: str) -> str:
        """Real `text` with the ids of the README."""
        shown = {real: here for here, real in self._real.items()}
        return _ID.sub(lambda found: shown.get(found[0], f"<another id {found[0]}>"), text)


class Shell:
    """One shell that runs commands in turn and keeps its variables between them."""

    def __init__(self, home: Path, env: Mapping[str, str]) -> None:
        self._home = home
        self._shell = subprocess.Popen(
            ["sh"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=home,
            env={**env, "HOME": str(home)},
            text=True,
        )
        self._output = home.with_name(f"{home.name}.output")

    def run(self, command: str) -> tuple[str, int]:
        """What `command` prints on both streams, and its exit status."""
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        quoted = f"'{self._output}'"
        self._shell.stdin.write(f"{{ {command}\n}} </dev/null >{quoted} 2>&1; echo $?\n")
        self._shell.stdin.flush()
        status = self._shell.stdout.readline()
        assert status, f"the shell ended at: {command}"
        return self._output.read_text(encoding="utf-8"), int(status)

    def close(self) -> None:
        self._shell.communicate(timeout=60)


def differences(text: str, home: Path, env: Mapping[str, str]) -> list[str]:
    """Run every example of the README `text` with an empty folder `home` as home; a report of
    each that ends or prints otherwise than shown."""
    found = []
    ids = Ids()
    shell = Shell(home, env)
    try:
        for example in examples(text):
            if example.kind == "python":
                found.append(_run_program(example, home, env))
                continue
            printed, status = shell.run(ids.to_real(example.source))
            ids.learn(example.printed, printed)
            found.append(_compared(example, ids.to_shown(printed), status, home))
    finally:
        shell.close()
    return [report for report in found if report]


def refreshed(text: str, home: Path, env: Mapping[str, str]) -> str:
    """`text` with what its commands print now. An example whose output differs from the one shown
    only in what may differ stays as it is."""
    ids, done = Ids(), ""
    shell = Shell(home, env)
    try:
        for example in examples(text):
            if example.kind == "python":
                continue
            before, block, text = text.partition(_block(example))
            done += before
            printed, status = shell.run(ids.to_real(example.source))
            ids.learn(example.printed, printed)
            ids.learn(printed, printed)  # what is new is shown as it is
            if _compared(example, ids.to_shown(printed), status, home):
                shown = ids.to_shown(printed).replace(str(home), SHOWN_HOME).rstrip()
                block = _block(example._replace(printed=shown, status=status))
            done += block
    finally:
        shell.close()
    return done + text


def _block(example: Example) -> str:
    """The lines of a command in a page."""
    ended = f"  # exit {example.status}" if example.status else ""
    return f"$ {example.source}{ended}\n{example.printed}".rstrip() + "\n"


def _compared(example: Example, printed: str, status: int, home: Path) -> str:
    """What is wrong with a run of `example` that `printed` this; nothing when all is well."""
    shown = _stable(example.printed)
    real = _stable(printed.replace(str(home), SHOWN_HOME)).rstrip()
    if SHOWN_HOME in shown:  # a path of another length: lines are wrapped at other places
        shown, real = " ".join(shown.split()), " ".join(real.split())
    if (shown, example.status) == (real, status):
        return ""
    return "\n".join(
        [
            f"$ {example.source}",
            f"exit status {status}, shown is {example.status}",
            *difflib.unified_diff(shown.splitlines(), real.splitlines(), "README", "real", n=99),
        ]
    )


def _stable(text: str) -> str:
    for pattern, placeholder in _TIMES:
        text = pattern.sub(placeholder, text)
    return text


def _run_program(example: Example, home: Path, env: Mapping[str, str]) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", example.source],
        cwd=home,
        env={**env, "HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    shown = re.findall(r"print\(.*\)  # (.*)$", example.source, flags=re.MULTILINE)
    lines = ran.stdout.splitlines()
    if ran.returncode == 0 and lines and set(lines) <= set(shown):
        return ""
    return f"{example.source}ended with {ran.returncode} and printed\n{ran.stdout}{ran.stderr}"

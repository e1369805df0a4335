"""The figures of the torture, at the end of a session."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable

import pytest

from tests.promises.torture.trial import Figures

_FIGURES = "torture figures"
Report = Callable[[Figures], None]


@pytest.fixture
def report(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Report:
    """Says at the end of the session what all trials of this kind did, and in how many seconds."""
    start = time.monotonic()
    kind = request.node.originalname
    if "courtesy" in request.node.callspec.params:
        kind += f", {'with' if request.node.callspec.params['courtesy'] else 'without'} courtesy"

    def say(figures: Figures) -> None:
        counted = {
            "trials": 1,
            "seconds": time.monotonic() - start,
            "carts": figures.carts,
            "commands": figures.commands,
            "findings": len(figures.findings),
            **figures.ended,
        }
        record_property(_FIGURES, json.dumps([kind, counted]))

    return say


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures of all trials, summed up by their kind."""
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for test in [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]:
        for name, value in test.user_properties if test.when == "call" else ():
            if name == _FIGURES:
                kind, counted = json.loads(value)
                totals[kind].update(counted)
    if totals:
        terminalreporter.section(_FIGURES)
    for kind, total in sorted(totals.items()):
        counted = ", ".join(f"{count:.0f} {what}" for what, count in total.items())
        terminalreporter.write_line(f"{kind}: {counted}")

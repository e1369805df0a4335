"""What is saved survives a power cut: synced in the right order."""

from __future__ import annotations

from tests.promises.faults.attacks.flushes import cut_off, flushes
from tests.promises.faults.scene import Bench


def test_every_command_syncs_content_and_then_names(bench: Bench) -> None:
    outcome = flushes(bench)
    assert outcome.findings == []
    assert {*outcome.met} >= {"write", "fsync", "rename", "link", "mkdir", "unlink"}


def test_nothing_builds_on_names_that_a_killed_process_left(bench: Bench) -> None:
    outcome = cut_off(bench)
    assert outcome.findings == []
    assert 80 <= len(outcome.met) < 130  # of two checkouts, neither of them cut short itself
    assert {*outcome.met} >= {"fsync", "rename", "link", "mkdir"}

"""What is saved survives a power cut: synced in the right order."""

from __future__ import annotations

from tests.faults.attacks.flushes import flushes
from tests.faults.scene import Bench


def test_every_command_syncs_content_and_then_names(bench: Bench) -> None:
    outcome = flushes(bench)
    assert outcome.findings == []
    assert {*outcome.met} >= {"write", "fsync", "rename", "link", "mkdir", "unlink"}

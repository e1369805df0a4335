"""The fixtures that these tests share with the fault tests."""

from __future__ import annotations

from tests.promises.faults.conftest import exhaustive, report

__all__ = ["exhaustive", "report"]

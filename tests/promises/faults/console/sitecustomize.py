"""Every interpreter that finds this folder on its path meets the fault that FAULT describes."""

from __future__ import annotations

import json
import os
import runpy
from pathlib import Path

_injector = runpy.run_path(str(Path(__file__).parents[1] / "injector.py"))
_fault, _folder, _notes = json.loads(os.environ["FAULT"])
_injector["install"](_injector["Fault"](*_fault), _folder, _notes)

"""A warm parent: it has imported the command once, and forks for every run of it.

Reads requests from standard input, a line of JSON each, and replies to each with one:

    {"program": …, "args": […], …}    start a process; the reply is its id
    {"wait": id}                      wait until it stops or ends; the reply is how
"""

from __future__ import annotations

import functools
import gc
import io
import json
import os
import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn

import argon2

from tests.promises.faults import strace
from tests.promises.faults.injector import Fault, install
from tests.promises.faults.programs import CONSOLE, PROGRAMS

_PATIENCE: Final = 60  # seconds, after which a process hangs and is ended by SIGALRM


def _warm_up() -> None:
    """Import what the commands import, and make Argon2 as cheap as it can be: what the thousands
    of logins are about is the files."""
    from cartcli.cli import COMMANDS

    for module in {module for module, _ in COMMANDS.values()}:
        import_module(f"cartcli.cli.{module}")
    for module in ("cli.table", "cli.text", "cli.failures", "cli.hints", "bootstrap"):
        import_module(f"cartcli.{module}")
    for module in (
        "cart_db.pickle.carts",
        "payment.local.processor",
        "payment.local.file_ledger",
        "idp.passwords",
        "idp.limits",
        "idp.session_files",
        "catalog_db.csv_file",
        "controller.checkout",
        "suggestions",
    ):
        import_module(f"cartcli.{module}")
    cheap = functools.partial(argon2.PasswordHasher, 1, 8, 1)
    argon2.PasswordHasher = lambda **_: cheap()  # type: ignore[assignment,misc]
    gc.collect()
    gc.freeze()  # so that a child does not copy what it never uses


def _started(request: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        _run(request)
    return pid


def _run(request: dict[str, Any]) -> NoReturn:
    """Be a new process: streams, environment and the exit status are as an interpreter's own."""
    status = 1
    try:
        signal.alarm(_PATIENCE)
        os.environ.clear()
        os.environ.update(request["env"])
        _take_streams(request["streams"])
        program, args = _with_fault(request)
        PROGRAMS[program](args)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _with_fault(request: dict[str, Any]) -> tuple[str, list[str]]:
    """Arm the fault of the request, if it has one; its program and the arguments."""
    program, args = request["program"], request["args"]
    if request["fault"] is None:
        return program, args
    fault = Fault(*request["fault"])
    folder, notes = request["folder"], request["notes"]
    if program == "strace":
        return "external", strace.traced(fault, notes, [CONSOLE, *args])
    if program == "console":
        os.environ["FAULT"] = json.dumps((fault, folder, notes))
        os.environ["PYTHONPATH"] = str(Path(__file__).with_name("console"))
    else:
        install(fault, folder, notes)
    return program, args


def _take_streams(paths: list[str]) -> None:
    modes = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)
    for fd, (path, flags) in enumerate(zip(paths, modes, strict=True)):
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, fd)
        os.close(opened)
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, "r")), "utf-8")
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w")), "utf-8")
    sys.stderr = io.TextIOWrapper(
        io.BufferedWriter(io.FileIO(2, "w")), "utf-8", "backslashreplace", line_buffering=True
    )


def _ended(pid: int) -> dict[str, Any]:
    _, status = os.waitpid(pid, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        return {"stopped": True}
    return {"status": os.waitstatus_to_exitcode(status)}


def main() -> None:
    """Serve until standard input ends, and leave no process behind."""
    _warm_up()
    import cartcli

    requests, replies = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    print(json.dumps({"cartcli": cartcli.__file__}), file=replies, flush=True)
    children: set[int] = set()
    for line in requests:
        request = json.loads(line)
        if "wait" in request:
            reply = _ended(request["wait"])
            if "status" in reply:
                children.remove(request["wait"])
        else:
            reply = {"pid": _started(request)}
            children.add(reply["pid"])
        print(json.dumps(reply), file=replies, flush=True)
    for pid in children:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()

"""A warm parent: an interpreter that has imported what scripts need, and forks to run one of them.

    python tests/warm/parent.py FD MODULE…

imports the modules, says so on the socket FD, and answers what it is asked there:

    {"command": […], …}    run this script with its arguments, on the three file descriptors that
                           come along: the id of its process
    {"wait": id}           wait for its end: its status, or minus the signal that ended it
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import runpy
import socket
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final, NoReturn

_SIZE: Final = 4  # bytes of the length that goes ahead of every message


def send(channel: socket.socket, message: dict[str, Any], streams: Sequence[int] = ()) -> None:
    """Send `message`, and with it the file descriptors `streams`."""
    data = json.dumps(message).encode()
    socket.send_fds(channel, [len(data).to_bytes(_SIZE, "big")], streams)
    channel.sendall(data)


def receive(channel: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """The next message and its file descriptors; EOFError when the other side is gone."""
    head, streams, _, _ = socket.recv_fds(channel, _SIZE, 3)
    head += _exactly(channel, _SIZE - len(head))
    message: dict[str, Any] = json.loads(_exactly(channel, int.from_bytes(head, "big")))
    return message, streams


def _exactly(channel: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = channel.recv(size - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def _serve(channel: socket.socket) -> None:
    while True:
        request, streams = receive(channel)
        if "wait" in request:
            _, status = os.waitpid(request["wait"], 0)
            send(channel, {"status": os.waitstatus_to_exitcode(status)})
            continue
        pid = os.fork()
        if pid == 0:
            channel.close()
            _run(request, streams)
        for stream in streams:
            os.close(stream)
        send(channel, {"pid": pid})


def _run(request: dict[str, Any], streams: list[int]) -> NoReturn:
    """Be the process that `python script arguments…` would be, from its start to its end."""
    status = 1
    try:
        _begin(request, streams)
        runpy.run_path(request["command"][0], run_name="__main__")
        status = 0
    except SystemExit as end:
        status = _status(end)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        _end(status)


def _begin(request: dict[str, Any], streams: list[int]) -> None:
    """Take over the surroundings. The objects of the standard streams stay: nobody has used them
    yet, and the interpreter has made them from the environment that the script sees, too."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.umask(request["umask"])
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    sys.argv = request["command"]
    sys.path.insert(0, os.path.dirname(sys.argv[0]))


def _status(end: SystemExit) -> int:
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    print(end.code, file=sys.stderr)
    return 1


def _end(status: int) -> NoReturn:
    """End as an interpreter does, but for the freeing of memory, which takes longer than most
    commands."""
    with contextlib.suppress(Exception):
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except OSError:
            status = 120  # as Python ends when what it printed is lost
    os._exit(status & 0xFF)


def main() -> None:
    """Serve until nobody is there to ask."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    del sys.path[0]  # this file's folder; a script's own takes its place
    for module in sys.argv[2:]:
        import_module(module)
    gc.collect()
    gc.freeze()  # so that a child does not copy what it never looks at
    send(channel, {"ready": True})
    with contextlib.suppress(EOFError, ConnectionError):
        _serve(channel)


if __name__ == "__main__":
    main()

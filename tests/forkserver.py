"""Processes forked from one that has imported what `ingest` needs, so that each run of it starts at once.

Great Expectations alone takes three CPU seconds to import; each worker of the test suite pays for that once. What is
forked is a process like any other: its own id, exit code, folder, environment and standard streams, and it can be
killed. The executable itself is run by tests/cli/test_help.py, tests/test_wheel.py and tests/docs.
"""

import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, TextIO

from tests.syscalls import notify_supervisor

ROOT = Path(__file__).parents[1]
PRELOADED = (
    "ingest.quality.gx_import", "ingest.cli", "ingest.cli.run", "ingest.cli.progress", "ingest.pipeline.wiring",
    "ingest.observability.telemetry", "ingest.http.client", "ingest.quality.validator",
    "ingest.quality.duckdb_dialect", "ingest.alerts.channels", "ingest.warehouse.tables", "ingest.flows.direct",
)  # fmt: skip


_ASKING = threading.Lock()  # one request for a fork at a time


class Forked:
    """A command in a process of its own."""

    def __init__(self, status: socket.socket) -> None:
        self._status = status.makefile("r")
        status.close()
        self.pid = int(self._status.readline())
        self.returncode: int | None = None

    def wait(self) -> int:
        """Wait for its end and return its exit code, negative for the signal that killed it."""
        if self.returncode is None:
            self.returncode = os.waitstatus_to_exitcode(int(self._status.readline()))
            self._status.close()
        return self.returncode

    def kill(self) -> None:
        """Kill it with SIGKILL; one that has ended is left alone."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


def fork(
    arguments: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    streams: tuple[int, int, int],
    project: Path = ROOT,
    supervisor: socket.socket | None = None,
) -> Forked:
    """Begin `ingest` with these arguments; `streams` are the descriptors of its standard input, output and error.

    `project` is the checkout that it is run from. Who is behind `supervisor` is notified of its system calls, as
    tests/syscalls.py has it.
    """
    ours, theirs = socket.socketpair()
    lent = [] if supervisor is None else [supervisor.fileno()]
    asked = json.dumps({"arguments": list(arguments), "cwd": str(cwd), "environment": dict(environment)}).encode()
    with theirs, _ASKING:
        server = _server(project)
        socket.send_fds(server, [len(asked).to_bytes(4, "big")], [*streams, theirs.fileno(), *lent])
        server.sendall(asked)
    return Forked(ours)


def fork_and_listen(arguments: Sequence[str], *, cwd: Path, environment: Mapping[str, str]) -> tuple[Forked, TextIO]:
    """Begin `ingest` with nothing to read; return it, and the lines of its standard error as it writes them."""
    heard, said = os.pipe()
    with Path(os.devnull).open("r+b") as nothing:
        streams = (nothing.fileno(), nothing.fileno(), said)
        process = fork(arguments, cwd=cwd, environment=environment, streams=streams)
    os.close(said)
    return process, os.fdopen(heard, errors="replace")


@cache
def _server(project: Path) -> socket.socket:
    """Start the process that others are forked from. It ends with this one."""
    ours, theirs = socket.socketpair()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("INGEST_", "PREFECT_"))}
    environment["PYTHONPATH"] = os.pathsep.join(
        [str(project / "src"), str(project), str(ROOT), *filter(None, [environment.get("PYTHONPATH")])]
    )
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.forkserver", str(theirs.fileno())],
            cwd=ROOT, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def end() -> None:
        ours.close()
        process.wait()  # so that what was forked counts among the CPU seconds of whoever ran the tests

    atexit.register(end)
    return ours


def _serve(server: socket.socket) -> None:
    """Fork for whoever asks, until nobody can ask any more."""
    for name in PRELOADED:
        import_module(name)
    gc.collect()
    gc.freeze()  # else each fork copies all of it when it first looks for garbage: a third of a CPU second
    while True:
        _reap()
        size, descriptors, _, _ = socket.recv_fds(server, 4, 5)
        if not size:
            return
        asked = json.loads(_received(server, int.from_bytes(size, "big")))
        if os.fork() == 0:
            server.close()
            _fork_and_report(asked, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _reap() -> None:
    """Clear away those who waited for a run and have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _received(server: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += server.recv(size - len(data))
    return data


def _fork_and_report(asked: dict[str, Any], descriptors: list[int]) -> None:
    """Fork the run, and say in two lines which process it is and, in time, how it ended."""
    streams, status, supervisor = descriptors[:3], descriptors[3], descriptors[4:]
    process_id = os.fork()
    if process_id == 0:
        os.close(status)
        os._exit(_run(asked, streams, supervisor))
    for descriptor in (*streams, *supervisor):
        os.close(descriptor)
    os.write(status, f"{process_id}\n".encode())
    _, how = os.waitpid(process_id, 0)
    with suppress(BrokenPipeError):  # who began it may have ended
        os.write(status, f"{how}\n".encode())
    os._exit(0)


def _run(asked: dict[str, Any], streams: list[int], supervisor: list[int]) -> int:
    """Be the command, from its first line to its last."""
    for descriptor in supervisor:
        notify_supervisor(socket.socket(fileno=descriptor))
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin, sys.stdout = os.fdopen(0, encoding="utf-8"), os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["cwd"])
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell began the tests in the background
    sys.argv = ["ingest", *asked["arguments"]]
    sys.modules["__main__"] = ModuleType("__main__")  # processes that it spawns would import ours
    code = _code_of(import_module("ingest.cli").main)
    # What the interpreter does at its end, in its order; it is left for the one that was forked from.
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _code_of(main: Callable[[], None]) -> int:
    """Return what a process would exit with that runs this to its end."""
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:  # noqa: BLE001  as the interpreter does
        sys.excepthook(type(error), error, error.__traceback__)
        return 1
    return 0


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as asking:
        _serve(asking)

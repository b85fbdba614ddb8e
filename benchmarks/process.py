"""Runs a command to its end and says what it cost."""

import ctypes
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

LOOK_EVERY_SECONDS = 0.1
_PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
INGEST = str(Path(sys.executable).with_name("ingest"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a command took, its child processes included, and what it said."""

    exit_code: int
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int  # of memory that all its processes held at once
    said: str
    complained: str

    def checked(self) -> Self:
        """Raise if the command failed."""
        if self.exit_code != 0:
            raise RuntimeError(f"the run ended with {self.exit_code}: {self.said[-500:]} {self.complained[-2000:]}")
        return self


class Memory:
    """The most memory that a process and its children were seen to hold together; a page that several map counts once.

    That is the sum of their proportional set sizes (PSS, proc_pid_smaps(5)). The kernel's ru_maxrss won't do: a process
    begins with that of whoever started it.
    """

    def __init__(self, process_id: int) -> None:
        self.peak_bytes = 0
        self._process = psutil.Process(process_id)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look again and again, until the end of the block."""
        over = threading.Event()

        def look() -> None:
            while not over.wait(LOOK_EVERY_SECONDS):
                self.peak_bytes = max(self.peak_bytes, self._held_bytes())

        looking = threading.Thread(target=look)
        looking.start()
        try:
            yield
        finally:
            over.set()
            looking.join()

    def _held_bytes(self) -> int:
        held = 0
        try:
            for process in (self._process, *self._process.children(recursive=True)):
                held += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            return 0  # one has just ended; the next look counts the others
        return held


def run(
    command: Sequence[str],
    *,
    folder: Path,
    settings: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    without: tuple[str, ...] = (),
) -> Cost:
    """Run a command with settings beside the environment's; its output is kept in the folder, where it runs, too.

    Variables of the environment that begin as one of `without` does are left out.
    """
    said, complained = folder / "said.txt", folder / "complained.txt"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(without)}
    # Modules are compiled once, as they are where the program is installed.
    environment = {**kept, "PYTHONDONTWRITEBYTECODE": "", **(settings or {})}
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)  # what it leaves behind becomes a child of this process
    others = {child.pid for child in psutil.Process().children()}
    started = time.monotonic()
    with said.open("wb") as out, complained.open("wb") as err:
        process = subprocess.Popen(command, cwd=cwd or folder, stdout=out, stderr=err, env=environment)
        memory = Memory(process.pid)
        with memory.watched():
            _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall_seconds = time.monotonic() - started
    spent = [used, *_wait_for_orphans(others)]
    return Cost(
        exit_code=process.returncode,
        wall_seconds=wall_seconds,
        cpu_seconds=sum(one.ru_utime + one.ru_stime for one in spent),
        peak_bytes=memory.peak_bytes,
        said=said.read_text(encoding="utf-8", errors="replace"),
        complained=complained.read_text(encoding="utf-8", errors="replace"),
    )


def _wait_for_orphans(others: set[int]) -> Iterator[resource.struct_rusage]:
    """Wait for the processes that a command has left behind, and yield what each took.

    Its forkserver ends after it, and with that the processes that parse: what they took is in nobody's account before.
    """
    while left := {child.pid for child in psutil.Process().children()} - others:
        for process_id in left:
            yield os.wait4(process_id, 0)[2]

"""Runs a command to its end and says what it cost."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

INGEST = str(Path(sys.executable).with_name("ingest"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a command took, its child processes included, and what it said."""

    exit_code: int
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int  # of the largest of its processes
    said: str
    complained: str


def run(command: Sequence[str], *, folder: Path, settings: Mapping[str, str] | None = None) -> Cost:
    """Run a command in a folder of its own, with settings beside the environment's."""
    said, complained = folder / "said.txt", folder / "complained.txt"
    started = time.monotonic()
    with said.open("wb") as out, complained.open("wb") as err:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=err, env={**os.environ, **(settings or {})})
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(
        exit_code=process.returncode,
        wall_seconds=time.monotonic() - started,
        cpu_seconds=used.ru_utime + used.ru_stime,
        peak_bytes=used.ru_maxrss * 1024,
        said=said.read_text(encoding="utf-8", errors="replace"),
        complained=complained.read_text(encoding="utf-8", errors="replace"),
    )

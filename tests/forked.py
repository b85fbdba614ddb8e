"""Runs that are forked from a process which has loaded all they need: what is killed is the run, not its imports."""

import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from .killing import STATIONS, Moment

STAGES = ("polling", "fetching", "staging", "judging", "publishing", "releasing", "telling")
ENDS = frozenset({0, 3})  # how a run ends by itself, unless batches are stopped
SETTINGS = {"INGEST_READING_PROCESSES": "1", "INGEST_LOG_LEVEL": "info"}
_RUNS = get_context("forkserver")
_RUNS.set_forkserver_preload(
    ["great_expectations", "ingest.cli.run", "ingest.wiring", "ingest.edge.store", "ingest.edge.web",
     "ingest.edge.quality", "ingest.edge.gx_duckdb", "ingest.edge.messenger", "flows.direct", __name__]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended, and what it said when, in milliseconds since its start."""

    was_killed: bool
    took_ms: int
    said: Sequence[tuple[int, str]]

    def passings(self) -> list[tuple[Moment, int]]:
        """Give the start and each time that a source passed a station, and when that was."""
        seen = Counter[str]()
        found = [(Moment(), 0)]
        for at_ms, line in self.said:
            if station := next((one for one in STATIONS if f" {one} source=" in line), None):
                seen[station] += 1
                found.append((Moment(station=station, times=seen[station]), at_ms))
        return found

    def stage_of(self, moment: Moment) -> str:
        """Name what goes on after a passing; whatever follows the last is releasing."""
        last = {each.station: each.times for each, _ in self.passings()}
        reached = STATIONS.index(moment.station) if moment.station else 0
        return STAGES[reached + (moment.station is not None and moment.times >= last[moment.station])]

    def moment_in(self, stage: str, chance: random.Random) -> Moment:
        """Choose a moment of a stage, each of its milliseconds as likely as any other."""
        stages = {"releasing"} if stage == "telling" else {stage}  # nothing is said between the two
        passings = [*self.passings(), (Moment(), self.took_ms)]
        gaps = [(start, after - at) for (start, at), (_, after) in pairwise(passings) if self.stage_of(start) in stages]
        start, gap_ms = chance.choices(gaps, weights=[gap_ms + 1 for _, gap_ms in gaps])[0]
        return replace(start, wait_ms=chance.randint(0, gap_ms))


def kill(
    command: Sequence[str],
    before: Path,
    warehouse: Path,
    moment: Moment,
    *,
    settings: Mapping[str, str] | None = None,
    ends: Collection[int] = ENDS,
    start_over: Callable[[], None] = lambda: None,
) -> tuple[Moment, Run]:
    """Kill a run at a moment, sooner where it came to its end before; say when that was, and what it had said.

    A run that came to its end did not happen: whoever has heard of it forgets it, as `start_over` has it.
    """
    while True:
        start_over()
        shutil.copytree(before, warehouse)
        killed = run(command, warehouse, moment, settings=settings, ends=ends)
        if killed.was_killed:
            return moment, killed
        shutil.rmtree(warehouse)
        moment = replace(moment, wait_ms=moment.wait_ms // 2)


def run(
    command: Sequence[str],
    warehouse: Path,
    moment: Moment | None = None,
    *,
    settings: Mapping[str, str] | None = None,
    ends: Collection[int] = ENDS,
) -> Run:
    """Take a run to its end, or kill it at a moment."""
    heard, said = _RUNS.Pipe(duplex=False)
    started = time.monotonic()
    process = _RUNS.Process(target=_ingest, args=(command, warehouse, settings or {}, said))
    process.start()
    said.close()
    told: list[tuple[int, str]] = []
    with os.fdopen(os.dup(heard.fileno()), errors="replace") as lines:
        listening = _listen(lines, started, told)
        if moment is not None and moment.comes(listening):
            process.kill()
        for _ in listening:
            pass
    process.join()
    heard.close()

    was_killed = process.exitcode == -signal.SIGKILL
    assert process.exitcode in ends or (moment and was_killed), told
    # A reading process that was just being begun complains of the end of its parent.
    assert was_killed or not [line for _, line in told if "Traceback" in line]
    return Run(was_killed, _ms_since(started), told)


def _listen(lines: Iterable[str], started: float, told: list[tuple[int, str]]) -> Iterator[str]:
    for line in lines:
        told.append((_ms_since(started), line))
        yield line


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _ingest(command: Sequence[str], warehouse: Path, settings: Mapping[str, str], said: Connection) -> None:
    """Be the command, with its complaints going to whoever holds the other end."""
    os.environ.update({**SETTINGS, **settings, "INGEST_WAREHOUSE": str(warehouse)})
    os.dup2(said.fileno(), 2)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    from ingest.cli import main

    sys.argv = ["ingest", *command]
    main()

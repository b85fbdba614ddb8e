"""Runs of `ingest` that are killed at a moment of their own, told by what they log as they go."""

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path

import pytest

from ingest.warehouse.warehouse import query
from tests.command import surroundings
from tests.forkserver import fork_and_listen

STATIONS = ("polled", "fetched", "staged", "validated", "published")
STAGES = ("polling", "fetching", "staging", "validating", "publishing", "settling", "releasing", "alerting")
SECOND_HALVES = {"settling": "publishing", "alerting": "releasing"}  # nothing is logged between the two
LOGGED_STAGES = tuple(stage for stage in STAGES if stage not in SECOND_HALVES)
KILLED_WHILE = "killed_while"  # the property under which a test reports the stage in which its run was killed
# A quarter of them by tests/test_trust_killed.py, the others by tests/hostile/test_hostile_killed.py.
KILLS = int(os.environ.get("INGEST_TEST_KILLS", "20"))
ENDS = frozenset({0, 3})  # how a run ends by itself, unless batches are rejected
SETTINGS = {"INGEST_LOG_LEVEL": "info"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a run is killed: some milliseconds after its start, or after the nth time that a source passed a station."""

    station: str | None = None  # None: counted from the start
    times: int = 1
    wait_ms: int = 0

    def comes(self, said: Iterable[str]) -> bool:
        """Wait for it, by what a run says; False when the run says nothing more before."""
        if self.station is not None:
            passings = (line for line in said if f" {self.station} source=" in line)
            if len(list(islice(passings, self.times))) < self.times:
                return False
        time.sleep(self.wait_ms / 1000)
        return True

    def sooner(self) -> "Moment":
        """Return one that comes before it; nothing comes before the start."""
        if self.wait_ms or self.station is None:
            return replace(self, wait_ms=self.wait_ms // 2)
        if self.times > 1:
            return replace(self, times=self.times - 1)
        earlier = STATIONS.index(self.station) - 1
        return Moment(station=STATIONS[earlier]) if earlier >= 0 else Moment()

    def __str__(self) -> str:
        """Return how a test's message names it."""
        return f"{self.station or 'start'}{self.times if self.station else ''}+{self.wait_ms}"


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended, and what it said when, in milliseconds since its start."""

    was_killed: bool
    took_ms: int
    said: Sequence[tuple[int, str]]

    def passings(self) -> list[tuple[Moment, int]]:
        """Return the start and each time that a source passed a station, and when that was."""
        seen = Counter[str]()
        found = [(Moment(), 0)]
        for at_ms, line in self.said:
            if station := next((one for one in STATIONS if f" {one} source=" in line), None):
                seen[station] += 1
                found.append((Moment(station=station, times=seen[station]), at_ms))
        return found

    def stage_of(self, moment: Moment) -> str:
        """Return the stage after a passing: publishing, which ends with settling, or after the last one releasing.

        The passing may be another run's: of a source, say, that has become due since this one.
        """
        last = {each.station: each.times for each, _ in self.passings()}
        reached = STATIONS.index(moment.station) if moment.station else 0
        return LOGGED_STAGES[reached + (moment.station is not None and moment.times >= last.get(moment.station, 0))]

    def stage_reached(self, killed: "Run", before: Path, warehouse: Path) -> str:
        """Return the stage in which another run over a copy of `before` was killed, by what it has left there."""
        stage = self.stage_of(killed.passings()[-1][0])
        if _is_unsettled(warehouse):
            return "settling"
        released = [path.stat().st_mtime_ns for folder in (before, warehouse) for path in folder.glob("news.duckdb")]
        return "alerting" if stage == "releasing" and released and released != released[:1] * 2 else stage

    def moment_in(self, stage: str, chance: random.Random) -> Moment:
        """Choose a moment of a stage, each of its milliseconds as likely as any other."""
        logged = SECOND_HALVES.get(stage, stage)
        passings = [*self.passings(), (Moment(), self.took_ms)]
        gaps = [(start, after - at) for (start, at), (_, after) in pairwise(passings) if self.stage_of(start) == logged]
        start, gap_ms = chance.choices(gaps, weights=[gap_ms + 1 for _, gap_ms in gaps])[0]
        return replace(start, wait_ms=chance.randint(gap_ms // 2 if stage in SECOND_HALVES else 0, gap_ms))


def count_kills(config: pytest.Config) -> Counter[str]:
    """Count in which stages the runs of a test session were killed, as tests have reported; workers know of none."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = [one for listed in reporter.stats.values() for one in listed] if reporter else []
    return Counter(
        str(stage)
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, stage in report.user_properties
        if name == KILLED_WHILE
    )


def stages_missed(kills: Counter[str]) -> list[str]:
    """Return the stages in which no run was killed, of so many that each must have had some."""
    return [stage for stage in STAGES if not kills[stage]] if kills.total() >= 10 * len(STAGES) else []


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
    """Kill a run over a copy of `before`, sooner where it came to its end; give when that was, and what it had said.

    A run that came to its end did not happen: whoever has heard of it forgets it, as `start_over` has it.
    """
    while True:
        start_over()
        shutil.copytree(before, warehouse)
        killed = run(command, warehouse, moment, settings=settings, ends=ends)
        if killed.was_killed:
            return moment, killed
        shutil.rmtree(warehouse)
        moment = moment.sooner()


def run(
    command: Sequence[str],
    warehouse: Path,
    moment: Moment | None = None,
    *,
    settings: Mapping[str, str] | None = None,
    ends: Collection[int] = ENDS,
) -> Run:
    """Take a run to its end, or kill it at a moment."""
    started = time.monotonic()
    environment = surroundings({**SETTINGS, **(settings or {}), "INGEST_WAREHOUSE": str(warehouse)})
    process, lines = fork_and_listen(command, cwd=Path.cwd(), environment=environment)
    told: list[tuple[int, str]] = []
    with lines:
        listening = _listen(lines, started, told)
        if moment is not None and moment.comes(listening):
            process.kill()
        for _ in listening:
            pass
    code = process.wait()

    was_killed = code == -signal.SIGKILL
    assert code in ends or (moment and was_killed), f"killed at {moment}: ended with {code}, after {told}"
    # A reading process that was just being begun complains of the end of its parent.
    assert was_killed or not [line for _, line in told if "Traceback" in line], told
    return Run(was_killed, _ms_since(started), told)


def _is_unsettled(warehouse: Path) -> bool:
    """Return whether a publication was committed that is not settled to the last."""
    published = warehouse / "published.duckdb"
    return published.exists() and bool(query(published, "from ops.settlements limit 1")[1])


def _listen(lines: Iterable[str], started: float, told: list[tuple[int, str]]) -> Iterator[str]:
    for line in lines:
        told.append((_ms_since(started), line))
        yield line


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)

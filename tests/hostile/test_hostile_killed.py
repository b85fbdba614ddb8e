"""A run over hostile newsrooms, killed at random moments and run again, ends where an uninterrupted one would.

INGEST_TEST_KILLS says how many moments to try; without it, a handful.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from tests.killing import STATIONS, WAITS_MS, Moment, archive_flaws, count_articles, differences, read_state

from .case import PUBLISHED, Act, Case
from .newsroom import CASES, HEALTHY
from .site import Site, Street
from .wire import Reply
from .words import listing, page, rss

KILLS = int(os.environ.get("INGEST_TEST_KILLS", "6"))
SETTINGS = {"INGEST_READING_PROCESSES": "1", "INGEST_LOG_LEVEL": "info"}
# Runs are forked from a process that has loaded all they need: what is killed is the run, not its imports.
RUNS = get_context("forkserver")
LOADED = ["great_expectations", "ingest.cli.run", "ingest.wiring", "ingest.edge.store", "ingest.edge.web",
          "ingest.edge.quality", "ingest.edge.gx_duckdb", "flows.direct", __name__]  # fmt: skip
# What ends otherwise another time is left out, as is what takes its time.
PASSING = {"failed truncated", "failed timeout", "failed unreachable", "failed server_failed", "failed rate_limited"}
BY_ID = {case.id: case for case in CASES}


def _one_feed_of_bad_pages() -> Case:
    """Gather the hostile pages of all cases under one feed, which lists each anew in the second act."""
    pages = {
        f"/{case.id}": answer
        for case in CASES
        for answer in [case.acts[0].answers.get("/hostile")]
        if isinstance(answer, Reply) and not PASSING & case.acts[0].ends.keys() and len(answer.body) < 100_000
    }
    paths = [*pages, *(f"{path}?utm_source=feed" for path in list(pages)[::9])]
    feeds = [rss(*(listing(path, f"{word} {path}") for path in paths)) for word in ("First", "Then")]
    twins = {path: pages[path.partition("?")[0]] for path in paths}
    changed = {path: Reply(page(f"Rewritten {path}")) for path in list(pages)[::2]}
    first = Act(answers={"/feed": Reply(feeds[0]), **twins})
    return Case(id="bad_pages", does="has them all", acts=(first, Act(answers={"/feed": Reply(feeds[1]), **changed})))


TOWN = (_one_feed_of_bad_pages(), HEALTHY[0], BY_ID["dates"], BY_ID["status_410"])


@dataclass(slots=True)
class Town:
    """The chosen newsrooms, open, and what an uninterrupted run over each act made of them."""

    folder: Path
    sites: Mapping[str, Site]
    runs: list["Run"] = field(default_factory=list)
    states: list[dict[str, list[Any]]] = field(default_factory=list)

    def play(self, act: int) -> list[str]:
        """Let every newsroom answer as in that act, and give the command that visits those it concerns."""
        for case in TOWN:
            self.sites[case.id].answers.update(case.acts[min(act, len(case.acts) - 1)].answers)
        concerned = [f"--source={case.id}" for case in TOWN if len(case.acts) > 1] if act else []
        return ["run", "--direct", f"--sources={self.folder / 'sources.json'}", *concerned]

    def before(self, act: int) -> Path:
        """Say where the warehouse as it was before that act is kept."""
        return self.folder / f"before-{act}"


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended, how long it took, and what it said."""

    was_killed: bool
    took_ms: int
    said: Sequence[str]

    def passings(self) -> list[Moment]:
        """Give a moment for each time that a source passed a station."""
        lines = [(station, line) for line in self.said for station in STATIONS if f" {station} source=" in line]
        seen = Counter[str]()
        return [Moment(station=station, times=seen.update([station]) or seen[station]) for station, _ in lines]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Open the chosen newsrooms and take both acts without interruption."""
    RUNS.set_forkserver_preload(LOADED)
    folder, street = tmp_path_factory.mktemp("town"), Street()
    opened = Town(folder, {case.id: street.open(case.acts[0].answers) for case in TOWN})
    listed = [{"key": key, "name": key, "feed_url": f"{site.url}/feed"} for key, site in opened.sites.items()]
    (folder / "sources.json").write_text(json.dumps(listed), encoding="utf-8")
    opened.before(0).mkdir()
    run(["sources", "list"], folder / "unused")  # loads what the others are forked with
    try:
        for act in (0, 1):
            shutil.copytree(opened.before(act), opened.before(act + 1))
            opened.runs.append(run(opened.play(act), opened.before(act + 1)))
            opened.states.append(read_state(opened.before(act + 1)))
        yield opened
    finally:
        street.close()


def test_the_town_has_all_kinds_of_endings(town: Town) -> None:
    endings = {f"{row['outcome']} {row['reason']}" for row in town.states[1]["outcomes"]}

    assert endings >= {
        PUBLISHED, "published new_version", "unchanged same_content", "unchanged same_article", "failed missing",
        "failed not_an_article", "failed address_refused", "failed redirect",
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(KILLS))
def test_killed_at_any_moment_nothing_is_lost_and_nothing_twice(town: Town, tmp_path: Path, seed: int) -> None:
    chance, act, warehouse = random.Random(seed), seed % 2, tmp_path / "warehouse"
    by_clock = Moment(wait_ms=chance.randrange(town.runs[act].took_ms))
    by_station = replace(chance.choice(town.runs[act].passings()), wait_ms=chance.choice(WAITS_MS))
    command = town.play(act)

    killed_at = kill(command, town.before(act), warehouse, by_clock if chance.random() < 0.5 else by_station)
    seen = count_articles(warehouse)
    run(command, warehouse)

    assert differences(read_state(warehouse), town.states[act]) == {}, killed_at
    assert (seen or 0) >= (count_articles(town.before(act)) or 0)
    assert archive_flaws(warehouse) == []
    assert [path.name for path in warehouse.glob("*.partial*")] == []


def kill(command: Sequence[str], before: Path, warehouse: Path, moment: Moment) -> Moment:
    """Kill a run at a moment, sooner where it came to its end before; say when that was."""
    while True:
        shutil.copytree(before, warehouse)
        if run(command, warehouse, moment).was_killed:
            return moment
        shutil.rmtree(warehouse)
        moment = replace(moment, wait_ms=moment.wait_ms // 2)


def run(command: Sequence[str], warehouse: Path, moment: Moment | None = None) -> Run:
    """Take a run to its end, or kill it at a moment."""
    heard, said = RUNS.Pipe(duplex=False)
    started = time.monotonic()
    process = RUNS.Process(target=_ingest, args=(command, warehouse, said))
    process.start()
    said.close()
    told: list[str] = []
    with os.fdopen(os.dup(heard.fileno()), errors="replace") as lines:
        if moment is not None and moment.comes(lines):
            process.kill()
        told += lines
    process.join()
    heard.close()

    was_killed = process.exitcode == -signal.SIGKILL
    assert process.exitcode in {0, 3} or (moment and was_killed), "".join(told)
    assert not [line for line in told if "Traceback" in line]
    return Run(was_killed, round((time.monotonic() - started) * 1000), told)


def _ingest(command: Sequence[str], warehouse: Path, said: Connection) -> None:
    """Be the command, with its complaints going to whoever holds the other end."""
    os.environ.update(SETTINGS | {"INGEST_WAREHOUSE": str(warehouse)})
    os.dup2(said.fileno(), 2)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    from ingest.cli import main

    sys.argv = ["ingest", *command]
    main()

"""A run over hostile newsrooms, killed at random moments and run again, ends where an uninterrupted one would.

INGEST_TEST_KILLS says how many moments to try; without it, a handful.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from tests.killing import Moment, archive_flaws, count_articles, differences, read_state, some_moments

from .case import PUBLISHED, Act, Case
from .newsroom import CASES, HEALTHY
from .site import Site, Street
from .wire import Reply
from .words import listing, page, rss

KILLS_IN_A_ROW = 5  # before a run is let come to its end
MOMENTS = int(os.environ.get("INGEST_TEST_KILLS", KILLS_IN_A_ROW))
SETTINGS = {"INGEST_READING_PROCESSES": "1", "INGEST_LOG_LEVEL": "info"}
# Runs are forked from a process that has loaded all they need: what is killed is the run, not its imports.
RUNS = get_context("forkserver")
LOADED = ["great_expectations", "ingest.cli.run", "ingest.wiring", "ingest.edge.store", "ingest.edge.web",
          "ingest.edge.quality", "ingest.edge.gx_duckdb", "flows.direct", __name__]  # fmt: skip
# What ends otherwise another time is left out, as is what takes its time.
PASSING = {"failed truncated", "failed timed_out", "failed unreachable", "failed server_failed", "failed throttled"}
OTHERS = ("then_rewritten", "then_renumbered", "amp_twin", "dates", "status_410")
BY_ID = {case.id: case for case in (*CASES, *HEALTHY)}


def _one_feed_of_bad_pages() -> Case:
    """Gather the hostile pages of all cases under one feed, which lists each anew in the second act."""
    pages = {
        f"/{case.id}": answer
        for case in CASES
        for answer in [case.acts[0].answers.get("/hostile")]
        if isinstance(answer, Reply) and not PASSING & case.acts[0].ends.keys() and len(answer.body) < 100_000
    }
    feeds = [rss(*(listing(path, f"{word} {path}") for path in pages)) for word in ("First", "Then")]
    changed = {path: Reply(page(f"Rewritten {path}")) for path in list(pages)[::2]}
    first = Act(answers={"/feed": Reply(feeds[0]), **pages})
    return Case(id="bad_pages", does="has them all", acts=(first, Act(answers={"/feed": Reply(feeds[1]), **changed})))


TOWN = (_one_feed_of_bad_pages(), HEALTHY[0], *(BY_ID[name] for name in OTHERS))


@dataclass(slots=True)
class Town:
    """The chosen newsrooms, open, and what an uninterrupted run over each act made of them."""

    folder: Path
    sites: Mapping[str, Site]
    states: list[dict[str, list[Any]]] = field(default_factory=list)
    run_ms: list[int] = field(default_factory=list)

    def play(self, act: int) -> list[str]:
        """Let every newsroom answer as in that act, and give the command that visits those it concerns."""
        for case in TOWN:
            self.sites[case.id].answers.update(case.acts[min(act, len(case.acts) - 1)].answers)
        concerned = [f"--source={case.id}" for case in TOWN if len(case.acts) > 1] if act else []
        return ["run", "--direct", f"--sources={self.folder / 'sources.json'}", *concerned]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Open the chosen newsrooms and take both acts without interruption."""
    RUNS.set_forkserver_preload(LOADED)
    folder, street = tmp_path_factory.mktemp("town"), Street()
    opened = Town(folder, {case.id: street.open(case.acts[0].answers) for case in TOWN})
    listed = [{"key": key, "name": key, "feed_url": f"{site.url}/feed"} for key, site in opened.sites.items()]
    (folder / "sources.json").write_text(json.dumps(listed), encoding="utf-8")
    try:
        for act in (0, 1):
            started = time.monotonic()
            run(opened.play(act), folder / "warehouse")
            opened.run_ms.append(round((time.monotonic() - started) * 1000))
            opened.states.append(read_state(folder / "warehouse"))
        yield opened
    finally:
        street.close()


def test_the_town_has_all_kinds_of_endings(town: Town) -> None:
    endings = {f"{row['outcome']} {row['reason']}" for row in town.states[1]["outcomes"]}

    assert endings >= {
        PUBLISHED, "published new_version", "unchanged same_content", "unchanged same_article", "failed missing",
        "failed not_an_article", "failed address_refused", "failed redirects_endless",
        "quarantined published_at_plausible",
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(-(-MOMENTS // KILLS_IN_A_ROW)))
def test_killed_over_hostile_newsrooms_nothing_is_lost_or_twice(town: Town, tmp_path: Path, seed: int) -> None:
    moments = some_moments(seed, KILLS_IN_A_ROW, sources=len(TOWN), run_ms=min(town.run_ms))
    kills = 0
    for act in (0, 1):
        command = town.play(act)
        seen = []
        for moment in moments[act::2]:
            kills += run(command, tmp_path, moment)
            seen.append(count_articles(tmp_path))
        run(command, tmp_path)

        assert seen == sorted(seen, key=lambda count: count or 0)
        assert differences(read_state(tmp_path), town.states[act]) == {}
        assert archive_flaws(tmp_path) == []
        assert [path.name for path in tmp_path.glob("*.partial*")] == []
    assert kills > 0


def run(command: Sequence[str], warehouse: Path, moment: Moment | None = None) -> bool:
    """Take a run to its end, or kill it at a moment; say whether it was killed."""
    heard, said = RUNS.Pipe(duplex=False)
    process = RUNS.Process(target=_ingest, args=([*command, f"--warehouse={warehouse}"], said))
    process.start()
    said.close()
    with os.fdopen(os.dup(heard.fileno()), errors="replace") as lines:
        if moment is not None and moment.comes(lines):
            process.kill()
        told = list(lines)
    process.join()
    heard.close()

    killed = process.exitcode == -signal.SIGKILL
    assert process.exitcode in {0, 3} or (moment and killed), "".join(told)
    assert not [line for line in told if "Traceback" in line]
    return killed


def _ingest(command: Sequence[str], said: Connection) -> None:
    """Be the command, with its complaints going to whoever holds the other end."""
    os.environ.update(SETTINGS)
    os.dup2(said.fileno(), 2)
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
    from ingest.cli import main

    sys.argv = ["ingest", *command]
    main()

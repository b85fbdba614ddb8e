"""A run that is told to stop publishes what it has, says so and ends; the next one goes on where it was."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import psutil
import pytest

from ingest.demo import Story
from ingest.warehouse.warehouse import query
from tests.command import ingest, list_sources, surroundings
from tests.flows.held import Held
from tests.forkserver import Forked, fork_and_listen
from tests.waiting import LONGEST_SECONDS, wait_until

pytestmark = [pytest.mark.integration, pytest.mark.slow]

STORIES = [f"boats-{number}" for number in range(5)]  # newest first


@dataclass(frozen=True, kw_only=True)
class Town:
    """A newsroom that holds its second newest page back, and a folder to watch it from."""

    newsroom: Held
    folder: Path

    def begin(self, *command: str, **settings: str) -> tuple[Forked, TextIO]:
        """Begin a run, and wait until it asks for the page that is held back."""
        arguments = ["run", *command, "--sources=sources.json"]
        process, lines = fork_and_listen(arguments, cwd=self.folder, environment=surroundings(settings))
        assert self.newsroom.is_asked.wait(LONGEST_SECONDS)
        return process, lines

    def run(self) -> dict[tuple[str, str], int]:
        ran = ingest("run", "--direct", "--json", "--force", "--sources=sources.json", cwd=self.folder)
        assert ran.code == 0, ran.err
        return {(one["outcome"], one["reason"]): one["entries"] for one in ran.told["reasons"]}

    def released(self) -> int:
        ((articles,),) = query(self.folder / "warehouse" / "news.duckdb", "select count(*) from articles")[1]
        return int(articles)

    def pages(self) -> list[str]:
        return [request.path for request in self.newsroom.requests if request.path.startswith("/story/")]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with Held() as newsroom:
        newsroom.publish(
            *(
                Story(slug=slug, title=slug, text=f"The town will pay $1{hours} million for new boats.", hours=hours)
                for hours, slug in enumerate(STORIES)
            )
        )
        newsroom.held = newsroom.publications[STORIES[1]].path
        list_sources(tmp_path / "sources.json", newsroom.source)
        yield Town(newsroom=newsroom, folder=tmp_path)
        newsroom.goes_on.set()


def tell_to_stop(process: Forked, lines: Iterable[str]) -> str:
    """Send a run SIGTERM, and return the line in which it says that it has heard."""
    os.kill(process.pid, signal.SIGTERM)
    return next(line for line in lines if "SIGTERM" in line)


def test_a_run_publishes_what_it_has_and_the_next_one_goes_on(town: Town) -> None:
    process, lines = town.begin("--direct")
    with lines:
        said = tell_to_stop(process, lines)
        town.newsroom.goes_on.set()
        rest = list(lines)
    code, stopped_at = process.wait(), town.released()

    assert said == "ingest: SIGTERM: ending after what is under way, 60 s at most; the next run carries on\n"
    assert (code, rest, stopped_at) == (143, [], 2)
    assert town.run() == {("published", "new_article"): 3}
    assert (town.released(), len(town.pages())) == (5, 5)


def test_a_second_signal_ends_it_at_once_and_the_next_run_goes_on(town: Town) -> None:
    process, lines = town.begin("--direct")
    with lines:
        tell_to_stop(process, lines)
        os.kill(process.pid, signal.SIGTERM)
        rest = list(lines)
    code = process.wait()
    town.newsroom.goes_on.set()

    assert (code, rest) == (143, [])
    assert not (town.folder / "warehouse/news.duckdb").exists()
    assert town.run() == {("published", "new_article"): 5}
    assert town.released() == 5


def test_a_backfill_that_is_told_to_stop_is_carried_on_by_the_next(town: Town) -> None:
    days = ("--from=2026-11-01", "--to=2026-11-30", "--direct", "--sources=sources.json")
    command = ["backfill", "gazette", *days]
    process, lines = fork_and_listen(command, cwd=town.folder, environment=surroundings({}))
    assert town.newsroom.is_asked.wait(LONGEST_SECONDS)
    with lines:
        tell_to_stop(process, lines)
        town.newsroom.goes_on.set()
        rest = list(lines)
    code, stopped_at = process.wait(), town.released()
    again = ingest(*command, cwd=town.folder)

    assert (code, rest, stopped_at) == (143, [], 2)
    assert (again.code, town.released(), len(town.pages())) == (0, 5, 5)


@pytest.mark.parametrize(("presses", "articles"), [(1, 2), (2, None)])
def test_ctrl_c_reaches_all_processes_of_a_prefect_run_and_none_of_them_is_left(
    town: Town, prefect_home: Path, presses: int, articles: int | None
) -> None:
    home = shutil.copytree(prefect_home, town.folder / "prefect")
    process, lines = town.begin(PREFECT_HOME=str(home))
    family = psutil.Process(process.pid).children(recursive=True)
    with lines:
        for _ in range(presses):
            os.killpg(process.pid, signal.SIGINT)
            said = next(lines, "")
        town.newsroom.goes_on.set()
        rest = list(lines)
    code = process.wait()
    wait_until(lambda: not any(one.is_running() for one in family), pause_seconds=0.1)
    stopped_at = town.released() if presses == 1 else None

    assert (code, rest, len(family) > 0) == (130, [], True), said
    assert (stopped_at, town.run()) == (articles, {("published", "new_article"): 5 - (articles or 0)})
    assert town.released() == 5


def python(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=LONGEST_SECONDS)


def test_a_run_that_reaches_no_safe_point_is_ended_when_its_grace_is_over() -> None:
    code = (
        "import signal, threading; from ingest.flows.signals import stopped_by_signals\n"
        "with stopped_by_signals(grace_seconds=0.1):\n"
        "    signal.raise_signal(signal.SIGTERM); threading.Event().wait()"
    )

    assert python(code).returncode == 143


def test_a_signal_that_is_ignored_stays_so_and_afterwards_both_are_heard_as_before() -> None:
    code = (
        "import signal; from ingest.flows.signals import is_stopping, stopped_by_signals\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "with stopped_by_signals():\n"
        "    signal.raise_signal(signal.SIGINT); ignored = not is_stopping()\n"
        "    signal.raise_signal(signal.SIGTERM); heard = is_stopping()\n"
        "print(ignored, heard, is_stopping(), signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)"
    )

    assert python(code).stdout.split() == ["True", "True", "False", "True"]

"""A run passes the stages in order, over what is due and what an earlier run left; trouble stops no other source."""

import multiprocessing
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.core.errors import IngestError, Misconfigured, TimedOut, ValidatorFailed, WarehouseBusy
from ingest.core.fetch_state import Budget
from ingest.core.ports import OutcomeCount
from ingest.demo import Newsroom
from ingest.flows import due_work, stages
from ingest.flows.direct import Here
from ingest.flows.run_order import failed_of, run_stages
from ingest.pipeline import steps, wiring
from ingest.warehouse import batches
from tests.command import list_sources
from tests.flows.held import Held
from tests.waiting import LONGEST_SECONDS

pytestmark = pytest.mark.integration

FLOOD = "The river rose by two meters overnight, and 340 people moved out by noon."
STORM = "The storm took 12 roofs in the harbor on Monday night, and nobody was hurt."


class Notebook:
    """A runner that takes the stages here, writes down what it was asked, and lets some of them fail."""

    def __init__(self, failing: dict[str, IngestError] | None = None) -> None:
        self.failing = failing or {}
        self.taken: list[tuple[str, list[str]]] = []
        self._here = Here(threads=1)
        self._failed: list[tuple[str, IngestError]] = []

    @property
    def under_way(self) -> Collection[str]:
        return self._here.under_way

    def begin(self, stage: str, keys: Sequence[str], *arguments: object) -> None:
        self.taken.append((stage, list(keys)))
        if stage in self.failing:
            self._failed += [(key, self.failing[stage]) for key in keys]
        else:
            self._here.begin(stage, keys, *arguments)

    def settle(self, keys: Collection[str], seconds: float) -> list[tuple[str, IngestError]]:
        failed, self._failed = self._failed, []
        return failed + self._here.settle(keys, seconds)

    def each(self, stage: str, keys: Sequence[str], *arguments: object) -> list[tuple[str, IngestError]]:
        self.taken.append((stage, list(keys)))
        if stage in self.failing:
            return [(key, self.failing[stage]) for key in keys]
        return self._here.each(stage, keys, *arguments)

    def together(
        self, stage: str, groups: Sequence[Sequence[str]], *arguments: object
    ) -> list[tuple[str, IngestError]]:
        self.taken.append((stage, ["a batch" for group in groups for _ in group]))
        if stage in self.failing:
            return [(key, self.failing[stage]) for group in groups for key in group]
        return self._here.together(stage, groups, *arguments)

    def once(self, stage: str, *arguments: object) -> None:
        self.taken.append((stage, []))
        self._here.once(stage, *arguments)


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        newsroom.publishes("flood", text=FLOOD)
        yield newsroom


@pytest.fixture
def given(tmp_path: Path, newsroom: Newsroom) -> dict[str, Any]:
    sources = list_sources(tmp_path / "sources.json", newsroom.source)
    return {"warehouse": str(tmp_path / "warehouse"), "sources": str(sources)}


def take(runner: Notebook, run_id: str, given: dict[str, Any], *keys: str, recheck: bool = False) -> list[str]:
    with wiring.open_world(**given):  # as a run does: else each stage would start a process to read pages
        report = run_stages(runner, run_id, keys=keys, everything=False, given=given, recheck=recheck)
    return [f"{trouble.key}: {trouble.reason}" for trouble in report.troubles]


class Counter(Notebook):
    """A runner that writes down which processes of ours there are as a stage begins."""

    def __init__(self) -> None:
        super().__init__()
        self.processes: dict[str, set[int | None]] = {}

    def begin(self, stage: str, keys: Sequence[str], *arguments: object) -> None:
        self._count(stage)
        super().begin(stage, keys, *arguments)

    def each(self, stage: str, keys: Sequence[str], *arguments: object) -> list[tuple[str, IngestError]]:
        self._count(stage)
        return super().each(stage, keys, *arguments)

    def _count(self, stage: str) -> None:
        self.processes[stage] = {child.pid for child in multiprocessing.active_children()}


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A run over a newsroom that nothing went wrong with, and what it has left."""

    newsroom: Newsroom
    given: dict[str, Any]
    runner: Counter
    troubles: list[str]
    outcome_counts: list[OutcomeCount]

    def copy_warehouse(self, folder: Path) -> dict[str, Any]:
        """Copy the warehouse, and return the settings of a run over the copy."""
        return self.given | {"warehouse": str(shutil.copytree(self.given["warehouse"], folder / "warehouse"))}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    folder = tmp_path_factory.mktemp("first")
    with Newsroom() as newsroom:
        newsroom.publishes("flood", text=FLOOD)
        sources = list_sources(folder / "sources.json", newsroom.source)
        given = {"warehouse": str(folder / "warehouse"), "sources": str(sources)}
        runner = Counter()
        troubles = take(runner, "first", given)
        outcome_counts = stages.outcome_counts("first", given)
        yield Taken(newsroom=newsroom, given=given, runner=runner, troubles=troubles, outcome_counts=outcome_counts)


def test_the_stages_are_taken_in_order(first: Taken) -> None:
    assert first.runner.taken == [
        ("poll_source", ["gazette"]),
        ("fetch_and_stage", ["gazette"]),
        ("validate_batches", ["a batch"]),
        ("publish_batches", ["a batch"]),
        ("release_news", ["news.duckdb"]),
        ("audit_warehouse", ["warehouse"]),
        ("oversee", []),
        ("notify_people", []),
    ]
    assert first.troubles == []
    assert [(one.outcome, one.reason, one.entries) for one in first.outcome_counts] == [("published", "new_article", 1)]


def test_those_who_read_pages_hold_no_memory_once_the_analysts_file_is_made(first: Taken) -> None:
    processes = first.runner.processes
    readers = processes["release_news"] - processes["fetch_and_stage"]

    assert readers
    assert readers.isdisjoint(processes["audit_warehouse"])


def test_a_source_takes_one_connection_for_its_feed_and_one_for_its_pages(
    given: dict[str, Any], newsroom: Newsroom
) -> None:
    newsroom.publishes("storm", text=STORM)
    with wiring.open_world(**given):
        turn = due_work.turn_of_run(stages.begin_run("run", given), None, given)
        stages.poll_source("gazette", "run", given)
        served = stages.fetch_pages("gazette", "run", turn, given)

    asked = [(request.port, request.path) for request in newsroom.requests]
    feed, *pages = dict.fromkeys(port for port, _ in asked)
    assert [path for port, path in asked if port == feed] == ["/feed.xml"]
    assert (served, len(pages), len(asked)) == (2, 1, 4)  # with its robots.txt


def test_pages_of_one_source_are_staged_while_those_of_another_are_being_fetched(tmp_path: Path) -> None:
    with Held() as slow, Newsroom(host="127.0.0.2") as quick:  # a host is asked one thing at a time
        quick.publishes("flood", text=FLOOD)
        slow.publishes("storm", text=STORM)
        slow.held = slow.publications["storm"].path
        sources = list_sources(tmp_path / "sources.json", replace(slow.source, source_id="herald"), quick.source)
        given = {"warehouse": str(tmp_path / "warehouse"), "sources": str(sources)}
        with wiring.open_world(**given) as world, closing(Here(threads=2)) as runner:
            turn = due_work.turn_of_run(stages.begin_run("run", given), None, given)
            for key in ("herald", "gazette"):
                stages.poll_source(key, "run", given)
            runner.begin("fetch_and_stage", ["herald", "gazette"], "run", "", turn, given)
            assert slow.is_asked.wait(LONGEST_SECONDS)
            runner.settle(["gazette"], LONGEST_SECONDS)
            meanwhile = [batch.source_id for batch in batches.batches_in(world.state, "staged")]
            slow.goes_on.set()
            runner.settle(["herald"], LONGEST_SECONDS)
            after = {batch.source_id for batch in batches.batches_in(world.state, "staged")}

    assert (meanwhile, after) == (["gazette"], {"gazette", "herald"})


def test_what_is_too_much_for_one_batch_is_validated_in_several_and_published_together(
    given: dict[str, Any], newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "ARTICLES_PER_WRITE", 1)
    monkeypatch.setattr(steps, "ARTICLES_PER_BATCH", 1)
    newsroom.publishes("storm", text=STORM)
    runner = Notebook()
    troubles = take(runner, "first", given)
    ended = [(one.outcome, one.reason, one.entries) for one in stages.outcome_counts("first", given)]

    assert [stage for stage, _ in runner.taken] == [
        *("poll_source", "fetch_and_stage", "validate_batches", "stage_batch", "validate_batches"),
        *("publish_batches", "release_news", "audit_warehouse", "oversee", "notify_people"),
    ]
    assert (troubles, ended) == ([], [("published", "new_article", 2)])


def test_pages_are_asked_again_when_everything_new_is_public(first: Taken, tmp_path: Path) -> None:
    given, newsroom = first.copy_warehouse(tmp_path), first.newsroom
    path = newsroom.publications["flood"].path
    changed = newsroom.answer(path)
    assert changed is not None
    newsroom.serve(path, changed.body.replace(b"two meters", b"three meters"))  # and the feed says nothing of it
    newsroom.publishes("storm", text=STORM)
    runner = Notebook()
    take(runner, "second", given, recheck=True)
    ended = {(one.outcome, one.reason): one.entries for one in stages.outcome_counts("second", given)}

    assert [stage for stage, _ in runner.taken] == [
        *("poll_source", "fetch_and_stage", "validate_batches", "publish_batches", "release_news"),
        *("fetch_and_stage", "validate_batches", "publish_batches", "release_news"),
        *("audit_warehouse", "oversee", "notify_people"),
    ]
    assert ended == {("published", "new_article"): 1, ("published", "new_version"): 1}


class Late(Notebook):
    """A runner for whom the feed of one source takes as long as it takes to settle things twice."""

    def __init__(self, late: str) -> None:
        super().__init__()
        self._late = [late]
        self._settled = 0

    @property
    def under_way(self) -> Collection[str]:
        return [*self._here.under_way, *self._late]

    def begin(self, stage: str, keys: Sequence[str], *arguments: object) -> None:
        super().begin(stage, [key for key in keys if key not in self._late], *arguments)
        if stage == "poll_source":
            self._poll = arguments

    def settle(self, keys: Collection[str], seconds: float) -> list[tuple[str, IngestError]]:
        self._settled += 1
        if self._settled == 3:
            late, self._late = self._late, []
            super().begin("poll_source", late, *self._poll)
            return super().settle(late, seconds)
        return super().settle(keys, seconds)


def test_a_newsroom_that_takes_its_time_holds_up_no_other(tmp_path: Path, newsroom: Newsroom) -> None:
    with Newsroom() as other:
        other.publishes("storm", text=STORM)
        sources = list_sources(tmp_path / "sources.json", replace(other.source, source_id="herald"), newsroom.source)
        given = {"warehouse": str(tmp_path / "warehouse"), "sources": str(sources)}
        runner = Late("herald")
        troubles = take(runner, "first", given)

    assert runner.taken == [
        ("poll_source", ["gazette"]),
        ("fetch_and_stage", ["gazette"]),
        ("validate_batches", ["a batch"]),
        ("publish_batches", ["a batch"]),
        ("release_news", ["news.duckdb"]),
        ("poll_source", ["herald"]),
        ("fetch_and_stage", ["herald"]),
        ("validate_batches", ["a batch"]),
        ("publish_batches", ["a batch"]),
        ("release_news", ["news.duckdb"]),
        ("audit_warehouse", ["warehouse"]),
        ("oversee", []),
        ("notify_people", []),
    ]
    assert troubles == []
    assert [(one.outcome, one.entries) for one in stages.outcome_counts("first", given)] == [("published", 1)] * 2


def test_every_source_gets_its_share_of_a_run_and_what_is_left_waits_for_the_next(
    tmp_path: Path, newsroom: Newsroom
) -> None:
    budget = Budget(length=timedelta(hours=1), pages_per_source=2)
    with Newsroom() as other:
        other.publishes("storm", text=STORM)
        herald = replace(other.source, source_id="herald")
        for number in range(4):
            newsroom.publishes(f"boats-{number}")
        sources = list_sources(tmp_path / "sources.json", newsroom.source, herald)
        given = {"warehouse": str(tmp_path / "warehouse"), "sources": str(sources)}
        ended, polled = [], []
        for run_id in ("first", "second", "third"):
            runner = Notebook()
            with wiring.open_world(**given):
                recheck = run_id == "second"
                run_stages(runner, run_id, keys=[], everything=True, given=given, recheck=recheck, budget=budget)
            ended.append([(one.source_id, one.reason, one.entries) for one in stages.outcome_counts(run_id, given)])
            polled.append(runner.taken[0])

    assert ended == [
        [("gazette", "new_article", 2), ("gazette", "waiting", 3), ("herald", "new_article", 1)],
        [("gazette", "new_article", 2), ("gazette", "waiting", 1), ("herald", "not_modified", 1)],
        [("gazette", "new_article", 1)],
    ]
    assert polled == [("poll_source", ["gazette", "herald"])] * 3


class Halves:
    """A runner whose groups break off halfway: the first batch is validated, then the warehouse is busy."""

    def __init__(self) -> None:
        self._here = Here(threads=1)
        self.each, self.once = self._here.each, self._here.once
        self.begin, self.settle, self.under_way = self._here.begin, self._here.settle, self._here.under_way

    def together(self, stage: str, groups: Any, *arguments: object) -> list[tuple[str, IngestError]]:
        first, *_ = [key for group in groups for key in group]
        self._here.together(stage, [[first]], *arguments)
        return [(key, WarehouseBusy("busy", about=key)) for group in groups for key in group]


def test_a_batch_that_was_validated_is_no_trouble_when_its_group_breaks_off(tmp_path: Path, newsroom: Newsroom) -> None:
    with Newsroom() as other:
        other.publishes("storm", text=STORM)
        herald = replace(other.source, source_id="herald")
        sources = list_sources(tmp_path / "sources.json", newsroom.source, herald)
        given = {"warehouse": str(tmp_path / "warehouse"), "sources": str(sources)}
        with wiring.open_world(**given):
            report = run_stages(Halves(), "first", keys=[], everything=False, given=given)

    assert [trouble.reason for trouble in report.troubles] == ["warehouse_busy"]
    assert [trouble.key for trouble in report.troubles] == [
        key for group in due_work.staged_batches("first", given) for key in group
    ]


def test_what_a_group_gives_is_told_of_its_keys() -> None:
    broken, busy = ValidatorFailed("broken", about="b"), WarehouseBusy("busy", about="c")

    assert list(failed_of([["a", "b"], ["c", "d"], ["e"]], [[("b", broken)], busy, []])) == [
        ("b", broken), ("c", busy), ("d", busy),
    ]  # fmt: skip


def test_trouble_with_one_stage_is_told_and_the_rest_is_taken(given: dict[str, Any]) -> None:
    runner = Notebook({"fetch_and_stage": TimedOut("slow", about="gazette")})
    troubles = take(runner, "first", given)

    assert troubles == ["gazette: timeout"]
    assert [stage for stage, _ in runner.taken][-3:] == ["audit_warehouse", "oversee", "notify_people"]
    assert [(str(one.outcome), one.entries) for one in stages.outcome_counts("first", given)] == [("None", 1)]


def test_a_file_that_cannot_be_made_keeps_nobody_from_being_told(
    tmp_path: Path, given: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    runner = Notebook()
    stages.begin_run("before", given)
    with duckdb.connect(tmp_path / "warehouse" / "published.duckdb") as connection:
        connection.execute("create table money_usd (in_the_way integer)")
    troubles = take(runner, "first", given)

    assert troubles == ["news.duckdb: defect"]
    assert runner.taken[-1] == ("notify_people", [])
    assert [(one.outcome, one.entries) for one in stages.outcome_counts("first", given)] == [("published", 1)]
    assert "CatalogException" in caplog.text


def test_a_batch_that_cannot_be_published_keeps_no_other_from_it(
    tmp_path: Path, newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    with Newsroom() as other:
        other.publishes("storm", text=STORM)
        herald = replace(other.source, source_id="herald")
        sources = list_sources(tmp_path / "sources.json", newsroom.source, herald)
        given = {"warehouse": str(tmp_path / "warehouse"), "sources": str(sources)}
        runner = Spoiler(given)
        troubles = take(runner, "first", given)

    assert [trouble.partition(": ")[2] for trouble in troubles] == ["defect"]
    assert runner.taken[-1] == ("notify_people", [])
    counted = stages.outcome_counts("first", given)
    assert [(one.outcome, one.entries) for one in counted] == [(None, 1), ("published", 1)]
    assert "ConstraintException" in caplog.text


class Spoiler(Notebook):
    """A runner for whom a validated article of the gazette loses its title before it is published."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__()
        self._given = given

    def together(
        self, stage: str, groups: Sequence[Sequence[str]], *arguments: object
    ) -> list[tuple[str, IngestError]]:
        if stage == "publish_batches":
            with wiring.open_world(**self._given) as world, closing(world.warehouse.connect()) as connection:
                connection.execute("update staging.articles set title = null where source_id = 'gazette'")
        return super().together(stage, groups, *arguments)


def test_what_one_run_left_under_way_comes_in_with_the_next(given: dict[str, Any]) -> None:
    with wiring.open_world(**given):
        turn = due_work.turn_of_run(stages.begin_run("first", given), None, given)
        stages.poll_source("gazette", "first", given)
        stages.fetch_pages("gazette", "first", turn, given)
        stages.end_run("first", given)
    runner = Notebook()
    take(runner, "second", given)

    assert ("stage_batch", ["gazette"]) in runner.taken
    assert stages.outcome_counts("first", given) == []
    assert [(one.outcome, one.entries) for one in stages.outcome_counts("second", given)] == [("published", 1)]


def test_a_source_that_is_not_listed_stops_a_run_before_it_begins(given: dict[str, Any]) -> None:
    runner = Notebook()

    with pytest.raises(Misconfigured, match="no source has the key 'herald'"):
        take(runner, "first", given, "herald")
    assert runner.taken == []


def test_a_warehouse_that_stays_busy_is_told_and_not_waited_for_without_end(given: dict[str, Any]) -> None:
    path = Path(given["warehouse"]) / "published.duckdb"
    path.parent.mkdir()
    hold = f"import duckdb; c = duckdb.connect({str(path)!r}); print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        failed = Here(threads=1).each("poll_source", ["gazette"], "first", given)
        holder.communicate(b"\n")

    assert [(key, error.reason) for key, error in failed] == [("gazette", "warehouse_busy")]


def test_a_bug_in_the_way_of_one_source_is_told_and_ends_no_others(
    newsroom: Newsroom, given: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    listed = newsroom.source.source_id
    failed = Here(threads=1).each("poll_source", ["nobody's", listed], "run", given)

    assert [(key, error.reason) for key, error in failed] == [("nobody's", "defect")]
    assert 'KeyError: "nobody\'s"' in caplog.text

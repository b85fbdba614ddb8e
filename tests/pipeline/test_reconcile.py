"""What the state calls published and the warehouse lacks is public again after the next run, as it was before."""

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from ingest.core.parsed_articles import StagedArticle
from ingest.pipeline import steps
from ingest.pipeline.reconcile import reconcile
from ingest.pipeline.verify import verify_all
from ingest.pipeline.watchdog import look_over
from ingest.state import State
from ingest.state.alerts import open_alerts
from ingest.state.entries import keep_poll, keep_presence
from ingest.state.sqlite import STATE_FILE
from ingest.warehouse import batches, copy_history, expire_history, publication, runs, staged, verification
from ingest.warehouse.lake import Lake
from ingest.warehouse.tables import NEWS_TABLES
from ingest.warehouse.verification_findings import KeyRange
from ingest.warehouse.warehouse import PIPELINE_FILE, Warehouse
from tests.makers import (
    NOON,
    a_batch,
    a_figure,
    a_parsed_article,
    a_poll,
    a_source,
    a_staged_article,
    a_validation,
    an_entry,
)
from tests.postgres import Postgres
from tests.state import state_of
from tests.warehouse.test_settling import CutOff, LimitedEngine
from tests.warehouses import open_warehouse

HOUR = timedelta(hours=1)
EVERY_KEY = KeyRange(first="", end=None)
PAPERS = ("gazette", "herald")
MOMENTS = {"figure_changes": "seen_at"}
PUBLIC = (
    *(
        f"select {f'* exclude ({MOMENTS[table]})' if table in MOMENTS else '*'} from published.{table} order by all"
        for table in NEWS_TABLES
    ),
    "select batch_id from ops.published_batches order by all",
    "select entry_id, outcome, reason, ended_at from ops.entry_outcomes order by all",
    "select batch_id, state, articles from ops.batches order by all",
    "select event_id, name, source_id from ops.events where substr(name, 1, 6) <> 'alert.' order by all",
    "select count(*) from ops.settlements",
    "select count(*) from staging.articles",
)
KEPT = (
    "select entry_id, state, article_id, batch_id from entries order by 1",
    "select entry_id, run_id, outcome, reason, ended_at from entry_outcomes order by 1, 2",
    "select batch_id, state, is_reread from batches order by 1",
    "select event_id, name, source_id from events where substr(name, 1, 6) <> 'alert.' order by 1",
    "select * from articles order by article_id",
    "select url, article_id, kind from article_urls order by 1, 2, 3",
    "select article_id, source_id from article_sources order by 1, 2",
    "select count(*) from staged_parts",
    "select count(*) from presence_changes",
)


@dataclass
class Place:
    """A warehouse and its state, of which the warehouse alone can be put back to what it was."""

    folder: Path
    pg: Postgres | None = None
    lake: Lake | None = None

    @contextmanager
    def open(self) -> Iterator[tuple[State, Warehouse]]:
        with closing(Warehouse(self.folder, lake=self.lake)) as warehouse, closing(state_of(warehouse)) as state:
            yield state, warehouse

    def set_aside(self) -> None:
        """Copy the warehouse, for `put_back`."""
        if self.lake and self.pg:
            self.pg.ask(self.lake.catalog, COPY_CATALOG)
        else:
            shutil.copy(self.folder / PIPELINE_FILE, self.folder / "older")

    def put_back(self) -> None:
        """Restore the copy of the warehouse, as if it were the backup of another day than the state's."""
        if self.lake and self.pg:
            self.pg.ask(self.lake.catalog, "drop schema public cascade; alter schema older rename to public")
        else:
            shutil.copy(self.folder / "older", self.folder / PIPELINE_FILE)


COPY_CATALOG = """
do $$
declare one text;
begin
  create schema older;
  for one in select tablename from pg_tables where schemaname = 'public' loop
    execute format('create table older.%1$I (like public.%1$I including all)', one);
    execute format('insert into older.%1$I select * from public.%1$I', one);
  end loop;
end $$
"""


@pytest.fixture
def make_place(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], Place]:
    """Make places by name: each a file of its own, or a lake."""
    is_lake = getattr(request, "param", "file") == "lake"

    def make(name: str) -> Place:
        folder = tmp_path / name
        if is_lake:
            pg: Postgres = request.getfixturevalue("pg")
            return Place(folder, pg, pg.lake())
        open_warehouse(folder).close()
        return Place(folder)

    return make


ON_FILE_AND_LAKE = pytest.mark.parametrize(
    "make_place", ["file", pytest.param("lake", marks=[pytest.mark.integration, pytest.mark.slow])], indirect=True
)


@ON_FILE_AND_LAKE
def test_what_an_older_warehouse_lacks_is_published_again(
    make_place: Callable[[str], Place], caplog: pytest.LogCaptureFixture
) -> None:
    undisturbed, place = make_place("undisturbed"), make_place("restored")
    live(undisturbed)
    live(place)
    place.put_back()
    with undisturbed.open() as (state, warehouse):
        wanted = everything(state, warehouse)
    with place.open() as (state, warehouse), caplog.at_level(logging.WARNING, "ingest"):
        start(state, warehouse)
        alerts = [alert.title for alert in open_alerts(state).values()]
        run(state, warehouse)
        messages = state._engine.execute("select moment from messages order by written_at", {})[1]

        assert everything(state, warehouse) == wanted
        assert alerts == ["3 batches that were public are lost"]
        assert (messages, open_alerts(state)) == ([("opened",), ("resolved",)], {})
    logged = [record.getMessage().split(" batch=")[0] for record in caplog.records]
    assert logged == ["lost source=gazette", "lost source=herald", "lost source=gazette"]


@pytest.mark.slow
def test_cut_off_anywhere_the_next_start_ends_as_an_undisturbed_one(make_place: Callable[[str], Place]) -> None:
    undisturbed, before = make_place("undisturbed"), make_place("before")
    live(undisturbed)
    live(before)
    before.put_back()
    with undisturbed.open() as (state, warehouse):
        wanted = everything(state, warehouse)
    ends = {}
    for number in count():
        place = Place(shutil.copytree(before.folder, before.folder.with_name(f"cut-off-{number}")))
        engine = LimitedEngine(place.folder / STATE_FILE)
        with closing(Warehouse(place.folder)) as warehouse, closing(State(engine)) as cut_off:
            engine.left = number
            try:
                start(cut_off, warehouse)
                waiting = batches.batches_in(cut_off, "validated")
                steps.publish_batches(waiting, state=cut_off, warehouse=warehouse, now=NOON + 3 * HOUR)
            except CutOff:
                pass
            else:
                break
        with place.open() as (state, warehouse):
            start(state, warehouse)
            run(state, warehouse)
            ends[number] = everything(state, warehouse)
        shutil.rmtree(place.folder)

    assert number > 30  # statements, of which the last settle what the warehouse has
    assert [number for number, end in ends.items() if end != wanted] == []


@ON_FILE_AND_LAKE
def test_an_older_version_does_not_take_the_place_of_a_newer_one(make_place: Callable[[str], Place]) -> None:
    place = make_place("restored")
    with place.open() as (state, warehouse):
        publish(state, warehouse, "first", pledged("pier", "$12 million", NOON))
    place.set_aside()
    with place.open() as (state, warehouse):
        publish(
            state,
            warehouse,
            "second",
            pledged("pier", "$21 million", NOON + HOUR),
            pledged("tunnel", "$5 million", NOON + HOUR),
        )
    place.put_back()
    with place.open() as (state, warehouse):  # by a worker that did not look
        publish(state, warehouse, "third", pledged("pier", "$30 million", NOON + 2 * HOUR))
        start(state, warehouse)
        run(state, warehouse)
        with warehouse.connect() as connection:
            articles = connection.execute(
                "select title, version, content_hash from published.articles order by 1"
            ).fetchall()
            changes = connection.execute("select before, after, to_version from published.figure_changes").fetchall()
        entries = state._engine.execute("select outcome, reason from entry_outcomes order by ended_at", {})[1]
        known = state._engine.execute("select content_hash from articles order by 1", {})[1]

    assert articles == [("Pier", 2, "$30 million"), ("Tunnel", 1, "$5 million")]
    assert changes == [("$12 million", "$30 million", 2)]
    assert [outcome for outcome, _ in entries] == ["published"] * 4
    assert known == [("$30 million",), ("$5 million",)]


def test_what_an_older_state_waits_with_and_the_warehouse_has_is_known_and_not_public_twice(
    make_place: Callable[[str], Place],
) -> None:
    undisturbed, place = make_place("undisturbed"), make_place("restored")
    with undisturbed.open() as (state, warehouse):
        publish(state, warehouse, "first", pledged("pier", "$12 million", NOON))
        wanted = everything(state, warehouse)
    with place.open() as (state, warehouse):
        validate(state, warehouse, "first", pledged("pier", "$12 million", NOON))
    shutil.copy(place.folder / STATE_FILE, place.folder / "older")
    with place.open() as (state, warehouse):
        steps.publish_batches(batches.batches_in(state, "validated"), state=state, warehouse=warehouse, now=NOON)
    shutil.copy(place.folder / "older", place.folder / STATE_FILE)
    with place.open() as (state, warehouse):
        start(state, warehouse)
        steps.publish_batches(batches.batches_in(state, "validated"), state=state, warehouse=warehouse, now=NOON)

        assert everything(state, warehouse) == wanted


def test_what_is_lost_longer_than_parsed_articles_are_kept_is_named_by_verification(
    make_place: Callable[[str], Place],
) -> None:
    place = make_place("restored")
    live(place)
    with place.open() as (state, warehouse):
        removed = expire_history.delete_parsed(state, NOON + 3 * HOUR)
    place.put_back()
    with place.open() as (state, warehouse):
        start(state, warehouse)
        is_quiet = (batches.batches_in(state, "validated"), open_alerts(state)) == ([], {})
        found = verify_all(state=state, warehouse=warehouse, recall=id, now=NOON + 3 * HOUR)
        alerts = [alert.title for alert in open_alerts(state).values()]
        bodies = [alert.body for alert in open_alerts(state).values()]

    assert [(one.what, one.number) for one in removed] == [("parsed articles", 4)]
    assert is_quiet
    assert (found.lacking.checked, found.lacking.by_source) == (4, {"gazette": 2, "herald": 1})
    assert alerts == ["articles that were public are lost"]
    assert "`ingest replay --source gazette --source herald`" in bodies[0]


def test_what_waits_to_be_published_again_is_not_called_lost_by_verification(
    make_place: Callable[[str], Place],
) -> None:
    place = make_place("restored")
    live(place)
    place.put_back()
    with place.open() as (state, warehouse):
        start(state, warehouse)
        waiting = verification.lacking_articles(state, warehouse, EVERY_KEY)
        run(state, warehouse)
        published = verification.lacking_articles(state, warehouse, EVERY_KEY)

    assert (waiting.checked, waiting.by_source) == (1, {})
    assert (published.checked, published.by_source) == (4, {})


def start(state: State, warehouse: Warehouse) -> None:
    reconcile(state=state, warehouse=warehouse, now=NOON + 3 * HOUR)


def run(state: State, warehouse: Warehouse) -> None:
    """Take what a run does with validated batches."""
    now = NOON + 3 * HOUR
    steps.publish_batches(batches.batches_in(state, "validated"), state=state, warehouse=warehouse, now=now)
    look_over(state=state, now=now, watched=1, broken=None)
    publication.publish_presence(state, warehouse)


def live(place: Place) -> None:
    """Publish two articles, which the copy that is set aside has; correct one, copy the other, add one; two go away."""
    with place.open() as (state, warehouse):
        publish(state, warehouse, "first", pledged("pier", "$12 million", NOON), pledged("bridge", "$3 million", NOON))
    place.set_aside()
    with place.open() as (state, warehouse):
        publish(
            state,
            warehouse,
            "second",
            pledged("pier", "$21 million", NOON + HOUR),
            pledged("ferry", "$7 million", NOON + HOUR),
        )
        publish(state, warehouse, "second", pledged("bridge", "$3 million", NOON + HOUR, by="herald"))
        publish(state, warehouse, "third", pledged("pier", "$30 million", NOON + 2 * HOUR))
        gone = [
            story.parsed.article.article_id
            for story in (pledged(one, "$3 million", NOON) for one in ("bridge", "ferry"))
        ]
        keep_presence(state, gone=gone, back=[])
        publication.publish_presence(state, warehouse)


def pledged(slug: str, text: str, at: datetime, *, by: str = "gazette") -> StagedArticle:
    sentence = f"The bank pledged {text} for a {slug}, said the mayor of the town on the river, and the vote was tight."
    figure = a_figure(text, sentence, f"{text.removeprefix('$').removesuffix(' million')}000000", subject=slug)
    story = a_parsed_article(slug, (sentence, (figure,)), source_id=by)
    return a_staged_article(story, an_entry(slug, by, listing_hash=text), content_hash=text, fetched_at=at)


def publish(state: State, warehouse: Warehouse, run_id: str, *stories: StagedArticle) -> None:
    now = validate(state, warehouse, run_id, *stories)
    steps.publish_batches(batches.batches_in(state, "validated"), state=state, warehouse=warehouse, now=now)


def validate(state: State, warehouse: Warehouse, run_id: str, *stories: StagedArticle) -> datetime:
    source_id, now = stories[0].entry.source_id, stories[0].fetched_at
    runs.begin_run(state, warehouse, run_id, [a_source(paper) for paper in PAPERS], now)
    keep_poll(state, a_poll(source_id, at=now), run_id, found=[one.entry for one in stories], outcomes=[], events=[])
    batch = a_batch(run_id, source_id, staged_at=now, articles=len(stories), figures=len(stories))
    batches.stage_batch(state, batch, stories, outcomes=[], events=[])
    staged.load_staged(state, warehouse, [batch])
    batches.keep_validations(
        state, warehouse, batch, [a_validation(batch)], broken=[], refusing=[], changes=[], now=now
    )
    return now


def everything(state: State, warehouse: Warehouse) -> list[Any]:
    copy_history.copy_history(state, warehouse)
    with warehouse.connect() as connection:
        public = [connection.execute(sql).fetchall() for sql in PUBLIC]
    return [*zip(PUBLIC, public, strict=True), *((sql, state._engine.execute(sql, {})[1]) for sql in KEPT)]

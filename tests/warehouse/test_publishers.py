"""Two who publish at once, since one has lost its lock: what both would make public is public once."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event

import psycopg
import pytest

from ingest.core.errors import IngestError, WarehouseBusy
from ingest.state import entries
from ingest.warehouse import batches, near_duplicate_rules, publication, runs
from ingest.warehouse.lake import Lock
from ingest.warehouse.near_duplicate_model import ArticleText, DuplicateRule, Fingerprint, Sketch
from ingest.warehouse.warehouse import Warehouse
from tests.makers import NOON, a_batch, a_figure, a_parsed_article, a_poll, a_source, a_staged_article, an_entry
from tests.pipeline.test_lake import twins_in
from tests.postgres import Postgres
from tests.state import state_of
from tests.waiting import LONGEST_SECONDS, wait_until

pytestmark = pytest.mark.integration

PLEDGE = "The mayor pledged $12 million for the pier."
WAITING = "select count(*) from pg_locks where locktype = 'relation' and not granted"


class Publishers:
    """Two workers of a lake, `one` and `other`, and a batch that waits to be published."""

    def __init__(self, one: Warehouse, other: Warehouse, pg: Postgres) -> None:
        self._pg = pg
        self.one, self.other = one, other
        runs.begin_run(state_of(one), one, "run", [a_source()], NOON)
        self.validate("pier")

    @property
    def catalog(self) -> str:
        assert self.one.lake is not None
        return self.one.lake.catalog

    def validate(self, slug: str) -> None:
        story = a_parsed_article(slug, (PLEDGE, (a_figure("$12 million", PLEDGE, "12000000"),)))
        batch, entry, state = a_batch(slug), an_entry(slug), state_of(self.one)
        entries.keep_poll(state, a_poll(), "run", found=[entry], outcomes=[], events=[])
        batches.stage_batch(state, batch, [a_staged_article(story, entry)], outcomes=[], events=[])
        batches.keep_validations(state, self.one, batch, [], broken=[], refusing=[], changes=[], now=NOON)

    def cut_the_lock(self) -> None:
        """End the connection of whoever has the lock of publication."""
        cut = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 7301"
        assert self._pg.ask(self.catalog, f"{cut} and objid = {Lock.PUBLICATION.value}") == "t"

    def waiting(self) -> int:
        """Count the connections that wait for a table of the catalog."""
        return int(self._pg.ask(self.catalog, WAITING))

    def public(self) -> tuple[object, ...]:
        """Return the published articles, what is published twice, and what the state has of the publications."""
        with self.one.connect() as connection:
            titles = connection.execute("select article_id from published.articles order by all").fetchall()
            twins = twins_in(connection)
        states = self._pg.ask(self.catalog, "select distinct state from batches")
        events = self._pg.ask(self.catalog, "select count(*) from events where name = 'batch.published'")
        return len(titles), twins, states, int(events)


class Held:
    """Likeness that holds up a publication in the middle of its transaction."""

    def __init__(self) -> None:
        self.is_asked, self.goes_on = Event(), Event()

    def sketch(self, story: ArticleText) -> Sketch:
        self.is_asked.set()
        assert self.goes_on.wait(LONGEST_SECONDS)
        return near_duplicate_rules.sketch(story)

    def fingerprint(self, story: ArticleText) -> Fingerprint:
        return near_duplicate_rules.fingerprint(story)

    def are_near_duplicates(self, one: Fingerprint, other: Fingerprint) -> bool:
        return near_duplicate_rules.are_near_duplicates(one, other)


@pytest.fixture
def publishers(pg: Postgres, tmp_path: Path) -> Iterator[Publishers]:
    lake = pg.lake()
    with ExitStack() as opened:
        one, other = (opened.enter_context(closing(Warehouse(tmp_path, lake=lake))) for _ in range(2))
        yield Publishers(one, other, pg)


def publish(warehouse: Warehouse, duplicate_rule: DuplicateRule = near_duplicate_rules) -> None:
    state = state_of(warehouse)
    publication.publish_batches(
        state, warehouse, batches.batches_in(state, "validated"), NOON, duplicate_rule=duplicate_rule
    )


def failure_of(publication: "Future[None]") -> type[BaseException] | None:
    """Wait for the end of a publication; return what it raised, None where it is done."""
    error = publication.exception(LONGEST_SECONDS)
    assert error is None or isinstance(error, IngestError), error
    return type(error) if error else None


def test_who_lost_its_lock_publishes_nothing_that_another_has_published_and_goes_on_with_the_rest(
    publishers: Publishers,
) -> None:
    held = Held()
    with ThreadPoolExecutor(1) as threads:
        stopped = threads.submit(publish, publishers.one, held)
        assert held.is_asked.wait(LONGEST_SECONDS)
        publishers.cut_the_lock()
        publish(publishers.other)
        held.goes_on.set()
        failure = failure_of(stopped)
    after = publishers.public()
    publishers.validate("bridge")
    publish(publishers.one)

    assert failure is WarehouseBusy
    assert after == (1, [], "published", 1)
    assert publishers.public() == (2, [], "published", 2)


def test_of_two_in_the_middle_of_their_commits_one_fails(publishers: Publishers) -> None:
    with ThreadPoolExecutor(2) as threads, psycopg.connect(publishers.catalog) as stopping:
        stopping.execute("lock table ducklake_snapshot in share mode")
        one = threads.submit(publish, publishers.one)
        wait_until(lambda: publishers.waiting() == 1)
        publishers.cut_the_lock()
        other = threads.submit(publish, publishers.other)
        wait_until(lambda: publishers.waiting() == 2)
        stopping.commit()
        failures = {failure_of(one), failure_of(other)}

    assert publishers.public() == (1, [], "published", 1)
    assert failures == {None, WarehouseBusy}

"""Batches published together are public as if each had been published alone, one after the other."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from ingest.decide import resemblance
from ingest.decide.verdicts import published_together
from ingest.edge.store import WarehouseStore
from ingest.edge.tables import NEWS_TABLES
from ingest.edge.warehouse import Warehouse
from ingest.model import Batch
from ingest.stories import StagedStory
from tests.makers import NOON, a_batch, a_figure, a_poll, a_source, a_staged_story, a_story, a_verdict, an_entry
from tests.state import store_of
from tests.warehouses import open_warehouse

pytestmark = pytest.mark.integration

PAPERS = ("gazette", "herald", "tribune", "chronicle", "observer")
KEPT = (
    *(f"from published.{table} order by all" for table in NEWS_TABLES),
    "select name, source_id, payload from ops.events order by all",
    "select entry_id, outcome, reason from ops.entry_outcomes order by all",
    "select batch_id, state, published_at from ops.batches order by all",
    "select distinct article_id from ops.unreleased order by all",
    "select count(*) from staging.articles",
    "select count(*) from ops.settlements",
)
KEPT_IN_STATE = (
    "select entry_id, state, article_id, batch_id from entries order by 1",
    "select * from articles order by 1",
    "select url, article_id, kind from article_urls order by 1, 2, 3",
    "select article_id, source_id from article_sources order by 1, 2",
    "select count(*) from staged_parts",
)


@pytest.fixture
def open_store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[str], WarehouseStore]]:
    """Open stores by name: each a file of its own, or a lake."""
    is_lake = getattr(request, "param", "file") == "lake"
    with ExitStack() as opened:

        def open_one(name: str) -> WarehouseStore:
            if is_lake:
                warehouse = Warehouse(tmp_path / name, lake=request.getfixturevalue("pg").lake())
            else:
                warehouse = open_warehouse(tmp_path / name)
            return store_of(opened.enter_context(closing(warehouse)))

        yield open_one


LAKE = pytest.param("lake", marks=[pytest.mark.integration, pytest.mark.slow])


@pytest.mark.parametrize("open_store", ["file", LAKE], indirect=True)
def test_batches_published_together_end_as_each_does_alone(open_store: Callable[[str], WarehouseStore]) -> None:
    together, alone = open_store("together"), open_store("alone")
    for store in (together, alone):
        store.begin_run("first", [a_source(paper) for paper in PAPERS], NOON)
        stage(store, "first", "gazette", pledged("pier", "$12 million"))
        publish(store, store.batches("validated"))
        store.begin_run("then", [a_source(paper) for paper in PAPERS], NOON)
        stage(store, "then", "gazette", pledged("pier", "$21 million"))  # corrects itself
        # What is refused of one is good in another: who signs, and the same sum.
        stage(store, "then", "herald", pledged("bridge", "$3 million", by="herald", signed="Lía Sosa"), "authors")
        stage(store, "then", "tribune", pledged("bridge", "$3 million", by="tribune", signed="Lía Sosa"), "figures")
        stage(store, "then", "chronicle", pledged("pier", "$22 million", listed_by="chronicle"))  # the gazette's story
        stage(store, "then", "observer", pledged("tunnel", "$5 million", by="observer"))
    publish(together, together.batches("validated"))
    for batch in alone.batches("validated"):
        publish(alone, [batch])

    assert kept(together) == kept(alone)
    with together._warehouse.connect() as connection:
        versions = connection.execute("select max(version) from published.articles").fetchall()
        corrected = connection.execute("select payload ->> 'source' from ops.events where name = 'figure.corrected'")
        assert (versions, sorted(corrected.fetchall())) == ([(3,)], [("chronicle",), ("gazette",)])


def test_small_batches_are_published_many_at_once_and_large_ones_alone() -> None:
    batches = [a_batch(source_id=f"of-{size}", articles=size) for size in (400, 90, 20, 600, 1)]

    assert [[batch.articles for batch in group] for group in published_together(batches)] == [
        [400, 90], [20], [600], [1],
    ]  # fmt: skip


def pledged(
    slug: str, text: str, *, by: str = "gazette", listed_by: str | None = None, signed: str = "Ana Pérez"
) -> StagedStory:
    sentence = f"The bank pledged {text} for a {slug}, said the mayor of the town on the river."
    value = f"{text.removeprefix('$').removesuffix(' million')}000000"
    figure = a_figure(text, sentence, value, subject=slug)
    story = a_story(slug, (sentence, (figure,)), source_id=by, authors=(signed,))
    return a_staged_story(story, an_entry(slug, listed_by or by), content_hash=text)


def stage(store: WarehouseStore, run_id: str, paper: str, staged: StagedStory, refused: str | None = None) -> None:
    """Stage and validate a batch of one story, whose rows in one table are refused."""
    at = NOON if run_id == "first" else NOON.replace(hour=13)
    store.keep_poll(a_poll(paper, at=at), run_id, found=[staged.entry], endings=[], events=[])
    batch = a_batch(run_id, paper)
    store.stage_batch(batch, [staged], endings=[], events=[])
    refusing = [a_verdict(batch, suite=refused, passed=False, unexpected=1, failing_rows="true")] if refused else []
    store.load_staged([batch])
    store.keep_verdicts(batch, refusing, broken=[], refusing=refusing, changes=[], now=NOON)


def publish(store: WarehouseStore, batches: Sequence[Batch]) -> None:
    store.publish_batches(batches, NOON, likeness=resemblance)


def kept(store: WarehouseStore) -> list[Any]:
    store.copy_history()
    with store._warehouse.connect() as connection:
        kept = [connection.execute(sql).fetchall() for sql in KEPT]
    return [*kept, *(store._state._engine.execute(sql, {})[1] for sql in KEPT_IN_STATE)]

"""Batches published together are public as if each had been published alone, one after the other."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from ingest.core.model import Batch
from ingest.core.parsed_articles import StagedArticle
from ingest.quality.rejection import published_together
from ingest.state import State, entries
from ingest.warehouse import copy_history, near_duplicate_rules, publication, runs
from ingest.warehouse.batches import batches_in, keep_validations, stage_batch
from ingest.warehouse.staged import load_staged
from ingest.warehouse.tables import NEWS_TABLES
from ingest.warehouse.warehouse import Warehouse
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
from tests.state import state_of
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
def open_one(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[str], Warehouse]]:
    """Open warehouses by name: each a file of its own, or a lake."""
    is_lake = getattr(request, "param", "file") == "lake"
    with ExitStack() as opened:

        def opening(name: str) -> Warehouse:
            if is_lake:
                warehouse = Warehouse(tmp_path / name, lake=request.getfixturevalue("pg").lake())
            else:
                warehouse = open_warehouse(tmp_path / name)
            return opened.enter_context(closing(warehouse))

        yield opening


LAKE = pytest.param("lake", marks=[pytest.mark.integration, pytest.mark.slow])


@pytest.mark.parametrize("open_one", ["file", LAKE], indirect=True)
def test_batches_published_together_end_as_each_does_alone(open_one: Callable[[str], Warehouse]) -> None:
    together, alone = open_one("together"), open_one("alone")
    for warehouse in (together, alone):
        state = state_of(warehouse)
        runs.begin_run(state, warehouse, "first", [a_source(paper) for paper in PAPERS], NOON)
        stage(state, warehouse, "first", "gazette", pledged("pier", "$12 million"))
        publish(state, warehouse, batches_in(state, "validated"))
        runs.begin_run(state, warehouse, "then", [a_source(paper) for paper in PAPERS], NOON)
        stage(state, warehouse, "then", "gazette", pledged("pier", "$21 million"))  # corrects itself
        # What is refused of one is good in another: who signs, and the same sum.
        of_herald = pledged("bridge", "$3 million", by="herald", signed="Lía Sosa")
        stage(state, warehouse, "then", "herald", of_herald, "authors")
        of_tribune = pledged("bridge", "$3 million", by="tribune", signed="Lía Sosa")
        stage(state, warehouse, "then", "tribune", of_tribune, "figures")
        of_gazette = pledged("pier", "$22 million", listed_by="chronicle")
        stage(state, warehouse, "then", "chronicle", of_gazette)
        stage(state, warehouse, "then", "observer", pledged("tunnel", "$5 million", by="observer"))
    publish(state_of(together), together, batches_in(state_of(together), "validated"))
    for batch in batches_in(state_of(alone), "validated"):
        publish(state_of(alone), alone, [batch])

    assert kept(state_of(together), together) == kept(state_of(alone), alone)
    with together.connect() as connection:
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
) -> StagedArticle:
    sentence = f"The bank pledged {text} for a {slug}, said the mayor of the town on the river."
    value = f"{text.removeprefix('$').removesuffix(' million')}000000"
    figure = a_figure(text, sentence, value, subject=slug)
    story = a_parsed_article(slug, (sentence, (figure,)), source_id=by, authors=(signed,))
    return a_staged_article(story, an_entry(slug, listed_by or by), content_hash=text)


def stage(
    state: State, warehouse: Warehouse, run_id: str, paper: str, staged: StagedArticle, refused: str | None = None
) -> None:
    """Stage and validate a batch of one article, whose rows in one table are refused."""
    at = NOON if run_id == "first" else NOON.replace(hour=13)
    entries.keep_poll(state, a_poll(paper, at=at), run_id, found=[staged.entry], outcomes=[], events=[])
    batch = a_batch(run_id, paper)
    stage_batch(state, batch, [staged], outcomes=[], events=[])
    refusing = [a_validation(batch, suite=refused, passed=False, unexpected=1, failing_rows="true")] if refused else []
    load_staged(state, warehouse, [batch])
    keep_validations(state, warehouse, batch, refusing, broken=[], refusing=refusing, changes=[], now=NOON)


def publish(state: State, warehouse: Warehouse, batches: Sequence[Batch]) -> None:
    publication.publish_batches(state, warehouse, batches, NOON, duplicate_rule=near_duplicate_rules)


def kept(state: State, warehouse: Warehouse) -> list[Any]:
    copy_history.copy_history(state, warehouse)
    with warehouse.connect() as connection:
        kept = [connection.execute(sql).fetchall() for sql in KEPT]
    return [*kept, *(state._engine.execute(sql, {})[1] for sql in KEPT_IN_STATE)]

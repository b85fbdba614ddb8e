"""A publication and the state that knows of it are two transactions; what dies in between is made up for."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ingest.decide import resemblance
from ingest.edge.store import WarehouseStore
from ingest.edge.warehouse import Warehouse
from tests.makers import NOON, a_batch, a_figure, a_poll, a_source, a_staged_story, a_story, a_verdict, an_entry
from tests.state import select, state_of, store_of
from tests.warehouses import open_warehouse

PLEDGE = "The mayor pledged $12 million for the pier."
STATE = (
    "select entry_id, state, article_id, batch_id from entries order by 1",
    "select entry_id, outcome, reason from entry_outcomes order by 1",
    "select batch_id, state, published_at from batches order by 1",
    "select name, source_id, payload from events order by 1, 3",
    "select * from articles order by 1",
    "select * from article_urls order by 1, 2, 3",
    "select * from article_sources order by 1, 2",
    "select count(*) from staged_parts",
)


class DiesBeforeTheStateKnows(WarehouseStore):
    """A store whose process ends when a publication is committed and the state does not know of it."""

    def _settle(self, settled: Any) -> Any:  # noqa: ARG002 - it is not settled
        raise KeyboardInterrupt


class DiesBeforeItIsForgotten(WarehouseStore):
    """A store whose process ends when the state knows of a publication, and the warehouse not that it does."""

    def _settle(self, settled: Any) -> Any:
        super()._settle(settled)
        with self._warehouse.write() as transaction:
            transaction.insert("ops.settlements", [{"batch_id": one["batch_id"], "settled": one} for one in settled])
        raise KeyboardInterrupt


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with closing(open_warehouse(tmp_path / "warehouse")) as opened:
        yield opened


@pytest.fixture
def undisturbed(tmp_path: Path) -> Any:
    """Return how the state ends where nothing dies."""
    with closing(open_warehouse(tmp_path / "undisturbed")) as opened:
        store = store_of(opened)
        validate_two(store)
        publish(store)
        return state(opened)


@pytest.mark.parametrize("dying", [DiesBeforeTheStateKnows, DiesBeforeItIsForgotten])
def test_what_was_published_before_its_process_died_is_settled_at_the_next_opening(
    warehouse: Warehouse, undisturbed: Any, dying: Callable[..., WarehouseStore]
) -> None:
    validate_two(store_of(warehouse))
    with pytest.raises(KeyboardInterrupt):
        publish(dying(warehouse, state_of(warehouse)))
    store_of(warehouse).reconcile()

    assert state(warehouse) == undisturbed
    assert warehouse.read("unsettled") == []


def test_a_batch_that_another_process_has_published_is_not_published_twice(
    warehouse: Warehouse, undisturbed: Any
) -> None:
    validate_two(store_of(warehouse))
    waiting = store_of(warehouse).batches("validated")
    with pytest.raises(KeyboardInterrupt):
        publish(DiesBeforeTheStateKnows(warehouse, state_of(warehouse)))
    store_of(warehouse).publish_batches(waiting, NOON, likeness=resemblance)
    store_of(warehouse).publish_batches(waiting, NOON, likeness=resemblance)

    assert state(warehouse) == undisturbed


def test_what_the_warehouse_has_lost_of_a_validated_batch_is_loaded_again(
    warehouse: Warehouse, undisturbed: Any
) -> None:
    validate_two(store_of(warehouse))
    with warehouse.write() as transaction:
        transaction.connection.execute("delete from staging.articles; delete from staging.article_urls")
        transaction.connection.execute("delete from staging.article_sources")
    publish(store_of(warehouse))

    assert state(warehouse) == undisturbed


def validate_two(store: WarehouseStore) -> None:
    """Validate the batches of two sources, of which one brings what a rule refuses."""
    store.begin_run("run", [a_source(), a_source("herald")], NOON)
    for number, source_id in enumerate(("gazette", "herald")):
        figure = a_figure("$12 million", PLEDGE, "12000000", subject="pier")
        story = a_story(f"pier-{source_id}", (PLEDGE, (figure,)))
        staged = a_staged_story(story, an_entry("pier", source_id))
        store.keep_poll(a_poll(source_id), "run", captures=(), found=[staged.entry], endings=[], events=[])
        batch = a_batch("run", source_id)
        store.stage_batch(batch, [staged], endings=[], events=[])
        store.load_staged([batch])
        found = a_verdict(batch, suite="articles", passed=number == 0, unexpected=number, failing_rows="true")
        refusing = [] if found.passed else [found]
        store.keep_verdicts(batch, [found], broken=[], refusing=refusing, changes=[], now=NOON)


def publish(store: WarehouseStore) -> None:
    store.publish_batches(store.batches("validated"), NOON, likeness=resemblance)


def state(warehouse: Warehouse) -> list[Any]:
    return [select(warehouse.folder, sql) for sql in STATE]

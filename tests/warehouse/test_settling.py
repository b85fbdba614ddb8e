"""A publication and the state that knows of it are two transactions; what dies in between is made up for."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from ingest.state import State, entries
from ingest.state.sqlite import STATE_FILE, SqliteEngine
from ingest.warehouse import batches, copy_history, near_duplicate_rules, publication, runs
from ingest.warehouse.staged import load_staged
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
from tests.state import copy_warehouse, select, state_of
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
    "select * from quarantine order by 1, 2, 3, 4",
    "select batch_id, suite, rule, passed from validations order by 1, 2, 3",
)
PUBLIC = (
    "select article_id, title, version from published.articles order by all",
    "select figure_id, text from published.figures order by all",
    "select batch_id, table_name, row_key, rule, row_json from ops.quarantine order by all",
)


class CutOff(BaseException):
    """Ends a process, as far as that can be had within one."""


class LimitedEngine(SqliteEngine):
    """An engine that is cut off before the statement after so many; begin and commit are statements, too."""

    left: int | None = None

    def execute(self, sql: str, parameters: Mapping[str, object]) -> Any:
        self._count()
        return super().execute(sql, parameters)

    def execute_many(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        self._count()
        super().execute_many(sql, rows)

    def begin(self) -> None:
        self._count()
        super().begin()

    def commit(self) -> None:
        self._count()
        super().commit()

    def _count(self) -> None:
        if self.left is not None:
            if self.left == 0:
                raise CutOff
            self.left -= 1


class DiesBeforeTheStateKnows(SqliteEngine):
    """A state whose process ends when a publication is committed and the state does not know of it."""

    def lock(self, name: str) -> None:
        if name == "publication":
            raise KeyboardInterrupt


class DiesBeforeItIsForgotten(SqliteEngine):
    """A state whose process ends when it knows of a publication, and the warehouse not that it does."""

    is_settling = False

    def lock(self, name: str) -> None:
        self.is_settling = name == "publication"

    def commit(self) -> None:
        super().commit()
        if self.is_settling:
            raise KeyboardInterrupt


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with closing(open_warehouse(tmp_path / "warehouse")) as opened:
        yield opened


@pytest.fixture
def undisturbed(tmp_path: Path) -> Any:
    """Return how the state ends where nothing dies."""
    with closing(open_warehouse(tmp_path / "undisturbed")) as opened:
        validate_two(state_of(opened), opened)
        publish(state_of(opened), opened)
        return kept(opened)


@pytest.mark.parametrize("dying", [DiesBeforeTheStateKnows, DiesBeforeItIsForgotten])
def test_what_was_published_before_its_process_died_is_settled_at_the_next_opening(
    warehouse: Warehouse, undisturbed: Any, dying: type[SqliteEngine]
) -> None:
    validate_two(state_of(warehouse), warehouse)
    with closing(State(dying(warehouse.folder / STATE_FILE))) as cut_off, pytest.raises(KeyboardInterrupt):
        publish(cut_off, warehouse)
    publication.reconcile_publications(state_of(warehouse), warehouse, NOON)

    assert kept(warehouse) == undisturbed
    assert warehouse.read("unsettled") == []


def test_a_batch_that_another_process_has_published_is_not_published_twice(
    warehouse: Warehouse, undisturbed: Any
) -> None:
    validate_two(state_of(warehouse), warehouse)
    waiting = batches.batches_in(state_of(warehouse), "validated")
    dying = DiesBeforeTheStateKnows(warehouse.folder / STATE_FILE)
    with closing(State(dying)) as cut_off, pytest.raises(KeyboardInterrupt):
        publish(cut_off, warehouse)
    publication.publish_batches(state_of(warehouse), warehouse, waiting, NOON, duplicate_rule=near_duplicate_rules)
    publication.publish_batches(state_of(warehouse), warehouse, waiting, NOON, duplicate_rule=near_duplicate_rules)

    assert kept(warehouse) == undisturbed


def test_what_the_warehouse_has_lost_of_a_validated_batch_is_loaded_again(
    warehouse: Warehouse, undisturbed: Any
) -> None:
    validate_two(state_of(warehouse), warehouse)
    with warehouse.write() as transaction:
        transaction.connection.execute("delete from staging.articles; delete from staging.article_urls")
        transaction.connection.execute("delete from staging.article_sources")
    publish(state_of(warehouse), warehouse)

    assert kept(warehouse) == undisturbed


def test_killed_anywhere_while_results_are_recorded_the_next_run_ends_as_an_undisturbed_one(
    tmp_path: Path, undisturbed: Any
) -> None:
    with closing(open_warehouse(tmp_path / "before")) as opened, closing(state_of(opened)) as state:
        stage_two(state, opened)
    ends = {}
    for number in count():
        folder = copy_warehouse(tmp_path / "before", tmp_path / f"cut-off-{number}")
        engine = LimitedEngine(folder / STATE_FILE)
        with closing(Warehouse(folder)) as opened, closing(State(engine)) as cut_off:
            engine.left = number
            try:
                validate(cut_off, opened)
            except CutOff:
                pass
            else:
                break
        with closing(Warehouse(folder)) as opened, closing(state_of(opened)) as state:
            validate(state, opened)
            publish(state, opened)
            ends[number] = kept(opened)

    assert number > 2 * 8  # of each batch: begun, results, quarantine, its state, events, committed
    assert [number for number, end in ends.items() if end != undisturbed] == []


def test_of_what_rules_refuse_only_the_copy_for_analysts_is_in_the_warehouse(warehouse: Warehouse) -> None:
    state = state_of(warehouse)
    validate_two(state, warehouse)
    before = public(warehouse)
    publish(state, warehouse)
    copy_history.copy_history(state, warehouse)
    _, figures, quarantine = public(warehouse)

    assert before == [[], [], []]
    assert [text for _, text in figures] == ["$12 million"]
    assert [(table, rule) for _, table, _, rule, _ in quarantine] == [("articles", "money_is_not_negative")]


def validate_two(state: State, warehouse: Warehouse) -> None:
    """Validate the batches of two sources, of which one brings what a rule refuses."""
    stage_two(state, warehouse)
    validate(state, warehouse)


def stage_two(state: State, warehouse: Warehouse) -> None:
    runs.begin_run(state, warehouse, "run", [a_source(), a_source("herald")], NOON)
    for source_id in ("gazette", "herald"):
        figure = a_figure("$12 million", PLEDGE, "12000000", subject="pier")
        story = a_parsed_article(f"pier-{source_id}", (PLEDGE, (figure,)))
        staged = a_staged_article(story, an_entry("pier", source_id))
        entries.keep_poll(state, a_poll(source_id), "run", found=[staged.entry], outcomes=[], events=[])
        batches.stage_batch(state, a_batch("run", source_id), [staged], outcomes=[], events=[])


def validate(state: State, warehouse: Warehouse) -> None:
    for batch in batches.batches_in(state, "staged"):
        load_staged(state, warehouse, [batch])
        is_good = batch.source_id == "gazette"
        found = a_validation(batch, suite="articles", passed=is_good, unexpected=int(not is_good), failing_rows="true")
        refusing = [] if found.passed else [found]
        batches.keep_validations(state, warehouse, batch, [found], broken=[], refusing=refusing, changes=[], now=NOON)


def publish(state: State, warehouse: Warehouse) -> None:
    publication.publish_batches(
        state, warehouse, batches.batches_in(state, "validated"), NOON, duplicate_rule=near_duplicate_rules
    )


def public(warehouse: Warehouse) -> list[Any]:
    with warehouse.connect() as connection:
        return [connection.execute(sql).fetchall() for sql in PUBLIC]


def kept(warehouse: Warehouse) -> list[Any]:
    return [select(warehouse.folder, sql) for sql in STATE]

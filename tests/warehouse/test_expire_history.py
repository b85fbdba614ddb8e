"""Old history is deleted from the state and from the warehouse, some rows at a time, and whenever that is cut off."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.state import State
from ingest.state.sqlite import STATE_FILE, SqliteEngine
from ingest.warehouse import copy_history, expire_history
from ingest.warehouse.expire_history import ROWS_AT_ONCE
from ingest.warehouse.warehouse import Warehouse
from tests.makers import NOON
from tests.state import state_of
from tests.warehouse.test_copy_history import ROWS, CutOff, Row
from tests.warehouses import open_warehouse

LATER = NOON + timedelta(days=30)
SENT = ROWS["events"] | {"sent_at": NOON}


class CutEngine(SqliteEngine):
    """An engine whose process ends before or after it commits that rows were deleted."""

    cut = ""
    _has_deleted = False

    def execute_many(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        self._has_deleted = sql.startswith("delete")
        super().execute_many(sql, rows)

    def commit(self) -> None:
        if self._has_deleted and self.cut == "before":
            raise CutOff
        super().commit()
        if self._has_deleted and self.cut == "after":
            raise CutOff


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with closing(open_warehouse(tmp_path)) as opened, closing(state_of(opened)):
        yield opened


def test_many_rows_go_some_at_a_time(warehouse: Warehouse) -> None:
    state = state_of(warehouse)
    fill(state_of(warehouse), {"events": [SENT | {"event_id": str(one)} for one in range(2 * ROWS_AT_ONCE + 1)]})
    copy_history.copy_history(state, warehouse)

    [removed] = expire_history.delete_history(state, warehouse, LATER, LATER)

    assert (removed.what, removed.number) == ("events", 2 * ROWS_AT_ONCE + 1)
    assert (numbers_in_state(state_of(warehouse))["events"], number_in_history(warehouse, "events")) == (0, 0)


@pytest.mark.parametrize("cut", ["before", "after"])
def test_cut_off_anywhere_the_next_run_deletes_the_rest(warehouse: Warehouse, tmp_path: Path, cut: str) -> None:
    engine = CutEngine(tmp_path / STATE_FILE)
    with closing(State(engine)) as state:
        fill(state, {"events": [SENT]})
        copy_history.copy_history(state, warehouse)
        engine.cut = cut
        with pytest.raises(CutOff):
            expire_history.delete_history(state, warehouse, LATER, LATER)
        engine.cut = ""
        copy_history.copy_history(state, warehouse)
        expire_history.delete_history(state, warehouse, LATER, LATER)

        assert (numbers_in_state(state)["events"], number_in_history(warehouse, "events")) == (0, 0)


def fill(state: State, tables: Mapping[str, Sequence[Row]]) -> None:
    with state.write() as transaction:
        for table, rows in tables.items():
            transaction.insert(table, rows)


def numbers_in_state(state: State) -> Mapping[str, int]:
    """Return how many rows each table of the state has."""
    return {row["name"]: row["found"] for row in state.read("count_rows")}


def number_in_history(warehouse: Warehouse, table: str) -> Any:
    with warehouse.connect() as connection:
        [(number,)] = connection.execute(f"select count(*) from ops.{table}").fetchall()
        return number

"""The state on both engines, for tests of what they do alike."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from ingest.state import State
from ingest.state.database import Engine
from ingest.state.postgres import PostgresEngine
from ingest.state.sqlite import SqliteEngine
from tests.postgres import Postgres


class Opening(Protocol):
    """Opens the state of one test once more."""

    def __call__(self, *, is_read_only: bool = False) -> State: ...


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)])
def open_state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opening]:
    engine: Callable[..., Engine] = SqliteEngine
    place: object = tmp_path / "state.db"
    if request.param == "postgresql":
        pg: Postgres = request.getfixturevalue("pg")
        engine, place = PostgresEngine, pg.address(pg.database())

    with ExitStack() as opened:

        def once_more(*, is_read_only: bool = False) -> State:
            state = State(engine(place, is_read_only=is_read_only))
            opened.callback(state.close)
            return state

        yield once_more

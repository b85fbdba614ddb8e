"""Opens what is kept: the state, and the pipeline's own tables in a file or a lake."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import Misconfigured
from ..core.settings import Settings

if TYPE_CHECKING:
    from ..state import State
    from ..state.database import Engine
    from ..warehouse.lake import Lake
    from ..warehouse.warehouse import Row, Warehouse


def open_state(settings: Settings) -> "State":
    """Open the state of the warehouse, brought to the shape that this version knows.

    What an earlier version kept for `ingest listen` in a file of its own is imported.
    """
    from ..core.files import make_warehouse_folder
    from ..state import State
    from ..state.old_files import import_listen_file

    make_warehouse_folder(settings.warehouse)
    with ExitStack() as opened:
        state = opened.enter_context(closing(State(_engine(settings))))
        import_listen_file(settings.warehouse, state)
        opened.pop_all()
    return state


def open_state_to_read(settings: Settings) -> "State":
    """Open the state beside whoever writes it, as it is; WarehouseUnusable where there is none yet."""
    from ..state import State

    return State(_engine(settings, is_read_only=True))


def _state_place(settings: Settings) -> Path | str:
    """Return the file of the state, or the address of its PostgreSQL: of INGEST_STATE, else the lake's, else a file."""
    from ..state.sqlite import STATE_FILE

    lake = _named_lake(settings)
    if settings.state is not None and settings.state_path is None:
        return settings.state.get_secret_value()
    if settings.state is None and lake:
        return lake[0]
    path = settings.state_path or settings.warehouse / STATE_FILE
    if lake:
        message = f"INGEST_STATE names a file, {path}, and several machines write what INGEST_LAKE names"
        raise Misconfigured(f"{message}: unset INGEST_STATE, or set it to a PostgreSQL", about="state")
    return path


def state_file(settings: Settings) -> Path:
    """Return the file of the state; Misconfigured where it is in a PostgreSQL."""
    place = _state_place(settings)
    if isinstance(place, Path):
        return place
    message = "the state is in a PostgreSQL, which is backed up and restored by its own tools"
    raise Misconfigured(f"{message}: docs/operate.md has the order", about="state")


def _engine(settings: Settings, *, is_read_only: bool = False) -> "Engine":
    """Return a connection to the database of the state."""
    place = _state_place(settings)
    if isinstance(place, str):
        from ..state.postgres import PostgresEngine

        return PostgresEngine(place, is_read_only=is_read_only)
    from ..state.sqlite import SqliteEngine

    if is_read_only and not place.exists():
        from ..warehouse.warehouse import not_there  # which imports DuckDB

        raise not_there(place)
    return SqliteEngine(place, is_read_only=is_read_only)


def open_warehouse(settings: Settings) -> "Warehouse":
    """Open the pipeline's own file, or the lake that the settings name."""
    from ..warehouse.warehouse import Warehouse

    return Warehouse(settings.warehouse, memory_mb=settings.database_memory_mb, lake=lake_of(settings))


def open_both(settings: Settings) -> "tuple[Warehouse, State]":
    """Open the warehouse and its state; what an earlier version kept of the state elsewhere is imported."""
    from ..state.old_files import import_payloads_file
    from ..warehouse import near_duplicate_rules
    from ..warehouse.state_import import import_state, refuse_lost_state

    with ExitStack() as opened:
        warehouse = opened.enter_context(closing(open_warehouse(settings)))
        place = _state_place(settings)
        if isinstance(place, Path) and not place.exists():
            refuse_lost_state(warehouse, place)
        state = opened.enter_context(closing(open_state(settings)))
        import_state(warehouse, state, near_duplicate_rules)
        import_payloads_file(settings.warehouse / "archive", state)  # last: the warehouse may have the same captures
        opened.pop_all()
    return warehouse, state


def lake_of(settings: Settings) -> "Lake | None":
    """Return the lake that the settings name, if they do; Misconfigured where they name half of it."""
    from ..warehouse.lake import Lake

    named = _named_lake(settings)
    return Lake(catalog=named[0], data=named[1]) if named else None


def _named_lake(settings: Settings) -> tuple[str, str] | None:
    """Return the lake's catalog and folder, without the import of DuckDB that a lake takes."""
    if settings.lake is None and settings.lake_data is None:
        return None
    if settings.lake is None or settings.lake_data is None:
        raise Misconfigured("a lake takes both settings, INGEST_LAKE and INGEST_LAKE_DATA; set the other", about="lake")
    return settings.lake.get_secret_value(), str(settings.lake_data.absolute())


def look_within(
    settings: Settings, name: str, parameters: Mapping[str, object] | None = None, *, or_in: Sequence[str] = ()
) -> "list[Row]":
    """Run a statement on the pipeline's own tables, beside whoever writes a lake; where a file is busy, on another."""
    from ..warehouse.warehouse import PIPELINE_FILE, look, look_at_lake

    if lake := lake_of(settings):
        return look_at_lake(lake, name, parameters)
    return look([settings.warehouse / file for file in (PIPELINE_FILE, *or_in)], name, parameters)


def look_at_state(settings: Settings, name: str, parameters: Mapping[str, object] | None = None) -> "list[Row]":
    """Run a statement of the state, beside whoever writes it."""
    with closing(open_state_to_read(settings)) as state:
        return state.read(name, parameters)

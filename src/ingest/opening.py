"""Opens what is kept: state, the pipeline's own tables (in a file or a lake), and what `ingest listen` leaves."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from .errors import Misconfigured
from .pushes import BOOK_FILE
from .settings import Settings

if TYPE_CHECKING:
    from .edge.book import ListenBook
    from .edge.lake import Lake
    from .edge.warehouse import Row, Warehouse
    from .state import State
    from .state.database import Engine


def open_state(settings: Settings) -> "State":
    """Open the state of the warehouse, brought to the shape that this version knows."""
    from .edge.files import make_warehouse_folder
    from .state import State

    make_warehouse_folder(settings.warehouse)
    return State(_engine(settings))


def open_state_to_read(settings: Settings) -> "State":
    """Open the state beside whoever writes it, as it is; WarehouseUnusable where there is none yet."""
    from .state import State

    return State(_engine(settings, is_read_only=True))


def _engine(settings: Settings, *, is_read_only: bool = False) -> "Engine":
    """Return a connection to the database of the state: that of INGEST_STATE, else the lake's, else a file."""
    from .edge.warehouse import not_there
    from .state.sqlite import STATE_FILE, SqliteEngine

    address = settings.state or (settings.lake if lake_of(settings) else None)
    if address is not None and settings.state_path is None:
        from .state.postgres import PostgresEngine

        return PostgresEngine(address.get_secret_value(), is_read_only=is_read_only)
    path = settings.state_path or settings.warehouse / STATE_FILE
    if lake_of(settings):
        message = f"INGEST_STATE names a file, {path}, and several machines write what INGEST_LAKE names"
        raise Misconfigured(f"{message}: unset INGEST_STATE, or set it to a PostgreSQL", about="state")
    if is_read_only and not path.exists():
        raise not_there(path)
    return SqliteEngine(path, is_read_only=is_read_only)


def open_warehouse(settings: Settings) -> "Warehouse":
    """Open the pipeline's own file, or the lake that the settings name."""
    from .edge.warehouse import Warehouse

    return Warehouse(settings.warehouse, memory_mb=settings.database_memory_mb, lake=lake_of(settings))


def open_both(settings: Settings) -> "tuple[Warehouse, State]":
    """Open the warehouse and its state; what an earlier version kept of the state in the warehouse is imported."""
    from .edge.state_import import import_state

    with ExitStack() as opened:
        warehouse = opened.enter_context(closing(open_warehouse(settings)))
        state = opened.enter_context(closing(open_state(settings)))
        import_state(warehouse, state)
        opened.pop_all()
    return warehouse, state


def lake_of(settings: Settings) -> "Lake | None":
    """Give the lake that the settings name, if they do; Misconfigured where they name half of it."""
    from .edge.lake import Lake

    if settings.lake is None and settings.lake_data is None:
        return None
    if settings.lake is None or settings.lake_data is None:
        raise Misconfigured("a lake takes both settings, INGEST_LAKE and INGEST_LAKE_DATA; set the other", about="lake")
    return Lake(catalog=settings.lake.get_secret_value(), data=str(settings.lake_data.absolute()))


def look_within(
    settings: Settings, name: str, parameters: Mapping[str, object] | None = None, *, or_in: Sequence[str] = ()
) -> "list[Row]":
    """Run a statement on the pipeline's own tables, beside whoever writes a lake; where a file is busy, on another."""
    from .edge.warehouse import PIPELINE_FILE, look, look_at_lake

    if lake := lake_of(settings):
        return look_at_lake(lake, name, parameters)
    return look([settings.warehouse / file for file in (PIPELINE_FILE, *or_in)], name, parameters)


def look_at_state(settings: Settings, name: str, parameters: Mapping[str, object] | None = None) -> "list[Row]":
    """Run a statement of the state, beside whoever writes it."""
    with closing(open_state_to_read(settings)) as state:
        return state.read(name, parameters)


def open_book(settings: Settings) -> "ListenBook | None":
    """Open what `ingest listen` leaves for runs, where it ever ran; raises what is wrong with it."""
    from .edge.book import ListenBook

    return ListenBook(settings.warehouse) if (settings.warehouse / BOOK_FILE).exists() else None

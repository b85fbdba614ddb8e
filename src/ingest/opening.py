"""Opens what the pipeline keeps: its own tables, in the file or in a lake, and what `ingest listen` leaves for it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .errors import Misconfigured
from .pushes import BOOK_FILE
from .settings import Settings

if TYPE_CHECKING:
    from .edge.book import ListenBook
    from .edge.lake import Lake
    from .edge.warehouse import Row, Warehouse


def open_warehouse(settings: Settings) -> "Warehouse":
    """Open the pipeline's own file, or the lake that the settings name."""
    from .edge.warehouse import Warehouse

    return Warehouse(settings.warehouse, memory_mb=settings.database_memory_mb, lake=lake_of(settings))


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


def open_book(settings: Settings) -> "ListenBook | None":
    """Open what `ingest listen` leaves for runs, where it ever ran; raises what is wrong with it."""
    from .edge.book import ListenBook

    return ListenBook(settings.warehouse) if (settings.warehouse / BOOK_FILE).exists() else None

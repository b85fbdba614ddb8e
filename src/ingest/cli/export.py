"""`ingest export`: what is published as files, for whatever does not read DuckDB."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .options import JsonOption, WarehouseOption, given


class FileFormat(StrEnum):
    """What an export writes."""

    PARQUET = "parquet"
    CSV = "csv"


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to fill, or to bring up to date.")],
    file_format: Annotated[
        FileFormat, typer.Option("--format", help="Parquet, or CSV as RFC 4180 has it.")
    ] = FileFormat.PARQUET,
    table: Annotated[
        list[str] | None, typer.Option("--table", metavar="TABLE", help="One table; may be given again.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of publication (UTC).")
    ] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write each table as a file for every day of publication; files whose rows have not changed stay as they are."""
    from dataclasses import asdict

    from ..core.settings import load_settings
    from ..warehouse.export import export_table
    from ..warehouse.export_folder import SCRATCH, open_folder
    from ..warehouse.export_rows import news_rows
    from ..warehouse.warehouse import NEWS_FILE
    from .console import say_json, say_table
    from .progress import counted

    settings = load_settings(**given(warehouse))
    tables = _chosen(table)
    news = settings.warehouse / NEWS_FILE
    with (
        news_rows(news, folder / SCRATCH, file_format=file_format, memory_mb=settings.database_memory_mb) as rows,
        open_folder(folder, file_format=file_format) as shelf,
    ):
        exports = (export_table(one, rows=rows, shelf=shelf, first=_day(since), last=_day(until)) for one in tables)
        done = [asdict(one) for one in counted(exports, len(tables), "tables")]
    if as_json:
        say_json(done)
        return
    say_table(done, ("table", "rows", "files", "written", "unchanged", "removed"))


def _chosen(tables: Sequence[str] | None) -> Sequence[str]:
    from ..core.errors import Misconfigured
    from ..warehouse.tables import NEWS_TABLES

    for table in tables or ():
        if table not in NEWS_TABLES:
            raise Misconfigured(f"no table {table!r} to export; there are {', '.join(NEWS_TABLES)}", about=table)
    return tables or NEWS_TABLES


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None

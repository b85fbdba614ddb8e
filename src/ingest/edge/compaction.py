"""Gives room in the pipeline's file back to the disk: DuckDB uses freed blocks again, and cuts off the last alone."""

import logging
import shutil
import time
from contextlib import suppress
from pathlib import Path

import duckdb

from ..errors import WarehouseBusy, WarehouseUnusable
from .faults import attach, open_database, write_ahead_log
from .files import sync_folder
from .warehouse import PIPELINE_FILE, DuckDBPyConnection, statement, translated

log = logging.getLogger("ingest")

WORTH_BYTES = 64_000_000  # of free room, below which it is left alone
ROOM = 1.2  # times what is in use has to be free on the disk


def compact(folder: Path, *, share: float, memory_mb: int, worth_bytes: int = WORTH_BYTES) -> bool:
    """Write the pipeline's file anew where more than a share of it is free; say whether that was done.

    It is left alone where somebody has it open. Nobody else can open it meanwhile: both files are locked until the new
    one is in place, by one rename, which is all that a reader or a crash can see of it. What can't be done is warned
    of: the file is as good as it was.
    """
    path = folder / PIPELINE_FILE
    if share >= 1 or not path.exists() or path.stat().st_size < worth_bytes:
        return False
    try:
        # DuckDB refuses it where this process reads the file, in another configuration.
        with translated(path), suppress(duckdb.ConnectionException), open_database(path, threads=1) as connection:
            connection.execute("set memory_limit = $limit", {"limit": f"{memory_mb}MB"})
            return _is_wasteful(connection, path, share, worth_bytes) and _replace(connection, path)
    except WarehouseBusy:
        return False  # whoever opens it next says so
    except (WarehouseUnusable, OSError) as error:
        log.warning("the warehouse could be smaller, but can't be written anew: %s", error)
    return False


def _is_wasteful(connection: DuckDBPyConnection, path: Path, share: float, worth_bytes: int) -> bool:
    """Say whether there is much to gain, and room for it; no log is left, which would be taken for the new file's."""
    connection.execute("checkpoint")
    [(free, total)] = connection.execute(statement("free_bytes")).fetchall()
    has_room = shutil.disk_usage(path.parent).free >= ROOM * (total - free)
    return bool(free >= worth_bytes and free > share * total and has_room and not write_ahead_log(path).exists())


def _replace(connection: DuckDBPyConnection, path: Path) -> bool:
    began, before = time.monotonic(), path.stat().st_size
    partial = path.with_name(f"{path.name}.compact")
    for leftover in (partial, write_ahead_log(partial)):  # of a process that was killed: the lock on the file is ours
        leftover.unlink(missing_ok=True)
    _copy(connection, partial)
    partial.replace(path)
    sync_folder(path.parent)
    log.info("compacted freed=%d seconds=%.1f", before - path.stat().st_size, time.monotonic() - began)
    return True


def _copy(connection: DuckDBPyConnection, partial: Path) -> None:
    """Copy everything, one table after the other; what is in `partial` then is on the disk, and no log beside it."""
    home = str(connection.execute("select current_database()").fetchall()[0][0])
    attach(connection, partial, "compacted")
    connection.execute(f"copy from database {home} to compacted (schema)")
    for schema, table in connection.execute(statement("tables"), {"home": home}).fetchall():
        there, here = f'compacted."{schema}"."{table}"', f'{home}."{schema}"."{table}"'
        connection.execute(f"insert into {there} from {here}")
        connection.execute("checkpoint compacted")
        counts = connection.execute(f"select (select count(*) from {there}), (select count(*) from {here})").fetchall()
        if counts[0][0] != counts[0][1]:
            raise WarehouseUnusable(f"the copy of {here} has {counts[0][0]} of {counts[0][1]} rows", about=str(partial))

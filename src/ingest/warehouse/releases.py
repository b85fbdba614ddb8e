"""Releases: when the analysts' file was made, and making it again."""

import logging
import os
import secrets
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ..core.files import file_digest, writing
from ..core.ids import content_key
from ..state import State
from ..state.rows import keep_changes, noun
from .copy_history import copy_history, has_history
from .extras import file_shape, has_extras, make_extras, renew_extras
from .file_swap import Fingerprint, clear_partial_files, difference, file_mark, put_in_place
from .publication import publish_presence
from .tables import copy_rows, new_file, pattern_shapes
from .warehouse import DuckDBPyConnection, Lock, Row, Warehouse

log = logging.getLogger("ingest")

A_DAY = timedelta(days=1)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
HISTORY_AFTER = timedelta(hours=1)  # without anything new to publish
AT_ONCE = timedelta(minutes=1)  # a release that takes no longer is worth no wait


def next_release(released_at: datetime, took: timedelta, *, share: float) -> datetime:
    """Return when the file may be made again, so that making it takes at most that share of the time."""
    return released_at if took <= AT_ONCE else released_at + took / share


def last_release(state: State, warehouse: Warehouse) -> tuple[datetime, timedelta] | None:
    """Return when the analysts' file was last made, and how long that took; None where another is in its place."""
    last = newest_release(state)
    if last is None or not _is_in_place(state, warehouse, last):
        return None
    return last["released_at"], timedelta(seconds=last["took_seconds"])


def is_released(state: State, warehouse: Warehouse, now: datetime) -> bool:
    """Return whether the analysts' file is the one that was released, and a release would bring nothing new.

    What happened, and changed nothing that is public, is brought within the hour.
    """
    last = newest_release(state)
    return last is not None and _is_in_place(state, warehouse, last) and not _is_due(state, warehouse, last, now)


def release_file(state: State, warehouse: Warehouse, now: datetime) -> bool:
    """Replace the analysts' file by one that holds all that is published; return whether there was need.

    It is a copy of the pipeline's own file, byte for byte; of a lake, it is filled from that.
    """
    began = time.monotonic()
    target = warehouse.news_path
    partial = target.with_name(f"{target.name}.partial{os.getpid()}")
    with writing(target), warehouse.locked(Lock.PUBLICATION):
        last = newest_release(state)
        differs = release_difference(state, warehouse, last) if last else None
        if last and not differs and target.exists() and not _is_due(state, warehouse, last, now):
            return False
        if differs and target.exists():
            log.warning("%s is not the file that was released: %s; it is made anew", target, differs)
        clear_partial_files(target)  # now that no other worker builds one
        release_id = content_key("release", secrets.token_hex(8), now.isoformat())
        changes = [row["change_id"] for row in state.read("unreleased_changes")]
        with state.write() as transaction:
            keep_changes(transaction, [release_id], now)  # so that it is made again where it does not come to its end
        _catch_up(state, warehouse, last)
        with warehouse.alone():
            digest = _write(warehouse, partial, release_id, now)
        kept = {
            "release_id": release_id, "released_at": now, "took_seconds": time.monotonic() - began,
            "file_shape": file_shape(warehouse.extras), "file_digest": digest, "file_mark": None,
        }  # fmt: skip
        with state.write() as transaction:
            transaction.run("delete_releases")
            transaction.insert("releases", [kept])
        put_in_place(partial, target)
        with state.write() as transaction:
            transaction.run("note_file_mark", file_mark=file_mark(target), release_id=release_id)
            transaction.run("delete_unreleased_changes", change_ids=[*changes, release_id])
    return True


def _catch_up(state: State, warehouse: Warehouse, last: Row | None) -> None:
    """Bring what analysts see of the state into the warehouse; of listings, those since a day before the last."""
    publish_presence(state, warehouse)
    copy_history(state, warehouse)
    listed = state.read("listed_articles", {"listed_since": last["released_at"] - A_DAY if last else LONG_AGO})
    if listed:
        with warehouse.write() as transaction:
            transaction.run("keep_listings", listed=listed)


def _write(warehouse: Warehouse, partial: Path, release_id: str, now: datetime) -> str:
    """Write the analysts' file; return the SHA-256 of its content."""
    release = [release_id, now]
    if warehouse.lake:
        with warehouse.write() as transaction:
            transaction.run("forget_unreleased")
            _sign(transaction.connection, release)
        with warehouse.alone() as connection:
            home, shapes = warehouse.home, pattern_shapes()
            with new_file(connection, partial, shapes=shapes):
                copy_rows(connection, home=home, schema="published")
                make_extras(connection, warehouse.extras)
        return file_digest(partial)
    with warehouse.alone() as connection:
        is_whole = has_extras(connection, warehouse.extras)
        if not is_whole:
            make_extras(connection, warehouse.extras)
    with warehouse.write() as transaction:
        if is_whole:
            renew_extras(transaction.connection, warehouse.extras)
        transaction.run("forget_unreleased")
        _sign(transaction.connection, release)
    return warehouse.copy_file(partial)


def _is_due(state: State, warehouse: Warehouse, last: Row, now: datetime) -> bool:
    """Return whether there is anything to release since the last one."""
    if last["file_shape"] != file_shape(warehouse.extras) or last["file_mark"] is None:
        return True
    if state.read("unreleased_changes") or state.read("presence_changes"):
        return True
    return not last["released_at"] <= now < last["released_at"] + HISTORY_AFTER and has_history(state)


def _is_in_place(state: State, warehouse: Warehouse, last: Row) -> bool:
    return warehouse.news_path.exists() and release_difference(state, warehouse, last) is None


def release_difference(state: State, warehouse: Warehouse, last: Row) -> str | None:
    """Return how the file differs from the one that was released; of a copy, what the file system says is noted."""
    target = warehouse.news_path
    if last["file_mark"] is None or not target.exists():  # its run died before it put it in place
        return None
    known = noun(Fingerprint, last)
    differs = difference(target, known)
    if differs is None and (mark := file_mark(target)) != known.file_mark:
        with state.write() as transaction:
            transaction.run("note_file_mark", file_mark=mark, release_id=known.release_id)
    return differs


def newest_release(state: State) -> Row | None:
    """Return the row of the last release, wherever its file is now; None before the first."""
    found = state.read("last_release")
    return found[0] if found else None


def _sign(connection: DuckDBPyConnection, release: list[object]) -> None:
    """Write into the file which release it is."""
    connection.execute("delete from ops.release")
    connection.execute("insert into ops.release values (?, ?)", release)

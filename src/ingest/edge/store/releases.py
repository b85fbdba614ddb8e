"""Releases: when the analysts' file was made, and making it again."""

import logging
import os
import secrets
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ...keys import content_key
from ...state import State
from ..extras import Extras, file_shape, has_extras, make_extras, renew_extras, shipped_extras
from ..files import file_digest, writing
from ..released_file import Fingerprint, clear_partial_files, difference, file_mark, put_in_place
from ..tables import copy_rows, new_file, pattern_shapes
from ..warehouse import DuckDBPyConnection, Row, Warehouse
from .copying import CopyRows
from .publication import PublicationRows
from .rows import keep_changes, noun

log = logging.getLogger("ingest")

A_DAY = timedelta(days=1)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
HISTORY_AFTER = timedelta(hours=1)  # without anything new to publish


class ReleaseRows(CopyRows, PublicationRows):
    """What is kept of releases."""

    def __init__(self, warehouse: Warehouse, state: State, extras: Extras | None = None) -> None:
        super().__init__(warehouse, state)
        self._extras = extras or shipped_extras()

    def last_release(self) -> tuple[datetime, timedelta] | None:
        """Return when the analysts' file was last made, and how long that took; None where another is in its place."""
        last = self._last()
        if last is None or not self._is_in_place(last):
            return None
        return last["released_at"], timedelta(seconds=last["took_seconds"])

    def is_released(self, now: datetime) -> bool:
        """Return whether the analysts' file is the one that was released, and a release would bring nothing new.

        What happened, and changed nothing that is public, is brought within the hour.
        """
        last = self._last()
        return last is not None and self._is_in_place(last) and not self._is_due(last, now)

    def release(self, now: datetime) -> bool:
        """Replace the analysts' file by one that holds all that is published; return whether there was need.

        It is a copy of the pipeline's own file, byte for byte; of a lake, it is filled from that.
        """
        began = time.monotonic()
        target = self._warehouse.news_path
        partial = target.with_name(f"{target.name}.partial{os.getpid()}")
        with writing(target), self._warehouse.alone():
            last = self._last()
            differs = self._difference(last) if last else None
            if last and not differs and target.exists() and not self._is_due(last, now):
                return False
            if differs and target.exists():
                log.warning("%s is not the file that was released: %s; it is made anew", target, differs)
            clear_partial_files(target)  # now that no other worker builds one
            release_id = content_key("release", secrets.token_hex(8), now.isoformat())
            changes = [row["change_id"] for row in self._state.read("unreleased_changes")]
            with self._state.write() as state:
                keep_changes(state, [release_id], now)  # so that it is made again where it does not come to its end
            self._catch_up(last)
            digest = self._write(partial, release_id, now)
            kept = {
                "release_id": release_id, "released_at": now, "took_seconds": time.monotonic() - began,
                "file_shape": file_shape(self._extras), "file_digest": digest, "file_mark": None,
            }  # fmt: skip
            with self._state.write() as state:
                state.run("delete_releases")
                state.insert("releases", [kept])
            put_in_place(partial, target)
            with self._state.write() as state:
                state.run("note_file_mark", file_mark=file_mark(target), release_id=release_id)
                state.run("delete_unreleased_changes", change_ids=[*changes, release_id])
        return True

    def _catch_up(self, last: Row | None) -> None:
        """Bring what analysts see of the state into the warehouse; of listings, those since a day before the last."""
        self.publish_presence()
        self.copy_history()
        listed = self._state.read(
            "listed_articles", {"listed_since": last["released_at"] - A_DAY if last else LONG_AGO}
        )
        if listed:
            with self._warehouse.write() as transaction:
                transaction.run("keep_listings", listed=listed)

    def _write(self, partial: Path, release_id: str, now: datetime) -> str:
        """Write the analysts' file; return the SHA-256 of its content."""
        release = [release_id, now]
        if self._warehouse.lake:
            with self._warehouse.write() as transaction:
                transaction.run("forget_unreleased")
                _sign(transaction.connection, release)
            with self._warehouse.alone() as connection:
                home, shapes = self._warehouse.home, pattern_shapes()
                with new_file(connection, partial, shapes=shapes):
                    copy_rows(connection, home=home, schema="published")
                    make_extras(connection, self._extras)
            return file_digest(partial)
        with self._warehouse.alone() as connection:
            is_whole = has_extras(connection, self._extras)
            if not is_whole:
                make_extras(connection, self._extras)
        with self._warehouse.write() as transaction:
            if is_whole:
                renew_extras(transaction.connection, self._extras)
            transaction.run("forget_unreleased")
            _sign(transaction.connection, release)
        return self._warehouse.copy_file(partial)

    def _is_due(self, last: Row, now: datetime) -> bool:
        """Return whether there is anything to release since the last one."""
        if last["file_shape"] != file_shape(self._extras) or last["file_mark"] is None:
            return True
        if self._state.read("unreleased_changes") or self._state.read("presence_changes"):
            return True
        return not last["released_at"] <= now < last["released_at"] + HISTORY_AFTER and self.has_history()

    def _is_in_place(self, last: Row) -> bool:
        return self._warehouse.news_path.exists() and self._difference(last) is None

    def _difference(self, last: Row) -> str | None:
        """Return how the file differs from the one that was released; of a copy, what the file system says is noted."""
        target = self._warehouse.news_path
        if last["file_mark"] is None or not target.exists():  # its run died before it put it in place
            return None
        known = noun(Fingerprint, last)
        differs = difference(target, known)
        if differs is None and (mark := file_mark(target)) != known.file_mark:
            with self._state.write() as transaction:
                transaction.run("note_file_mark", file_mark=mark, release_id=known.release_id)
        return differs

    def _last(self) -> Row | None:
        found = self._state.read("last_release")
        return found[0] if found else None


def _sign(connection: DuckDBPyConnection, release: list[object]) -> None:
    """Write into the file which release it is."""
    connection.execute("delete from ops.release")
    connection.execute("insert into ops.release values (?, ?)", release)

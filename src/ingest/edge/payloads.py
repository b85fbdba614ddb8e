"""Which payloads the archive holds already, and where: a small file beside the WARC files, shared by all processes.

It is a hint and no more: the record it names is read before it is believed. It may be deleted at any time; then the
next bodies are kept whole once more. It also remembers captures until the warehouse has them.
"""

import contextlib
import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, fields
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from ..model import Capture

INDEX_FILE = "payloads.sqlite"
_BUSY_SECONDS = 5.0
_KEY_BYTES = 16

_COLUMNS = ", ".join(field.name for field in fields(Capture))
_TABLES = (
    "create table if not exists places (key blob primary key, file text, offset integer) without rowid",
    # No number comes again: whoever forgets what is filed up to one forgets nothing that was noted since.
    f"create table if not exists to_file (number integer primary key autoincrement, {_COLUMNS})",
)
_FIND = "select file, offset from places where key = ?"
_KEEP = "insert or replace into places values (?, ?, ?)"
_NOTE = f"insert into to_file ({_COLUMNS}) values ({', '.join('?' * len(fields(Capture)))})"
_UNFILED = f"select number, {_COLUMNS} from to_file where number > ? order by number limit ?"
_FORGET = "delete from to_file where number <= ?"


class PayloadIndex:
    """Places of responses by what they hold and by where they came from. Not for several threads at once."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / INDEX_FILE
        self._connection: sqlite3.Connection | None = None

    def find(self, *identity: str) -> tuple[str, int] | None:
        """Give file and offset of what was kept under this identity, if anything was."""
        with contextlib.suppress(sqlite3.Error):
            found = self._open().execute(_FIND, (_key(identity),)).fetchone()
            return (str(found[0]), int(found[1])) if found else None
        return None

    def keep(self, *identity: str, file: str, offset: int) -> None:
        """Remember where something lies; the latest place counts."""
        with contextlib.suppress(sqlite3.Error):
            self._open().execute(_KEEP, (_key(identity), file, offset))

    def note(self, capture: Capture) -> None:
        """Remember a capture until it is filed."""
        row = [value.isoformat() if isinstance(value, datetime) else value for value in astuple(capture)]
        with contextlib.suppress(sqlite3.Error):
            self._open().execute(_NOTE, row)

    def unfiled(self, most: int, *, after: int) -> tuple[Sequence[Capture], int]:
        """Give some captures that are not filed yet, beyond a number, and the number of the last one."""
        with contextlib.suppress(sqlite3.Error):
            rows = self._open().execute(_UNFILED, (after, most)).fetchall()
            return [_capture(row[1:]) for row in rows], max((row[0] for row in rows), default=after)
        return [], after

    def forget(self, last: int) -> None:
        """Remember captures no longer, up to a number."""
        with contextlib.suppress(sqlite3.Error):
            self._open().execute(_FORGET, (last,))

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            try:
                self._connection = _opened(self._path)
            except sqlite3.OperationalError:  # somebody holds it, or the disk is full
                raise
            except sqlite3.DatabaseError:  # it is damaged, and can be done without
                for path in self._path.parent.glob(f"{INDEX_FILE}*"):
                    path.unlink(missing_ok=True)
                self._connection = _opened(self._path)
        return self._connection


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        for table in _TABLES:
            connection.execute(table)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _capture(row: Sequence[str]) -> Capture:
    told = dict(zip(_COLUMNS.split(", "), row, strict=True))
    return Capture(**{**told, "captured_at": datetime.fromisoformat(told["captured_at"])})  # type: ignore[arg-type]


def _key(identity: tuple[str, ...]) -> bytes:
    return sha256("\x1f".join(identity).encode("utf-8", "surrogatepass")).digest()[:_KEY_BYTES]

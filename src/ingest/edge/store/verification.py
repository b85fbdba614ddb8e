"""What verification reads: the analysts' file beside the rows that are published, and captures by their keys."""

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ...errors import WarehouseBusy, WarehouseUnusable
from ...model import Capture
from ...verified import Compared, KeyRange
from ..faults import translated
from ..files import file_digest
from ..release import ARTICLE_TABLES
from ..transaction import Row, rows_of
from ..values import written
from ..warehouse import statement
from .releases import ReleaseRows
from .rows import noun

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..warehouse import DuckDBPyConnection

LISTED_AT = '"last_listed_at"'  # of article_sources: it goes on without a release


class VerificationRows(ReleaseRows):
    """What verification needs."""

    def compare_released(self, keys: KeyRange) -> Compared:
        """Compare the analysts' file with what is published, row by row, for the articles and authors in a range.

        What the next release will bring is left out. Nothing is compared where nothing was released yet.
        """
        news = self._warehouse.news_path
        with self._warehouse.alone() as connection:
            known = self._known(self._last())
            if known is None:
                return Compared()
            if differs := self._difference(known):
                return Compared(found=(f"{news} is not the file that was released: {differs}",))
            try:
                with translated(news), _attached(connection, str(news)) as home:
                    found = [_compare(connection, part) for part in self._parts(connection, home, keys)]
            except WarehouseBusy:
                return Compared()  # opened for writing, and nothing written yet: the next run compares
            except WarehouseUnusable as error:
                return Compared(found=(str(error),))
        return Compared(
            checked=sum(checked for checked, _ in found),
            found=tuple(f"{news}, {differs}" for _, differs in found if differs),
        )

    def compare_digest(self) -> Compared:
        """Compare the whole content of the analysts' file, by its SHA-256, with what was released."""
        known = self._known(self._last())
        if known is None or file_digest(self._warehouse.news_path) == known.file_digest:
            return Compared()
        return Compared(found=(f"{self._warehouse.news_path}: its content has changed since it was released",))

    def discard_release(self) -> None:
        """Have the next release write the analysts' file anew, whatever is in it."""
        with self._warehouse.write() as transaction:
            transaction.run("discard_release")

    def newest_run(self) -> int:
        """Return the number of the run that began last; 0 where there was none."""
        return int(self._state.read("newest_run")[0]["number"] or 0)

    def captures_within(self, keys: KeyRange) -> list[Capture]:
        """Return the captures that are kept and have their key in a range, by file and place."""
        bounds = {"first": keys.first, "end": keys.end}
        return [noun(Capture, row) for row in self._state.read("captures_within", bounds)]

    def archive_ends(self) -> dict[str, int]:
        """Return for each file of the archive that is kept at which byte its last capture ends."""
        return {row["warc_file"]: row["end_byte"] for row in self._state.read("archive_ends")}

    def captures_beyond(self, warc_file: str, bytes_: int) -> list[Capture]:
        """Return the captures of a file that end behind a byte of it."""
        rows = self._state.read("captures_beyond", {"warc_file": warc_file, "bytes": bytes_})
        return [noun(Capture, row) for row in rows]

    def remove_lost_captures(self, captures: Sequence[Capture], now: datetime) -> None:
        """Note captures as removed, as those of a file are that was pruned."""
        with self._state.write() as transaction:
            transaction.run("remove_lost_captures", capture_ids=[one.capture_id for one in captures], now=now)

    def _parts(self, connection: "DuckDBPyConnection", home: str, keys: KeyRange) -> "Iterator[_Part]":
        """Yield what is compared of each table; authors come with articles, of which some may wait for a release."""
        columns = dict(connection.execute(statement("released_columns")).fetchall())
        waiting = self._warehouse.read("count_unreleased")[0]["unreleased"]
        for table in ARTICLE_TABLES if waiting else ("authors", *ARTICLE_TABLES):
            compared = [column for column in columns[table] if column != LISTED_AT]
            where = f"{compared[0]} >= $first and ($end is null or {compared[0]} < $end)"
            if waiting:
                where += f" and article_id not in (select article_id from {home}.ops.unreleased)"
            names = {"columns": ", ".join(compared), "table": table, "where": where, "home": home}
            yield _Part(names=names, bounds={"first": keys.first, "end": keys.end})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Some rows of a table: what the statements about them name, and the bounds of their keys."""

    names: Mapping[str, str]
    bounds: Mapping[str, str | None]


@contextmanager
def _attached(connection: "DuckDBPyConnection", news: str) -> "Iterator[str]":
    """Attach the analysts' file as `released`, for reading; yield the name of the pipeline's own database."""
    home = str(connection.execute("select current_database()").fetchall()[0][0])
    connection.execute(f"attach {written(news)} as released (read_only)")
    try:
        yield home
    finally:
        connection.execute("detach released")


def _compare(connection: "DuckDBPyConnection", part: _Part) -> tuple[int, str | None]:
    """Return how many rows are published, and how those of the analysts' file differ; None where they do not."""

    def run(name: str) -> list[Row]:
        return rows_of(connection.execute(statement(name).format(**part.names), dict(part.bounds)))

    ours, released = run("row_sums")
    if ours == released:
        return ours["found"], None
    [row] = run("differing_rows")
    told = f"{row['missing']:,} rows that are published are not in it as they are, and {row['foreign_rows']:,} of it "
    return row["published"], f"{part.names['table']}: {told}are not published"

"""What verification reads: the analysts' file beside what was released, and captures by their keys."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from ..core.files import file_digest
from ..core.model import Capture
from ..state import State
from ..state.rows import keep_changes, noun
from .duckdb_values import written
from .releases import newest_release, release_difference
from .tables import NEWS_TABLES
from .transaction import Row
from .verification_findings import Compared, KeyRange, Lacking
from .warehouse import Warehouse


def compare_release(state: State, warehouse: Warehouse) -> Compared:
    """Compare the analysts' file with the one that was released, by what the file system says of it and by its id.

    Where that is not what was noted, its whole content is read. Nothing is compared where nothing was released yet.
    """
    last = newest_release(state)
    if last is None or not (differs := release_difference(state, warehouse, last)):
        return Compared()
    return Compared(found=(f"{warehouse.news_path} is not the file that was released: {differs}",))


def compare_digest(state: State, warehouse: Warehouse) -> Compared:
    """Compare the whole content of the analysts' file, by its SHA-256, with what was released."""
    last, news = newest_release(state), warehouse.news_path
    if last is None or last["file_mark"] is None or not news.exists():
        return Compared()
    if file_digest(news) != last["file_digest"]:
        return Compared(found=(f"{news}: its content has changed since it was released",))
    return Compared()


def read_published(warehouse: Warehouse) -> int:
    """Read all that is published, and return how many rows that is; WarehouseDamaged where it can't be read."""
    with warehouse.alone() as connection:
        counted = (
            connection.execute(f"select count(hash(rows)) from published.{table} as rows") for table in NEWS_TABLES
        )
        return sum(int(found.fetchall()[0][0]) for found in counted)


def lacking_articles(state: State, warehouse: Warehouse, keys: KeyRange) -> Lacking:
    """Count by source the articles in a range that the state knows as published and the warehouse lacks.

    What is there and was fetched later was published meanwhile. What waits to be published again does not count.
    """
    bounds = {"first": keys.first, "end": keys.end}
    parts = {"first": written(keys.first), "end": written(keys.end) if keys.end else "null"}
    known = state.read("known_hashes", bounds)
    here = {row["article_id"]: row for row in warehouse.read("published_hashes", parts=parts)}
    lacking = [row["source_id"] for row in known if _is_lacking(row, here.get(row["article_id"]))]
    return Lacking(checked=len(known), by_source=Counter(lacking))


def discard_release(state: State) -> None:
    """Have the next release write the analysts' file anew, whatever is in it."""
    with state.write() as transaction:
        transaction.run("delete_releases")


def newest_run(state: State) -> int:
    """Return the number of the run that began last; 0 where there was none."""
    return int(state.read("newest_run")[0]["number"] or 0)


def captures_within(state: State, keys: KeyRange) -> list[Capture]:
    """Return the captures that are kept and have their key in a range, by file and place."""
    bounds = {"first": keys.first, "end": keys.end}
    return [noun(Capture, row) for row in state.read("captures_within", bounds)]


def captures_beyond(state: State, warc_file: str, bytes_: int) -> list[Capture]:
    """Return the captures of a file that end behind a byte of it."""
    rows = state.read("captures_beyond", {"warc_file": warc_file, "bytes": bytes_})
    return [noun(Capture, row) for row in rows]


def remove_lost_captures(state: State, captures: Sequence[Capture], now: datetime) -> None:
    """Note captures as removed, as those of a file are that was pruned."""
    with state.write() as transaction:
        capture_ids = [one.capture_id for one in captures]
        transaction.run("remove_lost_captures", capture_ids=capture_ids, now=now)
        keep_changes(transaction, [f"capture {capture_id}" for capture_id in capture_ids], now)


def archive_ends(state: State) -> dict[str, int]:
    """Return at which byte the last capture ends of each file of the archive that is kept."""
    return {row["warc_file"]: row["end_byte"] for row in state.read("archive_ends")}


def _is_lacking(known: Row, here: Row | None) -> bool:
    if here is None:
        return True
    return bool(here["content_hash"] != known["content_hash"] and here["fetched_at"] <= known["fetched_at"])

"""Compares what an interrupted run and those after it leave in the end with what one uninterrupted run leaves."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest.archive.archive import WarcArchive
from ingest.core.errors import CaptureUnreadable
from ingest.core.model import Capture
from ingest.warehouse import verification
from ingest.warehouse.warehouse import Warehouse, query
from tests.state import select_rows, state_in, state_of
from tests.warc import conformance_flaws, read_archive

# What an uninterrupted run and an interrupted one must agree on: all but times, captures and the names of runs.
AGREED = {
    "sources": "from sources",
    # Of several near-duplicates, the one that was first seen is the original; that is a matter of time, too.
    "articles": "select * exclude (first_seen_at, fetched_at, capture_id, duplicate_of), "
    "min(article_id) over (partition by coalesce(duplicate_of, article_id)) as told_with from articles",
    "article_versions": "select * exclude (seen_at, capture_id) from article_versions",
    "article_urls": "from article_urls",
    "article_sources": "select article_id, source_id, guid from article_sources",
    "authors": "from authors",
    "article_authors": "from article_authors",
    "paragraphs": "from paragraphs",
    "figures": "from figures",
    "figure_changes": "select * exclude (seen_at) from figure_changes",
    "links": "from links",
    "media": "from media",
    "tags": "from tags",
    # What is known already may be listed once more, to a run that asks again.
    "outcomes": "select entry_id, source_id, outcome, reason from ops.entry_outcomes "
    "where reason is distinct from 'known'",
    "quarantine": "select table_name, row_key, rule, source_id from ops.quarantine",
    "alerts": "select fingerprint, source_id, severity, title, resolved_at from ops.alerts",
    # How many there were is not compared: an article read at two addresses is staged twice where a kill parts them.
    "validations": "select distinct state from ops.batches",
}
# The same of what analysts do not see.
AGREED_BEHIND = {
    "unsettled": "select batch_id from ops.settlements",
    "unreleased": "from ops.unreleased",
}
# The same of the state, where nothing may be under way in the end.
AGREED_WITHIN = {
    "entries": "with ended as (select entry_id, outcome, "
    "row_number() over (partition by entry_id order by ended_at desc) as place "
    "from entry_outcomes where reason is distinct from 'known') "
    "select entry_id, source_id, listing_hash, state, "
    "case when outcome = 'unchanged' then null else article_id end as article_id "
    "from entries left join (select entry_id, outcome from ended where place = 1) using (entry_id)",
    "staged": "select count(*) as parts from staged_parts join batches using (batch_id) where state <> 'published'",
    "feeds": "select source_id, listed_url, feed_url, format, ttl_seconds, skip_hours, skip_days, "
    "gone_at is not null as is_gone, site_url, hub_urls, topic_url, listing_state from known_feeds",
    "messages": "select title, moment, sent_at is not null as is_sent from messages",
    # Of the events, those that come once however often their thing is looked at.
    "events": "select name, source_id, count(*) as times, sum(payload ->> 'entries') as entries, "
    "sum(payload ->> 'changes') as changes from events where name in ("
    "'entries.found', 'figure.corrected', 'source.moved', 'source.gone', 'source.silent', 'alert.opened', "
    "'alert.resolved') group by name, source_id",
    "known articles": "select article_id, source_id, content_hash, is_from_feed, is_gone, is_shortened, "
    "sketch_1, sketch_2, sketch_3, sketch_4, sketch_5, sketch_6, sketch_7, sketch_8 from articles",
    "known addresses": "select url, article_id, kind from article_urls",
    "known listings": "select article_id, source_id from article_sources",
    "leases": "select source_id from leases where run_id is not null",
    "presence": "select article_id from presence_changes",
    # What is asked again may be answered otherwise, and more often.
    "polls": "select distinct source_id from polls",
    "fetches": "select distinct entry_id, url from fetches",
    "broken rules": "select distinct source_id, suite, rule from validations join batches using (batch_id) "
    "where not passed",
    "deliveries": "select title, moment, deliveries.sent_at is not null as is_sent "
    "from deliveries join messages using (message_id)",
    "releases": "select count(*) as releases from releases",
    "unreleased changes": "select count(*) as changes from unreleased_changes",
}
# Tables in which such a run changes nothing.
UNTOUCHED_WITHIN = (
    "accepted_rows", "awaited_pushes", "backfills", "listening", "pings", "pushes", "removed_articles", "subscriptions",
    "topics",
)  # fmt: skip
AGREED_WITHIN |= {name: f"select * from {name}" for name in UNTOUCHED_WITHIN}
# What two runs need not agree on, and why.
LEFT_OUT = {
    "alerts": "compared as analysts have them",
    "quarantine": "compared as analysts have it",
    "captures": "each answer is one, and a killed run's pages are asked for again: see `archive_flaws`",
    "payloads": "where captures are found again that are alike",
    "host_visits": "kept when a run ends by itself",
    "runs": "there is one more",
    "reading_times": "measured times",
    "counted": "metrics, which count what was done again",
    "counted_until": "a moment",
    "prunings": "moments",
    "migrations": "what a version brings along",
    "warehouse_id": "random",
}
LEFT_OUT_OF_WAREHOUSE = {
    "migrations": LEFT_OUT["migrations"],
    "warehouse_id": LEFT_OUT["warehouse_id"],
    "release": "an id of its own, and a moment",
    "copies": "which of the articles told alike is the earliest hangs on moments: see `told_with`",
    "published_batches": "their ids are of runs: see `unlike_batches`",
    "removed_articles": "a copy of the state's",
    "shape": "what a version brings along",
    "rough_rates": "what a version brings along",
} | dict.fromkeys(
    ("backfills", "captures", "events", "fetches", "host_visits", "known_feeds", "polls", "runs", "validations"),
    "a copy of the state's, renewed within the hour",
)


def read_state(warehouse: Path) -> dict[str, list[Any]]:
    """Read all that two runs must agree on."""
    state: dict[str, list[Any]] = {}
    for name, sql in AGREED.items():
        columns, rows = query(warehouse / "news.duckdb", sql)
        state[name] = sorted((dict(zip(columns, row, strict=True)) for row in rows), key=repr)
    for name, sql in AGREED_WITHIN.items():
        state[name] = sorted(select_rows(warehouse, sql), key=repr)
    for name, sql in AGREED_BEHIND.items():
        _, state[name] = query(warehouse / "published.duckdb", sql)
    state["unlike batches"] = sorted(unlike_batches(warehouse))
    return state


def unlike_batches(warehouse: Path) -> set[str]:
    """Return the batches that only one of state and warehouse calls published."""
    _, published = query(warehouse / "published.duckdb", "select batch_id from ops.published_batches")
    known = select_rows(warehouse, "select batch_id from batches where state = 'published'")
    return {batch_id for (batch_id,) in published} ^ {row["batch_id"] for row in known}


def differences(found: dict[str, list[Any]], wanted: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return, by table, the rows that only one of two states has."""
    return {
        name: [*(row for row in found[name] if row not in rows), *(row for row in rows if row not in found[name])]
        or ["as often"]
        for name, rows in wanted.items()
        if found[name] != rows
    }


def count_articles(warehouse: Path) -> int | None:
    """Read the analysts' file as an analyst might at this moment; None while there is none yet."""
    news = warehouse / "news.duckdb"
    return query(news, "select count(*) from articles")[1][0][0] if news.exists() else None


def archive_flaws(warehouse: Path) -> list[str]:
    """List what is wrong with the archive: records that no reader would take, captures that are not there."""
    folder = warehouse / "archive"
    records = read_archive(folder)
    archive = WarcArchive(folder, state_in(warehouse), clock=lambda: datetime.now(UTC), software="tests")
    flaws = conformance_flaws(folder, records)
    captures = list(_captures(warehouse))
    for capture in captures:
        record = records.get((capture.warc_file, capture.warc_offset))
        told = (capture.url, capture.status, capture.warc_length)
        if record is None or (record.url, record.status, record.length) != told:
            flaws.append(f"{capture} leads to {record and (record.url, record.status, record.length)}")
        try:
            archive.recall(capture)
        except CaptureUnreadable as error:
            flaws.append(str(error))
    return flaws


def release_flaws(warehouse: Path) -> tuple[str, ...]:
    """List how the analysts' file differs from the one that was released."""
    with closing(Warehouse(warehouse)) as opened:
        return verification.compare_digest(state_of(opened), opened).found


def _captures(warehouse: Path) -> Iterator[Capture]:
    """Yield what the state knows of the archive: nothing, where it was killed before it had any shape."""
    if select_rows(warehouse, "select name from sqlite_schema where name = 'captures'"):
        known = {field.name for field in fields(Capture)}
        for row in select_rows(warehouse, "select * from captures"):
            yield Capture(**{name: value for name, value in row.items() if name in known})

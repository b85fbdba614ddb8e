"""A warehouse as it was before state had a database of its own: migrations 1 to 22, and rows of each table."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb

from ingest.state import StateTransaction
from ingest.state.database import migrations as state_migrations
from ingest.state.database import statement as state_statement
from ingest.state.postgres import PostgresEngine
from ingest.state.sqlite import STATE_FILE, SqliteEngine
from ingest.warehouse.duckdb_errors import AttachedFile
from ingest.warehouse.lake import Hold, Lake, keyless
from ingest.warehouse.migrations import LAST_WITH_QUARANTINE, migrations
from ingest.warehouse.statements import statement
from ingest.warehouse.transaction import Row, rows_of
from ingest.warehouse.warehouse import OLD_FILE

NEWEST = 22
PERCENT = '{"text": "4,300 \\"%\\" — ñ", "value": 1.50}'
CAPTURES = 2_500  # more than are imported at once
# Each table that the state took over, and what there is in it; columns that are left out are null, or their defaults.
ROWS = {
    "published.sources": [
        "'gazette' as source_id, 'Gazette' as name, 'https://gazette.example/feed' as feed_url, 'UTC' as timezone",
    ],
    "raw.entries": [
        """
        'waits' as entry_id, 'gazette' as source_id, 'guid' as guid, 'https://Gazette.example/waits' as url,
        'Waits; "quoted" — ñandú' as title, ['A. Author', 'B, Author'] as authors, 'summary' as summary,
        '<p>html</p>' as content_html, timestamptz '2026-02-28 23:59:59.123456+00' as published_at, null as updated_at,
        'Sat, 28 Feb 2026' as published_raw, 'en' as language, ['a', 'b'] as tags, 'hash' as listing_hash,
        timestamptz '2026-03-01 10:00:00+00' as found_at, timestamptz '2026-03-01 11:00:00+00' as last_listed_at,
        'found' as state, 1 as attempts, timestamptz '2026-03-01 11:30:00+00' as retry_at, null as capture_id,
        null as batch_id, null as article_id
        """,
        *(
            f"""
            '{key}' as entry_id, 'gazette' as source_id, null as guid, 'https://gazette.example/{key}' as url,
            '{key}' as title, [] as authors, [] as tags, 'hash' as listing_hash,
            timestamptz '2026-03-01 10:00:00+00' as found_at, timestamptz '2026-03-01 11:00:00+00' as last_listed_at,
            '{state}' as state, 1 as attempts, {capture_id} as capture_id, {batch_id} as batch_id,
            {article_id} as article_id
            """
            for key, state, capture_id, batch_id, article_id in (
                ("fetched", "fetched", "'capture-1'", "null", "null"),
                ("staged", "staged", "'capture-2'", "'staged'", "'staged'"),
                ("refused", "ended", "'capture-3'", "'rejected'", "'rejected'"),
                ("ended", "ended", "'capture-4'", "'published'", "'public'"),
            )
        ),
    ],
    "ops.runs": [
        "'later' as run_id, timestamptz '2026-03-01 11:00:00+00' as started_at, null as ended_at, 2 as number",
        """
        'earlier' as run_id, timestamptz '2026-03-01 10:00:00+00' as started_at,
        timestamptz '2026-03-01 10:05:00+00' as ended_at, 1 as number
        """,
    ],
    "ops.claims": [
        """
        'gazette' as source_id, 'later' as run_id, 2147483647 as worker,
        timestamptz '2026-03-01 11:00:00+00' as claimed_at
        """,
    ],
    "ops.polls": [
        f"""
        'gazette' as source_id, timestamptz '2026-03-01 {hour}:00:00+00' as polled_at, 'served' as outcome,
        'https://gazette.example/feed' as feed_url, '"etag"' as etag, 5 as entries_listed, 5 as entries_found,
        5000000000 as received_bytes, 12 as elapsed_ms, 0 as failures_in_a_row, 60 as lag_seconds,
        timestamptz '2026-03-01 12:00:00+00' as next_poll_at, {number} as run_number, 'capture-0' as capture_id
        """
        for hour, number in ((11, 1), (10, 2))  # of the second, the clock was wrong
    ],
    "ops.known_feeds": [
        """
        'gazette' as source_id, 'https://gazette.example/feed' as listed_url, 'https://gazette.example/rss' as feed_url,
        'rss' as format, 60 as ttl_seconds, [0, 23] as skip_hours, ['Sunday'] as skip_days, ['https://hub.example/'] as
        hub_urls, 'https://gazette.example/topic' as topic_url, '{"a": "b"}' as listing_state
        """,
        """
        'herald' as source_id, 'https://herald.example/feed' as listed_url, 'https://herald.example/feed' as feed_url,
        [] as skip_hours, [] as skip_days, timestamptz '2026-02-01 00:00:00+00' as gone_at
        """,
    ],
    "ops.host_visits": [
        """
        'earlier' as run_id, 'gazette.example' as host, 6 as requests, 1 as not_modified, 0 as throttled, 0 as failed,
        5000000000 as received_bytes
        """,
    ],
    "ops.backfills": [
        f"""
        'gazette' as source_id, date '2026-01-01' as first_day, date '2026-01-31' as last_day,
        'https://gazette.example/{day}' as address, timestamptz '2026-02-01 00:00:00+00' as listed_at,
        {visited_at} as visited_at, {found} as entries_found
        """
        for day, visited_at, found in (("2", "null", 0), ("1", "timestamptz '2026-02-01 00:01:00+00'", 3))
    ],
    "ops.entry_outcomes": [
        "'later' as run_id, 'waits' as entry_id, 'gazette' as source_id",
        """
        'earlier' as run_id, 'waits' as entry_id, 'gazette' as source_id, 'failed' as outcome, 'timeout' as reason,
        'timeout' as error_kind, 'no first byte' as detail, timestamptz '2026-03-01 10:01:00+00' as ended_at
        """,
    ],
    "ops.fetches": [
        f"""
        'waits' as entry_id, 'gazette' as source_id, '{url}' as url,
        timestamptz '2026-03-01 {hour}:00:30+00' as fetched_at, {status} as status, 0 as received_bytes,
        60000 as elapsed_ms, {number} as run_number, 'capture-1' as capture_id
        """
        for url, hour, status, number in (
            ("HTTPS://Gazette.example:8443/waits?x=1", 11, "200", 1),
            ("https://gazette.example/waits", 10, "null", 2),
        )
    ],
    "ops.captures": [
        f"""
        'capture-' || number as capture_id, 'https://gazette.example/' || number as url,
        timestamptz '2026-03-01 10:00:00+00' + to_seconds(number) as captured_at, 200 as status,
        'sha1:' || number as payload_hash, 'a.warc.gz' as warc_file, 5000000000 + number as warc_offset,
        1 as warc_length, if(number = 7, timestamptz '2026-03-01 12:00:00+00', null) as removed_at
        from range({CAPTURES}) as numbers (number)
        """,
    ],
    "ops.batches": [
        f"""
        '{state}' as batch_id, 'earlier' as run_id, 'gazette' as source_id,
        timestamptz '2026-03-01 10:02:00+00' as staged_at, 1 as articles, 1 as figures, '{state}' as state,
        {state == "proposed"} as is_reread
        """
        for state in ("staged", "validated", "rejected", "published", "proposed")
    ],
    "staging.articles": [
        f"""
        '{state}' as article_id, 'gazette' as source_id, 'https://gazette.example/{state}' as url,
        'https://gazette.example/{state}' as canonical_url, '{state}' as title, ['A. Author'] as authors,
        '$12 million' as body, timestamptz '2026-03-01 10:00:00+00' as first_seen_at,
        timestamptz '2026-03-01 10:00:00.000001+00' as fetched_at, 2 as word_count, 'hash' as content_hash,
        [] as flags, '1' as parser_version, '{state}' as batch_id, '{state}' as row_key
        """
        for state in ("staged", "validated", "rejected", "proposed")
    ],
    "staging.article_sources": [
        f"""
        '{state}' as article_id, 'gazette' as source_id, timestamptz '2026-03-01 10:00:00+00' as found_at,
        timestamptz '2026-03-01 10:00:00+00' as last_listed_at, '{state}' as batch_id, '{state}:gazette' as row_key
        """
        for state in ("staged", "validated", "rejected", "proposed")
    ],
    "staging.figures": [
        """
        'figure' as figure_id, 'staged' as article_id, 1 as paragraph, 0 as span_start, 11 as span_end,
        '$12 million' as text, 12000000.5 as value, null as value_high, 'money' as kind, 'USD' as unit,
        'exact' as qualifier, '$12 million' as sentence, ['currency_assumed'] as flags, [] as rules,
        'staged' as batch_id, 'figure' as row_key
        """,
    ],
    "ops.validations": [
        """
        'published' as batch_id, 'figures' as suite, 'value_is_a_number' as rule, 'error' as severity, true as passed,
        3000000000 as checked, 0 as unexpected, null as observed, 'a note' as note,
        timestamptz '2026-03-01 10:03:00+00' as judged_at
        """,
        """
        'rejected' as batch_id, 'articles' as suite, 'has_a_title' as rule, 'critical' as severity, false as passed,
        1 as checked, 1 as unexpected, '1' as observed, 'a note' as note,
        timestamptz '2026-03-01 10:03:00+00' as judged_at
        """,
    ],
    "published.articles": [
        f"""
        '{key}' as article_id, 'gazette' as source_id, 'https://gazette.example/{key}' as url,
        'https://gazette.example/{key}' as canonical_url, '{key}' as title, [] as authors, 'body' as body,
        timestamptz '2026-02-01 10:00:00+00' as first_seen_at, timestamptz '2026-03-01 10:00:00+00' as fetched_at,
        1 as word_count, 1 as version, 'hash' as content_hash, {flags} as flags, '1' as parser_version,
        {capture_id} as capture_id
        """
        for key, flags, capture_id in (
            ("public", "['gone', 'body_from_feed']", "null"),
            ("other", "['shortened']", "'capture-4'"),
        )
    ],
    "published.article_urls": [
        f"'public' as article_id, 'https://gazette.example/{url}' as url, '{kind}' as kind"
        for url, kind in (("ended", "listed"), ("public", "final"), ("public", "canonical"))
    ],
    "published.article_sources": [
        """
        'public' as article_id, 'gazette' as source_id, timestamptz '2026-02-01 10:00:00+00' as found_at,
        timestamptz '2026-02-01 10:00:00+00' as last_listed_at
        """,
    ],
    "ops.alerts": [
        """
        'open' as alert_id, 'feed-silent:gazette' as fingerprint, 'gazette' as source_id, 'warning' as severity,
        'Gazette: silent' as title, E'line one\\nline two' as body, timestamptz '2026-03-01 09:00:00+00' as opened_at,
        timestamptz '2026-03-01 11:00:00+00' as last_seen_at, timestamptz '2026-03-01 09:00:00+00' as told_at,
        1 as reminders, 0 as returns, timestamptz '2026-03-01 10:00:00+00' as quiet_since
        """,
        """
        'over' as alert_id, 'disk' as fingerprint, 'critical' as severity, 'Disk' as title, '' as body,
        timestamptz '2026-02-01 09:00:00+00' as opened_at, timestamptz '2026-02-01 09:00:00+00' as last_seen_at,
        timestamptz '2026-02-02 09:00:00+00' as resolved_at
        """,
    ],
    "ops.messages": [
        f"""
        '{moment}' as message_id, 'open' as alert_id, '{moment}' as moment, 'Gazette: silent' as title, 'body' as body,
        'warning' as severity, timestamptz '2026-03-01 09:00:00+00' as written_at, {sent_at} as sent_at
        """
        for moment, sent_at in (("opened", "timestamptz '2026-03-01 09:00:10+00'"), ("reminded", "null"))
    ],
    "ops.deliveries": [
        """
        'reminded' as message_id, 'json:0f' as receiver, 2 as attempts,
        timestamptz '2026-03-01 10:00:00+00' as begun_at,
        timestamptz '2026-03-01 12:00:00+00' as retry_at, 'undelivered' as reason
        """,
    ],
    "ops.events": [
        f"""
        '{key}' as event_id, 'source.failed' as name, timestamptz '2026-03-01 {hour}:00:00+00' as occurred_at,
        'gazette' as source_id, '{{"source": "gazette", "polls": 2}}' as payload, {sent_at} as sent_at
        """
        for key, hour, sent_at in (("later", 11, "null"), ("earlier", 10, "timestamptz '2026-03-01 10:00:01+00'"))
    ],
    "quarantine.refused_rows": [
        f"""
        'published' as batch_id, '{table}' as table_name, '{key}' as row_key, '{rule}' as rule, 'gazette' as source_id,
        {article_id} as article_id, 'a note' as note, '{row}' as row_json,
        timestamptz '2026-03-01 10:03:00.000001+00' as quarantined_at, md5('{table}/{key}') as refused_id,
        {capture_id} as capture_id, {retried_at} as retried_at, {retried_at} as accepted_at, {why} as accepted_why
        """
        for table, key, rule, article_id, row, capture_id, retried_at, why in (
            *(
                ("figures", "low", rule, "'public'", PERCENT, "'capture-4'", "null", "null")
                for rule in ("bounds", "whole")
            ),
            ("authors", "nobody", "named", "null", '{"name": ""}', "null", "null", "null"),
            ("figures", "high", "bounds", "'public'", '{"sentence": "So.", "text": "5"}', "'capture-4'",
             "timestamptz '2026-03-01 12:00:00+00'", "'It is so.'"),
        )
    ],
    "quarantine.accepted_rows": [
        """
        'figures' as table_name, 'high' as row_key, 'It is so.' as why, timestamptz '2026-03-01 11:59:00+00' as
        accepted_at
        """,
    ],
    "ops.prunings": ["timestamptz '2026-02-28 00:00:00+00' as pruned_at"],
    "ops.reading_times": [
        f"'earlier' as run_id, {within} as within_seconds, {pages} as pages, 0.125 as seconds"
        for within, pages in (("0.05", 4), ("null", 1))
    ],
    "ops.counted": [
        f"'entries' as series, ['gazette', 'published'] as labels, {bound} as bound, 9 as events, 1.5 as seconds"
        for bound in ("null", "0.5")
    ],
    "ops.counted_until": ["timestamptz '2026-02-27 00:00:00+00' as counted_until"],
}  # fmt: skip


@contextmanager
def open_old(place: Path | Lake, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the pipeline's own file in a folder, or a lake, with the tables and rows of old, made where it is new."""
    with closing(Hold(place, folder, worker=1) if isinstance(place, Lake) else AttachedFile(place)) as database:
        connection = database.connection
        connection.execute(f"use {database.name}")
        connection.execute("set timezone = 'UTC'")
        yield connection


def make_old(folder: Path, lake: Lake | None = None) -> Mapping[str, list[Row]]:
    """Make one with all rows; return these by table."""
    with open_old(lake or folder / OLD_FILE, folder) as connection:
        connection.execute(keyless(statement("migrations")) if lake else statement("migrations"))
        _migrate(connection, range(1, NEWEST + 1), in_shape=keyless if lake else str)
        for table, rows in ROWS.items():
            for row in rows:
                connection.execute(f"insert into {table} by name select {row}")
        return {table: rows_of(connection.execute(f"from {table} order by rowid")) for table in ROWS}


def make_with_state(folder: Path, lake: Lake | None = None) -> Mapping[str, list[Row]]:
    """Make one as it was when all state but quarantine had moved to its database; return its rows in quarantine."""
    rows = make_old(folder, lake)
    with open_old(lake or folder / OLD_FILE, folder) as connection:
        _migrate(connection, range(NEWEST + 1, LAST_WITH_QUARANTINE), in_shape=keyless if lake else str)
        [(warehouse_id,)] = connection.execute("select warehouse_id from ops.warehouse_id").fetchall()
    with closing(PostgresEngine(lake.catalog) if lake else SqliteEngine(folder / STATE_FILE)) as engine:
        engine.begin_migration()
        number, name, sql = state_migrations()[0]
        for one in (state_statement("make_migrations"), *sql.split(";\n")):
            if one.strip():
                engine.execute(engine.written_for(one), {})
        transaction = StateTransaction(engine)
        transaction.insert("migrations", [{"number": number, "name": name}])
        transaction.insert("warehouse_id", [{"warehouse_id": warehouse_id}])
        transaction.insert("batches", rows["ops.batches"])
        engine.commit()
    return rows


def _migrate(connection: duckdb.DuckDBPyConnection, numbers: range, in_shape: Callable[[str], str]) -> None:
    for number, name, sql in migrations():
        if number in numbers:
            connection.execute(in_shape(sql))
            connection.execute("insert into ops.migrations values (?, ?, now())", [number, name])

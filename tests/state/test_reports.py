"""What is told of a run while it is under way and after it, alike in SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ingest.core.settings import Settings, load_settings
from ingest.pipeline.open_stores import look_at_state, open_state
from ingest.report.run_summary import Report, summary_of
from ingest.state import Row, State
from ingest.state.counts import count_for_good, counts

pytestmark = pytest.mark.integration

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RUN = {"run_id": "run"}


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return load_settings(warehouse=tmp_path)
    pg = request.getfixturevalue("pg")
    return load_settings(warehouse=tmp_path, state=pg.address(pg.database()))


@pytest.fixture
def state(settings: Settings) -> Iterator[State]:
    with closing(open_state(settings)) as opened:
        insert(opened, "runs", {"run_id": "run", "number": 1, "started_at": NOON})
        yield opened


def insert(state: State, table: str, *rows: Row) -> None:
    with state.write() as transaction:
        transaction.insert(table, rows)


def add_entry(state: State, name: str, at: str, *, outcome: str | None = None, **about: object) -> None:
    """Add an entry that the run has brought as far as `at`, one of the states of entries."""
    known = {"entry_id": name, "source_id": str(about.pop("source_id", "gazette"))}
    listed = {"title": name, "authors": [], "tags": ["storm"], "listing_hash": "", "found_at": NOON}
    article = {"article_id": about.pop("article_id", None), "batch_id": about.pop("batch_id", None)}
    insert(state, "entries", {**known, **listed, "last_listed_at": NOON, "state": at, **article})
    ended = {"reason": about.pop("reason", None), "ended_at": NOON if outcome else None}
    insert(state, "entry_outcomes", {**RUN, **known, "outcome": outcome, **ended})
    assert not about


def add_poll(state: State, source_id: str, at: datetime, outcome: str = "served", **about: object) -> None:
    poll = {"source_id": source_id, "polled_at": at, "outcome": outcome, "feed_url": "https://gazette.example/feed"}
    counts = {"entries_listed": 1, "entries_found": 1, "received_bytes": 10, "elapsed_ms": 12, "failures_in_a_row": 0}
    insert(state, "polls", {**poll, **counts, **about})


def test_progress_counts_each_entry_as_far_as_it_has_come(state: State, settings: Settings) -> None:
    add_poll(state, "gazette", NOON - MINUTE)
    add_poll(state, "gazette", NOON + MINUTE)
    for number, at in enumerate(("found", "found", "fetched", "staged")):
        add_entry(state, f"e{number}", at)
    add_entry(state, "late", "found", outcome="failed", reason="timeout")

    told = look_at_state(settings, "report_progress", RUN)  # while another connection is open to write
    assert told == [{"entries": 5, "fetched": 3, "parsed": 2, "ended": 1, "feeds": 1}]


def test_a_run_is_told_by_reason_those_last_that_wait(state: State) -> None:
    for number in range(3):
        add_entry(state, f"new{number}", "ended", outcome="published", reason="new_article")
    add_entry(state, "waits", "found")
    add_entry(state, "stuck", "staged")

    assert [(one["outcome"], one["reason"], one["entries"]) for one in state.read("report_reasons", RUN)] == [
        ("published", "new_article", 3),
        (None, "waiting", 1),
        (None, None, 1),
    ]


def test_a_run_is_told_by_source(state: State) -> None:
    add_poll(state, "gazette", NOON + MINUTE, "failed", reason="timeout", detail="too late")
    add_poll(state, "gazette", NOON + 2 * MINUTE)
    add_poll(state, "earlier", NOON - MINUTE)
    add_poll(state, "quiet", NOON + MINUTE, "unchanged")
    add_entry(state, "new", "ended", outcome="published", reason="new_article")
    add_entry(state, "waits", "found")
    add_entry(state, "late", "found", source_id="herald", outcome="failed", reason="timeout")
    add_entry(state, "known", "ended", source_id="herald", outcome="unchanged", reason="known")

    rows = state.read("report_sources", {**RUN, "passing_reasons": ["timeout"]})
    told = ("source_id", "feed", "entries", "published", "failed", "waiting", "under_way", "is_cut_off")
    assert [tuple(row[name] for name in told) for row in rows] == [
        ("gazette", "served", 2, 1, 0, 1, 0, False),
        ("herald", None, 2, 0, 1, 0, 0, True),
        ("quiet", "unchanged", 0, 0, 0, 0, 0, False),
    ]


def test_a_run_has_rejected_what_it_validated_and_holds(state: State) -> None:
    for key, source_id, judged_at, became in (
        ("ours", "gazette", NOON, "rejected"),
        ("before", "gazette", NOON - MINUTE, "rejected"),
        ("passed", "gazette", NOON, "validated"),
        ("another's", "herald", NOON, "rejected"),
    ):
        about = {"run_id": "any", "staged_at": NOON, "articles": 1, "figures": 2, "state": became}
        insert(state, "batches", {"batch_id": key, "source_id": source_id, "judged_at": judged_at, **about})
    for rule, severity, passed in (("whole", "critical", False), ("told", "warning", False), ("new", "critical", True)):
        about = {"checked": 3, "unexpected": 2, "observed": "one", "note": "why", "judged_at": NOON}
        row = {"batch_id": "ours", "suite": "articles", "rule": rule, "severity": severity, "passed": passed}
        insert(state, "validations", {**row, **about})
    for source_id, run_id in (("gazette", "run"), ("herald", "other")):
        insert(state, "leases", {"source_id": source_id, "run_id": run_id, "worker": 1, "leased_at": NOON})

    keys = [row["batch_id"] for row in state.read("rejected_by_run", RUN)]
    assert keys == ["ours"]
    assert [row["rule"] for row in state.read("report_rejected", {"batch_ids": keys})] == ["articles.whole"]
    assert state.read("sources_of_batches", {"batch_ids": ["another's", "none"]}) == [
        {"batch_id": "another's", "source_id": "herald"}
    ]


def test_a_backfill_is_told_by_how_its_addresses_went(state: State) -> None:
    days = {"source_id": "gazette", "first_day": date(2026, 1, 1), "last_day": date(2026, 1, 31)}
    for address, visited_at, reason, found in (
        ("a", NOON, None, 3),
        ("b", NOON, None, 4),
        ("c", NOON, "missing", 0),
        ("d", None, "timeout", 0),
    ):
        went = {"visited_at": visited_at, "reason": reason, "entries_found": found}
        insert(state, "backfills", {**days, "address": address, "listed_at": NOON, **went})

    assert state.read("report_backfill", days) == [
        {"waits": False, "reason": None, "addresses": 2, "entries": 7, "example": "a"},
        {"waits": False, "reason": "missing", "addresses": 1, "entries": 0, "example": "c"},
        {"waits": True, "reason": "timeout", "addresses": 1, "entries": 0, "example": "d"},
    ]


def test_messages_that_do_not_arrive_are_told_by_receiver_with_the_last_reason(state: State) -> None:
    for number in range(3):
        about = {"alert_id": "a", "moment": "opened", "title": "t", "body": "b", "severity": "info"}
        sent = {"sent_at": NOON if number == 2 else None}
        insert(state, "messages", {"message_id": f"m{number}", **about, "written_at": NOON + number * MINUTE, **sent})
        tried = {"receiver": "one", "attempts": 2, "begun_at": NOON + number * MINUTE, "reason": f"reason {number}"}
        insert(state, "deliveries", {"message_id": f"m{number}", **tried})

    (told,) = state.read("report_undelivered")
    assert told == {"receiver": "one", "messages": 2, "attempts": 4, "waits_since": NOON, "reason": "reason 1"}


def test_an_article_is_told_with_the_entry_that_brought_it(state: State) -> None:
    add_entry(state, "e1", "ended", outcome="quarantined", article_id="a1")

    told = state.read("listed_entry", {"article_id": "a1"})
    assert told == [
        {"article_id": "a1", "guid": None, "url": None, "title": "e1", "summary": None}
        | {"published_raw": None, "tags": ["storm"]}
    ]
    assert state.read("listed_entry", {"article_id": None}) == []


def test_of_each_listed_source_it_is_told_when_its_feed_last_answered(state: State) -> None:
    add_poll(state, "gazette", NOON, failures_in_a_row=0)
    add_poll(state, "gazette", NOON + MINUTE, "failed", failures_in_a_row=1)
    add_poll(state, "unlisted", NOON)

    assert state.read("metrics_sources", {"source_ids": ["herald", "gazette"]}) == [
        {"source_id": "herald", "answered_at": None, "failures_in_a_row": 0},
        {"source_id": "gazette", "answered_at": NOON, "failures_in_a_row": 1},
    ]


def test_what_was_counted_for_good_is_counted_once(state: State) -> None:
    add_poll(state, "gazette", NOON, elapsed_ms=300)
    add_poll(state, "gazette", NOON + MINUTE, "failed", elapsed_ms=70)
    add_entry(state, "new", "ended", outcome="published", reason="new_article")
    asked = {"not_modified": 1, "throttled": 0, "failed": 0, "received_bytes": 10}
    insert(state, "host_visits", {**RUN, "host": "gazette.example", "requests": 3, **asked})
    insert(state, "reading_times", {**RUN, "within_seconds": 0.05, "pages": 2, "seconds": 0.06})
    with state.write() as transaction:
        transaction.run("end_run", **RUN, now=NOON + MINUTE)
    before = sorted(map(str, counts(state)))
    count_for_good(state, NOON + timedelta(days=1))

    assert len(before) == 10
    assert "{'series': 'visits', 'labels': ['feed', 'served'], 'bound': 0.5, 'events': 1, 'seconds': 0.3}" in before
    assert sorted(map(str, counts(state))) == before
    assert sorted(map(str, state.read("counted"))) == before


def refuse(state: State, key: str, *rules: str, batch_id: str = "batch", **about: object) -> None:
    """Put a figure in quarantine, refused by these rules."""
    row: Row = {"batch_id": batch_id, "table_name": "figures", "row_key": key, "source_id": "gazette", "note": "why"}
    row |= {"row_json": "{}", "excerpt": f"“{key}”", "quarantined_at": NOON, "refused_id": f"0f-{key}", **about}
    insert(state, "quarantine", *({**row, "rule": rule} for rule in rules))


def add_batch(state: State, batch_id: str, run_id: str, became: str) -> None:
    about = {"source_id": "gazette", "staged_at": NOON, "articles": 1, "figures": 2, "state": became}
    insert(state, "batches", {"batch_id": batch_id, "run_id": run_id, **about})


def test_what_a_run_quarantined_is_told_by_rule_with_the_first_three_rows(state: State) -> None:
    for batch_id, run_id, became in (
        ("batch", "run", "published"),
        ("no", "run", "rejected"),
        ("last", "old", "published"),
    ):
        add_batch(state, batch_id, run_id, became)
    for key in "dbac":
        refuse(state, key, "bounds")
    refuse(state, "a", "whole")
    refuse(state, "z", "bounds", batch_id="no")
    refuse(state, "z", "bounds", batch_id="last")

    told = summary_of(Report(run_id="run", polled=(), not_due=()), state=state.read)["quarantined"]
    by = {"source_id": "gazette", "table_name": "figures", "note": "why"}
    assert told == [
        {**by, "rule": "bounds", "rows": 4, "examples": ["“a”", "“b”", "“c”"]},
        {**by, "rule": "whole", "rows": 1, "examples": ["“a”"]},
    ]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ["a bounds", "a whole", "b bounds"]),
        ({"is_settled": True}, ["a bounds", "a whole", "b bounds", "c bounds", "d bounds"]),
        ({"rule": "whole"}, ["a bounds", "a whole"]),
        ({"beginnings": ["0f-b", "no"]}, ["b bounds"]),
        ({"sources": ["herald"]}, []),
    ],
)
def test_rows_in_quarantine_are_found(state: State, wanted: dict[str, object], expected: list[str]) -> None:
    add_batch(state, "batch", "run", "published")
    refuse(state, "a", "whole", "bounds")
    refuse(state, "b", "bounds")
    refuse(state, "c", "bounds", retried_at=NOON)
    refuse(state, "d", "bounds", accepted_at=NOON)

    found = state.read("report_refused", {"sources": [], "rule": None, "beginnings": [], "is_settled": False, **wanted})
    assert [f"{row['row_key']} {row['rules']}" for row in found] == expected
    assert state.read("metrics_runs")[0]["quarantined"] == 3


def test_the_articles_that_refused_rows_were_parsed_from_are_found(state: State) -> None:
    for key, batch_id, article_id in (("e1", "batch", "a1"), ("e2", "batch", "a2"), ("e3", "later", "a3")):
        add_entry(state, key, "ended", batch_id=batch_id, article_id=article_id)
    add_entry(state, "e4", "ended", source_id="herald", batch_id="batch", article_id="a1")
    refuse(state, "figure", "bounds", "whole", article_id="a3")
    refuse(state, "author", "named", article_id=None)

    def articles(*keys: str) -> list[str]:
        rows = state.read("articles_of_refused", {"refused_ids": [f"0f-{key}" for key in keys]})
        return [f"{row['source_id']} {row['article_id']}" for row in rows]

    assert articles("figure") == ["gazette a3"]
    assert articles("figure", "author") == ["gazette a1", "gazette a2", "gazette a3"]

"""What a visit to a feed amounts to, and which bells it rings."""

from datetime import timedelta
from typing import Any

import pytest

from ingest.core.errors import PageGone, ServerFailed, Throttled, TimedOut
from ingest.core.model import Feed, Page
from ingest.pipeline.poll_outcomes import failed_poll, lag_seconds, poll_events, served_poll
from tests.makers import NOON, a_capture, a_poll, a_source, an_entry

SOURCE = a_source(poll_every_seconds=600)
FEED = Feed(title="The Gazette", site_url=None, language="en", format="rss20", entries=())


def a_page(**changes: Any) -> Page:
    fields: dict[str, Any] = {"status": 200, "body": b"<rss>", "headers": (("etag", '"2"'),)}
    return Page(requested_url=SOURCE.feed_url, final_url=SOURCE.feed_url, fetched_at=NOON, **(fields | changes))


def test_a_served_feed_leaves_what_the_next_visit_needs() -> None:
    visit = served_poll(SOURCE, None, a_page(), FEED, now=NOON)

    assert (visit.outcome, visit.reason, visit.etag, visit.failures_in_a_row) == ("served", None, '"2"', 0)
    assert visit.body_hash is not None


def test_a_304_that_names_nothing_keeps_what_was_known() -> None:
    last = a_poll(etag='"1"', last_modified="Sun, 01 Mar 2026 10:00:00 GMT", body_hash="abc", failures_in_a_row=2)
    visit = served_poll(SOURCE, last, a_page(status=304, body=b"", headers=()), None, now=NOON)

    assert (visit.outcome, visit.reason, visit.failures_in_a_row) == ("unchanged", "not_modified", 0)
    assert (visit.etag, visit.last_modified, visit.body_hash) == (last.etag, last.last_modified, last.body_hash)


@pytest.mark.parametrize("told", ['W/"1"', '"1"'])
def test_a_304_may_call_what_we_have_weakly_the_same(told: str) -> None:
    visit = served_poll(
        SOURCE, a_poll(etag='"1"'), a_page(status=304, body=b"", headers=(("etag", told),)), None, now=NOON
    )

    assert visit.etag == told


def test_a_304_about_what_we_never_had_is_asked_about_without_conditions() -> None:
    last = a_poll(etag='"1"', last_modified="Sun, 01 Mar 2026 10:00:00 GMT", body_hash="abc")
    visit = served_poll(SOURCE, last, a_page(status=304, body=b""), None, now=NOON)

    assert (visit.etag, visit.last_modified, visit.body_hash) == (None, None, "abc")


def test_the_same_bytes_again_are_unchanged_without_any_header() -> None:
    visit = served_poll(SOURCE, a_poll(), a_page(headers=()), None, now=NOON)

    assert (visit.outcome, visit.reason, visit.etag) == ("unchanged", "same_body", None)


def test_a_failed_visit_keeps_what_earlier_ones_learned() -> None:
    last = a_poll(etag='"1"', body_hash="abc", failures_in_a_row=1)
    visit = failed_poll(SOURCE, last, TimedOut("too slow", about="feed"), now=NOON)

    assert (visit.outcome, visit.reason, visit.detail) == ("failed", "timeout", "too slow")
    assert (visit.etag, visit.body_hash, visit.failures_in_a_row) == ('"1"', "abc", 2)
    assert visit.next_poll_at == NOON + timedelta(minutes=2)


@pytest.mark.parametrize(
    ("status", "failures", "repeated"),
    [(500, 1, True), (500, 2, False), (403, 2, False), (412, 1, False), (429, 2, True)],
)
def test_what_a_server_may_refuse_is_not_repeated_for_ever(status: int, failures: int, *, repeated: bool) -> None:
    last = a_poll(final_url="https://gazette.example/feed", etag='"1"', failures_in_a_row=failures - 1)
    error = Throttled("429", about="feed") if status == 429 else ServerFailed(str(status), about="feed")
    error.hop = last.final_url
    error.captures = (a_capture(url=last.final_url, status=status),)
    visit = failed_poll(SOURCE, last, error, now=NOON)

    assert visit.etag == ('"1"' if repeated else None)


@pytest.mark.parametrize(
    ("error", "names"),
    [
        (TimedOut("too slow", about="feed"), ["source.failed"]),
        (PageGone("410", about="feed"), ["source.failed", "source.gone"]),
    ],
)
def test_a_failure_rings(error: TimedOut | PageGone, names: list[str]) -> None:
    visit = failed_poll(SOURCE, None, error, now=NOON)

    assert [event.name for event in poll_events(visit, None, run_id="run")] == names


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [((), None), ((10,), 600), ((10, 20, 600), 1200), ((-5,), None), ((10, -5, 60 * 24 * 400), 600)],
)
def test_how_far_behind_we_are_is_told_by_what_is_new(minutes: tuple[int, ...], expected: int | None) -> None:
    news = [an_entry(published_at=NOON - timedelta(minutes=age)) for age in minutes]

    assert lag_seconds([*news, an_entry()], NOON) == expected


def test_what_one_address_told_is_repeated_to_no_other() -> None:
    last = a_poll(final_url="https://gazette.example/feed", etag='"1"', last_modified="yesterday", body_hash="abc")
    error = TimedOut("too slow", about="feed")
    error.hop = "https://elsewhere.example/feed"
    visit = failed_poll(SOURCE, last, error, now=NOON)

    assert (visit.etag, visit.last_modified, visit.body_hash) == (None, None, "abc")


def test_a_feed_that_moved_says_where_to() -> None:
    page = a_page(moved_to="https://gazette.example/new")
    visit = served_poll(SOURCE, None, page, FEED, now=NOON)
    (moved,) = poll_events(visit, page, run_id="run")

    assert (moved.name, moved.payload["to_url"]) == ("source.moved", "https://gazette.example/new")


def test_nothing_new_rings_nothing() -> None:
    assert poll_events(a_poll(), a_page(), run_id="run") == []

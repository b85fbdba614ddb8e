"""How long an answer is fresh, by what its server and its feed say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.core.fetch_state import KnownFeed
from ingest.core.model import Page
from ingest.scheduling.freshness import named_wait
from tests.makers import NOON

URL = "https://gazette.example/feed"


def a_page(**headers: str) -> Page:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Page(requested_url=URL, final_url=URL, status=200, headers=named, body=b"", fetched_at=NOON)


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({}, 0),
        ({"cache_control": "public, max-age=600"}, 10),
        ({"cache_control": "max-age=600", "age": "300"}, 5),
        ({"cache_control": "max-age=600", "age": "900"}, 0),
        ({"cache_control": "s-maxage=600"}, 0),
        ({"cache_control": "no-cache, max-age=600"}, 0),
        ({"expires": "Sun, 01 Mar 2026 12:30:00 GMT"}, 30),
        ({"expires": "Sun, 01 Mar 2026 12:30:00 GMT", "date": "Sun, 01 Mar 2026 12:10:00 GMT"}, 20),
        ({"expires": "Sun, 01 Mar 2026 12:30:00 GMT", "cache_control": "max-age=60"}, 1),
        ({"expires": "Sun, 01 Mar 2026 12:30:00 GMT", "age": "600"}, 20),
        ({"expires": "Sunday, 01-Mar-26 12:30:00 GMT"}, 30),
        ({"expires": "Sun Mar  1 12:30:00 2026", "date": "Sun Mar  1 12:10:00 2026"}, 20),
        ({"expires": "0"}, 0),
        ({"expires": "Sun, 01 Mar 2026 12:30:00 GMT", "cache_control": "max-age=-1"}, 0),
        ({"expires": "Sun, 01 Mar 2026 12:30:00 GMT", "cache_control": "max-age=soon"}, 0),
        ({"expires": "Sun, 01 Mar 2020 12:30:00 GMT"}, 0),
    ],
)
def test_what_headers_name_is_read(headers: dict[str, str], minutes: int) -> None:
    assert named_wait(a_page(**headers), None) == timedelta(minutes=minutes)


def test_headers_that_are_sent_twice_count_together() -> None:
    page = replace(a_page(), headers=(("cache-control", "public"), ("cache-control", "max-age=600")))

    assert named_wait(page, None) == timedelta(minutes=10)


def test_the_longer_of_header_and_feed_counts() -> None:
    known = KnownFeed(source_id="gazette", listed_url=URL, feed_url=URL, ttl_seconds=1800)

    assert named_wait(a_page(cache_control="max-age=600"), known) == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("base", "minutes"), [("2000-01-01T12:20", 20), ("2030-01-01T12:00", 60), ("0001-01-01T00:59", 59)]
)
def test_a_feed_that_says_from_when_it_counts_is_fresh_until_its_period_ends(base: str, minutes: int) -> None:
    known = KnownFeed(source_id="gazette", listed_url=URL, feed_url=URL, ttl_seconds=3600)
    updates_from = datetime.fromisoformat(base).replace(tzinfo=UTC)

    assert named_wait(a_page(), known, updates_from) == timedelta(minutes=minutes)

"""What a visit to a page amounts to: who goes on, who ends, and which hosts are left alone."""

from datetime import timedelta
from typing import Any

import pytest

from ingest.core.errors import (
    PageForbidden,
    PageGone,
    PageMissing,
    Permanent,
    RefusedForNow,
    ServerFailed,
    Throttled,
    TimedOut,
    Transient,
)
from ingest.core.fetch_state import Waiting
from ingest.core.model import Conditions, Fetch, Page
from ingest.core.parsed_articles import Fetched
from ingest.core.ports import EntryOutcome
from ingest.pipeline.fetch_outcomes import (
    Patience,
    conditions_of,
    failed_fetch,
    goes_without,
    leads_home,
    outcome_of_same_page,
    outcome_without_address,
    outcome_without_page,
    revisits,
    why_shut,
)
from tests.makers import NOON, a_capture, an_entry

FLOOD = an_entry()
URL = "https://gazette.example/flood"
SHA256_OF_TEXT = "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"


def a_page(**changes: Any) -> Page:
    fields: dict[str, Any] = {"requested_url": URL, "final_url": URL, "status": 200, "body": b"text"}
    return Page(fetched_at=NOON, **(fields | changes))


def ended(outcome: Any, reason: str, detail: str | None = None) -> EntryOutcome:
    return EntryOutcome(entry_id=FLOOD.entry_id, outcome=outcome, reason=reason, detail=detail)


@pytest.mark.parametrize(
    ("reason", "visits", "minutes"),
    [("title_mismatch", 1, 1), ("title_mismatch", 3, 4), ("title_mismatch", 6, None), ("blocked", 1, None)],
)
def test_a_page_that_is_doubted_is_fetched_again_as_one_that_failed(
    reason: str, visits: int, minutes: int | None
) -> None:
    fetched = Fetched(entry=FLOOD, capture=None, fetched_at=NOON, visits=visits)
    wait = {FLOOD.entry_id: NOON + timedelta(minutes=minutes)} if minutes else {}

    assert revisits([fetched], [ended("failed", reason)], NOON) == wait


def test_an_entry_that_carries_its_article_outlives_its_page() -> None:
    carried = Waiting(entry=FLOOD, is_carried=True)

    assert outcome_without_page(carried, PageMissing("404", about=URL)) is None
    assert outcome_without_address(carried) is None


@pytest.mark.parametrize(
    ("waiting", "error", "expected"),
    [
        (Waiting(entry=FLOOD, is_carried=True), ServerFailed, True),
        (Waiting(entry=FLOOD, is_carried=True), TimedOut, True),
        (Waiting(entry=FLOOD, is_carried=True), Throttled, False),
        (Waiting(entry=FLOOD, is_carried=True), RefusedForNow, False),
        (Waiting(entry=FLOOD, is_carried=True, article_id="article"), ServerFailed, False),
        (Waiting(entry=FLOOD, is_carried=True, article_id="article", is_from_feed=True), ServerFailed, True),
        (Waiting(entry=FLOOD), ServerFailed, False),
    ],
)
def test_a_new_article_that_its_feed_carried_waits_for_no_broken_page(
    waiting: Waiting, error: type[Transient], expected: bool
) -> None:
    assert goes_without(waiting, error.reason) is expected


def test_an_entry_without_an_article_ends_with_its_page() -> None:
    waiting = Waiting(entry=FLOOD)

    assert outcome_without_page(waiting, PageMissing("404", about=URL)) == ended("failed", "missing", "404")
    assert outcome_without_address(waiting) == ended("failed", "no_address")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (PageMissing("404", about=URL), ended("unchanged", "page_gone", "404")),
        (PageGone("410", about=URL), ended("unchanged", "page_gone", "410")),
        (PageForbidden("403", about=URL), ended("failed", "forbidden", "403")),
    ],
)
def test_an_article_we_have_outlives_its_page(error: Permanent, expected: EntryOutcome) -> None:
    assert outcome_without_page(Waiting(entry=FLOOD, article_id="article"), error) == expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (a_page(status=304, body=b""), ended("unchanged", "not_modified")),
        (a_page(), ended("unchanged", "same_page")),
        (a_page(body=b"another text"), None),
    ],
)
def test_a_page_that_is_as_we_have_it_goes_no_further(page: Page, expected: EntryOutcome | None) -> None:
    assert outcome_of_same_page(Waiting(entry=FLOOD, capture=a_capture(payload_hash=SHA256_OF_TEXT)), page) == expected


def test_a_page_we_do_not_have_is_not_the_same() -> None:
    assert outcome_of_same_page(Waiting(entry=FLOOD), a_page()) is None


@pytest.mark.parametrize(
    ("headers", "conditions"),
    [
        ((("etag", '"1"'), ("last-modified", "then")), Conditions(etag='"1"', last_modified="then", url=URL)),
        ((("etag", '"1"'),), Conditions(etag='"1"', url=URL)),
        ((), None),
    ],
)
def test_what_a_page_told_is_repeated(headers: tuple[tuple[str, str], ...], conditions: Conditions | None) -> None:
    assert conditions_of(a_page(headers=headers)) == conditions


@pytest.mark.parametrize(
    ("final_url", "is_home"),
    [
        ("https://gazette.example/", True),
        ("https://www.gazette.example", True),
        ("https://gazette.example/?p=17", False),  # how some write the address of an article
        ("https://gazette.example/flood-2", False),
    ],
)
def test_an_article_that_leads_to_the_front_page_is_told_from_one_that_moved(final_url: str, is_home: bool) -> None:
    assert leads_home(a_page(final_url=final_url)) is is_home


def test_a_front_page_that_was_asked_for_leads_nowhere_else() -> None:
    assert leads_home(a_page(requested_url="https://gazette.example/", final_url="https://gazette.example/")) is False


@pytest.mark.parametrize(
    ("visits", "why"),
    [
        ([("rate_limited", 0)], "rate_limited"),
        ([("server_failed", 0)] * 9, None),
        ([("unreachable", 0)] * 2, None),
        ([("unreachable", 0)] * 3, "unreachable"),
        ([("unreachable", 0), (None, 1), ("unreachable", 0), ("unreachable", 0)], None),
        (
            [("unreachable", 0), ("timeout", 9), ("unreachable", 0), ("timeout", 9), ("unreachable", 0)],
            "unreachable",
        ),
        ([("timeout", 0)] * 3, "timeout"),  # as was found out before
        ([("timeout", 10)] * 8, None),
        ([("timeout", 10)] * 9, "timeout"),
        ([("timeout", 30), (None, 1), ("timeout", 30)], "timeout"),
        ([(None, 4)] * 100, None),
        ([(None, 20)] * 3, "timeout"),
    ],
)
def test_a_host_is_left_alone_when_it_asks_for_time_or_wears_our_patience(
    visits: list[tuple[str | None, int]], why: str | None
) -> None:
    patience = Patience()
    for reason, seconds in visits:
        visit = Fetch(
            entry_id="flood", source_id="gazette", url=URL, fetched_at=NOON, reason=reason, elapsed_ms=seconds * 1000
        )
        patience = patience.after(visit)

    assert why_shut(visit, patience) == why


def test_a_failed_visit_keeps_the_hop_and_what_it_answered() -> None:
    visit = Fetch(entry_id="flood", source_id="gazette", url=URL, fetched_at=NOON + timedelta(hours=1))
    error = ServerFailed("500", about=URL)
    moved = a_capture(status=301, url=URL)
    sample = a_capture(status=500, url="https://elsewhere.example/flood")
    error.hop, error.captures = sample.url, (moved, sample)
    failed = failed_fetch(visit, error)

    assert (failed.reason, failed.detail, failed.status) == ("server_failed", "500", 500)
    assert (failed.final_url, failed.capture) == ("https://elsewhere.example/flood", sample)

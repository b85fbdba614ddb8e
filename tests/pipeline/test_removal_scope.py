"""Which responses go with an article: its pages and the documents that list it, but no body that is another's too."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.core.removals import KnownAddress, SharedCapture
from ingest.pipeline.removal_scope import MARGIN, has_sign, listed_within, signs_of, to_remove
from tests.makers import NOON, a_capture

ADDRESS = KnownAddress(url="https://gazette.example/flood?id=1&part=2", guid="tag:gazette.example:flood")


def shared(key: str, body: str, *, is_removed: bool = False, is_of_another: bool = False) -> SharedCapture:
    capture = replace(a_capture(), capture_id=key, payload_hash=body)
    return SharedCapture(capture=capture, is_removed=is_removed, is_of_another=is_of_another)


def keys(found: list[SharedCapture]) -> list[str]:
    return [one.capture.capture_id for one in found]


@pytest.mark.parametrize(
    "body",
    [
        b"<link>https://gazette.example/flood?id=1&amp;part=2</link>",
        b'{"url": "https:\\/\\/gazette.example\\/flood?id=1&part=2"}',
        b'<a href="/flood?id=1&amp;part=2">',
        b"<guid>tag:gazette.example:flood</guid>",
        "<link>https://gazette.example/flood?id=1&amp;part=2</link>".encode("utf-16"),
    ],
)
def test_a_document_lists_an_article_however_it_writes_its_address(body: bytes) -> None:
    assert has_sign(body, signs_of([ADDRESS]))


@pytest.mark.parametrize("body", [b"", b"https://gazette.example/flood", b"https://gazette.example/storm", b"1"])
def test_a_document_with_other_addresses_does_not(body: bytes) -> None:
    assert not has_sign(body, signs_of([ADDRESS, KnownAddress(url="https://gazette.example/", guid="1")]))


def test_it_may_be_listed_from_when_it_was_found_or_last_looked_for() -> None:
    listed = replace(ADDRESS, found_at=NOON, last_listed_at=NOON + timedelta(hours=2))

    assert listed_within([listed, ADDRESS], None) == (NOON, NOON + timedelta(hours=2) + MARGIN)
    assert listed_within([listed], NOON + timedelta(hours=1)) == (
        NOON + timedelta(hours=1),
        NOON + timedelta(hours=2) + MARGIN,
    )
    assert listed_within([ADDRESS], None) is None


def test_pages_and_listings_go_and_whatever_has_the_body_of_a_listing() -> None:
    found = [shared("page", "story"), shared("feed", "list"), shared("feed again", "list")]
    removed, erased = to_remove(found, pages={"page"}, listings={"feed"})

    assert keys(removed) == keys(erased) == ["page", "feed", "feed again"]


def test_a_body_that_another_page_has_stays_until_that_goes_too() -> None:
    ours, theirs = shared("page", "notice"), shared("another page", "notice", is_of_another=True)
    removed, erased = to_remove([ours, theirs], pages={"page", "another page"}, listings=())

    assert (keys(removed), keys(erased)) == (["page"], [])

    found = [replace(ours, is_removed=True), replace(theirs, is_of_another=False)]
    removed, erased = to_remove(found, pages={"another page"}, listings=())

    assert keys(removed) == keys(erased) == ["page", "another page"]


def test_a_body_that_is_also_of_a_response_nobody_names_stays() -> None:
    removed, erased = to_remove([shared("page", "notice"), shared("unnamed", "notice")], pages={"page"}, listings=())

    assert (keys(removed), keys(erased)) == (["page"], [])

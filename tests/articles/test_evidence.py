"""What is explained is what the article has: the winner of each field stands first, as it was finally read."""

from datetime import UTC, datetime

from ingest.articles.evidence import Candidate
from ingest.articles.page import explain_page
from ingest.core.model import Article, Page, Source

STORY = "".join(
    f"<p>The harbour reopened on Sunday, and ship number {number} was unloaded at noon.</p>" for number in range(9)
)
HEAD = "<meta name='author' content='Ana Ruiz'><meta name='pubdate' content='2026-11-14'>"
NAMED_LATE = f"<article><h1>Harbour</h1><p>14 November 2026, 9:30</p>{STORY}<p>Written by: Rosa Kay</p></article>"


def explained(html: str) -> tuple[Article, tuple[Candidate, ...]]:
    url = "https://gazette.example/harbour"
    fetched_at = datetime(2026, 11, 16, tzinfo=UTC)
    page = Page(requested_url=url, final_url=url, status=200, body=html.encode(), fetched_at=fetched_at)
    return explain_page(page, Source(source_id="gazette", name="Gazette", feed_url=url), None)


def test_what_won_is_what_the_article_has() -> None:
    article, candidates = explained(f"<html><head>{HEAD}</head><body>{NAMED_LATE}</body></html>")
    won = {one.field: one.value for one in candidates if one.won}

    assert article.authors == ("Ana Ruiz", "Rosa Kay")
    assert won == {
        "title": "Harbour",
        "authors": "Ana Ruiz; Rosa Kay",
        "published_at": "2026-11-14T09:30:00+00:00",
    }


def test_what_lost_follows_in_the_order_of_belief() -> None:
    _, candidates = explained(f"<html><head>{HEAD}</head><body>{NAMED_LATE}</body></html>")
    dated = [(one.value, one.evidence, one.won) for one in candidates if one.field == "published_at"]

    assert dated == [
        ("2026-11-14T09:30:00+00:00", "meta pubdate, its time by the visible date", True),
        ("2026-11-14T00:00:00+00:00", "meta pubdate", False),
    ]


def test_nothing_has_won_where_the_article_has_nothing() -> None:
    _, candidates = explained(f"<html><body><h1>Harbour</h1>{STORY}</body></html>")

    assert [one for one in candidates if one.field == "authors"] == []

"""Captions are read for figures in a place of their own, and are no part of the text."""

from datetime import UTC, datetime

from ingest.articles.parse import parse_article
from ingest.core.model import Entry, Page, Source

SOURCE = Source(source_id="gazette", name="Gazette", feed_url="https://gazette.example/feed", country="US")
TOLD = (
    "The ferry sank off the old pier at night, and 12 people were brought ashore by boats from the next village.",
    "Divers are to look at the wreck on Monday, the harbour office said, once the wind has turned to the north.",
)


def read(caption: str) -> list[tuple[str, list[str]]]:
    body = "".join(f"<p>{text}</p>" for text in TOLD)
    figure = f"<figure><img src='https://gazette.example/ferry.jpg'><figcaption>{caption}</figcaption></figure>"
    page = Page(
        requested_url="https://gazette.example/ferry",
        final_url="https://gazette.example/ferry",
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=f"<html lang=en><title>Ferry</title><article><h1>Ferry sinks</h1>{figure}{body}</article></html>".encode(),
        fetched_at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    entry = Entry(
        entry_id="1", source_id="gazette", guid=None, url=page.final_url, title="Ferry sinks", listing_hash="1"
    )
    story = parse_article(SOURCE, entry, page)
    assert story.article.body == "\n\n".join(TOLD)
    return [
        (paragraph.kind, [one.text for one in figures])
        for paragraph, figures in zip(story.article.paragraphs, story.figures, strict=True)
    ]


def test_a_caption_has_its_figures_behind_those_of_the_text() -> None:
    assert read("The ferry could take 340 passengers.") == [
        ("paragraph", ["12"]),
        ("paragraph", []),
        ("caption", ["340"]),
    ]


def test_a_caption_that_repeats_a_paragraph_is_not_read_twice() -> None:
    assert read(TOLD[0]) == [("paragraph", ["12"]), ("paragraph", [])]

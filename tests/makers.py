"""Nouns made short, for tests that care about one or two of their fields."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from ingest.core.fetch_state import Turn
from ingest.core.ids import article_key, batch_key, entry_key
from ingest.core.model import Article, Batch, Capture, Entry, Figure, Paragraph, Poll, Source, ValidationResult
from ingest.core.parsed_articles import ParsedArticle, StagedArticle

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def a_source(key: str = "gazette", **changes: Any) -> Source:
    fields: dict[str, Any] = {"name": key.title(), "feed_url": f"https://{key}.example/feed"}
    return Source(source_id=key, **(fields | changes))


def an_entry(slug: str = "flood", source_id: str = "gazette", **changes: Any) -> Entry:
    fields: dict[str, Any] = {
        "entry_id": entry_key(source_id, slug),
        "source_id": source_id,
        "guid": slug,
        "url": f"https://{source_id}.example/{slug}",
        "title": slug.title(),
        "listing_hash": "as first listed",
    }
    return Entry(**(fields | changes))


def a_poll(source_id: str = "gazette", at: datetime = NOON, **changes: Any) -> Poll:
    fields: dict[str, Any] = {"outcome": "served", "feed_url": f"https://{source_id}.example/feed"}
    return Poll(source_id=source_id, polled_at=at, **(fields | changes))


def a_turn(at: datetime = NOON, **changes: Any) -> Turn:
    fields: dict[str, Any] = {"length": timedelta(minutes=1), "until": at + timedelta(hours=24), "most": 1000}
    return Turn(due_at=at, **(fields | changes))


def a_capture(**changes: Any) -> Capture:
    fields: dict[str, Any] = {"url": "https://gazette.example/flood", "status": 200, "payload_hash": "hash"}
    where = {"warc_file": "a.warc.gz", "warc_offset": 0, "warc_length": 1}
    return Capture(capture_id="sample", captured_at=NOON, **(fields | where | changes))


def a_figure(text: str, sentence: str, value: str, **changes: Any) -> Figure:
    start = sentence.index(text)
    fields: dict[str, Any] = {
        "start": start,
        "end": start + len(text),
        "text": text,
        "value": Decimal(value),
        "kind": "money",
        "unit": "USD",
        "sentence_start": 0,
        "sentence_end": len(sentence),
    }
    return Figure(**(fields | changes))


def a_parsed_article(
    slug: str, *sentences: tuple[str, tuple[Figure, ...]], source_id: str = "gazette", **changes: Any
) -> ParsedArticle:
    url = f"https://{source_id}.example/{slug}"
    fields: dict[str, Any] = {
        "article_id": article_key(url),
        "source_id": source_id,
        "url": url,
        "canonical_url": url,
        "title": slug.title(),
        "language": "en",
        "published_at": NOON,
        "paragraphs": tuple(Paragraph(kind="paragraph", text=text) for text, _ in sentences),
    }
    return ParsedArticle(article=Article(**(fields | changes)), figures=tuple(figures for _, figures in sentences))


def a_staged_article(
    story: ParsedArticle, entry: Entry, *, content_hash: str = "first", **changes: Any
) -> StagedArticle:
    fields: dict[str, Any] = {"is_new_content": True, "fetched_at": NOON, "capture_id": None, "parser_version": "1"}
    return StagedArticle(entry=entry, parsed=story, content_hash=content_hash, **(fields | changes))


def a_batch(run_id: str = "run", source_id: str = "gazette", **changes: Any) -> Batch:
    fields: dict[str, Any] = {"staged_at": NOON, "articles": 1, "figures": 1}
    return Batch(batch_id=batch_key(run_id, source_id), run_id=run_id, source_id=source_id, **(fields | changes))


def a_validation(batch: Batch, **changes: Any) -> ValidationResult:
    fields: dict[str, Any] = {
        "suite": "figures",
        "rule": "money_is_not_negative",
        "severity": "warning",
        "passed": True,
        "checked": 1,
        "unexpected": 0,
        "note": "Nobody gives less than nothing.",
    }
    return ValidationResult(batch_id=batch.batch_id, **(fields | changes))

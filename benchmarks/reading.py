"""How many pages, and how many paragraphs' figures, one processor core reads in a second."""

import gzip
import json
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ingest.articles.page import read_page
from ingest.core.errors import NotAnArticle
from ingest.core.model import Article, Page, Source
from ingest.figures import read_figures

from .generated import newsrooms
from .measure import Measure

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
SOURCE = Source(source_id="measured", name="Measured", feed_url="https://measured.example/feed")
GENERATED = 200


def measure_reading(evaluation: Path | None) -> Iterable[Measure]:
    """Read our own pages, and the real ones where they are at hand."""
    yield from _read(generated_pages(GENERATED), "generated pages")
    if evaluation:
        yield from _read(_real_pages(evaluation), "real pages")


def _read(pages: Sequence[Page], what: str) -> Iterable[Measure]:
    articles: list[Article] = []
    started = time.process_time()
    for page in pages:
        try:
            articles.append(read_page(page, SOURCE, None))
        except NotAnArticle:
            continue
    seconds = time.process_time() - started
    size = sum(len(page.body) for page in pages) / len(pages) / 1000
    yield Measure(
        name=f"{what} read", value=len(pages) / seconds, unit="pages per CPU second",
        how=f"{len(pages):,} pages of {size:,.0f} kB on average, from bytes to article, without figures; one process",
    )  # fmt: skip
    paragraphs = [(article.language, one.text) for article in articles for one in article.paragraphs]
    started = time.process_time()
    found = sum(len(read_figures(text, language=language, country=None)) for language, text in paragraphs)
    seconds = time.process_time() - started
    yield Measure(
        name=f"figures of {what}", value=len(paragraphs) / seconds, unit="paragraphs per CPU second",
        how=f"{len(paragraphs):,} paragraphs, in which {found:,} figures were found; one process",
    )  # fmt: skip


def generated_pages(count: int) -> list[Page]:
    """Return so many pages of generated articles, as the bundled newsrooms serve them."""
    with newsrooms(count) as opened:
        return [
            _page(publication.url, answer.body)
            for newsroom in opened
            for publication in newsroom.publications.values()
            if (answer := newsroom.answer(publication.path))
        ]


def _real_pages(evaluation: Path) -> list[Page]:
    folder = evaluation / "pages"
    listed = [json.loads(line) for line in (folder / "gold.jsonl").open(encoding="utf-8")]
    return [
        _page(one["url"], gzip.decompress((folder / "pages" / f"{one['id']}.html.gz").read_bytes())) for one in listed
    ]


def _page(url: str, body: bytes) -> Page:
    return Page(requested_url=url, final_url=url, status=200, body=body, fetched_at=NOW)

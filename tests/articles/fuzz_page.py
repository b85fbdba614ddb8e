"""Coverage-guided fuzzing of the page reader, run by hand; what it finds becomes a test of test_page.py.

pip install atheris, then: python -m tests.articles.fuzz_page FOLDER_OF_SEEDS -max_total_time=1800 -max_len=20000
"""

import sys
from datetime import UTC, datetime

import atheris

with atheris.instrument_imports(include=["ingest.articles", "ingest.text", "bs4"]):
    from ingest.articles.page import read_page
    from ingest.core.errors import NotAnArticle
    from ingest.core.model import Page, Source

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
SOURCE = Source(source_id="fuzzed", name="Fuzzed", feed_url="https://fuzzed.example/feed", timezone="America/Bogota")
URL = "https://fuzzed.example/2026/11/16/story?id=7"


def read_bytes(body: bytes) -> None:
    """Read whatever bytes as a page: an article whose text is plain and the same when read again, or none."""
    page = Page(requested_url=URL, final_url=URL, status=200, body=body, fetched_at=NOW)
    try:
        article = read_page(page, SOURCE, None)
    except NotAnArticle:
        return
    assert article == read_page(page, SOURCE, None), "read otherwise when read again"
    assert article.title
    assert all(paragraph.text == " ".join(paragraph.text.split()) != "" for paragraph in article.paragraphs)
    for moment in (article.published_at, article.modified_at):
        assert moment is None or moment.tzinfo is not None


if __name__ == "__main__":
    atheris.Setup(sys.argv, read_bytes)
    atheris.Fuzz()

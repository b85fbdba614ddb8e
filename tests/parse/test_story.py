"""A story is read whole; where that would not end, it says so."""

from datetime import UTC, datetime

from ingest.model import Page
from ingest.parse.story import read_story
from tests.makers import a_source, an_entry


def test_every_paragraph_of_a_story_gives_its_figures() -> None:
    story = read_story(
        a_source(), an_entry(), a_page(["The bank lent $5 million.", "Some 40 boats sank in the storm."])
    )

    assert [[figure.text for figure in figures] for figures in story.figures] == [["$5 million"], ["40"]]
    assert "figures_cut_short" not in story.article.flags


def test_a_page_of_numbers_is_flagged_when_not_all_are_read() -> None:
    story = read_story(
        a_source(), an_entry(), a_page([f"Boat {row} carried {row} sacks of rice." for row in range(3000)])
    )

    assert sum(map(len, story.figures)) == 2000
    assert "figures_cut_short" in story.article.flags


def a_page(paragraphs: list[str]) -> Page:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    html = f"<html><head><title>Storm</title></head><body><article><h1>Storm at sea</h1>{body}</article></body></html>"
    url = "https://gazette.example/flood"
    fetched_at = datetime(2026, 3, 1, tzinfo=UTC)
    return Page(requested_url=url, final_url=url, status=200, body=html.encode(), fetched_at=fetched_at)

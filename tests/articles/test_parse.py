"""An article is read whole; where that would not end, it says so."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.articles.parse import parse_article, parse_fetched_article, parse_listed_article
from ingest.core.errors import MissingPage
from ingest.core.model import Page
from ingest.core.parsed_articles import Fetched
from tests.makers import NOON, a_source, an_entry

CARRIED = "<p>The lighthouse keeper left on Monday, after forty years, and nobody has been found to follow him.</p>"


def test_every_paragraph_of_an_article_gives_its_figures() -> None:
    story = parse_article(
        a_source(), an_entry(), a_page(["The bank lent $5 million.", "Some 40 boats sank in the storm."])
    )

    assert [[figure.text for figure in figures] for figures in story.figures] == [["$5 million"], ["40"]]
    assert "figures_cut_short" not in story.article.flags


def test_what_one_paragraph_shows_decides_for_the_others() -> None:
    paragraphs = [
        "El consejo de la ciudad compró ayer el puente viejo del puerto por $ 4.825 millones.",
        "El precio, según el alcalde, subió 3,5% en un año y se pagará todo en pesos, como se acordó.",
    ]
    told, alone = (
        parse_article(a_source(country="CO", language="es"), an_entry(), a_page(texts)).figures[0][0]
        for texts in (paragraphs, [paragraphs[0], "El precio, según el alcalde, se pagará como se acordó en enero."])
    )

    assert (told.unit, int(told.value), told.flags) == ("COP", 4_825_000_000, ())
    assert alone.flags == ("currency_assumed", "separator_assumed")


def test_a_page_of_numbers_is_flagged_when_not_all_are_read() -> None:
    story = parse_article(
        a_source(), an_entry(), a_page([f"Boat {row} carried {row} sacks of rice." for row in range(3000)])
    )

    assert sum(map(len, story.figures)) == 2000
    assert "figures_cut_short" in story.article.flags


@pytest.mark.parametrize(
    "shown",
    [
        ["We use cookies to measure how you read.", "Accept all cookies to go on reading."],
        ["This article is for subscribers only.", "Subscribe now to read all of it."],
        ["Sorry, the page you are looking for could not be found."],
        ["The keeper left on Monday, he said.", "Subscribe to continue reading."],
    ],
    ids=["consent", "no teaser", "missing", "a teaser"],
)
def test_an_article_that_its_feed_carries_is_read_where_its_page_does_not_show_it(shown: list[str]) -> None:
    story = parse_fetched_article(a_source(), fetched(CARRIED), a_page(shown))

    assert (story.article.body, story.article.flags) == (CARRIED[3:-4], ("body_from_feed",))


def test_a_page_that_shows_its_article_no_more_leaves_the_article_that_was_read_from_it() -> None:
    known = replace(fetched(CARRIED), article_id="article")

    with pytest.raises(MissingPage):
        parse_fetched_article(a_source(), known, a_page(["The page you are looking for could not be found."]))


def test_a_page_that_holds_no_article_is_told_where_the_feed_carries_none() -> None:
    with pytest.raises(MissingPage):
        parse_fetched_article(a_source(), fetched(None), a_page(["The page you are looking for could not be found."]))


@pytest.mark.parametrize(("first", "second", "same"), [
    ("/live#post-1", "/live#post-2", False),
    ("/live#post-1", "/live", False),
    ("/live#post-1", "/live?utm_source=rss#post-1", True),
    ("/live#xtor=RSS-1", "/live", True),
    ("/live#comments", "/live#:~:text=Flood", True),
    ("/live#", "/live#rss", True),
])  # fmt: skip
def test_articles_that_lie_on_one_page_are_told_apart_where_their_feed_carries_them(
    first: str, second: str, same: bool
) -> None:
    one, other = (parse_listed_article(a_source(), fetched(CARRIED, path)).article for path in (first, second))

    assert (one.article_id == other.article_id) == (one.canonical_url == other.canonical_url) == same


def test_an_article_that_its_page_does_not_show_is_known_by_its_place_on_it() -> None:
    page = a_page(["This article is for subscribers only.", "Subscribe now to read all of it."])
    article = parse_fetched_article(a_source(), fetched(CARRIED, "/flood#post-1"), page).article

    assert article.canonical_url == "https://gazette.example/flood#post-1"
    assert (
        article.article_id
        != parse_article(a_source(), an_entry(), a_page(["It rose on Monday."] * 3)).article.article_id
    )


def fetched(content: str | None, path: str = "/flood") -> Fetched:
    entry = an_entry(content_html=content, url=f"https://gazette.example{path}")
    return Fetched(entry=entry, capture=None, fetched_at=NOON)


def a_page(paragraphs: list[str]) -> Page:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    html = f"<html><head><title>Storm</title></head><body><article><h1>Storm at sea</h1>{body}</article></body></html>"
    url = "https://gazette.example/flood"
    fetched_at = datetime(2026, 3, 1, tzinfo=UTC)
    return Page(requested_url=url, final_url=url, status=200, body=html.encode(), fetched_at=fetched_at)

"""What stands on nearly all pages of a source is no part of any of its articles; what some have in common is."""

from typing import Any

import pytest

from ingest.articles.learned_boilerplate import FEWEST_PAGES, mark_boilerplate
from ingest.core.model import Paragraph
from ingest.core.parsed_articles import ParsedArticle
from ingest.pipeline.stage_selection import hash_of, hash_with_boilerplate
from tests.makers import a_figure, a_parsed_article

BOX = "Our 250,000 readers trust us every day."
FIGURE = a_figure("250,000", BOX, "250000")


def a_page(slug: str, *boxes: str, **changes: Any) -> ParsedArticle:
    own = f"The {slug} was opened on Monday, and nobody came to see it."
    return a_parsed_article(slug, (own, ()), *((box, (FIGURE,)) for box in boxes), **changes)


def pages(most: int, *boxes: str) -> list[ParsedArticle]:
    return [a_page(f"pier-{number}", *boxes) for number in range(most)]


def marked(read: list[ParsedArticle], published: list[ParsedArticle] | None = None) -> list[ParsedArticle]:
    had = {
        one.article.article_id: (one.article.title, [paragraph.text for paragraph in one.article.paragraphs])
        for one in published or []
    }
    return mark_boilerplate(read, had)


def taken_out(story: ParsedArticle) -> list[str]:
    return [one.text for one in story.article.paragraphs if one.kind == "boilerplate"]


def test_what_stands_on_all_pages_just_read_is_boilerplate_and_has_no_figures() -> None:
    found = marked(pages(FEWEST_PAGES, BOX))

    assert [taken_out(story) for story in found] == [[BOX]] * FEWEST_PAGES
    assert {story.figures for story in found} == {((), ())}
    assert all(BOX not in story.article.body for story in found)


def test_what_stands_on_the_pages_published_last_is_boilerplate_on_the_next() -> None:
    assert taken_out(marked(pages(1, BOX.upper()), pages(20, BOX))[0]) == [BOX.upper()]


@pytest.mark.parametrize(
    ("read", "published"),
    [
        (pages(FEWEST_PAGES - 1, BOX), []),
        (pages(6, BOX) + [a_page(f"quay-{number}") for number in range(3)], []),
        (pages(1, BOX), pages(12, BOX) + [a_page(f"quay-{number}") for number in range(8)]),
        ([a_page(f"pier-{number}", BOX, title="Pier") for number in range(9)], []),
    ],
    ids=["too few to know", "a series", "a series published before", "one story under nine addresses"],
)
def test_what_some_articles_have_in_common_is_theirs(read: list[ParsedArticle], published: list[ParsedArticle]) -> None:
    assert marked(read, published) == read


def test_the_background_of_an_event_that_many_headlines_speak_of_is_told() -> None:
    told = "The earthquake killed 340 people in nine villages on the coast."
    headlines = ("Earthquake: what we know", "Nine hurt in earthquake", "Schools close", "Aid arrives", "Roads reopen")
    read = [a_page(f"story-{number}", told, BOX, title=title) for number, title in enumerate(headlines)]

    assert [taken_out(story) for story in marked(read)] == [[BOX]] * 5


def test_a_page_that_is_nothing_else_stays_as_it_is() -> None:
    read = [a_parsed_article(f"pier-{number}", (BOX, (FIGURE,))) for number in range(9)]

    assert marked(read) == read


def test_a_heading_is_never_boilerplate() -> None:
    heading = Paragraph(kind="heading", text="What we know")
    own = [Paragraph(kind="paragraph", text=f"Pier {number} was opened.") for number in range(9)]
    read = [a_parsed_article(f"pier-{number}", paragraphs=(heading, text)) for number, text in enumerate(own)]

    assert marked(read) == read


def test_an_article_says_the_same_with_its_boilerplate_and_without() -> None:
    read = pages(FEWEST_PAGES, BOX)
    without = marked(read)[0].article

    assert hash_of(without) == hash_of(a_page("pier-0").article)
    assert hash_with_boilerplate(without) == hash_of(read[0].article)

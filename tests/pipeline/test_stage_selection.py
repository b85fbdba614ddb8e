"""An article takes a place in a batch when it says something new; else its addresses are all it brings."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from ingest.core.ids import content_hash
from ingest.core.model import Paragraph
from ingest.core.parsed_articles import Fetched, ParsedArticle
from ingest.pipeline.stage_selection import moved_articles, select_staged
from ingest.warehouse.near_duplicate_model import ArticleText
from tests.makers import NOON, a_capture, a_parsed_article, an_entry

SAID = "The river rose by two meters."


def fetched(slug: str) -> Fetched:
    return Fetched(entry=an_entry(slug), capture=None, fetched_at=NOON)


def story(slug: str, text: str = SAID) -> ParsedArticle:
    return a_parsed_article(slug, (text, ()))


def sort(
    *pairs: tuple[str, ParsedArticle], known: Mapping[str, str | None] | None = None
) -> tuple[list[bool], list[tuple[str, str]]]:
    listed = [fetched(slug) for slug, _ in pairs]
    staged, outcomes = select_staged(listed, [one for _, one in pairs], known or {}, parser_version="7")
    slugs = {one.entry.entry_id: one.entry.guid or "" for one in listed}
    assert {one.parser_version for one in staged} <= {"7"}
    return [one.is_new_content for one in staged], [(slugs[end.entry_id], end.reason) for end in outcomes]


def known_as(one: ParsedArticle) -> dict[str, str]:
    article = one.article
    return {article.article_id: content_hash(article.title, [paragraph.text for paragraph in article.paragraphs])}


def test_an_article_never_seen_is_new() -> None:
    assert sort(("flood", story("flood"))) == ([True], [])


@pytest.mark.parametrize(("brought", "reason"), [(True, "same_content"), (False, "same_article")])
def test_an_article_that_reads_the_same_ends_unchanged(brought: bool, reason: str) -> None:
    told = story("flood")
    one = replace(fetched("flood"), article_id=told.article.article_id if brought else None)

    for known in (known_as(told), {told.article.article_id: None}):  # public, or in the batch
        _, outcomes = select_staged([one], [told], known, parser_version="7")
        assert [end.reason for end in outcomes] == [reason]


def test_a_text_from_the_feed_is_not_said_to_be_from_the_page() -> None:
    one = replace(fetched("flood"), capture=a_capture())
    told = story("flood")
    carried = replace(told, article=replace(told.article, flags=("body_from_feed",)))

    staged = [select_staged([one], [read], {}, parser_version="7")[0][0].capture_id for read in (told, carried)]

    assert staged == [a_capture().capture_id, None]


def test_an_article_that_reads_otherwise_is_new() -> None:
    assert sort(("flood", story("flood", "It rose by three.")), known=known_as(story("flood"))) == ([True], [])


def test_spacing_is_no_news() -> None:
    spaced = story("flood", "The  river rose\u00a0by two meters. ")

    assert sort(("flood", spaced), known=known_as(story("flood"))) == ([False], [("flood", "same_article")])


def test_a_heading_moved_into_another_paragraph_is_news() -> None:
    one = a_parsed_article(
        "flood", paragraphs=(Paragraph(kind="paragraph", text="a b"), Paragraph(kind="paragraph", text="c"))
    )
    other = a_parsed_article(
        "flood", paragraphs=(Paragraph(kind="paragraph", text="a"), Paragraph(kind="paragraph", text="b c"))
    )

    assert sort(("flood", other), known=known_as(one)) == ([True], [])


def test_the_first_of_several_entries_stands_for_their_article() -> None:
    pairs = [("flood", story("flood")), ("flood-amp", story("flood")), ("storm", story("storm"))]

    assert sort(*pairs) == ([True, False, True], [("flood-amp", "same_article")])


def text(one: ParsedArticle, article_id: str = "before") -> ArticleText:
    article = one.article
    told = content_hash(article.title, [paragraph.text for paragraph in article.paragraphs])
    return ArticleText(
        article_id=article_id, title=article.title, body=article.body, content_hash=told, first_seen_at=NOON
    )


def test_an_article_read_where_a_known_one_lay_is_that_one() -> None:
    one = story("flood")
    at = {one.article.canonical_url: "before"}

    assert moved_articles([fetched("flood")], [one], at=at, texts={}) == {one.article.article_id: "before"}


def test_an_article_that_its_entry_brought_before_has_moved_and_another_has_not() -> None:
    entry = replace(fetched("flood"), article_id="before")
    moved, other = story("flood"), story("flood", "The bakers sing.")
    texts = {"before": text(story("flood"))}

    assert moved_articles([entry], [moved], at={}, texts=texts) == {moved.article.article_id: "before"}
    assert moved_articles([entry], [other], at={}, texts=texts) == {}


def called(one: ParsedArticle, canonical_url: str, article_id: str) -> ParsedArticle:
    article = replace(one.article, title="Flood", canonical_url=canonical_url, article_id=article_id)
    return replace(one, article=article)


def test_two_articles_that_call_each_others_address_their_own_are_one() -> None:
    one, other = story("flood"), story("flood-2")
    crossed = [called(one, other.article.url, "b"), called(other, one.article.url, "a")]
    unlike = [crossed[0], called(story("flood-2", "The bakers sing."), one.article.url, "a")]
    listed = [fetched("flood"), fetched("flood-2")]

    assert moved_articles(listed, crossed, at={}, texts={}) == {"b": "a"}
    assert moved_articles(listed, unlike, at={}, texts={}) == {}


def test_an_article_that_is_where_another_is_that_has_moved_has_moved_with_it() -> None:
    one, other = story("flood"), story("flood-2")
    crossed = [called(one, other.article.url, "b"), called(other, "https://g.example/before", "c")]

    moved = moved_articles(
        [fetched("flood"), fetched("flood-2")], crossed, at={"https://g.example/before": "a"}, texts={}
    )

    assert moved == {"b": "a", "c": "a"}

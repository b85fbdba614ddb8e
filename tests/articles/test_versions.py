"""A page that shows less than is published replaces nothing; one that was edited is a new version."""

from typing import Any

import pytest

from ingest.articles.versions import shortened
from ingest.core.parsed_articles import ParsedArticle
from ingest.pipeline.stage_selection import hash_of
from ingest.warehouse.near_duplicate_model import ArticleText
from tests.makers import NOON, a_parsed_article

WHOLE = (
    "The council gave $189 million to mend the old pier before the winter, after a vote that took nine hours.",
    "Divers had found that worms had eaten most of the piles on which the outer half of the pier stands.",
    "The contractor is to begin on Monday and to be done in eleven weeks, unless storms keep it from working.",
    "Fishing boats will use the river quay until then, where the harbour master has set aside twelve berths.",
    "Skippers complained that the quay has no shelter and no lights, and that nobody had asked them about it.",
)


def a_pier(*paragraphs: str, slug: str = "pier", **changes: Any) -> ParsedArticle:
    return a_parsed_article(slug, *((text, ()) for text in paragraphs), **changes)


def text_of(story: ParsedArticle) -> ArticleText:
    article = story.article
    return ArticleText(
        article_id=article.article_id, title=article.title, body=article.body, content_hash=hash_of(article),
        first_seen_at=NOON,
    )  # fmt: skip


def is_kept(now: ParsedArticle, *, before: ParsedArticle | None = None) -> bool:
    """Return whether the published version stays."""
    had = text_of(before or a_pier(*WHOLE))
    return shortened([now], {had.article_id: had}) == {had.article_id}


@pytest.mark.parametrize(
    "shown",
    [
        WHOLE[:1],
        (WHOLE[0][:60] + "…",),
        WHOLE[:2],
        WHOLE[:4],  # cut off, with nothing else changed
        WHOLE[1:3],
        (WHOLE[0].replace(" ", "\u00a0"), WHOLE[1].upper()),  # another layout's
        (*WHOLE[:2], "Sign up."),
    ],
)
def test_a_teaser_or_a_part_of_what_we_have_is_no_newer_version(shown: tuple[str, ...]) -> None:
    assert is_kept(a_pier(*shown))


def test_a_text_behind_a_wall_replaces_none_that_is_longer() -> None:
    wall = a_pier(*WHOLE[:3], "Subscribers read on for one euro a month.", flags=("paywall",))

    assert is_kept(wall)
    assert not is_kept(wall, before=a_pier(WHOLE[0]))


@pytest.mark.parametrize(
    "shown",
    [
        (*WHOLE, "The vote was unanimous, the clerk said."),
        (WHOLE[0].replace("$189", "$198"), *WHOLE[1:]),
        (WHOLE[0].replace("$189", "$198"), WHOLE[1]),
        ("Correction: the council has not voted yet, and an earlier version of this story was wrong.",),
        ("This story has been withdrawn because its only source could not be reached again by our desk.",),
        (*WHOLE[:2], *WHOLE[3:]),  # a paragraph was taken out of the middle
    ],
)
def test_a_text_that_was_edited_is_a_newer_version(shown: tuple[str, ...]) -> None:
    assert not is_kept(a_pier(*shown))


def test_a_last_paragraph_that_goes_with_another_headline_was_edited() -> None:
    assert not is_kept(a_pier(*WHOLE[:4], title="Pier to be mended for $189 million"))


def test_one_text_on_the_pages_of_three_articles_is_of_none_of_them() -> None:
    box = "Our newsletter brings the news of the harbour to your door each morning, and costs nothing to readers."
    slugs = ("pier", "quay", "wharf")
    before = {one.article_id: one for one in (text_of(a_pier(*WHOLE, slug=slug)) for slug in slugs)}
    shown = [a_pier(box, slug=slug) for slug in slugs]

    assert shortened(shown, before) == before.keys()
    assert shortened(shown[:2], before) == set()


def test_what_is_not_known_is_never_short() -> None:
    assert shortened([a_pier(WHOLE[0])], {}) == set()
    assert shortened([a_pier(WHOLE[0])], {"other": text_of(a_pier(*WHOLE, slug="other"))}) == set()

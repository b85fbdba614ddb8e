"""Text that stands on the pages of a source whatever their article is, learned from these pages."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from ..core.model import BESIDE_BODY, Paragraph
from ..core.parsed_articles import ParsedArticle

FEWEST_PAGES = 5  # under other headlines
MOST_PAGES = 0.8  # of those looked at: what a series of articles has in common stands on fewer
PAGES_LOOKED_AT = 20  # the last that were read of a source
OF_ONE_EVENT = 0.3  # of the headlines: a word of so many is what those articles are about
_TELLING = re.compile(r"\w{4,}")
_STEM = 5  # letters

Pages = Mapping[str, tuple[str, Collection[str]]]  # by article_id: the headline, and the texts of the paragraphs


def mark_boilerplate(stories: Sequence[ParsedArticle], published: Pages) -> list[ParsedArticle]:
    """Return the articles just read of a source with what stands on nearly all of their pages, or of those `published`
    last, called boilerplate, which has no figures; an article that is nothing else stays as it is.
    """
    read = {
        story.article.article_id: (story.article.title, [paragraph.text for paragraph in story.article.paragraphs])
        for story in stories
    }
    known = _standing(read) | _standing(published)
    return [_without(known, story) for story in stories]


def _without(known: Collection[str], story: ParsedArticle) -> ParsedArticle:
    paragraphs = tuple(_marked(paragraph, known) for paragraph in story.article.paragraphs)
    is_empty = all(one.kind == "heading" or one.kind in BESIDE_BODY for one in paragraphs)
    if paragraphs == story.article.paragraphs or is_empty:
        return story
    return ParsedArticle(
        article=replace(story.article, paragraphs=paragraphs),
        figures=tuple(
            () if paragraph.kind == "boilerplate" else figures
            for paragraph, figures in zip(paragraphs, story.figures, strict=True)
        ),
    )


def _marked(paragraph: Paragraph, known: Collection[str]) -> Paragraph:
    is_known = paragraph.kind != "heading" and _key(paragraph.text) in known
    return replace(paragraph, kind="boilerplate") if is_known else paragraph


def _standing(pages: Pages) -> frozenset[str]:
    by_headline: dict[str, set[str]] = {}
    for title, texts in pages.values():
        by_headline.setdefault(title, set()).update(map(_key, texts))
    found = Counter(key for keys in by_headline.values() for key in keys)
    fewest = max(FEWEST_PAGES, MOST_PAGES * len(by_headline))
    subjects = _shared_stems(by_headline)
    return frozenset(
        key for key, pages_with in found.items() if pages_with >= fewest and subjects.isdisjoint(_stems(key))
    )


def _shared_stems(headlines: Collection[str]) -> set[str]:
    """Return what many headlines speak of, as when a publisher writes of one event and repeats its background."""
    counted = Counter(stem for headline in headlines for stem in _stems(headline))
    return {stem for stem, found in counted.items() if found >= OF_ONE_EVENT * len(headlines) and found > 1}


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _TELLING.findall(text.casefold())}


def _key(text: str) -> str:
    return " ".join(text.casefold().split())

"""Whether what a page shows now is a newer version of its article, or a teaser, a paywall stub or a broken layout."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ..core.model import Article
from ..core.parsed_articles import ParsedArticle
from ..warehouse.near_duplicate_model import ArticleText

SMALL_PART = 0.5  # of the published letters: what shows no more than that may be a teaser
CONTAINED = 0.8  # of the letters now shown: so many of them stand in the published text of a teaser
PAGES_ALIKE = 3  # pages of as many articles that show one text show boilerplate
WALLS = frozenset({"paywall", "consent_wall"})
_CUT = "…. "  # with which a teaser may end


def shortened(stories: Sequence[ParsedArticle], texts: Mapping[str, ArticleText]) -> set[str]:
    """Return the ids of articles of which `texts` has a fuller version than their pages show, with no sign of an edit.

    The sign of an edit is words that were not there before: a headline, a paragraph, a correction.
    """
    bodies = Counter(story.article.body for story in stories)
    return {
        before.article_id
        for story in stories
        if (before := texts.get(story.article.article_id))
        and (_shows_less(story.article, before) or bodies[story.article.body] >= PAGES_ALIKE)
    }


def _shows_less(article: Article, before: ArticleText) -> bool:
    shown, had = _letters(article.body), _letters(before.body)
    if len(shown) >= len(had):
        return False
    if not WALLS.isdisjoint(article.flags):
        return True
    is_cut_off = had.startswith(shown) and _letters(article.title) == _letters(before.title)
    return is_cut_off or (len(shown) <= SMALL_PART * len(had) and _share_within(article, had) >= CONTAINED)


def _share_within(article: Article, had: str) -> float:
    """Return which share of what a page shows, by letters, stands in the published text."""
    shown = [_letters(one.text) for one in article.paragraphs if one.kind != "caption"]
    return _size(one for one in shown if one in had) / max(_size(shown), 1)


def _letters(text: str) -> str:
    """Return a text without what differs between two layouts: blanks, case, and the mark that it goes on."""
    return "".join(text.rstrip(_CUT).casefold().split())


def _size(texts: Iterable[str]) -> int:
    return sum(map(len, texts))

"""An article on its way from its page into a batch."""

from dataclasses import dataclass
from datetime import datetime

from .model import Article, Capture, Entry, Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An entry whose page has been visited: where the page lies, or None where the feed's own text must do."""

    entry: Entry
    capture: Capture | None
    fetched_at: datetime
    article_id: str | None = None  # the published article that the entry brought before
    visits: int = 0  # to the page, up to this one
    is_from_feed: bool = False  # that article's text is the feed's
    known_as: str | None = None  # the article that is published with this feed and these addresses of its page


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedArticle:
    """An article as read, with the figures of each of its paragraphs, in the order of the paragraphs."""

    article: Article
    figures: tuple[tuple[Figure, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedArticle:
    """An article on its way into a batch, with the entry that brought it and what is to be kept about both."""

    entry: Entry
    parsed: ParsedArticle
    content_hash: str
    is_new_content: bool  # False: the published version says the same, so that only its addresses are news
    fetched_at: datetime
    capture_id: str | None
    parser_version: str  # goes up whenever the same page would be read differently

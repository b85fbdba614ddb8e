"""What is removed at a person's wish: an article, and the responses that hold something of it."""

from dataclasses import dataclass
from datetime import datetime

from .model import Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedArticle:
    """An article as a person names it, with its removal where it was removed before."""

    article_id: str
    source_id: str
    url: str
    removed_at: datetime | None = None
    why: str | None = None
    erased_at: datetime | None = None  # None: something of it may be left


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAddress:
    """An address of an article; of an entry that brought it, also its id in the feed and when it was listed."""

    url: str | None
    source_id: str | None = None
    guid: str | None = None
    found_at: datetime | None = None
    last_listed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingCapture:
    """A response that may list an article."""

    capture: Capture
    is_removed: bool
    is_certain: bool  # a poll has found the article in it


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCapture:
    """A response that holds something of an article, or has the same body as one that does."""

    capture: Capture
    is_removed: bool
    is_of_another: bool  # the page of another article or entry


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedArticle:
    """What was removed, or would be, of an article."""

    article_id: str
    url: str
    why: str
    removed_at: datetime
    pages: int  # responses of its page
    listings: int  # responses of feeds and section pages that list it
    kept: int  # responses of it whose body other articles' pages have as well

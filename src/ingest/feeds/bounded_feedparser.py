"""feedparser, kept from comparing each tag of an entry with all before it, of which a feed may write a million."""

from typing import Any

import feedparser
from feedparser.mixin import _FeedParserMixin

MOST_TAGS = 1_000  # of one entry, or of the feed itself; nobody who means them writes as many

_add_any = _FeedParserMixin._add_tag  # noqa: SLF001  feedparser takes no bound, and builds its own parsers


def _add_few(parser: Any, term: str | None, scheme: str | None, label: str | None) -> None:
    """Add a tag to whatever is being read, unless that has its fill of them."""
    if len(parser._get_context().get("tags", ())) < MOST_TAGS:  # noqa: SLF001
        _add_any(parser, term, scheme, label)


_FeedParserMixin._add_tag = _add_few  # noqa: SLF001

__all__ = ["MOST_TAGS", "feedparser"]

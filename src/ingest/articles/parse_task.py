"""Parses one article, in whatever process: its arguments and results cross from one process to another."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..core.errors import IngestError
from ..core.model import Page, Source
from ..core.parsed_articles import Fetched, ParsedArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseTask:
    """All that parsing one article needs, wherever that is done."""

    source: Source
    fetched: Fetched
    page: Page | None

    def __len__(self) -> int:
        """Return how many bytes there are to parse."""
        return len(self.page.body) if self.page else len(self.fetched.entry.content_html or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseFailure:
    """Why an article could not be parsed."""

    reason: str
    detail: str


# Parses many articles, here or in other processes, and returns them in the order of its argument.
ParseAll = Callable[[Iterable[ParseTask]], list[ParsedArticle | ParseFailure]]


def parse_one(task: ParseTask) -> ParsedArticle | ParseFailure:
    """Parse one article; why it can't be is returned, not raised, so that it can cross from another process."""
    from .parse import parse_fetched_article, parse_listed_article  # a tenth of a second, where nothing is to be parsed

    try:
        if task.page is None:
            return parse_listed_article(task.source, task.fetched)
        return parse_fetched_article(task.source, task.fetched, task.page)
    except IngestError as error:
        return ParseFailure(reason=error.reason, detail=str(error))

"""What a page offers for its title, its authors and its dates, laid open: every candidate, in the order of belief."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from ..core.model import Article
from ..text.date_context import Calendar
from .blocks import Block
from .body import Body
from .metadata import Metadata
from .people import author_candidates
from .published import modified_candidates, published_candidates
from .titles import title_candidates

MOST = 40  # candidates of one field


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that a page may mean by one of its fields, and what speaks for it."""

    field: str  # "title", "authors", "published_at", "modified_at"
    value: str
    evidence: str
    won: bool


def weighed(
    article: Article, metadata: Metadata, blocks: Sequence[Block], body: Body, *, calendar: Calendar, headline: int
) -> tuple[Candidate, ...]:
    """Return what the readers of each field chose from; what the article has stands first, the same is told once."""
    host = urlsplit(article.url).hostname or ""
    titles = ((title.text, title.evidence) for title in title_candidates(metadata, blocks, host))
    authors = author_candidates(metadata, blocks, body, headline=headline, host=host)
    published = published_candidates(metadata, blocks, article.url, calendar, headline=headline)
    modified = modified_candidates(metadata, calendar)
    offered = {
        "title": titles,
        "authors": (("; ".join(each.names), each.evidence) for each in authors),
        "published_at": ((each.date.moment.isoformat(), each.evidence) for each in published),
        "modified_at": ((each.date.moment.isoformat(), each.evidence) for each in modified),
    }
    return tuple(one for field, each in offered.items() for one in _ranked(field, each, article))


def _ranked(field: str, offered: Iterable[tuple[str, str]], article: Article) -> Iterator[Candidate]:
    value, evidence = _final(field, article), dict(article.evidence).get(field, "")
    others = dict.fromkeys(one for one in offered if one != (value, evidence))
    if value:
        yield Candidate(field, value, evidence, won=True)
    yield from (Candidate(field, *other, won=False) for other in islice(others, MOST - 1))


def _final(field: str, article: Article) -> str:
    moments = {"published_at": article.published_at, "modified_at": article.modified_at}
    if field not in moments:
        return article.title if field == "title" else "; ".join(article.authors)
    moment = moments[field]
    return moment.isoformat() if moment else ""

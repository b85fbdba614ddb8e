"""What a page offers for its title, its authors and its dates, laid open: every candidate, in the order of belief."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from .blocks import Block
from .calendars import Calendar
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
    metadata: Metadata, blocks: Sequence[Block], url: str, calendar: Calendar, *, headline: int
) -> tuple[Candidate, ...]:
    """Give what the readers of each field chose from; the first of each field won, the same thing is told once."""
    host = urlsplit(url).hostname or ""
    titles = ((title.text, title.evidence) for title in title_candidates(metadata, blocks, host))
    authors = author_candidates(metadata, blocks, headline=headline, host=host)
    published = published_candidates(metadata, blocks, url, calendar, headline=headline)
    modified = modified_candidates(metadata, calendar)
    return (
        *_ranked("title", titles),
        *_ranked("authors", (("; ".join(each.names), each.evidence) for each in authors)),
        *_ranked("published_at", ((each.date.moment.isoformat(), each.evidence) for each in published)),
        *_ranked("modified_at", ((each.date.moment.isoformat(), each.evidence) for each in modified)),
    )


def _ranked(field: str, offered: Iterable[tuple[str, str]]) -> Iterator[Candidate]:
    for rank, (value, evidence) in enumerate(list(dict.fromkeys(offered))[:MOST]):
        yield Candidate(field, value, evidence, won=rank == 0)

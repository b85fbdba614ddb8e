"""Who wrote an article: what the page states for machines, and the bylines it shows, in the order they are believed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from ..text.normalized import alike
from .blocks import Block
from .body import Body
from .byline import joins_another, read_desk, read_outlet, read_people
from .bylines import Byline, datelines, distant_bylines, nearby_bylines, signatures, stated_bylines
from .metadata import Metadata
from .site_names import label_of

# How evidence ends where no person is named.
DESK = ", a desk"
OUTLET = ", an outlet"


@dataclass(frozen=True, slots=True)
class Authors:
    """The names under an article, in order, and what gave them."""

    names: tuple[str, ...]
    evidence: str


def read_authors(metadata: Metadata, blocks: Sequence[Block], body: Body, *, headline: int, host: str) -> Authors:
    """Return the people who wrote an article, in order; whoever signs it at its end is one of them."""
    outlets = _outlets(metadata, host)
    best = next(author_candidates(metadata, blocks, body, headline=headline, host=host), None)
    if best is None:
        return Authors((), "nobody named")
    signed = () if best.evidence.endswith((DESK, OUTLET)) else tuple(signatures(body.dropped))
    at_end = (name for text in signed for name in read_people(text, outlets=outlets, shown=True))
    return Authors(tuple(dict.fromkeys((*best.names, *at_end))), best.evidence)


def author_candidates(
    metadata: Metadata, blocks: Sequence[Block], body: Body, *, headline: int, host: str
) -> Iterator[Authors]:
    """Yield every set of names that may be the writers', the one believed first.

    Whole names go before nicknames, what stands at the headline before what stands elsewhere, and people before
    desks, agencies and the outlet itself, which are named only in their place.
    """
    outlets = _outlets(metadata, host)
    people = partial(_people, outlets=outlets)
    stated, nearby = list(stated_bylines(metadata)), list(nearby_bylines(blocks, headline))
    named, shown = list(people(stated)), list(people(nearby))
    whole = [authors for authors in named if any(map(_is_whole, authors.names))]
    if whole:
        yield from _completed(whole[0].names, people(byline for byline in nearby if _goes_on(byline, whole[0].names)))
    yield from whole
    yield from shown
    yield from (authors for authors in named if authors not in whole)
    yield from people(Byline((text,), "signature", shown=True) for text in signatures(blocks))
    yield from _people((byline for byline in stated if byline.of_persons), outlets=frozenset())
    yield from _desks((*stated, *nearby), outlets)
    yield from _stated_outlets(stated)
    distant = list(distant_bylines(blocks, headline))
    yield from people(distant)
    yield from _desks((*datelines(body.blocks), *distant), outlets)


def _people(bylines: Iterable[Byline], *, outlets: frozenset[str]) -> Iterator[Authors]:
    for byline in bylines:
        names = (name for text in byline.texts for name in read_people(text, outlets=outlets, shown=byline.shown))
        if found := tuple(dict.fromkeys(names)):
            yield Authors(found, byline.evidence)


def _completed(stated: Sequence[str], shown: Iterable[Authors]) -> Iterator[Authors]:
    """Yield what is shown that names all whom the page states, and more."""
    first = set(map(alike, stated))
    yield from (authors for authors in shown if first < set(map(alike, authors.names)))


def _goes_on(byline: Byline, names: Sequence[str]) -> bool:
    return any(joins_another(text, name) for text in byline.texts for name in names)


def _desks(bylines: Iterable[Byline], outlets: frozenset[str]) -> Iterator[Authors]:
    for byline in bylines:
        if desks := tuple(dict.fromkeys(name for text in byline.texts for name in read_desk(text, outlets=outlets))):
            yield Authors(desks, f"{byline.evidence}{DESK}")


def _stated_outlets(bylines: Iterable[Byline]) -> Iterator[Authors]:
    for byline in bylines:
        if names := tuple(dict.fromkeys(name for text in byline.texts for name in read_outlet(text))):
            yield Authors(names, f"{byline.evidence}{OUTLET}")


def _is_whole(name: str) -> bool:
    return " " in name or not name.isascii()


def _outlets(metadata: Metadata, host: str) -> frozenset[str]:
    names = (metadata.site_name or "", host, ".".join(host.split(".")[-2:]), label_of(host))
    return frozenset(alike(name).replace(" ", "") for name in names)

"""Checking a source before it is relied on: all candidates for its feed, and three of its articles field by field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..articles.parse import parse_article
from ..core.errors import IngestError
from ..core.model import Article, Entry, Feed, Page, Source
from ..core.ports import Web
from ..feeds.discovery import attempts, find_section, read_listing

ARTICLES = 3
FIGURES_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What an address answered that may be a source's feed, or stand in for one."""

    kind: str  # "feed", "candidate", why the site is thought to have one there, "section page"
    url: str
    feed: Feed | None = None
    moved_to: str | None = None
    error: IngestError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What was read of an article for one field, and from what."""

    name: str
    value: str
    evidence: str


def check_candidates(source: Source, *, web: Web) -> Iterator[Checked]:
    """Ask for every candidate in the order in which they count: as listed, as found on the site, section pages."""
    listed = () if source.is_listing else (source.feed_url, *source.feed_candidates)
    for place, url in enumerate(listed):
        yield _check_listed("candidate" if place else "feed", url, source, web)
    if source.site_url:
        for candidate, found in attempts(source.site_url, source=source, web=web, without=listed):
            kind = candidate.why.removeprefix("found at a ")
            if isinstance(found, IngestError):
                yield Checked(kind=kind, url=candidate.url, error=found)
            else:
                yield Checked(kind=kind, url=candidate.url, feed=found.feed, moved_to=found.page.moved_to)
    for url in source.section_urls:
        try:
            section = find_section(url, source=source, web=web)
            yield Checked(kind="section page", url=url, feed=section.feed, moved_to=section.page.moved_to)
        except IngestError as error:
            yield Checked(kind="section page", url=url, error=error)


def check_articles(entries: Sequence[Entry], source: Source, *, web: Web) -> Iterator[tuple[Entry, list[Field]]]:
    """Read the first articles of a list, with what each field was read from; what fails is a field of its own."""
    for entry in [entry for entry in entries if entry.url][:ARTICLES]:
        try:
            page = web.visit(entry.url or "", conditions=None)
            yield entry, _fields(source, entry, page)
        except IngestError as error:
            yield entry, [Field(name="failed", value=error.reason, evidence=str(error))]


def _check_listed(kind: str, url: str, source: Source, web: Web) -> Checked:
    try:
        page = web.visit_feed(url, conditions=None)
        return Checked(kind=kind, url=url, feed=read_listing(page, source=source, web=web), moved_to=page.moved_to)
    except IngestError as error:
        return Checked(kind=kind, url=url, error=error)


def _fields(source: Source, entry: Entry, page: Page) -> list[Field]:
    parsed = parse_article(source, entry, page)
    article, won = parsed.article, dict(parsed.article.evidence)
    figures = [figure.text for read in parsed.figures for figure in read]
    paragraphs = [one for one in article.paragraphs if one.kind == "paragraph"]
    published = f"{article.published_at:%Y-%m-%d %H:%M} UTC" if article.published_at else ""
    told = {
        "title": (article.title, won.get("title", "")),
        "authors": ("; ".join(article.authors), won.get("authors", "")),
        "published": (published, won.get("published_at", "")),
        "language": (article.language or "", _language_evidence(article, source)),
        "body": (f"{len(article.body):,} characters, {len(paragraphs)} paragraphs", won.get("body", "")),
        "figures": (str(len(figures)), "; ".join(figures[:FIGURES_SHOWN])),
    }
    if article.flags:
        told["flags"] = (", ".join(article.flags), "")
    return [Field(name=name, value=value, evidence=evidence) for name, (value, evidence) in told.items()]


def _language_evidence(article: Article, source: Source) -> str:
    return "the sources file" if article.language == source.language else "its text"

"""Whether what a page states for machines is about this page, or about another article."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import unquote, urlsplit

from bs4 import Tag

from ..core.article_identity import article_identity
from ..core.model import Source
from ..core.urls import absolute_url, normalise_url
from ..text.normalized import alike, squash, unaccented
from .jsonld import LESSER_TYPES, STORY_TYPES, Node, first_text, story_of, types_of
from .metadata import MOST_AROUND, MOST_TIMES, Metadata, meta_names, value_of

TELLING = 4  # letters under which a word tells nothing
STEM = 5  # letters that tell a word, whatever its ending
ENOUGH_SHARED = 0.5  # of the telling words of the shorter of two titles
FEWEST_SHARED = 2  # telling words, unless a title has but one
MOST_HEADLINES = 3  # h1 elements; a page with more has them for other articles too

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_ENDING = re.compile(r"\.[a-z]{2,5}\d?$", re.IGNORECASE)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_JSON_LD = re.compile(r"<script\b[^>]{0,300}ld\+json[^>]{0,300}>.*?</script", re.IGNORECASE | re.DOTALL)
_PROPERTIES = ("author", "date", "datecreated", "datemodified", "datepublished", "headline")
_OF_A_STORY = re.compile(
    r"(?:og|article|twitter):(?!site_name$|locale|site$)|description$|(?:news_)?keywords$|section$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a page is about, as far as its addresses and its titles tell."""

    address: str
    source: Source
    titles: tuple[str, ...]  # what it shows as such, and what its feed calls it

    @property
    def words(self) -> str:
        """Return the words of its titles and of its address."""
        return " ".join((*self.titles, _slug(self.address)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that a page states: what it says that it is about, and what it says of that."""

    addresses: tuple[str, ...] = ()
    title: str = ""
    told: tuple[str, ...] = ()


def is_about(subject: Subject, statement: Statement) -> bool | None:
    """Return whether a statement is about this page; None where neither its addresses nor its title tell.

    One address or the title that fits is enough. Otherwise it is about another story if an address leads to one, or if
    its title shares no word with those of the page.
    """
    led = [_leads_here(subject, address) for address in statement.addresses]
    named = _names_this(subject, statement.title)
    if True in led or named is True:
        return True
    return False if False in led or named is False else None


def about_this(subject: Subject, statements: Sequence[Statement]) -> list[bool]:
    """Return for each of several statements of one kind whether it counts: those that fit, where any does.

    Where none does, those that may be about it count as long as they say the same; a title that shares a word with
    the page's goes before none.
    """
    fits = [is_about(subject, statement) for statement in statements]
    if True in fits:
        return [fit is True for fit in fits]
    unknown = [statement for statement, fit in zip(statements, fits, strict=True) if fit is None]
    titled = [statement for statement in unknown if statement.title] or unknown
    is_agreed = len({statement.told for statement in titled}) == 1
    return [is_agreed and statement in titled for statement in statements]


def only_about(metadata: Metadata, address: str, source: Source, listed_title: str) -> Metadata:
    """Return a page's own statements without those about other articles."""
    headlines = [squash(tag.get_text(" ")) for tag in metadata.headlines[:MOST_HEADLINES]]
    titles = tuple(filter(None, (*metadata.titles[:1], *headlines, listed_title)))
    subject = Subject(address=address, source=source, titles=titles)
    nodes = _own_nodes(subject, metadata.nodes)
    others = _foreign_items(subject, metadata)
    items = {
        name: tuple(tag for tag in tags[:MOST_TIMES] if id(tag) not in others) if name in _PROPERTIES else tags
        for name, tags in metadata.items.items()
    }
    has_others = len(nodes) < len(metadata.nodes)
    return replace(
        metadata,
        source=_JSON_LD.sub(" ", metadata.source) if has_others else metadata.source,  # dates are looked for in scripts
        nodes=nodes,
        story=story_of(nodes),
        items=items,
        meta=_own_meta(subject, metadata, others.values()),
        times=tuple(tag for tag in metadata.times if id(tag) not in others),
        dated=tuple(tag for tag in metadata.dated if id(tag) not in others),
    )


def tells_another(url: str, address: str, said: str) -> bool:
    """Return whether an address has other words than these, or no words and another number than the page's address."""
    slug = stems(_slug(url))
    if len(slug) > 1:
        return 2 * len(slug & stems(said)) < len(slug)
    theirs, ours = urlsplit(normalise_url(url)), urlsplit(normalise_url(address))
    here, there = f"{ours.path}?{ours.query}", f"{theirs.path}?{theirs.query}"
    return here != there and _NUMBER.sub("#", here) == _NUMBER.sub("#", there)


def tell_alike(one: str, other: str) -> bool:
    """Return whether two titles have a telling word in common."""
    return not stems(one).isdisjoint(stems(other))


def stems(text: str) -> frozenset[str]:
    """Return the beginnings of the words that tell something; of writing without blanks, each two letters."""
    return frozenset(_stems(text))


def _stems(text: str) -> Iterator[str]:
    for word in _WORD.findall(unaccented(text)):
        if _UNSPACED.search(word):
            yield from (word[place : place + 2] for place in range(len(word) - 1))
        elif len(word) >= TELLING:
            yield word[:STEM]


def _slug(url: str) -> str:
    return _ENDING.sub("", unquote(max(urlsplit(normalise_url(url)).path.split("/"), key=len)))


def _leads_here(subject: Subject, address: str) -> bool | None:
    """Return whether a stated address is this page's; None for the site's front page and whatever tells nothing."""
    url = absolute_url(address, subject.address) if not address.startswith("#") else None
    if url is None:
        return None
    if article_identity(url, subject.source) == article_identity(subject.address, subject.source):
        return True
    if tells_another(url, subject.address, subject.words):
        return False
    slug = stems(_slug(url))
    return True if len(slug) >= FEWEST_SHARED and _share_enough(slug, stems(subject.words)) else None


def _names_this(subject: Subject, title: str) -> bool | None:
    """Return whether a title is this page's; False where it shares no telling word, None where it shares a few."""
    stated = stems(title)
    known = [words for words in map(stems, (*subject.titles, _slug(subject.address))) if words]
    if not stated or not known:
        return True if title and alike(title) in map(alike, subject.titles) else None
    if any(_share_enough(stated, words) for words in known):
        return True
    return None if any(stated & words for words in known) or len(stated) < FEWEST_SHARED else False


def _share_enough(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two titles are most likely of one article: one word in common may be the name of a person."""
    least = min(len(one), len(other))
    return len(one & other) >= max(ENOUGH_SHARED * least, min(FEWEST_SHARED, len(one)), 1)


def _own_nodes(subject: Subject, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Return the nodes without those that describe another article, or one as little as the other."""
    others: set[int] = set()
    left = nodes
    for types in (STORY_TYPES, LESSER_TYPES):
        stories = [node for node in left if types_of(node) & types]
        counts = about_this(subject, [_stated_by(node) for node in stories])
        others |= {id(node) for node, is_counted in zip(stories, counts, strict=True) if not is_counted}
        left = tuple(node for node in left if not types_of(node) & types)
    return tuple(node for node in nodes if id(node) not in others)


def _stated_by(node: Node) -> Statement:
    page = node.get("mainEntityOfPage")
    pages = page if isinstance(page, list) else [page]
    found = [node.get("url"), node.get("@id")]
    for each in pages[:5]:
        found += [each.get("@id"), each.get("url")] if isinstance(each, dict) else [each]
    return Statement(
        addresses=tuple(value for value in found if isinstance(value, str) and value.strip()),
        title=first_text(node.get("headline") or node.get("name")) or "",
        told=tuple(first_text(node.get(name)) or "" for name in ("datePublished", "author", "articleBody")),
    )


def _foreign_items(subject: Subject, metadata: Metadata) -> dict[int, Tag]:
    """Return the microdata properties of articles that are other articles."""
    if "itemscope" not in metadata.source and "itemScope" not in metadata.source:
        return {}
    scopes: dict[int, dict[str, list[Tag]]] = {}
    for name in (*_PROPERTIES, "name", "url", "mainentityofpage"):
        for tag in metadata.items.get(name, ())[:MOST_TIMES]:
            scope = _scope_of(tag)
            if scope is not None:
                scopes.setdefault(id(scope), {"": [scope]}).setdefault(name, []).append(tag)
    articles = list(scopes.values())
    counts = about_this(subject, [_stated_in(held) for held in articles])
    return {
        id(tag): tag
        for held, is_counted in zip(articles, counts, strict=True)
        if not is_counted
        for name in _PROPERTIES
        for tag in held.get(name, ())
    }


def _scope_of(tag: Tag) -> Tag | None:
    """Return the article that a property is of (HTML, 5.2.5), if it is of one."""
    scope = next((around for around in islice(tag.parents, MOST_AROUND) if "itemscope" in around.attrs), None)
    kind = str(scope.attrs.get("itemtype")).rstrip("/").rpartition("/")[2].lower() if scope is not None else ""
    return scope if kind in STORY_TYPES else None


def _stated_in(held: dict[str, list[Tag]]) -> Statement:
    def first(name: str) -> str:
        return next((value_of(tag, "content", "datetime") for tag in held.get(name, ())), "")

    named = [tag for name in ("url", "mainentityofpage") for tag in held.get(name, ())]
    found = [tag.attrs.get(name) for tag in (*held[""], *named) for name in ("itemid", "href", "content")]
    return Statement(
        addresses=tuple(str(value) for value in found if value),
        title=first("headline") or first("name"),
        told=(first("datepublished"), first("author")),
    )


def _own_meta(subject: Subject, metadata: Metadata, others: Iterable[Tag]) -> dict[str, tuple[str, ...]]:
    """Return the meta elements without those of another story's microdata, and none of a story if it is another one."""
    meta = dict(metadata.meta)
    for tag in others:
        if tag.name == "meta":
            name = str(tag.attrs.get("itemprop")).strip().lower()
            value = value_of(tag, "content")
            meta[name] = tuple(each for each in meta.get(name, ()) if each != value)
    stated = Statement(
        addresses=tuple(value for _, value in metadata.named("og:url", "twitter:url")[:2]),
        title=metadata.first("og:title", "twitter:title") or "",
    )
    if is_about(subject, stated) is not False:
        return meta
    names = meta_names()
    theirs = {*names.published, *names.dated, *names.modified, *names.authors}
    return {name: values for name, values in meta.items() if name not in theirs and not _OF_A_STORY.match(name)}

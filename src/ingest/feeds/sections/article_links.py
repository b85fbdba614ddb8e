"""The cards of a section page: what in it leads to one article each, and which of that is the page's own list."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from ...articles.blocks import HEADINGS
from ...core.article_identity import article_identity
from ...core.model import Source
from ...core.urls import absolute_url, normalise_url
from ...text.normalized import alike, squash
from ..article_urls import Likelihood, likelihood
from .companion_links import extras, is_headline, keys_around, links_of, said_by
from .pagination import is_further_page
from .tree import Element, SectionTree, above, label_of, words_of
from .words import leads_on

MOST_LINKS = 5_000
SHORTEST_TITLE = 25  # characters of a link that may be a title whatever its address looks like …
FEWEST_WORDS = 4  # … or as many words
FEWEST_SHARED = 3  # articles with one number, by a pattern that tells none from another
NEAR = 4  # elements around two boxes of one article, of which they may share the outermost


@dataclass(slots=True, eq=False)
class Card:
    """What leads to one article: its links, and the largest elements around them in which no other is led to."""

    key: str
    url: str
    likelihood: Likelihood
    boxes: list[Element]
    links: list[Element]
    place: int
    is_listed: bool = False  # the page's metadata lists it
    title: str = ""
    owner: Element | None = None  # what holds the title
    marks: int = 0  # kinds of evidence: heading, date, teaser, picture


def find_cards(tree: SectionTree, url: str, source: Source, listed: Iterable[str] = ()) -> list[Card]:
    """Return all cards of a page in its order; `listed` are keys of articles that its metadata lists."""
    known = set(listed)
    links = links_of(islice(_targets(tree, url, source, known), MOST_LINKS))
    titled = {link.key for link in links if _is_title(link.element)} | known
    silent = {link.key for link in links if not link.text}
    links = [
        link
        for link in links
        if link.key in titled
        or (link.likelihood >= Likelihood.CERTAIN and (link.key in silent or not leads_on(link.text)))
    ]
    beside = extras([link for link in links if link.key not in known])
    links = [link for link in links if link.element not in beside]
    keys = keys_around(links)
    cards: list[Card] = []
    for link in links:
        box = _largest(link.element, keys)
        last = cards[-1] if cards else None
        if last and last.key == link.key and _are_neighbours(last.boxes[-1], box):
            last.links.append(link.element)
            if box is not last.boxes[-1]:
                last.boxes.append(box)
            continue
        is_listed = link.key in known
        cards.append(
            Card(link.key, link.url, link.likelihood, [box], [link.element], tree.place[box], is_listed=is_listed)
        )
    return cards


def _targets(
    tree: SectionTree, url: str, source: Source, known: Collection[str] = ()
) -> Iterator[tuple[Element, str, str, Likelihood]]:
    """Yield the links that may be articles', each with its article's key, its address and its likeness."""
    for element in tree.elements:
        found = _target(element, tree, url, source, known) if element.tag == "a" else None
        if found and not tree.is_hidden(element):
            yield element, *found


def is_ambiguous(tree: SectionTree, url: str, source: Source) -> bool:
    """Return whether the source's pattern tells most of a page's articles not apart: its group is the same in them.

    Its group is an article's identity, so that all articles of one value would be taken for versions of one. Several
    addresses of one article have words that come back in other items: see all photos, comments.
    """
    if source.article_id_pattern is None:
        return False
    plain = replace(source, article_id_pattern=None)
    said: defaultdict[str, set[str]] = defaultdict(set)
    titles: dict[str, tuple[str, str]] = {}
    for link, key, address, _ in _targets(tree, url, source):
        if _is_title(link):
            whole, bare = article_identity(address, plain), alike(re.sub(r"\d+", "", said_by(link)))
            said[bare].add(whole)
            titles[whole] = (key, bare)
    keys = Counter(key for key, bare in titles.values() if len(said[bare]) == 1)
    shared = sum(count for count in keys.values() if count >= FEWEST_SHARED)
    return 2 * shared > sum(keys.values())


def _target(
    link: Element, tree: SectionTree, url: str, source: Source, known: Collection[str]
) -> tuple[str, str, Likelihood] | None:
    href = squash(link.get("href") or "")
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "whatsapp:")):
        return None
    if "sponsored" in (link.get("rel") or "").lower().split():
        return None
    address = absolute_url(href, tree.base)
    if address is None:
        return None
    key = article_identity(address, source)
    found = Likelihood.NUMBERED if key in known else likelihood(address, url, source)
    if found == Likelihood.NEVER:
        return None
    if source.article_id_pattern is None and not is_headline(link) and is_further_page(address, url, words_of(link)):
        return None
    return key, normalise_url(address), found


def _is_title(link: Element) -> bool:
    """Return whether a link reads like a title: a heading, or some words."""
    text = label_of(link)
    if leads_on(text):
        return False
    if len(text) >= SHORTEST_TITLE or len(text.split()) >= FEWEST_WORDS:
        return True
    return len(text.split()) > 1 and any(each.tag in HEADINGS for each in takewhile(_is_inline, above(link)))


def _is_inline(element: Element) -> bool:
    return element.tag in HEADINGS or element.tag in {"a", "span", "b", "strong", "em"}


def _largest(link: Element, keys: dict[Element, set[str]]) -> Element:
    box = link
    for around in above(link):
        if len(keys[around]) > 1 or around.tag in {"body", "html", "main"}:
            break
        box = around
    return box


def _are_neighbours(one: Element, other: Element) -> bool:
    """Return whether two boxes are of one card: beside each other, or nearly."""
    around = list(above(one))[1 : NEAR + 1]
    return one is other or any(
        each in around and each.tag not in {"body", "html", "main"} for each in list(above(other))[1 : NEAR + 1]
    )

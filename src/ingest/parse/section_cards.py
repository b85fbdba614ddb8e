"""The cards of a section page: what in it leads to one article each, and which of that is the page's own list."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import takewhile

from ..model import Source
from .blocks import HEADINGS
from .section_extras import extras, is_headline, links_of
from .section_pages import is_further_page
from .section_tree import Element, SectionTree, above, words_of
from .section_words import leads_on
from .story_addresses import Likeness, likeness
from .text import alike, squash
from .urls import absolute_url, article_identity, normalise_url

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
    likeness: Likeness
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
    links: list[tuple[Element, str, str, Likeness]] = []
    for element in tree.elements:
        if element.tag == "a" and len(links) < MOST_LINKS:
            found = _target(element, tree, url, source, known)
            if found and not tree.is_hidden(element):
                links.append((element, *found))
    titled = {key for element, key, _, _ in links if _is_title(element)}
    silent = {key for element, key, _, _ in links if not _says_anything(element)}
    links = [
        one
        for one in links
        if one[1] in titled or one[1] in known or (one[3] >= Likeness.CERTAIN and (one[1] in silent or _speaks(one[0])))
    ]
    beside = extras(links_of((element, key, address) for element, key, address, _ in links if key not in known))
    links = [one for one in links if one[0] not in beside]
    keys: defaultdict[Element, set[str]] = defaultdict(set)
    for element, key, _, _ in links:
        for around in above(element):
            keys[around].add(key)
    cards: list[Card] = []
    for element, key, address, alike_to in links:
        box = _largest(element, keys)
        last = cards[-1] if cards else None
        if last and last.key == key and _are_neighbours(last.boxes[-1], box):
            last.links.append(element)
            if box is not last.boxes[-1]:
                last.boxes.append(box)
            continue
        cards.append(Card(key, address, alike_to, [box], [element], tree.place[box], is_listed=key in known))
    return cards


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
    for link in tree.elements:
        found = _target(link, tree, url, source, set()) if link.tag == "a" and _is_title(link) else None
        if found and not tree.is_hidden(link):
            whole, bare = article_identity(found[1], plain), alike(re.sub(r"\d+", "", _said(link)))
            said[bare].add(whole)
            titles[whole] = (found[0], bare)
    keys = Counter(key for key, bare in titles.values() if len(said[bare]) == 1)
    shared = sum(count for count in keys.values() if count >= FEWEST_SHARED)
    return 2 * shared > sum(keys.values())


def _target(
    link: Element, tree: SectionTree, url: str, source: Source, known: set[str]
) -> tuple[str, str, Likeness] | None:
    href = squash(link.get("href") or "")
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "whatsapp:")):
        return None
    if "sponsored" in (link.get("rel") or "").lower().split():
        return None
    address = absolute_url(href, tree.base)
    if address is None:
        return None
    key = article_identity(address, source)
    found = Likeness.NUMBERED if key in known else likeness(address, url, source)
    if source.article_id_pattern is None and not is_headline(link) and is_further_page(address, url, words_of(link)):
        return None
    if found == Likeness.NEVER:
        return None
    return key, normalise_url(address), found


def _is_title(link: Element) -> bool:
    """Return whether a link reads like a title: a heading, or some words."""
    text = words_of(link) or squash(link.get("aria-label") or link.get("title") or "")
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


def _speaks(link: Element) -> bool:
    """Return whether a link's text, or that of its picture, may be a title: it does not only invite to read on."""
    return not leads_on(_said(link))


def _says_anything(link: Element) -> bool:
    return bool(_said(link))


def _said(link: Element) -> str:
    pictured = " ".join(image.get("alt") or "" for image in link.iter("img"))
    return words_of(link) or squash(link.get("aria-label") or link.get("title") or pictured)

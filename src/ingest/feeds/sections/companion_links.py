"""The links of an item that lead to something beside its article: a gallery, a film, comments, further pages on it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ...articles.blocks import HEADINGS
from ...articles.forms import is_media_address
from ...text.normalized import alike
from ..article_urls import Likelihood
from .tree import Element, above, label_of, names_of, words_of
from .words import is_called, leads_on

FEWEST_LABELLED = 2  # links to different addresses, whose words are a button's
FEWEST_ITEMS = 3  # with one further link each, which is no second headline of theirs …
MOST_ITEMS = 0.8  # … if so many of them have it
FEWEST_TITLE_WORDS = 4
MOST_BESIDE = 30  # characters beside a link in its box, with which it has neither date nor teaser
_DIGITS = str.maketrans("", "", "0123456789")


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A link that may be an article's: its key, its address, and its place among the page's elements by their kinds."""

    element: Element
    key: str
    url: str
    likelihood: Likelihood
    role: int
    text: str
    is_headed: bool


@dataclass(slots=True)
class _Role:
    """Links whose elements around them are the same and are called the same."""

    links: list[Link] = field(default_factory=list)

    @property
    def keys(self) -> set[str]:
        return {link.key for link in self.links}

    @property
    def is_headed(self) -> bool:
        return all(link.is_headed for link in self.links)

    @property
    def reads_as_titles(self) -> bool:
        words = sum(len(link.text.split()) for link in self.links)
        return words >= FEWEST_TITLE_WORDS * len(self.links)

    def is_labels(self) -> bool:
        """Return whether links to different addresses say the same: see the photos, 12 comments."""
        bare = set(map(_bare, self.links))
        return len(self.keys) >= FEWEST_LABELLED and 2 * len(bare) <= len(self.keys) and not self.is_headed


def links_of(found: Iterable[tuple[Element, str, str, Likelihood]]) -> list[Link]:
    """Return links by their elements, keys, addresses and likeness, in page order."""
    roles: dict[tuple[int, str], int] = {}
    known: dict[Element, int] = {}

    def role_of(element: Element) -> int:
        for around in reversed(list(above(element))):
            parent = around.getparent()
            kind = (known[parent] if parent is not None else 0, f"{around.tag}.{_first_name(around)}")
            known.setdefault(around, roles.setdefault(kind, len(roles) + 1))
        return known[element]

    return [
        Link(each, key, url, likelihood, role_of(each), said_by(each), is_headline(each))
        for each, key, url, likelihood in found
    ]


def extras(links: Sequence[Link]) -> set[Element]:
    """Return the links that are not of an item's article, but of what belongs to it.

    They say the same in several items, or are one in each item beside its headline, or are a film or a gallery beside
    one. Several headlines of an item each have words of their own, and are more than one, or in a list.
    """
    roles: defaultdict[int, _Role] = defaultdict(_Role)
    for link in links:
        roles[link.role].links.append(link)
    labels = {role for role, held in roles.items() if held.is_labels()}
    titles = {link.element for link in links if link.role not in labels and (link.is_headed or _is_titled(link))}
    found = {link.element for link in _beside_titles(labels, links, titles)}
    left = [link for link in links if link.element not in found]
    keys = keys_around(left)
    headed = [link for link in left if link.is_headed] or _heaviest(
        roles[role].links for role in roles if role not in labels
    )
    main = keys_around(headed)
    first = _firsts(headed)
    for role, held in roles.items():
        if role in labels or held.is_headed or any(link.element in found for link in held.links):
            continue
        items = _items_of(held, keys, main, first)
        media = [link for link, _ in items if is_media_address(link.url)]
        if len(media) >= FEWEST_LABELLED and len(media) == len(items):
            found |= {link.element for link in media}
        elif _is_one_in_each(held, items, headed):
            found |= {link.element for link, _ in items}
    return found


def _heaviest(rows: Iterable[list[Link]]) -> list[Link]:
    """Return the links of one role that say most, where no heading tells the titles."""
    return max(rows, key=lambda row: sum(len(link.text.split()) for link in row), default=[])


def _items_of(
    held: _Role, keys: dict[Element, set[str]], main: dict[Element, set[str]], first: dict[Element, Link]
) -> list[tuple[Link, Link]]:
    """Return the links of a role that stand alone of it in an item with a single headline, and that headline."""
    own = keys_around(held.links)
    headlines = {link.key for link in first.values()}
    found = []
    for link in held.links:
        item = next((each for each in above(link.element) if main.get(each)), None)
        if item is None or link.key in headlines or len(main[item]) != 1 or len(own[item]) != 1:
            continue
        box = next((each for each in reversed(list(above(link.element))) if len(keys.get(each, ())) == 1), link.element)
        if len(words_of(box)) <= len(words_of(link.element)) + MOST_BESIDE:
            found.append((link, first[item]))
    return found


def _is_one_in_each(held: _Role, items: Sequence[tuple[Link, Link]], headed: Sequence[Link]) -> bool:
    if len(items) < FEWEST_ITEMS or len(items) < len(held.keys):
        return False
    is_listed = any(each.tag in {"li", "dd"} for each in _within(*items[0]))
    if held.reads_as_titles and (is_listed or not items[0][1].is_headed):
        return False  # a list of related articles, of one each, or a row of two articles
    role = Counter(headline.role for _, headline in items).most_common(1)[0][0]
    alike_headed = {link.key for link in headed if link.role == role}
    return len({headline.key for _, headline in items}) >= MOST_ITEMS * len(alike_headed)


def _within(link: Link, headline: Link) -> list[Element]:
    """Return the elements around a link that do not hold its item's headline."""
    outer = set(above(headline.element))
    return [each for each in above(link.element) if each not in outer]


def _beside_titles(labels: set[int], links: Sequence[Link], titles: set[Element]) -> list[Link]:
    """Return the buttons whose words come back with a title between each two of them, as in a row of items.

    One that leads to the article whose title is the nearest before it or behind it is that article's own.
    """
    order = [link for link in links if link.element in titles]
    titled = keys_around(order)
    turns: defaultdict[tuple[int, str], list[tuple[int, Link]]] = defaultdict(list)  # by how many titles precede each
    passed = 0
    for link in links:
        passed += link.element in titles
        if link.role in labels:
            around = next((each for each in above(link.element) if titled.get(each)), None)
            if around is not None and around.tag not in {"body", "html", "main"}:
                turns[link.role, _bare(link)].append((passed, link))
    return [
        link
        for row in turns.values()
        if len(row) > 1 and len({passed for passed, _ in row}) >= MOST_ITEMS * len(row)
        for passed, link in row
        if link.key not in {near.key for near in order[max(passed - 1, 0) : passed + 1]}
    ]


def keys_around(links: Iterable[Link]) -> dict[Element, set[str]]:
    """Return, for each element that contains links, the keys of these."""
    keys: defaultdict[Element, set[str]] = defaultdict(set)
    for link in links:
        for around in above(link.element):
            keys[around].add(link.key)
    return keys


def _firsts(links: Iterable[Link]) -> dict[Element, Link]:
    found: dict[Element, Link] = {}
    for link in links:
        for around in above(link.element):
            found.setdefault(around, link)
    return found


def _bare(link: Link) -> str:
    return alike(link.text.translate(_DIGITS))


def _is_titled(link: Link) -> bool:
    return not leads_on(link.text) and len(link.text.split()) > 1


def is_headline(link: Element) -> bool:
    """Return whether a link is a heading's, or what is called a title."""
    if any(each.tag in HEADINGS or is_called(each.get("class") or "", "title") for each in link.iterdescendants()):
        return True
    for each in above(link):
        if each.tag in HEADINGS or is_called(names_of(each), "title"):
            return True
        if each.tag not in {"a", "span", "b", "strong", "em", "font"} and len(each) != 1:
            return False
        if each.tag in {"li", "td", "article", "section", "body"}:
            return False
    return False


def said_by(link: Element) -> str:
    """Return a link's text, else its label, else what is said of its pictures."""
    return label_of(link, " ".join(image.get("alt") or "" for image in link.iter("img")))


def _first_name(element: Element) -> str:
    names = (element.get("class") or "").translate(_DIGITS).split()
    return names[0] if names else ""

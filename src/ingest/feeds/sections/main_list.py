"""Which cards of a section page are its list: by the places they stand in, and by the structure they share."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from urllib.parse import urlsplit

from ...articles.blocks import HEADINGS
from ...core.urls import absolute_url, same_site
from ...text.dates import ReadDate
from ..article_urls import Likelihood
from .article_links import Card
from .dates import SectionCalendar, written_date
from .other_folders import is_folder_of_others, other_folder
from .tree import Element, SectionTree, above, words_of
from .words import is_beside, is_bought, kind_of_box, opens_other_box

_BESIDE_TAGS = frozenset({"nav", "footer", "aside", "menu", "dialog"})
_BESIDE_ROLES = frozenset({"navigation", "complementary", "contentinfo", "search", "dialog", "menu", "menubar"})
_HOLDERS = frozenset({"article", "section", "main", "li", "td"})
_LABELS = frozenset({"div", "span", "p", "strong", "b", "header", "a", "th", "summary", "dt", "em", "small"})
_DAYS = HEADINGS | {"dt", "th", "caption", "legend", "strong", "time", "div", "p", "span"}
ALIKE = 0.6  # of the marks of a list's cards, which one behind the list has to have
FEWEST_TITLES = 3  # cards of one structure that are of the list without telling more than their titles
LEADING = 2  # marks of a lead article that stands in an element of its own
FEWEST_OF_MENU = 4  # links that stand together
MOST_OF_A_CARD = 8  # links in a card, with its section, writers and tags
SHORT_TITLE = 20  # characters
_DIGITS = str.maketrans("", "", "0123456789")


class Places:
    """Tells which places of a page are beside its list, by elements, by their names and by the headings of boxes."""

    def __init__(self, tree: SectionTree, url: str, cards: Sequence[Card]) -> None:
        self._tree, self._url = tree, url
        self._held: dict[Element, bool] = {}
        self._sections = {card for card in cards if is_folder_of_others(card, cards)}
        self._titles = {each for card in cards if card not in self._sections for each in _around_title(card)}
        frames = [
            element for element in tree.elements if element.tag in {"main", "h1"} or element.get("role") == "main"
        ]
        self._frames = {around for frame in frames[:5] for around in above(frame)}
        self.headings = [element for element in tree.elements if self._is_heading(element)]
        self._labelled = self._find_labelled(cards)
        boxed = {each for card in cards for box in card.boxes for each in box.iter()}
        self._days = [
            element for element in tree.elements
            if element not in boxed and element.tag in _DAYS and 6 < len(words_of(element)) < 40
            and written_date(words_of(element))
        ]  # fmt: skip

    def is_beside(self, card: Card) -> bool:
        """Return whether a card is no part of the list."""
        return (
            card in self._labelled
            or card in self._sections
            or any(self.is_box_beside(around) for around in above(card.boxes[0]))
        )

    def day_above(self, card: Card, calendar: SectionCalendar) -> ReadDate | None:
        """Return the date that is the nearest heading above a card, where it heads the card's part of the list."""
        around = set(above(card.boxes[0]))
        for heading in reversed(self._days):
            parent = heading.getparent()
            if self._tree.place[heading] > card.place or parent is None:
                continue
            outer = parent.getparent()
            if parent in around or (outer is not None and outer in around and outer.tag not in {"body", "html"}):
                return calendar.read_line(words_of(heading)) if self._is_last_heading(heading, card) else None
        return None

    def _is_last_heading(self, heading: Element, card: Card) -> bool:
        first, last = self._tree.place[heading], card.place
        return not any(first < self._tree.place[other] < last and other.tag == heading.tag for other in self.headings)

    def is_box_beside(self, element: Element) -> bool:
        """Return whether an element holds no part of the list, by its kind or its names."""
        known = self._held.get(element)
        if known is None:
            known = self._held[element] = self._says_beside(element)
        return known

    def _says_beside(self, element: Element) -> bool:
        if element.tag in {"html", "body", "main"}:
            return False
        if element.tag in _BESIDE_TAGS or element.get("role") in _BESIDE_ROLES:
            return True
        if element.tag == "header" and element not in self._frames:
            return not any(around.tag in _HOLDERS for around in above(element))
        if element in self._frames:
            return False
        label = element.get("aria-label") or ""
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        return is_beside(names) or bool(label and element.tag != "a" and opens_other_box(label))

    def _is_heading(self, element: Element) -> bool:
        """Return whether an element is the heading of a box, and no title of an article."""
        if element in self._titles or self._tree.is_hidden(element):
            return False
        if element.tag in HEADINGS or element.tag in {"legend", "caption"}:
            return True
        if element.tag not in _LABELS or any(
            each.tag not in _LABELS - {"div", "p"} for each in element.iterdescendants()
        ):
            return False
        text = words_of(element)
        is_label = bool(text) and (opens_other_box(text) or kind_of_box(text) is not None)
        return is_label and not _is_menu_link(element)

    def _find_labelled(self, cards: Sequence[Card]) -> set[Card]:
        """Return the cards below the headings of other boxes, each as far as the next heading in the same element."""
        places = [(self._tree.place[heading], heading) for heading in self.headings]
        articles = [card for card in cards if card not in self._sections]
        found: set[Card] = set()
        for place, heading in places:
            is_other = opens_other_box(words_of(heading))
            folder = None if is_other else other_folder(heading, self._tree, self._url)
            if not (is_other or folder) or any(map(self.is_box_beside, above(heading))):
                continue
            held = [card for card in articles if folder is None or folder.holds(card.url)]
            inside = set(heading.iterdescendants())
            own = next((card for card in held if any(box in set(above(heading)) for box in card.boxes)), None)
            if own is not None:
                found.add(own)
                continue
            box = next((around for around in above(heading) if self._holds(around, articles, heading, inside)), None)
            if box is None or (is_other and self._is_passing(heading, box, cards)):
                continue
            ends = [
                other for other, one in places
                if other > place and one not in inside and one.tag in HEADINGS and box in set(above(one))
            ]  # fmt: skip
            end = min(ends, default=len(self._tree.elements))
            found |= {card for card in held if place < card.place < end and box in set(above(card.boxes[0]))}
        return found

    def _is_passing(self, heading: Element, box: Element, cards: Sequence[Card]) -> bool:
        """Return whether a label is that of an advertisement between the cards: what follows it is the list again."""
        if not is_bought(words_of(heading)):
            return False
        if heading.tag not in HEADINGS or heading.getparent() is not box:
            return True
        place = self._tree.place[heading]
        return any(card.place < place and box in set(above(card.boxes[0])) for card in cards)

    def _holds(self, box: Element, cards: Sequence[Card], heading: Element, inside: set[Element]) -> bool:
        return box is not heading and any(
            box in set(above(card.boxes[0])) and card.boxes[0] not in inside and card.boxes[0] is not heading
            for card in cards
        )


def _around_title(card: Card) -> list[Element]:
    """Return the elements that hold a card's title: a heading of a card is none of a box."""
    around = [each for link in card.links for each in (link, *link.iterdescendants())]
    for element in [*card.links, *([card.owner] if card.owner is not None else [])]:
        for each in above(element):
            if each.tag not in {"a", "span", "strong", "b", "em", *HEADINGS}:
                break
            around.append(each)
    return around


def main_list(cards: Sequence[Card]) -> list[Card]:
    """Return the cards of the list: the weightiest group of the same structure, and what stands with it.

    What stands before the group, as a lead story does, or behind it, is of the list where it tells about as much as the
    group's cards do, or is itself a group of titles within the same element.
    """
    alike: defaultdict[tuple[str, ...], list[Card]] = defaultdict(list)
    for card in cards:
        alike[_structure(card)].append(card)
    groups = [group for group in alike.values() if not _is_menu(group)]
    if not groups:
        return []
    listed = [card for card in cards if card.is_listed]
    main = listed if len(listed) > 2 else max(groups, key=_weight)
    shared = _shared(main)
    frame = next((one for one in above(shared) if one.tag == "main" or one.get("role") == "main"), None)
    enough = ALIKE * sum(card.marks for card in main) / len(main)
    chosen = {card for card in main if card.marks or card.likelihood >= Likelihood.CERTAIN or enough < ALIKE}
    scripts = {_script(card) for card in main}
    script = scripts.pop() if len(scripts) == 1 else None
    chains = {_chain(card) for card in main}
    for group in groups:
        is_titles = len(group) >= FEWEST_TITLES and all(card.likelihood >= Likelihood.CERTAIN for card in group)
        for card in group:
            around = set(above(card.boxes[0]))
            is_framed = frame in around if frame is not None else _is_close(shared, around)
            tells_enough = card.marks > 0 and card.marks >= enough
            if shared in around:
                is_sister = _chain(card) in chains and card.likelihood >= Likelihood.CERTAIN
                is_chosen = is_titles or is_sister or tells_enough
            elif card.place < main[0].place:
                is_chosen = card.marks > 0 and (is_framed or (frame is None and card.marks >= max(enough, LEADING)))
            else:
                is_chosen = tells_enough and is_framed
            if is_chosen and script in {None, _script(card)}:
                chosen.add(card)
    chosen |= _further_headlines(groups, chosen, shared)
    return [card for card in cards if card in chosen]


def _further_headlines(groups: Iterable[Sequence[Card]], chosen: Iterable[Card], shared: Element) -> set[Card]:
    """Return the cards that stand, several alike, within an item of the list, as articles below a lead do."""
    within = {card: list(takewhile(lambda one: one is not shared, above(card.boxes[0]))) for card in chosen}
    held = Counter(each for around in within.values() for each in around if shared in above(each))
    found: set[Card] = set()
    for group in groups:
        of_items: defaultdict[Element, list[Card]] = defaultdict(list)
        for card in group:
            item = next((each for each in above(card.boxes[0]) if held[each]), None)
            if item is not None and held[item] == 1 and card not in within and card.likelihood >= Likelihood.CERTAIN:
                of_items[item].append(card)
        found.update(card for cards in of_items.values() if len(cards) > 1 for card in cards)
    return found


def _script(card: Card) -> str | None:
    """Return the path of an address whose query names the article: another one is no article's."""
    parts = urlsplit(card.url)
    return parts.path if parts.query else None


def _is_menu(group: Sequence[Card]) -> bool:
    """Return whether cards are a menu's links: a word or two, and nothing beside them."""
    short = sum(len(card.title.split()) <= 2 and len(card.title) < SHORT_TITLE and not card.marks for card in group)
    return len(group) >= FEWEST_TITLES and 2 * short > len(group)


def _is_close(shared: Element, around: set[Element]) -> bool:
    return any(each in around for each in list(above(shared))[1:3] if each.tag not in {"html"})


def _weight(group: Sequence[Card]) -> float:
    return sum(
        (2 if card.likelihood >= Likelihood.CERTAIN else 1 if card.likelihood == Likelihood.LIKELY else 0.3)
        + 2 * card.marks
        + 3 * card.is_listed
        + min(max(len(words_of(link)) for link in card.links), 80) / 40
        for card in group
    )


def _structure(card: Card) -> tuple[str, ...]:
    """Return what the elements around a card are and are called, without what tells it from the others."""
    box = card.boxes[0]
    return (box.tag, *(f"{each.tag}.{_first_name(each)}" for each in list(above(box))[1:]))


def _is_menu_link(element: Element) -> bool:
    """Return whether a line is a link in a list of them, and no heading of what follows."""
    around = list(above(element))[:3]
    is_link = any(each.tag == "a" for each in (*around, *element.iterdescendants()))
    return is_link and any(each.tag == "li" or len(each) > 1 for each in around[:2])


def _chain(card: Card) -> tuple[str, ...]:
    """Return the elements around a card's link: alone in its part of the list, it has a larger box than its sisters."""
    return tuple(f"{each.tag}.{_first_name(each)}" for each in above(card.links[0]))


def _first_name(element: Element) -> str:
    names = (element.get("class") or "").translate(_DIGITS).split()
    return names[0] if names else (element.get("id") or "").translate(_DIGITS)


def _shared(cards: Sequence[Card]) -> Element:
    """Return the innermost element that holds all cards; of a single one, what holds it."""
    chains = [list(above(card.boxes[0]))[1:] for card in cards]
    common = set(chains[0]).intersection(*map(set, chains[1:]))
    return next(each for each in chains[0] if each in common)


def links_of_cards(cards: Sequence[Card]) -> dict[Element, Card]:
    """Return the card that each link in a card's box is of."""
    return {link: card for card in cards for box in card.boxes for link in box.iter("a")}


def is_of_menu(card: Card, places: int, holders: Mapping[Element, Card]) -> bool:
    """Return whether a link without a date or a teaser is a section's, however long its name.

    It stands among short ones, or, as a folder of the site, in several places. An address with a date or a number tells
    of an article. Another card counts as one link, whatever short ones it has.
    """
    if card.likelihood >= Likelihood.NUMBERED or card.is_listed:
        return False
    if places > 1 and not card.marks and "/" not in urlsplit(card.url).path.strip("/"):
        return True
    for around in above(card.boxes[0]):
        links = [link for link in around.iter("a") if link.get("href")]
        own = sum(holders.get(link) is card for link in links)
        others = {id(other) for link in links if (other := holders.get(link)) is not None and other is not card}
        loose = [link for link in links if holders.get(link) is None]
        if own > MOST_OF_A_CARD:  # its box is all of the menu
            loose = links
        if len(loose) + len(others) >= FEWEST_OF_MENU:
            short = sum(len(words_of(link).split()) <= 2 for link in loose)
            return 2 * short > len(loose) + len(others) + 1
    return False


def menu_share(cards: Sequence[Card], tree: SectionTree, url: str) -> float:
    """Return the share of the boxes like the cards' that lead to this site, but to no article by their looks."""
    boxes = {box for card in cards for box in card.boxes}
    parents = {parent for box in boxes if (parent := box.getparent()) is not None}
    tags = {box.tag for box in boxes}
    others = sum(
        1
        for parent in parents
        for child in parent
        if child not in boxes and child.tag in tags and _leads_within(child, tree, url)
    )
    return others / (others + len(cards))


def _leads_within(box: Element, tree: SectionTree, url: str) -> bool:
    targets = (absolute_url(link.get("href") or "#", tree.base) for link in box.iter("a"))
    return any(target is not None and same_site(target, url) for target in targets)

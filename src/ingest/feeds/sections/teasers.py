"""What a card of a section page says beside its title: teaser and date, wherever its layout puts them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from ...articles.blocks import HEADINGS
from ...text.dates import ReadDate
from ...text.normalized import alike, unaccented
from .article_links import Card
from .dates import SectionCalendar, carries_date, is_changed, states_date, written_date
from .titles import holds_more, is_headed
from .tree import Element, Line, above, lines_of, names_of, words_of
from .words import is_called, leads_on, section_words

SHORTEST_TEASER = 40  # characters of a line that nothing calls a teaser
MOST_LINKED = 0.6  # share of a teaser that links to others; a menu has marks between its links
SHORTEST_CALLED = 15  # characters of one that is called one
MOST_BESIDE_TITLE = 30  # characters in a box that is no more than its title
_LEADING = " -–—:|·•"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a card says beside its title, and how many kinds of evidence it has of being an article's."""

    summary: str | None
    published: ReadDate | None
    is_paid: bool
    marks: int


def tell(card: Card, around: Sequence[Element], calendar: SectionCalendar) -> Told:
    """Read a card, and the elements beside its box that belong to it."""
    parts = [*card.boxes, *around]
    title = {card.owner} if card.owner is not None and not holds_more(card.owner) else set()
    lines = [line for part in parts for line in lines_of(part, title)]
    said = [line for line in lines if not _repeats(line.text, card.title)]
    published = _date(parts, said, calendar)
    summary = _summary(said, card, calendar)
    is_paid = any(alike(line.text) in section_words().paid for line in lines)
    has_picture = any(each.tag in {"img", "picture", "video"} for part in card.boxes for each in part.iter())
    marks = is_headed(card) + (published is not None) + (summary is not None) + has_picture
    return Told(summary=summary, published=published, is_paid=is_paid, marks=marks)


def _repeats(text: str, title: str) -> bool:
    return bool(title) and alike(text) == alike(title)


def _date(parts: Sequence[Element], said: Sequence[Line], calendar: SectionCalendar) -> ReadDate | None:
    """Read the date of a card: that of an element which carries one, else that of a line."""
    carriers = [each for part in parts for each in part.iter() if carries_date(each) and not is_changed(each)]
    for each in sorted(carriers, key=lambda one: not states_date(one)):
        if found := calendar.date_of(each, words_of(each)):
            return found
    for line in said:
        if not any(is_changed(each) for each in list(above(line.owner))[:2]):
            names = names_of(line.owner)
            named = is_called(names, "date") or is_called(names, "about")
            if found := calendar.read_line(line.text, is_named=named):
                return found
    return None


def _summary(said: Sequence[Line], card: Card, calendar: SectionCalendar) -> str | None:
    """Return the teaser: the line that is called one, else the longest that is running text, behind the title if any.

    Of what is called one, a few words may be a kicker, where the card has a paragraph, too.
    """
    left = [line for line in said if not _is_beside_teaser(line, calendar) and not _is_caption(line)]
    found = [line for line in left if len(line.text) >= SHORTEST_TEASER and not _leads_elsewhere(line, card)]
    called = [line for line in left if len(line.text) >= SHORTEST_CALLED and _is_called_teaser(line)]
    if called and (len(called[0].text) >= SHORTEST_TEASER or not found):
        return called[0].text.lstrip(_LEADING)
    behind = [line for line in found if not _is_above_title(line, card)]
    return max(behind or found, key=lambda line: len(line.text)).text.lstrip(_LEADING) if found else None


def _is_caption(line: Line) -> bool:
    """Return whether a line tells of a picture, or whose it is."""
    around = list(above(line.owner))[:3]
    if any(each.tag == "figcaption" or is_called(each.get("class") or "", "caption") for each in around):
        return True
    return section_words().credits.match(unaccented(line.text)) is not None


def _is_above_title(line: Line, card: Card) -> bool:
    """Return whether a line stands before the title of its card, in another element."""
    if card.owner is None or line.owner is card.owner:
        return False
    outer = set(above(card.owner))
    branch = next((each for each in above(line.owner) if each.getparent() in outer), None)
    if branch is None or branch in outer:
        return False
    return any(each in outer for each in branch.itersiblings())


def _leads_elsewhere(line: Line, card: Card) -> bool:
    """Return whether a line is made of links, and these are not its card's own."""
    if any(each in card.links for each in above(line.owner)):
        return False
    own = sum(len(words_of(each)) for each in line.owner.iterdescendants() if each in card.links)
    others, left = line.linked - own, len(line.text) - own
    return others > 0 and others >= MOST_LINKED * left


def _is_called_teaser(line: Line) -> bool:
    return any(is_called(each.get("class") or "", "teaser") for each in list(above(line.owner))[:2])


def _is_beside_teaser(line: Line, calendar: SectionCalendar) -> bool:
    if alike(line.text) in section_words().paid or leads_on(line.text) or line.owner.tag in HEADINGS:
        return True
    if len(line.text) < 110 and calendar.read_line(line.text):
        return True
    names = [each.get("class") or "" for each in list(above(line.owner))[:2]]
    return any(is_called(name, kind) for name in names for kind in ("byline", "kicker", "date")) and not any(
        is_called(name, "teaser") for name in names
    )


def surroundings(cards: Sequence[Card]) -> dict[Card, list[Element]]:
    """Return, for each card whose box is no more than its title, the elements beside it that belong to it.

    A list without boxes is a row of titles, dates and teasers: what follows a title is its own, but for the date before
    the next one, where the row begins with a date.
    """
    rows: dict[Element, list[Card]] = {}
    for card in cards:
        parent = _title_box(card).getparent()
        if parent is not None:
            rows.setdefault(parent, []).append(card)
    linked = {each for card in cards for link in card.links for each in above(link)}
    found: dict[Card, list[Element]] = {}
    for parent, row in rows.items():
        if not all(_is_title_alone(card) for card in row):
            continue
        if len(row) > 1:
            found.update(_of_row(parent, row, linked))
        elif any(child in linked for child in parent if child not in row[0].boxes):
            found[row[0]] = _beside(parent, row[0], linked)
    return found


def _beside(parent: Element, card: Card, linked: set[Element]) -> list[Element]:
    """Return what stands around a title up to the next links, as in a card that also leads to related articles."""
    children = list(parent)
    own = [place for place, child in enumerate(children) if child in card.boxes]
    first, last = own[0], own[-1]
    ahead = list(takewhile(lambda each: each not in linked and not _is_break(each), reversed(children[:first])))
    return [*reversed(ahead), *takewhile(lambda each: each not in linked and not _is_break(each), children[last + 1 :])]


def _title_box(card: Card) -> Element:
    """Return the box that holds a card's title."""
    around = set(above(card.owner)) if card.owner is not None else set()
    return next((box for box in card.boxes if box in around), card.boxes[0])


def _is_title_alone(card: Card) -> bool:
    return len(words_of(_title_box(card))) <= len(card.title) + MOST_BESIDE_TITLE


def _of_row(parent: Element, row: Sequence[Card], linked: set[Element]) -> dict[Card, list[Element]]:
    owners = {box: card for card in row for box in card.boxes}
    gaps: list[tuple[Card | None, list[Element]]] = [(None, [])]  # a card, and what follows it
    for child in parent:
        if child in owners:
            if owners[child] is not gaps[-1][0]:
                gaps.append((owners[child], []))
        elif child in linked:
            gaps.append((None, []))
        else:
            gaps[-1][1].append(child)
    if _title_box(row[0]).tag == "dd":
        return {}  # what a term says of several is read as the heading of them
    ahead = [gap[-1] if gap and _is_dated(gap[-1]) else None for _, gap in gaps[:-1]]
    is_led = len(ahead) == len(row) and all(each is not None for each in ahead) and not _ends_with_date(gaps[-1][1])
    if is_led:
        return {
            card: [date, *_until_break(gap if place == len(row) else gap[:-1])]
            for place, ((card, gap), date) in enumerate(zip(gaps[1:], ahead, strict=True), 1)
            if card is not None and date is not None
        }
    return {card: _until_break(gap) for card, gap in gaps if card is not None}


def _is_dated(element: Element) -> bool:
    return element.tag not in HEADINGS and written_date(words_of(element)) is not None


def _ends_with_date(gap: Sequence[Element]) -> bool:
    return any(map(_is_dated, gap[-1:]))


def _until_break(gap: Sequence[Element]) -> list[Element]:
    return list(takewhile(lambda element: not _is_break(element), gap))


def _is_break(element: Element) -> bool:
    return element.tag == "hr" or element.tag in HEADINGS

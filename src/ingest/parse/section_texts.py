"""What a card of a section page says of its article: title, teaser and date, wherever its layout puts them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import takewhile

from .blocks import HEADINGS
from .dates import ReadDate
from .section_cards import Card
from .section_dates import SectionCalendar, carries_date, is_changed, states_date, written_date
from .section_tree import Element, Line, above, lines_of, names_of, words_of
from .section_words import is_called, leads_on, section_words
from .text import alike, squash

SHORTEST_TEASER = 40  # characters of a line that nothing calls a teaser
SHORTEST_CALLED = 15  # characters of one that is called one
LONGEST_TITLE = 300  # characters
LONG_TITLE = 25  # characters of a link that is a title, whatever heading is beside it
MOST_BESIDE_TITLE = 30  # characters in a box that is no more than its title
_CUT = ("…", "...")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a card says; `parts` are the elements it was read from."""

    title: str
    summary: str | None
    published: ReadDate | None
    is_paid: bool
    marks: int


def tell(card: Card, around: Sequence[Element], calendar: SectionCalendar) -> Told:
    """Read a card, and the elements beside its box that belong to it."""
    title, owner = title_of(card)
    parts = [*card.boxes, *around]
    lines = [line for part in parts for line in lines_of(part)]
    said = [line for line in lines if not _is_of(line.owner, owner) and not _repeats(line.text, title)]
    published = _date(parts, said, calendar)
    summary = _summary(said, calendar)
    is_paid = any(alike(line.text) in section_words().paid for line in lines)
    has_heading = owner is not None and any(each.tag in HEADINGS for each in _near(owner))
    has_picture = any(part.find(".//img") is not None or part.find(".//picture") is not None for part in card.boxes)
    marks = has_heading + (published is not None) + (summary is not None) + has_picture
    return Told(title=title, summary=summary, published=published, is_paid=is_paid, marks=marks)


def title_of(card: Card) -> tuple[str, Element | None]:
    """Return a card's title and the element that holds it: a linked heading, what is called a title, the link."""
    links = set(card.links)
    inside = [each for box in card.boxes for each in box.iter()]
    headings = [each for each in inside if each.tag in HEADINGS]
    called = [each for each in inside if is_called(each.get("class") or "", "title")]
    called.sort(key=lambda one: -len(list(above(one))))
    for element in (*headings, *called):
        text = _title_text(element) if _is_linked(element, links) else ""
        if text and (element.tag in HEADINGS or len(text) <= LONGEST_TITLE):
            return _whole(text, card), element
    spoken = [(text, link) for link in card.links if (text := _link_text(link))]
    unlinked = [(text, each) for each in headings if (text := _title_text(each))]
    best = max(spoken, key=lambda one: len(one[0]), default=None)
    if best and (not unlinked or len(best[0]) >= min(LONG_TITLE, len(unlinked[0][0]))):
        return _whole(best[0], card), best[1]
    unlinked += [(text[:LONGEST_TITLE], each) for each in called if (text := _title_text(each))]
    return unlinked[0] if unlinked else (_described(card), None)


def _described(card: Card) -> str:
    """Return what is said of a card's links or pictures to whoever can't see them."""
    for link in card.links:
        pictured = (image.get("alt") or "" for image in link.iter("img"))
        for text in map(squash, (link.get("aria-label") or "", link.get("title") or "", *pictured)):
            if not leads_on(text):
                return text
    return ""


def _whole(text: str, card: Card) -> str:
    """Return a title whole, where the page cuts it and its link carries all of it."""
    bare = text.rstrip(".… ")
    if not text.endswith(_CUT):
        return text
    stated = (squash(link.get(name) or "") for link in card.links for name in ("title", "aria-label"))
    return next((one for one in stated if len(one) > len(bare) and one.startswith(bare)), text)


def _title_text(element: Element) -> str:
    text = words_of(element, _beside_title(element))
    return "" if leads_on(text) else text


def _beside_title(element: Element) -> set[Element]:
    """Return what of an element that holds a title is none: the name of a section, a date, who wrote it."""
    return {
        each
        for each in element.iterdescendants()
        if each.tag == "time"
        or (
            each.tag in {"span", "small", "em", "i", "div", "p", "sup", "label", "strong", "b"}
            and each.get("class")
            and any(is_called(each.get("class") or "", kind) for kind in ("kicker", "byline", "date", "teaser"))
            and not is_called(each.get("class") or "", "title")
        )
    }


def _link_text(link: Element) -> str:
    """Return the title in a link: of one around a whole card, the line that reads like one."""
    lines = [line for line in lines_of(link) if not leads_on(line.text)]
    if len(lines) < 2:
        return _title_text(link)
    beside = _beside_title(link)
    left = [line for line in lines if not any(each in beside for each in above(line.owner))]
    strong = [line for line in left if line.owner.tag in {"strong", "b"}]
    for line in strong or left:
        if len(line.text.split()) > 2 and not _is_date_line(line):
            return line.text
    return ""


def _is_date_line(line: Line) -> bool:
    return written_date(line.text) is not None


def _within(box: Element) -> list[Element]:
    return list(box.iter())


def _near(owner: Element) -> list[Element]:
    near = [owner, *owner.iterdescendants()]
    for around in above(owner):
        near.append(around)
        if around.tag in HEADINGS or around.tag not in {"a", "span", "strong", "b"}:
            break
    return near


def _is_linked(element: Element, links: Collection[Element]) -> bool:
    return any(each in links for each in element.iter()) or any(each in links for each in above(element))


def _is_of(element: Element, owner: Element | None) -> bool:
    return owner is not None and any(each is owner for each in above(element)) and not _is_link_with_more(owner)


def _is_link_with_more(owner: Element) -> bool:
    """Return whether a title's element is a link around a whole card, whose other lines are no title."""
    return owner.tag == "a" and len(lines_of(owner)) > 1


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
            named = is_called(names_of(line.owner), "date") or is_called(names_of(line.owner), "byline")
            if found := calendar.read_line(line.text, is_named=named):
                return found
    return None


def _summary(said: Sequence[Line], calendar: SectionCalendar) -> str | None:
    """Return the teaser: the line that is called one, else the longest that is running text."""
    left = [line for line in said if not _is_beside_teaser(line, calendar)]
    called = [line for line in left if _is_called_teaser(line)]
    for line in called:
        if len(line.text) >= SHORTEST_CALLED:
            return line.text
    long = [line for line in left if len(line.text) >= SHORTEST_TEASER and line.linked < 0.8 * len(line.text)]
    linked = [line for line in left if len(line.text) >= SHORTEST_TEASER and line not in long and line.owner.tag == "p"]
    found = long or linked
    return max(found, key=lambda line: len(line.text)).text if found else None


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

    A list without boxes is a row of titles, dates and teasers: what follows a title is its own, unless the row begins
    with something else.
    """
    rows: dict[Element, list[Card]] = {}
    for card in cards:
        parent = card.boxes[0].getparent()
        if parent is not None:
            rows.setdefault(parent, []).append(card)
    linked = {each for card in cards for link in card.links for each in above(link)}
    found: dict[Card, list[Element]] = {}
    for parent, row in rows.items():
        if len(row) > 1 and all(_is_title_alone(card) for card in row):
            found.update(_of_row(parent, row, linked))
    return found


def _is_title_alone(card: Card) -> bool:
    return len(words_of(card.boxes[0])) <= len(title_of(card)[0]) + MOST_BESIDE_TITLE


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
    before = gaps[0][1]
    leads = row[0].boxes[0].tag == "dd" or (_says_something(before[-2:]) and not _says_something(gaps[-1][1][:2]))
    if leads:
        return {
            card: _after_break(gap) for (card, _), (_, gap) in zip(gaps[1:], gaps, strict=False) if card is not None
        }
    return {card: _until_break(gap) for card, gap in gaps if card is not None}


def _until_break(gap: Sequence[Element]) -> list[Element]:
    return list(takewhile(lambda element: not _is_break(element), gap))


def _after_break(gap: Sequence[Element]) -> list[Element]:
    return _until_break(list(reversed(gap)))[::-1]


def _is_break(element: Element) -> bool:
    return element.tag == "hr" or element.tag in HEADINGS


def _says_something(elements: Sequence[Element]) -> bool:
    return any(words_of(element) and element.tag not in HEADINGS for element in elements)

"""The titles of a section page's cards: headings, what is called a title, links, and what is said to the blind."""

from collections.abc import Collection, Sequence
from itertools import takewhile

from ...articles.blocks import HEADINGS
from ...text.normalized import squash
from .article_links import Card
from .dates import written_date
from .tree import Element, Line, above, lines_of, words_of
from .words import is_called, leads_on

LONGEST_TITLE = 300  # characters
LONG_TITLE = 25  # characters of a link that is a title, whatever heading is beside it
_CUT = ("…", "...")
_WRAPS = frozenset({"a", "span", "strong", "b", "em", "font"})


def title_cards(cards: Sequence[Card]) -> None:
    """Return each card its title, and the element that holds it."""
    for card in cards:
        card.title, card.owner = title_of(card)
    _retitle(cards)


def is_headed(card: Card) -> bool:
    """Return whether a card's title is a heading."""
    if card.owner is None:
        return False
    around = takewhile(lambda each: each.tag in _WRAPS or each.tag in HEADINGS, above(card.owner))
    return any(each.tag in HEADINGS for each in (*around, *card.owner.iterdescendants()))


def holds_more(owner: Element) -> bool:
    """Return whether the element that holds a title is a link around a whole card, whose other lines are no title."""
    return owner.tag == "a" and len(lines_of(owner)) > 1


def title_of(card: Card) -> tuple[str, Element | None]:
    """Return a card's title and the element that holds it: a linked heading, what is called a title, the link."""
    links = set(card.links)
    inside = [each for box in card.boxes for each in box.iter()]
    headings = [each for each in inside if each.tag in HEADINGS]
    called = [each for each in inside if is_called(each.get("class") or "", "title")]
    called.sort(key=lambda one: -len(list(above(one))))
    for element in (*headings, *called):
        text = _title_text(element, links) if _is_linked(element, links) else ""
        if text and (element.tag in HEADINGS or len(text) <= LONGEST_TITLE):
            return _whole(text, card), element
    spoken = [(text, link) for link in card.links if "#" not in (link.get("href") or "") and (text := _link_text(link))]
    unlinked = [(text, each) for each in headings if (text := _title_text(each, links))]
    best = next((one for one in spoken if len(one[0].split()) > 2), max(spoken, key=_length, default=None))
    if best and (not unlinked or len(best[0]) >= min(LONG_TITLE, len(unlinked[0][0]))):
        return _whole(best[0], card), best[1]
    unlinked += [(text[:LONGEST_TITLE], each) for each in called if (text := _title_text(each, links))]
    return unlinked[0] if unlinked else (_described(card), None)


def _length(spoken: tuple[str, Element]) -> int:
    return len(spoken[0])


def _retitle(cards: Sequence[Card]) -> None:
    """Choose the titles of links around whole cards, whose lines nothing tells apart, by what differs in all cards.

    The name of a section is in many of them, and a teaser stands behind the title.
    """
    rows = [
        (card, [line for line in lines_of(card.owner) if not _is_date_line(line)])
        for card in cards
        if card.owner is not None and holds_more(card.owner) and not is_headed(card)
    ]
    said: dict[str, list[str]] = {}
    for card, lines in rows:
        for line in lines:
            said.setdefault(_style(line, card), []).append(line.text)
    titles = [
        style
        for style, texts in said.items()
        if len(texts) > 2
        and 2 * len(texts) > len(rows)
        and len(set(texts)) >= 0.8 * len(texts)
        and sum(len(text.split()) for text in texts) >= 3 * len(texts)
    ]
    for card, lines in rows:
        card.title = next((line.text for line in lines if titles and _style(line, card) == titles[0]), card.title)


def _style(line: Line, card: Card) -> str:
    around = takewhile(lambda each: each is not card.owner, above(line.owner))
    return ">".join(f"{each.tag}.{each.get('class') or _position(each)}" for each in around)


def _position(element: Element) -> int:
    return sum(1 for _ in element.itersiblings(preceding=True))


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


def _title_text(element: Element, links: Collection[Element]) -> str:
    """Return the title in an element: where it holds links of its card, what these say."""
    held = [each for each in element.iter("a") if each in links]
    texts = [words_of(each, _beside_title(each)) for each in held or [element]]
    return next((text for text in texts if not leads_on(text)), "")


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
        return _title_text(link, (link,))
    beside = _beside_title(link)
    left = [line for line in lines if not any(each in beside for each in above(line.owner))]
    strong = [line for line in left if line.owner.tag in {"strong", "b"}]
    for line in strong or left:
        if len(line.text.split()) > 2 and not _is_date_line(line):
            return line.text
    return ""


def _is_date_line(line: Line) -> bool:
    return written_date(line.text) is not None


def _is_linked(element: Element, links: Collection[Element]) -> bool:
    return any(each in links for each in element.iter()) or any(each in links for each in above(element))

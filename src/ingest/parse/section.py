"""Section pages read as feeds: an HTML page that lists articles, its list told from what stands around it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from ..errors import NoArticleList, NotAnArticle, TooMuchMarkup
from ..model import Article, Feed, Page, Source
from .dates import ReadDate
from .listing import Listing, read_listings
from .page import read_page
from .section_cards import Card, find_cards
from .section_dates import SectionCalendar
from .section_items import Item, stated_items, states_one_article
from .section_pages import NO_OLDER, OlderPages, read_older
from .section_places import Places, main_list
from .section_texts import Told, surroundings, tell
from .section_tree import Element, SectionTree, words_of
from .section_words import says_empty
from .story_addresses import Likeness, likeness
from .urls import article_identity, normalise_url

SECTION = "section"  # the format of a feed that was read from a section page
FEWEST = 3  # articles of a list that nothing but its structure tells of
FEWEST_CERTAIN = 2  # of one whose articles' addresses, titles and dates or teasers tell
FEWEST_TITLE_WORDS = 5  # of an article whose address alone does not tell
LONG_STORY = 600  # characters of prose beside the list, with which a page is an article of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPage:
    """A page read as a list of articles; without entries, `reason` tells why it is none."""

    listings: tuple[Listing, ...] = ()
    published: tuple[datetime | None, ...] = ()  # of each of them
    reason: str | None = None
    older: OlderPages = NO_OLDER


def read_section_feed(page: Page, *, source: Source) -> Feed:
    """Read a section page as a feed; raises NoArticleList where it lists no article."""
    read = read_section(page, source)
    if read.reason is not None:
        raise NoArticleList(f"{page.final_url} lists no article: {read.reason}", about=page.final_url)
    entries, rejected = read_listings(read.listings, source)
    by_url = dict(zip((one.url for one in read.listings), read.published, strict=True))
    dated = tuple(replace(entry, published_at=by_url.get(entry.url)) for entry in entries)
    return Feed(title=None, site_url=None, language=None, format=SECTION, entries=dated, rejected=rejected)


def read_section(page: Page, source: Source) -> SectionPage:
    """Read the list of articles that a page shows; what is no list gives none, and a reason."""
    url = page.final_url
    try:
        tree = SectionTree(page.body, url=url, content_type=page.header("content-type"))
    except TooMuchMarkup:
        return SectionPage(reason="too_much_markup")
    reading = _Reading(tree, url, source)
    refused = reading.refusal() or _refusal(page, source, reading)
    if refused:
        return SectionPage(reason=refused)
    listings, published = reading.listings()
    return SectionPage(listings=listings, published=published, older=read_older(tree, url))


class _Reading:
    """One page being read as a list."""

    def __init__(self, tree: SectionTree, url: str, source: Source) -> None:
        self.tree, self.url, self.source = tree, url, source
        self.calendar = SectionCalendar(tree, url, source)
        self.items = self._items()
        self.found = find_cards(tree, url, source, self.items)
        self.places = Places(tree, self.found)
        self.kept = [card for card in self.found if not self.places.is_beside(card)]
        self.told: dict[Card, Told] = {}
        self.days: dict[Card, ReadDate] = {}  # those that head a card's part of the list
        self._tell(self.kept)
        self.cards = self._chosen()

    def _items(self) -> dict[str, Item]:
        listed: dict[str, Item] = {}
        for item in stated_items(self.tree.json_ld, self.tree.base):
            if likeness(item.url, self.url, self.source) > Likeness.NEVER:
                listed.setdefault(article_identity(item.url, self.source), item)
        return listed

    def _tell(self, cards: list[Card]) -> None:
        self.around = surroundings(cards)
        self.calendar.learn(words_of(each) for card in cards for box in (*card.boxes, *self.around.get(card, ()))
                            for each in box.iter() if len(each) == 0)  # fmt: skip
        for card in cards:
            self.told[card] = tell(card, self.around.get(card, ()), self.calendar)
            if self.told[card].published is None and (day := self.places.day_above(card, self.calendar)):
                self.days[card] = day
            card.marks = self.told[card].marks + (card in self.days)

    def _chosen(self) -> list[Card]:
        titled = [card for card in self.kept if self.told[card].title and not self.told[card].is_paid]
        chosen = main_list(titled)
        once: dict[str, Card] = {}
        for card in chosen:
            before = once.get(card.key)
            if before is None:
                once[card.key] = card
        return list(once.values())

    def refusal(self) -> str | None:
        """Return why the page is no list, by what it shows."""
        if self._says_empty():
            return "empty_list"
        if len(self.items) >= FEWEST_CERTAIN:
            return None
        if not self.cards:
            return "no_article_links"
        if self.source.article_id_pattern is not None:
            return None
        certain = sum(self._is_certain(card) for card in self.cards)
        marked = sum(card.marks >= 2 for card in self.cards)
        if len(self.cards) >= FEWEST and (2 * certain >= len(self.cards) or 2 * marked >= len(self.cards)):
            return None
        if len(self.cards) >= FEWEST_CERTAIN and certain == len(self.cards) and marked:
            return None
        return "no_repeated_links"

    def _is_certain(self, card: Card) -> bool:
        """Return whether an address is an article's, by itself or by a title of many words."""
        if card.likeness == Likeness.CERTAIN:
            return True
        return card.likeness == Likeness.LIKELY and len(self.told[card].title.split()) >= FEWEST_TITLE_WORDS

    def _says_empty(self) -> bool:
        """Return whether the page says that its list is empty, elsewhere than in a card or beside the list."""
        inside = {each for card in self.found for box in card.boxes for each in box.iter()}
        return any(
            says_empty(element.text or "")
            and element not in inside
            and not self.tree.is_hidden(element)
            and not self.places.stands_beside(element)
            for element in self.tree.body.iter()
        )

    def listings(self) -> tuple[tuple[Listing, ...], tuple[datetime | None, ...]]:
        """Return the articles in the page's order, those that its metadata alone lists last."""
        found = [self._of_card(card) for card in self.cards]
        shown = {card.key for card in self.cards}
        found += [self._of_item(item) for key, item in self.items.items() if key not in shown and item.title]
        return tuple(listing for listing, _ in found), tuple(at for _, at in found)

    def _of_card(self, card: Card) -> tuple[Listing, datetime | None]:
        told, item = self.told[card], self.items.get(card.key)
        date = told.published or self.days.get(card)
        if date is None and item is not None and item.published:
            date = self.calendar.read(item.published)
        summary = told.summary or (item.summary if item else None)
        listing = Listing(
            guid=None, url=card.url, title=told.title, summary=summary, published=date.raw if date else None
        )
        return listing, date.moment if date else None

    def _of_item(self, item: Item) -> tuple[Listing, datetime | None]:
        date = self.calendar.read(item.published) if item.published else None
        listing = Listing(
            guid=None,
            url=normalise_url(item.url),
            title=item.title or "",
            summary=item.summary,
            published=item.published,
        )
        return listing, date.moment if date else None

    def prose(self) -> int:
        """Return the characters of running text that stand outside the list's cards and beside no link."""
        inside: set[Element] = {each for card in self.found for box in card.boxes for each in box.iter()}
        inside |= {each for parts in self.around.values() for part in parts for each in part.iter()}
        total = 0
        for element in self.tree.elements:
            if element.tag == "p" and element not in inside and not self.places.stands_beside(element):
                text = words_of(element)
                linked = sum(len(words_of(link)) for link in element.iter("a"))
                total += len(text) if len(text) >= 80 and linked < len(text) / 3 else 0
        return total


def _refusal(page: Page, source: Source, reading: _Reading) -> str | None:
    """Return why the page is no list, by what it is instead: an article, an error, a door, a form."""
    if _is_article(page, source, reading):
        return "article"
    try:
        story: Article | None = read_page(page, source, None)
    except NotAnArticle as error:
        story = None
        if error.reason not in {"not_an_article", "unsupported", "title_mismatch"}:
            return error.reason
    if story is not None and len(reading.items) < FEWEST and reading.prose() >= LONG_STORY:
        return "article"
    return None


def _is_article(page: Page, source: Source, reading: _Reading) -> bool:
    if source.article_id_pattern is not None and re.search(source.article_id_pattern, page.final_url):
        return True
    stated = reading.tree.root.xpath("//meta[@property='article:published_time']/@content")
    return bool(stated) or states_one_article(reading.tree.json_ld)

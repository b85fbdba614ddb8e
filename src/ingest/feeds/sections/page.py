"""Section pages read as feeds: an HTML page that lists articles, its list told from what stands around it."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from ...articles.error_pages import Shown, stands_in
from ...articles.forms import is_media_address
from ...core.article_identity import article_identity
from ...core.errors import ErrorPage, MissingPage, NoArticleList, NotAnArticle, TooMuchMarkup
from ...core.ids import content_key
from ...core.model import Feed, Page, Source
from ...core.urls import normalise_url
from ...text.dates import ReadDate
from ...text.language_tags import language_code
from ...text.normalized import squash
from ..article_urls import Likelihood, likelihood
from ..entries import Listing, read_listings
from .article_links import Card, find_cards, is_ambiguous
from .dates import SectionCalendar
from .json_lists import Item, stated_items, states_one_article
from .main_list import Places, is_of_menu, links_of_cards, main_list, menu_share
from .pagination import NO_OLDER, OlderPages, read_older
from .teasers import Told, surroundings, tell
from .titles import title_cards
from .tree import Line, SectionTree, lines_of, words_of
from .words import says_empty

SECTION = "section"  # the format of a feed that was read from a section page
AMBIGUOUS = "ambiguous_pattern"  # the source's pattern tells no article from another
FEWEST = 3  # articles of a list that nothing but its structure tells of
FEWEST_CERTAIN = 2  # of one whose articles' addresses, titles and dates or teasers tell
FEWEST_TITLE_WORDS = 5  # of an article whose address alone does not tell
LONG_STORY = 600  # characters of prose beside the list, with which a page may be an article of its own …
MANY_PARAGRAPHS = 4  # … if that is so many paragraphs, or more than all that the cards say
MOST_OF_A_MENU = 0.3  # share of boxes like the cards that lead to what is no article
MOST_MEDIA = 0.8  # share of the cards that lead to films, recordings or galleries
LONG_PARAGRAPH = 80  # characters
_PLAY = ("▶", "►", "⏵", "🔊", "🎧", "📻")
_PARTS = re.compile(r"\s+[-–—|:·•»/]+\s+|\s*\|\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPage:
    """A page read as a list of articles; without entries, `reason` tells why it is none."""

    listings: tuple[Listing, ...] = ()
    published: tuple[datetime | None, ...] = ()  # of each of them
    reason: str | None = None
    older: OlderPages = NO_OLDER
    language: str | None = None  # as the page says


def read_section_feed(page: Page, *, source: Source) -> Feed:
    """Read a section page as a feed; raises NoArticleList where it lists no article."""
    return as_feed(read_section(page, source), page, source)


def as_feed(read: SectionPage, page: Page, source: Source) -> Feed:
    """Return what a section page lists as a feed; raises NoArticleList where that is nothing."""
    if read.reason == AMBIGUOUS:
        pattern = source.article_id_pattern
        raise NoArticleList(
            f"{page.final_url}: article_id_pattern {pattern!r} has the same first group in most of its articles'"
            " addresses, which would make them one article; put the part that differs into the group",
            about=page.final_url,
        )
    if read.reason is not None:
        raise NoArticleList(f"{page.final_url} lists no article: {read.reason}", about=page.final_url)
    entries, rejected = read_listings(read.listings, source)
    by_url = dict(zip((one.url for one in read.listings), read.published, strict=True))
    # Titles and teasers differ from page to page: what is listed anew is told by its address alone.
    entries = tuple(
        replace(entry, published_at=by_url.get(entry.url), listing_hash=content_key(entry.url or ""))
        for entry in entries
    )
    return Feed(title=None, site_url=None, language=read.language, format=SECTION, entries=entries, rejected=rejected)


def read_section(page: Page, source: Source) -> SectionPage:
    """Read the list of articles that a page shows; what is no list gives none, and a reason."""
    url = page.final_url
    try:
        tree = SectionTree(page.body, url=url, content_type=page.header("content-type"))
    except TooMuchMarkup:
        return SectionPage(reason="too_much_markup")
    reading = _Reading(tree, url, source)
    refused = reading.refusal()
    if refused:
        return SectionPage(reason=refused)
    listings, published = reading.listings()
    language = language_code(tree.root.get("lang") or tree.root.get("xml:lang"))
    return SectionPage(listings=listings, published=published, older=read_older(tree, url), language=language)


class _Reading:
    """One page being read as a list."""

    def __init__(self, tree: SectionTree, url: str, source: Source) -> None:
        self.tree, self.url, self.source = tree, url, source
        self.calendar = SectionCalendar(tree, url, source)
        self.items = self._items()
        self.found = find_cards(tree, url, source, self.items)
        title_cards(self.found)
        self.places = Places(tree, url, self.found)
        self.kept = [card for card in self.found if not self.places.is_beside(card)]
        self.told: dict[Card, Told] = {}
        self.days: dict[Card, ReadDate] = {}  # those that head a card's part of the list
        self._tell(self.kept)
        self.cards = self._chosen()
        self.outside = self._outside()

    def _items(self) -> dict[str, Item]:
        listed: dict[str, Item] = {}
        for item in stated_items(self.tree.nodes, self.tree.base):
            if likelihood(item.url, self.url, self.source) > Likelihood.NEVER:
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
        titled = [card for card in self.kept if card.title and not self.told[card].is_paid and not _is_player(card)]
        places = Counter(card.key for card in titled if not card.marks)
        holders = links_of_cards(titled)
        chosen = main_list(
            [card for card in titled if self._says_more(card) or not is_of_menu(card, places[card.key], holders)]
        )
        once: dict[str, Card] = {}
        for card in chosen:
            if first := once.get(card.key):
                self._add(first, card)
            else:
                once[card.key] = card
        return list(once.values())

    def _says_more(self, card: Card) -> bool:
        return self.told[card].summary is not None or self._date_of(card) is not None

    def _outside(self) -> list[Line]:
        """Return the lines that stand in no card, and not beside the list."""
        cards = {box for card in self.found for box in card.boxes}
        rows = {each for parts in self.around.values() for each in parts}
        beside = {each for each in self.tree.body.iterdescendants() if self.places.is_box_beside(each)}
        return lines_of(self.tree.body, cards | rows | beside)

    def _add(self, first: Card, again: Card) -> None:
        """Add to a card what another one of the same article says beside it."""
        known, more = self.told[first], self.told[again]
        self.told[first] = replace(
            known, summary=known.summary or more.summary, published=known.published or more.published
        )

    def refusal(self) -> str | None:
        """Return why the page is no list, by what it shows."""
        if is_ambiguous(self.tree, self.url, self.source):
            return AMBIGUOUS
        if any(says_empty(line.text) for line in self.outside):
            return "empty_list"
        if self.cards and self.is_article():
            return "article"
        if instead := self.instead():
            return instead
        if len(self.items) >= FEWEST_CERTAIN:
            return None
        if not self.cards:
            return "no_article_links"
        return None if self.source.article_id_pattern is not None else self._doubt()

    def _doubt(self) -> str | None:
        """Return why cards are no articles, where no pattern of the source's tells."""
        cards = self.cards
        if sum(is_media_address(card.url) for card in cards) > MOST_MEDIA * len(cards):
            return "media"
        sure = sum(card.likelihood == Likelihood.NUMBERED or self._date_of(card) is not None for card in cards)
        if 2 * sure < len(cards) and menu_share(cards, self.tree, self.url) > MOST_OF_A_MENU:
            return "menu"
        certain = sum(self._is_certain(card) for card in cards)
        marked = sum(card.marks >= 2 for card in cards)
        if len(cards) >= FEWEST and 2 * max(certain, marked) >= len(cards):
            return None
        if len(cards) >= FEWEST_CERTAIN and certain == len(cards) and marked:
            return None
        return "no_repeated_links"

    def _date_of(self, card: Card) -> ReadDate | None:
        return self.told[card].published or self.days.get(card)

    def _is_certain(self, card: Card) -> bool:
        """Return whether an address is an article's, by itself or by a title of many words."""
        if card.likelihood >= Likelihood.CERTAIN:
            return True
        return card.likelihood == Likelihood.LIKELY and len(card.title.split()) >= FEWEST_TITLE_WORDS

    def listings(self) -> tuple[tuple[Listing, ...], tuple[datetime | None, ...]]:
        """Return the articles in the page's order, those that its metadata alone lists last."""
        found = [self._of_card(card) for card in self.cards]
        shown = {card.key for card in self.cards}
        found += [self._of_item(item) for key, item in self.items.items() if key not in shown and item.title]
        return tuple(listing for listing, _ in found), tuple(at for _, at in found)

    def _of_card(self, card: Card) -> tuple[Listing, datetime | None]:
        told, item = self.told[card], self.items.get(card.key)
        date = self._date_of(card)
        if date is None and item is not None and item.published:
            date = self.calendar.read(item.published)
        summary = told.summary or (item.summary if item else None)
        listing = Listing(
            guid=None, url=card.url, title=card.title, summary=summary, published=date.raw if date else None
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

    def is_article(self) -> bool:
        """Return whether the page is an article of its own: it says so, or it has more prose than a list's foreword."""
        pattern, stated = self.source.article_id_pattern, "//meta[@property='article:published_time']/@content"
        if pattern is not None and re.search(pattern, self.url):
            return True
        if len(self.items) >= FEWEST:
            return False
        if self.tree.root.xpath(stated) or states_one_article(self.tree.nodes):
            return True
        prose = [
            line.text for line in self.outside if len(line.text) >= LONG_PARAGRAPH and 3 * line.linked < len(line.text)
        ]
        size = sum(map(len, prose))
        shown = sum(len(words_of(box)) for card in self.cards for box in card.boxes)
        return size >= LONG_STORY and size > (shown / 2 if len(prose) >= MANY_PARAGRAPHS else shown)

    def instead(self) -> str | None:
        """Return what the page is instead of a list, by what it calls itself: an error, a door, a form."""
        title = next(iter(self.tree.root.xpath("//title/text()")), "")
        headlines = [words_of(headline) for headline in self.tree.root.iter("h1")]
        for name in (*headlines, title, *_PARTS.split(squash(title))):
            kind = stands_in(Shown(title=squash(name))) if name else None
            if kind is not None and kind is not NotAnArticle:
                return kind.reason
        told = "\n".join(line.text for line in self.outside if 2 * line.linked < len(line.text))
        kind = stands_in(Shown(title="", story=told)) if told else None
        return kind.reason if kind in {MissingPage, ErrorPage} else None


def _is_player(card: Card) -> bool:
    """Return whether a link, alone on its line, starts a broadcast."""
    return card.marks == 0 and card.title.startswith(_PLAY)

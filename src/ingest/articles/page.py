"""An article's page: the body without boilerplate, and what the page says of title, people, dates and language."""

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from ..core.article_identity import article_identity
from ..core.errors import ConsentAsked, MissingPage, NotAnArticle, TitleMismatch, TooMuchMarkup, Unsupported
from ..core.model import Article, Entry, Media, Page, Paragraph, Source
from ..text.charset import decode_page, is_binary
from ..text.date_context import Calendar
from ..text.language import detect_language
from ..text.normalized import plain, squash
from .about import only_about, tell_alike
from .blocks import Block, read_blocks
from .body import Body, find_body
from .boilerplate import Boilerplate, stands_in_for_content
from .canonical import believed_canonical, leads_to_front, linked_canonical
from .dating import Dating
from .error_pages import LONG_ENOUGH, Shown, asks_consent, is_named, is_walled, stands_in, without_walls
from .evidence import Candidate, weighed
from .forms import captions_of, is_list, is_live_blog, is_mostly_audio, is_mostly_pictures, is_mostly_video
from .garbage_collection import collected_afterwards
from .jsonld import first_text, texts
from .links import read_links, read_sources
from .markup import read_markup
from .media import read_media
from .metadata import Metadata, read_metadata
from .paragraphs import paragraphs_of, paragraphs_of_html, paragraphs_of_text
from .people import DESK, OUTLET, read_authors
from .published import disbelieved, guess_published, read_listed, read_modified, read_published, unreadable
from .signs import is_bare, shares_no_word
from .titles import LONGEST_TITLE, Title, read_title

_A_FEED = re.compile(r"\s*(?:<\?xml[^>]{0,500}\?>\s*)?<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)

SHORTEST_STORY = 30  # characters of body, under which a page holds none
MOST_TAGS = 40
SHORTER_THAN_TOLD = 0.4  # of the text that metadata carries: the page does not show its article


def read_page(page: Page, source: Source, entry: Entry | None) -> Article:
    """Read the article a page holds; the feed's entry fills what the page leaves out.

    Raises NotAnArticle when there is no article, or none that can be read: TooMuchMarkup is one. Whatever the bytes,
    nothing else is raised.
    """
    with collected_afterwards():
        return _opened(page, source, entry).article()


def explain_page(page: Page, source: Source, entry: Entry | None) -> tuple[Article, tuple[Candidate, ...]]:
    """Read a page, and give with its article every title, author and date that was weighed, those believed first.

    Raises NotAnArticle when there is no article.
    """
    reading = _opened(page, source, entry)
    article = reading.article()
    return article, reading.candidates(article)


def _opened(page: Page, source: Source, entry: Entry | None) -> "_Reading":
    text = "" if is_binary(page.body) else decode_page(page.body, page.header("content-type"))
    text = "" if _A_FEED.match(text) else text
    try:
        markup = read_markup(text)
    except TooMuchMarkup as error:
        raise TooMuchMarkup(f"{page.final_url}: {error}", about=page.final_url) from error
    metadata = only_about(read_metadata(markup), page.final_url, source, entry.title if entry else "")
    blocks = read_blocks(markup.soup, Boilerplate(markup.soup, source.exclude_selectors))
    title = read_title(metadata, blocks, urlsplit(page.final_url).hostname or "")
    body = find_body(markup.soup, blocks, headline=title.place if title else -1, hints=source.body_selectors)
    return _Reading(page, source, entry, metadata, blocks, body, title)


class _Reading:
    """One page being read: what was gathered from it, and the choices made."""

    def __init__(
        self,
        page: Page,
        source: Source,
        entry: Entry | None,
        metadata: Metadata,
        blocks: list[Block],
        body: Body,
        headline: Title | None,
    ) -> None:
        self.page, self.source, self.entry = page, source, entry
        self.metadata, self.blocks, self.body, self.headline = metadata, blocks, body, headline
        self.host = urlsplit(page.final_url).hostname or ""
        self.evidence: list[tuple[str, str]] = []
        self.flags: list[str] = []
        self.shown_size = 0  # characters of the article that the page itself shows

    def article(self) -> Article:
        url = self.page.final_url
        title = self._title()
        paragraphs = self._paragraphs(title)
        story = "\n".join(paragraph.text for paragraph in paragraphs)
        self._refuse_what_is_no_story(title, story)
        media = read_media(self.metadata, self.body.container, [block.text for block in self.body.dropped], url)
        self.flags += self._forms(title, media, len(story))
        language = detect_language(story) or self.source.language
        published, raw, modified = self._dates(language)
        canonical = self._canonical_url(title, story)
        authors = self._authors()
        links = read_links(self.body, self.blocks, url)
        told = (paragraph.text for paragraph in paragraphs if paragraph.kind != "heading")
        return Article(
            article_id=article_identity(canonical, self.source),
            source_id=self.source.source_id,
            url=url,
            canonical_url=canonical,
            title=title,
            authors=authors,
            summary=self._summary(),
            language=language,
            section=self._section(),
            tags=self._tags(),
            published_at=None if published is None or "date_not_believed" in self.flags else published.date.moment,
            modified_at=modified,
            published_raw=raw,
            published_offset_minutes=published.date.offset_minutes if published else None,
            paragraphs=paragraphs,
            links=(*links, *read_sources(links, told, language)),
            media=media,
            flags=tuple(self.flags),
            evidence=tuple(self.evidence),
        )

    def candidates(self, article: Article) -> tuple[Candidate, ...]:
        """Return what was weighed for each field; only who asks for it pays for it."""
        place, calendar = self.headline.place if self.headline else -1, self._calendar(article.language)
        return weighed(article, self.metadata, self.blocks, self.body, calendar=calendar, headline=place)

    def _title(self) -> str:
        if self.headline is None:
            self.evidence.append(("title", "feed" if self.entry else "nothing"))
            return self.entry.title if self.entry else ""
        self.evidence.append(("title", self.headline.evidence))
        return self.headline.text[:LONGEST_TITLE]

    def _authors(self) -> tuple[str, ...]:
        place = self.headline.place if self.headline else -1
        found = read_authors(self.metadata, self.blocks, self.body, headline=place, host=self.host)
        authors, won = found.names, found.evidence
        names_nobody = not authors or won.endswith((DESK, OUTLET))
        if names_nobody and self.entry is not None and self.entry.authors:
            authors, won = self.entry.authors, "feed"
        elif authors and names_nobody:
            self.flags.append("signed_by_no_person")
        self.evidence.append(("authors", won))
        return authors

    def _dates(self, language: str | None) -> tuple[Dating | None, str | None, datetime | None]:
        """Return when it was published, as read and as written, and when it changed; what can't be is flagged."""
        calendar = self._calendar(language)
        place = self.headline.place if self.headline else -1
        published = read_published(self.metadata, self.blocks, self.page.final_url, calendar, headline=place)
        listing = replace(calendar, language=self.source.language)  # as the feed's dates were read
        published = published or (read_listed(self.entry, listing) if self.entry else None)
        published = published or guess_published(self.metadata, self.blocks, calendar, headline=place)
        published = published or disbelieved(self.metadata, calendar)
        if published:
            self.evidence.append(("published_at", published.evidence))
            if published.date.zone_assumed:
                self.flags.append("zone_assumed")
        listed_raw = self.entry.published_raw if self.entry else None
        raw = published.date.raw if published else listed_raw or unreadable(self.metadata, calendar)
        if not calendar.believes(published.date.moment) if published else raw:
            self.flags.append("date_not_believed")
        modified = read_modified(self.metadata, calendar)
        if modified:
            self.evidence.append(("modified_at", modified.evidence))
            return published, raw, modified.date.moment
        listed = self.entry.updated_at if self.entry else None
        return published, raw, listed if listed and calendar.believes(listed) else None

    def _calendar(self, language: str | None) -> Calendar:
        return Calendar(self.source.timezone, language, self.page.fetched_at)

    def _canonical_url(self, title: str, story: str) -> str:
        linked = (*self.metadata.page_links.get("canonical", ()), *linked_canonical(self.page.headers))
        stated, address = (*linked, self.metadata.first("og:url")), self.page.final_url
        return believed_canonical(stated, address=address, source=self.source, headline=title, text=story)

    def _summary(self) -> str | None:
        told = self.metadata.first("og:description", "description", "twitter:description")
        found = first_text(self.metadata.story.get("description")) or told
        return found or (self.entry.summary if self.entry else None)

    def _section(self) -> str | None:
        stated = self.metadata.first("article:section", "section")
        return first_text(self.metadata.story.get("articleSection")) or stated

    def _tags(self) -> tuple[str, ...]:
        stated = texts(self.metadata.story.get("keywords"))
        stated = stated or [value for _, value in self.metadata.named("article:tag", "keywords", "news_keywords")]
        tags = [plain(tag) for value in stated for tag in value.split(",")]
        tags = tags or [link.get_text(" ") for block in self.blocks if block.is_of("tags") for link in block.links]
        tags = tags or list(self.entry.tags if self.entry else ())
        return tuple(dict.fromkeys(tag for tag in map(squash, tags) if tag))[:MOST_TAGS]

    def _paragraphs(self, title: str) -> tuple[Paragraph, ...]:
        """Take the page's text; where it has next to none, what its metadata or its feed carries."""
        shown = paragraphs_of(self.body.blocks, title)
        size = sum(len(paragraph.text) for paragraph in shown)
        self.flags += self._walls(size)
        shown = without_walls(shown) if "paywall" in self.flags else shown
        self.shown_size = size
        told = first_text(self.metadata.story.get("articleBody"), lines=True) or ""
        if size < SHORTER_THAN_TOLD * len(told) and len(told) > LONG_ENOUGH:
            self.evidence.append(("body", "json-ld articleBody"))
            return paragraphs_of_text(told)
        carried = paragraphs_of_html(self._feed_html(), title) if size < LONG_ENOUGH else ()
        is_cut = "paywall" in self.flags and size < sum(len(paragraph.text) for paragraph in carried)
        if carried and (size < SHORTEST_STORY or is_cut):
            self.flags = [*(flag for flag in self.flags if flag != "paywall"), "body_from_feed"]
            self.evidence.append(("body", "feed"))
            return carried
        captions = captions_of(self.metadata.soup) if size < SHORTEST_STORY else ()
        self.evidence.append(("body", "captions" if captions else self.body.evidence))
        return captions or shown

    def _feed_html(self) -> str:
        return (self.entry.content_html if self.entry else None) or ""

    def _refuse_what_is_no_story(self, title: str, story: str) -> None:
        url = self.page.final_url
        has_story = len(story) >= SHORTEST_STORY and title
        is_lent = "body_from_feed" in self.flags and self.shown_size < SHORTEST_STORY
        listed = self.entry.title if self.entry else ""
        is_doubted = shares_no_word(listed, self.metadata, self.blocks, self.shown_size)
        is_settled = is_doubted or tell_alike(self.headline.text if self.headline else "", listed)
        instead = stands_in(self._shown(title, story if has_story and not is_lent else "", is_settled=is_settled))
        if instead or (has_story and self._is_consent_wall(story)):
            raise (instead or ConsentAsked)(f"{url} answers 200, but shows no story: {title!r}", about=url)
        if not has_story and self._is_led_away(title, lists=True):
            raise MissingPage(f"{url} answers for another page, and holds no story: {title!r}", about=url)
        if not has_story:
            kind = Unsupported if is_binary(self.page.body) else NotAnArticle
            raise kind(f"no story on {url}: {len(story)} characters of body, title {title!r}", about=url)
        lists = is_list(self.metadata, self.body, url)
        if self._is_led_away(title, lists=lists):
            raise MissingPage(f"{url} answers for {self.entry.url if self.entry else url}: {title!r}", about=url)
        if lists:
            raise NotAnArticle(f"{url} lists other stories: {title!r}", about=url)
        if is_doubted:
            raise TitleMismatch(f"{url} has no word of {listed!r}, as its feed calls it: {title!r}", about=url)

    def _is_led_away(self, title: str, *, lists: bool) -> bool:
        """Return whether the entry's address led to a front page or a section that tells another article, or many."""
        entry, url = self.entry, self.page.final_url
        if entry is None or not entry.url:
            return False
        fronts = leads_to_front(url, asked=entry.url, headline=entry.title, source=self.source)
        return fronts and (lists or not tell_alike(title, entry.title))

    def _shown(self, title: str, story: str, *, is_settled: bool) -> Shown:
        names = (*self.metadata.titles[:1], *(squash(tag.get_text(" ")) for tag in self.metadata.headlines[:3]))
        return Shown(
            title=title,
            names=names,
            lines=tuple(block.text for block in self.blocks),
            place=self.headline.place if self.headline else 0,
            story=story,
            markup=self.metadata.source,
            is_bare=is_bare(self.metadata, self.blocks) and not is_settled,
        )

    def _is_consent_wall(self, story: str) -> bool:
        """Return whether what was found is what a consent box says: by its markup and by its words."""
        lines = (*story.splitlines(), *(block.text for block in self.body.dropped))
        around = [self.body.container, *self.body.container.parents] if self.body.container is not None else []
        return is_named(around, "consent") and any(map(asks_consent, lines))

    def _walls(self, size: int) -> list[str]:
        """Return what stands between a reader and the article, where the page says so or shows it."""
        free = self.metadata.story.get("isAccessibleForFree")
        tier = self.metadata.first("article:content_tier")
        dropped = [block.text for block in self.body.dropped]
        is_paid = str(first_text(free) or free).lower() == "false" or tier == "locked" or is_walled(self.blocks, size)
        walls = ["paywall"] if is_paid else []
        if size < LONG_ENOUGH and any(stands_in_for_content(text) or asks_consent(text) for text in dropped):
            walls.append("consent_wall")
        return walls

    def _forms(self, title: str, media: tuple[Media, ...], size: int) -> list[str]:
        """Return the form of an article that is no plain text."""
        url = self.page.final_url
        forms = {
            "live_blog": is_live_blog(self.metadata, self.body.container, self.blocks, title),
            "mostly_audio": is_mostly_audio(self.metadata, self.body.container, self._feed_html(), url, size),
            "mostly_video": is_mostly_video(self.metadata, media, url, size),
            "mostly_pictures": ("body", "captions") in self.evidence
            or is_mostly_pictures(self.metadata, media, url, size),
        }
        return [form for form, holds in forms.items() if holds]

"""A newsroom on loopback: it publishes stories as pages and feed, and corrects them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Self

from ..core.model import Source
from . import feeds, pages
from .server import Site
from .story import House, Publication, Story, place

OPENED_AT = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)

GAZETTE = House(
    key="gazette",
    name="The Gazette",
    language="en",
    country="US",
    timezone="America/New_York",
    page_path="/story/{slug}",
    feed_path="/feed.xml",
    feed_format="rss",
    template="plain",
)


class Newsroom(Site):
    """A site that prints stories in its house's manner; without stories, its feed is empty."""

    def __init__(
        self, *, house: House = GAZETTE, opened_at: datetime = OPENED_AT, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        super().__init__(host=host, port=port)
        self.house = house
        self.opened_at = opened_at
        self.publications: dict[str, Publication] = {}

    def __enter__(self) -> Self:
        super().__enter__()
        if self.house.robots:
            self.serve("/robots.txt", self.house.robots, content_type="text/plain; charset=utf-8")
        self._print_feed()
        return self

    @property
    def feed_url(self) -> str:
        """Where the feed is."""
        return self.url + self.house.feed_path

    @property
    def source(self) -> Source:
        """The newsroom as the pipeline watches it."""
        return Source(
            source_id=self.house.key,
            name=self.house.name,
            feed_url=self.feed_url,
            site_url=self.url,
            language=self.house.language,
            country=self.house.country,
            timezone=self.house.timezone,
            article_id_pattern=self.house.article_id_pattern,
        )

    def publish(self, *stories: Story) -> None:
        """Print the stories' pages and list them in the feed; a story published again replaces itself."""
        for story in stories:
            self.publications[story.slug] = place(story, self.house, site_url=self.url, opened_at=self.opened_at)
        for story in stories:
            self._print_page(self.publications[story.slug])
        self._print_feed()

    def publishes(self, slug: str, *, title: str | None = None, text: str | None = None) -> Story:
        """Publish a small story made up from its slug, and return it."""
        title = title or slug.replace("-", " ").capitalize()
        text = text or (
            f"{title} was the talk of the coast on Monday, and nearly 1,200 people came to see for themselves.\n\n"
            "Repairs will cost $3.5 million, the harbor board said, and take at least six weeks.\n\n"
            "About 40% of the boats were back in the water by evening."
        )
        story = Story(slug=slug, title=title, text=text)
        self.publish(story)
        return story

    def publish_correction(self, slug: str, *, at: datetime | None = None) -> Story:
        """Print a story's corrected version, with its note; the feed says it was updated, on opening unless told."""
        publication = self.publications[slug]
        story, correction = publication.story, publication.story.correction
        if correction is None or correction.before not in story.text:
            raise ValueError(f"{slug} has nothing to correct: its story names no figure that its text holds")
        text = story.text.replace(correction.before, correction.after).rstrip()
        corrected = replace(story, text=f"{text}\n\n{correction.note}")
        self.publications[slug] = replace(
            publication, story=corrected, modified_at=(at or self.opened_at).astimezone(self.house.zone)
        )
        self._print_page(self.publications[slug])
        self._print_feed()
        return corrected

    def _print_page(self, publication: Publication) -> None:
        if publication.story.dead:
            return
        if moved_from := publication.story.moved_from:
            self.redirect(moved_from, publication.url)
        addresses = {slug: other.path for slug, other in self.publications.items()}
        self._print(publication.path, pages.article_page(publication, self.house, addresses), publication.modified_at)
        if self.house.amp:
            twin = pages.amp_page(publication, self.house, addresses)
            self._print(f"/amp{publication.path}", twin, publication.modified_at)

    def _print_feed(self) -> None:
        listed = sorted(self.publications.values(), key=lambda p: p.published_at, reverse=True)
        modified_at = max((p.modified_at for p in listed), default=self.opened_at)
        written = feeds.feed(self.house, listed, site_url=self.url)
        self.serve(
            self.house.feed_path,
            self._encode(written),
            content_type=f"{feeds.CONTENT_TYPES[self.house.feed_format]}; charset={self.house.charset}",
            modified_at=modified_at,
        )
        self._print("/", pages.home_page(self.house, listed), modified_at)

    def _print(self, path: str, html: str, modified_at: datetime) -> None:
        content_type = f"text/html; charset={self.house.charset}"
        self.serve(path, self._encode(html), content_type=content_type, modified_at=modified_at)

    def _encode(self, text: str) -> bytes:
        return text.encode(self.house.charset, "xmlcharrefreplace")

"""What a newsroom has to say and how it says it, before it becomes a page or a line in a feed."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, Literal
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A figure that was printed wrong, what it should have been, and what readers are told."""

    before: str
    after: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story as its writer hands it in; `text` is in the few marks that `prose` knows."""

    slug: str
    title: str
    text: str
    author: str = "Staff Reporter"
    number: int = 1
    hours: float = 1  # it appeared so long before the newsroom opened; negative dates lie ahead
    section: str = "News"
    tags: tuple[str, ...] = ()
    image: bool = False
    caption: str = ""
    template: str | None = None  # another page template than the house's
    json_ld: Literal["plain", "graph", "broken"] = "plain"
    path: str | None = None  # another address than the house's pattern gives
    listed_at: tuple[str, ...] = ("{path}",)  # addresses under which the feed lists it
    moved_from: str | None = None  # listed here, and permanently redirected to where it is
    dead: bool = False  # listed, but its page is missing
    correction: Correction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A newsroom's manners: its name, its addresses, its feed and its page template."""

    key: str
    name: str
    language: str
    country: str
    timezone: str
    page_path: str
    feed_path: str
    feed_format: Literal["rss", "atom", "json"]
    template: str
    charset: str = "utf-8"
    robots: str | None = None
    article_id_pattern: str | None = None
    amp: bool = False
    dates_as: Literal["offset", "zone"] = "offset"  # RFC 822 dates end in -0500, or in EST

    @property
    def zone(self) -> ZoneInfo:
        """Where the newsroom's clock hangs."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A story in its place: on a site, at an address, at a moment."""

    story: Story
    site_url: str
    path: str
    published_at: datetime  # in the newsroom's zone, as are all moments here
    modified_at: datetime

    @property
    def url(self) -> str:
        """The one address that the newsroom itself calls the story's."""
        return self.site_url + self.path

    @property
    def listed_urls(self) -> tuple[str, ...]:
        """The addresses under which the feed lists it."""
        listed = (self.story.moved_from,) if self.story.moved_from else self.story.listed_at
        return tuple(self.site_url + address.format(path=self.path) for address in listed)


def place(story: Story, house: House, *, site_url: str, opened_at: datetime) -> Publication:
    """Return a story the address and the moments it has on a site that opened at `opened_at`."""
    published_at = (opened_at - timedelta(hours=story.hours)).astimezone(house.zone).replace(microsecond=0)
    path = story.path or house.page_path.format(
        number=story.number,
        slug=story.slug,
        section=story.section.lower(),
        day=published_at.strftime("%Y%m%d"),
        month=published_at.strftime("%Y/%m"),
    )
    return Publication(story=story, site_url=site_url, path=path, published_at=published_at, modified_at=published_at)


def read_stories(key: str) -> tuple[House, tuple[Story, ...]]:
    """Read a bundled newsroom and its stories from the package's data."""
    data = tomllib.loads(files(__package__).joinpath("stories", f"{key}.toml").read_text(encoding="utf-8"))
    stories = tuple(_story(number, row) for number, row in enumerate(data.pop("story"), start=41207))
    return House(key=key, **data), stories


def _story(number: int, row: dict[str, Any]) -> Story:
    for name in {"tags", "listed_at"} & row.keys():
        row[name] = tuple(row[name])
    if correction := row.get("correction"):
        row["correction"] = Correction(**correction)
    return Story(number=number, **row)

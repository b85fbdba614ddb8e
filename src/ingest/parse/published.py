"""When a story was published and last changed: every date the page gives, and which one is believed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .blocks import Block
from .dates import ReadDate, read_date
from .jsonld import first_text
from .metadata import Metadata, meta_names, value_of

NEAR = 8  # blocks
LONGEST_STAMP = 40  # characters of a line that is a date and little else
OPENING = 60  # characters of a paragraph, in which its dateline stands

_URL_DATE = re.compile(r"/((?:19|20)\d{2})[/_-]?(0[1-9]|1[0-2])[/_-]?([0-2]\d|3[01])(?=[/_.-]|\D|$)")
_STAMP = re.compile(r"publi|post|date|entry|created|time|datum|fecha|data", re.IGNORECASE)
_CHANGED = re.compile(r"updat|modif|changed|actualiz|aktualis|geändert|änderung|mis à jour|edited", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dating:
    """The date of a story, and what gave it."""

    date: ReadDate
    evidence: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a date needs to be read: the zone and the language it is taken to be in, and the latest it may be."""

    timezone: str
    language: str | None
    latest: datetime

    def read(self, text: str) -> ReadDate | None:
        """Read a date that may be a story's: not before the web, not after the page was fetched."""
        date = read_date(text, timezone=self.timezone, language=self.language)
        if date is None or not datetime(1990, 1, 1, tzinfo=date.moment.tzinfo) < date.moment:
            return None
        return date if date.moment <= self.latest + timedelta(days=2) else None

    def offset_at(self, moment: datetime) -> int:
        """Give the distance from UTC, in minutes, at which its zone is."""
        date = read_date(moment.strftime("%Y-%m-%d"), timezone=self.timezone)
        return 0 if date is None else date.offset_minutes


def read_published(metadata: Metadata, blocks: Sequence[Block], url: str, calendar: Calendar) -> Dating | None:
    """Believe what the page states for machines, then what it shows, then its address."""
    for text, evidence in _published_texts(metadata, blocks, url):
        if date := calendar.read(text):
            dating = _with_time(Dating(date, evidence), blocks, calendar)
            return _with_local_day(dating, metadata, blocks, calendar)
    return None


def _with_time(dating: Dating, blocks: Sequence[Block], calendar: Calendar) -> Dating:
    """Take the time of day from what the page shows for the same day, where its metadata gives the day alone."""
    if not dating.date.is_day:
        return dating
    for block in _short(blocks)[:12]:
        shown = calendar.read(block.text)
        if shown and not shown.is_day and shown.local_day == dating.date.local_day:
            return Dating(shown, f"{dating.evidence}, its time by the visible date")
    return dating


def _with_local_day(dating: Dating, metadata: Metadata, blocks: Sequence[Block], calendar: Calendar) -> Dating:
    """Find how far from UTC a page is that states its moment in UTC: by its other dates, its clock, its source."""
    stated = dating.date
    if stated.offset_minutes or stated.zone_assumed:
        return dating
    shown = [block.text for block in _short(blocks)[:12]] + [value_of(tag) for tag in metadata.times[:6]]
    for text in (*(value for _, value in metadata.named(*meta_names().published)), *shown):
        other = read_date(text, timezone="UTC", language=calendar.language)
        offset = None if other is None else _distance(stated, other)
        if offset:
            return Dating(replace(stated, offset_minutes=offset), f"{dating.evidence}, its day by another date")
    offset = calendar.offset_at(stated.moment)
    return (
        Dating(replace(stated, offset_minutes=offset), f"{dating.evidence}, its day by the source")
        if offset
        else dating
    )


def _distance(stated: ReadDate, other: ReadDate) -> int | None:
    """Give the distance from UTC at which another way of writing a date means the same moment."""
    if not other.zone_assumed:
        return other.offset_minutes if abs(other.moment - stated.moment) < timedelta(minutes=2) else None
    quarters = round((other.moment - stated.moment) / timedelta(minutes=15))
    exact = abs(other.moment - stated.moment - quarters * timedelta(minutes=15)) <= timedelta(minutes=1)
    at_midnight = other.moment.hour == other.moment.minute == 0  # most likely no time was given
    return quarters * 15 if exact and not at_midnight and abs(quarters) <= 14 * 4 else None


def read_modified(metadata: Metadata, calendar: Calendar) -> Dating | None:
    """Believe what the page states for machines; what it shows is as often a clock as a change."""
    for text, evidence in _modified_texts(metadata):
        if date := calendar.read(text):
            return Dating(date, evidence)
    return None


def _published_texts(metadata: Metadata, blocks: Sequence[Block], url: str) -> Iterator[tuple[str, str]]:
    yield from _stated_texts(metadata)
    for tag in metadata.times[:20]:
        stamped = f"{tag.get('class')} {tag.get('itemprop')} {tag.get('pubdate')}"
        if "pubdate" in tag.attrs or (_STAMP.search(stamped) and not _CHANGED.search(stamped)):
            yield value_of(tag, "datetime"), "time element"
    for address in (url, *metadata.page_links.get("canonical", ())):
        if match := _URL_DATE.search(address):
            yield "-".join(match.groups()), "address"
    shown = list(_short(blocks))
    near = [block for block in shown[:NEAR] if not _CHANGED.search(block.text)]
    weak = [(value, f"meta {name}") for name, value in metadata.named(*meta_names().dated)]
    if weak:
        yield from ((block.text, "visible date") for block in near if len(block.text) < LONGEST_STAMP)
    yield from weak
    yield from ((value_of(tag, "datetime"), "first time element") for tag in metadata.times[:3])
    for name in ("datecreated", "date"):
        yield from (
            (value_of(tag, "content", "datetime"), f"itemprop {name}") for tag in metadata.items.get(name, ())[:2]
        )
    for node in metadata.nodes:
        yield first_text(node.get("datePublished")) or "", "json-ld datePublished of another node"
    yield from ((block.text, "visible date") for block in shown if not _CHANGED.search(block.text))
    yield from ((block.text[:OPENING], "dateline") for block in blocks[:NEAR] if len(block.text) > OPENING)
    yield from ((block.text, "visible date of a change") for block in shown)
    yield from _modified_texts(metadata)


def _stated_texts(metadata: Metadata) -> Iterator[tuple[str, str]]:
    for name in ("datePublished", "dateCreated", "uploadDate"):
        yield first_text(metadata.story.get(name)) or "", f"json-ld {name}"
    for name, value in metadata.named(*meta_names().published):
        yield value, f"meta {name}"
    for tag in metadata.items.get("datepublished", ())[:3]:
        yield value_of(tag, "content", "datetime"), "itemprop datePublished"


def _modified_texts(metadata: Metadata) -> Iterator[tuple[str, str]]:
    yield first_text(metadata.story.get("dateModified")) or "", "json-ld dateModified"
    for name, value in metadata.named(*meta_names().modified):
        yield value, f"meta {name}"
    for tag in metadata.items.get("datemodified", ()):
        yield value_of(tag, "content", "datetime"), "itemprop dateModified"


def _short(blocks: Iterable[Block]) -> list[Block]:
    return [block for block in blocks if len(block.text) < 160 and any(char.isdigit() for char in block.text)][:60]

"""An article's date and what gave it, and which day it was where the article was published."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain, islice

from ..text.calendar import midnight_offset
from ..text.date_context import Calendar
from ..text.dates import ReadDate, read_date
from .metadata import Metadata, meta_names, value_of

_URL_DATE = re.compile(r"/((?:19|20)\d{2})[/_-]?(0[1-9]|1[0-2])[/_-]?([0-2]\d|3[01])(?=[/_.-]|\D|$)")
_URL_DAY = re.compile(r"/((?:19|20)\d{2})/(\d{1,2}|[a-z]{3,12})/(\d{1,2})(?=/|$)", re.IGNORECASE)  # /2026/november/3/
_SCRIPTED_DAY = re.compile(r""":\s{0,9}\\?["'](\d{4}-\d\d-\d\d)\\?["']""")
_OF_PUBLICATION = re.compile(
    r"(?:date_?(?:creation|created|published|publication)|(?:creation|publication|publish)_?date)\\?[\"']$",
    re.IGNORECASE,
)
LONGEST_NAME = 30  # characters before such a day that name it
MOST_DAYS = 20  # in scripts; a page with more lists other articles
_MINUTE = timedelta(minutes=1)
# Distances from UTC that are in use: whole and half hours, and the three that end in 45 minutes.
_OFFSETS = frozenset((*range(-12 * 60, 14 * 60 + 1, 30), 345, 525, 765))
# Whole hours from UTC at which most newsrooms are, from California to Sydney, the least first.
_LIKELY_OFFSETS = tuple(sorted(range(-8 * 60, 10 * 60 + 1, 60), key=abs))


@dataclass(frozen=True, slots=True)
class Dating:
    """The date of an article, and what gave it."""

    date: ReadDate
    evidence: str


def with_time(dating: Dating, shown: Iterable[str], calendar: Calendar) -> Dating:
    """Take the time of day from what the page shows for the same day, where its metadata gives the day alone."""
    if not dating.date.is_day:
        return dating
    for text in shown:
        other = calendar.read(text)
        if other and not other.is_day and other.local_day == dating.date.local_day:
            return Dating(other, f"{dating.evidence}, its time by the visible date")
    return dating


def with_local_day(dating: Dating, metadata: Metadata, shown: Iterable[str], calendar: Calendar, *, url: str) -> Dating:
    """Find how far from UTC a page is that states its moment in UTC: by its other dates, its clock, its source."""
    stated = dating.date
    if stated.offset_minutes or stated.zone_assumed:
        return dating
    named = (value for _, value in metadata.named(*meta_names().published))
    for text in chain(named, shown, (value_of(tag) for tag in metadata.times[:6])):
        other = read_date(text, timezone="UTC", language=calendar.language)
        offset = None if other is None else _distance(stated, other)
        if offset:
            return Dating(replace(stated, offset_minutes=offset), f"{dating.evidence}, its day by another date")
    if offset := calendar.offset_at(stated.moment):
        return Dating(replace(stated, offset_minutes=offset), f"{dating.evidence}, its day by the source")
    for day, source in ((day_of(url), "the address"), (_scripted_day(metadata.source), "a script")):
        if offset := _to_day(day or "", stated):
            return Dating(replace(stated, offset_minutes=offset), f"{dating.evidence}, its day by {source}")
    if offset := midnight_offset(stated.moment, calendar.language):
        return Dating(replace(stated, offset_minutes=offset), f"{dating.evidence}, a midnight where it is read")
    return dating


def _scripted_day(source: str) -> str | None:
    """Return the day, without a time, that a page's scripts name as its publication, where they name one alone."""
    found = _SCRIPTED_DAY.finditer(source)
    own = (day for day in found if _OF_PUBLICATION.search(source[max(0, day.start() - LONGEST_NAME) : day.start()]))
    days = {day[1] for day in islice(own, MOST_DAYS)}
    return days.pop() if len(days) == 1 else None


def _to_day(written: str, stated: ReadDate) -> int:
    """Return the least distance from UTC, in minutes, at which a moment is of a day; 0: it is, or is nowhere."""
    day = read_date(written, timezone="UTC")
    if day is None or abs((day.local_day - stated.local_day).days) != 1:
        return 0
    moved = (offset for offset in _LIKELY_OFFSETS if replace(stated, offset_minutes=offset).local_day == day.local_day)
    return next(moved, 0)


def _distance(stated: ReadDate, other: ReadDate) -> int | None:
    """Return the distance from UTC at which another way of writing a date means the same moment."""
    if not other.zone_assumed:
        return other.offset_minutes if abs(other.moment - stated.moment) < 2 * _MINUTE else None
    if other.moment.hour == other.moment.minute == 0:  # most likely no time was given
        return None
    minutes = (other.moment.replace(second=0) - stated.moment.replace(second=0, microsecond=0)) // _MINUTE
    return minutes if minutes in _OFFSETS else None


def day_of(address: str) -> str | None:
    """Return the day that an address names, as it may be read."""
    match = _URL_DATE.search(address) or _URL_DAY.search(address)
    if match is None:
        return None
    year, month, day = match.groups()
    return f"{year}-{month}-{day}" if month.isdigit() else f"{day} {month} {year}"

"""When a date may be an article's: in which zone and language it is read, and between which moments it is believed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from .dates import ReadDate, read_date

# Where English is written and the day comes first: countries as locales and addresses name them.
_DAY_FIRST = frozenset("au bd gb gh hk ie in jm ke lk mt my ng nz pk sg tt ug uk za zm zw".split())
_LOCALE = re.compile(r"[a-z]{2,3}[-_](?:[a-z]{4}[-_])?([a-z]{2})", re.IGNORECASE)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web
AHEAD = timedelta(days=2)  # a newsroom's clock may be wrong, and its day may have begun before ours


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a date needs to be read: the zone and the language it is taken to be in, and the latest it may be."""

    timezone: str
    language: str | None
    latest: datetime
    day_first: bool = False  # 5/3/2026 is in March, whatever language it is written in

    def read(self, text: str) -> ReadDate | None:
        """Read a date that may be an article's."""
        date = self.read_any(text)
        return date if date is not None and self.believes(date.moment) else None

    def read_any(self, text: str) -> ReadDate | None:
        """Read a date, be it ever so far off."""
        return read_date(text, timezone=self.timezone, language=self.language, day_first=self.day_first)

    def believes(self, moment: datetime) -> bool:
        """Return whether an article can be of a moment: not before the web, not after its page was fetched."""
        return EARLIEST < moment <= self.latest + AHEAD

    def offset_at(self, moment: datetime) -> int:
        """Return the distance from UTC, in minutes, at which its zone is."""
        date = read_date(moment.strftime("%Y-%m-%d"), timezone=self.timezone)
        return 0 if date is None else date.offset_minutes


def writes_day_first(url: str, locales: Iterable[str]) -> bool:
    """Return whether a page comes from where English puts the day before the month.

    `locales` are what it says of itself ("en_GB", "en-ie"), the first that names a country being believed; then its
    address tells, by a directory of that form or by its country's domain.
    """
    address = urlsplit(url)
    stated = (*locales, *address.path.split("/")[1:2])
    country = next((match[1].lower() for match in map(_LOCALE.fullmatch, stated) if match), None)
    return (country or (address.hostname or "").rsplit(".", 1)[-1]) in _DAY_FIRST

"""Dates as newsrooms write them: RFC 822, W3C-DTF and prose in many languages, read into one aware moment."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from .calendar import almanac, zone_called, zone_of

LONGEST_DATE = 300  # characters; a date is not looked for further on
FARTHEST_OFFSET = timedelta(hours=14)  # Kiribati

_WORD = r"([^\W\d_]{2,12})\.?"
# The same with vowel signs, which Python takes for no letters: of India's scripts, which are laid out alike, and Thai.
_SIGNS = "".join(f"{chr(b)}-{chr(b + 3)}{chr(b + 0x3E)}-{chr(b + 0x4C)}" for b in range(0x900, 0xD80, 0x80))
_WORD_WITH_SIGNS = rf"((?:[^\W\d_][{_SIGNS}\u0e31-\u0e4e]*){{2,12}})\.?"
_THAI_DOT = re.compile(r"(?<=[\u0e01-\u0e4e])\.")  # "ก.พ.", the second month
BUDDHA = 543  # years that Thailand counts before the common era
_ORDINAL = r"(?:st|nd|rd|th|er|re|º|°|ª|o\b)?\.?"
_OF = r"(?:(?:de|del|of|di|do)\s+|d['’]\s?)?"
_YEAR = r"(\d{4})(?!\d)"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_WHOLE_YEAR = re.compile(r"\d{4}")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?=T\d|\D|$)")
_WORD_DAY_CLOCK_YEAR = re.compile(rf"{_WORD}\s+(\d{{1,2}}),?\s+(?={_CLOCK}\s*[A-Z]{{0,5}}\s+{_YEAR})")
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?![\d.]?\d)")
_SPACED = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")  # "31. 1. 2026", as Czechs and Germans do
_DIGIT = re.compile(r"\d")
_LONG_YEAR = re.compile(r"(?:19|20)\d\d\d")
# A year, and what a page shows beside it: "May 3, 20269:05 AM", "3. Mai 20265. Mai 2026", "03/05/202609:05".
_RUN_TOGETHER = re.compile(
    r"([^\W\d_]{3,12}\.?,?\s(?:\d{1,2}(?:st|nd|rd|th)?,?\s)?(?:de\s|del\s)?(?:19|20)\d\d)(?=\d{1,2}(?!\d))"
    r"|(?<!\d)(\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d)(?=\d{1,2}:\d\d)"
)
_VIETNAMESE = re.compile(rf"(\d{{1,2}})\s+thang\s+(\d{{1,2}}),?\s+(?:nam\s+)?{_YEAR}", re.IGNORECASE)
_W3C_SHORT = re.compile(r"(\d{4})(?:-(\d{2}))?")
_WEEK = re.compile(r"(\d{4})-?W(\d{2})-?([1-7])(?=T\d|$)")  # ISO 8601: the year, the week, the day of it
_ORDINAL_DAY = re.compile(r"(\d{4})-?(\d{3})(?=T\d|$)")  # the year, the day of it
_COMPACT_MOMENT = re.compile(r"((?:19|20)\d{6})([0-2]\d[0-5]\d(?:[0-5]\d)?)")
_EPOCH = re.compile(r"(1?\d{9})(?:\d{3}){0,3}(?:\.\d{1,9})?")  # in seconds, or thousandths of one, or less
_TIME = re.compile(
    r"(?<![\d:.])(오전|오후|上午|下午|午前|午後)?\s?(\d{1,2})"
    r"(?:\s?[:.h時시]\s?(\d{2}|\d(?=:\d))(?:\s?[:.m分분]\s?(\d{2}|(?<=:)\d)(?:[.,]\d{1,9})?)?(?!\d)|(?=\s?[aApP]\.?\s?[mM]\b)|\s?[h時시]\b)"
    r"\s?([aApP]\.?\s?[mM]\b\.?)?"
)
_COMPACT_TIME = re.compile(r"T(\d{2})(\d{2})(\d{2})?(?!\d)")
_ZONE = re.compile(
    r"\s*[,(]?\s*(?:(?:GMT|UTC?)?\s?([+\-−])\s?(\d{1,2}):?(\d{2})?(?!\d)"
    r"|\[?([A-Z][A-Za-z]{1,30}(?:/[\w+-]{1,30}){1,2})|([A-Z]{1,5})\b|([a-z]{1,5})\)?$)"  # in small letters: words, too
)
_MILITARY = frozenset("ABCDEFGIKLMNOPQRSTUVWXY")  # H is "hours" in Spanish


def _named_days(word: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the patterns of days whose month is a word, with the order of day, word and year in each."""
    patterns = {
        # The day is no minutes; a year of two digits is no hour, and no day before its year.
        rf"(?<!\d)(?<!\d:)(\d{{1,2}}){_ORDINAL}[-/\s]*{_OF}{word},?[-/\s]*(?:de\s+|del\s+|of\s+|พศ\s+)?"
        r"(\d{4}|\d{3}(?=\s\d\d:)|\d{2}(?!\s?[.h]\s?\d|,?\s\d{4}(?!\d)))(?![\d:])": "dwy",
        rf"{word}[-\s]*(\d{{1,2}}){_ORDINAL},?[-\s]+(?:(?:de|del|of|at)\s+)?{_YEAR}": "wdy",
        rf"(?<!\d)(\d{{4}})[-.,\s]+(?:m\.\s)?{word}[-.\s]+(\d{{1,2}})(?!\d)": "ywd",
        rf"(?<!\d)(\d{{4}})\.\sgada\s(\d{{1,2}})\.\s{word}": "ydw",
    }
    return tuple((re.compile(pattern), order) for pattern, order in patterns.items())


_NAMED_DAYS, _NAMED_DAYS_WITH_SIGNS = _named_days(_WORD), _named_days(_WORD_WITH_SIGNS)


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A moment somebody wrote down, and how far from UTC they wrote it."""

    moment: datetime  # aware, UTC
    offset_minutes: int
    zone_assumed: bool
    raw: str

    @property
    def local_day(self) -> date:
        """Return the day it was where it was written."""
        return (self.moment + timedelta(minutes=self.offset_minutes)).date()

    @property
    def is_day(self) -> bool:
        """Return whether no time was given: the zone is assumed, and it is the first moment of the day there."""
        local = self.moment + timedelta(minutes=self.offset_minutes)
        return self.zone_assumed and local.hour == local.minute == local.second == 0


@dataclass(frozen=True, slots=True)
class _Day:
    year: int
    month: int
    day: int
    before: str  # what stood around it, where a time of day may be
    after: str


class _Impossible(Exception):
    """The text is a date, but there is no such day, time or zone."""


def read_date(text: str, *, timezone: str, language: str | None = None, day_first: bool = False) -> ReadDate | None:
    """Read a date with whatever time and zone it names; None when there is none, or no such moment ever was.

    A date without a zone is taken to be local to `timezone`; one without a time, to be its first moment. The
    language tells whether 5/3 is in March, unless the day is known to stand first.
    """
    raw = text.strip()
    month_first = not day_first and _puts_month_first(timezone, language)
    read = _read_beginning(raw[:LONGEST_DATE], timezone=timezone, language=language, month_first=month_first)
    return read if read is None or read.raw == raw else replace(read, raw=raw)


@lru_cache(maxsize=256)  # a page's lines and values are looked at again and again
def _read_beginning(raw: str, *, timezone: str, language: str | None, month_first: bool) -> ReadDate | None:
    folded = _fold(raw)
    if not _DIGIT.search(folded):
        return None
    if _LONG_YEAR.search(folded):
        folded = _RUN_TOGETHER.sub(r"\g<0> ", folded)
    if moment := _COMPACT_MOMENT.fullmatch(folded):
        folded = f"{moment[1]}T{moment[2]}"
    elif epoch := _EPOCH.fullmatch(folded):
        return ReadDate(datetime.fromtimestamp(int(epoch[1]), UTC), 0, zone_assumed=False, raw=raw)
    try:
        day = _find_day(folded, language, month_first=month_first)
        return None if day is None else _moment(day, timezone, raw)
    except (_Impossible, ValueError, OverflowError):
        return None


def is_month(word: str) -> bool:
    """Return whether a word names a month, in any language we know."""
    return _month(_fold(word).rstrip("."), None) is not None


def _find_day(text: str, language: str | None, *, month_first: bool) -> _Day | None:
    if counted := _find_counted_day(text):
        return counted
    for pattern, order in ((_YEAR_FIRST, "ymd"), (_VIETNAMESE, "dmy")):
        if match := pattern.search(text):
            year, month, day = (match[order.index(letter) + 1] for letter in "ymd")
            return _day(text, match, int(year), int(month), int(day))
    if named := _find_named_day(text, language):
        return named
    text = _SPACED.sub(r"\1.\2.\3", text)
    if match := _NUMERIC.search(text):
        first, second = int(match[1]), int(match[3])
        month_first = month_first and match[2] != "."
        month, day = (first, second) if (month_first and first <= 12) or second > 12 else (second, first)
        return _day(text, match, _whole_year(match[4]), month, day)
    if match := _COMPACT.search(text):
        after = _COMPACT_TIME.sub(_spread_time, text[match.end() :], count=1)
        return _Day(int(match[1]), int(match[2]), int(match[3]), text[: match.start()], after)
    if match := _W3C_SHORT.fullmatch(text):
        return _day(text, match, int(match[1]), int(match[2] or 1), 1)
    return None


def _find_counted_day(text: str) -> _Day | None:
    """Find a day that is counted from the beginning of its year or of its week (ISO 8601), at the beginning alone."""
    if match := _WEEK.match(text):
        counted = date.fromisocalendar(int(match[1]), int(match[2]), int(match[3]))
    elif match := _ORDINAL_DAY.match(text):
        counted = date(int(match[1]), 1, 1) + timedelta(days=int(match[2]) - 1)
        if counted.year != int(match[1]):
            raise _Impossible
    else:
        return None
    after = _COMPACT_TIME.sub(_spread_time, text[match.end() :], count=1)
    return _Day(counted.year, counted.month, counted.day, "", after)


def _find_named_day(text: str, language: str | None) -> _Day | None:
    is_whole = _WHOLE_YEAR.search(text) is not None  # without one, all but the first are long in finding nothing
    orders = _NAMED_DAYS if text.isascii() else _NAMED_DAYS_WITH_SIGNS
    for pattern, order in orders if is_whole else orders[:1]:
        for match in _every(pattern, text):
            day, word, year = (match[order.index(letter) + 1] for letter in "dwy")
            if month := _month(word, language):
                whole = _whole_year(year) - (BUDDHA if _is_thai(word) else 0)
                return _day(text, match, whole, month, int(day))
    for match in _WORD_DAY_CLOCK_YEAR.finditer(text) if is_whole else ():
        if month := _month(match[1], language):
            without_year = f"{text[match.end() : match.start(3)]}{text[match.end(3) :]}"
            return _Day(int(match[3]), month, int(match[2]), text[: match.start()], without_year)
    return None


def _is_thai(word: str) -> bool:
    return "\u0e00" <= word[0] <= "\u0e7f"


def _every(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield all matches, also where one begins with what another ended with: "5 min 20 Jan 2026" has two."""
    match = pattern.search(text)
    while match:
        yield match
        match = pattern.search(text, match.start(3))


def _spread_time(match: re.Match[str]) -> str:
    return f"T{match[1]}:{match[2]}:{match[3] or '00'}"


def _day(text: str, match: re.Match[str], year: int, month: int, day: int) -> _Day:
    return _Day(year, month, day, text[: match.start()], text[match.end() :])


def _whole_year(digits: str) -> int:
    """Complete a year of two or three digits as RFC 2822, 4.3, does."""
    year = int(digits)
    if len(digits) > 3:
        return year
    return year + (2000 if year < 50 and len(digits) < 3 else 1900)


def _month(word: str, language: str | None) -> int | None:
    word = word.lower()
    months = almanac().months
    return months.get(language or "", {}).get(word) or months[""].get(word)


def _puts_month_first(zone: str, language: str | None) -> bool:
    """English written in the Americas puts the month first; nobody else does."""
    return (language or "en") == "en" and zone.partition("/")[0] not in {"Europe", "Asia", "Africa", "Australia"}


def _moment(day: _Day, zone_name: str, raw: str) -> ReadDate:
    if not 1900 <= day.year <= 2199:
        raise _Impossible
    local = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the zone is read next
    zone, assumed = None, zone_called(zone_name)
    if match := _TIME.search(day.after) or _last_time(day.before):
        local += _time_of_day(match)
        written = match.string[match.end() :]
        zone = _read_zone(written, local)
        assumed = UTC if written.strip() in _MILITARY else assumed  # RFC 2822, 4.3: nobody knows which was meant
    aware = local.replace(tzinfo=zone or assumed)
    offset = aware.utcoffset() or timedelta()
    return ReadDate(aware.astimezone(UTC), int(offset.total_seconds() // 60), zone_assumed=zone is None, raw=raw)


def _last_time(text: str) -> re.Match[str] | None:
    return next(reversed(list(_TIME.finditer(text))), None)


def _time_of_day(match: re.Match[str]) -> timedelta:
    before, hours, minutes, seconds, half = match.groups()
    hour = int(hours)
    if half or before:
        afternoon = (half or "").lower().startswith("p") or before in {"오후", "下午", "午後"}
        hour = hour % 12 + (12 if afternoon else 0) if hour <= 12 else hour
    minute, second = int(minutes or 0), min(int(seconds or 0), 59)
    if hour > 24 or minute > 59 or int(seconds or 0) > 60 or (hour == 24 and (minute or second)):
        raise _Impossible
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _read_zone(text: str, local: datetime) -> tzinfo | None:
    match = _ZONE.match(text)
    if match is None:
        return None
    sign, hours, minutes, place, name, small = match.groups()
    if place:
        return zone_of(place)
    if name or small:
        return _zone_named(name or small.upper(), local)
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > FARTHEST_OFFSET or int(minutes or 0) > 59:
        raise _Impossible
    return timezone(offset if sign == "+" else -offset)


def _zone_named(name: str, local: datetime) -> tzinfo | None:
    known = almanac()
    if name in known.offsets:
        return timezone(timedelta(minutes=known.offsets[name]))
    if name in known.places:
        place = ZoneInfo(known.places[name])
        return timezone(local.replace(tzinfo=place).utcoffset() or timedelta())
    return None


def _fold(text: str) -> str:
    if text.isascii():
        return " ".join(text.split())
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _THAI_DOT.sub("", " ".join(unicodedata.normalize("NFC", bare).split()))

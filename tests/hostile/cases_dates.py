"""Dates as feeds write them, on pages that give none. What is impossible or far ahead is not believed: the story is
published without its date."""

from datetime import UTC, datetime

from tests.hostile.case import PUBLISHED, bad_feed
from tests.hostile.wire import Reply
from tests.hostile.words import listing, rss, told

HALF_PAST_EIGHT = datetime(2024, 5, 14, 8, 30, tzinfo=UTC)
UNDERSTOOD = {
    "rfc_822": "Tue, 14 May 2024 08:30:00 GMT",
    "offset": "Tue, 14 May 2024 03:30:00 -0500",
    "ut": "Tue,14 May 2024 08:30:00 UT",
    "no_day": "14 May 2024 08:30 +0000",
    "wrong_day": "Mon, 14 May 2024 08:30:00 GMT",
    "argentina": "Tue, 14 May 2024 05:30:00 ART",
    "eastern": "Tue, 14 May 2024 04:30:00 EDT",
    "spanish": "mar, 14 mayo 2024 08:30:00 +0000",
    "spanish_long": "martes 14 de mayo de 2024, 08:30:00 GMT",
    "portuguese": "Ter, 14 Mai 2024 08:30:00 +0000",
    "french": "mar., 14 mai 2024 08:30:00 +0000",
    "iso": "2024-05-14T08:30:00Z",
    "iso_blank": "2024-05-14 08:30:00",
    "iso_offset": "2024-05-14T10:30:00+02:00",
    "epoch": "1715675400",
    "place": "Tue, 14 May 2024 03:30:00 America/Bogota",
    "small_letters": "tue, 14 may 2024 08:30:00 gmt",
    "single_digits": "Tue,14 May 2024 8:30:0 GMT+0",
    "fraction": "1715675400.5",
    "week": "2024-W20-2T08:30:00Z",
    "ordinal": "2024-135T08:30:00Z",
    "military": "Tue, 14 May 2024 08:30:00 N",
    "sixtieth_second": "Tue, 14 May 2024 08:29:60 GMT",
}
NOT_UNDERSTOOD = {
    "year_1": "Mon, 01 Jan 0001 00:00:00 GMT",
    "year_9999": "Fri, 31 Dec 9999 23:59:59 GMT",
    "no_such_day": "Fri, 31 Feb 2024 08:30:00 GMT",
    "no_such_day_iso": "2024-02-30T08:30:00Z",
    "no_such_month": "2024-13-14",
    "no_such_week": "2024-W54-1",
    "no_such_hour": "Tue, 14 May 2024 29:30:00 GMT",
    "zeros": "0000-00-00 00:00:00",
    "words": "a while ago",
    "empty": "",
}
IMPLAUSIBLE = {"year_1970": "Thu, 01 Jan 1970 00:00:00 GMT", "far_ahead": "Sun, 14 May 2084 08:30:00 GMT"}
DATED = UNDERSTOOD | NOT_UNDERSTOOD | IMPLAUSIBLE


def _bare(name: str) -> Reply:
    return Reply(f"<html><body><article><h1>Dated {name}</h1>{told(f'dated {name}')}</article></body></html>")


def _read(name: str) -> datetime | None:
    if name == "sixtieth_second":
        return HALF_PAST_EIGHT.replace(minute=29, second=59)
    return HALF_PAST_EIGHT if name in UNDERSTOOD else None


DATES = (
    bad_feed(
        "dates",
        "writes dates as newsrooms do, and as none should",
        Reply(rss(*(listing(f"/{name}", f"Dated {name}", date=written) for name, written in DATED.items()))),
        ends={PUBLISHED: len(DATED)},
        answers={f"/{name}": _bare(name) for name in DATED},
        articles=tuple({"path": f"/{name}", "published_at": _read(name)} for name in DATED),
    ),
)

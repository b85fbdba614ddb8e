"""Dates as feeds write them, on pages that give none. What is impossible or far ahead is not believed."""

from datetime import UTC, datetime

from .case import Case, bad_feed
from .wire import Reply
from .words import listing, rss, told

HALF_PAST_EIGHT = datetime(2024, 5, 14, 8, 30, tzinfo=UTC)
BARE = Reply(f"<html><body><article><h1>Dated quay</h1>{told('dated quay')}</article></body></html>")


def _dated(id: str, written: str, read: datetime | None = HALF_PAST_EIGHT) -> Case:  # noqa: A002
    feed = rss(listing("/dated", "Dated quay", date=written))
    article = {"path": "/dated", "published_at": read}
    return bad_feed(f"date_{id}", f"dates a story {written!r}", Reply(feed), answers={"/dated": BARE},
                    articles=(article,))  # fmt: skip


DATES = (
    _dated("rfc_822", "Tue, 14 May 2024 08:30:00 GMT"),
    _dated("offset", "Tue, 14 May 2024 03:30:00 -0500"),
    _dated("ut", "Tue,14 May 2024 08:30:00 UT"),
    _dated("no_day", "14 May 2024 08:30 +0000"),
    _dated("wrong_day", "Mon, 14 May 2024 08:30:00 GMT"),
    _dated("argentina", "Tue, 14 May 2024 05:30:00 ART"),
    _dated("eastern", "Tue, 14 May 2024 04:30:00 EDT"),
    _dated("spanish", "mar, 14 mayo 2024 08:30:00 +0000"),
    _dated("spanish_long", "martes 14 de mayo de 2024, 08:30:00 GMT"),
    _dated("portuguese", "Ter, 14 Mai 2024 08:30:00 +0000"),
    _dated("french", "mar., 14 mai 2024 08:30:00 +0000"),
    _dated("iso", "2024-05-14T08:30:00Z"),
    _dated("iso_blank", "2024-05-14 08:30:00"),
    _dated("iso_offset", "2024-05-14T10:30:00+02:00"),
    _dated("epoch", "1715675400"),
    _dated("leap_second", "Tue, 31 Dec 2019 23:59:60 GMT", datetime(2019, 12, 31, 23, 59, 59, tzinfo=UTC)),
    _dated("year_1", "Mon, 01 Jan 0001 00:00:00 GMT", None),
    _dated("year_1970", "Thu, 01 Jan 1970 00:00:00 GMT", None),
    _dated("far_ahead", "Sun, 14 May 2084 08:30:00 GMT", None),
    _dated("year_9999", "Fri, 31 Dec 9999 23:59:59 GMT", None),
    _dated("no_such_day", "Fri, 31 Feb 2024 08:30:00 GMT", None),
    _dated("no_such_hour", "Tue, 14 May 2024 29:30:00 GMT", None),
    _dated("zeros", "0000-00-00 00:00:00", None),
    _dated("words", "a while ago", None),
    _dated("empty", "", None),
)

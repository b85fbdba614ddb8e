"""What servers and feeds name as the time to ask again. It is kept, a day at most; what is no time is none."""

from tests.hostile.case import Case, bad_feed
from tests.hostile.wire import Reply
from tests.hostile.words import rss

DAY = 24 * 60
NOT_SAID = 0
PERIOD = "<sy:updatePeriod>{}</sy:updatePeriod><sy:updateFrequency>{}</sy:updateFrequency>"
SYNDICATION = ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'


def _told(id: str, waits_minutes: int, *headers: str) -> Case:  # noqa: A002
    does = f"sends {', '.join(headers)}"
    return bad_feed(f"told_{id}", does, Reply(rss(), headers=headers), ends={}, waits_minutes=waits_minutes)


def _wishes(id: str, waits_minutes: int, said: str, *headers: str) -> Case:  # noqa: A002
    feed = rss(channel=said).replace("><channel>", SYNDICATION)
    return bad_feed(f"wish_{id}", f"says {said}", Reply(feed, headers=headers), ends={}, waits_minutes=waits_minutes)


RHYTHM = (
    _told("max_age", 30, "Cache-Control: public, max-age=1800"),
    _told("max_age_quoted", 30, 'Cache-Control: max-age="1800"'),
    _told("max_age_shouted", 30, "CACHE-CONTROL: MAX-AGE=1800"),
    _told("max_age_and_age", 10, "Cache-Control: max-age=1800", "Age: 1200"),
    _told("max_age_over", NOT_SAID, "Cache-Control: max-age=1800", "Age: 5000"),
    _told("max_age_huge", DAY, "Cache-Control: max-age=99999999999999999999"),
    _told("max_age_negative", NOT_SAID, "Cache-Control: max-age=-1800"),
    _told("max_age_garbage", NOT_SAID, "Cache-Control: max-age=soon", "Expires: Fri, 01 Jan 2100 00:00:00 GMT"),
    _told("max_age_of_others", NOT_SAID, "Cache-Control: s-maxage=1800"),
    _told("no_cache", NOT_SAID, "Cache-Control: no-cache, max-age=1800"),
    _told("no_store", NOT_SAID, "Cache-Control: max-age=1800", "Cache-Control: no-store"),
    _told("expires", 30, "Date: Tue, 14 May 2024 08:00:00 GMT", "Expires: Tue, 14 May 2024 08:30:00 GMT"),
    _told("expires_and_age", 20, "Date: Tue, 14 May 2024 08:00:00 GMT", "Expires: Tue, 14 May 2024 08:30:00 GMT",
          "Age: 600"),
    _told("expires_old_forms", 30, "Date: Tue May 14 08:00:00 2024", "Expires: Tuesday, 14-May-24 08:30:00 GMT"),
    _told("expires_zero", NOT_SAID, "Expires: 0"),
    _told("expires_minus_one", NOT_SAID, "Expires: -1"),
    _told("expires_past", NOT_SAID, "Expires: Tue, 14 May 2024 08:30:00 GMT"),
    _told("expires_at_the_end_of_time", DAY, "Expires: Fri, 31 Dec 9999 23:59:59 -2300"),
    _told("expires_overruled", 30, "Expires: Fri, 01 Jan 2100 00:00:00 GMT", "Cache-Control: max-age=1800"),
    _wishes("ttl", 90, "<ttl>90</ttl>"),
    _wishes("ttl_huge", DAY, "<ttl>9999999</ttl>"),
    _wishes("ttl_absurd", NOT_SAID, "<ttl>99999999999999999999</ttl>"),
    _wishes("ttl_negative", NOT_SAID, "<ttl>-60</ttl>"),
    _wishes("ttl_garbage", NOT_SAID, "<ttl>whenever</ttl>"),
    _wishes("ttl_against_max_age", 90, "<ttl>90</ttl>", "Cache-Control: max-age=60"),
    _wishes("max_age_against_ttl", 90, "<ttl>1</ttl>", "Cache-Control: max-age=5400"),
    _wishes("period", 60, PERIOD.format("hourly", 1)),
    _wishes("period_often", 30, PERIOD.format("hourly", 2)),
    _wishes("period_long", DAY, PERIOD.format("yearly", 1)),
    _wishes("period_never_often", 60, PERIOD.format("hourly", 0)),
    _wishes("period_garbage", NOT_SAID, PERIOD.format("now and then", "often")),
    _wishes("hours_all", NOT_SAID, f"<skipHours>{''.join(f'<hour>{n}</hour>' for n in range(24))}</skipHours>"),
    _wishes("hours_none", NOT_SAID, "<skipHours><hour>25</hour><hour>-1</hour><hour>noon</hour></skipHours>"),
    _wishes("days_all", NOT_SAID,
            f"<skipDays>{''.join(f'<day>{day}day</day>' for day in 'Mon Tues Wednes Thurs Fri Satur Sun'.split())}"
            "</skipDays>"),
)  # fmt: skip

"""When a feed asks to be left alone."""

from datetime import UTC, datetime

import pytest

from ingest.feeds.skip_hours import read_skipped_days, read_skipped_hours, read_update_base

FEED = b"""<rss><channel><skipHours><hour>0</hour><hour> 3 </hour><hour>24</hour><hour>77</hour></skipHours>
<skipDays><day>sunday</day><day>Saturday</day><day>Someday</day></skipDays></channel></rss>"""


def test_hours_and_days_to_skip_are_read() -> None:
    assert read_skipped_hours(FEED) == (0, 3)
    assert read_skipped_days(FEED) == ("Saturday", "Sunday")


def test_a_feed_that_would_never_be_asked_is_not_believed() -> None:
    hours = b"".join(b"<hour>%d</hour>" % hour for hour in range(24))

    assert read_skipped_hours(b"<skipHours>" + hours + b"</skipHours>") == ()


def test_most_feeds_skip_nothing() -> None:
    assert (read_skipped_hours(b"<rss/>"), read_skipped_days(b"<rss/>")) == ((), ())


NOON = datetime(2000, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (b"<sy:updateBase>2000-01-01T12:00+00:00</sy:updateBase>", NOON),
        (b"<syn:updatebase> 2000-01-01T13:00:00+01:00 </syn:updatebase>", NOON),
        (b"<sy:updateBase>2000-01-01T12:00</sy:updateBase>", NOON),
        (b"<ttl>0</ttl><sy:updateBase>2000-01-01T12:00Z</sy:updateBase>", NOON),
        (b"<ttl>60</ttl><sy:updateBase>2000-01-01T12:00Z</sy:updateBase>", None),
        (b"<sy:updateBase>2000-01-99T12:00Z</sy:updateBase>", None),
        (b"<sy:updateBase>at noon</sy:updateBase>", None),
        (b"<rss/>", None),
    ],
)
def test_the_moment_from_which_a_feed_counts_is_read(written: bytes, expected: datetime | None) -> None:
    assert read_update_base(written) == expected

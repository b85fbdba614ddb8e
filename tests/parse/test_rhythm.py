"""When a feed asks to be left alone."""

from ingest.parse.rhythm import read_skipped_days, read_skipped_hours

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

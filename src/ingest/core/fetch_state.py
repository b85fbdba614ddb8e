"""What is known of feeds, pages and hosts from visiting them, and what is to be visited."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .model import Capture, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFeed:
    """A source's feed as it last was: where it lives, when it wishes to be asked, and whether it is gone."""

    source_id: str
    listed_url: str  # as its owner lists it; listed otherwise, nothing of this counts any more
    feed_url: str  # where it lives now
    format: str | None = None
    ttl_seconds: int | None = None
    skip_hours: tuple[int, ...] = ()  # UTC
    skip_days: tuple[str, ...] = ()  # "Saturday"; UTC
    gone_at: datetime | None = None
    site_url: str | None = None  # as the feed says
    hub_urls: tuple[str, ...] = ()  # who would push it
    topic_url: str | None = None  # and under which name
    listing_state: str | None = None  # JSON: what each of its section pages told last, by address


@dataclass(frozen=True, slots=True, kw_only=True)
class PollHistory:
    """How often a source's feed was visited, and when it had something new, newest first."""

    visits: int = 0
    arrivals: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What we know of an entry from before: what its feed last said, and whether its way has ended."""

    listing_hash: str
    is_under_way: bool
    retry_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An entry whose page is to be visited, and what we have of it already."""

    entry: Entry  # without the text its feed carried
    visits: int = 0
    is_carried: bool = False  # its feed carried the whole article
    article_id: str | None = None  # the published article it brought before
    is_from_feed: bool = False  # that article's text is the feed's, too
    capture: Capture | None = None  # the page that article was read from; None where the feed says something new


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A source's turn to have its pages visited, after which others have theirs."""

    due_at: datetime  # what had to wait longer than until then waits for another run
    length: timedelta
    until: datetime  # when the run fetches no more pages
    most: int  # pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a run may spend on fetching; what it leaves waits for the next run."""

    length: timedelta
    pages_per_source: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HostVisits:
    """What was asked of a host in a run, and how it answered."""

    host: str
    requests: int
    not_modified: int  # 304
    throttled: int  # 429, or a refusal that names a time to come back
    failed: int  # no answer, or no whole one
    received_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecks:
    """Which pages of published articles are to be asked again."""

    ages_seconds: tuple[int, ...] = ()  # at these ages, counted from when each was first fetched
    most: int | None = None  # of each source in a run, newest first; None is all of them
    whole_listing: bool = False  # also all that feeds list now, whatever its age


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """A range of days (UTC) that is wanted of a source."""

    source_id: str
    first_day: date
    last_day: date

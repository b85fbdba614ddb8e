"""When to ask again: a source for its feed, a server for a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from ..core.errors import IngestError, Permanent
from ..core.fetch_state import KnownFeed, PollHistory
from ..core.ids import content_key
from ..core.model import Poll, Source

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=24)
LONGEST_RETRY_AFTER = timedelta(days=7)
VISITS_PER_ENTRY = 6
VISITS_PER_DOUBT = 100  # one visit in so many asks without conditions, lest a false 304 starve us
ARRIVALS_OF_A_HABIT = 5
LONGEST_PAUSE_IN_HABITS = 12
SHARED_SECONDS = 900  # what was read to find a feed does for its first visit, for so long
LONGEST_DELAY = timedelta(minutes=5)  # of a visit that is due at a time which others were told as well
NO_WAIT = timedelta(0)
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often feeds may be asked at most and at least; a least wait of 0 leaves it to whoever calls a run."""

    least_seconds: int = 0
    most_seconds: int = 86_400


AS_CALLED = Pace()


def known_feed(source: Source, known: KnownFeed | None) -> KnownFeed | None:
    """Return what is known of a source's feed, unless its owner has listed another address since."""
    return known if known and known.listed_url == source.feed_url else None


def last_of(source: Source, last: Poll | None, known: KnownFeed | None) -> Poll | None:
    """Return the last visit to a source; those before its owner listed another address say nothing of this one."""
    if last is None or last.feed_url in (source.feed_url, *source.feed_candidates):
        return last
    return last if known and known.listed_url == source.feed_url else None


def is_due(
    last: Poll | None, now: datetime, *, known: KnownFeed | None = None, every_seconds: int | None = None
) -> bool:
    """Return whether a source may be asked now; one never asked always may, one gone for good or asleep may not.

    Of the wait that its owner wishes for (`every_seconds`), a tenth may be missing: a clock that strikes as often as
    that would else find the source not yet due each other time.
    """
    if known and known.gone_at:
        return False
    if last is None or last.polled_at > now:  # or the clock was set back: what was said of later says nothing
        return True
    if last.next_poll_at is not None and last.next_poll_at - _spared(last, every_seconds) > now:
        return False
    return known is None or not _sleeps(known, now) or now - last.polled_at >= LONGEST_WAIT


def heeds_ping(last: Poll | None, now: datetime, *, known: KnownFeed | None = None) -> bool:
    """Return whether a source that pings us may be polled now, due or not: none that is gone, and none that fails.

    After a failure its wait stands, for a server that named a time may have its feed pinged all the same.
    """
    if known and known.gone_at:
        return False
    return is_due(last, now) or (last is not None and last.outcome != "failed")


def next_poll_after_success(
    source: Source,
    now: datetime,
    *,
    named: timedelta = NO_WAIT,
    known: KnownFeed | None = None,
    history: PollHistory = PollHistory(),  # noqa: B008  a frozen value
    pace: Pace = AS_CALLED,
) -> datetime | None:
    """Wait as the owner wishes and no less than the server named (a day at most); else as often as there is news.

    Without any of these, and without a least wait, whoever calls a run decides. A time that is not ours to choose is
    kept a little late, for thousands of sources may have been told the same one.
    """
    ours = NO_WAIT
    if source.poll_every_seconds is not None:
        ours = timedelta(seconds=source.poll_every_seconds)
    elif pace.least_seconds:
        ours = _habitual_wait(source.source_id, now, history, pace)
    earliest = now + max(ours, min(named, timedelta(seconds=pace.most_seconds), LONGEST_WAIT))
    if known:
        earliest = _awake_at(known, earliest, now)
    if earliest <= now:
        return None
    return earliest if earliest - now <= ours else _a_little_later(source.source_id, earliest, now)


def next_poll_after_failure(error: IngestError, failures_in_a_row: int, now: datetime, *, source_id: str) -> datetime:
    """Double the wait for each failure in a row, up to a day, and obey a server that named a time, up to a week."""
    named, doubled = _named_time(error, now), now + _doubled_wait(failures_in_a_row)
    return doubled if doubled >= named else _a_little_later(source_id, named, now)


def next_visit(error: IngestError, visits: int, now: datetime) -> datetime | None:
    """Return the time of the next visit to a page, or None when another would be no use or one too many."""
    if isinstance(error, Permanent) or visits >= VISITS_PER_ENTRY:
        return None
    return max(_named_time(error, now), now + _doubled_wait(visits))


def next_visit_to_doubted(visits: int, now: datetime) -> datetime | None:
    """Return the time of the next visit to a page that was served but is doubted, or None after the last one."""
    return None if visits >= VISITS_PER_ENTRY else now + _doubled_wait(visits)


def after_last_visit(now: datetime) -> datetime:
    """Return the next visit to a host that is left alone for now, where its page had no next visit to go by."""
    return now + _doubled_wait(VISITS_PER_ENTRY)


def trusts_not_modified(source_id: str, visits: int) -> bool:
    """Return whether a visit may ask conditionally: one in a hundred may not, and never one of the first fifty."""
    half = VISITS_PER_DOUBT // 2
    return visits % VISITS_PER_DOUBT != half + int(content_key("doubt", source_id), 16) % half


def silent_since(arrivals: Sequence[datetime], now: datetime) -> datetime | None:
    """Return since when a source is silent: for three times its longest pause so far, and for a day at least."""
    arrivals = _past(arrivals, now)
    if len(arrivals) < ARRIVALS_OF_A_HABIT:
        return None
    quiet = now - arrivals[0]
    return arrivals[0] if quiet > max(3 * max(_gaps(arrivals)), LONGEST_WAIT) else None


def _habitual_wait(source_id: str, now: datetime, history: PollHistory, pace: Pace) -> timedelta:
    """Wait half as long as news usually is in coming, a tenth more or less, so that not all are asked at once.

    A pause makes it longer, but not without end: after a weekend, Monday's first article is not to wait for a day.
    """
    arrivals = _past(history.arrivals, now)
    quiet = now - arrivals[0] if arrivals else NO_WAIT
    gaps = _gaps(arrivals)
    habit = timedelta(seconds=median(gap.total_seconds() for gap in gaps)) if gaps else NO_WAIT
    usual = max(habit, min(quiet, LONGEST_PAUSE_IN_HABITS * habit) if habit else quiet) / 2
    seconds = (usual * (0.9 + 0.2 * _chance(source_id, now))).total_seconds()
    return timedelta(seconds=round(min(max(seconds, pace.least_seconds), pace.most_seconds)))


def _a_little_later(source_id: str, moment: datetime, now: datetime) -> datetime:
    """Put off what is due at a moment by up to a tenth of the wait for it, and never much."""
    return moment + min((moment - now) / 10, LONGEST_DELAY) * _chance(source_id, now)


def _chance(source_id: str, now: datetime) -> float:
    """Return a number from 0 to 1 that is the same whenever it is asked for, and another for each source."""
    return int(content_key("jitter", source_id, now.isoformat()), 16) % 1001 / 1000


def _past(arrivals: Sequence[datetime], now: datetime) -> Sequence[datetime]:
    """Leave out what a clock that ran ahead has dated after now."""
    return [arrival for arrival in arrivals if arrival <= now]


def _gaps(arrivals: Sequence[datetime]) -> list[timedelta]:
    return [later - earlier for later, earlier in pairwise(arrivals)]


def _awake_at(known: KnownFeed, moment: datetime, now: datetime) -> datetime:
    """Return the first moment from then on that is in no hour or day the feed asks to be left alone (RSS 2.0)."""
    awake = moment
    while _sleeps(known, awake):
        awake = awake.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        if awake - now > LONGEST_WAIT:
            return max(moment, now + LONGEST_WAIT)
    return awake


def _spared(last: Poll, every_seconds: int | None) -> timedelta:
    """Return what a visit may come early by: nothing where the wait is a server's, or follows a failure."""
    if every_seconds is None or last.next_poll_at is None or last.outcome == "failed":
        return NO_WAIT
    wished = timedelta(seconds=every_seconds)
    return wished / 10 if last.next_poll_at - last.polled_at <= wished else NO_WAIT


def _sleeps(known: KnownFeed, moment: datetime) -> bool:
    return moment.hour in known.skip_hours or WEEK[moment.weekday()] in known.skip_days


def _named_time(error: IngestError, now: datetime) -> datetime:
    return min(error.retry_at or now, now + LONGEST_RETRY_AFTER)


def _doubled_wait(times: int) -> timedelta:
    doublings = min(max(times - 1, 0), 12)  # 2**12 minutes is beyond the longest wait, and overflow is far
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)

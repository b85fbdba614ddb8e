"""When a message goes to whom: not at night unless it is critical, again after growing waits, each alert in order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..core.messages import LOG, Message, Notification

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From when to when nobody is to be disturbed, on the clock of a place; over midnight where it ends earlier."""

    begin: time
    end: time
    timezone: str = "UTC"

    def hold(self, now: datetime) -> bool:
        """Return whether it is quiet now."""
        local = now.astimezone(ZoneInfo(self.timezone)).time()
        if self.begin <= self.end:
            return self.begin <= local < self.end
        return local >= self.begin or local < self.end


def quiet_hours(setting: str | None) -> QuietHours | None:
    """Read the setting: "22:00-07:00 Europe/Madrid", the zone UTC where none is named."""
    if setting is None:
        return None
    hours, _, timezone = setting.partition(" ")
    begin, end = (time.fromisoformat(moment) for moment in hours.split("-"))
    return QuietHours(begin=begin, end=end, timezone=timezone or "UTC")


def due_now(notifications: Iterable[Notification], now: datetime, *, quiet: QuietHours | None) -> list[Notification]:
    """Return what is to be delivered now, in the order given; what waits holds back what comes after it.

    After it means about the same alert: that it is over is never told before that it began.
    """
    due = []
    waiting: set[tuple[str, str]] = set()
    for one in notifications:
        place = (one.receiver, one.message.alert_id)
        waits = one.retry_at is not None and now < one.retry_at <= now + LONGEST_WAIT  # more: a clock was ahead
        is_kept = one.receiver != LOG and is_held(one.message, now, quiet=quiet)
        if place in waiting or waits or is_kept:
            waiting.add(place)
        else:
            due.append(one)
    return due


def is_held(message: Message, now: datetime, *, quiet: QuietHours | None) -> bool:
    """Return whether a message waits for the end of the quiet hours: all but the start and end of critical ones."""
    disturbs = message.severity == "critical" and message.moment != "reminded"
    return quiet is not None and not disturbs and quiet.hold(now)


def retry_after(attempts: int, now: datetime) -> datetime:
    """Double the wait with each attempt that failed, from a minute to an hour."""
    return now + min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)

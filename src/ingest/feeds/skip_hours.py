"""When an RSS feed asks to be left alone (skipHours and skipDays of RSS 2.0), and from when it counts its periods."""

import re
from datetime import UTC, datetime

_HOURS = re.compile(rb"<skipHours\s*>(.{0,2000}?)</skipHours", re.IGNORECASE | re.DOTALL)
_DAYS = re.compile(rb"<skipDays\s*>(.{0,1000}?)</skipDays", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(rb"<hour\s*>\s*(\d{1,2})\s*<", re.IGNORECASE)
_DAY = re.compile(rb"<day\s*>\s*(\w{6,9})\s*<", re.IGNORECASE)
_TTL = re.compile(rb"<ttl\s*>\s*\d*[1-9]", re.IGNORECASE)
_BASE = re.compile(rb"<[\w.-]{1,40}:updateBase\s*>\s*([\d:.TZ+-]{10,40})\s*<", re.IGNORECASE)
_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def read_skipped_hours(body: bytes) -> tuple[int, ...]:
    """Return the hours (UTC) to skip; 24 is midnight, as some count from 1. All of them together mean nothing."""
    found = _HOURS.search(body)
    hours = sorted({int(hour) % 24 for hour in _HOUR.findall(found[1]) if int(hour) <= 24}) if found else []
    return tuple(hours) if len(hours) < 24 else ()


def read_skipped_days(body: bytes) -> tuple[str, ...]:
    """Return the days (UTC) to skip, in the order of the week. All of them together mean nothing."""
    found = _DAYS.search(body)
    named = {day.decode("ascii", "replace").title() for day in _DAY.findall(found[1])} if found else set()
    days = tuple(day for day in _WEEK if day in named)
    return days if len(days) < len(_WEEK) else ()


def read_update_base(body: bytes) -> datetime | None:
    """Return the moment from which a feed counts its periods (sy:updateBase); none where it is its ttl that counts."""
    found = None if _TTL.search(body) else _BASE.search(body)
    try:
        moment = datetime.fromisoformat(found[1].decode("ascii")) if found else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment

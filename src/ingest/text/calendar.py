"""Names of months and zones, as newsrooms write them, and where languages are at home: what calendar.toml holds."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, slots=True)
class Almanac:
    """Names of months, of distances from UTC and of places, and the zones of languages."""

    months: dict[str, dict[str, int]]  # by language; under the empty name, whatever language knows the word
    offsets: dict[str, int]
    places: dict[str, str]
    homes: dict[str, str]


@lru_cache(maxsize=1)
def almanac() -> Almanac:
    """Return the names we know."""
    data = tomllib.loads(files(__package__).joinpath("calendar.toml").read_text("utf-8"))
    months: dict[str, dict[str, int]] = {"": {}}
    for language, rows in data["months"].items():
        months[language] = {name: number for number, row in enumerate(rows, 1) for name in row}
        months[""] = months[language] | months[""]
    return Almanac(months, data["offsets"], data["places"], data["homes"])


def zone_called(name: str) -> tzinfo:
    """Return the zone of a place, UTC where there is no such place."""
    return zone_of(name) or UTC


@lru_cache(maxsize=256)
def zone_of(place: str) -> tzinfo | None:
    """Return the zone of a place, if there is one."""
    try:
        return ZoneInfo(place)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def midnight_offset(moment: datetime, language: str | None) -> int:
    """Return the offset from UTC, in minutes, of where a language is at home, if a moment is midnight there; else 0."""
    home = almanac().homes.get(language or "")
    local = moment.astimezone(zone_called(home or "UTC"))
    is_midnight = local.hour == local.minute == local.second == 0
    return int((local.utcoffset() or timedelta()).total_seconds() // 60) if is_midnight else 0

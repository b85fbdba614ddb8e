"""The events we tell: their names, and payloads that are always complete.

An event is a bell, not a parcel: its payload names keys and counts, and the flow it wakes takes all that waits.
"""

from collections.abc import Mapping
from datetime import datetime
from types import NoneType

from .ids import content_key
from .model import Event

Payload = dict[str, str | int | None]

# Every payload holds exactly these keys: an automation that misses one fails without a word.
PAYLOAD_KEYS: dict[str, tuple[str, ...]] = {
    "source.failed": ("source", "reason", "detail", "failures_in_a_row"),
    "source.silent": ("source", "since"),
    "source.moved": ("source", "from_url", "to_url"),
    "source.fell_back": ("source", "from_url", "to_url"),
    "source.gone": ("source", "feed_url"),
    "hub.distrusted": ("source", "hub", "missed"),
    "source.pinged": ("source_id", "reason", "received_at"),
    "entries.found": ("source", "run", "entries"),
    "pages.fetched": ("source", "run", "pages", "failed"),
    "batch.staged": ("source", "run", "batch", "articles", "figures"),
    "batch.validated": ("source", "run", "batch", "quarantined"),
    "batch.rejected": ("source", "run", "batch", "rules"),
    "batch.published": ("source", "run", "batch", "articles", "figures"),
    "rows.quarantined": ("source", "run", "batch", "rows"),
    "figure.corrected": ("source", "article", "changes"),
    "article.removed": ("source", "article", "why"),
    "alert.opened": ("source", "alert", "severity", "title"),
    "alert.reminded": ("source", "alert", "severity", "title"),
    "alert.resolved": ("source", "alert", "severity", "title"),
}

# What each key holds, in whichever payload: an automation fails as quietly over a value of another type.
PAYLOAD_TYPES: dict[str, tuple[type, ...]] = {
    "source": (str, NoneType),  # none: it is about the pipeline as a whole
    "reason": (str, NoneType),
    "detail": (str, NoneType),
    **dict.fromkeys(("source_id", "hub", "received_at", "since", "from_url", "to_url", "feed_url"), (str,)),
    **dict.fromkeys(("run", "batch", "rules", "article", "why", "alert", "severity", "title"), (str,)),
    **dict.fromkeys(("failures_in_a_row", "entries", "pages", "failed", "articles", "figures"), (int,)),
    **dict.fromkeys(("quarantined", "rows", "changes", "missed"), (int,)),
}


def event(name: str, occurred_at: datetime, payload: Mapping[str, str | int | None]) -> Event:
    """Make an event; a payload with a missing or unknown key, or a value of another type, is a bug: ValueError."""
    wanted = PAYLOAD_KEYS[name]
    if set(payload) != set(wanted):
        raise ValueError(f"{name} takes {sorted(wanted)}, not {sorted(payload)}")
    wrong = [key for key in wanted if not isinstance(payload[key], PAYLOAD_TYPES[key])]
    if wrong:
        raise ValueError(f"{name} holds in {wrong[0]} {payload[wrong[0]]!r}, not a {PAYLOAD_TYPES[wrong[0]]}")
    source = payload.get("source", payload.get("source_id"))
    told = [f"{key}={payload[key]}" for key in wanted]
    return Event(
        event_id=content_key("event", name, occurred_at.isoformat(), *told),
        name=name,
        occurred_at=occurred_at,
        source_id=None if source is None else str(source),
        payload=dict(payload),
    )

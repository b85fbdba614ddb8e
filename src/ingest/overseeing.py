"""What no run sees by itself: that nothing new comes from anybody, and that what should wake runs does not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from .decide import alerting, troubles
from .decide.cadence import silent_since
from .errors import IngestError
from .events import event
from .keys import alert_fingerprint
from .model import Event
from .ports import Store
from .reconciling import LOST, lost_batches

SILENCE = "sources.silent"  # kinds of alerts
AUTOMATIONS = "automations.broken"
DISK = "disk.short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """An automation whose last try failed, and why."""

    name: str
    reason: str


class OverseeingStore(Store, Protocol):
    """What is kept between steps, with when there was news from any source."""

    def arrivals(self, now: datetime) -> Sequence[datetime]:
        """Give the last hours, up to now, in which any source had something new, newest first."""
        ...

    def ring(self, events: Iterable[Event]) -> None:
        """Write down events that no rows of their own go with."""
        ...


def look_over(
    *,
    store: OverseeingStore,
    now: datetime,
    watched: int,
    broken: Sequence[Broken] | None,
    short: IngestError | None = None,
) -> None:
    """Open alerts about what is amiss, and end those that are over; of automations, only where they could be asked.

    Of a single source, its own alert tells when it is silent. `short` says why the disk keeps runs from fetching.
    """
    since = silent_since(store.arrivals(now), now) if watched > 1 else None
    if since and alert_fingerprint(SILENCE, None) not in store.open_alerts():
        store.ring([event("source.silent", now, {"source": None, "since": since.isoformat()})])
    found = {
        SILENCE: troubles.silence_of_all(watched, since),
        DISK: troubles.disk_trouble(short),
        LOST: troubles.lost_publications(lost_batches(store)),
    }
    if broken is not None:
        found[AUTOMATIONS] = troubles.automations_trouble([(one.name, one.reason) for one in broken])
    alerts = store.recent_alerts(now)
    for kind, trouble in found.items():
        last = alerts.get(alert_fingerprint(kind, None))
        store.keep_alert(alerting.next_alert(kind, None, now=now, last=last, trouble=trouble), now)

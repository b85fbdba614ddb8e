"""What no run sees by itself: that nothing new comes from anybody, and that what should wake runs does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..alerts import life_cycle, texts
from ..core.errors import IngestError
from ..core.events import event
from ..core.ids import alert_fingerprint
from ..scheduling.retries import silent_since
from ..state import State
from ..state.alerts import keep_alert, open_alerts, recent_alerts, record_events
from ..warehouse import runs
from .reconcile import LOST, lost_batches

SILENCE = "sources.silent"  # kinds of alerts
AUTOMATIONS = "automations.broken"
DISK = "disk.short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """An automation whose last try failed, and why."""

    name: str
    reason: str


def look_over(
    *,
    state: State,
    now: datetime,
    watched: int,
    broken: Sequence[Broken] | None,
    short: IngestError | None = None,
) -> None:
    """Open alerts about what is amiss, and end those that are over; of automations, only where they could be asked.

    Of a single source, its own alert tells when it is silent. `short` says why the disk keeps runs from fetching.
    """
    since = silent_since(runs.arrivals(state, now), now) if watched > 1 else None
    if since and alert_fingerprint(SILENCE, None) not in open_alerts(state):
        record_events(state, [event("source.silent", now, {"source": None, "since": since.isoformat()})])
    found = {
        SILENCE: texts.silence_of_all(watched, since),
        DISK: texts.disk_trouble(short),
        LOST: texts.lost_publications(lost_batches(state)),
    }
    if broken is not None:
        found[AUTOMATIONS] = texts.automations_trouble([(one.name, one.reason) for one in broken])
    alerts = recent_alerts(state, now)
    for kind, trouble in found.items():
        last = alerts.get(alert_fingerprint(kind, None))
        keep_alert(state, life_cycle.next_alert(kind, None, now=now, last=last, trouble=trouble), now)

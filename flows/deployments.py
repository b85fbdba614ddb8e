"""Deployments: which schedules and event triggers run which flow. `prefect.yaml` says the same; a test compares them.

An event carries no work: the flow it triggers takes all that waits, so an event sent twice does no harm, and what one
that is lost would have triggered is done by the hourly run.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.core.model import Event, Source

PREFIX = "ingest: "  # of the names of automations that are ours
TRIGGERS = {"ingest.bell": "rings"}  # the label of an event that triggers a flow, because something waits
LOOK_SECONDS = 900  # how often sources are looked at whose owner names no time: as prefect.yaml always had it
NET_SECONDS = 3600  # how often a whole run makes up for lost events and failed runs
NET_OFFSET_SECONDS = 450  # so that it strikes between two looks
SILENCE_SECONDS = 86_400  # without a single new entry, after which somebody has to look
WRITTEN_DOWN_SECONDS = 10  # in which Prefect records an event that it has sent itself: it writes every five seconds
STORM_SECONDS = 5  # in which failed automations start one run: the automation that starts it may be the one that fails

SOURCE_PINGED = "ingest.source.pinged"
ACTION_FAILED = "prefect.automation.action.failed"
ACTION_DONE = "prefect.automation.action.executed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Triggers a flow every so many seconds, counted from midnight."""

    every_seconds: int
    offset_seconds: int = 0
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Triggers a flow when one of some events occurs, or when none of them has for `silent_seconds`."""

    name: str
    says: str  # what it does, for whoever finds it on Prefect's page
    events: tuple[str, ...]
    match: Mapping[str, str] = field(default_factory=dict)  # labels of the event's resource
    parameters: Mapping[str, object] = field(default_factory=dict)  # templates of Prefect's
    once_in_seconds: int = 0  # within which a second event triggers nothing
    after_seconds: int = 0  # how long after the event the run begins
    silent_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A flow, what triggers it, and which flows' work it has done by the time it ends."""

    flow: str
    entrypoint: str
    says: str
    schedules: tuple[Schedule, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    handles: tuple[str, ...] = ()  # names of flows; its own is among them


PINGED = Trigger(
    name="a source that pings us is polled",
    says="When a source or its hub says that there is news (by a push or a ping that ingest listen took), "
    "runs the flow ingest over that source at once.",
    events=(SOURCE_PINGED,),
    parameters={"keys": ["{{ event.payload.source_id }}"], "pinged": True},
)
FETCH = Trigger(
    name="entries found are fetched",
    says="When a poll has found new entries, runs the flow fetch: it fetches their pages and stages the articles.",
    events=("ingest.entries.found",),
    match=TRIGGERS,
)
VALIDATE = Trigger(
    name="batches staged are validated",
    says="When a batch of articles is staged, runs the flow validate, which also publishes what passes.",
    events=("ingest.batch.staged",),
    match=TRIGGERS,
)
NOTIFY = Trigger(
    name="people are notified of what is refused",
    says="When a batch is rejected, rows are quarantined, or an alert opens, is due again or is resolved, "
    "runs the flow notify: it sends the messages that wait.",
    events=(
        *("ingest.batch.rejected", "ingest.rows.quarantined"),
        *("ingest.alert.opened", "ingest.alert.reminded", "ingest.alert.resolved"),
    ),
    match=TRIGGERS,
)
BROKEN = Trigger(
    name="people are notified of automations that fail",
    says="When one of these automations could not do what it is for, runs the flow notify: it opens an alert about it.",
    events=(ACTION_FAILED,),
    match={"prefect.resource.name": f"{PREFIX}*"},
    once_in_seconds=STORM_SECONDS,
    after_seconds=STORM_SECONDS + WRITTEN_DOWN_SECONDS,  # so that the run finds all that failed meanwhile
)
SILENT = Trigger(
    name="people are notified when nothing new is found",
    says="When no poll has found anything new for a day, runs the flow notify, which opens an alert if all is silent.",
    events=("ingest.entries.found",),
    silent_seconds=SILENCE_SECONDS,
)


def flows_of(sources: Iterable[Source]) -> tuple[Deployment, ...]:
    """Return every flow with what triggers it, the schedules being those that the owners of these sources wish for."""
    wished = sorted({source.poll_every_seconds for source in sources if source.poll_every_seconds})
    looks = (
        Schedule(every_seconds=LOOK_SECONDS),
        *(
            Schedule(every_seconds=seconds, parameters={"every": seconds})
            for seconds in wished
            if seconds != LOOK_SECONDS
        ),
    )
    all_of_them = ("poll", "fetch", "validate", "notify")
    return (
        Deployment(
            flow="ingest", entrypoint="ingest.flows.pipeline.ingest", handles=all_of_them,
            says="Run the pipeline once over the sources that are due, and over all that waits.",
            schedules=(Schedule(every_seconds=NET_SECONDS, offset_seconds=NET_OFFSET_SECONDS),),
            triggers=(PINGED,),  # what is pushed is urgent: one run takes it all the way, where three would hand it on
        ),
        Deployment(
            flow="poll", entrypoint="ingest.flows.triggered.poll", schedules=looks, handles=("poll",),
            says="Poll the sources that are due.",
        ),
        Deployment(
            flow="fetch", entrypoint="ingest.flows.triggered.fetch", triggers=(FETCH,), handles=("fetch",),
            says="Fetch and parse the pages of entries that wait, and stage their articles.",
        ),
        Deployment(
            flow="validate", entrypoint="ingest.flows.triggered.validate", triggers=(VALIDATE,), handles=("validate",),
            says="Validate what is staged, publish what passes, and hand analysts the new file.",
        ),
        Deployment(
            flow="notify", entrypoint="ingest.flows.triggered.notify", handles=("notify",),
            triggers=(NOTIFY, BROKEN, SILENT),
            says="Notify people of what is due, and look at what no run sees by itself.",
        ),
        Deployment(
            flow="backfill", entrypoint="ingest.flows.pipeline.backfill", handles=all_of_them,
            says="Load what a newsroom published in a range of days.",
        ),
    )  # fmt: skip


HANDLES = {deployment.flow: deployment.handles for deployment in flows_of(())}
_TRIGGERED_BY = {
    event: deployment.flow
    for deployment in flows_of(())
    for trigger in deployment.triggers
    for event in trigger.events
    if not trigger.silent_seconds
}


def triggering(events: Sequence[Event], *, told_by: str) -> frozenset[str]:
    """Choose, by id, the events that are to trigger a flow: one for each flow that still has something to do.

    What the flow that sends them has done itself triggers nothing, and of many events for one flow the last will do.
    """
    last = {
        _TRIGGERED_BY[name]: event.event_id for event in events if (name := f"ingest.{event.name}") in _TRIGGERED_BY
    }
    return frozenset(event_id for flow, event_id in last.items() if flow not in HANDLES[told_by])

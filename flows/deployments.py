"""Which clock and which bell wakes which flow: said here alone. `prefect.yaml` says the same; a test holds them equal.

An event is a bell, not a parcel: the flow it wakes takes all that waits, so one that is rung twice does no harm, and
one that is not heard is made up for by the hourly pass.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.core.model import Event, Source

PREFIX = "ingest: "  # of the names of automations that are ours
RINGS = {"ingest.bell": "rings"}  # the label of an event that something still waits for
LOOK_SECONDS = 900  # how often sources are looked at whose owner names no time: as prefect.yaml always had it
NET_SECONDS = 3600  # how often a whole pass makes up for what bells and runs have lost
NET_OFFSET_SECONDS = 450  # so that it strikes between two looks
SILENCE_SECONDS = 86_400  # without a single new entry, after which somebody has to look
WRITTEN_DOWN_SECONDS = 10  # in which Prefect records an event that it has sent itself: it writes every five seconds
STORM_SECONDS = 5  # in which failed automations start one run: the automation that starts it may be the one that fails

SOURCE_PINGED = "ingest.source.pinged"
ACTION_FAILED = "prefect.automation.action.failed"
ACTION_DONE = "prefect.automation.action.executed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Wakes a flow every so many seconds, counted from midnight."""

    every_seconds: int
    offset_seconds: int = 0
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """Wakes a flow when one of some events occurs, or when none of them has for `silent_seconds`."""

    name: str
    says: str  # what it does, for whoever finds it on Prefect's page
    events: tuple[str, ...]
    match: Mapping[str, str] = field(default_factory=dict)  # labels of the event's resource
    parameters: Mapping[str, object] = field(default_factory=dict)  # templates of Prefect's
    once_in_seconds: int = 0  # what rings again within is not heard
    after_seconds: int = 0  # how long after the event the run begins
    silent_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Woken:
    """A flow, what wakes it, and whose bells it has answered by the time it ends."""

    flow: str
    entrypoint: str
    says: str
    clocks: tuple[Clock, ...] = ()
    bells: tuple[Bell, ...] = ()
    answers: tuple[str, ...] = ()  # names of flows; its own bell is among them


PINGED = Bell(
    name="a source that pings us is asked",
    says="When a source or its hub says that there is news (by a push or a ping that ingest listen took), "
    "runs the flow ingest over that source at once.",
    events=(SOURCE_PINGED,),
    parameters={"keys": ["{{ event.payload.source_id }}"], "pinged": True},
)
READ = Bell(
    name="entries found are read",
    says="When a poll has found new entries, runs the flow read: it fetches their pages and stages the articles.",
    events=("ingest.entries.found",),
    match=RINGS,
)
JUDGE = Bell(
    name="batches staged are judged",
    says="When a batch of articles is staged, runs the flow judge: it validates the batch, and publishes what passes.",
    events=("ingest.batch.staged",),
    match=RINGS,
)
ALERT = Bell(
    name="people are told of what is refused",
    says="When a batch is rejected, rows are quarantined, or an alert opens, is due again or is resolved, "
    "runs the flow alert: it sends the messages that wait.",
    events=(
        *("ingest.batch.rejected", "ingest.rows.quarantined"),
        *("ingest.alert.opened", "ingest.alert.reminded", "ingest.alert.resolved"),
    ),
    match=RINGS,
)
BROKEN = Bell(
    name="people are told of automations that fail",
    says="When one of these automations could not do what it is for, runs the flow alert: it opens an alert about it.",
    events=(ACTION_FAILED,),
    match={"prefect.resource.name": f"{PREFIX}*"},
    once_in_seconds=STORM_SECONDS,
    after_seconds=STORM_SECONDS + WRITTEN_DOWN_SECONDS,  # so that the run finds all that failed meanwhile
)
SILENT = Bell(
    name="people are told when nothing new is found",
    says="When no poll has found anything new for a day, runs the flow alert, which opens an alert if all is silent.",
    events=("ingest.entries.found",),
    silent_seconds=SILENCE_SECONDS,
)


def flows_of(sources: Iterable[Source]) -> tuple[Woken, ...]:
    """Return every flow with what wakes it, the clocks being those that the owners of these sources wish for."""
    wished = sorted({source.poll_every_seconds for source in sources if source.poll_every_seconds})
    looks = (
        Clock(every_seconds=LOOK_SECONDS),
        *(Clock(every_seconds=seconds, parameters={"every": seconds}) for seconds in wished if seconds != LOOK_SECONDS),
    )
    all_of_them = ("poll", "read", "judge", "alert")
    return (
        Woken(
            flow="ingest", entrypoint="ingest.flows.pipeline.ingest", answers=all_of_them,
            says="Take one pass over the newsrooms that are due, and over all that waits.",
            clocks=(Clock(every_seconds=NET_SECONDS, offset_seconds=NET_OFFSET_SECONDS),),
            bells=(PINGED,),  # what is pushed is in a hurry: one run takes it all the way, where three would hand it on
        ),
        Woken(
            flow="poll", entrypoint="ingest.flows.woken.poll", clocks=looks, answers=("poll",),
            says="Ask the newsrooms that are due for what is new.",
        ),
        Woken(
            flow="read", entrypoint="ingest.flows.woken.read", bells=(READ,), answers=("read",),
            says="Fetch and read the pages of entries that wait, and stage their articles.",
        ),
        Woken(
            flow="judge", entrypoint="ingest.flows.woken.judge", bells=(JUDGE,), answers=("judge",),
            says="Judge what is staged, publish what passes, and hand analysts the new file.",
        ),
        Woken(
            flow="alert", entrypoint="ingest.flows.woken.alert", bells=(ALERT, BROKEN, SILENT), answers=("alert",),
            says="Notify people of what is due, and look at what no run sees by itself.",
        ),
        Woken(
            flow="backfill", entrypoint="ingest.flows.pipeline.backfill", answers=all_of_them,
            says="Load what a newsroom published in a range of days.",
        ),
    )  # fmt: skip


ANSWERS = {woken.flow: woken.answers for woken in flows_of(())}
_WAKES = {
    event: woken.flow
    for woken in flows_of(())
    for bell in woken.bells
    for event in bell.events
    if not bell.silent_seconds
}


def ringing(events: Sequence[Event], *, told_by: str) -> frozenset[str]:
    """Choose, by id, the events that are to ring: one for each flow that still has something to do.

    What the flow that tells them has done itself wakes nobody, and of many bells for one flow the last will do.
    """
    last = {_WAKES[name]: event.event_id for event in events if (name := f"ingest.{event.name}") in _WAKES}
    return frozenset(event_id for flow, event_id in last.items() if flow not in ANSWERS[told_by])

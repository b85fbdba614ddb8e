"""What waits for a run, and may be taken by it now: sources by their entries, batches, and events to be sent."""

from collections.abc import Sequence
from datetime import datetime

from ingest.core.fetch_state import Budget, Turn
from ingest.core.model import Batch, Event
from ingest.pipeline import wiring
from ingest.quality.rejection import validated_together
from ingest.scheduling.source_order import budget_of, first_turn, has_time, take_turns
from ingest.state import alerts, entries
from ingest.warehouse import copy_history
from ingest.warehouse.batches import batches_in

from .signals import is_stopping
from .stages import Given


def turn_of_run(due_at: datetime, budget: Budget | None, given: Given) -> Turn:
    """Return the turn of each source in the first round of a run with a budget, by default that of the settings."""
    with wiring.open_world(**given) as world:
        return first_turn(due_at, budget or budget_of(world.settings.run_seconds), wiring.utc_now())


def sources_to_fetch(run_id: str, turn: Turn, given: Given) -> list[str]:
    """Return the sources with pages to fetch that have not had their share of the run, while it has time and disk.

    Those that were fetched from longest ago are first. Those that another run has leased are left to it; each is
    leased when its pages are fetched, so that a worker that begins later has its part of them.
    """
    with wiring.open_world(**given) as world:
        if is_stopping() or world.disk_shortage or not has_time(turn, wiring.utc_now()):
            return []
        waiting = entries.sources_with(world.state, "found", turn.due_at) & world.sources.keys()
        waiting = world.leases.open_to(run_id, waiting)
        fetches = entries.fetches_of_run(world.state, run_id, waiting)
        ours = {key for key in waiting if fetches.get(key, 0) < turn.most}
        if not ours:
            return []
        in_turn = take_turns(world.sources.values(), fetched=entries.last_fetched(world.state))
        return [source.source_id for source in in_turn if source.source_id in ours]


def sources_to_stage(run_id: str, due_at: datetime, given: Given) -> list[str]:
    """Lease the listed sources with fetched pages; return them in the order in which hosts alternate."""
    with wiring.open_world(**given) as world:
        waiting = entries.sources_with(world.state, "fetched", due_at) & world.sources.keys()
        ours = world.leases.lease(run_id, waiting, wiring.utc_now())
        return [source.source_id for source in take_turns(world.sources.values()) if source.source_id in ours]


def staged_batches(run_id: str, given: Given) -> list[list[str]]:
    """Return the batches that wait to be validated, and are this run's, in the groups that are validated together."""
    with wiring.open_world(**given) as world:
        batches = batches_in(world.state, "staged")
        ours = _lease(world, batches, run_id)
        groups = validated_together(batch for batch in batches if batch.source_id in ours)
        return [[batch.batch_id for batch in group] for group in groups]


def validated_batches(run_id: str, given: Given) -> list[str]:
    """Return the batches that wait to be published, first staged first; those of other runs, too.

    Nothing but publication is left to do for them. Where no run that lives has leased their sources, this one does.
    """
    with wiring.open_world(**given) as world:
        batches = batches_in(world.state, "validated")
        _lease(world, batches, run_id)
        return [batch.batch_id for batch in batches]


def unpublished_batches(run_id: str, given: Given) -> list[str]:
    """Return the batches that a run leaves to the worker that publishes; to be read before it ends."""
    with wiring.open_world(**given) as world:
        return [row["batch_id"] for row in world.state.read("unpublished_by_run", {"run_id": run_id})]


def _lease(world: wiring.World, batches: Sequence[Batch], run_id: str) -> set[str]:
    """Lease the sources of batches; return which of them are this run's."""
    return world.leases.lease(run_id, {batch.source_id for batch in batches}, wiring.utc_now())


def waiting_events(given: Given) -> list[Event]:
    """Return the events that nobody was told of yet."""
    with wiring.open_world(**given) as world:
        return alerts.unsent_events(world.state)


def mark_told(events: Sequence[Event], given: Given) -> None:
    """Mark events as sent, for analysts too."""
    if not events:
        return
    with wiring.open_world(**given) as world:
        alerts.mark_sent(world.state, [event.event_id for event in events], wiring.utc_now())
        copy_history.copy_history(world.state, world.warehouse)

"""The stations of a run as functions of keys: each opens the world, takes one step, and closes it.

They are what a Prefect task runs, and what runs without Prefect. What reads feeds and pages is imported by those that
need it: that takes longer than all else that a run does with nothing due.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ingest.alerts.delivery import quiet_hours
from ingest.alerts.notify import notify
from ingest.core.errors import IngestError, WarehouseBusy
from ingest.core.fetch_state import Backfill, Rechecks, Turn
from ingest.core.model import Source
from ingest.core.ports import OutcomeCount
from ingest.feeds import sources_file
from ingest.observability import telemetry
from ingest.pipeline import steps, wiring
from ingest.pipeline.audit import audit_daily
from ingest.pipeline.prune import prune_daily
from ingest.pipeline.remove import remove_again
from ingest.pipeline.verify import verify_share
from ingest.pipeline.watchdog import Broken, look_over
from ingest.quality.rejection import published_together
from ingest.report.run_summary import Report, summary_of
from ingest.scheduling.retries import Pace, heeds_ping, is_due, known_feed, last_of
from ingest.scheduling.source_order import has_time, left_of, take_turns
from ingest.state import entries
from ingest.state.polls import known_feeds, last_polls
from ingest.warehouse import batches, copy_history, releases, runs
from ingest.warehouse.staged import unload_staged
from ingest.websub.trust import rests

from .signals import is_stopping
from .stage_spans import traced

log = logging.getLogger("ingest")

INBOX = "inbox"  # the key that trouble with what was pushed is told under
PUBLISHED_BEFORE_REST = 10  # groups of batches, each of which may touch other places of every table

Given = Mapping[str, object]  # settings that win over the environment; the same in every task of a run


def choose_due(
    keys: Sequence[str], given: Given, *, everything: bool, pinged: bool = False, every: int | None = None
) -> tuple[list[str], list[str]]:
    """Part the sources asked for (all, for none) into those to visit now and those whose time has not come.

    Those that pinged us, or are said to have news, need not be due; one whose hub is trusted to push it seldom is.
    `every` leaves only those that their owner wants asked every so many seconds. While the disk is short, none is.
    """
    with wiring.open_world(**given) as world:
        polls, feeds, now = last_polls(world.state), known_feeds(world.state), wiring.utc_now()
        inbox = world.inbox
        told = {ping.source_id for ping in inbox.pings()} if inbox else set()
        hubs = {one.source_id: one for one in inbox.subscriptions() if one.is_active(now)} if inbox else {}
        listening = inbox.listening() if inbox else None

        def is_asked(source: Source) -> bool:
            kept, feed = polls.get(source.source_id), feeds.get(source.source_id)
            last, known = last_of(source, kept, feed), known_feed(source, feed)
            if pinged or source.source_id in told:
                return heeds_ping(last, now, known=known)
            is_pushed = rests(hubs.get(source.source_id), last, listening, now)
            return not is_pushed and is_due(last, now, known=known, every_seconds=source.poll_every_seconds)

        asked = sources_file.choose_sources(world.sources, keys)
        chosen = [source for source in asked if every in (None, source.poll_every_seconds)]
        due = [] if world.disk_shortage else [source for source in chosen if everything or is_asked(source)]
        failing = {key for key, poll in polls.items() if poll.outcome == "failed"}
        in_turn = [source.source_id for source in take_turns(due, failing=failing)]
        return in_turn, [source.source_id for source in chosen if source.source_id not in in_turn]


def begin_run(run_id: str, given: Given) -> datetime:
    """Open a run; return when that was."""
    with wiring.open_world(**given) as world:
        now = wiring.utc_now()
        runs.begin_run(world.state, world.warehouse, run_id, list(world.sources.values()), now)
        return now


def require_listed(key: str, given: Given) -> None:
    """Raise Misconfigured, with the keys there are, where no source has this one."""
    with wiring.open_world(**given) as world:
        sources_file.choose_sources(world.sources, [key])


def inboxes(given: Given) -> list[str]:
    """Return the key of the inbox of `ingest listen`; nothing where that never ran, for then nothing is to be done."""
    with wiring.open_world(**given) as world:
        return [INBOX] if world.inbox else []


def take_in_pushes(key: str, run_id: str, given: Given) -> str:
    """Take in what was pushed, and look which hubs push what they should; return the key."""
    from ingest.pipeline import receive_pushes

    with wiring.open_world(**given) as world:
        if inbox := world.inbox:
            state, clock = world.state, wiring.utc_now
            receive_pushes.take_in(
                world.sources, inbox=inbox, state=state, archive=world.web, run_id=run_id, clock=clock
            )
            receive_pushes.check_hubs(inbox=inbox, state=state, now=clock())
        return key


def offer_topics(key: str, given: Given) -> str:
    """Tell `ingest listen` which feeds are pushed, and by whom; return the key."""
    from ingest.pipeline import receive_pushes

    with wiring.open_world(**given) as world:
        if inbox := world.inbox:
            receive_pushes.offer_topics(known_feeds(world.state), inbox=inbox)
        return key


def poll_source(key: str, run_id: str, given: Given) -> str:
    """Poll a source's feed, unless another worker does or the run is to stop; return the outcome."""
    from ingest.pipeline import poll as polling
    from ingest.pipeline import receive_pushes

    if is_stopping():
        return "stopping"
    with wiring.open_world(**given) as world:
        source = world.sources[key]
        pace = Pace(least_seconds=world.settings.poll_min_seconds, most_seconds=world.settings.poll_max_seconds)
        session, now = world.web_of(source), wiring.utc_now()  # a secret that is not set is named before it is leased
        with world.leases.leased_to_poll(run_id, key, now) as is_ours:
            if not is_ours:
                return "elsewhere"
            inbox = world.inbox
            last = last_polls(world.state, [key]).get(key) if inbox else None
            with session as web:
                poll = polling.poll(source, web=web, state=world.state, run_id=run_id, now=now, pace=pace)
            if inbox:
                try:
                    receive_pushes.after_visit(source, poll, last, inbox=inbox, state=world.state)
                except WarehouseBusy as error:  # the poll is kept; a retry of it would learn nothing
                    log.warning("a ping may be answered twice source=%s: %s", key, error)
            return poll.outcome


def backfill_source(wanted: Backfill, run_id: str, turn: Turn, given: Given) -> int:
    """List what a source published in a range of days; say how many new entries that were."""
    from ingest.pipeline.backfill import backfill

    with wiring.open_world(**given) as world:
        source = world.sources[wanted.source_id]
        if not world.leases.lease(run_id, [wanted.source_id], wiring.utc_now()):
            message = f"another run has {wanted.source_id} in hand; go back once it has ended"
            raise WarehouseBusy(message, about=wanted.source_id)

        def is_over() -> bool:
            return is_stopping() or not has_time(turn, wiring.utc_now())

        with world.web_of(source) as web:
            state, clock = world.state, wiring.utc_now
            return backfill(source, wanted, web=web, state=state, run_id=run_id, clock=clock, is_over=is_over)


def fetch_pages(key: str, run_id: str, turn: Turn, given: Given) -> int:
    """Fetch the pages of a source's waiting entries, unless another worker does, for one turn; return how many came."""
    from ingest.pipeline.fetch import fetch

    with wiring.open_world(**given) as world:
        source = world.sources[key]
        if not world.leases.lease(run_id, [key], wiring.utc_now()):
            return 0
        rest = left_of(turn, entries.fetches_of_run(world.state, run_id, [key]).get(key, 0))
        if leased_at := world.leases.leased_from_another_at(key):
            world.web.pause_since(source.feed_url, leased_at)
        with world.web_of(source) as web:
            return fetch(
                source, web=web, state=world.state, run_id=run_id, clock=wiring.utc_now, turn=rest,
                is_stopping=lambda: is_stopping() or world.disk_shortage is not None,
            )  # fmt: skip


def fetch_and_stage(key: str, run_id: str, part: str, turn: Turn, given: Given) -> None:
    """Fetch pages of a source for one turn, then stage them, while those of other sources are being fetched."""
    if traced(fetch_pages)(key, run_id, turn, given):
        traced(stage_batch)(key, run_id, part, given)


def begin_rechecks(keys: Sequence[str], run_id: str, given: Given, *, whole_listing: bool) -> list[str]:
    """Take in published articles of the sources asked for (all, for none) again; return the sources that have any.

    Sources with something new that still waits have none: it comes first.
    """
    with wiring.open_world(**given) as world:
        source_ids = [source.source_id for source in sources_file.choose_sources(world.sources, keys)]
        ours = world.leases.lease(run_id, source_ids, wiring.utc_now())
        waiting = entries.sources_with(world.state, "found", wiring.utc_now())
        chosen = [key for key in source_ids if key in ours and key not in waiting]
        wanted = Rechecks(
            ages_seconds=world.settings.refetch_after_seconds,
            most=None if whole_listing else world.settings.refetch_pages,
            whole_listing=whole_listing,
        )
        due = entries.take_in_rechecks(world.state, chosen, run_id, wanted, wiring.utc_now())
        return [key for key in chosen if key in due]


def stage_batch(key: str, run_id: str, part: str, given: Given) -> None:
    """Read a source's fetched pages and stage what is new in them."""
    with wiring.open_world(**given) as world, world.staging:
        source = world.sources[key]
        steps.stage(
            source,
            web=world.web,
            state=world.state,
            warehouse=world.warehouse,
            parse_all=world.parse_all,
            run_id=run_id,
            now=wiring.utc_now(),
            part=part,
        )


def validate_batches(batch_ids: Sequence[str], given: Given) -> list[tuple[str, IngestError]]:
    """Have batches validated together, except those that were already; give those that could not be."""
    with wiring.open_world(**given) as world, world.validating:
        state, warehouse = world.state, world.warehouse
        waiting = [batch for batch in batches.batches_in(state, "staged") if batch.batch_id in batch_ids]
        return steps.validate_all(
            waiting, validator=world.validator, state=state, warehouse=warehouse, now=wiring.utc_now()
        )


def publish_batches(batch_ids: Sequence[str], given: Given) -> list[tuple[str, IngestError]]:
    """Publish batches, except those that were already; none fails by itself, a bug ends the way of all.

    While another worker publishes, they are left to it: it looks for them once it is done.
    """
    with wiring.open_world(**given) as world, world.warehouse.publishing() as is_ours:
        if not is_ours:
            unload_staged(world.warehouse, batch_ids)
            return []
        waiting = [batch for batch in batches.batches_in(world.state, "validated") if batch.batch_id in batch_ids]
        for number, group in enumerate(published_together(waiting)):
            if number and number % PUBLISHED_BEFORE_REST == 0:
                world.rest()
            steps.publish_batches(group, state=world.state, warehouse=world.warehouse, now=wiring.utc_now())
        return []


def rest(given: Given) -> None:
    """Begin anew with the database in the middle of a run, as the next run would."""
    with wiring.open_world(**given) as world:
        world.rest()


def release_news(file: str, given: Given) -> str:
    """Release the new file, or leave that to the worker that publishes now; return the file, the key of a failure."""
    with wiring.open_world(**given) as world, world.warehouse.publishing() as is_ours:
        state, warehouse, now = world.state, world.warehouse, wiring.utc_now()
        if is_ours and not releases.is_released(state, warehouse, now):
            world.rest_readers()
            world.rest()
            steps.release(
                state=state, warehouse=warehouse, now=now, release_time_share=world.settings.release_time_share
            )
        return file


def audit_warehouse(name: str, given: Given) -> str:
    """Validate all that is published, once a day; its name is the key that trouble with it is told under."""
    with wiring.open_world(**given) as world, world.validating:
        audit_daily(validator=world.validator, state=world.state, now=wiring.utc_now())
        return name


def oversee(broken: Sequence[Broken] | None, given: Given) -> None:
    """Look at what no run sees by itself, automations where they are known, and verify a share of what is kept."""
    with wiring.open_world(**given) as world:
        look_over(
            state=world.state,
            now=wiring.utc_now(),
            watched=len(world.sources),
            broken=broken,
            short=world.disk_shortage,
        )
        state, warehouse, size_of = world.state, world.warehouse, world.archive_files.size_of
        verify_share(state=state, warehouse=warehouse, recall=world.recall, size_of=size_of, now=wiring.utc_now())


def disk_shortage(given: Given) -> IngestError | None:
    """Return what keeps runs from polling and fetching where the disk has less free than is to stay free."""
    with wiring.open_world(**given) as world:
        return world.disk_shortage


def notify_people(given: Given) -> int:
    """Deliver the messages that are due; return how many were delivered."""
    with wiring.open_world(**given) as world, world.warehouse.telling():
        quiet = quiet_hours(world.settings.quiet_hours)
        return notify(notifier=world.notifier, state=world.state, now=wiring.utc_now(), quiet=quiet)


def rejected_batches(run_id: str, given: Given) -> list[str]:
    """Return the batches that a run has rejected; to be asked before it ends, while its sources are its own."""
    with wiring.open_world(**given) as world:
        return [row["batch_id"] for row in world.state.read("rejected_by_run", {"run_id": run_id})]


def summary(report: Report, given: Given) -> dict[str, Any]:
    """Return all there is to say about a run that has ended."""
    with wiring.open_world(**given) as world:
        return summary_of(report, state=world.state.read)


def end_run(run_id: str, given: Given) -> None:
    """Close a run, with what it asked of each host, and let go of what nobody needs any more."""
    with wiring.open_world(**given) as world:
        state, warehouse, now = world.state, world.warehouse, wiring.utc_now()
        steps.prune(state=state, now=now, keep=world.keep.rejected)
        remove_again(state=state, warehouse=warehouse, files=world.erasable_files, recall=world.recall, now=now)
        prune_daily(state=state, warehouse=warehouse, archive=world.archive_files, keep=world.keep, now=now)
        runs.keep_parse_times(state, run_id, world.parse_times.take())
        runs.end_run(state, run_id, wiring.utc_now(), visited=world.host_visits())
        if copy_history.has_history(state):
            copy_history.copy_history(state, warehouse)


def write_metrics(given: Given) -> None:
    """Write what a run and all before it come to, where somebody collects it."""
    with wiring.open_world(**given) as world:
        now, listed = wiring.utc_now(), list(world.sources)
        telemetry.write_metrics(world.settings, listed, now, state=world.state, warehouse=world.warehouse)


def outcome_counts(run_id: str, given: Given) -> list[OutcomeCount]:
    """Count where the entries of a run ended."""
    with wiring.open_world(**given) as world:
        return runs.outcome_counts(world.state, run_id)

"""The order of a run, whoever takes its steps: Prefect's tasks, or this process alone."""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from ingest.core.errors import Defect, IngestError, MemoryShort
from ingest.core.fetch_state import Backfill, Budget, Turn
from ingest.core.log_lines import line
from ingest.pipeline.audit import WAREHOUSE
from ingest.pipeline.watchdog import Broken
from ingest.report.run_summary import Report, Trouble
from ingest.scheduling.source_order import FIRST_ROUND, next_turn

from . import due_work, stages
from .signals import is_stopping, told_to_stop
from .stage_runner import StageRunner
from .stage_spans import traced_run
from .stages import Given

log = logging.getLogger("ingest")

Failed = Sequence[tuple[str, IngestError]]  # keys, and what went wrong

NEWS = "news.duckdb"  # under whose name trouble with its release is told


def failure_by(bug: Exception, key: object) -> IngestError:
    """Take a bug for the failure of the source or batch in which it came up, loudly: it ends no other's way.

    docs/decisions/0018 says why.
    """
    if isinstance(bug, MemoryError):
        message = f"there is no memory left for {key}: give this process more, and run again; what was kept stays"
        return MemoryShort(message, about=str(key))
    log.error("a bug of ours ended the way of %s", key, exc_info=bug)
    return Defect(f"a bug of ours ended its way: {type(bug).__name__}: {bug}", about=str(key))


def failed_of(groups: Iterable[Sequence[str]], results: Iterable[Any]) -> Iterator[tuple[str, IngestError]]:
    """Yield the keys that failed, from what a stage gave for each group: an error of its own, or those of its keys."""
    for group, result in zip(groups, results, strict=True):
        yield from [(key, result) for key in group] if isinstance(result, IngestError) else result


def run_stages(
    runner: StageRunner,
    run_id: str,
    *,
    keys: Sequence[str],
    everything: bool,
    given: Given,
    recheck: bool = False,
    pinged: bool = False,
    broken: Sequence[Broken] | None = None,
    budget: Budget | None = None,
) -> Report:
    """Take one pass over the sources that are due, and over all that an earlier run left under way.

    What goes beyond the budget, by default the one of the settings, waits for the next run. Sources that pinged us need
    not be due. Pages are asked again only when everything new is public. Which automations are broken, people are told,
    where that is known.
    """
    with traced_run(runner, run_id) as moving:
        due, not_due = stages.choose_due(keys, given, everything=everything, pinged=pinged)
        turn = due_work.turn_of_run(stages.begin_run(run_id, given), budget, given)
        inboxes = stages.inboxes(given)
        failed = moving.each("take_in_pushes", inboxes, run_id, given) if inboxes else []
        moving.begin("poll_source", due, run_id, given)
        failed += _go_on(moving, run_id, "", turn, given)
        if not is_stopping() and stages.begin_rechecks(keys, run_id, given, whole_listing=recheck):
            failed += _go_on(moving, run_id, "rechecks", turn, given)
        return _end(moving, run_id, failed, polled=due, not_due=not_due, broken=broken, given=given)


def go_back(
    runner: StageRunner, run_id: str, wanted: Backfill, *, given: Given, budget: Budget | None = None
) -> Report:
    """List what a source published in a range of days, and take it the way of all entries.

    To list it has a budget, and to fetch it another: else nothing of a large archive were public before all is listed.
    """
    stages.require_listed(wanted.source_id, given)
    with traced_run(runner, run_id) as moving:
        begun_at = stages.begin_run(run_id, given)
        moving.once("backfill_source", wanted, run_id, due_work.turn_of_run(begun_at, budget, given), given)
        failed = _go_on(moving, run_id, "", due_work.turn_of_run(begun_at, budget, given), given)
        return _end(moving, run_id, failed, polled=[], not_due=[], broken=None, given=given)


def poll_due(runner: StageRunner, run_id: str, *, keys: Sequence[str], every: int | None, given: Given) -> Report:
    """Visit the feeds that are due, and leave what they list to the flow that it triggers."""
    with traced_run(runner, run_id) as moving:
        due, not_due = stages.choose_due(keys, given, everything=False, every=every)
        stages.begin_run(run_id, given)
        moving.begin("poll_source", due, run_id, given)
        failed = _settle_all(moving)
        return _close(run_id, failed, polled=due, not_due=not_due, given=given)


def read_waiting(runner: StageRunner, run_id: str, *, given: Given) -> Report:
    """Fetch and stage what waits; where that takes long, have it validated and published on the way."""
    with traced_run(runner, run_id) as moving:
        turn = due_work.turn_of_run(stages.begin_run(run_id, given), None, given)
        found = _to_fetch(moving, run_id, turn, given, [])
        moving.begin("fetch_and_stage", found, run_id, "", turn, given)
        failed = moving.settle(found, 2 * turn.length.total_seconds())
        if fetched := _to_stage(moving, run_id, turn, given, failed):
            failed += moving.each("stage_batch", fetched, run_id, "left", given)
        if (
            moving.under_way
            or _to_fetch(moving, run_id, turn, given, failed)
            or _to_stage(moving, run_id, turn, given, failed)
        ):
            failed += _go_on(moving, run_id, "more", turn, given)
        return _close(run_id, failed, given=given)


def validate_staged(runner: StageRunner, run_id: str, *, given: Given) -> Report:
    """Validate every batch that waits for it, publish what passes and release it."""
    with traced_run(runner, run_id) as moving:
        stages.begin_run(run_id, given)
        failed = _validate(moving, run_id, [], given)
        failed += _publish(moving, run_id, failed, given)
        return _close(run_id, failed, given=given)


def notify_due(runner: StageRunner, run_id: str, *, broken: Sequence[Broken] | None, given: Given) -> Report:
    """Look at what no run sees by itself, and deliver the messages that are due."""
    with traced_run(runner, run_id) as moving:
        stages.begin_run(run_id, given)
        moving.once("oversee", broken, given)
        moving.once("notify_people", given)
        return _close(run_id, [], given=given)


def _settle_all(runner: StageRunner) -> list[tuple[str, IngestError]]:
    failed: list[tuple[str, IngestError]] = []
    while runner.under_way:
        failed += runner.settle(list(runner.under_way), FIRST_ROUND.total_seconds())
    return failed


def _go_on(runner: StageRunner, run_id: str, part: str, turn: Turn, given: Given) -> list[tuple[str, IngestError]]:
    """Take all entries that come in from their pages to the analysts, in rounds, so that nobody waits for the slow.

    Whoever is still being visited when a round ends comes in with a later one. A source with many pages brings several
    batches in a round. What failed in one is left for another run, and so is what the budget does not reach. A run that
    is to stop begins nothing more, and publishes what it has of this round.
    """
    failed: list[tuple[str, IngestError]] = []
    batches = count()  # of one source each has a name of its own
    for number in count():
        found = _to_fetch(runner, run_id, turn, given, failed)
        failed += runner.settle(runner.under_way, 0 if number and found else turn.length.total_seconds())
        found = _to_fetch(runner, run_id, turn, given, failed)
        runner.begin("fetch_and_stage", found, run_id, f"{part}{next(batches) or ''}", turn, given)
        failed += runner.settle(found, 2 * turn.length.total_seconds())
        failed += _validate(runner, run_id, failed, given)
        while not is_stopping() and (fetched := _to_stage(runner, run_id, turn, given, failed)):
            stages.rest(given)
            failed += runner.each("stage_batch", fetched, run_id, f"{part}{next(batches) or ''}", given)
            failed += _validate(runner, run_id, failed, given)
        failed += _publish(runner, run_id, failed, given)
        if not runner.under_way and not _to_fetch(runner, run_id, turn, given, failed):
            break
        stages.rest(given)
        turn = next_turn(turn)
    return failed


def _to_fetch(runner: StageRunner, run_id: str, turn: Turn, given: Given, failed: Failed) -> list[str]:
    return _free(runner, due_work.sources_to_fetch(run_id, turn, given), failed)


def _to_stage(runner: StageRunner, run_id: str, turn: Turn, given: Given, failed: Failed) -> list[str]:
    return _free(runner, due_work.sources_to_stage(run_id, turn.due_at, given), failed)


def _free(runner: StageRunner, keys: Sequence[str], failed: Failed) -> list[str]:
    """Leave out the keys that something is being done for, or has failed for."""
    out = {*runner.under_way, *(key for key, _ in failed)}
    return [key for key in keys if key not in out]


def _validate(
    runner: StageRunner, run_id: str, failed: Sequence[tuple[str, IngestError]], given: Given
) -> list[tuple[str, IngestError]]:
    """Have all batches validated that wait for it; where a group broke off, those validated before are no trouble."""
    out = {key for key, _ in failed}
    groups = [[key for key in group if key not in out] for group in due_work.staged_batches(run_id, given)]
    broken = runner.together("validate_batches", [group for group in groups if group], given)
    left = {key for group in due_work.staged_batches(run_id, given) for key in group} if broken else set()
    return [(key, error) for key, error in broken if key in left]


def _publish(
    runner: StageRunner, run_id: str, failed: Sequence[tuple[str, IngestError]], given: Given
) -> list[tuple[str, IngestError]]:
    """Make public what was validated, and release it; where one batch breaks off, each of the others is tried alone.

    Neither stops the run: people have to be told, above all of what went wrong before. One worker does this at a time.
    The others don't wait for it, so it looks for what they have validated meanwhile once it lets them publish.
    """
    out = {key for key, _ in failed}
    broken: list[tuple[str, IngestError]] = []
    tried: set[str] = set()
    ready = _to_publish(run_id, out, given)
    while True:
        tried |= set(ready)
        if ready and runner.together("publish_batches", [ready], given):
            for key in _to_publish(run_id, out, given):
                broken += runner.together("publish_batches", [[key]], given)
        if NEWS not in out:
            broken += runner.each("release_news", [NEWS], given)
        out |= {key for key, _ in broken}
        ready = _to_publish(run_id, out, given)
        if is_stopping() or tried.issuperset(ready):
            return broken


def _to_publish(run_id: str, out: Collection[str], given: Given) -> list[str]:
    return [key for key in due_work.validated_batches(run_id, given) if key not in out]


def _end(
    runner: StageRunner,
    run_id: str,
    failed: list[tuple[str, IngestError]],
    *,
    polled: Sequence[str],
    not_due: Sequence[str],
    broken: Sequence[Broken] | None,
    given: Given,
) -> Report:
    if is_stopping():
        return _close(run_id, failed, polled=polled, not_due=not_due, given=given)
    if inboxes := stages.inboxes(given):
        failed += runner.each("offer_topics", inboxes, given)
    failed += runner.each("audit_warehouse", [WAREHOUSE], given)
    runner.once("oversee", broken, given)
    runner.once("notify_people", given)
    return _close(run_id, failed, polled=polled, not_due=not_due, given=given)


def _close(
    run_id: str,
    failed: list[tuple[str, IngestError]],
    *,
    polled: Sequence[str] = (),
    not_due: Sequence[str] = (),
    given: Given,
) -> Report:
    if short := stages.disk_shortage(given):
        failed.append(("disk", short))
    rejected = stages.rejected_batches(run_id, given)
    out = {key for key, _ in failed}
    unpublished = [key for key in due_work.unpublished_batches(run_id, given) if key not in out]
    stages.end_run(run_id, given)
    try:
        stages.write_metrics(given)
    except IngestError as error:
        failed.append(("metrics", error))
    told = told_to_stop()
    stopped = {"stopped_by": told.name} if told else {}
    log.info(line("run_ended", polled=len(polled), not_due=len(not_due), troubles=len(failed), **stopped))
    return Report(
        run_id=run_id,
        polled=tuple(polled),
        not_due=tuple(not_due),
        troubles=tuple(Trouble(key=key, reason=error.reason, detail=str(error)) for key, error in failed),
        rejected=tuple(rejected),
        unpublished=tuple(unpublished),
        stopped_by=told.name if told else None,
    )

"""The order of a run, whoever takes its steps: Prefect's tasks, or this process alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ingest.errors import IngestError
from ingest.visiting import Backfill

from . import stages
from .stages import Given


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A source or batch that could not go on, and why."""

    key: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a run went, by keys and counts."""

    run_id: str
    polled: tuple[str, ...]
    not_due: tuple[str, ...]
    troubles: tuple[Trouble, ...] = ()


class Mover(Protocol):
    """Takes one stage for many keys, side by side or one after another."""

    def each(self, stage: str, keys: Sequence[str], *arguments: object) -> list[tuple[str, IngestError]]:
        """Run the stage of that name for every key; give those that failed with an error of ours."""
        ...

    def together(
        self, stage: str, groups: Sequence[Sequence[str]], *arguments: object
    ) -> list[tuple[str, IngestError]]:
        """Run a stage that takes a group of keys, and gives those that failed; all of them where itself it fails."""
        ...

    def once(self, stage: str, *arguments: object) -> None:
        """Run a stage that has no keys."""
        ...


def failed_of(groups: Iterable[Sequence[str]], results: Iterable[Any]) -> Iterator[tuple[str, IngestError]]:
    """Give the keys that failed, from what a stage gave for each group: an error of its own, or those of its keys."""
    for group, result in zip(groups, results, strict=True):
        yield from [(key, result) for key in group] if isinstance(result, IngestError) else result


def pass_over(
    mover: Mover, run_id: str, *, keys: Sequence[str], everything: bool, given: Given, recheck: bool = False
) -> Report:
    """Take one pass over the sources that are due, and over all that an earlier run left under way.

    Pages are asked again only when everything new is public.
    """
    due, not_due = stages.choose_due(keys, given, everything=everything)
    stages.begin_run(run_id, given)
    failed = mover.each("poll_source", due, run_id, given)
    failed += _go_on(mover, run_id, "", given)
    if stages.begin_rechecks(keys, run_id, given, whole_listing=recheck):
        failed += _go_on(mover, run_id, "rechecks", given)
    return _end(mover, run_id, failed, polled=due, not_due=not_due, given=given)


def go_back(mover: Mover, run_id: str, wanted: Backfill, *, given: Given) -> Report:
    """List what a source published in a range of days, and take it the way of all entries."""
    stages.begin_run(run_id, given)
    mover.once("backfill_source", wanted, run_id, given)
    failed = _go_on(mover, run_id, "", given)
    return _end(mover, run_id, failed, polled=[], not_due=[], given=given)


def _go_on(mover: Mover, run_id: str, part: str, given: Given) -> list[tuple[str, IngestError]]:
    """Take all entries that have come in from their pages to the analysts."""
    failed = mover.each("fetch_pages", stages.sources_with("found", given), run_id, given)
    failed += mover.each("stage_batch", stages.sources_with("fetched", given), run_id, part, given)
    failed += _validate(mover, given)
    mover.once("publish_batches", given)
    return failed


def _validate(mover: Mover, given: Given) -> list[tuple[str, IngestError]]:
    """Have all batches judged that wait for it; where a group broke off, those validated before are no trouble."""
    failed = mover.together("validate_batches", stages.staged_batches(given), given)
    waiting = {key for group in stages.staged_batches(given) for key in group} if failed else set()
    return [(key, error) for key, error in failed if key in waiting]


def _end(
    mover: Mover,
    run_id: str,
    failed: list[tuple[str, IngestError]],
    *,
    polled: Sequence[str],
    not_due: Sequence[str],
    given: Given,
) -> Report:
    mover.once("tell_people", given)
    stages.end_run(run_id, given)
    return Report(
        run_id=run_id,
        polled=tuple(polled),
        not_due=tuple(not_due),
        troubles=tuple(Trouble(key=key, reason=error.reason, detail=str(error)) for key, error in failed),
    )

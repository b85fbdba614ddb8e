"""A run in this process alone, without Prefect: the same stages in the same order."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import stamina

from ingest import wiring
from ingest.errors import IngestError, Transient
from ingest.visiting import Backfill

from . import stages
from .route import Report, go_back, pass_over
from .stages import Given

log = logging.getLogger("ingest")


class Here:
    """Takes stages on a few threads; what is transient is tried again, as Prefect would."""

    def __init__(self, threads: int) -> None:
        self._threads = threads

    def each(self, stage: str, keys: Sequence[str], *arguments: object) -> list[tuple[str, IngestError]]:
        """Run the stage of that name for every key; give those that failed with an error of ours."""

        def attempt(key: str) -> IngestError | None:
            try:
                self.once(stage, key, *arguments)
            except IngestError as error:
                return error
            return None

        with ThreadPoolExecutor(self._threads, thread_name_prefix=stage) as pool:
            errors = list(pool.map(attempt, keys))
        return [(key, error) for key, error in zip(keys, errors, strict=True) if error]

    def once(self, stage: str, *arguments: object) -> None:
        """Run a stage that has no keys."""
        for attempt in stamina.retry_context(on=Transient, attempts=3, timeout=30):
            with attempt:
                getattr(stages, stage)(*arguments)


def run_directly(run_id: str, *, keys: Sequence[str], everything: bool, given: Given, recheck: bool = False) -> Report:
    """Take one pass over the sources, holding the world open throughout."""
    with wiring.open_world(**given) as world:
        mover = Here(world.settings.hosts_at_once)
        report = pass_over(mover, run_id, keys=keys, everything=everything, given=given, recheck=recheck)
        _tell_the_log(given)
    return report


def backfill_directly(run_id: str, wanted: Backfill, *, given: Given) -> Report:
    """Go back over a range of days, holding the world open throughout."""
    with wiring.open_world(**given) as world:
        report = go_back(Here(world.settings.hosts_at_once), run_id, wanted, given=given)
        _tell_the_log(given)
    return report


def _tell_the_log(given: Given) -> None:
    events = stages.waiting_events(given)
    for event in events:
        log.info("event %s %s", event.name, event.payload)
    stages.mark_told(events, given)

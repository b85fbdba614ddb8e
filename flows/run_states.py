"""How a run ended, for whoever looks at Prefect's page: the state it is left in, and what its log says there."""

import logging
from collections.abc import Mapping
from typing import Any, cast

from prefect import State
from prefect.logging import get_run_logger
from prefect.states import Cancelled, Completed, Failed

from ingest.report.run_summary import (
    EXIT_BATCH_REJECTED,
    EXIT_OURS,
    EXIT_SIGNALLED,
    EXIT_SOURCES_FAILED,
    Report,
    exit_code,
    failed_lines,
    rejected_lines,
    sum_line,
    trouble_lines,
)

REJECTED = "Rejected"
SOURCES_FAILED = "SourcesFailed"
STOPPED = "Stopped"
LINES_IN_A_MESSAGE = 5  # the log has all of them


class RunFailed(Exception):
    """What the process of a run raises that ends failed or cancelled: Prefect resolves such a state to an exception."""

    def __init__(self, message: str, report: Report) -> None:
        super().__init__(message)
        self.report = report


def state_of(summary: Mapping[str, Any], report: Report) -> State[Report]:
    """Return the state that a run ends in, which says the same as the exit code of `ingest run`.

    Failed is what a person has to look at. A source that failed is asked again by itself, and alerts tell of one for
    which that is of no use: docs/decisions/0040.
    """
    code = exit_code(summary)
    if code > EXIT_SIGNALLED:
        said = f"stopped by {summary['stopped_by']}; the next run takes what it has left. {sum_line(summary)}"
        return Cancelled(name=STOPPED, message=said, data=RunFailed(said, report))
    message = _message(summary)
    if code == EXIT_OURS:
        return Failed(message=message, data=RunFailed(message, report))
    if code == EXIT_BATCH_REJECTED:
        return Failed(name=REJECTED, message=message, data=RunFailed(message, report))
    if code == EXIT_SOURCES_FAILED:
        return Completed(name=SOURCES_FAILED, message=message, data=report)
    return Completed(message=message, data=report)


def report_of(state: State[Any]) -> Report:
    """Return what a run in this process reports, whatever state it is left in; raise what it raised."""
    result: object = state.result(raise_on_failure=False)
    if isinstance(result, RunFailed):
        return result.report
    if isinstance(result, BaseException):
        raise result
    return cast("Report", result)


def log_to_page() -> None:
    """Have what runs of this process log by Prefect's logger on their pages; standard error has our own log."""
    logger = logging.getLogger("prefect.flow_runs")
    logger.setLevel(logging.INFO)
    logger.propagate = False


def log_end(summary: Mapping[str, Any]) -> None:
    """Log what came of a run, with a line for each rejected batch, failed source and trouble."""
    logger = get_run_logger()
    for line in rejected_lines(summary):
        logger.error("batch rejected: %s", line)
    for line in failed_lines(summary):
        logger.warning("source failed: %s", line)
    for line in trouble_lines(summary):
        logger.error("trouble: %s", line)
    logger.info("%s", sum_line(summary))


def _message(summary: Mapping[str, Any]) -> str:
    said = [f"batch rejected: {line}" for line in rejected_lines(summary)]
    said += [f"trouble: {line}" for line in trouble_lines(summary)]
    said += [f"source failed: {line}" for line in failed_lines(summary)]
    more = [f"and {len(said) - LINES_IN_A_MESSAGE} more, in the log"] if len(said) > LINES_IN_A_MESSAGE else []
    return "\n".join([*said[:LINES_IN_A_MESSAGE], *more, sum_line(summary)])

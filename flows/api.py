"""Prefect's API for whoever runs flows: which one is configured, and a run of a flow that loses it."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx
from prefect import flow_engine, task_engine  # noqa: F401  else they are imported once a server has been waited for
from prefect.client.orchestration import get_client
from prefect.context import refresh_global_settings_context
from prefect.events.worker import EventsWorker
from prefect.exceptions import PrefectHTTPStatusError
from prefect.settings import PREFECT_API_URL, get_current_settings

from ingest.core.errors import ServerUnusable
from ingest.core.retention import Keep, history_begins
from ingest.report.run_summary import Report

from .delete_old_runs import delete_runs
from .run_states import report_of

API_ERRORS = (httpx.HTTPError, PrefectHTTPStatusError)
QUEUES = ("EventsWorker", "APILogWorker")
LAST_EVENTS_SECONDS = 10  # that Prefect's own events of a run, and its log, have to reach its API


def configured_api() -> str | None:
    """Return the address of the Prefect API that is configured, by the environment or by a profile; None without."""
    refresh_global_settings_context()
    address: str | None = PREFECT_API_URL.value()
    return address


def names_database() -> bool:
    """Return whether somebody configured the database of a Prefect server: it may hold the runs of others."""
    return "connection_url" in get_current_settings().server.database.model_fields_set


def check_api() -> None:
    """Ask the API that is configured for its version; ServerUnusable where it can't be reached or is of another age."""
    with _errors_translated(RuntimeError, *API_ERRORS), get_client(sync_client=True) as client:
        client.raise_for_api_version_mismatch_once()


def run_flow(flow: Callable[..., Any], *arguments: object, **named: object) -> Report:
    """Run a flow in this process, and wait until Prefect has its events; ServerUnusable where its API was lost."""
    try:
        with _errors_translated(*API_ERRORS):
            return report_of(flow(*arguments, **named, return_state=True))
    finally:
        drain_queues()


def drain_queues() -> None:
    """Wait until Prefect's API has the events and the log of a run, without Prefect's warnings of how many are left."""
    for queue in QUEUES:
        logging.getLogger(queue).addFilter(_is_no_progress)
    EventsWorker.drain_all(timeout=LAST_EVENTS_SECONDS)  # all queues, the log's among them


def delete_old_runs(names: Sequence[str], keep: Keep, now: datetime) -> None:
    """Delete the runs of some flows from before history is kept; ServerUnusable where the API was lost."""
    if begins := history_begins(keep, now):
        with _errors_translated(*API_ERRORS):
            delete_runs(names, begins)


@contextmanager
def _errors_translated(*errors: type[Exception]) -> Iterator[None]:
    """Raise ServerUnusable for errors of Prefect's and of its client's, in one line, with what is behind them."""
    try:
        yield
    except errors as error:
        said = [str(one) or type(one).__name__ for one in (error, error.__cause__) if one]
        raise ServerUnusable(" ".join(": ".join(said).split()), about="PREFECT_API_URL") from error


def _is_no_progress(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith("Still processing items")

"""Prefect's record of our runs where no server is configured: nothing else would ever make that database smaller."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter, FlowRunFilterEndTime
from prefect.settings import PREFECT_API_URL

AT_ONCE = 200


def forget_local_runs(names: Sequence[str], before: datetime) -> int:
    """Delete the runs of some flows that ended before a moment, with their tasks; say how many those were.

    A server is left alone: others may use it, and it has a vacuum of its own.
    """
    if PREFECT_API_URL.value():
        return 0
    ours = FlowFilter(name=FlowFilterName(any_=list(names)))
    old = FlowRunFilter(end_time=FlowRunFilterEndTime(before_=cast("Any", before)))
    forgotten = 0
    with get_client(sync_client=True) as client:
        while runs := client.read_flow_runs(flow_filter=ours, flow_run_filter=old, limit=AT_ONCE):
            for run in runs:
                client.delete_flow_run(run.id)
            forgotten += len(runs)
    return forgotten

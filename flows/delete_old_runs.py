"""Prefect's record of runs on a server of their own: nothing else would ever make its database smaller."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter, FlowRunFilterEndTime

AT_ONCE = 200


def delete_runs(names: Sequence[str], before: datetime) -> int:
    """Delete the runs of some flows that ended before a moment, with their tasks; return how many those were."""
    ours = FlowFilter(name=FlowFilterName(any_=list(names)))
    old = FlowRunFilter(end_time=FlowRunFilterEndTime(before_=cast("Any", before)))
    deleted = 0
    with get_client(sync_client=True) as client:
        while runs := client.read_flow_runs(flow_filter=ours, flow_run_filter=old, limit=AT_ONCE):
            for run in runs:
                client.delete_flow_run(run.id)
            deleted += len(runs)
    return deleted

"""What one flow run is taken in: a process forked from one that has imported everything, so that it begins at once.

It ends with its run, so that whatever a run leaves in memory, or breaks, is gone with it. docs/decisions/0022 says why.
"""

import logging
import signal
from collections.abc import Callable
from multiprocessing import forkserver, get_context
from multiprocessing.process import BaseProcess
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.flow_engine import run_flow

from . import pipeline, triggered
from .api import drain_queues
from .run_states import log_to_page

FLOWS = {
    flow.name: flow
    for flow in (
        pipeline.ingest,
        pipeline.backfill,
        triggered.poll,
        triggered.fetch,
        triggered.validate,
        triggered.notify,
    )
}


def warm_up() -> None:
    """Begin the process that runs are forked from, and do not wait for it."""
    get_context("forkserver").set_forkserver_preload([__name__, f"{__package__}.preload"])
    forkserver.ensure_running()


def begin_run(flow: str, run_id: UUID, prepare: Callable[[], None]) -> BaseProcess:
    """Begin a flow run in a process of its own; `prepare` is called there first."""
    process = get_context("forkserver").Process(target=take_run, args=(flow, run_id, prepare), name=f"ingest-{flow}")
    process.start()
    return process


def take_run(flow: str, run_id: UUID, prepare: Callable[[], None]) -> None:
    """Take a flow run to its end; how it ended, Prefect is told by the run itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who serves decides when we end, not a key on the terminal
    prepare()
    log_to_page()
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # else it shows where Prefect waits for an API that is away
    with get_client(sync_client=True) as client:
        run = client.read_flow_run(run_id)
    run_flow(FLOWS[flow], flow_run=run, return_type="state")
    drain_queues()

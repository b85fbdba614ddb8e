"""Prefect's record of our runs is deleted by age; that of other flows is left alone."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.command import surroundings
from tests.waiting import LONGEST_SECONDS

pytestmark = [pytest.mark.integration, pytest.mark.slow]

# Names of their own, since other tests use the server; task runs are recorded a while after they end.
PROGRAM = """
import json, time
from datetime import UTC, datetime, timedelta
from ingest.core.settings import load_settings
load_settings()
from prefect import flow, task
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from ingest.flows.delete_old_runs import delete_runs

count = task(lambda: 1, name="count")
ours, others = flow(lambda: count(), name="history-ours"), flow(lambda: count(), name="history-others")
ours(), others()
both = {"flow_filter": FlowFilter(name=FlowFilterName(any_=[ours.name, others.name]))}
with get_client(sync_client=True) as client:
    while len(client.read_task_runs(**both)) < 2:
        time.sleep(0.1)
    now = datetime.now(UTC)
    young = delete_runs([ours.name], now - timedelta(days=1))
    old = delete_runs([ours.name], now + timedelta(days=1))
    left = len(client.read_flow_runs(**both)), len(client.read_task_runs(**both))
print(json.dumps([young, old, *left]))
"""


def test_old_runs_of_ours_are_deleted_with_their_tasks(tmp_path: Path, prefect_api: Mapping[str, str]) -> None:
    environment = surroundings({**prefect_api, "PYTHONPATH": os.pathsep.join(sys.path)})
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=LONGEST_SECONDS,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [0, 1, 1, 1]

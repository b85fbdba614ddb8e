"""Prefect's record of our runs is deleted by age; that of other flows is left alone."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import surroundings

pytestmark = [pytest.mark.integration, pytest.mark.slow]

PROGRAM = """
import json, os, sys
from datetime import UTC, datetime, timedelta
from ingest.settings import load_settings
load_settings()
from prefect import flow, task
from prefect.client.orchestration import get_client
from ingest.flows.history import delete_runs

count = task(lambda: 1, name="count")
ours, others = flow(lambda: count(), name="ingest"), flow(lambda: count(), name="others")
ours(), others()
now = datetime.now(UTC)
young = delete_runs(["ingest"], now - timedelta(days=1))
old = delete_runs(["ingest"], now + timedelta(days=1))
with get_client(sync_client=True) as client:
    left = len(client.read_flow_runs()), len(client.read_task_runs())
print(json.dumps([young, old, *left]))
"""


def test_old_runs_of_ours_are_deleted_with_their_tasks(tmp_path: Path, prefect_home: Path) -> None:
    home = shutil.copytree(prefect_home, tmp_path / "prefect")
    environment = surroundings({"PREFECT_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)})
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=environment, cwd=tmp_path
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [0, 1, 1, 1]

"""Entrypoints of an earlier version, as a Prefect server has stored them, work in a checkout for one more release."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.command import surroundings

pytestmark = [pytest.mark.integration, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
# As the process of a run does that a worker has begun.
PROGRAM = """
import json, sys
from prefect.flows import load_flow_from_entrypoint as load
flows = [load(name, use_placeholder_flow=False) for name in sys.argv[2:]]
given = json.loads(sys.argv[1])
flows[-1](given=given)
print(json.dumps([flow.name for flow in flows]))
"""


@pytest.mark.parametrize(
    "entrypoints",
    [
        [
            *("flows/pipeline.py:ingest", "flows/pipeline.py:backfill", "flows/woken.py:poll", "flows/woken.py:read"),
            *("flows/woken.py:judge", "flows/woken.py:alert"),
        ],
        [
            *("flows.pipeline.ingest", "flows.pipeline.backfill", "flows.woken.poll", "flows.woken.read"),
            *("flows.woken.judge", "flows.woken.alert"),
        ],
    ],
    ids=["by file", "by module"],
)
def test_entrypoints_of_an_earlier_version(
    entrypoints: list[str], tmp_path: Path, prefect_api: Mapping[str, str]
) -> None:
    given = {"warehouse": str(tmp_path / "warehouse")}
    environment = surroundings(prefect_api)
    environment.pop("PYTHONPATH", None)  # or the flows would be found wherever it is run
    command = [sys.executable, "-c", PROGRAM, json.dumps(given), *entrypoints]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == ["ingest", "backfill", "poll", "read", "judge", "alert"]
    assert "alert has an entrypoint that the next release does not find" in done.stderr

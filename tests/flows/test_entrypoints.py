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
FLOWS = ("ingest", "backfill", "poll", "read", "judge", "alert")  # as an earlier version named them
NAMES = ["ingest", "backfill", "poll", "fetch", "validate", "notify"]
FILES = ("pipeline", "pipeline", "woken", "woken", "woken", "woken")
BY_MODULE = [f"flows.{file}.{flow}" for file, flow in zip(FILES, FLOWS, strict=True)]
BY_FILE = [f"flows/{file}.py:{flow}" for file, flow in zip(FILES, FLOWS, strict=True)]
# As the process of a run does that a worker has begun.
PROGRAM = """
import json, sys
from prefect.flows import load_flow_from_entrypoint as load
given, *ways = map(json.loads, sys.argv[1:])
names = []
for entrypoints in ways:
    flows = [load(name, use_placeholder_flow=False) for name in entrypoints]
    flows[-1](given=given)
    names.append([flow.name for flow in flows])
print(json.dumps(names))
"""


def test_entrypoints_of_an_earlier_version(tmp_path: Path, prefect_api: Mapping[str, str]) -> None:
    given = {"warehouse": str(tmp_path / "warehouse")}
    environment = surroundings(prefect_api)
    environment.pop("PYTHONPATH", None)  # or the flows would be found wherever it is run
    command = [sys.executable, "-c", PROGRAM, *map(json.dumps, (given, BY_MODULE, BY_FILE))]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [NAMES] * 2
    assert done.stderr.count("notify has an entrypoint that the next release does not find") == 2, done.stderr

"""A process that takes pass after pass keeps its size, and the warehouse grows by what is published alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import surroundings

pytestmark = pytest.mark.gx

ROOT = Path(__file__).parents[1]
PASSES = int(os.environ.get("INGEST_TEST_PASSES", "6"))


def test_passes_in_one_process_leave_nothing_behind_but_what_is_kept_on_purpose(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.day", "--json", "--passes", str(PASSES), "--hours", "96"]
    environment = surroundings({"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])})
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    looks = [json.loads(line) for line in done.stdout.splitlines()]
    early, late = looks[PASSES // 2], looks[-1]
    more = late["articles"] - early["articles"]

    assert more == 3 * (PASSES - PASSES // 2 - 1)
    assert late["rss"] - early["rss"] < 20e6
    assert late["history"] <= 1.2 * early["history"]
    assert late["archive"] - early["archive"] < 10_000 * more  # each story's pages, and a feed that lists them
    assert late["news"] < 2.5 * early["news"]  # rows that were replaced leave as much room again, which is used again

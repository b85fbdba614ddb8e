"""What a run has sent to Prefect is waited for at its end, and nobody is warned of it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.command import surroundings
from tests.waiting import LONGEST_SECONDS

pytestmark = [pytest.mark.integration, pytest.mark.slow]

PROGRAM = """
import logging
from ingest.core.settings import load_settings
load_settings()
from prefect.events import Event, Resource
from prefect.events.clients import AssertingEventsClient
from prefect.events.worker import EventsWorker
from ingest.flows.api import QUEUES, drain_queues

queue = EventsWorker.instance(AssertingEventsClient)
for number in range(200):
    queue.send(Event(event="article.published", resource=Resource({"prefect.resource.id": f"article.{number}"})))
drain_queues()
print(len(AssertingEventsClient.last.events))
logging.getLogger(QUEUES[0]).warning("queue is full, dropping item")
"""


def test_events_that_wait_at_the_end_of_a_run_are_sent_without_a_warning_but_of_those_that_are_dropped(
    tmp_path: Path, prefect_api: Mapping[str, str]
) -> None:
    environment = surroundings({**prefect_api, "PYTHONPATH": os.pathsep.join(sys.path)})

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=LONGEST_SECONDS,
    )  # fmt: skip

    warnings = done.stderr.splitlines()
    assert (done.returncode, done.stdout, len(warnings)) == (0, "200\n", 1), done.stderr
    assert "queue is full" in warnings[0]

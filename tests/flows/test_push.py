"""Push from end to end: a hub, `ingest listen` and `ingest serve`, each in a process of its own, and no clock."""

import sys
import time
from pathlib import Path

import pytest

from tests.cli.test_listen import free_port, listening
from tests.command import list_sources
from tests.flows.serving import serving, until
from tests.hub import Newsroom

pytestmark = [pytest.mark.prefect, pytest.mark.gx]


def test_a_story_that_is_pushed_is_in_the_analysts_file_though_no_clock_strikes(tmp_path: Path) -> None:
    with Newsroom(lease_seconds=864_000) as newsroom:
        newsroom.publishes("old")
        sources = list_sources(tmp_path / "sources.json", newsroom.source)
        with (
            serving(tmp_path, sources) as served,
            listening(tmp_path, newsroom, port=free_port(), PREFECT_API_URL=f"{served.url}/api"),
        ):
            served.stop_clocks()
            served.ping("gazette")
            until(lambda: "old" in served.articles())  # and so it is known which hub pushes it
            until(lambda: newsroom.subscribed)
            until(lambda: not served.is_busy())
            newsroom.publishes("flood")
            pushed_at = time.monotonic()
            newsroom.push("flood")
            until(lambda: "flood" in served.articles())
            seconds = time.monotonic() - pushed_at
            run = served.runs("ingest")[-1]

    sys.stdout.write(f"from push to article: {seconds:.1f} s\n")  # each hop apart: benchmarks/serving.py
    assert (run["created_by"]["type"], run["parameters"]["keys"]) == ("AUTOMATION", ["gazette"])

"""Killed at any moment, the next run carries on, and ends where one uninterrupted run would have."""

import os
from collections.abc import Sequence
from pathlib import Path
from pprint import pformat

import psutil
import pytest

from ingest.demo import Newsroom, Story
from tests.command import Ran, ingest, list_sources, surroundings
from tests.comparing import archive_flaws, count_articles, differences, read_state, release_flaws
from tests.conftest import FirstPass
from tests.forkserver import fork_and_listen
from tests.killing import Moment, kill
from tests.waiting import wait_until

pytestmark = [pytest.mark.integration, pytest.mark.slow]

CHAIN = (
    Moment(station="polled", times=5, wait_ms=40),
    Moment(station="fetched", times=3),
    Moment(station="staged", times=2, wait_ms=500),
    Moment(station="validated", times=3, wait_ms=5),
    Moment(station="published", wait_ms=60),
)


def run_to_the_end(command: Sequence[str], warehouse: Path) -> Ran:
    return ingest(*command, "--json", "--warehouse", warehouse, cwd=warehouse)


def test_a_run_killed_again_and_again_ends_where_one_run_would(first_pass: FirstPass, tmp_path: Path) -> None:
    command = ["run", "--direct", f"--sources={first_pass.sources}"]
    warehouse = tmp_path / "warehouse"
    warehouse.mkdir()
    moments, seen = [], []
    for number, moment in enumerate(CHAIN):
        before = warehouse.rename(tmp_path / f"before-{number}")
        killed_at, _ = kill(command, before, warehouse, moment)
        moments.append(killed_at)
        seen.append(count_articles(warehouse))

    ran = run_to_the_end(command, warehouse)
    again = run_to_the_end(command, warehouse)
    told = f"killed at {'-'.join(map(str, moments))}"
    differing = differences(read_state(warehouse), read_state(first_pass.warehouse))

    assert not differing, f"{told}: {pformat(differing)}"
    assert seen == sorted(seen, key=lambda count: count or 0), told
    assert "Traceback" not in ran.err, told
    assert sum(one["entries"] for one in ran.told["reasons"]) == ran.told["entries"], told
    assert all(one["outcome"] for one in ran.told["reasons"]), told
    assert archive_flaws(warehouse) == [], told
    assert release_flaws(warehouse) == (), told
    assert (again.code, again.told["entries"]) == (0, 0), told
    assert [path.name for path in warehouse.glob("*.partial*")] == [], told


def test_a_killed_run_leaves_no_process_behind(tmp_path: Path) -> None:
    text = "The town will pay ${number} million for {number} boats, the mayor said on Monday at the harbor."
    with Newsroom() as newsroom:
        newsroom.publish(
            *(
                Story(slug=f"boats-{number}", title=f"Boats {number}", text=text.format(number=number), hours=number)
                for number in range(1, 101)  # enough for several processes to read them
            )
        )
        command = ["run", "--direct", "--sources", str(list_sources(tmp_path / "sources.json", newsroom.source))]
        environment = surroundings({"INGEST_LOG_LEVEL": "info", "INGEST_PARSE_PROCESSES": "2"})
        process, lines = fork_and_listen(command, cwd=tmp_path, environment=environment)
        with lines:
            assert any(" staged source=" in line for line in lines)
            others = group_of(process.pid)
            process.kill()
            process.wait()

    assert len(others) > 1
    try:
        wait_until(lambda: not group_of(process.pid))
    finally:
        for left_behind in group_of(process.pid):
            left_behind.kill()


def group_of(group: int) -> list[psutil.Process]:
    """Return the processes of a group that have not ended."""
    found = []
    for process in psutil.process_iter(["status"]):
        try:
            if os.getpgid(process.pid) == group and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(process)
        except ProcessLookupError:
            continue
    return found

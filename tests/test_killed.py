"""Killed at any moment, the next run carries on, and ends where one uninterrupted run would have."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.demo import Newsroom, Story
from tests.command import INGEST, Ran, ingest, list_sources, surroundings
from tests.conftest import FirstPass
from tests.killing import STATIONS, Moment, archive_flaws, count_articles, differences, read_state, run_and_kill

CHAINS = [
    [Moment(station=station, times=1) for station in STATIONS],
    [
        Moment(station="polled", times=4, wait_ms=5),
        Moment(station="fetched", times=3, wait_ms=20),
        Moment(station="staged", times=2, wait_ms=3),
        Moment(station="validated", times=3, wait_ms=3),
        Moment(station="published", times=2, wait_ms=3),
    ],
    [
        Moment(station="polled", times=5, wait_ms=40),
        Moment(station="staged", times=5, wait_ms=500),
        Moment(station="validated", times=5, wait_ms=5),
        Moment(station="published", times=4, wait_ms=60),
    ],
]


def named(chain: Sequence[Moment]) -> str:
    return "-".join(map(str, chain))


def command(first_pass: FirstPass, warehouse: Path) -> tuple[object, ...]:
    return "run", "--direct", "--json", "--sources", first_pass.sources, "--warehouse", warehouse


def run_to_the_end(first_pass: FirstPass, warehouse: Path) -> Ran:
    return ingest(*command(first_pass, warehouse), cwd=warehouse)


@pytest.mark.parametrize("chain", CHAINS, ids=named)
def test_a_run_killed_again_and_again_ends_where_one_run_would(
    first_pass: FirstPass, tmp_path: Path, chain: list[Moment]
) -> None:
    kills, seen = 0, []
    for moment in chain:
        kills += run_and_kill(command(first_pass, tmp_path), tmp_path, moment, {})
        seen.append(count_articles(tmp_path))

    ran = run_to_the_end(first_pass, tmp_path)
    again = run_to_the_end(first_pass, tmp_path)

    assert kills >= len(chain) - 1
    assert seen == sorted(seen, key=lambda count: count or 0)
    assert "Traceback" not in ran.err
    assert sum(one["entries"] for one in ran.told["reasons"]) == ran.told["entries"]
    assert all(one["outcome"] for one in ran.told["reasons"])
    assert differences(read_state(tmp_path), read_state(first_pass.warehouse)) == {}
    assert archive_flaws(tmp_path) == []
    assert (again.code, again.told["entries"]) == (0, 0)
    assert [path.name for path in tmp_path.glob("*.partial*")] == []


def test_a_killed_run_leaves_no_process_behind(tmp_path: Path) -> None:
    text = "The town will pay ${number} million for {number} boats, the mayor said on Monday at the harbor."
    with Newsroom() as newsroom:
        newsroom.publish(
            *(
                Story(slug=f"boats-{number}", title=f"Boats {number}", text=text.format(number=number), hours=number)
                for number in range(1, 101)  # enough for several processes to read them
            )
        )
        sources = list_sources(tmp_path / "sources.json", newsroom.source)
        with subprocess.Popen(
            [INGEST, "run", "--direct", "--sources", sources, "--warehouse", tmp_path / "warehouse"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=surroundings({"INGEST_LOG_LEVEL": "info", "INGEST_READING_PROCESSES": "2"}),
            start_new_session=True,
        ) as process:
            assert process.stderr is not None
            next(line for line in process.stderr if " staged source=" in line)
            process.kill()

    assert is_gone(process.pid, within_seconds=10)


def is_gone(group: int, *, within_seconds: float) -> bool:
    """Say whether a group of processes has ended, or does so in time."""
    until = time.monotonic() + within_seconds
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    os.killpg(group, signal.SIGKILL)
    return False

"""Killed at any moment, the next run carries on, and ends where one uninterrupted run would have."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingest.demo import Newsroom, Story
from ingest.edge.warehouse import query
from tests.command import INGEST, Ran, ingest, list_sources, surroundings
from tests.conftest import FirstPass

STATIONS = ("polled", "fetched", "staged", "validated", "published")

# What an uninterrupted run and an interrupted one must agree on: all but times, captures and the names of runs.
AGREED = {
    "sources": "from sources",
    "articles": "select * exclude (first_seen_at, fetched_at, capture_id) from articles",
    "article_versions": "select * exclude (seen_at, capture_id) from article_versions",
    "article_urls": "from article_urls",
    "article_sources": "select article_id, source_id, guid from article_sources",
    "authors": "from authors",
    "article_authors": "from article_authors",
    "paragraphs": "from paragraphs",
    "figures": "from figures",
    "figure_changes": "select * exclude (seen_at) from figure_changes",
    "links": "from links",
    "media": "from media",
    "tags": "from tags",
    "outcomes": "select entry_id, source_id, outcome, reason from ops.entry_outcomes",
    "quarantine": "select table_name, row_key, rule, source_id from ops.quarantine",
    "alerts": "select fingerprint, source_id, severity, title, resolved_at from ops.alerts",
    "verdicts": "select state, sum(articles), sum(figures) from ops.batches group by all",
}
OWED = "select title, moment, sent_at is not null as is_sent from ops.messages order by all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a run is killed: some milliseconds after it has said for the nth time that a source passed a station."""

    station: str
    times: int
    wait_ms: int = 0


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


def some_chain(seed: int) -> list[Moment]:
    """Make up moments in the order in which a run passes them."""
    chance = random.Random(seed)
    chosen = sorted(chance.sample(range(len(STATIONS)), k=chance.randint(2, 5)))
    return [
        Moment(station=STATIONS[place], times=chance.randint(1, 5), wait_ms=chance.choice((0, 1, 5, 20, 80, 300)))
        for place in chosen
    ]


def more_chains() -> Iterator[list[Moment]]:
    """Give as many more as INGEST_TEST_KILLS asks for."""
    for seed in range(int(os.environ.get("INGEST_TEST_KILLS", "0"))):
        yield some_chain(seed)


def named(chain: Sequence[Moment]) -> str:
    return "-".join(f"{moment.station}{moment.times}+{moment.wait_ms}" for moment in chain)


def command(first_pass: FirstPass, warehouse: Path) -> tuple[object, ...]:
    return "run", "--direct", "--json", "--sources", first_pass.sources, "--warehouse", warehouse


def read_state(warehouse: Path) -> dict[str, list[Any]]:
    state: dict[str, list[Any]] = {}
    for name, sql in AGREED.items():
        columns, rows = query(warehouse / "news.duckdb", sql)
        state[name] = sorted((dict(zip(columns, row, strict=True)) for row in rows), key=repr)
    state["messages"] = query(warehouse / "ingest.duckdb", OWED)[1]
    return state


def differences(found: dict[str, list[Any]], wanted: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Give, by table, the rows that only one of two states has."""
    return {
        name: [*(row for row in found[name] if row not in rows), *(row for row in rows if row not in found[name])]
        for name, rows in wanted.items()
        if found[name] != rows
    }


def count_articles(warehouse: Path) -> int | None:
    """Read the analysts' file as an analyst might at this moment; None while there is none yet."""
    news = warehouse / "news.duckdb"
    return query(news, "select count(*) from articles")[1][0][0] if news.exists() else None


def run_and_kill(first_pass: FirstPass, warehouse: Path, moment: Moment) -> bool:
    """Start a run and kill it at a moment; False when it came to its end before."""
    passed = 0
    with subprocess.Popen(
        [INGEST, *map(str, command(first_pass, warehouse))],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=warehouse,
        env=surroundings({"INGEST_LOG_LEVEL": "info"}),
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            passed += f" {moment.station} source=" in line
            if passed == moment.times:
                time.sleep(moment.wait_ms / 1000)
                process.kill()
                break
    return process.returncode == -9


def run_to_the_end(first_pass: FirstPass, warehouse: Path) -> Ran:
    return ingest(*command(first_pass, warehouse), cwd=warehouse)


@pytest.mark.parametrize("chain", [*CHAINS, *more_chains()], ids=named)
def test_a_run_killed_again_and_again_ends_where_one_run_would(
    first_pass: FirstPass, tmp_path: Path, chain: list[Moment]
) -> None:
    kills, seen = 0, []
    for moment in chain:
        kills += run_and_kill(first_pass, tmp_path, moment)
        seen.append(count_articles(tmp_path))

    ran = run_to_the_end(first_pass, tmp_path)
    again = run_to_the_end(first_pass, tmp_path)

    assert kills >= len(chain) - 1
    assert seen == sorted(seen, key=lambda count: count or 0)
    assert "Traceback" not in ran.err
    assert sum(one["entries"] for one in ran.told["reasons"]) == ran.told["entries"]
    assert all(one["outcome"] for one in ran.told["reasons"])
    assert differences(read_state(tmp_path), read_state(first_pass.warehouse)) == {}
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

"""The hostile newsroom is visited twice by the command itself, and everything it left behind is read afterwards."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks.process import run

from .case import Case
from .newsroom import CASES, HEALTHY
from .site import Site, Street

INGEST = [sys.executable, "-c", "from ingest.cli import main; main()"]
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run left behind."""

    exit_code: int
    errors: str
    seconds: float
    peak_bytes: int
    polls: Mapping[str, str]  # by source: outcome and reason
    waits: Mapping[str, int | None]  # by source: whole minutes before its feed is asked again
    ends: Mapping[str, Mapping[str, int]]  # by source: how many entries ended how
    articles: Mapping[str, list[dict[str, Any]]]  # by source
    asked: Mapping[str, Mapping[str, int]]  # by source: how often each path was asked for, so far
    trapped: Mapping[str, int]
    half_told: list[tuple[str, str]]  # failures that were kept without their kind, hop, sample or next try


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Run]]:
    """Run the pipeline over every case and the healthy newsrooms, then over those that have a second act."""
    folder = tmp_path_factory.mktemp("hostile")
    street = Street()
    everyone = (HEALTHY[0], *CASES[: len(CASES) // 2], HEALTHY[1], *CASES[len(CASES) // 2 :], HEALTHY[2])
    sites = {case.id: street.open(case.acts[0].answers) for case in everyone}
    listed = [{"key": key, "name": key, "feed_url": f"{site.url}/feed"} for key, site in sites.items()]
    (folder / "sources.json").write_text(json.dumps(listed), encoding="utf-8")
    again = [case for case in (*CASES, *HEALTHY) if len(case.acts) > 1 or case in HEALTHY]
    try:
        first = _run(folder, street, sites, [])
        for case in again:
            sites[case.id].answers.update(case.acts[-1].answers)
        yield [first, _run(folder, street, sites, [f"--source={case.id}" for case in again])]
    finally:
        street.close()


def _run(folder: Path, street: Street, sites: Mapping[str, Site], options: list[str]) -> Run:
    places = [f"--sources={folder / 'sources.json'}", f"--warehouse={folder / 'warehouse'}"]
    command = [*INGEST, "run", "--direct", "--all", *places, *options]
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    limits = {"REQUEST_SECONDS": "4", "HOSTS_AT_ONCE": "10", "READING_PROCESSES": "1", "LOG_LEVEL": "error"}
    limits |= {"PROGRESS_SECONDS": "0"}
    chosen = {f"INGEST_{name}": value for name, value in limits.items()}
    cost = run(
        command, folder=folder, cwd=ROOT, settings={**chosen, "PYTHONPATH": path, "INGEST_PROGRESS_SECONDS": "0"}
    )
    return Run(
        exit_code=cost.exit_code,
        errors=cost.complained,
        seconds=cost.wall_seconds,
        peak_bytes=cost.peak_bytes,
        asked={key: dict(site.asked) for key, site in sites.items()},
        trapped=dict(street.trap.asked),
        **_left_behind(folder / "warehouse"),
    )


def _left_behind(warehouse: Path) -> dict[str, Any]:
    """Read the last run's polls and endings, and all that analysts see."""
    with duckdb.connect(str(warehouse / "ingest.duckdb"), read_only=True) as ops:
        polls = ops.sql(
            "select source_id, concat_ws(' ', outcome, reason), "
            "floor(epoch(next_poll_at - polled_at) / 60)::int from ops.polls "
            "qualify row_number() over (partition by source_id order by polled_at desc) = 1"
        ).fetchall()
        ended = ops.sql(
            "select source_id, coalesce(concat_ws(' ', outcome, reason), 'under way'), count(*) from ops.entry_outcomes "  # noqa: E501
            "where run_id = (select max_by(run_id, started_at) from ops.runs) group by all"
        ).fetchall()
        half_told = ops.sql(_HALF_TOLD).fetchall()
    with duckdb.connect(str(warehouse / "news.duckdb"), read_only=True) as news:
        news.sql("set timezone = 'UTC'")
        found = news.sql("select * from articles order by url")
        articles = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    ends: dict[str, dict[str, int]] = {}
    for source, ending, entries in ended:
        ends.setdefault(source, {})[ending] = entries
    by_source: dict[str, list[dict[str, Any]]] = {}
    for article in articles:
        by_source.setdefault(article["source_id"], []).append(article)
    outcomes = {source: outcome for source, outcome, _ in polls}
    waits = {source: minutes for source, _, minutes in polls}
    return {"polls": outcomes, "waits": waits, "ends": ends, "articles": by_source, "half_told": half_told}


_HALF_TOLD = """
select source_id, concat_ws(' ', 'feed', reason)
from ops.polls
where outcome = 'failed'
  and (error_kind is null or final_url is null or next_poll_at is null or (status is not null and capture_id is null))
union all
select source_id, concat_ws(' ', 'page', reason)
from ops.fetches
where reason is not null
  and url <> '' -- something was asked
  and (error_kind is null or final_url is null or (status is not null and capture_id is null))
union all
select source_id, concat_ws(' ', 'entry', reason)
from ops.entry_outcomes
where outcome = 'failed'
  and reason <> 'no_address'
  and error_kind is null
"""


@pytest.fixture(params=CASES, ids=lambda case: case.id)
def case(request: pytest.FixtureRequest) -> Case:
    """Give each case in turn."""
    found: Case = request.param
    return found

import itertools
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb
import pytest

from ingest.edge.gx_suites import WAREHOUSE
from ingest.edge.quality import SuiteJudge
from ingest.model import Batch, Verdict

ROOT = Path(__file__).parents[2]
STAGED_SUITES = [path for path in sorted((ROOT / "expectations").glob("*.json")) if path.stem != WAREHOUSE]
GOOD_BATCH = Path(__file__).with_name("good_batch.sql").read_text(encoding="utf-8")
PUBLISHED_BEFORE = """
insert into published.articles by name
select
  'published-before' as article_id, 'gazette' as source_id, 'https://gazette.example/0' as url, url as canonical_url,
  'Trams are back' as title, [] as authors, 'Trams are back.' as body,
  timestamptz '2026-11-19 10:00:00+00' as fetched_at, fetched_at as first_seen_at,
  3 as word_count, 1 as version, 'hash-0' as content_hash, [] as flags, '1' as parser_version
"""

Judge = Callable[[str, str], dict[str, Verdict]]


@pytest.fixture(scope="session")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(config={"threads": 1})  # as the warehouse has it
    for migration in sorted((ROOT / "warehouse" / "migrations").glob("*.sql")):
        connection.execute(migration.read_text(encoding="utf-8"))
    connection.execute(PUBLISHED_BEFORE)
    yield connection
    connection.close()


@pytest.fixture
def batch_id(warehouse: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """A good batch, freshly staged."""
    name = f"batch-{next(_numbers)}"
    warehouse.execute("set variable batch = ?", [name])
    warehouse.execute(GOOD_BATCH)
    yield name
    for path in STAGED_SUITES:
        warehouse.execute(f"delete from staging.{path.stem} where batch_id = ?", [name])


@pytest.fixture(scope="session")
def judge(warehouse: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """Judge a batch by one suite alone, which takes a tenth of the time; the verdicts by their rules."""
    opened = []

    @cache
    def judge_of(suite: str) -> SuiteJudge:
        folder = tmp_path_factory.mktemp(suite)
        shutil.copy(ROOT / "expectations" / f"{suite}.json", folder)
        opened.append(SuiteJudge(folder, warehouse.cursor))
        return opened[-1]

    def judge_batch(suite: str, batch_id: str) -> dict[str, Verdict]:
        batch = Batch(
            batch_id=batch_id,
            run_id="run",
            source_id="gazette",
            staged_at=datetime(2026, 11, 20, tzinfo=UTC),
            articles=10,
            figures=60,
        )
        return {verdict.rule: verdict for verdict in judge_of(suite).judge(batch)}

    yield judge_batch
    for each in opened:
        each.close()


_numbers = itertools.count()

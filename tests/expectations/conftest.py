import itertools
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb
import pytest

from ingest.core.model import Batch, ValidationResult
from ingest.quality.suites import WAREHOUSE
from ingest.quality.validator import SuiteValidator
from ingest.warehouse.migrations import lay_pattern

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
# Figures of that article, by their values, kind and unit.
FIGURES_BEFORE = """insert into published.figures by name
select
  'past-' || number as figure_id, 'published-before' as article_id, 1 as version, 1 as paragraph, 0 as span_start,
  1 as span_end, '1' as text, {value} as value, '{kind}' as kind, '{unit}' as unit, 'exact' as qualifier,
  '1' as sentence, [] as flags, [] as rules
from range(1, {figures} + 1) as numbers(number)"""

Validator = Callable[[str, str, str], ValidationResult]


@pytest.fixture(scope="session")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(config={"threads": 1})  # as the warehouse has it
    lay_pattern(connection)
    connection.execute(PUBLISHED_BEFORE)
    yield connection
    connection.close()


@pytest.fixture
def batch_id(warehouse: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """A good batch, freshly staged; in the end it goes, and what a test gave its source as a history."""
    name = f"batch-{next(_numbers)}"
    warehouse.execute("set variable batch = ?", [name])
    warehouse.execute(GOOD_BATCH)
    yield name
    for path in STAGED_SUITES:
        warehouse.execute(f"delete from staging.{path.stem} where batch_id = ?", [name])
    warehouse.execute("delete from published.figures; delete from ops.batches")
    warehouse.execute("update published.articles set source_id = 'gazette'")


@pytest.fixture(scope="session")
def validator(warehouse: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Validator]:
    """Validate a batch by one rule of a suite alone, which takes a tenth of the time."""
    opened = []

    @cache
    def validator_of(suite: str, rule: str) -> SuiteValidator:
        folder = tmp_path_factory.mktemp(suite)
        write_rule(folder, suite, rule)
        opened.append(SuiteValidator(folder, warehouse.cursor))
        return opened[-1]

    def validate_batch(suite: str, rule: str, batch_id: str) -> ValidationResult:
        batch = Batch(
            batch_id=batch_id,
            run_id="run",
            source_id="gazette",
            staged_at=datetime(2026, 11, 20, tzinfo=UTC),
            articles=10,
            figures=60,
        )
        (validation,) = validator_of(suite, rule).validate(batch)
        return validation

    yield validate_batch
    for each in opened:
        each.close()


def write_rule(folder: Path, suite: str, rule: str) -> None:
    """Write a suite that has one rule of ours and no other."""
    content = json.loads((ROOT / "expectations" / f"{suite}.json").read_text(encoding="utf-8"))
    content["expectations"] = [one for one in content["expectations"] if one["meta"]["rule"] == rule]
    (folder / f"{suite}.json").write_text(json.dumps(content), encoding="utf-8")


def change(connection: duckdb.DuckDBPyConnection, statements: str, batch_id: str | None = None) -> None:
    """Run statements, of which each that inserts or updates must change a row.

    An insert has been seen to insert none, of a row that was there: `insert into t from t order by all limit 1`, into
    tables whose rows had been deleted and inserted anew, in DuckDB 1.5 on two threads.
    """
    for statement in filter(None, statements.split("; ")):
        parameters = {"batch": batch_id} if "$batch" in statement else None
        changed = connection.execute(statement, parameters).fetchall()
        if statement.startswith(("insert into ", "update ")):
            table = statement.removeprefix("insert into ").removeprefix("update ").split()[0]
            assert changed[0][0] > 0, (
                f"{changed} rows changed, DuckDB {duckdb.__version__}: {statement}\n"
                f"rows there: {connection.execute(f'select count(*), max(rowid) from {table}').fetchall()}\n"
                f"threads: {connection.execute('select current_setting($$threads$$)').fetchall()}\n"
                f"row groups: {connection.execute(_ROW_GROUPS, [table]).fetchall()}\n"
                f"{connection.execute(f'explain {statement}', parameters).fetchall()[0][1]}"
            )


_ROW_GROUPS = "select distinct row_group_id, count from pragma_storage_info(?)"
_numbers = itertools.count()

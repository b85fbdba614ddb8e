import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.core.errors import Misconfigured, ValidatorFailed
from ingest.core.model import Batch, ValidationResult
from ingest.quality.context import GXContext, _build_expectations, import_libraries, quiet
from ingest.quality.suites import read_suites
from ingest.quality.validator import SuiteValidator
from ingest.warehouse.migrations import lay_pattern, stage_in_memory

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
SUITES = ROOT / "expectations"
GOOD_BATCH = (ROOT / "tests" / "expectations" / "good_batch.sql").read_text(encoding="utf-8")
EXPECTATION: dict[str, Any] = {
    "type": "unexpected_rows_expectation",
    "kwargs": {"unexpected_rows_query": "select tag from (select * from {batch}) as staged where tag = ''"},
    "severity": "warning",
    "meta": {"rule": "tag_present", "note": "An empty tag groups nothing.", "failing_rows": "tag = ''"},
}


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:  # as the warehouse has it
        lay_pattern(connection)
        yield connection


@pytest.fixture
def validator(warehouse: duckdb.DuckDBPyConnection) -> Iterator[SuiteValidator]:
    validator = SuiteValidator(SUITES, warehouse.cursor)
    yield validator
    validator.close()


@pytest.fixture
def few_suites(tmp_path: Path) -> Path:
    """Two of our suites, which are validated in a fifth of the time."""
    folder = tmp_path / "suites"
    folder.mkdir()
    for name in ("articles", "tags"):
        shutil.copy(SUITES / f"{name}.json", folder)
    return folder


def stage(warehouse: duckdb.DuckDBPyConnection, name: str) -> Batch:
    warehouse.execute("set variable batch = ?", [name])
    warehouse.execute(GOOD_BATCH)
    return batch(name)


def batch(name: str) -> Batch:
    staged_at = datetime(2026, 11, 20, tzinfo=UTC)
    return Batch(batch_id=name, run_id="run", source_id="gazette", staged_at=staged_at, articles=10, figures=60)


def failed(validations: tuple[ValidationResult, ...]) -> dict[str, ValidationResult]:
    return {f"{validation.suite}.{validation.rule}": validation for validation in validations if not validation.passed}


def write_suite(folder: Path, **changes: Any) -> Path:
    folder.mkdir(exist_ok=True)
    content = {"name": "tags", "expectations": [{**EXPECTATION, **changes}]}
    (folder / "tags.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_importing_the_validator_does_not_import_great_expectations() -> None:
    libraries = {"great_expectations", "duckdb", "sqlalchemy"}
    code = f"import sys, ingest.quality.validator; print({libraries} & set(sys.modules))"

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout == "set()\n"


def test_great_expectations_is_imported_without_what_only_statistics_and_plots_need() -> None:
    code = (
        "import sys; from ingest.quality.context import import_libraries; import_libraries(); "
        "print('great_expectations' in sys.modules, sorted({'scipy.stats', 'altair'} & set(sys.modules))); "
        "from great_expectations.expectations.core import expect_column_kl_divergence_to_be_less_than as needy; "
        "print(needy.stats.entropy([1.0]), needy.alt.Chart.__name__)"
    )

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout == "True []\n0.0 Chart\n"


def test_a_rule_runs_its_query_once(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    warehouse.execute("create sequence reads")  # advanced by each row that a query reads
    query = {"unexpected_rows_query": "select tag from {batch} where nextval('reads') < 0"}
    validator = SuiteValidator(write_suite(tmp_path, kwargs=query), warehouse.cursor)
    validations = validator.validate(stage(warehouse, "first"))
    validator.close()

    assert failed(validations) == {}
    assert warehouse.execute("select last_value from duckdb_sequences()").fetchall() == [(10,)]


@pytest.mark.parametrize("rows", [0, 1, 199, 200, 201, 1000])
def test_a_rule_finds_what_great_expectations_own_expectation_finds(
    rows: int, *, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    warehouse.execute(
        "insert into staging.tags select 'article-' || lpad(number::varchar, 4, '0'), '', 'first', number::varchar"
        " from range($1) as numbers(number)",
        [rows],
    )
    query = {"unexpected_rows_query": "select article_id, tag from {batch} where tag = '' order by article_id"}
    suites = read_suites(write_suite(tmp_path, kwargs=query))
    gx = GXContext(suites, warehouse.cursor)
    gx.lay_out("first")
    (found,) = gx.report_on("tags", suites["tags"]).results
    asset = gx._assets["tags"]
    (original,) = _build_expectations(suites["tags"], counting=True).values()
    expected = asset.get_batch().validate(original, result_format="COMPLETE")
    gx.close()

    assert found.result == expected.result
    assert found.result["observed_value"] == rows
    assert (found.success, found.exception_info) == (expected.success, expected.exception_info)
    assert found.expectation_config.type != expected.expectation_config.type or rows >= 200


def test_a_changed_expectation_has_another_configuration() -> None:
    import_libraries()
    from ingest.quality.expectation import RefusedRows

    with quiet():
        rule = RefusedRows(unexpected_rows_query="select 1 from {batch}", meta={"rule": "one"})
    first = rule.configuration
    again = rule.configuration
    rule.unexpected_rows_query = "select 2 from {batch}"

    assert again is first
    assert rule.configuration.kwargs == {"unexpected_rows_query": "select 2 from {batch}"}
    assert rule.configuration.meta == first.meta


def test_a_good_batch_passes_every_expectation(warehouse: duckdb.DuckDBPyConnection, validator: SuiteValidator) -> None:
    validations = validator.validate(stage(warehouse, "good"))

    assert failed(validations) == {}
    assert len(validations) == sum(len(rules) for rules in read_suites(SUITES).values())
    assert {validation.checked for validation in validations if validation.suite == "figures"} == {60}


def test_a_single_absurd_figure_is_refused_and_does_not_stop_its_batch(
    warehouse: duckdb.DuckDBPyConnection, validator: SuiteValidator
) -> None:
    staged = stage(warehouse, "one")
    absurd = "article_id = 'article-3' and paragraph = 1 and kind = 'percent'"
    warehouse.execute(f"update staging.figures set value = 43000 where {absurd}")

    found = failed(validator.validate(staged))

    assert list(found) == ["figures.percent_bounds"]
    assert found["figures.percent_bounds"].severity == "warning"
    assert found["figures.percent_bounds"].unexpected == 1
    assert found["figures.percent_bounds"].observed == "figure_id article-3-1-percent, text 45%, value 43000.000000"


def test_four_impossible_figures_are_too_few_to_stop_a_batch(
    warehouse: duckdb.DuckDBPyConnection, validator: SuiteValidator
) -> None:
    staged = stage(warehouse, "small")
    warehouse.execute("delete from staging.figures where article_id not in ('article-1', 'article-2')")
    warehouse.execute("update staging.figures set value = 43000 where kind = 'percent'")

    found = failed(validator.validate(staged))

    assert {name: validation.unexpected for name, validation in found.items()} == {"figures.percent_bounds": 4}


def test_only_rows_of_the_batch_are_validated_and_those_committed_since_are_seen(
    warehouse: duckdb.DuckDBPyConnection, few_suites: Path
) -> None:
    validator = SuiteValidator(few_suites, warehouse.cursor)
    validator.validate(stage(warehouse, "first"))
    with warehouse.cursor() as other:
        other.execute("begin")
        bad = stage(other, "second")
        other.execute("update staging.tags set tag = '' where batch_id = 'second'")
        other.execute("commit")

    found = failed(validator.validate(bad))
    again = failed(validator.validate(batch("first")))
    validator.close()

    assert {name: validation.unexpected for name, validation in found.items()} == {"tags.tag_length": 10}
    assert again == {}


def test_validating_prints_and_logs_nothing(
    warehouse: duckdb.DuckDBPyConnection, validator: SuiteValidator, capsys: pytest.CaptureFixture[str]
) -> None:
    log = logging.StreamHandler(sys.stderr)
    logging.getLogger().addHandler(log)

    validator.validate(stage(warehouse, "good"))
    logging.getLogger().removeHandler(log)

    assert capsys.readouterr() == ("", "")


def test_pages_are_written_once_a_day_and_for_what_failed(
    warehouse: duckdb.DuckDBPyConnection, few_suites: Path, tmp_path: Path
) -> None:
    checks = tmp_path / "checks"
    validator = SuiteValidator(few_suites, warehouse.cursor, pages_folder=checks)
    validator.validate(stage(warehouse, "first"))
    validator.validate(stage(warehouse, "second"))
    bad = stage(warehouse, "third")
    warehouse.execute("update staging.tags set tag = '' where batch_id = 'third'")
    validator.validate(bad)
    validator.close()

    pages = {path.name: sorted(page.stem for page in path.iterdir()) for path in checks.iterdir()}
    assert pages == {
        "20261120-gazette-first": ["articles", "tags"],
        "20261120-gazette-third": ["tags"],
    }
    page = (checks / "20261120-gazette-third" / "tags.html").read_text(encoding="utf-8")
    assert "<h1>tags: gazette, 2026-11-20 00:00 UTC</h1>" in page
    assert "tag_length (warning): An empty tag groups nothing, and one beyond 200 characters" in page
    assert re.findall(r"(?:src|href)=.(?:https?:)?//\S+", page) == []


def test_no_page_is_written_for_what_is_only_counted(
    warehouse: duckdb.DuckDBPyConnection, few_suites: Path, tmp_path: Path
) -> None:
    checks = tmp_path / "checks"
    validator = SuiteValidator(few_suites, warehouse.cursor, pages_folder=checks)
    validator.validate(stage(warehouse, "first"))
    counted = stage(warehouse, "second")
    warehouse.execute("update staging.articles set language = null where batch_id = 'second'")
    validator.validate(counted)
    validator.close()

    assert [path.name for path in checks.iterdir()] == ["20261120-gazette-first"]


def test_old_pages_are_removed_unless_an_open_alert_leads_to_them(
    warehouse: duckdb.DuckDBPyConnection, few_suites: Path, tmp_path: Path
) -> None:
    checks = tmp_path / "checks"
    for name in ("20261021-late-a", "20261020-old-b", "20261001-told-c"):
        (checks / name).mkdir(parents=True)
    texts = ["Pages: checks/20261001-told-c/ in the warehouse folder"]
    validator = SuiteValidator(few_suites, warehouse.cursor, pages_folder=checks, alert_texts=lambda: texts)
    validator.validate(stage(warehouse, "first"))
    validator.close()

    assert sorted(path.name for path in checks.iterdir()) == [
        "20261001-told-c", "20261021-late-a", "20261120-gazette-first",
    ]  # fmt: skip


def test_of_many_pages_the_last_written_are_kept(
    warehouse: duckdb.DuckDBPyConnection, few_suites: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.quality.result_pages.MOST_KEPT", 2)
    checks = tmp_path / "checks"
    for place, name in enumerate(("20261120-zebra", "20261120-yak", "20261120-xerus")):
        (checks / name).mkdir(parents=True)
        os.utime(checks / name, times=(1_000_000 - place,) * 2)
    validator = SuiteValidator(few_suites, warehouse.cursor, pages_folder=checks)
    validator.validate(stage(warehouse, "a"))
    validator.close()

    assert sorted(path.name for path in checks.iterdir()) == ["20261120-gazette-a", "20261120-zebra"]


def test_pages_that_cannot_be_written_are_told_and_the_batch_is_validated(
    warehouse: duckdb.DuckDBPyConnection, few_suites: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "checks"
    folder.write_text("a file where the folder should be", encoding="utf-8")
    validator = SuiteValidator(few_suites, warehouse.cursor, pages_folder=folder)
    validations = validator.validate(stage(warehouse, "first"))
    validator.close()

    assert failed(validations) == {}
    assert f"can't be written in {folder}: " in caplog.text


def test_an_empty_batch_passes(validator: SuiteValidator) -> None:
    validations = validator.validate(batch("nothing"))

    assert failed(validations) == {}
    assert {validation.checked for validation in validations} == {0}


def test_a_missing_column_is_told_by_its_shape(warehouse: duckdb.DuckDBPyConnection, validator: SuiteValidator) -> None:
    warehouse.execute("alter table staging.tags drop column tag")

    found = failed(validator.validate(batch("nothing")))

    assert list(found) == ["tags.columns"]
    assert found["tags.columns"].observed == "missing tag"


def test_an_expectation_that_breaks_is_an_error_of_ours(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    broken = {"unexpected_rows_query": "select nothing from {batch}"}
    validator = SuiteValidator(write_suite(tmp_path, kwargs=broken), warehouse.cursor)

    with pytest.raises(ValidatorFailed, match="nothing") as caught:
        validator.validate(batch("first"))

    assert caught.value.about == "tags/tag_present"
    validator.close()


def test_a_suite_without_its_table_is_an_error_of_ours(tmp_path: Path) -> None:
    with duckdb.connect() as empty:
        validator = SuiteValidator(write_suite(tmp_path), empty.cursor)

        with pytest.raises(ValidatorFailed, match="staging") as caught:
            validator.validate(batch("first"))

        assert caught.value.about == "first"
        validator.close()


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "expect_miracles"},
        {"kwargs": {}},
        {"kwargs": {"unexpected_rows_query": "select {unpaired from {batch}"}},
    ],
    ids=["unknown", "incomplete", "malformed"],
)
def test_an_expectation_that_great_expectations_refuses_is_named(
    changes: dict[str, Any], *, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    validator = SuiteValidator(write_suite(tmp_path, **changes), warehouse.cursor)

    with pytest.raises(Misconfigured, match="tag_present"):
        validator.validate(batch("first"))


def test_a_closed_validator_lets_go_of_the_database_and_opens_it_again(few_suites: Path, tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(path) as connection:
        lay_pattern(connection)

    def connect() -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(path)
        stage_in_memory(connection)
        return connection

    validator = SuiteValidator(few_suites, connect)
    validator.validate(batch("first"))

    validator.close()

    with duckdb.connect(path, read_only=True) as reader:
        assert reader.execute("select count(*) from published.figures").fetchall() == [(0,)]
    assert failed(validator.validate(batch("first"))) == {}
    validator.close()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"severity": "fatal"}, r"tags\.json, expectation 1 \(tag_present\): severity is 'fatal', not one of critical"),
        ({"severity": None}, "severity is None"),
        ({"type": ""}, "type is missing"),
        ({"meta": {"rule": "tag_present"}}, "meta.note is missing"),
        ({"meta": {"note": "Why."}}, r"\(unexpected_rows_expectation\): meta.rule is missing"),
        ({"meta": "text"}, "meta.rule is missing"),
        ({"meta": {"rule": "tag_present", "note": "Why."}}, "meta.failing_rows must say which"),
    ],
)
def test_an_incomplete_expectation_is_named_with_its_file(
    changes: dict[str, Any], complaint: str, *, tmp_path: Path
) -> None:
    folder = write_suite(tmp_path, **changes)

    with pytest.raises(Misconfigured, match=complaint):
        read_suites(folder)


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"name": "figures", "expectations": []}', '{"name": "tags"}', "\udcff"]
)
def test_an_unreadable_suite_is_named(content: str, tmp_path: Path) -> None:
    (tmp_path / "tags.json").write_text(content, encoding="utf-8", errors="surrogateescape")

    with pytest.raises(Misconfigured, match=r"tags\.json"):
        read_suites(tmp_path)


def test_a_rule_is_named_once_in_its_suite(tmp_path: Path) -> None:
    content = {"name": "tags", "expectations": [EXPECTATION, EXPECTATION]}
    (tmp_path / "tags.json").write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(Misconfigured, match="more than one rule 'tag_present'"):
        read_suites(tmp_path)


def test_a_folder_without_suites_is_no_folder_of_suites(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="no suites in"):
        read_suites(tmp_path)

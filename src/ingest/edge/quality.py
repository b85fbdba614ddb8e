"""The judge: runs the suites of `expectations/` over a staged batch, by SQL inside DuckDB.

It alone knows Great Expectations, and imports it when the first batch is judged, because that takes seconds.
"""

import logging
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import JudgeFailed, Misconfigured
from ..model import Batch, Verdict
from .gx_suites import Rule, read_suites

EXAMPLES_SHOWN = 3
LONGEST_EXAMPLE = 100


class SuiteJudge:
    """Judges batches by the suites of a folder, in the database that `connect` opens a connection to.

    Pages about what it found are written below `pages_folder`, if there is one.
    """

    def __init__(self, suites_folder: Path, connect: Callable[[], Any], *, pages_folder: Path | None = None) -> None:
        self._suites_folder = suites_folder
        self._connect = connect
        self._pages_folder = pages_folder

    def judge(self, batch: Batch) -> tuple[Verdict, ...]:
        """Say what every expectation finds in a batch; raise JudgeFailed when one of them breaks."""
        verdicts, reports = self._bench.judge(batch)
        if self._pages_folder:
            from .gx_pages import write_pages

            with _quiet():
                write_pages(self._pages_folder, batch, reports)
        return verdicts

    def close(self) -> None:
        """Let go of the connection, and with it of the database; judging again opens another."""
        bench = self.__dict__.pop("_bench", None)
        if bench is not None:
            bench.close()

    @cached_property
    def _bench(self) -> "_Bench":
        return _Bench(read_suites(self._suites_folder), self._connect)


class _Bench:
    """Great Expectations set up once: a context, a connection, and a suite and an asset for each staged table."""

    def __init__(self, rules: Mapping[str, Sequence[Rule]], connect: Callable[[], Any]) -> None:
        with _quiet():
            import great_expectations
            from great_expectations.data_context.types.base import ProgressBarsConfig
            from great_expectations.exceptions.exceptions import GreatExpectationsError
            from sqlalchemy.exc import SQLAlchemyError

            from . import gx_duckdb

            self._rules = rules
            self._foreign_errors = (GreatExpectationsError, SQLAlchemyError)
            self._suites = {suite: _build_suite(suite, found) for suite, found in rules.items()}
            context: Any = great_expectations.get_context(mode="ephemeral")
            context.variables.progress_bars = ProgressBarsConfig(globally=False)
            self._connection = connect()
            self._source = context.data_sources.add_sql(
                "warehouse",
                connection_string=gx_duckdb.URL,
                create_temp_table=False,
                kwargs=gx_duckdb.engine_options(self._connection),
            )
            self._assets: dict[str, Any] = {}

    def judge(self, batch: Batch) -> tuple[tuple[Verdict, ...], dict[str, Any]]:
        """Run every suite over the batch's rows: the verdicts, and Great Expectations' report on each suite."""
        try:
            checked = self._lay_out(batch.batch_id)
            reports = {suite: self._report_on(suite) for suite in self._suites}
            found = [self._verdicts(batch, suite, checked[suite], report) for suite, report in reports.items()]
            return tuple(verdict for verdicts in found for verdict in verdicts), reports
        except self._foreign_errors as error:
            raise JudgeFailed(f"can't judge batch {batch.batch_id}: {error}", about=batch.batch_id) from error

    def close(self) -> None:
        """Close the connection."""
        self._source.get_engine().dispose()
        self._connection.close()

    def _lay_out(self, batch_id: str) -> dict[str, int]:
        # A view lasts as long as its table's shape, so each batch gets new ones.
        with self._source.get_engine().connect() as connection:
            connection.exec_driver_sql("set variable judged_batch = $1", (batch_id,))
            for suite in self._suites:
                rows = f"select * from staging.{suite} where batch_id = getvariable('judged_batch')"
                connection.exec_driver_sql(f"create or replace temp view {suite} as {rows}")
            counts = ", ".join(f"(select count(*) from {suite})" for suite in self._suites)
            found = connection.exec_driver_sql(f"select {counts}").one()
        return dict(zip(self._suites, found, strict=True))

    def _report_on(self, suite: str) -> Any:
        if suite not in self._assets:
            asset = self._source.add_table_asset(suite, table_name=suite)
            self._assets[suite] = asset.add_batch_definition_whole_table("batch")
        return self._assets[suite].get_batch().validate(self._suites[suite], result_format="COMPLETE")

    def _verdicts(self, batch: Batch, suite: str, checked: int, report: Any) -> Iterator[Verdict]:
        findings = {finding.expectation_config.meta["rule"]: finding for finding in report.results}
        is_misshapen = False
        for rule in self._rules[suite]:
            complaint = _find_complaint(findings[rule.rule].exception_info or {})
            if complaint is None:
                verdict = _read_finding(batch, rule, checked, findings[rule.rule])
                is_misshapen = is_misshapen or (rule.severity == "critical" and not verdict.passed)
                yield verdict
            elif not is_misshapen:  # else it broke on columns whose absence has been told
                message = f"{suite}.{rule.rule} broke while judging batch {batch.batch_id}: {complaint}"
                raise JudgeFailed(message, about=f"{suite}/{rule.rule}")


def _build_suite(suite: str, rules: Sequence[Rule]) -> Any:
    from great_expectations import ExpectationSuite
    from great_expectations.exceptions.exceptions import GreatExpectationsError
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    expectations = []
    for rule in rules:
        try:  # one by one, because a suite leaves out what it does not understand
            expectations.append(ExpectationConfiguration(**rule.configuration).to_domain_obj())
        except (GreatExpectationsError, ValueError, TypeError) as error:
            place = f"{rule.suite}.{rule.rule}"
            message = f"suite {rule.suite}.json, expectation {rule.rule}: Great Expectations refuses it: {error}"
            raise Misconfigured(message, about=place) from error
    return ExpectationSuite(name=suite, expectations=expectations)


def _read_finding(batch: Batch, rule: Rule, checked: int, finding: Any) -> Verdict:
    unexpected, examples = _read_result(finding.result)
    passed = bool(finding.success)
    return Verdict(
        batch_id=batch.batch_id,
        suite=rule.suite,
        rule=rule.rule,
        severity=rule.severity,
        passed=passed,
        checked=checked,
        unexpected=unexpected,
        observed=None if passed else "; ".join(_show(example) for example in examples[:EXAMPLES_SHOWN]),
        note=rule.note,
        failing_rows=rule.failing_rows,
    )


def _find_complaint(info: Mapping[str, Any]) -> str | None:
    # Either about the expectation itself, or one for each metric that broke.
    for each in (info, *(value for value in info.values() if isinstance(value, Mapping))):
        if each.get("raised_exception"):
            return str(each.get("exception_message"))
    return None


def _read_result(result: Mapping[str, Any]) -> tuple[int, list[Any]]:
    details = result.get("details") or {}
    if "unexpected_rows" in details:
        return int(result["observed_value"]), list(details["unexpected_rows"])
    if "unexpected_count" in result:
        # None: a sum over no rows
        return int(result["unexpected_count"] or 0), list(result.get("unexpected_list") or ())
    mismatched = [f"{how} {name}" for how, names in details.get("mismatched", {}).items() for name in names]
    return len(mismatched), mismatched


def _show(example: Any) -> str:
    if isinstance(example, Mapping):
        return ", ".join(f"{name} {_show(value)}" for name, value in example.items())
    if isinstance(example, list | tuple):
        return ", ".join(_show(value) for value in example)
    shown = " ".join(str(example).split())
    return shown if len(shown) <= LONGEST_EXAMPLE else f"{shown[:LONGEST_EXAMPLE]}…"


@contextmanager
def _quiet() -> Iterator[None]:
    # What Great Expectations warns of and logs (deprecations, failed metrics) is not for our readers.
    logger = logging.getLogger("great_expectations")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield

"""Great Expectations set up once: a context, a connection, and an asset for each table that a suite looks at."""

import logging
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from ..core.errors import Misconfigured, ValidatorFailed
from .results import findings_of
from .suites import Rule


def import_libraries() -> None:
    """Import what the first context would wait for."""
    with quiet():
        from . import duckdb_dialect, expectation  # noqa: F401


class GXContext:
    """Lays batches out in views, and runs suites over whatever is laid out, or over all that is published."""

    def __init__(
        self, rules: Mapping[str, Sequence[Rule]], connect: Callable[[], Any], *, of_warehouse: Sequence[Rule] = ()
    ) -> None:
        import_libraries()
        with quiet():
            import great_expectations
            from great_expectations.data_context.types.base import ProgressBarsConfig
            from great_expectations.exceptions.exceptions import GreatExpectationsError
            from sqlalchemy.exc import SQLAlchemyError

            from . import duckdb_dialect

            self.rules = rules
            self.rules_by_table = _by_table(of_warehouse)
            self._foreign_errors = (GreatExpectationsError, SQLAlchemyError)
            self._expectations = {suite: _build_expectations(found) for suite, found in rules.items()}
            self._expectations |= {
                _view_of(table): _build_expectations(found) for table, found in self.rules_by_table.items()
            }
            context: Any = great_expectations.get_context(mode="ephemeral")
            context.variables.progress_bars = ProgressBarsConfig(globally=False)
            # Else each asset writes all that the context knows as YAML, to memory.
            context.variables.save = lambda: None
            self._connection = connect()
            self._source = context.data_sources.add_sql(
                "warehouse",
                connection_string=duckdb_dialect.URL,
                create_temp_table=False,
                kwargs=duckdb_dialect.engine_options(self._connection),
            )
            self._assets: dict[str, Any] = {}

    def close(self) -> None:
        """Close the connection."""
        self._source.get_engine().dispose()
        self._connection.close()

    @contextmanager
    def errors_translated(self, *batch_ids: str) -> Iterator[None]:
        """Turn what others raise meanwhile into ValidatorFailed."""
        try:
            yield
        except self._foreign_errors as error:
            about = ", ".join(batch_ids)
            raise ValidatorFailed(f"can't validate batch {about}: {error}", about=about) from error

    def lay_out(self, *batch_ids: str) -> dict[str, Counter[str]]:
        """Make the rows of these batches, and no others, what is validated; count them by suite and batch."""
        # A view lasts as long as its table's shape, so each time there are new ones.
        self.leave_only(batch_ids)
        with self._source.get_engine().connect() as connection:
            for suite in self.rules:
                validated = "batch_id in (select unnest(getvariable('validated_batches')))"
                rows = f"select * from staging.{suite} where {validated}"
                connection.exec_driver_sql(f"create or replace temp view {suite} as {rows}")
        return {suite: self.count_by_batch(f"select batch_id from {suite}") for suite in self.rules}

    def leave_only(self, batch_ids: Iterable[str]) -> None:
        """Choose which batches are validated of those that were laid out."""
        with self._source.get_engine().connect() as connection:
            connection.exec_driver_sql("set variable validated_batches = $1", (list(batch_ids),))

    def count_by_batch(self, query: str) -> Counter[str]:
        """Count the rows of a query by their batch_id."""
        with self._source.get_engine().connect() as connection:
            found = connection.exec_driver_sql(f"select batch_id, count(*) from ({query}) group by all")
            return Counter(dict(found.all()))

    def count_rows(self, table: str) -> int:
        """Count the rows of a table."""
        with self._source.get_engine().connect() as connection:
            return int(connection.exec_driver_sql(f"select count(*) from {table}").scalar() or 0)

    def report_on(self, suite: str, rules: Sequence[Rule]) -> Any:
        """Run these rules of a suite over what is laid out: Great Expectations' report."""
        return self._run(suite, rules)

    def report_on_table(self, table: str, now: datetime) -> Any:
        """Run the rules of the suite `warehouse` that look at this table."""
        with self._source.get_engine().connect() as connection:
            connection.exec_driver_sql("set variable judged_at = $1", (now,))
            connection.exec_driver_sql(f"create or replace temp view {_view_of(table)} as select * from {table}")
        return self._run(_view_of(table), self.rules_by_table[table])

    def _run(self, view: str, rules: Sequence[Rule]) -> Any:
        from great_expectations import ExpectationSuite

        from .expectation import is_cut_off

        if view not in self._assets:
            asset = self._source.add_table_asset(view, table_name=view)
            self._assets[view] = asset.add_batch_definition_whole_table("batch")
        batch = self._assets[view].get_batch()

        def run(expectations: Iterable[Any]) -> Any:
            suite = ExpectationSuite(name=rules[0].suite, expectations=list(expectations))
            return batch.validate(suite, result_format="COMPLETE")

        report = run(self._expectations[view][rule.rule] for rule in rules)
        findings = findings_of(report.results)
        uncounted = [rule for rule in rules if is_cut_off(findings[rule.rule])]
        if not uncounted:
            return report
        return replace_findings(report, run(_build_expectations(uncounted, counting=True).values()).results)


def replace_findings(report: Any, findings: Sequence[Any]) -> Any:
    """Make a report in which the findings of some rules are these."""
    from great_expectations.validator.validation_statistics import calc_validation_statistics

    results = list((findings_of(report.results) | findings_of(findings)).values())
    statistics = calc_validation_statistics(results)
    return type(report)(
        results=results,
        success=statistics.success,
        suite_name=report.suite_name,
        statistics={
            "evaluated_expectations": statistics.evaluated_expectations,
            "successful_expectations": statistics.successful_expectations,
            "unsuccessful_expectations": statistics.unsuccessful_expectations,
            "success_percent": statistics.success_percent,
        },
        meta=report.meta,
    )


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what Great Expectations warns of and logs (deprecations, failed metrics) from our readers."""
    logger = logging.getLogger("great_expectations")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _view_of(table: str) -> str:
    return table.replace(".", "_")  # to name a schema is no longer welcome


def _by_table(rules: Sequence[Rule]) -> dict[str, list[Rule]]:
    tables: dict[str, list[Rule]] = {}
    for rule in rules:
        tables.setdefault(rule.table, []).append(rule)
    return tables


def _build_expectations(rules: Sequence[Rule], *, counting: bool = False) -> dict[str, Any]:
    """Build what Great Expectations runs, by the rules' names; `counting` those that count however many rows."""
    from great_expectations.exceptions.exceptions import GreatExpectationsError
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    from .expectation import RefusedRows

    expectations = {}
    for rule in rules:
        told = rule.configuration | {"description": rule.told}
        if rule.is_query and not counting:
            told["type"] = RefusedRows.expectation_type
        try:  # one by one, because a suite leaves out what it does not understand
            expectations[rule.rule] = ExpectationConfiguration(**told).to_domain_obj()
        except (GreatExpectationsError, ValueError, TypeError) as error:
            place = f"{rule.suite}.{rule.rule}"
            message = f"suite {rule.suite}.json, expectation {rule.rule}: Great Expectations refuses it: {error}"
            raise Misconfigured(message, about=place) from error
    return expectations

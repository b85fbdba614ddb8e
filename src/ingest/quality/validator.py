"""The validator: runs the suites of `expectations/` over staged batches, by SQL inside DuckDB.

A suite costs its hundred statements however few rows there are, so batches are validated together, and where a rule
finds something, it is run again for each batch that may be meant. Great Expectations is imported when the first
batch is validated, because that takes seconds.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from ..core.errors import ValidatorFailed
from ..core.model import Batch, ValidationResult
from .context import GXContext, quiet, replace_findings
from .results import findings_of, is_clean, read_validations
from .suites import WAREHOUSE, Rule, read_suites, read_warehouse_suite

_NO_ROWS = Batch(
    batch_id="of no rows",
    run_id="",
    source_id="",
    staged_at=datetime.min.replace(tzinfo=UTC),
    articles=0,
    figures=0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Validated:
    """What the suites found in all that was laid out."""

    checked: Mapping[str, Counter[str]]  # rows by suite and batch
    reports: Mapping[str, Any]  # by suite
    suspected: Mapping[str, Sequence[Rule]]  # by batch: rules that it may not pass alone


class SuiteValidator:
    """Validates batches by the suites of a folder, in the database that `connect` opens a connection to.

    Pages about what it found are written below `pages_folder`, if there is one; those stay that the text of an open
    alert leads to, as `alert_texts` returns them.
    """

    def __init__(
        self,
        suites_folder: Path,
        connect: Callable[[], Any],
        *,
        pages_folder: Path | None = None,
        alert_texts: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._suites_folder = suites_folder
        self._connect = connect
        self._pages_folder = pages_folder
        self._alert_texts = alert_texts

    def validate(self, batch: Batch) -> tuple[ValidationResult, ...]:
        """Return what every expectation finds in a batch; raise ValidatorFailed when one of them breaks."""
        return self._conclude(batch, self._validate_alone(batch))

    def validate_all(self, batches: Sequence[Batch]) -> dict[str, tuple[ValidationResult, ...] | ValidatorFailed]:
        """Return by batch_id what `validate` returns or raises for each batch, at little more than the cost of one."""
        together = self._validate_together(batches) if len(batches) > 1 else None
        found: dict[str, tuple[ValidationResult, ...] | ValidatorFailed] = {}
        for batch in batches:
            try:
                validated = self._validate_again(batch, together) if together else self._validate_alone(batch)
                found[batch.batch_id] = self._conclude(batch, validated)
            except ValidatorFailed as error:
                found[batch.batch_id] = error
        return found

    def validate_warehouse(self, as_batch: Batch) -> tuple[ValidationResult, ...]:
        """Return what the suite `warehouse` finds in all that is published, as if it were one batch.

        That takes the longer the more is published; raise ValidatorFailed when an expectation breaks.
        """
        validations: list[ValidationResult] = []
        reports = []
        with self._gx.errors_translated(WAREHOUSE):
            for table, rules in self._gx.rules_by_table.items():
                reports.append(self._gx.report_on_table(table, as_batch.staged_at))
                checked = self._gx.count_rows(table)
                validations += read_validations(as_batch, rules, reports[-1], checked=checked)
        if reports:
            findings = [finding for report in reports[1:] for finding in report.results]
            self._write_pages(as_batch, {WAREHOUSE: replace_findings(reports[0], findings)})
        return tuple(validations)

    def try_out(self) -> None:
        """Run every rule on no rows; raise ValidatorFailed or Misconfigured, naming the first that breaks."""
        self.validate(_NO_ROWS)
        self.validate_warehouse(_NO_ROWS)
        for rules in self._gx.rules.values():
            for rule in rules:
                self._try_refusing(rule)

    def close(self) -> None:
        """Close the connection, and with it of the database; validating again opens another."""
        gx = self.__dict__.pop("_gx", None)
        if gx is not None:
            gx.close()

    @cached_property
    def _gx(self) -> GXContext:
        folder = self._suites_folder
        return GXContext(read_suites(folder), self._connect, of_warehouse=read_warehouse_suite(folder))

    def _validate_alone(self, batch: Batch) -> _Validated:
        with self._gx.errors_translated(batch.batch_id):
            checked = self._gx.lay_out(batch.batch_id)
            reports = {suite: self._gx.report_on(suite, rules) for suite, rules in self._gx.rules.items()}
        return _Validated(checked=checked, reports=reports, suspected={})

    def _validate_together(self, batches: Sequence[Batch]) -> _Validated | None:
        """Run every rule once over all of the batches; None when one could not be asked."""
        suspected: dict[str, list[Rule]] = {batch.batch_id: [] for batch in batches}
        try:
            with self._gx.errors_translated(*suspected):
                checked = self._gx.lay_out(*suspected)
                reports = {suite: self._gx.report_on(suite, rules) for suite, rules in self._gx.rules.items()}
                for suite, rules in self._gx.rules.items():
                    findings = findings_of(reports[suite].results)
                    unclean = [
                        rule for rule in rules if not (rule.tells_batches_apart and is_clean(findings[rule.rule]))
                    ]
                    acquittals = [finding for rule in unclean for finding in self._acquit(rule, suspected)]
                    reports[suite] = replace_findings(reports[suite], acquittals)
        except ValidatorFailed:
            return None
        return _Validated(checked=checked, reports=reports, suspected=suspected)

    def _acquit(self, rule: Rule, suspected: Mapping[str, list[Rule]]) -> list[Any]:
        """Note whom a rule suspects, which is everyone unless the others pass it; give what it finds in them."""
        innocent: list[str] = []
        findings: list[Any] = []
        if rule.tells_batches_apart and rule.refused_query:
            self._gx.leave_only(suspected)
            innocent = sorted(suspected.keys() - self._gx.count_by_batch(rule.refused_query))
        if innocent:
            self._gx.leave_only(innocent)
            findings = [each for each in self._gx.report_on(rule.suite, [rule]).results if is_clean(each)]
        for batch_id in suspected.keys() - set(innocent if findings else ()):
            suspected[batch_id].append(rule)
        return findings

    def _validate_again(self, batch: Batch, together: _Validated) -> _Validated:
        """Ask the rules that suspect a batch about it alone."""
        suspecting: dict[str, list[Rule]] = {}
        for rule in together.suspected[batch.batch_id]:
            suspecting.setdefault(rule.suite, []).append(rule)
        if not suspecting:
            return together
        with self._gx.errors_translated(batch.batch_id):
            self._gx.leave_only([batch.batch_id])
            again = {suite: self._gx.report_on(suite, rules) for suite, rules in suspecting.items()}
        reports = {
            suite: replace_findings(report, again[suite].results) if suite in again else report
            for suite, report in together.reports.items()
        }
        return _Validated(checked=together.checked, reports=reports, suspected={})

    def _conclude(self, batch: Batch, validated: _Validated) -> tuple[ValidationResult, ...]:
        validations = tuple(
            validation
            for suite, rules in self._gx.rules.items()
            for validation in read_validations(
                batch, rules, validated.reports[suite], checked=validated.checked[suite][batch.batch_id]
            )
        )
        refusing = {(validation.suite, validation.rule) for validation in validations if not validation.passed}
        for rules in self._gx.rules.values():
            for rule in rules:
                if (rule.suite, rule.rule) in refusing:
                    self._try_refusing(rule)
        self._write_pages(batch, validated.reports)
        return validations

    def _write_pages(self, batch: Batch, reports: Mapping[str, Any]) -> None:
        if self._pages_folder:
            from .result_pages import write_pages

            with quiet():
                write_pages(self._pages_folder, batch, reports, alert_texts=self._alert_texts)

    def _try_refusing(self, rule: Rule) -> None:
        """Raise ValidatorFailed where the SQL that says which rows a rule refuses does not run."""
        if not rule.failing_rows or not rule.refused_query:
            return
        name = f"{rule.suite}.{rule.rule}"
        try:
            with self._gx.errors_translated(name):
                self._gx.count_by_batch(rule.refused_query)
        except ValidatorFailed as error:
            raise ValidatorFailed(f"{name}: its failing_rows do not run: {error.__cause__}", about=name) from error

"""Great Expectations' expectation of no rows, which our rules are made of, at less than half its cost."""

from typing import Any, ClassVar

from . import gx_import  # isort: skip  # noqa: F401

from great_expectations.compatibility.pydantic import PrivateAttr
from great_expectations.constants import MAX_RESULT_RECORDS
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation


class RefusedRows(UnexpectedRowsExpectation):
    """Runs its query once, where the original runs it for the rows and once more to count them.

    Results are the original's, except where the query returns `MAX_RESULT_RECORDS` rows, the most that are fetched:
    `is_cut_off` says so, and the original has to count them.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.table",)

    _fields: dict[str, Any] = PrivateAttr(default_factory=dict)
    _configuration: Any = PrivateAttr(None)

    @property
    def configuration(self) -> Any:
        """The fields as a configuration, built once for the same fields; Great Expectations reads it twenty times."""
        fields = dict(self)
        if self._configuration is None or fields != self._fields:
            self._fields, self._configuration = fields, super().configuration
        return self._configuration

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> Any:
        rows = metrics["unexpected_rows_query.table"]
        counted = metrics | {"unexpected_rows_query.row_count": len(rows)}
        return super()._validate(counted, runtime_configuration, execution_engine)


def is_cut_off(finding: Any) -> bool:
    """Return whether more rows may have been refused than a finding of `RefusedRows` counts."""
    details = (finding.result or {}).get("details") or {}
    return len(details.get("unexpected_rows", ())) >= MAX_RESULT_RECORDS

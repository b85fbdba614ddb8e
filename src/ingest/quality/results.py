"""What Great Expectations found, read as results."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..core.errors import ValidatorFailed
from ..core.model import Batch, ValidationResult
from .suites import Rule

EXAMPLES_SHOWN = 3
LONGEST_EXAMPLE = 100


def read_validations(batch: Batch, rules: Sequence[Rule], report: Any, *, checked: int) -> Iterator[ValidationResult]:
    """Return what each rule of a suite found in a batch; raise ValidatorFailed when one broke."""
    findings = findings_of(report.results)
    is_misshapen = False
    for rule in rules:
        complaint = complaint_of(findings[rule.rule])
        if complaint is None:
            validation = _read_finding(batch, rule, checked, findings[rule.rule])
            is_misshapen = is_misshapen or (rule.severity == "critical" and not validation.passed)
            yield validation
        elif not is_misshapen:  # else it broke on columns whose absence has been told
            message = f"{rule.suite}.{rule.rule} broke while validating batch {batch.batch_id}: {complaint}"
            raise ValidatorFailed(message, about=f"{rule.suite}/{rule.rule}")


def findings_of(results: Iterable[Any]) -> dict[str, Any]:
    """Return findings by their rules."""
    return {finding.expectation_config.meta["rule"]: finding for finding in results}


def is_clean(finding: Any) -> bool:
    """Return whether no row failed, which is more than to pass a rule that lets some."""
    return complaint_of(finding) is None and bool(finding.success) and _read_result(finding.result)[0] == 0


def complaint_of(finding: Any) -> str | None:
    """Return how an expectation broke, if it did: either about itself, or one for each metric that broke."""
    info = finding.exception_info or {}
    for each in (info, *(value for value in info.values() if isinstance(value, Mapping))):
        if each.get("raised_exception"):
            return str(each.get("exception_message"))
    return None


def _read_finding(batch: Batch, rule: Rule, checked: int, finding: Any) -> ValidationResult:
    unexpected, examples = _read_result(finding.result)
    passed = bool(finding.success)
    return ValidationResult(
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
        is_final=rule.is_final,
    )


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
        return ", ".join(f"{name} {_show(value)}" for name, value in example.items() if name != "batch_id")
    if isinstance(example, list | tuple):
        return ", ".join(_show(value) for value in example)
    shown = " ".join(str(example).split())
    return shown if len(shown) <= LONGEST_EXAMPLE else f"{shown[:LONGEST_EXAMPLE]}…"

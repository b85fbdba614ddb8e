"""The suites of `expectations/` as files: read and checked, so that every expectation says what it is and why."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from ..core.errors import Misconfigured
from ..core.model import Severity

ROW_BY_ROW = ("expect_column_values_", "expect_column_value_lengths_", "expect_column_pair_values_")
SHAPE = ("columns", "types")  # what every suite of a staged table begins with
WAREHOUSE = "warehouse"  # the suite about all that is published, which is validated as a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One expectation, as its file has it."""

    suite: str
    rule: str  # its name within the suite
    severity: Severity
    note: str
    failing_rows: str | None
    is_final: bool  # nobody can accept a row that it refuses: the analysts' file could not be made
    table: str  # whose rows it looks at, with its schema
    configuration: dict[str, Any]  # what Great Expectations loads

    @property
    def told(self) -> str:
        """What its page says of it."""
        return f"{self.rule} ({self.severity}): {self.note}"

    @property
    def is_query(self) -> bool:
        """Whether it is a query that must return no rows."""
        return bool(self.configuration["type"] == "unexpected_rows_expectation")

    @property
    def is_about_shape(self) -> bool:
        """Whether it looks at the columns of its table, which are the same for every batch."""
        return self.rule in SHAPE

    @property
    def refused_query(self) -> str | None:
        """SQL that gives the batch_id of each row refused, several batches being laid out; None where it can't."""
        if self.failing_rows:
            return f"select batch_id from {self.suite} as staged where ({self.failing_rows})"
        if self.is_about_shape:
            return None
        query = str(self.configuration["kwargs"].get("unexpected_rows_query", ""))
        return query.format(batch=self.suite) if "batch_id" in query else None

    @property
    def tells_batches_apart(self) -> bool:
        """Whether batches that pass it together pass it alone too."""
        if self.is_query:
            return self.is_about_shape or self.refused_query is not None
        return self.is_about_shape or self.configuration["type"].startswith(ROW_BY_ROW)


def read_suites(folder: Path) -> dict[str, tuple[Rule, ...]]:
    """Read every suite of a folder, by the staged table it validates; raise Misconfigured where one can't be used."""
    paths = sorted(path for path in folder.glob("*.json") if path.stem != WAREHOUSE)
    if not paths:
        raise Misconfigured(f"no suites in {folder}: expected one *.json for each staged table", about=str(folder))
    return {path.stem: read_suite(path) for path in paths}


def read_warehouse_suite(folder: Path) -> tuple[Rule, ...]:
    """Read the suite of a folder that validates all that is published; none where there is none."""
    path = folder / f"{WAREHOUSE}.json"
    return read_suite(path) if path.exists() else ()


def read_suite(path: Path) -> tuple[Rule, ...]:
    """Read one suite; raise Misconfigured, naming file and expectation, where something is missing or unknown."""
    try:
        suite = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Misconfigured(f"can't read suite {path}: {error}", about=str(path)) from error
    if not isinstance(suite, dict) or suite.get("name") != path.stem or not isinstance(suite.get("expectations"), list):
        message = f'suite {path} must be {{"name": "{path.stem}", "expectations": [...]}}'
        raise Misconfigured(message, about=str(path))
    rules = tuple(_read_rule(path, number, found) for number, found in enumerate(suite["expectations"], start=1))
    names = [rule.rule for rule in rules]
    for name in names:
        if names.count(name) > 1:
            raise Misconfigured(f"suite {path} has more than one rule {name!r}: name each once", about=str(path))
    return rules


def _read_rule(path: Path, number: int, found: Any) -> Rule:
    expectation = found if isinstance(found, dict) else {}
    meta = expectation.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    place = f"suite {path}, expectation {number} ({meta.get('rule') or expectation.get('type')})"
    for holder, key in ((expectation, "type"), (meta, "rule"), (meta, "note")):
        if not isinstance(holder.get(key), str) or not holder[key].strip():
            where = key if holder is expectation else f"meta.{key}"
            raise Misconfigured(f"{place}: {where} is missing", about=str(path))
    severity: Severity | None = expectation.get("severity")
    failing_rows: str | None = meta.get("failing_rows")
    if severity is None or severity not in get_args(Severity):
        allowed = ", ".join(get_args(Severity))
        raise Misconfigured(f"{place}: severity is {severity!r}, not one of {allowed}", about=str(path))
    table = meta.get("table") if path.stem == WAREHOUSE else f"staging.{path.stem}"
    if not isinstance(table, str):
        message = f"{place}: meta.table is missing: the table, with its schema, whose rows it looks at"
        raise Misconfigured(message, about=str(path))
    if severity == "warning" and path.stem == WAREHOUSE:
        raise Misconfigured(f"{place}: a warning quarantines rows, and these are public", about=str(path))
    if severity == "warning" and not failing_rows:
        message = f"{place}: a warning quarantines rows; meta.failing_rows must say which, in SQL over the staged table"
        raise Misconfigured(message, about=str(path))
    return Rule(
        suite=path.stem,
        rule=meta["rule"],
        severity=severity,
        note=meta["note"],
        failing_rows=failing_rows,
        is_final=meta.get("final") is True,
        table=table,
        configuration=expectation,
    )

"""All that is published is validated as a whole once a day; that it does not hold together is told until it does."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.core.assets import asset
from ingest.core.errors import ValidatorFailed
from ingest.core.model import Batch, ValidationResult
from ingest.pipeline.audit import audit, audit_daily
from ingest.quality.validator import SuiteValidator
from ingest.state import State
from ingest.state.alerts import open_alerts
from ingest.warehouse.warehouse import Warehouse
from tests.desk import SITE, Desk
from tests.fakes import a_feed, a_page
from tests.makers import NOON, a_validation

pytestmark = pytest.mark.integration


@dataclass
class FakeValidator:
    """Finds what it was told to, and counts how often it was asked."""

    passed: bool = True
    error: ValidatorFailed | None = None
    asked: list[Batch] = field(default_factory=list)

    def validate_warehouse(self, as_batch: Batch) -> tuple[ValidationResult, ...]:
        self.asked.append(as_batch)
        if self.error:
            raise self.error
        unexpected = 0 if self.passed else 3
        return (
            a_validation(
                as_batch, suite="warehouse", rule="figures_once", severity="critical", passed=self.passed,
                unexpected=unexpected, observed="figure_id 7",
            ),
        )  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk that has published one article."""
    warehouse = Warehouse(tmp_path)
    desk = Desk(warehouse)
    desk.web.answers = {"https://gazette.example/feed": a_feed([("flood", f"{SITE}/flood", None)])}
    desk.web.answers[f"{SITE}/flood"] = a_page("Flood")
    yield desk
    warehouse.close()


@pytest.fixture
def state(desk: Desk) -> State:
    desk.run_stages()
    return desk.state


def alerts(state: State) -> list[tuple[str, str, str | None]]:
    return [(alert.severity, alert.title, alert.source_id) for alert in open_alerts(state).values()]


def test_nothing_is_validated_before_anything_is_public(desk: Desk) -> None:
    validator = FakeValidator()

    audit_daily(validator=validator, state=desk.state, now=NOON)

    assert validator.asked == []


def test_it_is_validated_with_the_first_run_of_a_day(state: State) -> None:
    validator = FakeValidator()

    for hours in (0, 1, 11, 12, 13, 36):
        audit_daily(validator=validator, state=state, now=NOON + timedelta(hours=hours))

    assert [batch.staged_at - NOON for batch in validator.asked] == [timedelta(hours=hours) for hours in (0, 12, 36)]


def test_what_does_not_hold_together_is_an_alert_until_it_does(state: State) -> None:
    audit(validator=FakeValidator(passed=False), state=state, now=NOON)
    opened = alerts(state)
    (alert,) = open_alerts(state).values()
    audit(validator=FakeValidator(), state=state, now=NOON + timedelta(hours=1))

    assert opened == [("critical", "the warehouse does not hold together: warehouse.figures_once", None)]
    assert "- warehouse.figures_once: 3 of 1 rows." in alert.body
    assert "worst: figure_id 7" in alert.body
    assert alerts(state) == []


def test_a_suite_that_breaks_is_told_as_an_error_of_ours(state: State) -> None:
    broken = FakeValidator(error=ValidatorFailed("figures_once broke", about="warehouse/figures_once"))

    with pytest.raises(ValidatorFailed):
        audit(validator=broken, state=state, now=NOON)

    assert alerts(state) == [
        ("critical", "the warehouse can't be validated as a whole: warehouse/figures_once is broken", None)
    ]


def test_a_figure_whose_article_went_is_found_told_and_mended(desk: Desk, tmp_path: Path) -> None:
    desk.run_stages()
    validator = SuiteValidator(asset("expectations"), desk.warehouse.connect, pages_folder=tmp_path / "checks")
    sound = audit(validator=validator, state=desk.state, now=desk.web.now)
    with desk.warehouse.write() as transaction:
        transaction.connection.execute("update published.figures set version = 2")
    broken = audit(validator=validator, state=desk.state, now=desk.web.now + timedelta(hours=1))
    (alert,) = open_alerts(desk.state).values()
    validator.close()

    assert [validation.rule for validation in sound if not validation.passed] == []
    assert [validation.rule for validation in broken if not validation.passed] == ["figures_of_current_articles"]
    assert alert.source_id is None
    assert list((tmp_path / "checks").glob("*-warehouse-*/warehouse.html"))

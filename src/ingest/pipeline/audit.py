"""All that is published, validated as a whole: once a day, because it takes the longer the more there is."""

import logging
from datetime import datetime
from typing import Protocol

from ..alerts import life_cycle, texts
from ..core.errors import Misconfigured, ValidatorFailed
from ..core.ids import alert_fingerprint, batch_key
from ..core.log_lines import line
from ..core.model import Batch, ValidationResult
from ..quality.rejection import is_audit_due
from ..state import State, alerts
from ..warehouse import batches
from .steps import UNVALIDATED

log = logging.getLogger("ingest")

WAREHOUSE = "warehouse"  # the suite, and the kind of the alert about it


class WarehouseValidator(Protocol):
    """The suite about all that is published."""

    def validate_warehouse(self, as_batch: Batch) -> tuple[ValidationResult, ...]:
        """Return what every expectation finds; raise ValidatorFailed when one of them breaks."""
        ...


def audit_daily(*, validator: WarehouseValidator, state: State, now: datetime) -> tuple[ValidationResult, ...]:
    """Validate all that is published with the first run of a day; say what was found, nothing where that was done."""
    audited_at, published_at = batches.last_audit(state)
    return audit(validator=validator, state=state, now=now) if is_audit_due(audited_at, published_at, now) else ()


def audit(*, validator: WarehouseValidator, state: State, now: datetime) -> tuple[ValidationResult, ...]:
    """Validate all that is published; an alert is open from the time it does not hold together until it does."""
    whole = Batch(
        batch_id=batch_key(now.isoformat(), WAREHOUSE), run_id="", source_id=WAREHOUSE, staged_at=now,
        articles=0, figures=0,
    )  # fmt: skip
    last = alerts.recent_alerts(state, now).get(alert_fingerprint(WAREHOUSE, None))
    try:
        found = validator.validate_warehouse(whole)
    except (ValidatorFailed, Misconfigured) as error:
        if alert_fingerprint(UNVALIDATED, None) not in alerts.open_alerts(state):  # which tells of it already
            unvalidated = texts.unvalidated_warehouse(error)
            alerts.keep_alert(
                state, life_cycle.next_alert(WAREHOUSE, None, now=now, last=last, trouble=unvalidated), now
            )
        raise
    trouble = texts.warehouse_trouble(whole, found)
    batches.keep_audit(state, found, life_cycle.next_alert(WAREHOUSE, None, now=now, last=last, trouble=trouble), now)
    log.info(line("audited", passed=trouble is None, rules=len(found)))
    return found

"""All that is published, judged as a whole: once a day, because it takes the longer the more there is."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from .decide import alerting, troubles
from .decide.verdicts import is_audit_due
from .errors import JudgeFailed, Misconfigured
from .keys import alert_fingerprint, batch_key
from .lines import line
from .messages import AlertChange
from .model import Batch, Verdict
from .ports import Store
from .steps import UNJUDGED

log = logging.getLogger("ingest")

WAREHOUSE = "warehouse"  # the suite, and the kind of the alert about it


class WarehouseJudge(Protocol):
    """The suite about all that is published."""

    def judge_warehouse(self, as_batch: Batch) -> tuple[Verdict, ...]:
        """Say what every expectation finds; raise JudgeFailed when one of them breaks."""
        ...


class AuditStore(Store, Protocol):
    """What is kept between steps, with what was said of the warehouse as a whole."""

    def last_audit(self) -> tuple[datetime | None, datetime | None]:
        """Say when the warehouse was last judged as a whole, and when a batch was last published."""
        ...

    def keep_audit(self, verdicts: Sequence[Verdict], change: AlertChange, now: datetime) -> None:
        """Keep what the judge said of the warehouse as a whole, and what becomes of the alert about it."""
        ...


def audit_daily(*, judge: WarehouseJudge, store: AuditStore, now: datetime) -> tuple[Verdict, ...]:
    """Judge all that is published with the first run of a day; say what was found, nothing where that was done."""
    audited_at, published_at = store.last_audit()
    return audit(judge=judge, store=store, now=now) if is_audit_due(audited_at, published_at, now) else ()


def audit(*, judge: WarehouseJudge, store: AuditStore, now: datetime) -> tuple[Verdict, ...]:
    """Judge all that is published; an alert is open from the time it does not hold together until it does."""
    whole = Batch(
        batch_id=batch_key(now.isoformat(), WAREHOUSE), run_id="", source_id=WAREHOUSE, staged_at=now,
        articles=0, figures=0,
    )  # fmt: skip
    last = store.recent_alerts(now).get(alert_fingerprint(WAREHOUSE, None))
    try:
        found = judge.judge_warehouse(whole)
    except (JudgeFailed, Misconfigured) as error:
        if alert_fingerprint(UNJUDGED, None) not in store.open_alerts():  # which tells of it already
            unjudged = troubles.unjudged_warehouse(error)
            store.keep_alert(alerting.next_alert(WAREHOUSE, None, now=now, last=last, trouble=unjudged), now)
        raise
    trouble = troubles.warehouse_trouble(whole, found)
    store.keep_audit(found, alerting.next_alert(WAREHOUSE, None, now=now, last=last, trouble=trouble), now)
    log.info(line("audited", passed=trouble is None, rules=len(found)))
    return found

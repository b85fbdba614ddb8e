"""What a run leaves on its page in Prefect: what came in and where it ended, and what somebody should look at."""

import logging
from collections.abc import Mapping
from typing import Any

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from ingest.pipeline import wiring
from ingest.report.run_summary import failed_lines, rejected_lines, trouble_lines
from ingest.state.alerts import open_alerts

from . import stages
from .api import API_ERRORS
from .stages import Given

log = logging.getLogger("ingest")

UNDER_WAY = "under way"


def leave_artifacts(flow: str, summary: Mapping[str, Any], given: Given) -> None:
    """Leave a table of entries and a page of troubles, each where there are any."""
    try:
        if rows := entries_table(summary["run"], given):
            create_table_artifact(rows, key=f"{flow}-entries", description="What came in, and where it ended")
        if page := troubles_page(summary, given):
            create_markdown_artifact(page, key=f"{flow}-troubles", description="What somebody should look at")
    except API_ERRORS as error:
        log.info("no artifacts: %s", error or type(error).__name__)


def entries_table(run_id: str, given: Given) -> list[dict[str, str | int]]:
    """Return one row per source and way to end, and the sum of all."""
    rows: list[dict[str, str | int]] = [
        {
            "source": count.source_id,
            "outcome": count.outcome or UNDER_WAY,
            "reason": count.reason or "",
            "entries": count.entries,
        }
        for count in stages.outcome_counts(run_id, given)
    ]
    total = sum(int(row["entries"]) for row in rows)
    return [*rows, {"source": "all", "outcome": "", "reason": "", "entries": total}] if rows else []


def troubles_page(summary: Mapping[str, Any], given: Given) -> str:
    """Write of what this run rejected, what failed in it, and of the alerts that are open after it, as Markdown."""
    told = {
        "Rejected batches": rejected_lines(summary),
        "Sources that failed": failed_lines(summary),
        "Could not go on": trouble_lines(summary),
    }
    lines = []
    for heading, those in told.items():
        lines += ["", f"## {heading}", "", *(f"- {_plain(one)}" for one in those)] if those else []
    with wiring.open_world(**given) as world:
        alerts = sorted(open_alerts(world.state).values(), key=lambda alert: alert.opened_at)
    if alerts:
        lines += ["", "## Alerts that are open", "", "| since | severity | what |", "|---|---|---|"]
        lines += [f"| {one.opened_at:%Y-%m-%d %H:%M} | {one.severity} | {_plain(one.title)} |" for one in alerts]
    return "\n".join(lines).strip()


def _plain(text: str) -> str:
    """Keep what strangers wrote from being taken for Markdown, or for more than one line."""
    escaped = "".join(f"\\{letter}" if letter in r"\`*_{}[]()<>#|!" else letter for letter in text)
    return " ".join(escaped.split())

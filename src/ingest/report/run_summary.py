"""How a run went: what the steps report, what state and warehouse add to it, and the exit code that it comes to."""

import signal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..core.errors import passing_reasons

if TYPE_CHECKING:
    from .contents import Read

EXIT_OURS = 1
EXIT_SOURCES_FAILED = 3
EXIT_BATCH_REJECTED = 4
EXIT_SIGNALLED = 128  # and the number of the signal, as a shell has it
OURS = {"judge_failed", "misconfigured", "warehouse_unusable", "cluster_away", "defect"}
OURS |= {"disk_full", "out_of_memory"}  # no source is to blame


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A source or batch that could not go on, and why."""

    key: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a run went, by keys and counts."""

    run_id: str
    polled: tuple[str, ...]
    not_due: tuple[str, ...]
    troubles: tuple[Trouble, ...] = ()
    rejected: tuple[str, ...] = ()  # batch ids
    unpublished: tuple[str, ...] = ()  # batch ids, left to the worker that publishes
    stopped_by: str | None = None  # the name of the signal that ended it before all was done


def summary_of(report: Report, *, state: "Read") -> dict[str, Any]:
    """Collect what the state tells of a run."""
    run = {"run_id": report.run_id}
    sources = state("report_sources", run | {"passing_reasons": passing_reasons()})
    keys = [trouble.key for trouble in report.troubles]
    source_of = {one["batch_id"]: one["source_id"] for one in state("sources_of_batches", {"batch_ids": keys})}
    source_of |= {source["source_id"]: source["source_id"] for source in sources}
    return {
        "run": report.run_id,
        "stopped_by": report.stopped_by,
        "entries": sum(source["entries"] for source in sources),
        "waiting": sum(source["waiting"] for source in sources),
        "reasons": state("report_reasons", run),
        "sources": sources,
        "rejected_batches": state("report_rejected", {"batch_ids": list(report.rejected)}),
        "quarantined": _quarantined(state("report_quarantined", run)),
        "troubles": [
            {
                "key": trouble.key,
                "source_id": source_of.get(trouble.key),
                "reason": trouble.reason,
                "detail": trouble.detail,
            }
            for trouble in report.troubles
        ],
        "not_due": list(report.not_due),
        "unpublished": len(report.unpublished),
    }


def _quarantined(examples: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what each rule refused, with the first few rows in words, from a row for each of these."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in examples:
        refused = {key: value for key, value in row.items() if key != "example"}
        key = (row["source_id"], row["table_name"], row["rule"])
        found.setdefault(key, refused | {"examples": []})["examples"].append(row["example"])
    return list(found.values())


def exit_code(summary: Mapping[str, Any]) -> int:
    """Return in one number how a run went: 4 a batch was rejected, 3 a source failed, 1 something of ours, 0 fine.

    A run that was told to stop ends as a process ends that the signal kills: 143 by SIGTERM, 130 by SIGINT.
    A source whose feed answers has failed all the same when its host gave not one of the pages that were asked for.
    """
    if summary["stopped_by"]:
        return EXIT_SIGNALLED + signal.Signals[summary["stopped_by"]]
    if any(trouble["reason"] in OURS for trouble in summary["troubles"]):
        return EXIT_OURS
    if summary["rejected_batches"]:
        return EXIT_BATCH_REJECTED
    if summary["troubles"] or any(one["feed"] == "failed" or one["is_cut_off"] for one in summary["sources"]):
        return EXIT_SOURCES_FAILED
    return 0


def rejected_lines(summary: Mapping[str, Any]) -> list[str]:
    """Return a line for each rule that rejected a batch."""
    return [
        f"{one['source_id']}: {one['articles']} articles, {one['figures']} figures: {one['rule']}: "
        f"{one['unexpected']:,} of {one['checked']:,} rows. {one['note']}"
        for one in summary["rejected_batches"]
    ]


def failed_lines(summary: Mapping[str, Any]) -> list[str]:
    """Return a line for each way in which a source failed."""
    return [line for source in summary["sources"] for line in source_failures(source)]


def source_failures(source: Mapping[str, Any]) -> list[str]:
    """Return a line for each way in which this source failed."""
    lines = []
    if source["feed"] == "failed":
        lines.append(f"{source['source_id']}: {source['reason']}: {source['detail']}")
    if source["is_cut_off"]:
        lines.append(f"{source['source_id']}: none of the pages asked for could be had; they are tried again")
    return lines


def trouble_lines(summary: Mapping[str, Any]) -> list[str]:
    """Return a line for each source or batch that could not go on."""
    return [f"{one['source_id'] or one['key']}: {one['reason']}: {one['detail']}" for one in summary["troubles"]]


def sum_line(summary: Mapping[str, Any]) -> str:
    """Return how many entries came in, and how they ended; and how many batches another worker has to publish."""
    ends = [
        f"{one['entries']:,} {one['outcome']} ({one['reason']})"
        if one["outcome"]
        else f"{one['entries']:,} {one['reason'] or 'under way'}"
        for one in summary["reasons"]
    ]
    left = f"; batches that wait for the worker that publishes: {left:,}" if (left := summary["unpublished"]) else ""
    return f"{summary['entries']:,} entries came in{': ' if ends else ''}{', '.join(ends)}{left}"

"""What the report shows: how entries fared, sources, checks, alerts, manners, corrections and the newest figures."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from ..core.ids import pages_name
from ..core.model import Batch
from ..core.urls import is_web_address
from .charts import Column, Dot, Peak, columns, days_up_to, dots, line, peak
from .entry_flow import Drawing, End, by_outcome, draw, ends_of, gathered

MOST_SOURCES = 60
MOST_FAILURES = 60
MOST_HOSTS = 40
MOST_CORRECTIONS = 40

Row = Mapping[str, Any]
# Runs a statement of that name with its parameters, all on one state of a file.
Read = Callable[[str, Mapping[str, object]], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """What a source brought and how late, day by day; how its visits went. All sources together have no visits."""

    source_id: str
    articles: int
    columns: Sequence[Column]
    busiest: Peak | None
    lags: Sequence[Dot]
    lag_line: str
    slowest: Peak | None
    visits: Row | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteSummary:
    """What the rules of one suite found."""

    suite: str
    rules: Sequence[Row]

    @property
    def failed(self) -> int:
        """Count the rules that did not always hold and are more than counted."""
        return sum(bool(rule["failed"]) and rule["severity"] != "info" for rule in self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that the page shows, ready to be written down."""

    made_at: datetime
    told_from: str  # the files
    days: Sequence[date]
    last_run: Row
    totals: Row
    alerts: Sequence[Row]
    ends: Sequence[End]
    drawing: Drawing
    small_drawing: Drawing
    everything: Trend
    trends: Sequence[Trend]
    unshown_sources: int
    suites: Sequence[SuiteSummary]
    failures: Sequence[Row]
    hosts: Sequence[Row]
    corrections: Sequence[Row]
    figures: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class _HowItWent:
    """What the pipeline's own file tells, read in one go: a pass that begins meanwhile finds it locked."""

    last_run: Row
    alerts: Sequence[Row]
    flow: Sequence[Row]
    visits: Mapping[str, Row]  # by source, those shown first
    lags: Mapping[str | None, Mapping[date, int]]
    rules: Sequence[Row]
    failures: Sequence[Row]
    hosts: Sequence[Row]


def compose(
    *,
    ops: Callable[[], AbstractContextManager[tuple[Read, str]]],
    news: Read,
    has_page: Callable[[str], bool],
    now: datetime,
    days: int,
    most_figures: int,
) -> Report:
    """Gather what happened in some days up to now, and the newest figures; `has_page` knows the pages about checks.

    `ops` opens how the pipeline did and says in which files that is told; it is let go of before all else is read.
    """
    begun = news("report_beginning", {})[0]["first_day"]
    listed = days_up_to(now.astimezone(UTC).date(), most=days, begun=begun)
    since = {"since": datetime.combine(listed[0], time(0), tzinfo=UTC)}
    with ops() as (read, told_from):
        went = _read_how_it_went(read, since)
    ends = ends_of(went.flow)
    everything, trends, unshown = _trends(went, news, since, listed)
    return Report(
        made_at=now,
        told_from=told_from,
        days=listed,
        last_run=went.last_run,
        totals=news("report_totals", since)[0],
        alerts=sorted(went.alerts, key=lambda alert: _SEVERITIES.index(alert["severity"])),
        ends=ends,
        drawing=draw(gathered(ends), width=920, height=240, room=310, line=21),
        small_drawing=draw(by_outcome(ends), width=320, height=190, room=128, line=32),
        everything=everything,
        trends=trends,
        unshown_sources=unshown,
        suites=_suites(went.rules),
        failures=[_with_page(row, has_page) for row in went.failures],
        hosts=went.hosts,
        corrections=[_linked(row) for row in news("report_corrections", {"most": MOST_CORRECTIONS})],
        figures=[_linked(row) | _parted(row) for row in news("report_figures", {"most": most_figures})],
    )


_SEVERITIES = ("critical", "warning", "info")


def _read_how_it_went(ops: Read, since: Mapping[str, object]) -> _HowItWent:
    visits = sorted(
        ops("report_visits", since), key=lambda row: (not _is_failing(row), -row["entries_found"], row["source_id"])
    )
    shown = [row["source_id"] for row in visits[:MOST_SOURCES]]
    return _HowItWent(
        last_run=ops("report_last_run", since)[0],
        alerts=ops("open_alerts", {}),
        flow=ops("report_flow", since),
        visits={row["source_id"]: row for row in visits},
        lags=_by_source(ops("report_lags", {**since, "sources": shown}), "lag_seconds"),
        rules=ops("report_rules", since),
        failures=ops("report_failures", {**since, "most": MOST_FAILURES}),
        hosts=ops("report_politeness", {**since, "most": MOST_HOSTS}),
    )


def _is_failing(visits: Row | None) -> bool:
    return visits is not None and visits["outcome"] == "failed"


def _trends(
    went: _HowItWent, news: Read, since: Mapping[str, object], days: Sequence[date]
) -> tuple[Trend, list[Trend], int]:
    """Draw the sources that fail first, then those that bring most; say how many are left out."""
    shown = list(went.visits)[:MOST_SOURCES]
    volumes = _by_source(news("report_volume", {**since, "most": MOST_SOURCES, "sources": shown}), "articles")
    together = volumes.pop(None, {})
    unvisited = [key for key in volumes if key is not None and key not in went.visits]
    trends = [
        _trend(key, volumes.get(key, {}), went.lags.get(key, {}), days, went.visits.get(key))
        for key in (shown + unvisited)[:MOST_SOURCES]
    ]
    trends.sort(key=lambda trend: (not _is_failing(trend.visits), -trend.articles, trend.source_id))
    return _trend("", together, {}, days, None), trends, len(went.visits) + len(unvisited) - len(trends)


def _trend(
    source_id: str, volume: Mapping[date, int], lags: Mapping[date, int], days: Sequence[date], visits: Row | None
) -> Trend:
    placed = dots(lags, days)
    return Trend(
        source_id=source_id,
        articles=sum(volume.values()),
        columns=columns(volume, days),
        busiest=peak(volume),
        lags=placed,
        lag_line=line(placed),
        slowest=peak(lags),
        visits=visits,
    )


def _by_source(rows: Iterable[Row], what: str) -> dict[str | None, dict[date, int]]:
    found: dict[str | None, dict[date, int]] = {}
    for row in rows:
        found.setdefault(row["source_id"], {})[row["day"]] = row[what]
    return found


def _suites(rules: Iterable[Row]) -> list[SuiteSummary]:
    found: dict[str, list[Row]] = {}
    for rule in rules:
        found.setdefault(rule["suite"], []).append(rule)
    return [SuiteSummary(suite=suite, rules=its) for suite, its in sorted(found.items())]


def _with_page(failure: Row, has_page: Callable[[str], bool]) -> Row:
    """Return the page that Great Expectations made about it, where there still is one."""
    batch = Batch(
        batch_id=failure["batch_id"], run_id="", source_id=failure["source_id"], staged_at=failure["staged_at"],
        articles=0, figures=0,
    )  # fmt: skip
    page = f"{pages_name(batch)}/{failure['suite']}.html"
    return {**failure, "page": page if has_page(page) else None}


def _linked(row: Row) -> dict[str, Any]:
    """Return the address to click on: none but an http or https one, for it was written by strangers."""
    return {**row, "link": row["url"] if is_web_address(row["url"]) else None}


def _parted(figure: Row) -> dict[str, str]:
    """Part the sentence before and after the figure; one that is not where it should be is left unmarked."""
    sentence, text, start = figure["sentence"], figure["text"], figure["sentence_start"]
    if sentence[start : start + len(text)] != text or start < 0:
        return {"before": sentence, "marked": "", "after": ""}
    return {"before": sentence[:start], "marked": text, "after": sentence[start + len(text) :]}

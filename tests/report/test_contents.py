"""Which sources a report shows, where there are more than it has room for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from ingest.report.contents import MOST_SOURCES, Read, Report, compose

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TODAY = date(2026, 11, 26)
VISITED = 200


def a_report(**answers: list[dict[str, Any]]) -> Report:
    """Compose a report on a warehouse that gives these answers, and no rows to all else that it is asked."""
    at_least: dict[str, list[dict[str, Any]]] = {
        "report_last_run": [{}],
        "report_beginning": [{"first_day": TODAY}],
        "report_totals": [{}],
    }

    def read(name: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        return (at_least | answers).get(name, [])

    @contextmanager
    def ops() -> Iterator[tuple[Read, str]]:
        yield read, "a fake"

    return compose(ops=ops, news=read, has_page=lambda _: False, now=NOW, days=30, most_figures=10)


def brought(**articles: int) -> list[dict[str, Any]]:
    return [{"source_id": key, "day": TODAY, "articles": count} for key, count in articles.items()]


def a_visit(number: int, outcome: str = "served") -> dict[str, Any]:
    return {"source_id": f"source-{number:03}", "outcome": outcome, "entries_found": number}


def test_a_source_that_fails_is_shown_before_those_that_bring_most() -> None:
    report = a_report(
        report_visits=[a_visit(number, "failed" if number == 3 else "served") for number in range(VISITED)]
    )

    shown = [trend.source_id for trend in report.trends]

    assert shown[0] == "source-003"
    assert set(shown[1:]) == {f"source-{number:03}" for number in range(VISITED - MOST_SOURCES + 1, VISITED)}
    assert report.unshown_sources == VISITED - MOST_SOURCES


def test_a_source_that_was_not_visited_is_shown_with_what_it_brought() -> None:
    report = a_report(report_visits=[a_visit(1)], report_volume=[*brought(backfilled=7), *brought(**{"source-001": 2})])

    assert [(trend.source_id, trend.articles, trend.visits is None) for trend in report.trends] == [
        ("backfilled", 7, True),
        ("source-001", 2, False),
    ]
    assert report.unshown_sources == 0


def test_addresses_that_are_none_of_the_web_are_no_links() -> None:
    row = {"url": "javascript:alert(1)", "title": "A story"}

    told = [row, row | {"url": "https://a.example/b"}, row | {"url": "data:text/html,<script>1</script>"}]
    links = [one["link"] for one in a_report(report_corrections=told).corrections]

    assert links == [None, "https://a.example/b", None]

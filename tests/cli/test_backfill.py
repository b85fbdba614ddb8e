"""`ingest backfill`: stories of days gone by become articles like any other."""

from pathlib import Path

from ingest.demo.newsroom import Newsroom
from tests.command import ingest, list_sources


def test_a_range_of_days_is_loaded_and_published(tmp_path: Path) -> None:
    with Newsroom() as newsroom:
        newsroom.publishes("flood")
        published = newsroom.publications["flood"].published_at.date()
        listed = list_sources(tmp_path / "sources.json", newsroom.source)
        days = ("--from", published.isoformat(), "--to", published.isoformat())
        ran = ingest("backfill", "gazette", *days, "--sources", listed, "--json", cwd=tmp_path)

    assert (ran.code, ran.err) == (0, "")
    assert [(one["outcome"], one["entries"]) for one in ran.told["reasons"]] == [("published", 1)]


def test_days_the_wrong_way_round_are_told(tmp_path: Path) -> None:
    ran = ingest("backfill", "gazette", "--from", "2026-03-02", "--to", "2026-03-01", cwd=tmp_path)

    assert (ran.code, ran.complaint) == (2, "ingest: --from 2026-03-02 is after --to 2026-03-01")

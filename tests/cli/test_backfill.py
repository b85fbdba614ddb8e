"""`ingest backfill`: articles of days gone by become articles like any other."""

import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

from ingest.demo.newsroom import Newsroom
from ingest.demo.server import Response, Site
from ingest.warehouse.warehouse import query
from tests.command import ingest, list_sources, surroundings
from tests.fakes import a_page
from tests.forkserver import fork
from tests.waiting import LONGEST_SECONDS

pytestmark = pytest.mark.integration


def test_prefect_goes_back_the_same_way(tmp_path: Path, prefect_api: dict[str, Any]) -> None:
    with Newsroom() as newsroom:
        newsroom.publishes("flood")
        published = newsroom.publications["flood"].published_at.date()
        listed = list_sources(tmp_path / "sources.json", newsroom.source)
        days = ("--from", published.isoformat(), "--to", published.isoformat())
        ran = ingest("backfill", "gazette", *days, "--sources", listed, "--json", cwd=tmp_path, **prefect_api)

    assert (ran.code, ran.err) == (0, "")
    assert [(one["outcome"], one["entries"]) for one in ran.told["reasons"]] == [("published", 1)]


def list_days(site: Site) -> None:
    """Serve four sitemaps of March, two articles in each, and their pages."""
    maps = [f"/posts-2026-03-0{day}.xml" for day in range(1, 5)]
    site.serve("/robots.txt", "Sitemap: /index.xml", content_type="text/plain")
    site.serve(
        "/index.xml", f"<sitemapindex>{''.join(f'<sitemap><loc>{one}</loc></sitemap>' for one in maps)}</sitemapindex>"
    )
    for day in range(1, 5):
        serve_day(site, day)


def serve_day(site: Site, day: int) -> None:
    stories = [f"/2026/03/0{day}/{name}" for name in ("flood", "storm")]
    listed = "".join(f"<url><loc>{one}</loc></url>" for one in stories)
    site.serve(f"/posts-2026-03-0{day}.xml", f"<urlset>{listed}</urlset>")
    for story in stories:
        site.serve(story, a_page(f"Story of {story}"))


class SlowSite(Site):
    """A site that leaves whoever asks for one path waiting."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self.is_asked, self.goes_on = threading.Event(), threading.Event()

    def answer(self, target: str) -> Response | None:
        if target == self._path:
            self.is_asked.set()
            self.goes_on.wait(LONGEST_SECONDS)
        return super().answer(target)


@pytest.mark.parametrize("killed_at", ["/posts-2026-03-02.xml", "/2026/03/02/storm"])
def test_a_search_that_was_killed_carries_on_and_ends_where_one_would(tmp_path: Path, killed_at: str) -> None:
    with SlowSite(killed_at) as site:
        list_days(site)
        (tmp_path / "sources.json").write_text(f'[{{"key": "gazette", "feed_url": "{site.url}/feed"}}]')
        days = ("--from", "2026-03-01", "--to", "2026-03-31", "--sources", "sources.json")
        command = ("backfill", "gazette", *days, "--direct", "--json")
        with Path(os.devnull).open("r+b") as nothing:
            streams = (nothing.fileno(), nothing.fileno(), nothing.fileno())
            killed = fork(command, cwd=tmp_path, environment=surroundings({}), streams=streams)
        assert site.is_asked.wait(LONGEST_SECONDS), f"{killed_at} is not asked for"
        killed.kill()
        code = killed.wait()
        site.goes_on.set()
        before = [request.path for request in site.requests if request.path.startswith("/posts")]
        ran = ingest(*command, cwd=tmp_path)
        _, articles = query(tmp_path / "warehouse" / "news.duckdb", "select count(*), max(version) from articles")
    maps = [request.path for request in site.requests if request.path.startswith("/posts")]

    assert code == -signal.SIGKILL
    assert (ran.code, articles) == (0, [(8, 1)])
    assert [(one["outcome"], one["reason"], one["entries"]) for one in ran.told["reasons"]] == [
        ("published", "new_article", 8)
    ]
    assert len(maps) - len(set(maps)) <= 1  # the one that was being read when it was killed
    assert before


def test_days_the_wrong_way_round_are_told(tmp_path: Path) -> None:
    ran = ingest("backfill", "gazette", "--from", "2026-03-02", "--to", "2026-03-01", cwd=tmp_path)

    assert (ran.code, ran.complaint) == (2, "ingest: --from 2026-03-02 is after --to 2026-03-01")


def test_a_range_of_days_is_published_and_what_could_not_be_read_is_told_and_is_no_success(tmp_path: Path) -> None:
    with Site() as site:
        list_days(site)
        site.serve("/posts-2026-03-02.xml", "down", status=503)
        (tmp_path / "sources.json").write_text(f'[{{"key": "gazette", "feed_url": "{site.url}/feed"}}]')
        days = ("--from", "2026-03-02", "--to", "2026-03-03", "--sources", "sources.json", "--direct")
        first = ingest("backfill", "gazette", *days, cwd=tmp_path)
        serve_day(site, 2)
        second = ingest("backfill", "gazette", *days, "--json", cwd=tmp_path)

    assert first.code == 3
    assert [line.split("(")[0].strip() for line in first.out.splitlines()[-3:]] == [
        "read        2 addresses, which listed 2 new entries of these days",
        "nothing in  4 addresses",
        "waiting     1 addresses",
    ]
    assert (second.code, second.err) == (0, "")
    assert [(one["outcome"], one["entries"]) for one in second.told["reasons"]] == [("published", 2)]
    assert [(one["reason"], one["addresses"], one["entries"]) for one in second.told["addresses"]] == [
        (None, 3, 4),
        ("missing", 4, 0),
    ]


def test_an_unknown_source_is_told_beside_the_known(tmp_path: Path) -> None:
    (tmp_path / "sources.json").write_text('[{"key": "gazette", "feed_url": "http://127.0.0.1:9/feed"}]')
    days = ("--from", "2026-03-02", "--to", "2026-03-03")
    ran = ingest("backfill", "gazete", *days, "--sources", "sources.json", cwd=tmp_path)

    assert (ran.code, ran.complaint) == (2, "ingest: no source has the key 'gazete'; the keys are gazette")

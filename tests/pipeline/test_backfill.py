"""What was published before we watched is found through sitemaps and archives, and a killed search carries on."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from ingest.core.fetch_state import Backfill
from ingest.core.model import Source
from ingest.demo.server import Site
from ingest.pipeline import poll
from ingest.pipeline.backfill import backfill
from ingest.pipeline.wiring import World
from ingest.state import backfills, entries
from ingest.warehouse import runs
from tests.warehouses import open_world

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
EARLIER, LATER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
WANTED = Backfill(source_id="gazette", first_day=date(2026, 3, 1), last_day=date(2026, 3, 31))


@pytest.fixture
def world(tmp_path: Path, site: Site) -> Iterator[World]:
    with open_world(tmp_path, NOW, feed_url=site.url + "/feed") as opened:
        yield opened


def go_back(world: World, is_over: Callable[[], bool] = bool) -> int:
    source: Source = world.sources["gazette"]
    given = {"web": world.web, "state": world.state, "run_id": "run", "clock": lambda: NOW}
    return backfill(source, WANTED, is_over=is_over, **given)  # type: ignore[arg-type]


def found(world: World) -> list[str]:
    waiting = entries.waiting_entries(world.state, entries.take_in_waiting(world.state, "gazette", "run", LATER))
    return sorted((one.entry.url or "").rpartition("/")[2] for one in waiting)


def ended(world: World) -> list[tuple[str | None, str | None, int]]:
    return [(one.outcome, one.reason, one.entries) for one in runs.outcome_counts(world.state, "run")]


def asked(site: Site) -> list[str]:
    return [request.path for request in site.requests if request.status == 200 and request.path != "/robots.txt"]


def serve_sitemaps(site: Site) -> None:
    site.serve("/robots.txt", "Sitemap: /index.xml", content_type="text/plain")
    site.serve(
        "/index.xml",
        "<sitemapindex><sitemap><loc>/posts-2026-02.xml</loc></sitemap>"
        "<sitemap><loc>/posts-2026-03.xml</loc></sitemap><sitemap><loc>/pages.xml</loc>"
        "<lastmod>2025-01-01</lastmod></sitemap></sitemapindex>",
    )
    for path in ("/posts-2026-02.xml", "/pages.xml"):
        site.serve(path, "<urlset><url><loc>/2026/02/09/snow</loc></url></urlset>")
    site.serve(
        "/posts-2026-03.xml",
        "<urlset><url><loc>/2026/03/09/flood</loc></url><url><loc>/about</loc></url>"
        "<url><loc>/storm</loc><lastmod>2026-03-31T20:00:00Z</lastmod></url>"
        "<url><loc>/calm</loc><lastmod>2026-04-01</lastmod></url></urlset>",
    )


def feed(day: int, more: str = "") -> str:
    item = f"<item><title>d{day}</title><link>/d{day}</link><pubDate>{day:02} Mar 2026 10:00:00 GMT</pubDate></item>"
    return f"<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel>{more}{item}</channel></rss>"


def test_sitemaps_are_gone_through_where_they_may_hold_something(site: Site, world: World) -> None:
    serve_sitemaps(site)

    assert go_back(world) == 2
    assert found(world) == ["flood", "storm"]
    assert asked(site) == ["/index.xml", "/posts-2026-03.xml"]


def test_archive_pages_are_followed_until_they_are_too_old(site: Site, world: World) -> None:
    site.serve("/feed", feed(20, "<atom:link rel='next' href='/feed?page=2'/>"))
    site.serve("/feed?page=2", feed(10, "<atom:link rel='prev-archive' href='/feed?page=3'/>"))
    site.serve("/feed?page=3", feed(1).replace("01 Mar", "01 Feb") + "<atom:link rel='next' href='/feed?page=4'/>")

    assert go_back(world) == 2
    assert found(world) == ["d10", "d20"]
    assert asked(site) == ["/feed", "/feed?page=2", "/feed?page=3"]


def test_a_search_that_was_cut_short_carries_on_where_it_was(site: Site, world: World) -> None:
    serve_sitemaps(site)
    whole = site.answer("/posts-2026-03.xml")
    assert whole is not None
    site.serve("/posts-2026-03.xml", "down", status=503)
    first = go_back(world)
    site.requests.clear()
    site.serve("/posts-2026-03.xml", whole.body)

    assert (first, go_back(world)) == (0, 2)
    assert asked(site) == ["/posts-2026-03.xml"]


def test_what_was_found_by_address_is_known_when_its_feed_lists_it_by_guid(site: Site, world: World) -> None:
    listed = "<item><guid>urn:flood</guid><title>Flood</title><link>/2026/03/09/flood?utm_source=rss</link></item>"
    serve_sitemaps(site)
    go_back(world)
    site.serve("/feed", f"<rss version='2.0'><channel>{listed}</channel></rss>")
    visit = poll.poll(world.sources["gazette"], web=world.web, state=world.state, run_id="run", now=LATER)

    assert (visit.entries_listed, visit.entries_found) == (1, 0)
    assert found(world) == ["flood", "storm"]
    assert ("unchanged", "known_address", 1) in ended(world)


def test_what_was_found_by_guid_is_known_when_a_sitemap_lists_it(site: Site, world: World) -> None:
    listed = "<item><guid>urn:flood</guid><title>Flood</title><link>/2026/03/09/flood</link></item>"
    site.serve("/feed", f"<rss version='2.0'><channel>{listed}</channel></rss>")
    poll.poll(world.sources["gazette"], web=world.web, state=world.state, run_id="run", now=EARLIER)
    serve_sitemaps(site)

    assert go_back(world) == 1
    assert found(world) == ["flood", "storm"]
    assert ("unchanged", "known_address", 1) in ended(world)


def test_a_search_that_is_over_asks_for_nothing_again(site: Site, world: World) -> None:
    serve_sitemaps(site)
    go_back(world)
    site.requests.clear()

    assert go_back(world) == 0
    assert asked(site) == []


def serve_map(site: Site, path: str, *urls: str) -> None:
    site.serve(path, f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>")


def test_every_sitemap_that_robots_txt_names_is_read(site: Site, world: World) -> None:
    paths = [f"/map-{letter}.xml" for letter in "abcdefgh"]
    site.serve("/robots.txt", "\n".join(f"Sitemap: {path}" for path in paths), content_type="text/plain")
    for path in paths:
        serve_map(site, path, f"/2026/03/02/{path[5]}")

    assert go_back(world) == 8


def test_articles_without_a_date_are_of_the_days_that_their_sitemap_names(site: Site, world: World) -> None:
    names = ("/map-2026-03.xml", "/map-2026-02.xml", "/map?yyyy=2026&mm=3&dd=4", "/map?yyyy=2026&mm=2&dd=4")
    site.serve("/robots.txt", "\n".join(f"Sitemap: {name}" for name in names), content_type="text/plain")
    for name in names:
        serve_map(site, name, f"/story-of-{names.index(name)}", "/about")

    assert go_back(world) == 2
    assert found(world) == ["story-of-0", "story-of-2"]


def test_an_article_that_changed_later_is_of_the_days_that_its_sitemap_names(site: Site, world: World) -> None:
    loc = "<url><loc>/flood-in-march</loc><lastmod>2026-07-01</lastmod></url>"
    site.serve("/sitemap.xml", "<sitemapindex><sitemap><loc>/posts-2026-03.xml</loc></sitemap></sitemapindex>")
    site.serve("/posts-2026-03.xml", f"<urlset>{loc}</urlset>")

    assert go_back(world) == 1


def test_a_folder_of_a_month_says_of_which_month_an_article_is(site: Site, world: World) -> None:
    serve_map(site, "/sitemap.xml", "/2026/03/flood", "/2026/02/snow", "/2026/04/rain")

    assert go_back(world) == 1
    assert found(world) == ["flood"]


def test_a_few_articles_of_which_nobody_says_when_they_are_from_are_looked_at(site: Site, world: World) -> None:
    serve_map(site, "/sitemap.xml", "/flood-in-town", "/storm-at-sea", "/about")

    assert go_back(world) == 2


def test_a_whole_site_without_dates_is_left_out_and_told(site: Site, world: World) -> None:
    serve_map(site, "/sitemap.xml", *(f"/story-{number}" for number in range(501)))

    assert go_back(world) == 0
    assert gone_through(world)["undated"] == 1


def test_an_archive_that_goes_round_in_circles_ends(site: Site, world: World) -> None:
    generator = "<generator>https://wordpress.org/?v=6</generator>"
    site.serve("/feed", feed(20, generator))

    assert go_back(world) == 1
    assert len(asked(site)) == 2


def test_an_archive_whose_older_page_is_named_in_a_header_is_followed(site: Site, world: World) -> None:
    site.serve("/feed", feed(20), headers=[("Link", '</feed/2>; rel="next"')])
    site.serve("/feed/2", feed(10))

    assert go_back(world) == 2


def test_what_waits_says_why(site: Site, world: World) -> None:
    site.serve("/sitemap.xml", "down", status=503)
    go_back(world)

    assert gone_through(world) == {"server_failed": 1, "missing": 3}


def gone_through(world: World) -> dict[str, int]:
    parameters = {"source_id": "gazette", "first_day": WANTED.first_day, "last_day": WANTED.last_day}
    return {one["reason"]: one["addresses"] for one in world.state.read("report_backfill", parameters)
            if one["reason"]}  # fmt: skip


def has_asked(site: Site, most: int) -> bool:
    return len(site.requests) > most


def test_what_is_not_gone_through_when_the_time_is_over_is_gone_through_the_next_time(world: World, site: Site) -> None:
    serve_sitemaps(site)
    looks = []
    for addresses in (1, 2, 99):
        most = len(site.requests) + addresses
        go_back(world, is_over=partial(has_asked, site, most))
        looks.append(len(found(world)))

    assert looks[0] < looks[-1]
    assert found(world) == ["flood", "storm"]
    assert backfills.waiting_backfill(world.state, WANTED) == []
    assert len(asked(site)) == len(set(asked(site)))

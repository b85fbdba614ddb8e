"""A newsroom without a feed is watched by its section pages, and by its feed again once it has one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ingest.core.fetch_state import Backfill
from ingest.core.model import Poll
from ingest.demo.server import Site
from ingest.pipeline import poll as polling
from ingest.pipeline.backfill import backfill
from ingest.pipeline.wiring import World
from ingest.state import entries
from ingest.state.alerts import open_alerts, unsent_events
from ingest.state.polls import known_feeds
from tests.warehouses import open_world

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday
DAY = timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path, site: Site) -> Iterator[World]:
    with open_world(tmp_path, NOW, listing_urls=[site.url + "/coast"]) as opened:
        yield opened


@pytest.fixture
def feedless(tmp_path: Path, site: Site) -> Iterator[World]:
    """A source whose feed is not there."""
    at = {"feed_url": site.url + "/feed.xml", "site_url": site.url + "/"}
    with open_world(tmp_path, NOW, **at, listing_urls=[site.url + "/coast"]) as opened:
        yield opened


def poll(world: World, after: timedelta = timedelta(0), **changes: tuple[str, ...]) -> Poll:
    source = replace(world.sources["gazette"], **changes)  # type: ignore[arg-type]  # tuples where a source has them
    return polling.poll(source, web=world.web, state=world.state, run_id="run", now=NOW + after)


def section(slugs: Sequence[str], *, day: int = 18, more: str = "") -> str:
    cards = "".join(
        f'<li class="card"><h2><a href="/2026/11/{day:02}/{slug}">{slug.replace("-", " ").capitalize()}</a></h2>'
        f"<time datetime='2026-11-{day:02}'>{day} Nov</time></li>"
        for slug in slugs
    )
    return f"<html lang='en'><body><nav><a href='/sport'>Sport</a></nav><ul>{cards}</ul>{more}</body></html>"


PIER = section(["pier-reopens-on-friday", "gulls-take-the-town-hall", "ferry-runs-aground-again"])
RSS = (
    "<rss version='2.0'><channel><title>Gazette</title>"
    "<item><title>A feed</title><link>/feed-story</link></item></channel></rss>"
)


def source_events(world: World) -> list[str]:
    return [event.name for event in unsent_events(world.state) if event.name.startswith("source.")]


def requested(site: Site) -> list[str]:
    return [request.path for request in site.requests if request.path != "/robots.txt"]


def test_the_articles_of_a_section_page_are_entries_with_their_titles_and_dates(site: Site, world: World) -> None:
    site.serve("/coast", PIER)
    polled = poll(world)
    waiting = entries.waiting_entries(world.state, entries.take_in_waiting(world.state, "gazette", "run", NOW))

    assert (polled.outcome, polled.entries_listed, polled.entries_found) == ("served", 3, 3)
    assert {one.entry.title for one in waiting} >= {"Pier reopens on friday"}
    assert {one.entry.published_at for one in waiting} == {datetime(2026, 11, 18, tzinfo=UTC)}
    assert source_events(world) == []  # its kind is no news


def test_a_section_page_is_requested_conditionally_and_only_new_articles_are_entries(site: Site, world: World) -> None:
    site.serve("/coast", PIER)
    poll(world)
    unchanged = poll(world, timedelta(minutes=1))
    site.serve(
        "/coast", section(["harbor-master-resigns-at-last", "pier-reopens-on-friday", "ferry-runs-aground-again"])
    )
    changed = poll(world, timedelta(minutes=2))

    assert (unchanged.outcome, unchanged.reason) == ("unchanged", "not_modified")
    assert (changed.outcome, changed.entries_found) == ("served", 1)


def test_another_teaser_is_no_news(site: Site, world: World) -> None:
    site.serve("/coast", PIER)
    poll(world)
    site.serve("/coast", PIER.replace("</time>", "</time><p>Nobody expected it before the summer, the board said.</p>"))

    assert poll(world, timedelta(minutes=1)).entries_found == 0


def test_a_section_page_that_robots_txt_disallows_is_not_requested(site: Site, world: World) -> None:
    site.serve("/robots.txt", "User-agent: *\nDisallow: /coast", content_type="text/plain")
    site.serve("/coast", PIER)

    assert poll(world).reason == "robots"
    assert requested(site) == []


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><div id='root'></div></body></html>",
        "<html><body><h1>Coast</h1><p>No articles found in this section.</p></body></html>",
        "<html><head><title>Page not found</title></head><body><h1>Page not found</h1></body></html>",
    ],
)
def test_a_section_page_that_lists_nothing_any_more_is_alerted_like_a_feed_that_fails(
    site: Site, world: World, page: str
) -> None:
    site.serve("/coast", PIER)
    poll(world)
    site.serve("/coast", page)
    polls = [poll(world, timedelta(minutes=minutes)) for minutes in (1, 2, 3)]
    alerts = [alert.title for alert in open_alerts(world.state).values()]
    site.serve("/coast", PIER)
    poll(world, timedelta(minutes=4))

    assert {polled.reason for polled in polls} == {"no_article_list"}
    assert alerts == ["gazette: 3 visits in a row failed (no_article_list)"]
    assert open_alerts(world.state) == {}


def test_of_several_section_pages_one_that_fails_stops_no_other(
    site: Site, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "ingest")
    site.serve("/coast", PIER)
    polled = poll(world, listing_urls=(site.url + "/coast", site.url + "/hills"))

    assert (polled.outcome, polled.entries_found) == ("served", 3)
    assert any(line.endswith("left_out=missing:1") for line in caplog.messages)


def test_of_several_section_pages_none_is_requested_after_one_that_is_rate_limited(site: Site, world: World) -> None:
    site.serve("/coast", "busy", status=429, headers=[("Retry-After", "3600")])
    site.serve("/hills", PIER)
    polled = poll(world, listing_urls=(site.url + "/coast", site.url + "/hills"))

    assert (polled.reason, polled.next_poll_at is not None) == ("rate_limited", True)
    assert requested(site) == ["/coast"]


def test_section_pages_are_the_last_candidate_where_no_feed_answers(site: Site, feedless: World) -> None:
    site.serve("/", "<html><body>Welcome</body></html>")
    site.serve("/coast", PIER)
    polled = poll(feedless)
    known = known_feeds(feedless.state)["gazette"]

    assert (polled.outcome, polled.entries_found) == ("served", 3)
    assert (known.format, known.feed_url) == ("section", site.url + "/coast")
    assert source_events(feedless) == ["source.fell_back"]


def test_while_section_pages_stand_in_a_feed_is_tried_once_a_day(site: Site, feedless: World) -> None:
    site.serve("/", "<html><body>Welcome</body></html>")
    site.serve("/coast", PIER)
    poll(feedless)
    site.requests.clear()
    poll(feedless, timedelta(hours=1))
    same_day = requested(site)
    site.serve("/feed.xml", RSS)
    polled = poll(feedless, DAY)
    known = known_feeds(feedless.state)["gazette"]

    assert same_day == ["/coast"]
    assert (polled.outcome, known.format, known.feed_url) == ("served", "rss20", site.url + "/feed.xml")
    assert source_events(feedless) == ["source.fell_back", "source.moved"]


def test_section_pages_that_fail_in_a_feeds_place_are_a_failed_poll_and_the_feed_is_tried_next(
    site: Site, feedless: World
) -> None:
    site.serve("/", "<html><body>Welcome</body></html>")
    site.serve("/coast", PIER)
    poll(feedless)
    site.requests.clear()
    site.serve("/coast", "<html><body><div id='root'></div></body></html>")
    failed = poll(feedless, timedelta(minutes=1))
    first = requested(site)
    again = poll(feedless, timedelta(minutes=2))

    assert (failed.reason, again.reason, first) == ("no_article_list", "no_article_list", ["/coast"])
    assert requested(site)[1] == "/feed.xml"


def test_a_feed_that_was_read_before_is_missed_three_times_before_section_pages_stand_in(
    site: Site, feedless: World
) -> None:
    site.serve("/feed.xml", RSS)
    poll(feedless)
    site.serve("/", "<html><body>Welcome</body></html>")
    site.serve("/feed.xml", "<html><body>Soon</body></html>")
    site.serve("/coast", PIER)
    polls = [poll(feedless, timedelta(minutes=minutes)) for minutes in (1, 2, 3)]

    assert [polled.outcome for polled in polls] == ["failed", "failed", "served"]


def test_the_front_page_stands_in_where_no_section_page_is_listed(site: Site, feedless: World) -> None:
    site.serve("/", PIER)
    polled = poll(feedless, listing_urls=())

    assert (polled.outcome, polled.entries_found) == ("served", 3)


def test_older_pages_are_walked_until_the_days_are_past(site: Site, world: World) -> None:
    link = '<div class="pages"><b>{}</b> <a href="/coast/page{}.htm">{}</a></div>'
    site.serve("/coast", section(["late-one", "late-two", "late-three"], day=17, more=link.format(1, 2, 2)))
    for number, day in ((2, 12), (3, 9), (4, 2)):
        slugs = [f"story-{number}-{letter}-of-the-coast" for letter in "abc"]
        site.serve(
            f"/coast/page{number}.htm", section(slugs, day=day, more=link.format(number, number + 1, number + 1))
        )
    found = go_back(world)

    assert found == 6
    assert [path for path in requested(site) if path.startswith("/coast")] == [
        "/coast", "/coast/page2.htm", "/coast/page3.htm", "/coast/page4.htm",
    ]  # fmt: skip


def test_older_pages_that_no_page_links_are_guessed_and_an_echo_of_the_first_ends_it(site: Site, world: World) -> None:
    site.serve("/coast", section(["late-one", "late-two", "late-three"], day=12))  # for every query, too
    site.serve("/coast/page/2/", section(["old-one-here", "old-two-here", "old-three-here"], day=10))
    found = go_back(world)

    assert found == 6
    assert {path for path in requested(site) if path.startswith("/coast")} == {
        "/coast", "/coast/page2.htm", "/coast/page/2/", "/coast?page=2", "/coast/page/3/",
    }  # fmt: skip


def go_back(world: World) -> int:
    wanted = Backfill(source_id="gazette", first_day=date(2026, 11, 8), last_day=date(2026, 11, 14))
    source = world.sources["gazette"]
    return backfill(source, wanted, web=world.web, state=world.state, run_id="run", clock=lambda: NOW)

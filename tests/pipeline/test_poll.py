"""A feed is followed where it goes, left alone when it asks for it, and never silently dead."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.core.model import Poll, Source
from ingest.demo.newsroom import Newsroom
from ingest.demo.server import Site
from ingest.flows.stages import choose_due
from ingest.pipeline import fetch, poll
from ingest.pipeline.wiring import World, polite_web
from ingest.state import State, entries, polls
from ingest.state.alerts import open_alerts, unsent_events
from ingest.state.sqlite import STATE_FILE, SqliteEngine
from ingest.warehouse import copy_history, runs
from tests.warehouses import open_world

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
Visit = Callable[..., Poll]


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as opened:
        opened.publishes("flood")
        yield opened


@pytest.fixture
def world(tmp_path: Path, newsroom: Newsroom) -> Iterator[World]:
    with open_world(tmp_path, NOW, feed_url=newsroom.feed_url) as opened:
        yield opened


@pytest.fixture
def visit(world: World, newsroom: Newsroom) -> Visit:
    def visit_at(after: timedelta = timedelta(0), source: Source = newsroom.source) -> Poll:
        return poll.poll(source, web=world.web, state=world.state, run_id="run", now=NOW + after)

    return visit_at


def told(world: World) -> list[str]:
    return [event.name for event in unsent_events(world.state) if event.name.startswith("source.")]


def alerts(world: World) -> list[str]:
    return [alert.title for alert in open_alerts(world.state).values()]


def due(world: World) -> list[str]:
    given = {"warehouse": str(world.settings.warehouse), "sources": str(world.settings.sources)}
    world.warehouse.close()  # to whoever chooses
    try:
        return choose_due([], given, everything=False)[0]
    finally:
        world.warehouse.reopen()


@pytest.mark.parametrize(("status", "asked_next"), [(301, "/new.xml"), (308, "/new.xml"), (302, "/feed.xml")])
def test_a_feed_that_moved_for_good_is_asked_at_its_new_address(
    newsroom: Newsroom, world: World, visit: Visit, status: int, asked_next: str
) -> None:
    body = newsroom.answer("/feed.xml")
    assert body is not None
    newsroom.serve("/new.xml", body.body, content_type=body.content_type)
    newsroom.redirect("/feed.xml", newsroom.url + "/new.xml", status=status)
    visit()
    newsroom.requests.clear()

    again = visit(timedelta(minutes=1))

    assert newsroom.requests[0].path == asked_next
    assert (again.outcome, again.reason) == ("unchanged", "not_modified")
    assert told(world) == (["source.moved"] if status != 302 else [])


def test_the_owners_new_address_wins_over_a_move(newsroom: Newsroom, visit: Visit) -> None:
    newsroom.redirect("/old.xml", newsroom.feed_url)
    listed = Source(source_id="gazette", name="Gazette", feed_url=newsroom.url + "/old.xml")
    visit(source=listed)
    newsroom.requests.clear()

    visit(timedelta(minutes=1), Source(source_id="gazette", name="Gazette", feed_url=newsroom.url + "/other.xml"))

    assert newsroom.requests[0].path == "/other.xml"


def test_a_feed_that_is_gone_is_told_and_not_asked_again(newsroom: Newsroom, world: World, visit: Visit) -> None:
    newsroom.serve("/feed.xml", "gone", status=410)
    before = due(world)
    visit()

    assert (before, due(world)) == (["gazette"], [])


class CutShort(SqliteEngine):
    """A state whose process ends just after a visit is kept."""

    is_visit = False

    def execute_many(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        super().execute_many(sql, rows)
        self.is_visit |= sql.startswith("insert into polls ")

    def commit(self) -> None:
        super().commit()
        if self.is_visit:
            raise KeyboardInterrupt


def test_a_feed_that_is_gone_is_told_though_the_visit_is_cut_short(newsroom: Newsroom, world: World) -> None:
    newsroom.serve("/feed.xml", "gone", status=410)

    with closing(State(CutShort(world.warehouse.folder / STATE_FILE))) as state, pytest.raises(KeyboardInterrupt):
        poll.poll(newsroom.source, web=world.web, state=state, run_id="run", now=NOW)

    assert due(world) == []
    assert alerts(world) == ["gazette: the feed is gone for good"]


def test_a_feed_that_is_gone_opens_an_alert_until_it_answers(newsroom: Newsroom, world: World, visit: Visit) -> None:
    newsroom.serve("/feed.xml", "gone", status=410)
    visit()
    opened = alerts(world)
    newsroom.publishes("storm")
    visit(timedelta(minutes=1))

    assert sorted(told(world)) == ["source.failed", "source.gone"]
    assert opened == ["gazette: the feed is gone for good"]
    assert alerts(world) == []
    assert polls.known_feeds(world.state)["gazette"].gone_at is None


def test_a_source_that_falls_silent_is_told_once_until_it_speaks(
    newsroom: Newsroom, world: World, visit: Visit
) -> None:
    for hours, slug in enumerate(("one", "two", "three", "four", "five", "six")):
        newsroom.publishes(slug)
        visit(timedelta(hours=hours))
    visit(timedelta(hours=24))
    before = alerts(world)
    visit(timedelta(hours=31))
    visit(timedelta(hours=32))
    silent = alerts(world)
    newsroom.publishes("seven")
    visit(timedelta(hours=33))

    assert before == []
    assert silent == ["gazette: nothing new since 2026-11-20 17:00 UTC"]
    assert told(world) == ["source.silent"]
    assert alerts(world) == []


def test_what_a_feed_names_is_kept_though_it_says_no_more_than_304(newsroom: Newsroom, visit: Visit) -> None:
    feed = newsroom.answer("/feed.xml")
    assert feed is not None
    body = feed.body.replace(b"<channel>", b"<channel><ttl>30</ttl>")
    newsroom.serve("/feed.xml", body, content_type=feed.content_type)

    first = visit()
    second = visit(timedelta(minutes=30))

    assert first.next_poll_at is not None
    assert second.next_poll_at is not None
    assert second.reason == "not_modified"
    assert timedelta(minutes=30) <= first.next_poll_at - NOW <= timedelta(minutes=33)
    assert timedelta(minutes=60) <= second.next_poll_at - NOW <= timedelta(minutes=65)


def test_a_feed_is_asked_again_when_its_period_is_over(newsroom: Newsroom, visit: Visit) -> None:
    feed = newsroom.answer("/feed.xml")
    assert feed is not None
    base = f"{datetime.now(UTC) - timedelta(hours=21):%Y-%m-%dT%H:%M}"
    counted = f"<sy:updatePeriod>daily</sy:updatePeriod><sy:updateBase>{base}</sy:updateBase>"
    body = feed.body.replace(b"<rss", b'<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"', 1)
    newsroom.serve(
        "/feed.xml", body.replace(b"<channel>", b"<channel>" + counted.encode()), content_type=feed.content_type
    )

    due_at = visit().next_poll_at

    assert due_at is not None
    assert timedelta(hours=2, minutes=58) <= due_at - NOW <= timedelta(hours=3, minutes=5)


def test_a_feed_without_any_wish_may_be_asked_at_once(visit: Visit) -> None:
    assert visit().next_poll_at is None


def test_a_host_that_asks_for_time_is_left_alone_for_the_rest_of_the_run(newsroom: Newsroom, world: World) -> None:
    slugs = ("one", "two", "three")
    for slug in slugs:
        newsroom.publishes(slug)
    for slug in (*slugs, "flood"):
        newsroom.serve(f"/story/{slug}", "later", status=429, headers=[("Retry-After", "600")])
    poll.poll(newsroom.source, web=world.web, state=world.state, run_id="run", now=NOW)
    newsroom.requests.clear()

    fetch.fetch(newsroom.source, web=world.web, state=world.state, run_id="run", clock=lambda: NOW)
    pages = [request for request in newsroom.requests if request.path.startswith("/story")]

    assert len(pages) == 1
    (count,) = runs.outcome_counts(world.state, "run")
    assert (count.outcome, count.reason, count.entries) == ("failed", "rate_limited", 4)
    assert entries.take_in_waiting(world.state, "gazette", "next", NOW) == []


def test_what_was_asked_of_each_host_is_kept(newsroom: Newsroom, world: World, visit: Visit) -> None:
    visit()
    visit(timedelta(minutes=1))
    runs.end_run(world.state, "run", NOW, visited=world.host_visits())
    copy_history.copy_history(world.state, world.warehouse)
    (kept,) = world.warehouse.read("report_hosts")

    assert kept["host"] == newsroom.url.removeprefix("http://")
    assert (kept["requests"], kept["not_modified"], kept["not_modified_percent"]) == (2, 1, 50.0)
    assert kept["received_bytes"] > 0


def move_feed(newsroom: Newsroom, path: str, *, announced: bool = False) -> None:
    """Let the feed be elsewhere, and the front page say so or not."""
    feed = newsroom.answer("/feed.xml")
    assert feed is not None
    newsroom.serve(path, feed.body, content_type=feed.content_type)
    tag = f'<link rel="alternate" type="application/rss+xml" href="{path}">' if announced else ""
    newsroom.serve("/", f"<html><head>{tag}</head><body>Welcome</body></html>")
    newsroom.remove("/feed.xml")


def test_a_host_that_only_redirects_is_counted_too(newsroom: Newsroom, world: World) -> None:
    listed = Source(source_id="gazette", name="Gazette", feed_url=newsroom.url.replace("127.0.0.1", "localhost") + "/f")
    assert world.settings.sources is not None
    allowed = [{"key": "a", "feed_url": listed.feed_url}, {"key": "b", "feed_url": newsroom.feed_url}]
    world.settings.sources.write_text(json.dumps(allowed))
    newsroom.redirect("/f", newsroom.feed_url, status=302)
    poll.poll(listed, web=world.web, state=world.state, run_id="run", now=NOW)
    runs.end_run(world.state, "run", NOW, visited=world.host_visits())
    copy_history.copy_history(world.state, world.warehouse)

    told = [(one["source_id"], one["host"], one["requests"]) for one in world.warehouse.read("report_hosts")]
    hosts = sorted(url.removeprefix("http://").partition("/")[0] for url in (newsroom.url, listed.feed_url))
    assert told == [("gazette", host, 1) for host in hosts]


def test_what_is_new_says_how_far_behind_we_are_but_not_at_first(
    newsroom: Newsroom, world: World, visit: Visit
) -> None:
    published_at = newsroom.publications["flood"].published_at
    first = visit(published_at - NOW + timedelta(hours=5))
    newsroom.publishes("storm")
    visit(newsroom.publications["storm"].published_at - NOW + timedelta(hours=6))
    copy_history.copy_history(world.state, world.warehouse)
    (told_now,) = world.warehouse.read("report_status")

    assert first.lag_seconds is None
    assert polls.last_polls(world.state)["gazette"].lag_seconds == 6 * 3600
    assert told_now["news_at"] == polls.last_polls(world.state)["gazette"].polled_at


def test_a_clock_that_ran_ahead_for_once_hides_no_failure(newsroom: Newsroom, world: World, visit: Visit) -> None:
    visit(timedelta(days=4000))
    newsroom.serve("/feed.xml", "down", status=500)
    failures = [visit(timedelta(minutes=minutes)).failures_in_a_row for minutes in (1, 2, 3)]

    assert failures == [1, 2, 3]
    assert alerts(world) == ["gazette: 3 visits in a row failed (server_failed)"]


def test_status_says_where_a_feed_lives_and_where_it_came_from(newsroom: Newsroom, world: World, visit: Visit) -> None:
    visit()
    move_feed(newsroom, "/rss.xml")
    visit(timedelta(minutes=1))
    copy_history.copy_history(world.state, world.warehouse)
    (told_now,) = world.warehouse.read("report_status")

    assert (told_now["feed_url"], told_now["moved_from"]) == (newsroom.url + "/rss.xml", newsroom.feed_url)


def test_a_feed_that_is_missing_is_looked_for_on_its_site(newsroom: Newsroom, world: World, visit: Visit) -> None:
    visit()
    newsroom.publishes("storm")
    move_feed(newsroom, "/rss.xml")

    found = visit(timedelta(minutes=1))
    again = visit(timedelta(minutes=2))
    asked = [request.path for request in newsroom.requests if request.path == "/rss.xml"]

    assert (found.outcome, found.entries_found, found.feed_url) == ("served", 1, newsroom.url + "/rss.xml")
    assert (again.outcome, again.reason, len(asked)) == ("unchanged", "not_modified", 2)
    assert told(world) == ["source.moved"]


@pytest.mark.parametrize(("site_url", "reason"), [("/", None), (None, "missing")])
def test_a_feed_that_never_was_is_looked_for_where_its_owner_says_its_site_is(
    newsroom: Newsroom, visit: Visit, site_url: str | None, reason: str | None
) -> None:
    move_feed(newsroom, "/rss.xml", announced=True)
    home = newsroom.url + site_url if site_url else None
    source = Source(source_id="gazette", name="Gazette", feed_url=newsroom.feed_url, site_url=home)

    assert visit(source=source).reason == reason


def test_a_feed_says_itself_where_its_successor_is_looked_for(newsroom: Newsroom, visit: Visit) -> None:
    source = Source(source_id="gazette", name="Gazette", feed_url=newsroom.feed_url)
    visit(source=source)
    move_feed(newsroom, "/rss.xml", announced=True)

    assert visit(timedelta(minutes=1), source).feed_url == newsroom.url + "/rss.xml"


def test_another_sources_feed_is_no_successor(newsroom: Newsroom, visit: Visit) -> None:
    visit()
    move_feed(newsroom, "/rss.xml", announced=True)
    visit(source=Source(source_id="other", name="Other", feed_url=newsroom.url + "/rss.xml"))

    assert visit(timedelta(minutes=1)).reason == "missing"


def test_a_permanent_redirect_to_what_is_no_feed_moves_nothing(newsroom: Newsroom, world: World, visit: Visit) -> None:
    visit()
    newsroom.serve("/", "<html><body>Welcome</body></html>")
    newsroom.redirect("/feed.xml", newsroom.url + "/")
    failed = visit(timedelta(minutes=1))

    assert (failed.outcome, failed.reason) == ("failed", "not_a_feed")
    assert polls.known_feeds(world.state)["gazette"].feed_url == newsroom.feed_url


def test_a_feed_that_is_dead_where_it_moved_to_is_back_where_it_is_listed(
    newsroom: Newsroom, world: World, visit: Visit
) -> None:
    feed = newsroom.answer("/feed.xml")
    assert feed is not None
    with Site() as elsewhere:
        address = elsewhere.url + "/feed.xml"
        elsewhere.serve("/feed.xml", feed.body)
        assert world.settings.sources is not None
        allowed = [{"key": "gazette", "feed_url": newsroom.feed_url}, {"key": "elsewhere", "feed_url": address}]
        world.settings.sources.write_text(json.dumps(allowed))
        newsroom.redirect("/feed.xml", address)
        visit()
        moved = polls.known_feeds(world.state)["gazette"].feed_url
    newsroom.publishes("storm")
    back = visit(timedelta(minutes=1))

    assert moved == address
    assert (back.outcome, back.entries_found) == ("served", 1)
    assert polls.known_feeds(world.state)["gazette"].feed_url == newsroom.feed_url
    assert told(world) == ["source.moved", "source.moved"]


def test_a_source_that_is_listed_elsewhere_is_asked_at_once(newsroom: Newsroom, world: World, visit: Visit) -> None:
    newsroom.serve("/feed.xml", "busy", status=429, headers=[("Retry-After", "604800")])
    visit(datetime.now(UTC) - NOW)
    waiting = due(world)
    assert world.settings.sources is not None
    world.settings.sources.write_text(f'[{{"key": "gazette", "feed_url": "{newsroom.url}/other.xml"}}]')
    asked = due(world)
    visit(datetime.now(UTC) - NOW, Source(source_id="gazette", name="Gazette", feed_url=newsroom.url + "/other.xml"))

    assert (waiting, asked) == ([], ["gazette"])
    assert due(world) == []


def test_a_sitemap_index_is_a_feed_and_is_followed_though_it_stays_the_same(newsroom: Newsroom, visit: Visit) -> None:
    listed = Source(source_id="gazette", name="Gazette", feed_url=newsroom.url + "/sitemap.xml")
    newsroom.serve("/sitemap.xml", "<sitemapindex><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>")
    newsroom.serve("/news.xml", "<urlset><url><loc>/one</loc></url></urlset>")
    first = visit(source=listed)
    newsroom.serve("/news.xml", "<urlset><url><loc>/one</loc></url><url><loc>/two</loc></url></urlset>")
    second = visit(timedelta(minutes=1), listed)

    assert (first.outcome, first.entries_found) == ("served", 1)
    assert (second.outcome, second.entries_found) == ("served", 1)


def test_a_403_after_a_feed_was_served_is_a_throttle_as_long_as_it_lasts(newsroom: Newsroom, visit: Visit) -> None:
    visit()
    newsroom.serve("/feed.xml", "forbidden", status=403)
    reasons = [visit(timedelta(minutes=minutes)).reason for minutes in (1, 5)]

    assert reasons == ["refused_for_now", "refused_for_now"]


def test_a_403_from_a_host_that_gave_pages_in_an_earlier_run_is_a_throttle(
    newsroom: Newsroom, world: World, visit: Visit
) -> None:
    visit()
    fetch.fetch(newsroom.source, web=world.web, state=world.state, run_id="run", clock=lambda: NOW)
    newsroom.publishes("storm")
    newsroom.serve("/story/storm", "forbidden", status=403)
    visit(timedelta(minutes=1))
    later = polite_web(world.settings, [newsroom.source], world.state)
    fetch.fetch(newsroom.source, web=later, state=world.state, run_id="run", clock=lambda: NOW)
    later.close()

    assert [(one.outcome, one.reason) for one in runs.outcome_counts(world.state, "run") if one.outcome] == [
        ("failed", "refused_for_now")
    ]
    assert len(entries.take_in_waiting(world.state, "gazette", "next", NOW + timedelta(minutes=5))) == 1


def test_a_403_from_a_feed_that_was_never_served_is_a_refusal(newsroom: Newsroom, visit: Visit) -> None:
    newsroom.serve("/feed.xml", "forbidden", status=403)

    assert visit().reason == "forbidden"


def test_what_can_be_no_entry_is_counted_in_the_log(
    visit: Visit, newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "ingest")
    newsroom.serve("/feed.xml", "<rss version='2.0'><channel><item></item><item></item></channel></rss>")
    visit()

    (said,) = (line for line in caplog.messages if line.startswith("polled "))
    assert said.endswith(" left_out=no_identity:2")

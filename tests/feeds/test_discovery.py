"""A site's feed is found: by itself, by what the page announces, where feeds usually are, through its sitemaps."""

import gzip
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.core.errors import NotAFeed, ServerFailed
from ingest.core.settings import load_settings
from ingest.demo.newsroom import Newsroom
from ingest.feeds.discovery import BIG_BYTES, Found, find_feed, in_turn
from ingest.pipeline.wiring import World
from tests.makers import a_source

pytestmark = pytest.mark.integration


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as opened:
        opened.publishes("flood")
        yield opened


@pytest.fixture
def world(tmp_path: Path, newsroom: Newsroom) -> Iterator[World]:
    listed = tmp_path / "sources.json"
    listed.write_text(f'[{{"key": "gazette", "feed_url": "{newsroom.feed_url}"}}]')
    opened = World(load_settings(warehouse=str(tmp_path / "warehouse"), sources=str(listed)))
    yield opened
    opened.close()


def find(newsroom: Newsroom, world: World, path: str = "/") -> Found:
    return find_feed(newsroom.url + path, source=a_source(), web=world.web)


def move_feed(newsroom: Newsroom, path: str) -> None:
    feed = newsroom.answer("/feed.xml")
    assert feed is not None
    newsroom.remove("/feed.xml")
    newsroom.serve(path, feed.body, content_type=feed.content_type)


def test_an_address_may_be_the_feed_itself(newsroom: Newsroom, world: World) -> None:
    found = find(newsroom, world, "/feed.xml")

    assert (found.feed_url, found.why) == (newsroom.feed_url, "is a feed itself")
    assert len(newsroom.requests) == 1


def test_what_a_page_announces_comes_first_and_comments_last(newsroom: Newsroom, world: World) -> None:
    move_feed(newsroom, "/stories.rss")
    newsroom.serve("/comments.rss", "<rss version='2.0'><channel/></rss>")
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    newsroom.serve("/", f"<html><head>{link.format('/comments.rss')}{link.format('stories.rss')}</head></html>")

    found = find(newsroom, world)

    assert (found.feed_url, found.why) == (newsroom.url + "/stories.rss", "announced by the page")
    assert [request.path for request in newsroom.requests] == ["/", "/stories.rss"]


def test_a_feed_is_found_at_a_usual_address(newsroom: Newsroom, world: World) -> None:
    move_feed(newsroom, "/rss.xml")
    newsroom.serve("/", "<html><body>Welcome</body></html>")

    found = find(newsroom, world)

    assert (found.feed_url, found.why) == (newsroom.url + "/rss.xml", "found at a usual address")


def test_a_sitemap_of_robots_txt_is_the_last_resort(newsroom: Newsroom, world: World) -> None:
    newsroom.remove("/feed.xml")
    newsroom.serve("/", "<html><body>Welcome</body></html>")
    newsroom.serve("/robots.txt", "User-agent: *\nAllow: /\nSitemap: /maps/index.xml", content_type="text/plain")
    newsroom.serve("/maps/index.xml", "<sitemapindex><sitemap><loc>news.xml.gz</loc></sitemap></sitemapindex>")
    urlset = f"<urlset><url><loc>{newsroom.url}/story/flood</loc></url></urlset>"
    newsroom.serve("/maps/news.xml.gz", gzip.compress(urlset.encode()), content_type="application/gzip")

    found = find(newsroom, world)

    assert (found.feed_url, found.why) == (newsroom.url + "/maps/index.xml", "named by robots.txt")
    assert [entry.url for entry in found.feed.entries] == [newsroom.url + "/story/flood"]


def test_an_index_that_lists_itself_hides_none_of_the_sitemaps_it_lists(newsroom: Newsroom, world: World) -> None:
    names = ("index", "a", "b", "c")
    listed = "".join(f"<sitemap><loc>/{name}.xml#</loc><lastmod>2026-11-16</lastmod></sitemap>" for name in names)
    newsroom.serve("/index.xml", f"<sitemapindex>{listed}</sitemapindex>")
    for name in names[1:]:
        newsroom.serve(f"/{name}.xml", f"<urlset><url><loc>/story/{name}</loc></url></urlset>")

    found = find(newsroom, world, "/index.xml")

    assert {entry.url for entry in found.feed.entries} == {f"{newsroom.url}/story/{name}" for name in names[1:]}


def test_a_feed_that_a_header_announces_is_found(newsroom: Newsroom, world: World) -> None:
    move_feed(newsroom, "/stories")
    link = '<style.css>; rel=preload, </stories>; rel="alternate"; type="application/rss+xml"; title="All, of it"'
    newsroom.serve("/", "<html><body>Welcome</body></html>", headers=[("Link", link)])

    assert find(newsroom, world).feed_url == newsroom.url + "/stories"
    assert [request.path for request in newsroom.requests] == ["/", "/stories"]


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_front_page_that_is_dead_says_nothing_of_the_feed(newsroom: Newsroom, world: World, status: int) -> None:
    move_feed(newsroom, "/rss.xml")
    newsroom.serve("/", "down", status=status)

    assert find(newsroom, world).feed_url == newsroom.url + "/rss.xml"


def test_what_a_front_page_failed_of_is_told_when_there_is_no_feed_either(newsroom: Newsroom, world: World) -> None:
    newsroom.remove("/feed.xml")
    newsroom.serve("/", "down", status=500)

    with pytest.raises(ServerFailed, match="answers 500"):
        find(newsroom, world)


def test_what_a_page_announces_comes_before_what_it_links_to(newsroom: Newsroom, world: World) -> None:
    feed = newsroom.answer("/feed.xml")
    assert feed is not None
    newsroom.serve("/rss", feed.body)
    tag = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    newsroom.serve("/", f'<html><head>{tag}</head><body><a href="/rss">RSS</a></body></html>')

    assert find(newsroom, world).feed_url == newsroom.feed_url


def test_another_sites_feed_comes_after_all_of_its_own(newsroom: Newsroom, world: World) -> None:
    move_feed(newsroom, "/index.xml")
    newsroom.serve("/", '<html><body><a href="https://partner.example/rss">Partner</a></body></html>')

    assert find(newsroom, world).feed_url == newsroom.url + "/index.xml"


def test_an_empty_feed_is_taken_when_it_was_asked_for(newsroom: Newsroom, world: World) -> None:
    newsroom.serve("/new.xml", "<rss version='2.0'><channel><title>Soon</title></channel></rss>")

    assert find(newsroom, world, "/new.xml").feed_url == newsroom.url + "/new.xml"


def test_an_empty_feed_is_taken_where_there_is_no_other(newsroom: Newsroom, world: World) -> None:
    newsroom.remove("/feed.xml")
    newsroom.serve("/new.xml", "<rss version='2.0'><channel><title>Soon</title></channel></rss>")
    newsroom.serve("/", '<link rel="alternate" type="application/rss+xml" href="/new.xml">')

    assert find(newsroom, world).feed_url == newsroom.url + "/new.xml"


def test_a_site_without_a_feed_is_told_as_such(newsroom: Newsroom, world: World) -> None:
    newsroom.remove("/feed.xml")
    newsroom.serve("/", "<html><body>Welcome</body></html>")

    with pytest.raises(NotAFeed, match="no feed or sitemap with entries found at"):
        find(newsroom, world)


def test_big_listings_are_read_one_at_a_time_and_small_ones_never_wait() -> None:
    big, small = b"x" * (BIG_BYTES + 1), b"x"
    with in_turn(big), in_turn(small):
        waiting = in_turn(big)

        assert isinstance(waiting, type(threading.Lock()))
        assert not waiting.acquire(blocking=False)

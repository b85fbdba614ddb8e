"""A site's feed is found: by itself, by what the page announces, where feeds usually are, through its sitemaps."""

import gzip
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.demo.newsroom import Newsroom
from ingest.errors import NotAFeed
from ingest.finding import BIG_BYTES, Found, find_feed, in_turn
from ingest.settings import load_settings
from ingest.wiring import World
from tests.makers import a_source


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

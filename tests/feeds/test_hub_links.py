"""Who pushes a feed, and under which name: in headers, in RSS and Atom, in JSON Feed."""

import json

import pytest

from ingest.feeds.feed import read_feed
from ingest.feeds.hub_links import MOST_HUBS, read_hub_links
from tests.makers import a_source

BASE = "https://gazette.example/feed"
HUB = "https://hub.example/"


@pytest.mark.parametrize(
    ("lines", "hubs", "own"),
    [
        ([f'<{HUB}>; rel="hub", <{BASE}>; rel="self"'], (HUB,), BASE),
        ([f"<{HUB}>; rel=hub", f"<{BASE}>; rel=self"], (HUB,), BASE),
        ([f'<{HUB}>;REL="HUB"'], (HUB,), None),
        (
            ['</hub>; title="a, b; c"; rel="hub", <?page=1>; rel="self first"'],
            ("https://gazette.example/hub",),
            f"{BASE}?page=1",
        ),
        (
            [f'<{HUB}>; rel="hub"', f'<{HUB}>; rel="hub"', '<https://two.example/>; rel="hub"'],
            (HUB, "https://two.example/"),
            None,
        ),
        (['<javascript:alert(1)>; rel="hub"', '<ftp://hub.example/>; rel="hub"'], (), None),
        ([f'<{BASE}>; rel="canonical"', "<", "<>; rel=hub", "rel=hub", ""], (), None),
    ],
)
def test_links_in_headers_are_read(lines: list[str], hubs: tuple[str, ...], own: str | None) -> None:
    assert read_hub_links([("link", line) for line in lines], BASE) == (hubs, own)


def test_a_thousand_hubs_are_a_few() -> None:
    line = ", ".join(f'<https://hub-{number}.example/>; rel="hub"' for number in range(1_000))

    assert len(read_hub_links([("link", line)], BASE)[0]) == MOST_HUBS


def test_long_headers_are_read_in_no_time() -> None:
    assert read_hub_links([("link", "<" * 60_000), ("link", "<a>;" * 15_000), ("link", ";rel=" * 10_000)], BASE)


SPACE = "xmlns:a='http://www.w3.org/2005/Atom'"
ATOM = f"""<feed xmlns='http://www.w3.org/2005/Atom'><title>G</title><link rel='hub' href='{HUB}'/>
<link rel='self' href='/own'/><entry><id>1</id><title>One</title><link rel='self' href='/1'/></entry></feed>"""
RSS = f"""<rss version='2.0' {SPACE}><channel><title>G</title><a:link rel='hub' href='{HUB}'/>
<a:link rel='self' href='/own'/><item><guid>1</guid><title>One</title></item></channel></rss>"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "G",
    "feed_url": "/own",
    "hubs": [{"type": "WebSub", "url": HUB}, {"type": "rssCloud"}, "odd"],
    "items": [{"id": "1", "title": "One"}],
}


@pytest.mark.parametrize("body", [ATOM, RSS, json.dumps(JSON)], ids=["atom", "rss", "json"])
def test_a_feed_says_who_pushes_it_and_what_it_is_called(body: str) -> None:
    feed = read_feed(body.encode(), source=a_source(), url=BASE, content_type=None)

    assert (feed.hub_urls, feed.self_url) == ((HUB,), "https://gazette.example/own")

"""A newsroom prints what it publishes, escapes what it prints, and corrects itself in the open."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial

import bs4
import feedparser
import httpx
import pytest

from ingest.demo import OPENED_AT, Correction, House, Newsroom, Story
from ingest.demo.newsroom import GAZETTE

pytestmark = pytest.mark.integration

get = partial(httpx.get, verify=False, timeout=60)  # there are no certificates to load on loopback
HOSTILE = """Storm & "surge" <script>alert('1')</script> ]]> $title {path}"""


def read_feed(newsroom: Newsroom) -> feedparser.FeedParserDict:
    answer = get(newsroom.feed_url)
    return feedparser.parse(answer.content, response_headers=dict(answer.headers))


def page(url: str) -> bs4.BeautifulSoup:
    return bs4.BeautifulSoup(get(url).content, "lxml")


def test_a_newsroom_without_stories_has_an_empty_feed() -> None:
    with Newsroom() as newsroom:
        feed = read_feed(newsroom)

    assert (feed.bozo, feed.version, feed.entries) == (False, "rss20", [])


def test_a_published_story_has_a_page_and_a_line_in_the_feed() -> None:
    with Newsroom() as newsroom:
        newsroom.publishes("flood")
        feed = read_feed(newsroom)
        heading = page(feed.entries[0].link).h1

    assert [entry.title for entry in feed.entries] == ["Flood"]
    assert heading is not None
    assert heading.get_text() == "Flood"


def test_the_newest_story_is_listed_first() -> None:
    with Newsroom() as newsroom:
        newsroom.publish(
            Story(slug="old", title="Old", text="Words.", hours=9),
            Story(slug="new", title="New", text="Words.", hours=2),
        )
        feed = read_feed(newsroom)

    assert [entry.title for entry in feed.entries] == ["New", "Old"]


def test_publishing_again_replaces_the_story() -> None:
    with Newsroom() as newsroom:
        newsroom.publishes("flood", title="Flood")
        newsroom.publishes("flood", title="Flood recedes")
        feed = read_feed(newsroom)

    assert [entry.title for entry in feed.entries] == ["Flood recedes"]


@pytest.mark.parametrize("feed_format", ["rss", "atom", "json"])
def test_hostile_characters_reach_the_reader_as_text(feed_format: str) -> None:
    house = House(
        key="wild", name="A & B <News>", language="en", country="US", timezone="UTC", page_path="/{slug}",
        feed_path="/feed", feed_format=feed_format, template="harbor-ledger",  # type: ignore[arg-type]
    )  # fmt: skip
    with Newsroom(house=house) as newsroom:
        newsroom.publish(Story(slug="storm", title=HOSTILE, text=HOSTILE, author=HOSTILE, tags=(HOSTILE,)))
        listed = get(newsroom.feed_url)
        soup = page(newsroom.url + "/storm")

    if feed_format == "json":
        entry = listed.json()["items"][0]
    else:
        feed = feedparser.parse(listed.content, response_headers=dict(listed.headers))
        entry = feed.entries[0]
        assert not feed.bozo
    assert "]]> $title {path}" in entry["title"]
    heading, paragraph = soup.select_one("h1"), soup.select_one(".entry-content p")
    assert heading is not None
    assert heading.get_text() == HOSTILE
    assert paragraph is not None
    assert paragraph.get_text() == HOSTILE
    assert json.loads(soup.select("script")[0].string or "")["headline"] == HOSTILE


def test_text_marks_become_html() -> None:
    text = (
        "See [the pier](pier) and [the law](https://law.example/).\n\n## Costs\n\n> Too much, he said.\n\n"
        "- $5 million\n- 12 boats\n\n!video https://video.example/embed/pier"
    )
    with Newsroom() as newsroom:
        newsroom.publish(
            Story(slug="harbor", title="Harbor", text=text), Story(slug="pier", title="Pier", text="Words.")
        )
        body = page(newsroom.url + "/story/harbor").select_one(".article-body")

    assert body is not None
    assert [link["href"] for link in body.select("a")] == ["/story/pier", "https://law.example/"]
    assert [(tag.name, tag.get_text()) for tag in body.select("h2, blockquote p, li")] == [
        ("h2", "Costs"),
        ("p", "Too much, he said."),
        ("li", "$5 million"),
        ("li", "12 boats"),
    ]
    assert [frame["src"] for frame in body.select("iframe")] == ["https://video.example/embed/pier"]


def test_a_correction_changes_page_and_feed_and_is_told() -> None:
    correction = Correction(before="$12 million", after="$21 million", note="Correction: the cost was misstated.")
    story = Story(slug="pier", title="Pier", text="It costs $12 million.", hours=5, correction=correction)
    with Newsroom() as newsroom:
        newsroom.publish(story)
        address = newsroom.url + "/story/pier"
        before, listed = get(address), get(newsroom.feed_url)
        newsroom.publish_correction("pier", at=OPENED_AT + timedelta(hours=1))
        after = get(address, headers={"If-None-Match": before.headers["etag"]})
        relisted = get(newsroom.feed_url, headers={"If-Modified-Since": listed.headers["last-modified"]})
        entry = read_feed(newsroom).entries[0]

    body = bs4.BeautifulSoup(after.content, "lxml").select(".article-body p")
    assert [p.get_text() for p in body] == ["It costs $21 million.", "Correction: the cost was misstated."]
    assert (relisted.status_code, after.headers["last-modified"]) == (200, "Mon, 16 Nov 2026 13:00:00 GMT")
    assert (entry.published, entry.updated) == ("Mon, 16 Nov 2026 02:00:00 -0500", "2026-11-16T08:00:00-05:00")


def test_a_story_without_a_wrong_figure_cannot_be_corrected() -> None:
    with Newsroom() as newsroom:
        newsroom.publishes("flood")

        with pytest.raises(ValueError, match="nothing to correct"):
            newsroom.publish_correction("flood")


def test_a_newsroom_is_a_source() -> None:
    with Newsroom() as newsroom:
        source = newsroom.source
        url = newsroom.url

    assert (source.source_id, source.feed_url, source.site_url) == ("gazette", f"{url}/feed.xml", url)
    assert (source.language, source.country, source.timezone) == ("en", "US", "America/New_York")


def test_the_front_page_names_the_feed() -> None:
    with Newsroom() as newsroom:
        link = page(newsroom.url + "/").select_one("link[rel=alternate]")

    assert link is not None
    assert (link["type"], link["href"]) == ("application/rss+xml", GAZETTE.feed_path)


def test_a_moment_is_told_in_the_newsrooms_own_zone() -> None:
    with Newsroom(opened_at=datetime(2026, 7, 1, 4, 30, tzinfo=UTC)) as newsroom:
        newsroom.publishes("flood")
        time = page(newsroom.url + "/story/flood").time

    assert time is not None
    assert (time["datetime"], time.get_text()) == ("2026-06-30T23:30:00-04:00", "Jun 30, 2026 11:30 PM EDT")

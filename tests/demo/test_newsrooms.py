"""The five bundled newsrooms: what each promises, in feeds that any reader reads."""

import os
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import bs4
import feedparser
import httpx
import pytest

from ingest.demo import DEMO_KEYS, Newsroom, demo_newsrooms, demo_sources, read_stories
from ingest.demo.prose import first_paragraph

pytestmark = pytest.mark.integration

get = partial(httpx.get, verify=False, timeout=60)  # there are no certificates to load on loopback
OPENED_AT = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
SHOWCASE = tomllib.loads((Path(__file__).parent / "showcase.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def newsrooms() -> Iterator[dict[str, Newsroom]]:
    with demo_newsrooms(OPENED_AT) as opened:
        yield opened


def read_feed(newsroom: Newsroom) -> feedparser.FeedParserDict:
    answer = get(newsroom.feed_url)
    return feedparser.parse(answer.content, response_headers=dict(answer.headers))


def listed_urls(newsroom: Newsroom) -> list[str]:
    if newsroom.house.feed_format == "json":
        return [entry["url"] for entry in get(newsroom.feed_url).json()["items"]]
    return [entry.link for entry in read_feed(newsroom).entries]


def page(newsroom: Newsroom, slug: str) -> bs4.BeautifulSoup:
    return bs4.BeautifulSoup(get(newsroom.publications[slug].url).content, "lxml")


@pytest.mark.parametrize(
    ("key", "version", "entries"),
    [
        ("meridian-post", "rss20", 16),
        ("harbor-ledger", "atom10", 14),
        ("el-correo-del-sur", "rss20", 12),
        ("impossible-times", "rss20", 8),
    ],
)
def test_a_feed_is_read_without_complaint(newsrooms: dict[str, Newsroom], key: str, version: str, entries: int) -> None:
    feed = read_feed(newsrooms[key])

    assert (feed.bozo, feed.version, len(feed.entries)) == (False, version, entries)
    assert all(entry.published_parsed and entry.updated_parsed and entry.summary for entry in feed.entries)


def test_the_json_feed_holds_what_its_standard_asks_for(newsrooms: dict[str, Newsroom]) -> None:
    feed = get(newsrooms["la-brujula"].feed_url).json()

    assert (feed["version"], len(feed["items"])) == ("https://jsonfeed.org/version/1.1", 12)
    assert feed["items"][0]["title"] == "El tren a Toluca costará 1,250.5 mdp más de lo previsto"
    assert feed["items"][0]["date_published"] == "2026-11-16T02:00:00-06:00"


@pytest.mark.parametrize(
    ("key", "answers"),
    [
        ("meridian-post", {200: 16}),
        ("harbor-ledger", {200: 13, 404: 1}),
        ("la-brujula", {200: 11, 301: 1}),
        ("el-correo-del-sur", {200: 12}),
        ("impossible-times", {200: 8}),
    ],
)
def test_every_listed_address_answers_as_intended(
    newsrooms: dict[str, Newsroom], key: str, answers: dict[int, int]
) -> None:
    asked = Counter(get(url).status_code for url in listed_urls(newsrooms[key]))

    assert asked == answers


def test_feeds_and_pages_answer_304(newsrooms: dict[str, Newsroom]) -> None:
    addresses = [url for newsroom in newsrooms.values() for url in (newsroom.feed_url, listed_urls(newsroom)[0])]
    again = [get(url, headers={"If-None-Match": get(url).headers["etag"]}).status_code for url in addresses]

    assert again == [304] * 10


def test_the_moved_story_leads_to_its_new_address(newsrooms: dict[str, Newsroom]) -> None:
    newsroom = newsrooms["la-brujula"]
    old = next(url for url in listed_urls(newsroom) if "/estados/2026/" in url)
    answer = get(old, follow_redirects=True)

    assert (answer.status_code, str(answer.url)) == (200, f"{newsroom.url}/nota/hospital-merida-camas.html")


def test_one_story_is_listed_under_three_addresses(newsrooms: dict[str, Newsroom]) -> None:
    newsroom = newsrooms["meridian-post"]
    entries = [entry for entry in read_feed(newsroom).entries if "catastrophe-bond" in entry.link]
    path = "/articles/41208/20261115/jamaica-borrows-against-storms-catastrophe-bond.htm"
    twin = bs4.BeautifulSoup(get(newsroom.url + "/amp" + path).content, "lxml")

    assert [entry.link.removeprefix(newsroom.url) for entry in entries] == [
        path + "?utm_source=rss&utm_medium=feed&utm_campaign=all",
        "/amp" + path,
        path,
    ]
    assert len({entry.id for entry in entries}) == 3
    assert [link["href"] for link in twin.select("link[rel=canonical]")] == [newsroom.url + path]


def test_robots_keep_one_listed_story_from_readers(newsrooms: dict[str, Newsroom]) -> None:
    newsroom = newsrooms["harbor-ledger"]
    robots = get(newsroom.url + "/robots.txt").text
    refused = [url for url in listed_urls(newsroom) if "/members/" in url]

    assert "Disallow: /members/" in robots
    assert refused == [f"{newsroom.url}/members/letter-from-the-harbor/"]


def test_one_newsroom_speaks_latin_1_and_says_so(newsrooms: dict[str, Newsroom]) -> None:
    newsroom = newsrooms["el-correo-del-sur"]
    answer = get(newsroom.publications["litio-salar-produccion"].url)

    assert answer.headers["content-type"] == "text/html; charset=iso-8859-1"
    assert "en los primeros diez meses del año".encode("iso-8859-1") in answer.content


def test_a_correction_is_printed_and_listed() -> None:
    with demo_newsrooms(OPENED_AT) as newsrooms:
        newsroom = newsrooms["harbor-ledger"]
        publication = newsroom.publications["bridgetown-fishing-pier-rebuilt"]
        before, listed = get(publication.url), get(newsroom.feed_url)
        newsroom.publish_correction("bridgetown-fishing-pier-rebuilt")
        after = get(publication.url, headers={"If-None-Match": before.headers["etag"]})
        relisted = get(newsroom.feed_url, headers={"If-None-Match": listed.headers["etag"]})
        entry = next(entry for entry in read_feed(newsroom).entries if entry.link == publication.url)

    assert "for $12 million, the port authority said" in before.text
    assert "for $21 million, the port authority said" in after.text
    assert relisted.status_code == 200
    assert (entry.published, entry.updated) == ("2026-11-16T03:00:00-04:00", "2026-11-16T08:00:00-04:00")


def test_other_pages_do_not_change_with_a_correction() -> None:
    with demo_newsrooms(OPENED_AT) as newsrooms:
        newsroom = newsrooms["harbor-ledger"]
        others = [url for url in listed_urls(newsroom) if "pier" not in url]
        before = [get(url).content for url in others]
        newsroom.publish_correction("bridgetown-fishing-pier-rebuilt")
        after = [get(url).content for url in others]

    assert before == after


def test_the_same_moment_and_ports_give_the_same_bytes() -> None:
    def print_all(first_port: int) -> dict[str, bytes]:
        with demo_newsrooms(OPENED_AT, first_port=first_port) as newsrooms:
            urls = [u for newsroom in newsrooms.values() for u in (newsroom.feed_url, *listed_urls(newsroom))]
            return {url: get(url).content for url in urls}

    port = 10_000 + os.getpid() % 4_000 * 5  # below the ports that systems hand out, and another in each process

    assert print_all(port) == print_all(port)


def test_stories_are_dated_back_from_the_opening(newsrooms: dict[str, Newsroom]) -> None:
    good = [key for key in DEMO_KEYS if key != "impossible-times"]
    moments = [p.published_at for key in good for p in newsrooms[key].publications.values()]

    assert OPENED_AT - timedelta(days=7) < min(moments)
    assert max(moments) < OPENED_AT


def test_the_newsrooms_are_sources_with_their_country_and_clock(newsrooms: dict[str, Newsroom]) -> None:
    sources = demo_sources(newsrooms)

    assert [(s.source_id, s.language, s.country, s.timezone) for s in sources] == [
        ("meridian-post", "en", "US", "America/New_York"),
        ("harbor-ledger", "en", "BB", "America/Barbados"),
        ("la-brujula", "es", "MX", "America/Mexico_City"),
        ("el-correo-del-sur", "es", "AR", "America/Argentina/Buenos_Aires"),
        ("impossible-times", "en", "US", "America/Chicago"),
    ]
    assert sources[0].article_id_pattern == r"/articles/(\d+)/"
    assert len({source.site_url for source in sources}) == 5


def test_sixty_stories_are_bundled_and_each_is_told_once() -> None:
    slugs = [story.slug for key in DEMO_KEYS for story in read_stories(key)[1]]

    assert len(slugs) == 60
    assert len(set(slugs)) == 60


def test_every_linked_story_exists() -> None:
    house, stories = read_stories("meridian-post")
    pages = [story.slug for story in stories if "](" in story.text]
    with Newsroom(house=house, opened_at=OPENED_AT) as newsroom:
        newsroom.publish(*stories)
        links = [
            newsroom.url + str(link["href"]) for slug in pages for link in page(newsroom, slug).select("p a[href]")
        ]
        answers = {get(url).status_code for url in links}

    assert len(links) == 14
    assert answers == {200}


def test_the_older_and_the_newer_system_print_the_same_newsroom(newsrooms: dict[str, Newsroom]) -> None:
    newsroom = newsrooms["meridian-post"]
    older = page(newsroom, "caribbean-states-agree-airlift-storm-hit-haiti")
    newer = page(newsroom, "honduras-bridge-reopens-after-storm")

    assert [tag.get_text() for tag in older.select(".story-headline, .posted-by, .posted-time")] == [
        "Caribbean States Agree on Airlift for Storm-Hit Haiti as Shelters Run Short",
        "By Lucia Ferrand",
        "Nov 16, 2026 04:00 AM EST",
    ]
    assert [tag.get_text(" ", strip=True) for tag in newer.select(".bk_timeline, .story_subject, .wrote_by")] == [
        "Nov 14, 2026 01:00 AM EST",
        "Honduras Reopens Bridge That Cut the North in Two",
        "By Ramon Acevedo",
    ]


def test_the_showcase_is_annotated_word_for_word() -> None:
    _, stories = read_stories(SHOWCASE["newsroom"])
    story = next(story for story in stories if story.slug == SHOWCASE["slug"])
    blocks = [block.strip("*") for block in story.text.strip().split("\n\n")]
    furniture = ("READ NEXT", "READ MORE", "This article is owned", "Written by", "WATCH", "!video")

    assert [p["text"] for p in SHOWCASE["paragraph"]] == [b for b in blocks if not b.startswith(furniture)]
    assert (story.title, [story.author]) == (SHOWCASE["title"], SHOWCASE["authors"])


def test_the_showcases_figures_stand_in_their_paragraphs_in_order() -> None:
    for paragraph in SHOWCASE["paragraph"]:
        position = 0
        for figure in paragraph["figures"]:
            position = paragraph["text"].find(figure["text"], position) + len(figure["text"])

            assert position >= len(figure["text"]), figure
            assert figure.get("subject", "") in paragraph["text"]
            assert figure.get("attributed_to", "") in paragraph["text"]


def test_summaries_carry_no_marks() -> None:
    summaries = [first_paragraph(story.text) for key in DEMO_KEYS for story in read_stories(key)[1]]

    assert [summary for summary in summaries if "](" in summary or "**" in summary or len(summary) < 60] == []

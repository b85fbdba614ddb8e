"""A newsroom without any feed is listed, checked and read by its section page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.demo.newsroom import Newsroom
from ingest.feeds.source_formats import read_sources
from tests.command import ingest

pytestmark = pytest.mark.integration

TITLES = ("Pier reopens on friday", "Gulls take the town hall", "Ferry runs aground again", "Rain stops the regatta")


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as opened:
        for title in TITLES:
            opened.publishes(title.lower().replace(" ", "-"))
        opened.remove("/feed.xml")
        opened.remove("/")
        cards = "".join(
            f'<div class="card"><h3><a href="{one.url}">{one.story.title}</a></h3>'
            f"<time datetime='{one.published_at.isoformat()}'>today</time></div>"
            for one in opened.publications.values()
        )
        opened.serve("/coast", f"<html lang='en'><body><main>{cards}</main></body></html>")
        yield opened


def test_a_page_without_a_feed_is_listed_and_its_articles_are_published(newsroom: Newsroom, tmp_path: Path) -> None:
    added = ingest("sources", "add", newsroom.url + "/coast", "--key", "gazette", cwd=tmp_path)
    (source,) = read_sources((tmp_path / "sources.toml").read_text(), file_name="sources.toml")
    ran = ingest("run", "--direct", cwd=tmp_path)
    found = ingest("sql", "select title from articles order by title", "--json", cwd=tmp_path).told

    assert (added.code, added.err) == (0, "")
    assert added.out.splitlines()[0] == f"{newsroom.url}/coast: no feed found; is a section page; section, 4 entries"
    assert (source.is_listing, source.listing_urls) == (True, (newsroom.url + "/coast",))
    assert ran.out.splitlines()[-1] == "4 entries came in: 4 published (new_article)"
    assert [one["title"] for one in found] == sorted(TITLES)


def test_a_page_that_lists_nothing_is_refused_with_both_reasons(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.serve("/about", "<html><body><h1>About us</h1><p>We are a small newsroom.</p></body></html>")
    ran = ingest("sources", "add", newsroom.url + "/about", cwd=tmp_path)

    assert ran.code == 1
    assert "no feed or sitemap with entries found" in ran.err
    assert "lists no article: no_article_links" in ran.err


def test_a_check_tells_of_all_candidates_and_of_three_articles(newsroom: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nkey = "gazette"\nfeed_url = "{newsroom.feed_url}"\n'
        f'feed_candidates = ["{newsroom.url}/rss2.xml"]\nsite_url = "{newsroom.url}/"\n'
        f'listing_urls = ["{newsroom.url}/coast"]\n'
    )
    ran = ingest("sources", "check", "gazette", "--json", cwd=tmp_path)
    rows = ran.told["candidates"]
    fields = [{field["name"]: field["value"] for field in one["fields"]} for one in ran.told["articles"]]

    assert ran.code == 0
    assert [row["candidate"] for row in rows[:2]] == ["feed", "candidate"]
    assert {row["said"].partition(":")[0] for row in rows[:-1]} == {"missing"}
    assert (rows[-1]["candidate"], rows[-1]["format"], rows[-1]["entries"]) == ("section page", "section", 4)
    assert [field["title"] for field in fields] == list(TITLES[:3])
    assert {field["figures"] for field in fields} == {"4"}


def test_a_check_of_a_source_whose_feed_answers_reads_from_the_feed(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.publishes("snow-on-the-pass")
    (tmp_path / "sources.toml").write_text(f'[[source]]\nkey = "gazette"\nfeed_url = "{newsroom.feed_url}"\n')
    ran = ingest("sources", "check", "gazette", cwd=tmp_path)

    assert ran.code == 0
    assert f"articles of {newsroom.feed_url}, the first candidate that lists any:" in ran.out
    assert any(line.split() == ["language", "en", "its", "text"] for line in ran.out.splitlines())


def test_the_list_tells_what_is_read_of_each_source(newsroom: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nkey = "coast"\nlisting_urls = ["{newsroom.url}/coast"]\n'
        f'[[source]]\nkey = "hills"\nfeed_url = "{newsroom.url}/hills.xml"\nlisting_urls = ["{newsroom.url}/coast"]\n'
    )
    before = ingest("sources", "list", "--json", cwd=tmp_path).told
    ingest("run", "--direct", cwd=tmp_path)
    after = ingest("sources", "list", "--json", cwd=tmp_path).told

    assert [one["kind"] for one in before] == ["section pages", "feed"]
    remarks = ingest("status", cwd=tmp_path).out
    checked = ingest("sources", "check", "--source", "hills", "--json", cwd=tmp_path).told

    assert [one["kind"] for one in after] == ["section pages", "section pages, no feed answers"]
    assert f"hills: no feed at {newsroom.url}/hills.xml; {newsroom.url}/coast is read as a section page" in remarks
    assert [(one["outcome"], one["format"], one["entries"]) for one in checked] == [("served", "section", 4)]

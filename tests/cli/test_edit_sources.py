"""A newsroom comes onto the list by its address, or from a feed reader, and the list goes back to one."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.demo.newsroom import Newsroom
from ingest.feeds.source_formats import read_sources
from ingest.warehouse.warehouse import Warehouse
from tests.command import ingest

pytestmark = pytest.mark.integration

LISTED = """# Ours.
[[source]]
key = "herald"   # the first
name = "Herald"
feed_url = "https://herald.example/feed"
site_url = "https://herald.example/"
language = "es"
"""


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as opened:
        opened.publishes("flood")
        yield opened


def test_a_newsroom_is_listed_by_its_address(newsroom: Newsroom, tmp_path: Path) -> None:
    listed = tmp_path / "mine.toml"
    listed.write_text(LISTED)
    ran = ingest("sources", "add", newsroom.url, "--sources", listed, "--country", "US", cwd=tmp_path)
    source = read_sources(listed.read_text(), file_name="mine.toml")[1]

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[1] == f"listed as 'the-gazette' in {listed}"
    assert listed.read_text().startswith(LISTED)
    assert (source.source_id, source.feed_url, source.country) == ("the-gazette", newsroom.feed_url, "US")


def test_the_list_is_made_when_there_is_none(newsroom: Newsroom, tmp_path: Path) -> None:
    ran = ingest("sources", "add", newsroom.feed_url, "--key", "gazette", "--json", cwd=tmp_path)

    assert ran.told == {
        "key": "gazette", "feed_url": newsroom.feed_url, "why": "is a feed itself", "entries": 1,
        "missing": ["country", "timezone"],
    }  # fmt: skip
    assert read_sources((tmp_path / "sources.toml").read_text(), file_name="sources.toml")[0].source_id == "gazette"


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ((), {"country": "is read by the text alone", "timezone": "are taken for UTC"}),
        (("--country", "MX"), {"timezone": 'add a line such as timezone = "'}),
        (("--country", "MX", "--timezone", "America/Mexico_City"), {}),
    ],
)
def test_what_figures_and_times_need_and_nobody_gave_is_told(
    newsroom: Newsroom, tmp_path: Path, given: tuple[str, ...], missing: dict[str, str]
) -> None:
    ran = ingest("sources", "add", newsroom.feed_url, *given, cwd=tmp_path)
    told = [line for line in ran.out.splitlines() if line.startswith("no ")]

    assert [line.split()[1] for line in told] == [*missing]
    assert all(words in line for line, words in zip(told, missing.values(), strict=True))


def test_what_found_the_feed_does_for_the_first_run(newsroom: Newsroom, tmp_path: Path) -> None:
    ingest("sources", "add", newsroom.url, cwd=tmp_path)
    ran = ingest("run", "--direct", "--json", cwd=tmp_path)
    asked = [request.path for request in newsroom.requests if request.path == "/feed.xml"]

    assert (ran.code, ran.told["not_due"]) == (0, ["the-gazette"])
    assert [(one["outcome"], one["entries"]) for one in ran.told["reasons"]] == [("published", 1)]
    assert asked == ["/feed.xml"]


def test_a_feed_is_listed_while_a_run_is_under_way(newsroom: Newsroom, tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    ran = ingest("sources", "add", newsroom.url, cwd=tmp_path)
    warehouse.close()

    assert (ran.code, ran.out.splitlines()[2]) == (0, "the next run asks the feed for its entries")


def test_a_feed_is_not_listed_twice(newsroom: Newsroom, tmp_path: Path) -> None:
    ingest("sources", "add", newsroom.feed_url, cwd=tmp_path)
    again = ingest("sources", "add", newsroom.feed_url, cwd=tmp_path)

    assert again.code == 2
    assert again.complaint == f"ingest: {newsroom.feed_url} is listed as 'the-gazette' in sources.toml"


def test_a_key_that_is_taken_is_told_before_anybody_is_asked(newsroom: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(LISTED)
    ran = ingest("sources", "add", newsroom.url, "--key", "herald", "--sources", "mine.toml", cwd=tmp_path)

    assert (ran.code, newsroom.requests) == (2, [])
    assert ran.complaint == "ingest: the key 'herald' is taken in mine.toml; choose another with --key"


def test_a_site_without_a_feed_is_one_line(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.remove("/feed.xml")
    newsroom.serve("/", "<html><body>Welcome</body></html>")
    ran = ingest("sources", "add", newsroom.url, cwd=tmp_path)

    assert (ran.code, ran.out) == (1, "")
    assert "no feed or sitemap with entries found at" in ran.complaint
    assert not (tmp_path / "sources.toml").exists()


def test_opml_goes_out_and_comes_in_the_same(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(LISTED.replace("Herald", "Herald & Söhne"))
    ingest("sources", "export", "--sources", "mine.toml", "--opml", "mine.opml", cwd=tmp_path)
    first = ingest("sources", "import", "mine.opml", "--sources", "other.toml", "--json", cwd=tmp_path)
    second = ingest("sources", "import", "mine.opml", "--sources", "other.toml", cwd=tmp_path)
    (source,) = read_sources((tmp_path / "other.toml").read_text(), file_name="other.toml")

    assert first.told == {"added": ["herald"], "listed_before": 0}
    assert second.out == "0 sources listed in other.toml; 1 were listed before\n"
    assert (source.name, source.feed_url) == ("Herald & Söhne", "https://herald.example/feed")
    assert (source.site_url, source.language) == ("https://herald.example/", "es")


def test_a_list_that_is_not_toml_is_not_added_to(tmp_path: Path) -> None:
    ran = ingest("sources", "add", "http://127.0.0.1:1/", "--sources", "mine.json", cwd=tmp_path)

    assert ran.code == 2
    assert "sources are added to .toml files" in ran.complaint


def test_keys_that_are_told_are_the_keys_that_are_written(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(LISTED.replace("Herald", "News").replace('"herald"', '"news"'))
    outline = '<outline text="News" xmlUrl="https://{}.example/feed"/>'
    (tmp_path / "reader.opml").write_text(f"<opml><body>{outline.format('a')}{outline.format('b')}</body></opml>")
    ran = ingest("sources", "import", "reader.opml", "--sources", "mine.toml", "--json", cwd=tmp_path)
    written = re.findall(r'key = "(.*?)"', (tmp_path / "mine.toml").read_text())

    assert (ran.code, ran.told["added"]) == (0, ["news-2", "news-3"])
    assert written == ["news", "news-2", "news-3"]


def test_a_list_is_read_in_the_characters_it_names_and_what_is_no_address_is_left_out(tmp_path: Path) -> None:
    outlines = '<outline text="Añil" xmlUrl="https://a.example/f"/><outline text="Bad" xmlUrl="file:///etc/passwd"/>'
    text = f'<?xml version="1.0" encoding="ISO-8859-1"?><opml><body>{outlines}</body></opml>'
    (tmp_path / "reader.opml").write_bytes(text.encode("latin-1"))
    ran = ingest("sources", "import", "reader.opml", cwd=tmp_path)

    assert (ran.code, ran.out.splitlines()) == (
        0,
        [
            "1 sources listed in sources.toml; 0 were listed before",
            "left out: 'file:///etc/passwd' (Bad) is no http or https address",
        ],
    )
    assert [source.name for source in read_sources((tmp_path / "sources.toml").read_text(), file_name="s.toml")] == [
        "Añil"
    ]


@pytest.mark.parametrize("url", ["", "gazette", "ftp://gazette.example/", "http://", "http://gazette.example:99999/"])
def test_what_is_no_address_is_not_asked_for(tmp_path: Path, url: str) -> None:
    ran = ingest("sources", "add", url, cwd=tmp_path)

    assert ran.code == 2
    assert "is no http or https address" in ran.complaint


def test_a_place_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(LISTED)
    ran = ingest("sources", "export", "--sources", "mine.toml", "--opml", "none/mine.opml", cwd=tmp_path)

    assert (ran.code, ran.complaint) == (2, "ingest: none/mine.opml cannot be written: No such file or directory")

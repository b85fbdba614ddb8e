"""Feed readers' lists are taken in whatever state they are, and what goes out comes in again whole."""

from typing import Any

import pytest

from ingest.core.errors import Misconfigured
from ingest.core.model import Source
from ingest.feeds.opml import write_opml
from ingest.feeds.source_formats import read_sources
from tests.makers import a_source

BOMB = '<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'


def read(*outlines: str, before: str = "") -> tuple[Source, ...]:
    return read_sources(f"{before}<opml><body>{''.join(outlines)}</body></opml>", file_name="reader.opml")


def feeds(*outlines: str, before: str = "") -> list[tuple[str, str]]:
    return [(source.name, source.feed_url) for source in read(*outlines, before=before)]


@pytest.mark.parametrize(
    ("outline", "feed"),
    [
        ('<outline text="Bay" xmlUrl="http://bay.example/f"/>', ("Bay", "http://bay.example/f")),
        ('<outline TEXT="Bay" XMLURL=" http://bay.example/f "/>', ("Bay", "http://bay.example/f")),
        ('<outline type="rss" text="Bay" url="http://bay.example/f"/>', ("Bay", "http://bay.example/f")),
        ('<outline text="Bay" xmlUrl="feed://bay.example/f"/>', ("Bay", "https://bay.example/f")),
        ('<outline text="Bay" xmlUrl="feed:http://bay.example/f"/>', ("Bay", "http://bay.example/f")),
        ('<outline text="Bay & Sea" xmlUrl="http://bay.example/?a=1&b=2"/>', ("Bay & Sea", "http://bay.example/?a=1&b=2")),
        ('<outline text="Bay&nbsp;Sea" xmlUrl="http://bay.example/f"/>', ("Bay\xa0Sea", "http://bay.example/f")),
        ('<outline text="" xmlUrl="http://bay.example/f"/>', ("http://bay.example/f", "http://bay.example/f")),
        ('<outline text="Ba\x00y" xmlUrl="http://bay.example/f"/>', ("Bay", "http://bay.example/f")),
    ],
)  # fmt: skip
def test_a_feed_is_read_however_its_outline_is_written(outline: str, feed: tuple[str, str]) -> None:
    assert feeds(outline) == [feed]


def test_what_leads_to_no_feed_is_a_folder() -> None:
    listed = feeds(
        '<outline text="Nowhere"/><outline type="link" text="Page" url="http://page.example/"/>',
        '<outline text="Bay" xmlUrl="http://bay.example/f"/>',
    )

    assert listed == [("Bay", "http://bay.example/f")]


def test_a_feed_in_two_folders_is_one_source_that_knows_both() -> None:
    bay = '<outline text="{}" xmlUrl="http://bay.example/f"/>'
    (source,) = read(
        f'<outline text="News"><outline text="Coast">{bay.format("Bay")}</outline></outline>',
        f'<outline text="Old">{bay.format("The Bay, as it was")}</outline>',
    )

    assert (source.name, source.categories) == ("Bay", ("/News/Coast", "/Old"))


def test_folders_may_lie_as_deep_as_they_like() -> None:
    deep = 5_000
    bay = '<outline text="Bay" xmlUrl="http://bay.example/f"/>'

    assert feeds("<outline>" * deep, bay, "</outline>" * deep) == [("Bay", "http://bay.example/f")]


def test_one_address_that_is_none_stops_no_other() -> None:
    bad, good = (
        '<outline text="Bad" xmlUrl="javascript:feed()"/>',
        '<outline text="Bay" xmlUrl="http://bay.example/f"/>',
    )

    assert feeds(bad, good) == [("Bad", "javascript:feed()"), ("Bay", "http://bay.example/f")]
    with pytest.raises(Misconfigured, match="feed_url must be an http or https address, not 'javascript:feed"):
        feeds(bad)


def test_entities_are_neither_expanded_nor_fetched() -> None:
    outline = '<outline text="Bay &b;&c;" xmlUrl="http://bay.example/f"/>'

    assert feeds(outline, before=BOMB) == [("Bay &b;&c;", "http://bay.example/f")]


def test_a_list_that_breaks_off_is_refused_rather_than_half_read() -> None:
    with pytest.raises(Misconfigured, match=r"reader\.opml cannot be read"):
        read_sources('<opml><body><outline text="Bay" xmlUrl="http://bay.example/f"/>', file_name="reader.opml")


def test_everything_that_is_said_of_a_source_goes_out_and_comes_in() -> None:
    said: dict[str, Any] = {
        "name": "Sol & <Söhne>",
        "site_url": "https://sol.example/?a=1&b=2",
        "feed_candidates": ("https://sol.example/a", "https://sol.example/b"),
        "listing_urls": ("https://sol.example/costa",),
        "language": "es",
        "country": "MX",
        "timezone": "America/Mexico_City",
        "poll_every_seconds": 1800,
        "categories": ("/News/Coast", "/Old"),
        "article_id_pattern": r"/(\d+)\.html?",
        "body_selectors": ("div.story  > p",),
        "exclude_selectors": (".ad", "[data-x='<']"),
    }
    sources = (a_source("sol", **said), a_source(), a_source("bay", listing_urls=("https://bay.example/feed",)))

    assert read_sources(write_opml(sources), file_name="reader.opml") == sources

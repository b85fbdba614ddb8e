"""Sitemaps are read as feeds: news sitemaps, plain ones and indexes, gzipped or not."""

import gzip
from datetime import UTC, datetime

import pytest

from ingest.core.errors import NotAFeed, Truncated
from ingest.feeds.sitemap import Child, is_sitemap, read_children, read_sitemap, unpacked
from tests.makers import a_source

URL = "https://gazette.example/sitemap.xml"
NEWS = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>/flood</loc><n:news><n:publication><n:name>Gazette</n:name><n:language>es</n:language></n:publication>
<n:publication_date>2026-03-01T09:00:00-06:00</n:publication_date><n:title>R&amp;iacute;o crece &amp; baja</n:title>
<n:keywords>river, flood</n:keywords></n:news></url></urlset>"""
PLAIN = b"""<urlset><url><loc>https://gazette.example/</loc></url>
<url><loc>https://gazette.example/old</loc><lastmod>2024-05-01</lastmod></url>
<url><loc>https://gazette.example/new</loc><lastmod>2026-05-01</lastmod></url><url><loc>mailto:x</loc></url></urlset>"""
INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>/a.xml</loc><lastmod>2026-01-01</lastmod></sitemap><sitemap><loc>/b.xml</loc></sitemap></sitemapindex>"""


def test_a_news_sitemap_gives_title_date_and_language() -> None:
    feed = read_sitemap(NEWS, source=a_source(), url=URL)
    (entry,) = feed.entries

    assert (feed.format, entry.url, entry.language) == ("newssitemap", "https://gazette.example/flood", "es")
    assert entry.published_at == datetime(2026, 3, 1, 15, tzinfo=UTC)
    assert entry.tags == ("river", "flood")


def test_a_plain_sitemap_gives_the_newest_first_and_no_front_page() -> None:
    feed = read_sitemap(PLAIN, source=a_source(), url=URL)

    assert feed.format == "sitemap"
    assert [entry.url for entry in feed.entries] == ["https://gazette.example/new", "https://gazette.example/old"]


def test_of_a_whole_site_the_newest_are_kept() -> None:
    feed = read_sitemap(PLAIN, source=a_source(), url=URL, most=1)

    assert [entry.url for entry in feed.entries] == ["https://gazette.example/new"]
    assert feed.flaws == ("only_newest_1_of_2",)


def test_an_index_names_its_children() -> None:
    assert read_children(INDEX, url=URL) == (
        Child(url="https://gazette.example/a.xml", modified="2026-01-01"),
        Child(url="https://gazette.example/b.xml", modified=None),
    )


def test_a_gzipped_file_is_unpacked() -> None:
    assert unpacked(gzip.compress(PLAIN), url=URL) == PLAIN


def test_a_gzipped_file_of_several_members_is_unpacked_whole() -> None:
    half = len(PLAIN) // 2

    assert unpacked(gzip.compress(PLAIN[:half]) + gzip.compress(PLAIN[half:]) + b"\0\0", url=URL) == PLAIN


def test_a_gzipped_file_whose_last_member_is_cut_is_truncated() -> None:
    with pytest.raises(Truncated):
        unpacked(gzip.compress(PLAIN) + gzip.compress(PLAIN)[:-9], url=URL)


def test_of_members_without_end_no_more_are_unpacked_than_anyone_means() -> None:
    with pytest.raises(Truncated):
        unpacked(gzip.compress(b"") * 2_000, url=URL)


@pytest.mark.parametrize(
    "written",
    [
        b"<br />\n<b>Warning</b>: mysql_connect() in /var/www/map.php<br />\n" + PLAIN,
        PLAIN.replace(b"urlset", b"URLSET").replace(b"url>", b"URL>").replace(b"loc>", b"LOC>"),
        b"<!-- made by <url> -->" + PLAIN,
    ],
)
def test_a_sitemap_is_read_whatever_stands_before_it_and_however_its_elements_are_written(written: bytes) -> None:
    feed = read_sitemap(written, source=a_source(), url=URL)

    assert {entry.url for entry in feed.entries} == {"https://gazette.example/new", "https://gazette.example/old"}


def test_a_broken_gzip_file_is_no_feed() -> None:
    with pytest.raises(NotAFeed):
        unpacked(b"\x1f\x8bnonsense", url=URL)


def test_half_a_gzip_file_is_an_error() -> None:
    with pytest.raises(Truncated):
        unpacked(gzip.compress(PLAIN)[:-12], url=URL)


def test_a_page_in_which_the_sitemap_breaks_off_is_left_out() -> None:
    feed = read_sitemap(PLAIN[: PLAIN.index(b"/new") + 3], source=a_source(), url=URL)

    assert [entry.url for entry in feed.entries] == ["https://gazette.example/old"]


def test_a_list_of_addresses_is_a_sitemap() -> None:
    listed = b"https://gazette.example/\nhttps://gazette.example/flood\r\n\nhttps://gazette.example/sea"

    feed = read_sitemap(listed, source=a_source(), url=URL)

    assert [entry.url for entry in feed.entries] == ["https://gazette.example/flood", "https://gazette.example/sea"]
    assert read_children(listed, url=URL) == ()


def test_nothing_at_all_is_no_sitemap() -> None:
    with pytest.raises(NotAFeed):
        read_sitemap(b" ", source=a_source(), url=URL)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (b"/flood?a=1&b=2", "/flood?a=1&b=2"),
        (b"/flood?a=1&amp;b=2", "/flood?a=1&b=2"),
        (b"<!-- new --> /flood", "/flood"),
        (b"<![CDATA[ /flood ]]>", "/flood"),
    ],
)
def test_an_address_is_read_however_it_is_written(written: bytes, expected: str) -> None:
    feed = read_sitemap(PLAIN.replace(b"https://gazette.example/new", written), source=a_source(), url=URL)

    assert feed.entries[0].url == f"https://gazette.example{expected}"


def test_a_news_title_is_plain_text_though_its_prefix_is_not_declared() -> None:
    title = "<news:news><news:title>Flood &amp;quot;soon&amp;quot; &lt;i&gt;here&lt;/i&gt;</news:title></news:news>"
    feed = read_sitemap(
        f"<urlset><url><loc>/flood</loc>{title}</url></urlset>".encode("utf-16"), source=a_source(), url=URL
    )

    assert [entry.title for entry in feed.entries] == ['Flood "soon" here']


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        (NEWS, True),
        (INDEX, True),
        (NEWS.decode().encode("utf-16"), True),
        (b"\xef\xbb\xbfhttps://gazette.example/flood\r\n\r\nhttp://gazette.example/sea", True),
        (b"https://gazette.example/" + b"a" * 9_000, False),
        (b"https://gazette.example/flood is gone", False),
        (b"", False),
        (b"<rss/>", False),
        (b"<html>", False),
    ],
)
def test_a_sitemap_is_told_from_a_feed(body: bytes, is_one: bool) -> None:
    assert is_sitemap(body) is is_one


def test_entities_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE u [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + PLAIN.replace(b"/old", b"/&b;")
    feed = read_sitemap(bomb, source=a_source(), url=URL)

    assert not any("aaaa" in (entry.url or "") for entry in feed.entries)

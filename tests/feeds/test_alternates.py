"""A page's feeds and a site's sitemaps are found where they are announced."""

import pytest

from ingest.feeds.alternates import read_announced, read_feed_links, read_sitemap_lines

HOME = "https://gazette.example/"


def feeds_of(page: str) -> list[str]:
    return [address for address, _ in read_feed_links(page.encode(), url=HOME, content_type="text/html")]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ('<link rel=alternate type="application/rss+xml" href="/feed">', "https://gazette.example/feed"),
        (
            '<link rel="ALTERNATE feed" type="application/atom+xml;charset=utf-8" href="/f">',
            "https://gazette.example/f",
        ),
        (
            '<link rel=alternate type="application/rss+xml" href="feed://gazette.example/f">',
            "https://gazette.example/f",
        ),
        ('<link rel=alternate type="text/xml" href="feed:https://gazette.example/f">', "https://gazette.example/f"),
        ('<base href="/news/"><link rel=alternate type="text/xml" href="feed">', "https://gazette.example/news/feed"),
        ('<link rel="alternate" href="/feed.xml">', "https://gazette.example/feed.xml"),
        ('<link rel="feed" href="/stories">', "https://gazette.example/stories"),
        ('<link rel="alternate" type="application/x-rss+xml" href="/f">', "https://gazette.example/f"),
        ('<a href="/rss">RSS</a>', "https://gazette.example/rss"),
    ],
)
def test_a_feed_that_is_announced_is_found(page: str, expected: str) -> None:
    assert feeds_of(page) == [expected]


@pytest.mark.parametrize(
    "page",
    [
        '<link rel=alternate type="application/json+oembed" href="/embed?format=json">',
        '<link rel=alternate type="application/json" href="/wp-json/wp/v2/pages/1">',
        '<link rel=alternate hreflang=es href="/es">',
        '<link rel=alternate type="application/rss+xml" href="">',
        '<link rel=alternate type="application/rss+xml" href="javascript:feed()">',
        '<!-- <link rel=alternate type="application/rss+xml" href="/old"> -->',
    ],
)
def test_what_is_no_feed_is_not_taken_for_one(page: str) -> None:
    assert feeds_of(page) == []


@pytest.mark.parametrize(
    "link",
    [
        "<a href='/syndication/all.xml'>RSS</a>",
        "<a href='/syndication/all.xml'>Subscribe via RSS</a>",
        "<a href='/syndication/all.xml'> [ Atom feed ] </a>",
        "<a href='/syndication/all.xml'>Canal RSS</a>",
        "<a href='/syndication/all.xml' title='RSS 2.0'><i class='icon'></i></a>",
        "<a href='/syndication/all.xml'><img src='/rss.gif' alt='RSS'></a>",
    ],
)
def test_a_link_that_is_called_a_feed_may_lead_to_one(link: str) -> None:
    assert feeds_of(link) == ["https://gazette.example/syndication/all.xml"]


@pytest.mark.parametrize("words", ["What is RSS?", "RSS party marches in Delhi", "News", ""])
def test_a_link_that_speaks_of_feeds_leads_to_none(words: str) -> None:
    assert feeds_of(f"<a href='/story/7'>{words}</a>") == []


def test_an_address_that_names_feed_as_its_scheme_is_asked_for_as_its_page_was() -> None:
    page = b'<link rel=alternate type="application/rss+xml" href="feed://127.0.0.1/f">'

    assert read_announced(page, url="http://127.0.0.1/", content_type=None) == (("http://127.0.0.1/f", ""),)


def test_feeds_of_comments_come_last() -> None:
    page = "".join(
        f'<link rel=alternate type="application/rss+xml" href="{path}">' for path in ("/comments/feed", "/feed")
    )

    assert feeds_of(page) == ["https://gazette.example/feed", "https://gazette.example/comments/feed"]


def test_sitemaps_are_read_from_robots_txt_however_its_lines_end() -> None:
    robots = (
        b"\xef\xbb\xbfSitemap: /a.xml\rsitemap:/b.xml\r\nSiteMap : /c.xml # all\n# Sitemap: /d.xml\nSitemap: file:///e"
    )

    assert read_sitemap_lines(robots, url=f"{HOME}robots.txt") == (f"{HOME}a.xml", f"{HOME}b.xml", f"{HOME}c.xml")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('</f>; rel="alternate"; type="application/rss+xml"', ["https://gazette.example/f"]),
        ("<f?a=1,2>; rel=alternate; type=application/atom+xml", ["https://gazette.example/news/f?a=1,2"]),
        ('</a>; rel="preload", </f> ; type="text/xml" ; rel="alternate"', ["https://gazette.example/f"]),
        ('</es>; rel="alternate"; hreflang="es"', []),
        ('</f>; rel="next"; type="application/rss+xml"', []),
        ("</f; rel=alternate", []),
        ("<" * 5000, []),
    ],
)
def test_feeds_are_read_from_headers(header: str, expected: list[str]) -> None:
    found = read_announced(b"", url=f"{HOME}news/", content_type="text/html", headers=[header])

    assert [address for address, _ in found] == expected

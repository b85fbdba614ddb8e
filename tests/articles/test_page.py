"""A page gives up its article: the whole of it, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.articles.page import read_page
from ingest.core.errors import NotAnArticle, TooMuchMarkup
from ingest.core.model import Article, Entry, Media, Page, Source
from tests.makers import an_entry

SOURCE = Source(
    source_id="latin-gazette",
    name="Latin Gazette",
    feed_url="https://latin-gazette.example/rss",
    timezone="America/New_York",
    article_id_pattern=r"/articles/(\d+)/",
)
STORY = (
    "The harbour reopened on Sunday after a storm had closed it for nine days, the port authority said.",
    "About 4,000 containers waited on the quay, AP News reports, and the first ships were unloaded at noon.",
    "Shops along the waterfront lost around $12 million, according to the chamber of commerce.",
    "“We can't wait for another month,” a fisherman said while he was mending his nets at the pier.",
)
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in STORY)
GUARD = pytest.mark.timeout(60)  # seconds, of which a case takes one; in time that grows with the square, minutes


def read(
    html: str,
    *,
    url: str = "https://latin-gazette.example/harbour",
    source: Source = SOURCE,
    entry: Entry | None = None,
) -> Article:
    page = Page(
        requested_url=url,
        final_url=url,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=html.encode(),
        fetched_at=datetime(2026, 11, 16, 12, tzinfo=UTC),
    )
    return read_page(page, source, entry)


def texts(article: Article) -> tuple[str, ...]:
    return tuple(paragraph.text for paragraph in article.paragraphs)


# The page structures that one newsroom's system has had, with our own words in them.
SYSTEM_OF_2015 = f"""
<html><head><title>Harbour Reopens After Storm : News : Latin Gazette</title>
<meta name="author" content="Latin Gazette"><meta property="og:site_name" content="Latin Gazette">
<meta property="article:published_time" content="2016-02-14"><meta property="og:image" content="">
<meta property="og:title" content="Harbour Reopens After Storm">
<link rel="canonical" href="https://latin-gazette.example/"></head><body>
<h1 class="story-headline">Harbour Reopens After Storm</h1>
<div class="story-posted"><span class="posted-by">By Rosa Kay</span>
<span class="posted-time">Feb 14, 2016 10:47 AM EST</span></div>
<div class="story-contents"><p>{STORY[0]}</p><p>{STORY[1]}</p>
<p>READ NEXT: <a href="/articles/8/20160213/storm.htm">Storm Closes Harbour</a></p>
<h3>Losses of $12 Million</h3><p>{STORY[2]}</p><p>{STORY[3]}</p>
<p>READ MORE: <a href="/articles/9/20160212/waves.htm">Waves of Six Metres</a></p>
<p>This article is owned by Latin Gazette.</p><p>Written by: Rosa Kay</p>
<p>WATCH: Harbour Opens Again - From Port TV</p><iframe src="https://www.youtube.com/embed/abc"></iframe></div>
<div class="story-tags"><a href="/tags/harbour">Harbour</a> <a href="/tags/storm">Storm</a></div>
<div class="story-source">Source: <a href="https://wire.example/x">Wire</a></div></body></html>
"""
SYSTEM_OF_2019 = f"""
<html><head><title>Harbour Reopens After Storm</title><meta name="author" content="Latin Gazette">
<meta property="og:site_name" content="Latin Gazette"></head><body>
<h1 class="story_subject">Harbour Reopens After Storm</h1><div class="bk_timeline">Feb 14, 2016 10:47 AM EST</div>
<div class="story_flow"><div id="content"><div class="content1"><p>{STORY[0]}</p><p>{STORY[1]}</p>
<p>READ NEXT: <a href="/articles/8/20160213/storm.htm">Storm Closes Harbour</a></p>
<p><b>Losses of $12 Million</b></p><p>{STORY[2]}</p><p>{STORY[3]}</p>
<p>This article is owned by Latin Gazette.<br>Written by: Rosa Kay<br>WATCH: Harbour Opens Again - From Port TV</p>
</div></div></div><div class="tags"><a href="/tags/harbour">Harbour</a> <a href="/tags/storm">Storm</a></div>
<div class="sourcecopy">Source: <a href="https://wire.example/x">Wire</a></div></body></html>
"""


@pytest.mark.parametrize("html", [SYSTEM_OF_2015, SYSTEM_OF_2019])
class TestBothKnownSystemsOfOneNewsroom:
    URL = "https://latin-gazette.example/articles/7/20160214/harbour.htm"

    def test_the_article_alone_is_kept(self, html: str) -> None:
        article = read(html, url=self.URL)

        assert texts(article) == (STORY[0], STORY[1], "Losses of $12 Million", STORY[2], STORY[3])

    def test_the_byline_is_the_person(self, html: str) -> None:
        assert read(html, url=self.URL).authors == ("Rosa Kay",)

    def test_the_moment_is_the_visible_one(self, html: str) -> None:
        article = read(html, url=self.URL)

        assert (article.published_at, article.published_offset_minutes) == (
            datetime(2016, 2, 14, 15, 47, tzinfo=UTC),
            -300,
        )

    def test_related_and_source_lines_are_links(self, html: str) -> None:
        links = {(link.kind, link.text) for link in read(html, url=self.URL).links}

        assert {("related", "Storm Closes Harbour"), ("source", "Wire")} <= links

    def test_the_announced_video_is_media(self, html: str) -> None:
        media = read(html, url=self.URL).media

        assert [(each.kind, each.caption, each.credit) for each in media] == [
            ("video", "Harbour Opens Again", "Port TV")
        ]

    def test_tags_are_what_the_page_shows(self, html: str) -> None:
        assert read(html, url=self.URL).tags == ("Harbour", "Storm")

    def test_a_canonical_link_to_the_root_is_not_believed(self, html: str) -> None:
        assert read(html, url=self.URL).canonical_url == self.URL


JSON_LD = """
<script type="application/ld+json">{{{{</script><script type="application/ld+json">
{{"@graph": [{{"@type": "WebSite", "name": "Latin Gazette"}}, {{"@type": "NewsArticle",
"headline": "Harbour reopens after storm", "datePublished": "2026-11-15T22:30:00-05:00",
"dateModified": "2026-11-16T09:00:00-05:00", "articleSection": "Economy", "keywords": ["harbour", "storm"],
"author": [{{"@type": "Person", "name": "Rosa Kay"}}, {{"@type": "Person", "name": "Juan Peña"}}],
"isAccessibleForFree": {free}, "description": "Nine days later, ships are back."}}]}}
</script>
"""


def test_an_outlet_is_named_where_its_page_states_it_and_no_person() -> None:
    stated = "<meta name='author' content='Latin Gazette'><meta property='og:site_name' content='Latin Gazette'>"
    html = f"<html><head>{stated}</head><body><article><h1>Harbour reopens after storm</h1>{{}}{PARAGRAPHS}</article>"

    unsigned = read(html.format(""))
    signed = read(html.format("<p class='byline'>By Rosa Kay</p>"))

    assert (unsigned.authors, "signed_by_no_person" in unsigned.flags) == (("Latin Gazette",), True)
    assert (signed.authors, "signed_by_no_person" in signed.flags) == (("Rosa Kay",), False)


class TestAPageThatDescribesItself:
    HTML = (
        f"<html><head><title>Harbour reopens after storm | Latin Gazette</title>{JSON_LD.format(free='true')}</head>"
        f"<body><nav><a href='/'>Home</a></nav><main><h1>Harbour reopens after storm</h1>{PARAGRAPHS}</main>"
        "</body></html>"
    )

    def test_what_it_says_is_read(self) -> None:
        article = read(self.HTML)

        assert (article.title, article.authors, article.section, article.tags, article.summary) == (
            "Harbour reopens after storm",
            ("Rosa Kay", "Juan Peña"),
            "Economy",
            ("harbour", "storm"),
            "Nine days later, ships are back.",
        )

    def test_its_moments_are_aware_and_its_day_is_known(self) -> None:
        article = read(self.HTML)

        assert (article.published_at, article.modified_at, article.published_offset_minutes) == (
            datetime(2026, 11, 16, 3, 30, tzinfo=UTC),
            datetime(2026, 11, 16, 14, 0, tzinfo=UTC),
            -300,
        )

    def test_its_evidence_is_told(self) -> None:
        evidence = dict(read(self.HTML).evidence)

        assert (evidence["authors"], evidence["published_at"]) == ("json-ld author", "json-ld datePublished")

    def test_a_paywall_it_admits_is_flagged(self) -> None:
        assert "paywall" in read(self.HTML.replace('"isAccessibleForFree": true', '"isAccessibleForFree": false')).flags


def box(name: str, text: str) -> str:
    return f"<div class='{name}'><p>{text}</p></div>"


CLUTTER = {
    "menu": "<ul class='menu'><li>News and everything else that you may want to read, in one long line.</li></ul>",
    "related box": box("related-stories", "Another story altogether, about a bridge, and how it was built."),
    "newsletter": box("newsletter-signup", "Get the best of our stories every morning, free of charge, at seven."),
    "donation": box("donation-box", "Our newsroom lives on its readers, and so we ask you for a small sum."),
    "caption": "<figure><img src='/a.jpg'><figcaption>A ship at the quay, on the day it arrived.</figcaption></figure>",
    "consent": "<p>This website uses cookies to find out what you like and to tell everybody else about it.</p>",
    "comments": box("comments", "I have never believed a word of this, and neither should you, my friends."),
    "share bar": box("share-bar", "Share this story with everybody you have ever met, wherever they are."),
    "rating": box("rating", "Four of five readers found this story useful, and one did not at all."),
    "read more": "<p>READ MORE: <a href='/bridge'>How the bridge was built by four men and a horse</a></p>",
    "lea también": "<p>Lea también: <a href='/puente'>Cómo se construyó el puente con un caballo</a></p>",
    "rights": "<p>This article is owned by Latin Gazette. Do not reproduce it.</p>",
    "advertisement": "<p>ADVERTISEMENT</p>",
}


@pytest.mark.parametrize("boilerplate", CLUTTER.values(), ids=CLUTTER.keys())
@pytest.mark.parametrize("place", ["within", "after"])
def test_boilerplate_is_no_part_of_an_article(boilerplate: str, place: str) -> None:
    first, rest = PARAGRAPHS.split("</p>", 1)
    inner = f"{first}</p>{boilerplate}{rest}" if place == "within" else f"{PARAGRAPHS}{boilerplate}"

    article = read(f"<body><article><h1>Harbour reopens</h1><div>{inner}</div></article></body>")

    assert texts(article) == STORY


BODIES = {
    "a table layout": f"<table><tr><td>menu</td><td><h1>Harbour reopens</h1>{PARAGRAPHS}</td></tr></table>",
    "line breaks alone": f"<h1>Harbour reopens</h1><div>{'<br><br>'.join(STORY)}</div>",
    "sibling containers": "<h1>Harbour reopens</h1>" + "".join(f"<section><p>{text}</p></section>" for text in STORY),
    "a whole-page form": f"<form action='/'><h1>Harbour reopens</h1><div>{PARAGRAPHS}</div></form>",
    "an accordion": "<h1>Harbour reopens</h1><div>"
    + "".join(f"<div style='display:none'><p>{text}</p></div>" for text in STORY)
    + "</div>",
    "a standfirst above": f"<header class='top'><h1>Harbour reopens</h1><p>{STORY[0]}</p></header><div>"
    + "".join(f"<p>{text}</p>" for text in STORY[1:])
    + "</div>",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_an_article_is_read_in_order_whatever_holds_it(body: str) -> None:
    assert texts(read(f"<html><body>{body}</body></html>")) == STORY


def test_headings_quotes_and_items_keep_their_kind_and_their_heading() -> None:
    html = (
        f"<h1>Harbour reopens</h1><article><p>{STORY[0]}</p><h2>What was lost</h2><p>{STORY[1]}</p>"
        f"<ul><li>Cranes: 2 of 9</li><li>Boats: 31</li></ul><blockquote>{STORY[3]}</blockquote></article>"
    )

    kinds = [(paragraph.kind, paragraph.heading) for paragraph in read(html).paragraphs]

    assert kinds == [
        ("paragraph", None),
        ("heading", None),
        ("paragraph", "What was lost"),
        ("list_item", "What was lost"),
        ("list_item", "What was lost"),
        ("quote", "What was lost"),
    ]


def test_the_language_is_that_of_the_text_not_of_the_tag() -> None:
    spanish = "El puerto reabrió el domingo después de que una tormenta lo cerrara nueve días, según las autoridades."

    assert read(f"<html lang='en'><h1>Puerto</h1><p>{spanish}</p></html>").language == "es"


def test_an_image_keeps_its_caption_and_its_credit() -> None:
    figure = "<figure><img src='/ship.jpg'><figcaption>A ship at the quay. Photo: Rosa Kay</figcaption></figure>"

    article = read(f"<h1>Harbour reopens</h1><article>{figure}{PARAGRAPHS}</article>")

    assert article.media == (
        Media(
            kind="image",
            url="https://latin-gazette.example/ship.jpg",
            caption="A ship at the quay.",
            credit="Rosa Kay",
        ),
    )


def test_a_moment_in_utc_takes_its_day_from_the_visible_clock() -> None:
    html = (
        "<meta property='article:published_time' content='2026-11-15T03:30:00Z'><h1>Harbour reopens</h1>"
        f"<p>November 14, 2026 at 7:30 p.m.</p><article>{PARAGRAPHS}</article>"
    )

    article = read(html)

    assert (article.published_at, article.published_offset_minutes) == (
        datetime(2026, 11, 15, 3, 30, tzinfo=UTC),
        -480,
    )


def test_the_feed_fills_what_the_page_leaves_out() -> None:
    entry = an_entry(authors=("Rosa Kay",), published_at=datetime(2026, 11, 14, tzinfo=UTC), tags=("harbour",))

    article = read(f"<article>{PARAGRAPHS}</article>", entry=entry)

    assert (article.title, article.authors, article.published_at, article.tags) == (
        "Flood",
        ("Rosa Kay",),
        datetime(2026, 11, 14, tzinfo=UTC),
        ("harbour",),
    )


def test_a_page_without_a_body_takes_the_feeds() -> None:
    article = read("<h1>Harbour reopens</h1><div id='app'></div>", entry=an_entry(content_html=PARAGRAPHS))

    assert (texts(article), "body_from_feed" in article.flags) == (STORY, True)


def test_a_sources_hints_are_tried_first() -> None:
    html = f"<h1>Harbour reopens</h1><div class='odd'>{PARAGRAPHS}</div><div class='usual'>{PARAGRAPHS * 3}</div>"
    source = Source(
        source_id="odd", name="Odd", feed_url="https://odd.example/rss", body_selectors=(".none", ".odd"),
        exclude_selectors=("p:first-child",),
    )  # fmt: skip

    assert texts(read(html, source=source)) == STORY[1:]


def test_one_article_under_two_addresses_is_one_article() -> None:
    first = read(SYSTEM_OF_2015, url="https://www.latin-gazette.example/articles/7/20160214/harbour.htm")
    second = read(SYSTEM_OF_2015, url="https://m.latin-gazette.example/articles/7/20160214/other-slug.htm")

    assert first.article_id == second.article_id


@pytest.mark.parametrize(
    "html",
    ["", "<html></html>", "<h1>Only a title</h1>", "<p>Not found</p>", '{"error": "no page"}', "\x00\x01\x02"],
)
def test_a_page_without_an_article_is_none(html: str) -> None:
    with pytest.raises(NotAnArticle) as caught:
        read(html)

    assert caught.value.about == "https://latin-gazette.example/harbour"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "deep" + "</div>" * 100_000,
        "<b class='related comments'>" * 100_000 + "deep",
        "<p " + " ".join(f"a{number}=1" for number in range(200_000)) + ">wide</p>",
        "<script>" * 50_000,
        "<!--" * 100_000,
        "<" * 300_000,
        "<title>" + "a - " * 50_000 + "</title><h1>a</h1>",
        "<p class=byline>By " + "and , " * 50_000,
        "<p class=byline>" + "by<br><br>" * 20_000,
    ],
    ids=[
        "nested",
        "nested and named",
        "attributes",
        "scripts",
        "comments",
        "brackets",
        "separators",
        "joins",
        "breaks",
    ],
)
@GUARD
@pytest.mark.slow
def test_hostile_markup_ends_soon(html: str) -> None:
    with pytest.raises(NotAnArticle):
        read(html)


@pytest.mark.parametrize(
    "html",
    [
        f"{PARAGRAPHS}<p {' '.join(f'a{number}=1' for number in range(1_000_000))}>wide</p>",
        f"{PARAGRAPHS}{'<i>x</i>' * 250_000}",
        f"{PARAGRAPHS}<p>{'word ' * 10_000_000}</p>",
    ],
    ids=["a million attributes", "too many elements", "50 MB of text"],
)
@GUARD
@pytest.mark.slow
def test_more_markup_than_any_storys_is_refused_by_name(html: str) -> None:
    with pytest.raises(TooMuchMarkup, match=r"^https://latin-gazette\.example/harbour: .* are read$"):
        read(f"<h1>Harbour reopens</h1>{html}")


def test_scripts_do_not_count_as_markup() -> None:
    script = f"<script>{'x=1;' * 3_000_000}</script>"

    assert texts(read(f"<h1>Harbour reopens</h1>{script}{PARAGRAPHS}")) == STORY


MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>", "</p>", "<div class='story'>", "</div>", "<h1>", "</h1>", "<h2>", "<br>", "<li>", "<a href='/x'>",
            "</a>", "<b>", "</b>",
            "<script>", "</script>", "<!--", "-->", "<table><td>", "<time datetime='2026-11-16'>", "&amp;", "&#0;", "<",
            "<script type='application/ld+json'>", '{"@type": "Article", "author": [', "<meta name=author content=x>",
            STORY[0], STORY[1], "By Rosa Kay", "16 Nov 2026", "READ MORE: x", "<figure><img src=x><figcaption>", "\x1e",
        ]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(st.one_of(MARKUP, st.text(max_size=200)))
def test_any_markup_is_an_article_without_markup_or_none(html: str) -> None:
    try:
        article = read(html)
    except NotAnArticle:
        return

    assert all(paragraph.text == " ".join(paragraph.text.split()) != "" for paragraph in article.paragraphs)
    assert article.title


@given(st.binary(max_size=400))
def test_any_bytes_are_an_article_or_none(body: bytes) -> None:
    url = "https://latin-gazette.example/harbour"
    page = Page(requested_url=url, final_url=url, status=200, body=body, fetched_at=datetime(2026, 11, 16, tzinfo=UTC))

    try:
        article = read_page(page, SOURCE, None)
    except NotAnArticle:
        return

    assert article.body


SAVED = (
    "<meta property='article:published_time' content='2026-11-15T08:00:00Z'>"
    "<meta property='article:modified_time' content='2026-11-15T08:00:00Z'>"
)
A_COMMENT = (
    "<div itemscope itemtype='http://schema.org/Comment'><time itemprop='datePublished' datetime='2026-11-09'></time>"
    "</div>"
)
TWO_DAYS = "<meta itemprop='datePublished' content='2026-11-14'><meta name='pubdate' content='2026-11-11'>"


@pytest.mark.parametrize(
    ("head", "lines", "day"),
    [
        ("<meta name='date' content='2026-11-15'>", "<p>14.11.2026, 9:00</p>", 14),
        ("<meta name='date' content='2026-11-15'>", "", 15),
        ("", "<p>Last updated: 15 November 2026</p><p>Harbour, 14 November 2026</p>", 14),
        ("", f"<p>Press release of 14 November 2026 | {STORY[0]}</p>", 14),
        ("", "<p>Last change: 15.11.2026, 9:00 - Published: 14.11.2026</p>", 14),
        ("", "<p>The port's page was updated on 15 November 2026.</p><p>Saturday, 14 November 2026</p>", 14),
        ("", "<p>The friends of the port meet again on Monday, 9 November 2026.</p><p>14.11.2026</p>", 14),
        ("", "<p>Rosa registered: 9.11.2026</p><p>14.11.2026</p>", 14),
        (SAVED, "<p>November 12, 2026</p>", 12),
        (SAVED, "<blockquote><p>November 12, 2026</p></blockquote>", 15),
        (SAVED, "<p>posted with a shop 12.11.26</p>", 15),
        (TWO_DAYS, "<p>11 November 2026</p>", 11),
        (TWO_DAYS, "<p>11/14/2026</p>", 14),
        (TWO_DAYS, "<p>Updated 11 November 2026</p>", 14),
        ('<script>var story = {"published_at": "2026-11-14T06:00:00+01:00"}</script>', "", 14),
        ("", f"<p>Updated: 14 November 2026</p>{PARAGRAPHS * 9}<p>9 November 2026</p>", 14),
        ("", f"{A_COMMENT}<p>14 November 2026</p>", 14),
        ("<title>Harbour reopens | Quay | 14.11.2026</title>", "<p>9 November 2026</p>", 14),
        ("<title>14 November 2026 - Harbour reopens</title>", "<p>9 November 2026</p>", 14),
        ("<title>Harbour reopens on 9 November 2026 - Quay</title>", "<p>14 November 2026</p>", 14),
    ],
)
def test_the_day_is_that_of_publication_not_of_a_change(head: str, lines: str, day: int) -> None:
    html = (
        f"<html><head>{head}</head><body><article><h1>Harbour reopens</h1>{lines}{PARAGRAPHS}</article></body></html>"
    )
    article = read(html, source=Source(source_id="quay", name="Quay", feed_url="https://quay.example/rss"))

    assert article.published_at is not None
    assert article.published_at.day == day


@pytest.mark.parametrize(
    ("host", "head", "month"),
    [
        ("quay.example", "", 5),
        ("quay.co.uk", "", 6),
        ("quay.example", "<meta property='og:locale' content='en_GB'>", 6),
        ("quay.example", "<meta property='og:locale' content='en_US'>", 5),
        ("quay.example/en-gb", "", 6),
        ("quay.example/en-us", "", 5),
        ("quay.co.uk/world", "", 6),
        ("quay.example", "<script>document.documentElement.lang = 'en-GB'</script>", 5),
    ],
)
def test_the_day_stands_first_where_english_is_written_so(host: str, head: str, month: int) -> None:
    html = f"<html><head>{head}</head><body><h1>Harbour reopens</h1><p>05/06/2026</p>{PARAGRAPHS}</body></html>"
    article = read(html, url=f"https://{host}/harbour")

    assert article.published_at is not None
    assert article.published_at.month == month


def test_the_day_stands_first_where_the_pages_language_is_written_so() -> None:
    html = f"<html lang='en-IE'><body><h1>Harbour reopens</h1><p>05/06/2026</p>{PARAGRAPHS}</body></html>"
    article = read(html)

    assert article.published_at is not None
    assert article.published_at.month == 6


@pytest.mark.parametrize(
    ("stated", "address", "offset"),
    [
        ("2026-11-15T03:05:00Z", "2026/11/14", -240),
        ("2026-11-14T23:01:00Z", "2026/11/15", 60),
        ("2026-11-15T10:05:00Z", "2026/11/14", 0),
        ("2026-11-15T03:05:00Z", "2026/11/12", 0),
        ("2026-11-15T03:05:00+01:00", "2026/11/14", 60),
    ],
)
def test_a_moment_in_utc_takes_its_day_from_the_address(stated: str, address: str, offset: int) -> None:
    head = f"<meta property='article:published_time' content='{stated}'>"
    html = f"<html><head>{head}</head><body><h1>Harbour reopens</h1>{PARAGRAPHS}</body></html>"
    source = Source(source_id="quay", name="Quay", feed_url="https://quay.example/rss", timezone="UTC")
    article = read(html, url=f"https://quay.example/{address}/harbour", source=source)

    assert article.published_offset_minutes == offset


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("Sun, 14 May 2084 08:30:00 GMT", datetime(2084, 5, 14, 8, 30, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", datetime(1970, 1, 1, tzinfo=UTC)),
        ("Fri, 31 Feb 2026 08:30:00 GMT", None),
    ],
)
def test_a_date_no_article_can_be_of_is_kept_as_written_and_not_believed(raw: str, moment: datetime | None) -> None:
    entry = an_entry(published_at=moment, updated_at=moment, published_raw=raw)
    article = read(f"<h1>Harbour reopens</h1><article>{PARAGRAPHS}</article>", entry=entry)

    assert (article.published_at, article.modified_at, article.published_raw) == (None, None, raw)
    assert article.flags == ("date_not_believed",)


def test_a_date_ahead_that_the_page_states_gives_way_to_the_feeds() -> None:
    stated = "<meta property='article:published_time' content='2084-05-14'>"
    html = f"<html><head>{stated}</head><body><h1>Harbour reopens</h1><article>{PARAGRAPHS}</article></body></html>"
    entry = an_entry(published_at=datetime(2026, 11, 14, 5, tzinfo=UTC), published_raw="14 Nov 2026")

    alone, listed = read(html), read(html, entry=entry)

    assert (alone.published_at, alone.published_raw, alone.flags) == (
        None,
        "2084-05-14",
        ("zone_assumed", "date_not_believed"),
    )
    assert (listed.published_at, listed.published_raw, listed.flags) == (
        datetime(2026, 11, 14, 5, tzinfo=UTC),
        "14 Nov 2026",
        ("zone_assumed",),
    )


@pytest.mark.parametrize("stated", ["2026-02-30T08:30:00Z", "31 Feb 2026", "0000-00-00 00:00:00"])
def test_a_date_that_the_page_states_and_that_never_was_is_kept_as_written_and_not_believed(stated: str) -> None:
    head = f"<meta property='article:published_time' content='{stated}'>"

    article = read(f"<html><head>{head}</head><body><h1>Harbour</h1><article>{PARAGRAPHS}</article></body></html>")

    assert (article.published_at, article.published_raw, article.flags) == (None, stated, ("date_not_believed",))


def test_a_template_that_was_not_filled_in_states_no_date() -> None:
    head = "<meta property='article:published_time' content='undefined'>"

    article = read(f"<html><head>{head}</head><body><h1>Harbour</h1><article>{PARAGRAPHS}</article></body></html>")

    assert (article.published_at, article.published_raw, article.flags) == (None, None, ())


def test_whether_a_listed_date_had_a_zone_does_not_hang_on_the_language_of_the_article() -> None:
    moment = datetime(2026, 3, 2, 17, tzinfo=UTC)
    spanish = replace(SOURCE, language="es", timezone="America/New_York")
    entry = an_entry(published_at=moment, published_raw="02/03/2026 12:00")

    article = read(f"<h1>Harbour reopens</h1><article>{PARAGRAPHS}</article>", entry=entry, source=spanish)

    assert (article.language, article.published_at, article.flags) == ("en", moment, ("zone_assumed",))


LINKED_DATA = "<script type='application/ld+json'>{}</script>"


def test_what_no_reader_could_see_is_in_no_text() -> None:
    stated = (
        r'"headline": "Harbour \ud800 reopens\u0000", "author": {"name": "Rosa \udfff Kay"}, "keywords": ["a\ud83d"]'
    )
    html = LINKED_DATA.format(f'{{"@type": "NewsArticle", {stated}}}') + "<h1>Harbour \x1b\x9b reopens\u202e</h1>"
    article = read(f"{html}<article>{PARAGRAPHS}</article>")

    assert (article.title, article.authors, article.tags) == ("Harbour reopens", ("Rosa Kay",), ("a",))


def test_tags_that_a_headline_shows_are_no_words_of_it() -> None:
    headline = "Profit &lt;5% &lt;b&gt;but&lt;/b&gt; &gt;3%&lt;script&gt;alert(1)&lt;/script&gt;"
    article = read(f"<h1>{headline}</h1><article>{PARAGRAPHS}</article>")

    assert article.title == "Profit <5% but >3%"


@pytest.mark.parametrize("name", ["class", "id"])
def test_names_of_a_megabyte_cost_no_more_than_others(name: str) -> None:
    article = read(f"<h1>Storm</h1><div {name}='{'ab-cd ' * 200_000}'>{PARAGRAPHS}</div>")

    assert texts(article) == STORY


@pytest.mark.parametrize("address", ["2026/11/03", "2026/11/3", "2026/november/03", "2026/nov/3", "20261103"])
def test_the_day_an_address_names_tells_how_a_visible_date_is_meant(address: str) -> None:
    html = f"<h1>Harbour reopens</h1><p>03/11/2026</p>{PARAGRAPHS}"

    article = read(html, url=f"https://quay.example/{address}/harbour")

    assert article.published_at is not None
    assert (article.published_at.month, article.published_at.day) == (11, 3)


@pytest.mark.parametrize("kind", ["h1", "title"])
def test_a_headline_that_was_escaped_twice_is_read_twice(kind: str) -> None:
    shown = {"h1": "", "title": ""} | {kind: "Quay &amp;amp; mill: it&amp;#8217;s &amp;quot;over&amp;quot;"}

    article = read(f"<title>{shown['title']}</title><article><h1>{shown['h1']}</h1>{PARAGRAPHS}</article>")

    assert article.title == 'Quay & mill: it’s "over"'


def test_a_body_that_was_escaped_as_if_it_were_words_is_read_in_paragraphs() -> None:
    article = read(f"<title>Harbour</title><article>{escape(PARAGRAPHS)}</article>")

    assert texts(article) == STORY


def test_references_that_were_escaped_twice_are_read_as_what_they_stand_for() -> None:
    line = "The caf&amp;eacute; on the quay said &amp;quot;no&amp;quot; &lt;b&gt;every&lt;/b&gt; time, I &amp;amp; she."

    article = read(f"<h1>Harbour</h1><article>{PARAGRAPHS}<p>{line}</p></article>")

    assert texts(article) == (*STORY, 'The café on the quay said "no" every time, I & she.')


@pytest.mark.parametrize("words", [80, 400_000])
def test_a_headline_without_end_hides_no_article(words: int) -> None:
    article = read(f"<title>Harbour reopens</title><article><h1>{'word ' * words}</h1>{PARAGRAPHS}</article>")

    assert (article.title, texts(article)) == ("Harbour reopens", STORY)


def test_an_article_told_within_its_headline_is_read() -> None:
    article = read(f"<title>Harbour reopens</title><h1>{' '.join(STORY)}</h1>")

    assert texts(article) == (" ".join(STORY),)


@pytest.mark.parametrize("holder", ["article", "main", "section", "div", "x-story"])
def test_a_page_need_not_say_where_its_head_ends(holder: str) -> None:
    article = read(f"<!doctype html><title>Harbour reopens</title><{holder}>{PARAGRAPHS}</{holder}>")

    assert (article.title, texts(article)) == ("Harbour reopens", STORY)


def test_a_character_that_was_written_in_two_halves_is_one() -> None:
    article = read(f"<h1>Flood &#xD83D;&#xDE00;</h1><article>{PARAGRAPHS}</article>")

    assert article.title == "Flood 😀"


def test_joiners_stay_with_the_letters_they_join() -> None:
    family, line = (
        "Family 👨\u200d👩\u200d👧",
        "او به بندر می\u200cرود و می\u200cگوید که کشتی\u200cها باز می\u200cگردند و بار دارند.",
    )

    article = read(f"<h1>{family} at h\u200do\u200cme\u200d</h1><article>{PARAGRAPHS}<p>{line}</p></article>")

    assert (article.title, texts(article)[-1]) == (f"{family} at home", line)

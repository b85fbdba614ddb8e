"""What a page states for machines counts where it is about this page, and not another article."""

import json
from datetime import UTC, datetime

import pytest

from ingest.articles.about import Statement, Subject, about_this, is_about, tell_alike
from tests.articles.test_page import PARAGRAPHS, SOURCE, STORY, read, texts
from tests.makers import an_entry

URL = "https://latin-gazette.example/2026/harbour-reopens-after-storm"
TITLE = "Harbour reopens after nine days of storm"
OTHER_URL = "https://latin-gazette.example/2001/senate-votes-on-pensions"
OTHER_TITLE = "Senate votes on pensions for teachers"
SUBJECT = Subject(address=URL, source=SOURCE, titles=(f"{TITLE} | Latin Gazette", TITLE))
OTHER = {
    "@type": "NewsArticle",
    "headline": OTHER_TITLE,
    "url": OTHER_URL,
    "datePublished": "2001-01-01T08:00:00Z",
    "author": {"@type": "Person", "name": "Otto Elsewhere"},
    "articleBody": "The senate voted on pensions for teachers late on Monday, and nobody left the room. " * 40,
}
OWN = {
    "@type": "NewsArticle",
    "headline": TITLE,
    "datePublished": "2026-11-15T08:00:00Z",
    "author": {"@type": "Person", "name": "Rosa Kay"},
}
BYLINE = "<p class='byline'>By Rosa Kay</p><time datetime='2026-11-15T08:00:00Z' class='published'>15 Nov 2026</time>"
OTHER_MICRODATA = f"""<div itemscope itemtype="https://schema.org/NewsArticle"><a itemprop="url" href="{OTHER_URL}">
<span itemprop="headline">{OTHER_TITLE}</span></a><meta itemprop="datePublished" content="2001-01-01T08:00:00Z">
<span itemprop="author">Otto Elsewhere</span></div>"""
OTHER_META = f"""<meta property="og:url" content="{OTHER_URL}"><meta property="og:title" content="{OTHER_TITLE}">
<meta property="article:published_time" content="2001-01-01T08:00:00Z">
<meta name="author" content="Otto Elsewhere">"""


def json_ld(*nodes: object) -> str:
    return "".join(f"<script type='application/ld+json'>{json.dumps(node)}</script>" for node in nodes)


def a_page(*, head: str = "", before: str = "", after: str = "", body: str = PARAGRAPHS) -> str:
    return f"""<html lang="en"><head><title>{TITLE} | Latin Gazette</title>{head}</head><body>{before}
<main><h1>{TITLE}</h1>{BYLINE}{body}</main>{after}</body></html>"""


@pytest.mark.parametrize(
    ("addresses", "title", "expected"),
    [
        ((URL,), "", True),
        ((f"{URL}?utm_source=feed#article",), "", True),
        (("https://amp.latin-gazette.example/2026/harbour-reopens-after-storm",), OTHER_TITLE, True),
        (("https://latin-gazette.example/n/harbour-open-after-storm-7",), "", True),
        ((), TITLE, True),
        ((), "Storm over: harbour reopens", True),
        ((OTHER_URL,), TITLE, True),
        ((OTHER_URL,), "", False),
        ((OTHER_URL,), OTHER_TITLE, False),
        ((OTHER_URL,), "Storm of protest in the senate over teachers", False),
        ((), OTHER_TITLE, False),
        (("https://latin-gazette.example/",), OTHER_TITLE, False),
        ((), "Storm of protest in the senate over teachers", None),
        (("https://latin-gazette.example/",), "", None),
        (("#article",), "", None),
        ((), "News", None),
        ((), "", None),
    ],
)
def test_an_address_or_a_title_tells_what_is_stated_is_about(
    addresses: tuple[str, ...], title: str, expected: bool | None
) -> None:
    assert is_about(SUBJECT, Statement(addresses=addresses, title=title)) is expected


def test_an_address_of_numbers_alone_is_of_another_article_if_it_has_another_number() -> None:
    numbered = Subject(address="https://latin-gazette.example/news/123", source=SOURCE, titles=(TITLE,))

    assert is_about(numbered, Statement(addresses=("https://latin-gazette.example/news/124",))) is False
    assert is_about(numbered, Statement(addresses=("https://latin-gazette.example/?p=9",))) is None


def test_of_several_statements_those_that_fit_count() -> None:
    fitting, unknown, other = Statement(title=TITLE), Statement(told=("2001",)), Statement(title=OTHER_TITLE)

    assert about_this(SUBJECT, [other, unknown, fitting]) == [False, False, True]


def test_a_single_statement_that_tells_nothing_of_its_subject_counts() -> None:
    assert about_this(SUBJECT, [Statement(told=("2026",)), Statement(title=OTHER_TITLE)]) == [True, False]


def test_statements_that_contradict_each_other_and_do_not_fit_count_none() -> None:
    assert about_this(SUBJECT, [Statement(told=("2026",)), Statement(told=("2001",))]) == [False, False]
    assert about_this(SUBJECT, [Statement(told=("2026",)), Statement(told=("2026",))]) == [True, True]


def test_titles_without_blanks_are_compared_by_pairs_of_letters() -> None:
    assert tell_alike("港口在风暴后重新开放", "风暴过后港口开放")
    assert not tell_alike("港口在风暴后重新开放", "参议院表决教师养老金")


@pytest.mark.parametrize(
    "html",
    [
        a_page(head=json_ld(OTHER)),
        a_page(head=json_ld(OTHER, OWN)),
        a_page(head=json_ld({"@graph": [OTHER, OWN]})),
        a_page(head=json_ld({key: value for key, value in OTHER.items() if key != "url"}, OWN)),
        a_page(head=json_ld({key: value for key, value in OTHER.items() if key != "headline"}, OWN)),
        a_page(head=json_ld(OTHER | {"url": None, "mainEntityOfPage": {"@id": OTHER_URL}})),
        a_page(head=OTHER_META),
        a_page(head=OTHER_META.replace('name="author"', 'property="article:author"')),
        a_page(before=OTHER_MICRODATA),
        a_page(after=OTHER_MICRODATA * 2),
    ],
    ids=[
        "JSON-LD alone", "JSON-LD first", "first in the graph", "without address", "without headline",
        "by its main entity", "meta", "meta of the article", "microdata before", "microdata after",
    ],
)  # fmt: skip
def test_what_another_article_states_is_not_taken_for_this_one(html: str) -> None:
    article = read(html, url=URL)

    assert article.title == TITLE
    assert article.published_at == datetime(2026, 11, 15, 8, tzinfo=UTC)
    assert article.authors == ("Rosa Kay",)
    assert texts(article) == STORY


@pytest.mark.parametrize(
    "html",
    [
        a_page(head=json_ld(OTHER)),
        a_page(head=json_ld(OTHER, {"@type": "WebPage", "name": TITLE})),
        a_page(head=OTHER_META),
        a_page(after=OTHER_MICRODATA),
        a_page(after=OTHER_MICRODATA.replace("<meta", "<time").replace("content=", "datetime=")),
    ],
    ids=["JSON-LD", "JSON-LD beside the page's", "meta", "microdata", "microdata in a time element"],
)
def test_where_another_article_alone_states_a_date_there_is_none(html: str) -> None:
    article = read(html.replace(BYLINE, ""), url=URL)

    assert (article.published_at, article.authors) == (None, ())


def test_another_storys_text_is_not_taken_where_the_page_shows_little() -> None:
    article = read(a_page(head=json_ld(OTHER), body=f"<p>{STORY[0]}</p>"), url=URL)

    assert article.body == STORY[0]


def test_a_node_that_fits_counts_whatever_else_the_graph_holds() -> None:
    article = read(a_page(head=json_ld(OTHER, OWN | {"datePublished": "2026-11-14T09:30:00Z"})), url=URL)

    assert dict(article.evidence)["authors"] == "json-ld author"


def test_a_single_node_without_address_and_headline_counts() -> None:
    bare = {key: value for key, value in OWN.items() if key != "headline"} | {"author": "Ana Lone"}
    article = read(a_page(head=json_ld(bare)).replace("By Rosa Kay", ""), url=URL)

    assert article.authors == ("Ana Lone",)


def test_the_feeds_title_settles_what_a_page_without_titles_is_about() -> None:
    html = f"<html><head>{json_ld(OTHER, OWN)}</head><body><main>{PARAGRAPHS}</main></body></html>"
    article = read(html, url="https://latin-gazette.example/n/7", entry=an_entry(title=TITLE))

    assert article.authors == ("Rosa Kay",)


def test_meta_elements_of_a_site_as_a_whole_are_kept() -> None:
    html = a_page(head='<meta property="og:site_name" content="Latin Gazette">' + OTHER_META)

    assert read(html.replace("| Latin Gazette", ""), url=URL).title == TITLE

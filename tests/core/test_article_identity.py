"""Two addresses of one article are one identity; two articles never are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core import ids
from ingest.core.article_identity import article_identity
from ingest.core.model import Source

GAZETTE = Source(source_id="gazette", name="Gazette", feed_url="https://www.gazette.example/rss", site_url=None)
NUMBERED = Source(
    source_id="numbered",
    name="Numbered",
    feed_url="https://www.numbered.example/rss.xml",
    article_id_pattern=r"/articles/(\d+)/",
)


@pytest.mark.parametrize(
    "twin",
    [
        "http://gazette.example/2026/flood",
        "https://m.gazette.example/2026/flood/",
        "https://amp.gazette.example/2026/flood",
        "https://www.gazette.example/2026/flood/amp/",
        "https://www.gazette.example/amp/2026/flood",
        "https://www.gazette.example/2026/flood.amp",
        "https://www.gazette.example/2026/flood?amp=1",
        "https://www.gazette.example/2026/flood?outputType=amp",
        "https://www.gazette.example/2026/flood?utm_campaign=rss#comments",
        "https://www.google.com/amp/s/www.gazette.example/2026/flood",
        "https://www-gazette-example.cdn.ampproject.org/c/s/www.gazette.example/2026/flood",
        "https://gazette-example.cdn.ampproject.org/v/s/gazette.example/2026/flood?amp_js_v=0.1&usqp=mq331AQ",
        "https://www.bing.com/amp/s/www.gazette.example/2026/flood",
        "https://www.google.com/url?rct=j&sa=t&url=https://www.gazette.example/2026/flood&ct=ga",
        "https://www.google.com/url?q=https%3A%2F%2Fwww.gazette.example%2F2026%2Fflood&sa=D",
        "https://www.bing.com/news/apiclick.aspx?ref=rss&url=https%3a%2f%2fwww.gazette.example%2f2026%2fflood&c=1",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.gazette.example%2F2026%2Fflood%3Ffbclid%3D1&h=AT",
        "https://www.gazette.example/2026/flood/index.html",
        "https://www.gazette.example//2026/flood",
        "https://www.gazette.example/2026/flood/print/",
        "https://www.gazette.example/print/2026/flood",
        "https://www.gazette.example/2026/flood?view=print",
        "https://www.gazette.example/2026/flood?output=amp",
        "https://www.gazette.example/2026/flood?mobile=1",
        "https://www.gazette.example/2026/flood;jsessionid=AB12CD34EF56AB12",
        "https://www.gazette.example/2026/flood?ref=homepage_top",
        "https://www.gazette.example/2026/flood?ref=hp",
        "https://www.gazette.example/2026/flood?CMP=newsletter",
        "https://www.gazette.example/2026/flood?mod=rss_world",
        "https://www.gazette.example/2026/flood?source=rss----ab12---4",
        "https://www.gazette.example/2026/flood?srsltid=AfmBOo&gad_source=1",
        "https://www.gazette.example/2026/flood?share=twitter&nb=1",
        "https://www.gazette.example/2026/flood?at_medium=RSS&at_campaign=KARANGA&xtor=RSS-1&cmpid=x&ns_campaign=y",
        "https://www.gazette.example/2026/flood?noamp=available",
        "https://www.gazette.example/2026/flood?outputType=valid_amp",
        "https://www.gazette.example/2026/flood/amp.html",
        "https://www.gazette.example/2026/flood/index.amp.html",
        "https://www.gazette.example/m/2026/flood",
        "https://wap.gazette.example/2026/flood",
        "https://cdn.ampproject.org/c/s/www.gazette.example/2026/flood",
        "https://translate.google.com/translate?sl=en&tl=es&u=https://www.gazette.example/2026/flood",
    ],
)
def test_twins_of_a_page_are_one_article(twin: str) -> None:
    assert article_identity(twin, GAZETTE) == ids.article_key("https://gazette.example/2026/flood")


@pytest.mark.parametrize(
    "other",
    [
        "https://www.gazette.example/2026/flood?page=2",
        "https://es.gazette.example/2026/flood",
        "https://www.gazette.example/2026/Flood",
        "https://www.gazette.example/2026",
        "https://www.gazette.example:8080/2026/flood",
        "https://www.gazette.example/2026/flood?p=123",
        "https://www.gazette.example/2026/flood?output=rss",
        "https://www.gazette.example/2026/flood?ref=71-lima",
        "https://www.gazette.example/2026/flood?from=lima",
        "https://www.gazette.example/2026/flood?c=1",
        "https://www.gazette.example/2026/flood?source=nasa",
        "https://www.gazette.example/2026/flood/1",
        "https://www.gazette.example/2026/flood.html",
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.google.com/url?sa=t",
    ],
)
def test_another_address_is_another_article(other: str) -> None:
    assert article_identity(other, GAZETTE) != article_identity("https://www.gazette.example/2026/flood", GAZETTE)


def test_the_order_of_names_in_a_query_is_nothing_and_that_of_values_is() -> None:
    site = "https://www.gazette.example/story"

    assert article_identity(f"{site}?b=2&a=1&a=3", GAZETTE) == article_identity(f"{site}?a=1&b=2&a=3", GAZETTE)
    assert article_identity(f"{site}?a=1&a=3", GAZETTE) != article_identity(f"{site}?a=3&a=1", GAZETTE)
    assert article_identity(f"{site}?p=123", GAZETTE) != article_identity(f"{site}?p=124", GAZETTE)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.numbered.example/articles/71/20261116/flood-kills-two.htm",
        "http://m.numbered.example/articles/71/20261117/another-slug.htm",
        "https://numbered.example/amp/articles/71/20261116/flood-kills-two.htm",
    ],
)
def test_a_numbered_article_is_known_by_its_number_within_its_site(url: str) -> None:
    assert article_identity(url, NUMBERED) == ids.site_article_key("numbered.example", "71")


def test_a_number_on_a_foreign_site_is_not_the_sources_number() -> None:
    url = "https://other.example/articles/71/"

    assert article_identity(url, NUMBERED) == ids.article_key("https://other.example/articles/71")


@given(st.text())
def test_no_garbage_is_without_an_identity(text: str) -> None:
    assert len(article_identity(text, NUMBERED)) == 32

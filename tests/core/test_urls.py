"""Equal URLs are written alike, and no garbage breaks a question about one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.urls import absolute_url, is_web_address, normalise_url, same_site


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("  HTTP://Gazette.EXAMPLE:80/a/./b/../c#top\n", "http://gazette.example/a/c"),
        ("https://gazette.example:443", "https://gazette.example/"),
        ("https://gazette.example:8443/a", "https://gazette.example:8443/a"),
        ("https://gazette.example./a", "https://gazette.example/a"),
        ("https://periódico.example/año?q=sí", "https://xn--peridico-y3a.example/a%C3%B1o?q=s%C3%AD"),
        ("https://gazette.example/%7ejo%c3%a3o", "https://gazette.example/~jo%C3%A3o"),
        ("https://gazette.example/?b=2&a=1&b=3&c=", "https://gazette.example/?b=2&a=1&b=3&c="),
        ("https://gazette.example/s?utm_source=x&id=7&fbclid=y&UTM_Medium=z", "https://gazette.example/s?id=7"),
        ("https://gazette.example/s?id=7&amp;utm_source=x&amp;p=2", "https://gazette.example/s?id=7&p=2"),
        ("https://gazette.example/s?ref=rss", "https://gazette.example/s"),
        ("https://gazette.example/s?ref=1234", "https://gazette.example/s?ref=1234"),
        (
            "https://gazette.example/s;jsessionid=AB12?PHPSESSID=7&sid=0123456789abcdef0123&id=7",
            "https://gazette.example/s?id=7",
        ),
        ("https://gazette.example/s?sid=1234", "https://gazette.example/s?sid=1234"),
        ("https://gazette.example/a b", "https://gazette.example/a%20b"),
        ("http://[::1]:80/a", "http://[::1]/a"),
        ("tag:gazette.example,2026:7", "tag:gazette.example,2026:7"),
        (" no address \x00", "no address"),
        ("http://[broken/", "http://[broken/"),
        ("http://gazette.example:99999/", "http://gazette.example:99999/"),
        ("", ""),
    ],
)
def test_an_address_has_one_form(url: str, expected: str) -> None:
    assert normalise_url(url) == expected


@given(st.text())
def test_no_text_breaks_the_normaliser_and_twice_is_once(tail: str) -> None:
    once = normalise_url("http://gazette.example/" + tail)

    assert normalise_url(once) == once


@given(st.text())
def test_no_garbage_breaks_a_question_about_it(text: str) -> None:
    answers = (normalise_url(text), is_web_address(text), same_site(text, text), absolute_url(text, text))

    assert len(answers) == 4


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://gazette.example", True),
        ("HTTPS://gazette.example/a", True),
        ("//gazette.example/a", False),
        ("http:///a", False),
        ("ftp://gazette.example/a", False),
        ("tag:gazette.example,2026:7", False),
        ("http://[broken/", False),
        ("http://gazette.example:99999/", False),
        ("http://gazette.example:0/", False),
    ],
)
def test_only_http_with_a_host_is_a_web_address(url: str, *, expected: bool) -> None:
    assert is_web_address(url) is expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("https://www.gazette.example/a", "http://feeds.gazette.example:81/b", True),
        ("https://news.bulletin.co.uk/", "https://bulletin.co.uk/", True),
        ("https://bulletin.co.uk/", "https://gazette.co.uk/", False),
        ("https://one.blogspot.com/", "https://two.blogspot.com/", False),
        ("http://127.0.0.1/", "http://126.0.0.1/", False),
        ("tag:a", "tag:a", False),
    ],
)
def test_a_site_is_what_one_owner_named(a: str, b: str, *, expected: bool) -> None:
    assert same_site(a, b) is expected


def test_a_relative_address_is_resolved_and_a_foreign_scheme_leads_nowhere() -> None:
    base = "https://gazette.example/feeds/all.xml"

    assert absolute_url("../2026/flood", base) == "https://gazette.example/2026/flood"
    assert absolute_url("//cdn.example/x", base) == "https://cdn.example/x"
    assert absolute_url("mailto:desk@gazette.example", base) is None
    assert absolute_url("javascript:void(0)", base) is None

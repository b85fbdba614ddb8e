"""Lists of sources are read whole, and one source's flaw is its own as far as it can be."""

import json

import pytest

from ingest.core.errors import Misconfigured
from ingest.feeds.source_fields import source_table
from ingest.feeds.source_formats import read_sources
from tests.makers import a_source


def keys(*listed: dict[str, str]) -> list[str]:
    return [source.source_id for source in read_sources(json.dumps(listed), file_name="mine.json")]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://bay.example:99999/", "http://[::1/feed", "bay.example"])
def test_an_address_that_leads_nowhere_is_its_sources_trouble(url: str) -> None:
    assert keys({"key": "bad", "feed_url": url}, {"key": "bay", "feed_url": "https://bay.example/"}) == ["bad", "bay"]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://bay.example:99999/", "http://[::1/feed", "bay.example"])
def test_a_list_in_which_no_address_leads_anywhere_is_refused(url: str) -> None:
    with pytest.raises(Misconfigured, match="feed_url must be an http or https address"):
        keys({"key": "bad", "feed_url": url})


def test_sources_of_one_name_are_numbered() -> None:
    listed = [{"name": "News", "feed_url": f"https://{host}.example/"} for host in ("a", "b", "c", "b")]

    assert keys(*listed) == ["news", "news-2", "news-3"]


def test_a_key_given_twice_is_told() -> None:
    with pytest.raises(Misconfigured, match=r"key 'bay' is given to https://a\.example/ and to https://b\.example/"):
        keys(*({"key": "bay", "name": "The Bay", "feed_url": f"https://{host}.example/"} for host in "ab"))


@pytest.mark.parametrize(
    "key", ["../../bay", "bay/../..", "/etc/bay", "bay\\..", ".bay", "b\x00ay", "b\nay", "b" * 101]
)
def test_a_key_that_could_lead_out_of_the_warehouse_is_refused(key: str) -> None:
    with pytest.raises(Misconfigured, match=r"source 1 .*key .* must be at most 100 letters, digits"):
        keys({"key": key, "name": "The Bay", "feed_url": "https://bay.example/"})


@pytest.mark.parametrize("key", ["bay", "el-país", "Bay News 2", "bay_all.cms", "x:bay@home"])
def test_a_key_may_be_as_a_person_writes_it(key: str) -> None:
    assert keys({"key": key, "feed_url": "https://bay.example/"}) == [key]


def test_a_table_says_all_that_is_said_of_a_source() -> None:
    source = a_source(
        name='The "Bay"\\',
        site_url="https://bay.example/",
        feed_candidates=("https://bay.example/a",),
        listing_urls=("https://bay.example/coast",),
        language="es",
        country="MX",
        timezone="America/Lima",
        poll_every_seconds=900,
        categories=("/News",),
        article_id_pattern="/(\\d+)\x7f",
        body_selectors=("p",),
        exclude_selectors=("aside",),
        secret="INGEST_SECRET_BAY",
        secret_as="X-Key",
        proxy="INGEST_SECRET_PROXY",
    )

    assert read_sources(source_table(source), file_name="mine.toml") == (source,)


def test_a_field_has_its_former_name_for_a_release(caplog: pytest.LogCaptureFixture) -> None:
    table = source_table(a_source(exclude_selectors=("aside",))).replace("exclude_selectors", "clutter_selectors")

    assert read_sources(table, file_name="mine.toml") == (a_source(exclude_selectors=("aside",)),)
    assert "clutter_selectors is exclude_selectors now" in caplog.text


SECRET_ADDRESSES = [
    ("https://reader:pa55word@bay.example/feed", "a user name or password before its host", "pa55word"),
    ("reader:pa55word@bay.example/feed", "a user name or password before its host", "pa55word"),
    ("https://t0ken-of-mine@bay.example/feed", "a user name or password before its host", "t0ken-of-mine"),
    ("https://bay.example/feed?api_key=abc123def", r"a secret in its query \(api_key=…\)", "abc123def"),
    ("https://bay.example/feed?a=1&access-token=abc123def", r"a secret in its query \(access-token=…\)", "abc123def"),
    ("https://bay.example/feed?TOKEN=abc123def", r"a secret in its query \(TOKEN=…\)", "abc123def"),
    ("https://bay.example/feed?key=a1b2c3d4e5f6a7b8", r"a secret in its query \(key=…\)", "a1b2c3d4e5f6a7b8"),
]


@pytest.mark.parametrize("field", ["feed_url", "feed_candidates", "site_url"])
@pytest.mark.parametrize(("url", "says", "secret"), SECRET_ADDRESSES)
def test_an_address_that_holds_a_secret_is_refused_without_repeating_it(
    url: str, says: str, secret: str, field: str
) -> None:
    listed = {"key": "bay", "name": url if field == "feed_url" else "Bay", "feed_url": "https://bay.example/"}

    with pytest.raises(Misconfigured, match=f'{says}.*write secret = "INGEST_SECRET_NAME" and') as refused:
        keys(listed | {field: url})

    assert secret not in str(refused.value)


def test_a_list_from_a_feed_reader_that_holds_a_password_is_refused_without_repeating_it() -> None:
    outline = '<outline type="rss" text="https://a:pa55word@bay.example/" xmlUrl="https://a:pa55word@bay.example/"/>'

    with pytest.raises(Misconfigured, match="a user name or password before its host") as refused:
        read_sources(f"<opml version='2.0'><body>{outline}</body></opml>", file_name="reader.opml")

    assert "pa55word" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://bay.example/feed?key=local-politics",
        "https://bay.example/@editors/feed",
        "https://bay.example/feed?keyword=a1b2c3d4e5f6a7b8&by=a@b.example",
        "https://bay.example/tokens/feed?page=2",
    ],
)
def test_an_address_that_only_looks_a_little_like_it_is_taken(url: str) -> None:
    assert keys({"key": "bay", "feed_url": url}) == ["bay"]


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"secret": "s3cret-itself"}, "secret must name an environment variable whose name is INGEST_SECRET_"),
        ({"secret": "AWS_SECRET_ACCESS_KEY"}, "secret must name an environment variable whose name is INGEST_SECRET_"),
        ({"proxy": "http://u:s3cret-itself@proxy"}, "proxy must name an environment variable"),
        ({"secret": "INGEST_SECRET_BAY"}, "a secret needs secret_as .* or {secret} in feed_url, one of them"),
        ({"secret_as": "basic"}, "a secret needs"),
        ({"secret": "INGEST_SECRET_BAY", "secret_as": "basic", "feed_url": "https://bay.example/{secret}"}, "one of"),
        ({"secret": "INGEST_SECRET_BAY", "secret_as": "X Key: a"}, "secret_as must be basic, bearer or the name of"),
        ({"feed_url": "https://bay.example/?token={secret}"}, "its address has {secret}, but secret names no variable"),
        ({"secret": "INGEST_SECRET_BAY", "feed_url": "https://{secret}.example/"}, "in the path or query of an"),
    ],
)
def test_a_secret_that_cannot_be_sent_as_it_is_listed_is_refused(said: dict[str, str], says: str) -> None:
    with pytest.raises(Misconfigured, match=says) as refused:
        keys({"key": "bay", "feed_url": "https://bay.example/"} | said)

    assert "s3cret-itself" not in str(refused.value)


def test_a_source_may_have_section_pages_and_no_feed() -> None:
    listed = [{"key": "bay", "listing_urls": ["https://bay.example/coast", "https://bay.example/hills"]}]
    (source,) = read_sources(json.dumps(listed), file_name="mine.json")
    (again,) = read_sources(source_table(source), file_name="mine.toml")

    assert (source.is_listing, source.feed_url) == (True, "https://bay.example/coast")
    assert "feed_url" not in source_table(source)
    assert (again.listing_urls, again.is_listing) == (source.listing_urls, True)


def test_a_source_with_neither_a_feed_nor_section_pages_is_refused() -> None:
    with pytest.raises(Misconfigured, match="missing; of a source without a feed, listing_urls"):
        keys({"key": "bay"})

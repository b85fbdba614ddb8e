"""Lists of sources are read whole, and one source's flaw is its own as far as it can be."""

import json

import pytest

from ingest.errors import Misconfigured
from ingest.parse.source_lists import source_table
from ingest.parse.sources import read_sources
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
        language="es",
        country="MX",
        timezone="America/Lima",
        poll_every_seconds=900,
        categories=("/News",),
        article_id_pattern="/(\\d+)\x7f",
        body_selectors=("p",),
        clutter_selectors=("aside",),
    )

    assert read_sources(source_table(source), file_name="mine.toml") == (source,)

"""JSON Feed says the same things as RSS; a wrong type in one place costs that place only."""

import json
from datetime import UTC, datetime

import pytest

from ingest.core import ids
from ingest.core.errors import NotAFeed
from ingest.core.model import Feed, Source
from ingest.feeds.feed import read_feed

URL = "https://www.gazette.example/feed.json"
VERSION = "https://jsonfeed.org/version/1.1"
GAZETTE = Source(source_id="gazette", name="Gazette", feed_url=URL, timezone="America/New_York")


def read(*items: object, **about: object) -> Feed:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Gazette", "items": items, **about}
    return read_feed(json.dumps(feed).encode(), source=GAZETTE, url=URL, content_type="application/feed+json")


def test_a_whole_json_feed_is_read() -> None:
    feed = read(
        {
            "id": "gz-71",
            "url": "/flood",
            "title": "River & sea <rise>",
            "summary": "Two metres.",
            "content_html": '<p>See <a href="/sea">the sea</a>.</p>',
            "date_published": "2026-11-16T10:00:00-05:00",
            "date_modified": "2026-11-17T10:00:00Z",
            "authors": [{"name": "Ana Ruiz"}, {"name": "Luis Paz"}],
            "tags": ["Weather", "Weather", "Coast"],
            "language": "es-MX",
        },
        home_page_url="https://www.gazette.example/",
        language="en-US",
        hubs=[{"type": "WebSub", "url": "https://hub.example/"}],
    )

    (entry,) = feed.entries
    assert (feed.title, feed.site_url, feed.language, feed.format, feed.hub_urls) == (
        "Gazette",
        "https://www.gazette.example/",
        "en",
        "json11",
        ("https://hub.example/",),
    )
    assert entry.entry_id == ids.entry_key("gazette", "gz-71")
    assert entry.url == "https://www.gazette.example/flood"
    assert (entry.title, entry.summary) == ("River & sea <rise>", "Two metres.")
    assert entry.content_html == '<p>See <a href="https://www.gazette.example/sea">the sea</a>.</p>'
    assert entry.published_at == datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
    assert entry.updated_at == datetime(2026, 11, 17, 10, 0, tzinfo=UTC)
    assert entry.authors == ("Ana Ruiz", "Luis Paz")
    assert (entry.tags, entry.language) == (("Weather", "Coast"), "es")


def test_version_one_names_one_author_and_the_feeds_author_is_the_default() -> None:
    feed = read(
        {"id": 1, "author": {"name": "Ana Ruiz"}},
        {"id": 2},
        version="https://jsonfeed.org/version/1",
        author={"name": "The Desk"},
    )

    assert feed.format == "json10"
    assert [(entry.guid, entry.authors) for entry in feed.entries] == [("1", ("Ana Ruiz",)), ("2", ("The Desk",))]


def test_plain_text_content_becomes_paragraphs() -> None:
    (entry,) = read({"id": "1", "content_text": "One.\n\nTwo < three."}).entries

    assert entry.content_html == "<p>One.</p><p>Two &lt; three.</p>"


def test_an_item_that_links_elsewhere_is_found_there() -> None:
    (entry,) = read({"id": "1", "external_url": "https://other.example/flood"}).entries

    assert entry.url == "https://other.example/flood"


def test_an_item_without_an_address_is_found_at_an_id_that_is_one() -> None:
    feed = read({"id": "https://www.gazette.example/flood"}, {"id": "tag:gazette,71"})

    assert [entry.url for entry in feed.entries] == ["https://www.gazette.example/flood", None]


def test_a_title_is_plain_text_though_the_feed_writes_markup() -> None:
    (entry,) = read({"id": "1", "title": "<b>River</b> &amp; sea"}).entries

    assert entry.title == "River & sea"


def test_raw_line_ends_within_words_are_blanks() -> None:
    body = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "River\n\tand sea"}]}'
    feed = read_feed(body, source=GAZETTE, url=URL, content_type=None)

    assert feed.entries[0].title == "River and sea"


def test_wrong_types_and_half_characters_are_survived() -> None:
    feed = read(
        {"id": "1", "url": 7, "title": ["x"], "authors": [1, {"name": 3}], "tags": "x", "date_published": 5},
        {"id": True, "title": "a\x00\ud800b", "url": "https://www.gazette.example/\ud800a"},
        {"title": "nobody"},
        7,
        None,
        hubs={"a": 1},
        title=5,
    )

    told = [("1", ""), ("True", "ab"), (None, "nobody")]
    assert [(entry.guid, entry.title) for entry in feed.entries] == told
    assert feed.entries[1].url == "https://www.gazette.example/a"
    assert [reason for _, reason in feed.rejected] == ["not_an_object", "not_an_object"]


def test_a_number_without_end_costs_that_number_only() -> None:
    items = '[{"id": 1, "title": "Flood", "read": ' + "9" * 5_000 + '}, {"id": ' + "7" * 5_000 + ', "title": "Sea"}]'
    body = b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + items.encode() + b"}"

    feed = read_feed(body, source=GAZETTE, url=URL, content_type=None)

    assert [entry.title for entry in feed.entries] == ["Flood", "Sea"]
    assert feed.entries[0].guid == "1"


def test_a_byte_order_mark_or_a_wrong_type_does_not_hide_a_json_feed() -> None:
    body = '\ufeff {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "Ñuñoa"}]}'.encode()

    for content_type in ("text/html", "application/rss+xml", None):
        feed = read_feed(body, source=GAZETTE, url=URL, content_type=content_type)

        assert feed.entries[0].title == "Ñuñoa"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("callback(", ");"),
        (")]}',\n", ""),
        ("for (;;);", ""),
        ("<br />\n<b>Notice</b>: undefined index in feed.php on line 3<br />\n", ""),
        ("", "<!-- cached -->"),
    ],
)
def test_what_stands_around_a_json_feed_does_not_hide_it(before: str, after: str) -> None:
    body = before + json.dumps({"version": VERSION, "items": [{"id": "1", "title": "River"}]}) + after

    feed = read_feed(body.encode(), source=GAZETTE, url=URL, content_type="application/json")

    assert [entry.title for entry in feed.entries] == ["River"]


def test_a_comma_too_many_is_forgiven_and_told() -> None:
    body = '{"version": "' + VERSION + '", "items": [{"id": "1", "title": "River, sea,",}, ],}'

    feed = read_feed(body.encode(), source=GAZETTE, url=URL, content_type="application/json")

    assert ([entry.title for entry in feed.entries], feed.flaws) == (["River, sea,"], ("commas_before_ends",))


def test_a_page_that_speaks_of_json_feeds_is_none() -> None:
    body = f'<html><body><p>Write {{</p><pre>"version": "{VERSION}"</pre></body></html>'

    with pytest.raises(NotAFeed):
        read_feed(body.encode(), source=GAZETTE, url=URL, content_type="text/html")


def test_a_recording_follows_the_content_it_belongs_to() -> None:
    attached = {
        "attachments": [{"url": "/7.pdf", "mime_type": "application/pdf"}, {"url": "/7.mp3", "mime_type": "audio/mpeg"}]
    }
    (entry,) = read({"id": "7", "url": "/7", "content_text": "Notes.", **attached}).entries

    assert entry.content_html == '<p>Notes.</p><audio src="https://www.gazette.example/7.mp3"></audio>'


def test_authors_may_be_bare_names() -> None:
    feed = read({"id": "1", "authors": ["Ana Ruiz", "Luis Paz"]}, {"id": "2", "author": "Eva Sol"})

    assert [entry.authors for entry in feed.entries] == [("Ana Ruiz", "Luis Paz"), ("Eva Sol",)]


def test_a_date_written_as_a_number_is_read() -> None:
    entry = read({"id": "1", "date_published": 1794834300, "date_modified": True}).entries[0]

    assert (entry.published_at, entry.published_raw) == (datetime(2026, 11, 16, 13, 5, tzinfo=UTC), "1794834300")
    assert entry.updated_at is None


def test_half_a_character_in_a_date_goes_nowhere() -> None:
    assert read({"id": "1", "date_published": "\ud800 2026"}).entries[0].published_raw == "2026"


@pytest.mark.timeout(60)  # it takes about one second; in time that grows with the square, it would take minutes
def test_thirty_thousand_items_are_read_in_reasonable_time() -> None:
    feed = read(*({"id": str(number)} for number in range(30_000)))

    assert len(feed.entries) == 30_000

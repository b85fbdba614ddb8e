"""What a feed reader must get right, one promise each; the feeds are our own words in structures that occur."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.core import ids
from ingest.core.errors import NotAFeed
from ingest.core.model import Entry, Feed, Source
from ingest.feeds.bounded_feedparser import MOST_TAGS, feedparser
from ingest.feeds.feed import read_feed
from ingest.feeds.feed_text import repair_xml, with_fields_closed

GUARD = pytest.mark.timeout(60)  # seconds, of which a case takes one; in time that grows with the square, minutes
DAMAGE = (
    *(
        b"<",
        b">",
        b"&",
        b"&#",
        b"&#xD800;",
        b"&#11;",
        b"<![CDATA[",
        b"]]>",
        b'"',
        b"\0",
        b"\xff",
        b"<link>",
        b"</item>",
    ),
    *(b'<x xml:base="http://[x">', b"<!DOCTYPE x [", b"<image>", b"<enclosure/>", b"<category term=''/>", b"<source>"),
)
URL = "https://www.gazette.example/feeds/all.xml"
GAZETTE = Source(
    source_id="gazette", name="Gazette", feed_url=URL, language="es", timezone="America/Argentina/Buenos_Aires"
)


def read(text: str | bytes, *, content_type: str | None = "application/rss+xml", url: str = URL) -> Feed:
    body = text.encode() if isinstance(text, str) else text
    return read_feed(body, source=GAZETTE, url=url, content_type=content_type)


def rss(*items: str, about: str = "") -> str:
    listed = "".join(f"<item>{item}</item>" for item in items)
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"'
        ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
        ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">'
        f"<channel><title>Gazette</title><link>https://www.gazette.example/</link>{about}{listed}</channel></rss>"
    )


def atom(*entries: str, about: str = "") -> str:
    listed = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        f"<title>Gazette</title><id>tag:gazette.example,2026:all</id>{about}{listed}</feed>"
    )


def one(feed: Feed) -> Entry:
    (entry,) = feed.entries
    return entry


FLOOD = (
    "<title>Flood</title><link>https://www.gazette.example/flood</link><guid>https://www.gazette.example/flood</guid>"
)


def test_a_whole_rss_feed_is_read() -> None:
    item = (
        "<title>River &amp; sea rise</title><link>https://www.gazette.example/flood?a=1&amp;b=2</link>"
        '<guid isPermaLink="false">gz-71</guid><dc:creator>Ana Ruiz</dc:creator><category>Weather</category>'
        "<category>Weather</category><category>Coast</category><pubDate>Mon, 16 Nov 2026 10:00:00 -0300</pubDate>"
        "<description>&lt;p&gt;Two metres &amp;amp; more.&lt;/p&gt;</description>"
        "<content:encoded><![CDATA[<p>Two metres.</p><p>More on <a href='/sea'>the sea</a>.</p>]]></content:encoded>"
    )

    feed = read(
        rss(item, about="<ttl>30</ttl><language>es-AR</language><atom:link rel='hub' href='https://hub.example/'/>")
    )

    entry = one(feed)
    assert (feed.title, feed.site_url, feed.language, feed.format) == (
        "Gazette",
        "https://www.gazette.example/",
        "es",
        "rss20",
    )
    assert (feed.ttl_seconds, feed.hub_urls, feed.flaws, feed.rejected) == (1800, ("https://hub.example/",), (), ())
    assert entry.entry_id == ids.entry_key("gazette", "gz-71")
    assert (entry.source_id, entry.guid) == ("gazette", "gz-71")
    assert entry.url == "https://www.gazette.example/flood?a=1&b=2"
    assert entry.title == "River & sea rise"
    assert entry.authors == ("Ana Ruiz",)
    assert entry.summary == "Two metres & more."
    assert entry.content_html == (
        "<p>Two metres.</p><p>More on <a href='https://www.gazette.example/sea'>the sea</a>.</p>"
    )
    assert entry.published_at == datetime(2026, 11, 16, 13, 0, tzinfo=UTC)
    assert entry.published_raw == "Mon, 16 Nov 2026 10:00:00 -0300"
    assert (entry.updated_at, entry.language, entry.tags) == (None, "es", ("Weather", "Coast"))


@pytest.mark.parametrize(
    ("broken", "flaw"),
    [
        (rss(FLOOD).replace("Flood", "Flood&nbsp;&eacute;"), "undefined_entities"),
        (rss(FLOOD).replace("<title>Flood", "<itunes:x>1</itunes:x><title>Flood"), "not_well_formed"),
        (rss(FLOOD).replace("Flood", "Flood & sea"), "bare_ampersands"),
        (rss(FLOOD).replace("<category>", "").replace("</item>", "<category></item>"), "not_well_formed"),
        (" \n" + rss(FLOOD), "text_before_declaration"),
        (rss(FLOOD).replace("Flood", "Fl\x0bo\x00od"), "control_characters"),
        (rss(FLOOD).replace("Flood", "Floodé").encode().replace(b"Flood", b"Flood\xff"), "undecodable_bytes"),
        (rss(FLOOD).encode().replace(b"Flood", b"Flood \xe9"), "encoding_not_as_declared"),
        (rss(FLOOD).replace("Flood", "Flood &#xD800;&#x110000;&#0;"), "undefined_entities"),
        (rss(FLOOD).replace("<rss", "<!DOCTYPE rss SYSTEM 'http://gazette.example/rss.dtd'><rss"), "document_type"),
    ],
)
def test_an_ill_formed_feed_is_flagged_and_still_read(broken: str | bytes, flaw: str) -> None:
    feed = read(broken)

    assert [each.partition(":")[0] for each in feed.flaws] == [flaw]
    assert one(feed).url == "https://www.gazette.example/flood"
    assert one(feed).title.startswith("Fl")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "   \n ",
        "\ufeff",
        "<!DOCTYPE html><html><head><title>Not here</title></head><body><p>Sorry.</p></body></html>",
        "<html><head><link rel='alternate' type='application/rss+xml' href='/feed'></head></html>",
        "Service unavailable",
        "<?xml version='1.0'?><newsml><item>1</item></newsml>",
        '{"error": "no such feed"}',
        '{"version": "https://jsonfeed.org/version/1.1"}',
        "[1, 2]",
        '{"version": "https://jsonfeed.org/version/1.1", "items": [',
        "\x00\x01\x02\x03" * 100,
        '{"a":' * 100_000,
        "%PDF-1.7 \n1 0 obj",
    ],
)
def test_what_is_no_feed_says_so(body: str) -> None:
    with pytest.raises(NotAFeed) as raised:
        read(body)

    assert raised.value.about == URL


def test_an_empty_feed_is_a_feed() -> None:
    assert read(rss()).entries == ()


def test_a_feed_wrapped_in_a_page_is_read() -> None:
    wrapped = f"<html><body>{atom('<id>a</id><title>Flood</title>').partition('?>')[2]}</body></html>"

    assert one(read(wrapped)).title == "Flood"


def test_the_content_type_is_not_believed() -> None:
    for claimed in ("text/html", "application/octet-stream", "image/png", "text/plain; charset=us-ascii", "", None):
        feed = read(rss(FLOOD.replace("Flood", "Crecida del río")), content_type=claimed)

        assert one(feed).title == "Crecida del río"
        assert feed.flaws == ()


def test_an_entity_bomb_goes_nowhere() -> None:
    declared = '<!ENTITY a "boom">' + "".join(
        f'<!ENTITY {name} "{("&" + before + ";") * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    bomb = rss(FLOOD.replace("Flood", "Flood &j;")).replace("<rss", f"<!DOCTYPE rss [{declared}]><rss")

    feed = read(bomb)

    assert one(feed).title == "Flood &j;"
    assert "document_type" in feed.flaws


def test_an_external_entity_is_not_fetched() -> None:
    external = rss(FLOOD.replace("Flood", "Flood &passwd;")).replace(
        "<rss",
        '<!DOCTYPE rss [<!ENTITY passwd SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://x.example/">]><rss',
    )

    assert one(read(external)).title == "Flood &passwd;"


def test_a_broken_extension_costs_the_extension_alone() -> None:
    broken = rss(FLOOD + "</georss:where></textInput><gml:pos>z</gml:pos>", FLOOD.replace("flood", "sea"))

    feed = read(broken)

    assert [entry.url for entry in feed.entries] == [
        "https://www.gazette.example/flood",
        "https://www.gazette.example/sea",
    ]
    assert feed.flaws[0] == "broken_extensions"


@pytest.mark.parametrize(
    "name",
    [
        "a" * 300_000,
        ("a" * 19_900 + " ") * 200,
        "<![CDATA[" + "a" * 300_000 + "]]>",
        "<![CDATA[<" + ("a" * 19_900 + " ") * 200 + "]]>",
    ],
    ids=["one word", "words", "a section of one word", "a section of words"],
)
@pytest.mark.parametrize("element", ["author", "dc:creator", "managingEditor"])
@GUARD
def test_a_name_without_end_takes_no_time(name: str, element: str) -> None:
    feed = read(rss(f"{FLOOD}<{element}>{name}</{element}>"))

    assert one(feed).url == "https://www.gazette.example/flood"


PIECES = [
    *("<", "&", "<media:title>", "<media:description><p>", "<![CDATA[", "<x>", "<item>", "<!--", "]]>", '" href="'),
    *("<a><![CDATA[", "<description>", "<description><summary>", "<title>x", "<content", "&#xD83D;"),
]


@pytest.mark.parametrize("piece", PIECES)
@GUARD
@pytest.mark.slow
def test_the_time_to_read_a_feed_grows_with_its_length_alone(piece: str) -> None:
    feed = read(rss(FLOOD).replace("</item>", "</item>" + piece * (100_000 // len(piece))))

    assert feed.entries[0].url == "https://www.gazette.example/flood"


@pytest.mark.parametrize("piece", PIECES)
@GUARD
def test_the_time_to_fix_a_feed_grows_with_its_length_alone(piece: str) -> None:
    mended, _ = repair_xml(rss(FLOOD).replace("</item>", "</item>" + piece * (400_000 // len(piece))))

    assert FLOOD in with_fields_closed(mended)


@pytest.mark.parametrize("comment", ["<!---->", "<!-- cached -->", "<!--", "-->"])
@GUARD
def test_comments_before_a_feed_take_no_time(comment: str) -> None:
    declaration, _, whole = rss(FLOOD).partition("?>")

    feed = read(f"{declaration}?>{comment * 10_000}{'-->' if comment == '<!--' else ''}{whole}")

    assert one(feed).title == "Flood"


@pytest.mark.parametrize("element", ["<category>c{}</category>", "<media:keywords>c{0},d{0}</media:keywords>"])
def test_of_tags_without_end_no_more_are_compared_than_anyone_means(element: str) -> None:
    feed = rss(FLOOD + "".join(element.format(number) for number in range(5_000)))
    (compared,) = feedparser.parse(feed.encode()).entries

    assert len(compared.tags) == MOST_TAGS
    assert (one(read(feed)).title, len(one(read(feed)).tags) <= MOST_TAGS) == ("Flood", True)


@GUARD
def test_an_entry_with_links_without_end_takes_no_time() -> None:
    many = "".join(f'<atom:link href="/{number}"/>' for number in range(30_000))

    assert one(read(rss(FLOOD + many))).title == "Flood"


@pytest.mark.parametrize("ending", [".", "…", "read more "])
@GUARD
def test_a_description_that_breaks_off_without_end_takes_no_time(ending: str) -> None:
    feed = read(rss(f"{FLOOD}<description>{ending * 300_000}x</description>"))

    assert one(feed).title == "Flood"


@given(st.data())
@settings(max_examples=60)
def test_no_damage_breaks_the_reader(data: st.DataObject) -> None:
    whole = rss(SPANISH + "<pubDate>Mon, 16 Nov 2026 10:00:00 GMT</pubDate><author>a@b.example (Ana)</author>").encode()
    start = data.draw(st.integers(0, len(whole)))
    damage = data.draw(st.binary(max_size=20) | st.sampled_from(DAMAGE))
    damaged = whole[:start] + damage + whole[start + data.draw(st.integers(0, 60)) :]

    try:
        feed = read(damaged, content_type=None)
    except NotAFeed:
        return

    assert all(entry.entry_id for entry in feed.entries)


@pytest.mark.parametrize(
    "spoilt",
    [
        "<title>Flood</titel><link>https://www.gazette.example/flood</link>",
        "<title>Flood<link>https://www.gazette.example/flood</link>",
        "<title>Flood<guid>1</guid><link>https://www.gazette.example/flood</link>",
        "<title><![CDATA[Flood</title><link>https://www.gazette.example/flood</link>",
        "<title>Flood</title><link>https://www.gazette.example/flood",
        "<title>Flood</title><link>https://www.gazette.example/flood</link><description>Two metres.",
        "<title>Flood</title><link>https://www.gazette.example/flood</link></b><description>Two <br> metres.",
        "<title>Flood</title><link>https://www.gazette.example/flood</link><description>Two</p><p>metres.</description>",
    ],
)
def test_an_entry_that_is_broken_costs_no_other(spoilt: str) -> None:
    sound = "<title>Storm</title><link>https://www.gazette.example/storm</link>"
    last = "<title>Tide</title><link>https://www.gazette.example/tide</link>"

    feed = read(rss(spoilt, sound, last))

    assert [(entry.title, entry.url) for entry in feed.entries] == [
        ("Flood", "https://www.gazette.example/flood"),
        ("Storm", "https://www.gazette.example/storm"),
        ("Tide", "https://www.gazette.example/tide"),
    ]
    assert (feed.title, [flaw.partition(":")[0] for flaw in feed.flaws]) == ("Gazette", ["not_well_formed"])


@GUARD
def test_a_feed_nested_without_end_is_survived() -> None:
    deep = rss(FLOOD + "<x>" * 20_000 + "</x>" * 20_000)

    assert one(read(deep)).url == "https://www.gazette.example/flood"


@pytest.mark.parametrize(
    "link",
    [
        "https://www.gazette.example/s?a=1&amp;b=2&amp;copy=3",
        "https://www.gazette.example/s?a=1&b=2&copy=3",
        "<![CDATA[https://www.gazette.example/s?a=1&b=2&copy=3]]>",
        "\n   https://www.gazette.example/s?a=1&amp;b=2&amp;copy=3\n",
    ],
)
def test_a_query_in_a_link_stays_as_it_is(link: str) -> None:
    entry = one(read(rss(f"<title>Flood</title><link>{link}</link>")))

    assert entry.url == "https://www.gazette.example/s?a=1&b=2&copy=3"


@pytest.mark.parametrize(
    ("guid", "expected"),
    [
        ("<guid>https://www.gazette.example/flood</guid>", "https://www.gazette.example/flood"),
        ('<guid isPermaLink="true">https://www.gazette.example/flood</guid>', "https://www.gazette.example/flood"),
        ('<guid isPermaLink="false">https://www.gazette.example/flood</guid>', None),
        ("<guid>tag:gazette.example,2026:71</guid>", None),
        ("<guid>71</guid>", None),
        ("<guid>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a</guid>", None),
    ],
)
def test_a_guid_is_an_address_only_if_it_says_so_and_is_one(guid: str, expected: str | None) -> None:
    assert one(read(rss(f"<title>Flood</title>{guid}"))).url == expected


@pytest.mark.parametrize(
    "links",
    [
        '<link href="/flood"/><link rel="enclosure" href="/flood.mp3" type="audio/mpeg"/>',
        '<link rel="enclosure" href="/flood.mp3"/><link rel="alternate" href="/flood"/><link rel="self" href="/e"/>',
        '<link rel="enclosure">https://www.gazette.example/flood.mp3</link><link rel="alternate" href="/flood"/>',
        '<link rel="alternate" href="/flood"/><link rel="related" href="/sea"/><link rel="via" href="/wire"/>',
        '<link rel="alternate" type="application/json" href="/flood.json"/><link type="text/html" href="/flood"/>',
        '<link rel="http://www.iana.org/assignments/relation/alternate" href="/flood"/><link rel="self" href="/e"/>',
        '<link href="www.gazette.example/flood"/>',
    ],
)
def test_the_address_of_an_atom_entry_is_its_alternate(links: str) -> None:
    entry = one(read(atom(f"<id>tag:gazette.example,2026:71</id><title>Flood</title>{links}")))

    assert entry.url == "https://www.gazette.example/flood"


def test_an_enclosure_is_never_the_article() -> None:
    entry = one(
        read(atom('<id>tag:a,1</id><title>Flood</title><link rel="enclosure" href="https://cdn.example/a.mp3"/>'))
    )

    assert entry.url is None


def test_content_that_lies_elsewhere_is_the_article_where_there_is_no_other_address() -> None:
    outside = '<id>tag:a,1</id><title>Flood</title><content type="text/html" src="/flood"/>'

    alone, linked = read(atom(outside, outside.replace("tag:a,1", "tag:a,2") + '<link href="/story"/>')).entries

    assert [alone.url, linked.url] == ["https://www.gazette.example/flood", "https://www.gazette.example/story"]


def test_content_of_the_feed_itself_is_no_address() -> None:
    feed = read(rss(FLOOD, about="<content>All the news</content>"))

    assert one(feed).url == "https://www.gazette.example/flood"


def test_an_address_within_an_aggregators_is_the_storys_own() -> None:
    carried = "https://www.google.com/url?rct=j&amp;url=https%3A%2F%2Fwww.gazette.example%2Fflood%3Fid%3D7&amp;ct=ga"

    assert one(read(rss(f"<title>Flood</title><link>{carried}</link>"))).url == "https://www.gazette.example/flood?id=7"


def test_an_empty_entry_within_another_ends_nothing() -> None:
    entry = one(read(rss(f"{FLOOD}<item /><pubDate>Mon, 16 Nov 2026 10:00:00 GMT</pubDate>")))

    assert entry.published_raw == "Mon, 16 Nov 2026 10:00:00 GMT"


def test_an_address_behind_feedburner_is_the_storys_own() -> None:
    item = (
        "<title>Flood</title><link>http://feedproxy.google.com/~r/gazette/~3/x/flood</link>"
        "<feedburner:origLink>https://www.gazette.example/flood</feedburner:origLink>"
    )

    assert one(read(rss(item))).url == "https://www.gazette.example/flood"


@pytest.mark.parametrize(
    ("base", "link", "expected"),
    [
        ("", "flood", "https://www.gazette.example/feeds/flood"),
        ("", "../flood", "https://www.gazette.example/flood"),
        ("", "//cdn.example/flood", "https://cdn.example/flood"),
        (' xml:base="https://news.example/2026/"', "flood", "https://news.example/2026/flood"),
        (' xml:base="/2026/"', "flood", "https://www.gazette.example/2026/flood"),
    ],
)
def test_a_relative_link_is_resolved_by_xml_base_or_the_feeds_address(base: str, link: str, expected: str) -> None:
    feed = read(atom(f'<id>a</id><title>Flood</title><link href="{link}"/>').replace("<entry>", f"<entry{base}>"))

    assert one(feed).url == expected


def test_an_address_that_leads_nowhere_is_none() -> None:
    for link in ("javascript:alert(1)", "mailto:desk@gazette.example", "http://[broken/", "http://"):
        entry = one(read(rss(f"<title>Flood</title><link>{link}</link><guid isPermaLink='false'>7</guid>")))

        assert entry.url is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ('<title type="html">A &lt;b&gt;big&lt;/b&gt; flood &amp;amp; more</title>', "A big flood & more"),
        ('<title type="text">The &lt;b&gt; tag</title>', "The <b> tag"),
        ("<title>AT&amp;T</title>", "AT&T"),
        ('<title type="html"><![CDATA[A <i>big</i> flood]]></title>', "A big flood"),
        (
            '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>big</b> flood</div></title>',
            "A big flood",
        ),
        ('<title type="html">A&lt;script&gt;alert(1)&lt;/script&gt; flood</title>', "A flood"),
        ("<title>  Two\n  lines </title>", "Two lines"),
    ],
)
def test_an_atom_title_is_read_as_it_says(title: str, expected: str) -> None:
    assert one(read(atom(f"<id>a</id>{title}"))).title == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Flood &amp; sea", "Flood & sea"),
        ("Flood &#38; sea", "Flood & sea"),
        ("Flood &amp;amp; sea", "Flood & sea"),
        ("<![CDATA[Flood & sea]]>", "Flood & sea"),
        ("<![CDATA[Flood &amp; sea]]>", "Flood & sea"),
        ("<![CDATA[<b>Flood</b> &#8217;26]]>", "Flood ’26"),
        ("&lt;em&gt;Flood&lt;/em&gt;", "Flood"),
        ("5 &lt; 7 &gt; 3", "5 < 7 > 3"),
        ("&ldquo;Flood&rdquo; &mdash; sea", "“Flood” — sea"),
        ("Flood &#x2014; sea", "Flood — sea"),
        ("Fl&#146;ood", "Fl’ood"),
        ("Flood &amp;lt;b&amp;gt;here&amp;lt;/b&amp;gt;", "Flood here"),
        ("Flood &amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;", "Flood"),
        ("<![CDATA[Flood <svg/onload=alert(1)></svg> here]]>", "Flood here"),
        ("Flood &lt;details open ontoggle=alert(1)&gt;here", "Flood here"),
        ("Flood &lt;img src=x onerror=alert(1) ", "Flood"),
        ("Fl&amp;amp;#146;ood", "Fl’ood"),
        ("Flood &lt;!-- cached --&gt;here", "Flood here"),
        ("Flood &lt;3 sea", "Flood <3 sea"),
        ("&lt;![CDATA[Flood & sea]]&gt;", "Flood & sea"),
        ("<![CDATA[<![CDATA[Flood]]]]><![CDATA[>]]>", "Flood"),
        ("Fl\u200cood &#xD83D;&#xDE00;\u200d", "Flood 😀"),
        ("می\u200cرود", "می\u200cرود"),
        ("<![CDATA[Flood &#55357;&#56832;]]>", "Flood 😀"),
    ],
)
def test_an_rss_title_is_plain_text_unescaped_once(title: str, expected: str) -> None:
    assert one(read(rss(f"<title>{title}</title><link>https://www.gazette.example/a</link>"))).title == expected


def test_content_is_preferred_and_cdata_and_escapes_are_the_same() -> None:
    escaped = "<description>Short.</description><content:encoded>&lt;p&gt;Long.&lt;/p&gt;</content:encoded>"
    cdata = "<content:encoded><![CDATA[<p>Long.</p>]]></content:encoded><description><![CDATA[Short.]]></description>"

    for item in (escaped, cdata):
        entry = one(read(rss(FLOOD + item)))
        assert (entry.summary, entry.content_html) == ("Short.", "<p>Long.</p>")


def test_content_that_was_escaped_once_too_often_is_content() -> None:
    twice = "<content:encoded>&amp;lt;p&amp;gt;The river &amp;amp;amp; the sea.&amp;lt;/p&amp;gt;</content:encoded>"
    said = "<description>&amp;lt;p&amp;gt;The river.&amp;lt;/p&amp;gt;</description>"

    entry = one(read(rss(FLOOD + said + twice)))

    assert (entry.content_html, entry.summary) == ("<p>The river &amp; the sea.</p>", "The river.")


def test_a_summary_made_from_the_content_is_none() -> None:
    entry = one(read(rss(FLOOD + "<content:encoded><![CDATA[<p>Long.</p>]]></content:encoded>")))

    assert (entry.summary, entry.content_html) == (None, "<p>Long.</p>")


def test_a_description_that_is_the_whole_article_is_content() -> None:
    story = "".join(f"<p>Paragraph {number} says how the water rose and what was done.</p>" for number in range(40))
    cut = story + "<p>Continue reading...</p>"

    whole, teaser = (one(read(rss(f"{FLOOD}<description><![CDATA[{text}]]></description>"))) for text in (story, cut))

    assert whole.content_html == story
    assert teaser.content_html is None


@pytest.mark.parametrize(
    ("paragraphs", "is_whole"),
    [
        (
            ["The water rose by two metres overnight, and the whole lower town was moved out by noon, the mayor said."]
            * 3,
            True,
        ),
        (
            ["The water rose by two metres overnight, and the whole lower town was moved out by noon, the mayor said."]
            * 2,
            False,
        ),
        (["The water rose by two metres overnight, and the lower town was moved out by noon, the mayor"] * 4, False),
        (
            ["The water rose by two metres overnight, and the lower town was moved out by noon."] * 4 + ["Read more"],
            False,
        ),
        (["The water rose."] * 4, False),
    ],
)
def test_a_short_description_is_the_article_if_it_comes_in_paragraphs_to_its_end(
    paragraphs: list[str], is_whole: bool
) -> None:
    written = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)

    entry = one(read(rss(f"{FLOOD}<description><![CDATA[{written}]]></description>")))

    assert (entry.content_html is not None) is is_whole


def test_plain_text_content_becomes_paragraphs() -> None:
    entry = one(read(atom("<id>a</id><title>Flood</title><content type='text'>One.\n\nTwo &lt; three.</content>")))

    assert entry.content_html == "<p>One.</p><p>Two &lt; three.</p>"


def test_a_caption_is_neither_title_nor_summary_nor_content() -> None:
    picture = (
        '<media:content url="https://cdn.example/a.jpg" type="image/jpeg"><media:title>Boats</media:title>'
        "<media:description>Boats in the square.</media:description></media:content>"
    )

    for item in (
        picture + FLOOD + "<description>It rose.</description>",
        FLOOD + "<description>It rose.</description>" + picture,
    ):
        entry = one(read(rss(item)))
        assert (entry.title, entry.summary, entry.content_html) == ("Flood", "It rose.", None)


def test_titles_of_images_and_foreign_names_replace_nothing() -> None:
    about = "<image><title>Logo</title><url>https://www.gazette.example/logo.png</url><link>https://x.example/</link></image>"
    item = '<x:title xmlns:x="http://www.w3.org/2000/svg">Drawing</x:title>' + FLOOD

    feed = read(rss(item, about=about))

    assert (feed.title, feed.site_url) == ("Gazette", "https://www.gazette.example/")
    assert one(feed).title == "Flood"


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("<dc:creator>Ana Ruiz</dc:creator>", ("Ana Ruiz",)),
        ("<author>desk@gazette.example (Ana Ruiz)</author>", ("Ana Ruiz",)),
        ("<author>Ana Ruiz &lt;desk@gazette.example&gt;</author>", ("Ana Ruiz",)),
        ("<author>Ana Ruiz</author>", ("Ana Ruiz",)),
        ("<dc:creator>Ana Ruiz</dc:creator><dc:creator>Luis Paz</dc:creator>", ("Ana Ruiz", "Luis Paz")),
        ("<author>desk@gazette.example</author>", ()),
        ("<dc:creator><![CDATA[<a href='/ana'>Ana Ruiz</a>]]></dc:creator>", ("Ana Ruiz",)),
        ("", ()),
    ],
)
def test_an_author_is_a_name(author: str, expected: tuple[str, ...]) -> None:
    assert one(read(rss(FLOOD + author))).authors == expected


def test_the_author_of_an_atom_feed_is_the_author_of_its_entries() -> None:
    by = "<author><name>{}</name></author>"
    entries = (f"<id>a</id><title>A</title>{by.format('Ana Ruiz')}", "<id>b</id><title>B</title>")

    feed = read(atom(*entries, about=by.format("The Desk")))

    assert [entry.authors for entry in feed.entries] == [("Ana Ruiz",), ("The Desk",)]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 16 Nov 2026 10:00:00 GMT", datetime(2026, 11, 16, 10, 0, tzinfo=UTC)),
        ("Mon, 16 Nov 26 10:00:00 EST", datetime(2026, 11, 16, 15, 0, tzinfo=UTC)),
        ("16 Nov 2026 10:00 PST", datetime(2026, 11, 16, 18, 0, tzinfo=UTC)),
        ("Mon, 6 Nov 2026 10:00:00 Z", datetime(2026, 11, 6, 10, 0, tzinfo=UTC)),
        ("Sun, 16 Nov 2026 10:00:00 +0000", datetime(2026, 11, 16, 10, 0, tzinfo=UTC)),
        ("Mon,16 Nov 2026 10:00:00 UT", datetime(2026, 11, 16, 10, 0, tzinfo=UTC)),
        ("2026-11-16T10:00:00Z", datetime(2026, 11, 16, 10, 0, tzinfo=UTC)),
        ("2026-11-16T10:00:00.123-03:00", datetime(2026, 11, 16, 13, 0, tzinfo=UTC)),
        ("2026-11-16 10:00:00", datetime(2026, 11, 16, 13, 0, tzinfo=UTC)),
        ("lunes, 16 de noviembre de 2026 10:00", datetime(2026, 11, 16, 13, 0, tzinfo=UTC)),
        ("Mon, 16 Nov 2026 10:00:00 ART", datetime(2026, 11, 16, 13, 0, tzinfo=UTC)),
        ("Mon, 16 Nov 2026 10:00:00 +9900", None),
        ("2026-02-30", None),
        ("2026-13-14", None),
        ("2026-11-16T25:00:00Z", None),
        ("ayer por la tarde, añó", None),
        ("0000-00-00T00:00:00", None),
        ("", None),
    ],
)
def test_a_date_is_read_in_the_sources_zone_or_not_at_all(date: str, expected: datetime | None) -> None:
    entry = one(read(rss(f"{FLOOD}<pubDate>{date}</pubDate>")))

    moment = entry.published_at.replace(microsecond=0) if entry.published_at else None
    assert moment == expected
    assert entry.published_raw == (date or None)


def test_a_title_without_end_is_cut() -> None:
    entry = one(read(rss(f"<title>{'word ' * 100_000}</title><link>/flood</link>")))

    assert len(entry.title) == 300


def test_what_has_no_end_is_cut_and_an_address_without_end_is_none() -> None:
    endless = "a" * 1_000_000
    names = "".join(f"<category>tag {n}</category><dc:creator>Ana {n}</dc:creator>" for n in range(1_000))
    told = f"<guid isPermaLink='false'>{endless}</guid><description>{endless}</description><pubDate>{endless}</pubDate>"
    entry = one(read(rss(f"<title>Flood</title><link>https://www.gazette.example/{endless}</link>{told}{names}")))
    other = one(read(rss(f"<title>Flood</title><guid isPermaLink='false'>{endless}b</guid>")))

    assert (entry.url, len(entry.guid or ""), len(entry.summary or ""), len(entry.published_raw or "")) == (
        None,
        2_000,
        20_000,
        300,
    )
    assert (len(entry.tags), len(entry.authors)) == (100, 100)
    assert entry.entry_id != other.entry_id
    assert entry.content_html is None


def test_no_date_is_no_date() -> None:
    assert one(read(rss(FLOOD))).published_at is None


def test_published_and_updated_are_two_things() -> None:
    both = (
        "<id>a</id><title>A</title><published>2026-11-16T10:00:00Z</published><updated>2026-11-17T10:00:00Z</updated>"
    )
    late = "<id>b</id><title>B</title><updated>2026-11-17T10:00:00Z</updated>"

    first, second = read(atom(both, late)).entries

    assert first.published_at == datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
    assert first.updated_at == datetime(2026, 11, 17, 10, 0, tzinfo=UTC)
    assert second.published_at is None
    assert second.updated_at == datetime(2026, 11, 17, 10, 0, tzinfo=UTC)


def test_the_only_date_of_an_rss_item_is_when_it_was_published() -> None:
    entry = one(read(rss(f"{FLOOD}<dc:date>2026-11-16T10:00:00Z</dc:date>")))

    assert (entry.published_at, entry.updated_at) == (datetime(2026, 11, 16, 10, 0, tzinfo=UTC), None)


SPANISH = FLOOD.replace("Flood", "Crecida del río en Ñuñoa")


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("utf-16-le", None),
        ("utf-16-be", None),
        ("utf-32", None),
        ("utf-32-be", None),
        ("iso-8859-1", None),
        ("windows-1252", None),
        ("iso-8859-1", "text/xml; charset=iso-8859-1"),
        ("utf-8", "text/xml"),
        ("utf-8", "application/xml; charset=UTF-8"),
    ],
)
def test_an_encoding_that_is_declared_is_read(encoding: str, content_type: str | None) -> None:
    declared = encoding.partition("-sig")[0].replace("-le", "").replace("-be", "")
    text = rss(SPANISH).replace('encoding="utf-8"', f'encoding="{declared}"')

    assert one(read(text.encode(encoding), content_type=content_type)).title == "Crecida del río en Ñuñoa"


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("windows-1252", "Crecida del río – “Ñuñoa”"),
        ("shift_jis", "洪水で川の水位が二メートル上昇し、住民が避難した"),
        ("euc_kr", "홍수로 강의 수위가 이 미터 상승하여 주민들이 대피했다"),
        ("koi8-r", "Наводнение: уровень воды в реке поднялся на два метра, жители покинули дома"),
        ("gb18030", "洪水使河水上涨两米，居民已经撤离家园，学校关闭"),
    ],
)
def test_an_encoding_that_nobody_declared_is_found(encoding: str, title: str) -> None:
    item = FLOOD.replace("Flood", title) + f"<description>{title}. {title}. {title}.</description>"
    text = rss(item).replace(' encoding="utf-8"', "")

    assert one(read(text.encode(encoding), content_type=None)).title == title


def test_an_encoding_that_is_declared_wrongly_is_found() -> None:
    assert one(read(rss(SPANISH).encode("windows-1252"))).title == "Crecida del río en Ñuñoa"


def test_a_guid_that_stands_for_several_addresses_identifies_none_of_them() -> None:
    items = [
        f"<title>{name}</title><link>https://www.gazette.example/{name}</link><guid>same</guid>" for name in ("a", "b")
    ]

    entries = read(rss(*items)).entries

    assert [entry.entry_id for entry in entries] == [
        ids.entry_key("gazette", "https://www.gazette.example/a"),
        ids.entry_key("gazette", "https://www.gazette.example/b"),
    ]


def test_an_article_listed_twice_is_one_entry_and_the_newer_counts() -> None:
    older = FLOOD + "<pubDate>Mon, 16 Nov 2026 10:00:00 GMT</pubDate>"
    newer = FLOOD.replace("<title>Flood", "<title>Flood recedes") + "<pubDate>Mon, 16 Nov 2026 12:00:00 GMT</pubDate>"

    feed = read(rss(older, newer, older))

    assert one(feed).title == "Flood recedes"
    assert feed.rejected == (
        ("https://www.gazette.example/flood", "listed_twice"),
        ("https://www.gazette.example/flood", "listed_twice"),
    )


def test_without_a_guid_the_address_is_the_identity_whatever_counts_its_visitors() -> None:
    one_way = one(read(rss("<title>A</title><link>https://www.gazette.example/a?utm_source=rss</link>")))
    another = one(read(rss("<title>A</title><link>https://www.gazette.example/a</link>")))

    assert one_way.entry_id == another.entry_id == ids.entry_key("gazette", "https://www.gazette.example/a")


def test_what_has_neither_guid_nor_address_is_known_by_what_it_says() -> None:
    nameless = "<title>Flood</title><description>It rose.</description>"
    dated = "<title>Weather</title><pubDate>{} Nov 2026 10:00:00 GMT</pubDate><description>{}</description>"

    feed = read(rss(nameless, FLOOD, nameless.replace("It rose", "It fell"), dated.format(16, "Wet"), nameless))
    later = read(rss(dated.format(16, "Wet, then dry"), dated.format(17, "Wet"), "<description>It rose.</description>"))

    assert [entry.title for entry in feed.entries] == ["Flood", "Flood", "Flood", "Weather"]
    assert feed.rejected == (("Flood", "listed_twice"),)
    known = {entry.entry_id for entry in feed.entries}
    assert [entry.entry_id in known for entry in later.entries] == [True, False, False]


def test_what_says_nothing_at_all_is_rejected() -> None:
    feed = read(rss(FLOOD, "", "<pubDate/>"))

    assert len(feed.entries) == 1
    assert feed.rejected == (("(nothing)", "no_identity"), ("(nothing)", "no_identity"))


def test_an_entry_in_which_the_feed_breaks_off_is_rejected() -> None:
    whole = rss(FLOOD, "<title>Sea</title><link>https://www.gazette.example/sea-level-rises</link>")

    feed = read(whole[: whole.index("-rises")])

    assert [entry.url for entry in feed.entries] == ["https://www.gazette.example/flood"]
    assert feed.rejected == (("Sea", "cut_off"),)


def test_a_listing_hash_changes_with_what_the_feed_says() -> None:
    base = one(read(rss(FLOOD)))

    assert one(read(rss(FLOOD), url="https://other.example/")).listing_hash == base.listing_hash
    for changed in (
        FLOOD.replace(">Flood<", ">Floods<"),
        FLOOD.replace("<link>https://www.gazette.example/flood", "<link>https://www.gazette.example/floods"),
        FLOOD + "<description>It rose.</description>",
        FLOOD + "<content:encoded>It rose.</content:encoded>",
        FLOOD + "<pubDate>2026-11-16</pubDate><atom:updated>2026-11-17T10:00:00Z</atom:updated>",
    ):
        assert one(read(rss(changed))).listing_hash != base.listing_hash


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ("<ttl>60</ttl>", 3600),
        ("<ttl>0</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>99999999999999</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 1800),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", 86400),
        ("<sy:updatePeriod>never</sy:updatePeriod>", None),
        ("", None),
    ],
)
def test_a_feed_may_say_how_long_it_stays_fresh(about: str, expected: int | None) -> None:
    assert read(rss(FLOOD, about=about)).ttl_seconds == expected


@pytest.mark.parametrize(
    ("about", "expected"),
    [("es-MX", "es"), ("spa", "es"), ("pt_BR", "pt"), ("US", None), ("", None), ("ht", "ht")],
)
def test_a_language_is_two_letters_or_unknown(about: str, expected: str | None) -> None:
    feed = read(rss(FLOOD, about=f"<language>{about}</language>"))

    assert (feed.language, one(feed).language) == (expected, expected)


def test_rdf_and_old_rss_are_read() -> None:
    rdf = (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://g.example/">'
        "<title>Gazette</title><link>https://g.example/</link></channel>"
        '<item rdf:about="https://g.example/flood"><title>Flood</title><link>https://g.example/flood</link>'
        "<dc:date>2026-11-16T10:00Z</dc:date></item></rdf:RDF>"
    )
    old = '<rss version="0.91"><channel><title>G</title><item><title>Flood</title><link>https://g.example/flood</link></item></channel></rss>'

    assert (read(rdf).format, one(read(rdf)).guid, one(read(rdf)).url) == (
        "rss10",
        "https://g.example/flood",
        "https://g.example/flood",
    )
    assert one(read(rdf)).published_at == datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
    assert (read(old).format, one(read(old)).guid) == ("rss091u", None)


def test_an_rdf_item_is_found_at_what_it_is_about() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<item rdf:about="https://g.example/flood"><title>Flood</title></item>'
        '<item rdf:about="urn:uuid:71"><title>Storm</title></item></rdf:RDF>'
    )

    assert [entry.url for entry in read(rdf).entries] == ["https://g.example/flood", None]


RECORDING = '<enclosure url="/7.mp3" type="audio/mpeg" length="9"/>'
PLAYER = '<audio src="https://www.gazette.example/7.mp3"></audio>'


def test_a_recording_follows_the_content_it_belongs_to() -> None:
    content = "<content:encoded>&lt;p&gt;Notes.&lt;/p&gt;</content:encoded>"
    carried = one(read(rss(f"<title>Episode 7</title><link>/7</link>{RECORDING}{content}")))
    linked = one(read(rss(f"<title>Episode 7</title><link>/7</link>{RECORDING}<description>Notes.</description>")))

    assert (carried.content_html, linked.content_html) == (f"<p>Notes.</p>{PLAYER}", None)


def test_what_is_told_of_a_recording_that_has_no_page_is_all_there_is() -> None:
    entry = one(read(rss(f"<title>Episode 7</title><guid>7</guid>{RECORDING}<description>Notes.</description>")))

    assert (entry.url, entry.content_html) == (None, f"Notes.{PLAYER}")


def test_content_wrapped_twice_is_content() -> None:
    wrapped = "<content:encoded>&lt;![CDATA[&lt;p&gt;Two metres.&lt;/p&gt;]]&gt;</content:encoded>"

    assert one(read(rss(f"<title>Flood</title><guid>1</guid>{wrapped}"))).content_html == "<p>Two metres.</p>"


@GUARD
def test_ten_thousand_entries_are_read_in_reasonable_time() -> None:
    feed = read(rss(*(f"<guid>{number}</guid>" for number in range(10_000))))

    assert len(feed.entries) == 10_000

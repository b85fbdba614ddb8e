"""Text that was spoilt, wrapped or escaped on its way: readers see the words that were meant, and never markup."""

from html import escape

from tests.hostile.case import PUBLISHED, bad_feed, bad_page
from tests.hostile.cases_feeds import BARE, titled
from tests.hostile.wire import Reply
from tests.hostile.words import DICHO, SOUND_FEED, listing, page, rss, told

STORY = told("Hostile ferry")
FERRY = page("Hostile ferry")
SPANISH = page("Transbordador", body=told("señor Muñoz", DICHO), lang="es")
READ = {"body": "señor muñoz"}
WHOLE = {"title": "Hostile ferry", "body": "hostile ferry for two hours", "without": "&"}


def _spoilt(body: bytes) -> bytes:
    """Paste bytes of another encoding between two words."""
    return body.replace(b" del ", b" \xff\xe9 del ", 1)


TEXT = (
    bad_page("page_utf8_spoilt", "spoils two bytes of a page that does not say that it is UTF-8",
             Reply(SPANISH, pack=_spoilt), article=READ),
    bad_page("page_utf8_spoilt_as_latin", "spoils two bytes of UTF-8 that calls itself Latin-1",
             Reply(SPANISH, pack=_spoilt, headers=("Content-Type: text/html; charset=iso-8859-1",)), article=READ),
    bad_page("page_utf16_unmarked", "writes a page in UTF-16 and does not say so",
             Reply(SPANISH, charset="utf-16-le"), article=READ),
    bad_page("page_utf16_as_utf8", "calls UTF-16 UTF-8",
             Reply(SPANISH, charset="utf-16-be", headers=("Content-Type: text/html; charset=utf-8",)), article=READ),
    bad_page("page_escaped_twice", "escapes a page's text twice",
             Reply(page("Hostile ferry", body=escape(told("Hostile ferry")))), article=WHOLE | {"without": "<p>"}),
    bad_page("page_title_escaped_twice", "escapes a page's headline twice",
             Reply(page("Hostile &amp; ferry&#8217;s &quot;end&quot;")),
             article={"title": 'Hostile & ferry’s "end"', "without": "&quot;"}),
    bad_page("page_references_absurd", "refers to characters that are none",
             Reply(FERRY.replace("council met", "coun&#0;cil &#xD800;met &#xD83D;&#xDE00; &#146;")),
             article={"title": "Hostile ferry", "body": "😀 ’", "without": "\x00"}),
    bad_page("page_unseen", "hides marks in a page",
             Reply(FERRY.replace("Hostile ferry", "Hos\u200btile \u202ef\u200derry\u2066\ufeff")), article=WHOLE),
    bad_page("page_headline_huge", "writes a headline of two megabytes",
             Reply(FERRY.replace("<h1>Hostile", f"<h1>{'word ' * 400_000}Hostile")),
             article=WHOLE | {"without": "word word"}),
    bad_page("page_headless", "does not say where its head ends",
             Reply(f"<!doctype html><title>Hostile ferry</title><article><h1>Hostile ferry</h1>{STORY}"),
             article=WHOLE),
    titled("wrapped", "wraps a title twice in CDATA", "&lt;![CDATA[Sound & quay]]&gt;", "Sound & quay", "CDATA",
           ).with_own_feed(),
    titled("halves", "writes a character in two halves", "Sound &#xD83D;&#xDE00; quay", "Sound 😀 quay", "&#",
           ).with_own_feed(),
    titled("joiner", "joins letters that need no joining", "So\u200dund quay\u200c", "Sound quay", "\u200d"),
    bad_feed("feed_utf8_spoilt", "spoils a byte of a feed that does not say that it is UTF-8",
             Reply(rss(listing("/bare", "Señor Muñoz del río"), listing("/bare2", "Sección del Perú"), before=""),
                   pack=_spoilt, headers=("Content-Type: text/xml",)),
             answers={"/bare": BARE, "/bare2": BARE}, ends={PUBLISHED: 2},
             articles=({"path": "/bare2", "title": "Sección del Perú"},)),
    bad_feed("field_misspelt", "misspells the end of a field",
             Reply(rss(listing("/other", "Other bridge"), listing("/sound", "Sound harbour")).replace(
                 "Other bridge</title>", "Other bridge</titel>")), ends={PUBLISHED: 2},
             articles=({"path": "/sound", "title": "Sound harbour"},)),
    bad_feed("field_unclosed", "never ends a field",
             Reply(rss(listing("/other", "Other bridge"), listing("/sound", "Sound harbour")).replace(
                 "Other bridge</title>", "Other bridge")), ends={PUBLISHED: 2},
             articles=({"path": "/sound", "title": "Sound harbour"},)),
    bad_feed("section_unclosed", "never ends a section",
             Reply(rss(listing("/other", "Other bridge"), listing("/sound", "Sound harbour")).replace(
                 "<title>Other", "<title><![CDATA[Other")), ends={PUBLISHED: 2},
             articles=({"path": "/sound", "title": "Sound harbour"},)),
    bad_feed("feed_in_capitals", "writes its elements in capitals",
             Reply(SOUND_FEED.replace("item>", "ITEM>").replace("channel>", "CHANNEL>").replace("title>", "TITLE>"))),
)  # fmt: skip

"""Feeds that lie about what they are: their type, their charset, their text. A title is words, never markup."""

import codecs

from tests.hostile.case import PUBLISHED, Case, bad_entries, bad_feed
from tests.hostile.wire import Reply
from tests.hostile.words import SOUND_FEED, TWO_STORIES, WHEN, listing, page, rss, told

NO_FEED = "failed not_a_feed"
XML = '<?xml version="1.0" encoding="{}"?>'


def titled(id: str, does: str, written: str, read: str, without: str = "<") -> Case:  # noqa: A002
    """Make a case of a title that a page does not give, so that the feed's is what readers see."""
    entry = listing("/bare", "TITLE").replace("<title>TITLE</title>", f"<title>{written}</title>")
    bare = f"<html><body><article>{told('bare quay')}</article></body></html>"
    article = {"path": "/bare", "title": read, "without": without}
    return bad_entries(f"title_{id}", does, entry, answers={"/bare": Reply(bare)}, articles=(article,))


def _written_in(id: str, charset: str, title: str, *, header: str = "", declared: str | None = None) -> Case:  # noqa: A002
    """Make a case of a feed in a charset that it does not say, or says wrongly."""
    before = XML.format(declared) if declared else '<?xml version="1.0"?>'
    feed = rss(*(listing(f"/bare{n}", title) for n in range(3)), before=before)
    bare = Reply(f"<html><body><article>{told('bare quay')}</article></body></html>")
    kind = (f"Content-Type: text/xml{header}",)
    answers = {f"/bare{n}": bare for n in range(3)}
    return bad_feed(f"charset_{id}", f"writes {charset}, says {header or declared or 'nothing'}",
                    Reply(feed, headers=kind, charset=charset), answers=answers, ends={PUBLISHED: 3},
                    articles=({"path": "/bare0", "title": title},))  # fmt: skip


def twice_encoded(body: bytes) -> bytes:
    """Take UTF-8 for Latin-1 and encode it once more."""
    return body.decode("latin-1").encode()


def _twice_encoded_by_windows(body: bytes) -> bytes:
    """Take UTF-8 for Windows-1252, which no library undoes for us."""
    return body.decode("cp1252").encode()


BARE = Reply(f"<html><body><article>{told('bare quay')}</article></body></html>")
FEEDS = (
    bad_feed("feed_is_a_page", "answers with a page", Reply(page("Our new site")), poll=NO_FEED),
    bad_feed("feed_is_empty", "answers with nothing", Reply(""), poll="failed empty"),
    bad_feed("feed_is_blank", "answers with blanks", Reply(" \r\n\t" * 50), poll=NO_FEED),
    bad_feed("feed_is_mostly_blank", "leaves a megabyte blank before its entries",
             Reply(rss(listing("/sound", "Sound harbour"), before="", channel=" " * 1_000_000))),
    bad_feed("feed_is_words", "answers with a sentence", Reply("Database connection failed."), poll=NO_FEED),
    bad_feed("feed_is_a_picture", "answers with a picture", Reply(b"\x89PNG\r\n\x1a\n" + bytes(500)), poll=NO_FEED),
    bad_feed("feed_is_other_xml", "answers with other XML", Reply("<?xml version='1.0'?><note><to>You</to></note>"),
             poll=NO_FEED),
    bad_feed("feed_without_entries", "lists nothing", Reply(rss()), ends={}),
    bad_feed("feed_after_blanks", "puts blanks before its declaration", Reply("\n\n  " + SOUND_FEED)),
    bad_feed("feed_after_warning", "prints a warning before its feed",
             Reply("<br /><b>Warning</b>: mysql_connect() in /var/www/feed.php<br />" + SOUND_FEED)),
    bad_feed("feed_as_html", "calls its feed a page", Reply(SOUND_FEED, headers=("Content-Type: text/html",))),
    bad_feed("feed_as_json", "calls its feed JSON", Reply(SOUND_FEED, headers=("Content-Type: application/json",))),
    bad_feed("feed_as_bytes", "calls its feed bytes",
             Reply(SOUND_FEED, headers=("Content-Type: application/octet-stream",))),
    bad_feed("feed_as_garbage", "names a type that is none", Reply(SOUND_FEED, headers=("Content-Type: ;;charset=",))),
    _written_in("latin_as_utf8", "latin-1", "Sección económica en Perú", declared="utf-8"),
    _written_in("utf8_as_latin", "utf-8", "Sección “económica” en Perú", header="; charset=iso-8859-1"),
    _written_in("header_against_declaration", "cp1252", "Sección “económica” en Perú",
                header="; charset=windows-1252", declared="utf-8"),
    _written_in("japanese", "shift_jis", "東京で大きな地震があり、津波の心配はありません"),
    _written_in("japanese_euc", "euc_jp", "東京で大きな地震があり、津波の心配はありません"),
    _written_in("chinese", "gb18030", "中国经济增长放缓，专家表示担忧，市场反应平静"),
    _written_in("korean", "euc_kr", "서울에서 열린 회의에서 새로운 정책이 발표되었습니다"),
    _written_in("russian", "cp1251", "Правительство объявило о новых мерах поддержки экономики"),
    _written_in("utf16_marked", "utf-16", "Sección económica en Perú"),
    _written_in("utf16_bare", "utf-16-le", "Sección económica en Perú", declared="utf-16"),
    _written_in("utf16_bare_big", "utf-16-be", "Sección económica en Perú", declared="utf-16"),
    _written_in("utf32", "utf-32", "Sección económica en Perú"),
    _written_in("unknown_label", "utf-8", "Sección “económica” en Perú", header="; charset=klingon"),
    bad_feed("charset_twice", "encodes its titles twice",
             Reply(rss(listing("/bare", "Señor Muñoz y ‘la canción’…")), pack=_twice_encoded_by_windows),
             answers={"/bare": BARE}, articles=({"path": "/bare", "title": "Señor Muñoz y ‘la canción’…"},)),
    titled("unseen", "hides marks in a title", "Sou\u200bnd \u202equay\ufeff", "Sound quay"),
    bad_feed("charset_utf7", "hides a script in UTF-7",
             Reply(rss(listing("/bare", "Sound +ACY-lt+ADs-b+ACY-gt+ADs- quay")),
                   headers=("Content-Type: a/b; charset=utf-7",)), answers={"/bare": BARE},
             articles=({"path": "/bare", "title": "Sound +ACY-"},)),
    bad_feed("mark_twice", "begins with two byte order marks",
             Reply(codecs.BOM_UTF8 + codecs.BOM_UTF8 + SOUND_FEED.encode())),
    bad_feed("nul_bytes", "sprinkles NULs", Reply(SOUND_FEED.replace("harbour", "har\0bour"))),
    bad_feed("lone_surrogates", "encodes half a character", Reply(SOUND_FEED.replace("harbour", "harbour \ud83d"))),
    bad_feed("half_a_character", "cuts a character in two",
             Reply(SOUND_FEED.encode().replace(b"harbour", b"harbour \xc3"))),
    titled("script", "puts a script into a title", "Sound &lt;script&gt;alert(1)&lt;/script&gt;quay", "Sound quay",
            "alert"),
    titled("markup", "dresses a title", "Sound &lt;b&gt;quay&lt;/b&gt;", "Sound quay"),
    titled("script_twice", "escapes a script twice in a title",
            "Sound &amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;quay", "Sound quay", "alert"),
    titled("handler", "hides a script in a tag without end", "Sound quay &lt;img src=x onerror=alert(1) ",
            "Sound quay", "onerror"),
    titled("cdata", "dresses a title in CDATA", "<![CDATA[Sound <i>quay</i> &amp; mill]]>", "Sound quay & mill"),
    titled("escaped_twice", "escapes twice", "Quay &amp;amp; mill", "Quay & mill", "amp;"),
    titled("entities", "uses HTML's entities", "Caf&eacute;&nbsp;quay &hellip;", "Café quay …", "&").with_own_feed(),
    titled("ampersands", "forgets to escape", "Quay & mill", "Quay & mill", "amp;").with_own_feed(),
    titled("less_than", "compares numbers", "Why 3 &lt; 5 on the quay", "Why 3 < 5 on the quay", "&lt;"),
    titled("references_absurd", "refers to characters that are none", "Quay &#0;&#xD800;&#x110000;mill", "Quay mill",
            "&#").with_own_feed(),
    bad_feed("guid_missing", "gives no guid", Reply(SOUND_FEED.replace("<guid isPermaLink='false'>/sound</guid>", ""))),
    bad_entries("guid_shared", "gives one guid to two stories",
                listing("/sound", "Sound harbour", guid="1"), listing("/other", "Other bridge", guid="1"),
                ends={PUBLISHED: 2}),
    bad_entries("guid_twice", "lists one story twice",
                listing("/sound", "Sound harbour"), listing("/sound", "Sound harbour")),
    bad_entries("guid_differs", "gives one story two guids",
                listing("/sound", "Sound harbour", guid="1"), listing("/sound", "Sound harbour", guid="2"),
                ends={PUBLISHED: 1, "unchanged same_article": 1}),
    bad_feed("link_missing", "gives no link", Reply(rss("<item><title>Lost</title><guid>x-1</guid></item>")),
             ends={"failed no_address": 1}),
    bad_feed("name_missing", "gives no link and no guid, and no title either",
             Reply(rss("<item><title>Lost</title></item>", "<item><description>Lost, too.</description></item>")),
             ends={"failed no_address": 2}),
    bad_feed("link_is_guid", "gives its link as guid",
             Reply(rss(f"<item><title>Sound</title><guid>{{here}}/sound</guid><pubDate>{WHEN}</pubDate></item>"))),
    bad_feed("entry_empty", "lists an entry with nothing in it", Reply(rss("<item></item>", listing("/sound", "Sound")))),  # noqa: E501
    bad_feed("link_relative", "links relative to itself", Reply(TWO_STORIES.replace("{here}/", "")),
             ends={PUBLISHED: 2}),
    bad_feed("link_relative_elsewhere", "says where its links are relative to",
             Reply(TWO_STORIES.replace("{here}/", ""), headers=("Content-Location: /deep/feed.xml",)),
             ends={PUBLISHED: 2}, articles=({"path": "/deep/sound"},),
             answers={"/deep/sound": Reply(page("Sound harbour")), "/deep/other": Reply(page("Other bridge"))}),
    bad_feed("link_relative_inward", "says that its links are relative to a neighbour",
             Reply(TWO_STORIES.replace("{here}/", ""), headers=("Content-Location: http://127.0.0.1:{trap}/feed",)),
             ends={PUBLISHED: 2}),
    bad_entries("link_escaped_twice", "escapes its links twice", listing("/sound?a=1&amp;b=2", "Sound harbour"),
                answers={"/sound?a=1&b=2": Reply(page("Sound harbour"))}),
)  # fmt: skip

"""Every format of feed, old and new, broken and whole, and stories that only the feed still carries."""

import json
import re
from html import escape

from tests.hostile.case import PUBLISHED, bad_entries, bad_feed
from tests.hostile.cases_feeds import BARE
from tests.hostile.wire import Raw, Reply
from tests.hostile.words import SOUND_FEED, listing, page, rss, told

NO_FEED = "failed not_a_feed"
ITEM = {"id": "1", "url": "{here}/sound", "title": "Sound harbour", "date_published": "2024-05-14T08:30:00Z"}
ATOM = "http://www.w3.org/2005/Atom"
SOUND = {"path": "/sound", "title": "Sound harbour", "flags": []}
SIGN_IN = (
    "<html><title>Sign in</title><body><h1>Sign in</h1><form><input type=password></form>"
    "<p>Please sign in to continue.</p></body></html>"
)


def _whole(subject: str) -> str:
    return f"<content:encoded><![CDATA[{told(subject)}]]></content:encoded>"


CARRIED = listing("/dead", "Carried quay", extra=_whole("carried quay"))
CARRIED_ARTICLE = {
    "path": "/dead", "title": "Carried quay", "body": "carried quay for two hours", "flags": ["body_from_feed"]
}  # fmt: skip
ON_ONE_PAGE = tuple(listing(f"/dead#{n}", f"Carried quay {n}", extra=_whole(f"quay {n}")) for n in range(3))


def _json(*items: object, **changes: object) -> str:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Harbour News", "items": list(items)}
    return json.dumps(feed | changes)


def _atom(entry: str, base: str = "") -> str:
    head = (
        f'<feed xmlns="{ATOM}"{base}><title>Harbour</title><id>urn:harbour</id><updated>2024-05-14T08:30:00Z</updated>'
    )
    return f'<?xml version="1.0"?>{head}<entry><id>urn:1</id><title>Sound harbour</title>{entry}</entry></feed>'


RDF = (
    '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns="http://purl.org/rss/1.0/"><channel rdf:about="{here}/"><title>Harbour</title><link>{here}/</link>'
    '<description>News</description></channel><item rdf:about="{here}/sound"><title>Sound harbour</title>'
    "<link>{here}/sound</link></item></rdf:RDF>"
)
RSS_091 = (
    '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
    '"http://127.0.0.1:{trap}/rss-0.91.dtd"><rss version="0.91"><channel><title>Harbour</title><link>{here}/</link>'
    "<description>News</description><language>en</language><item><title>Sound harbour</title>"
    "<link>{here}/sound</link></item></channel></rss>"
)
ATOM_03 = (
    '<?xml version="1.0"?><feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Harbour</title><entry>'
    "<title mode='escaped'>Sound harbour</title><link rel='alternate' type='text/html' href='{here}/sound'/>"
    "<id>tag:harbour,2024:1</id><issued>2024-05-14T08:30:00Z</issued></entry></feed>"
)

FORMATS = (
    bad_feed("rdf", "speaks RSS 1.0", Reply(RDF), articles=(SOUND,)),
    bad_feed("rdf_about", "says what an RDF item is about and links nowhere", articles=(SOUND,),
             feed=Reply(RDF.replace("<link>{here}/sound</link>", ""))),
    bad_feed("rdf_prefixed", "gives RSS 1.0 another prefix", articles=(SOUND,),
             feed=Reply(RDF.replace("rdf:", "r:").replace(":rdf=", ":r="))),
    bad_feed("rss_091", "speaks RSS 0.91 with Netscape's document type", Reply(RSS_091), articles=(SOUND,)),
    bad_feed("rss_no_version", "does not say which RSS it speaks", Reply(SOUND_FEED.replace(' version="2.0"', "")),
             articles=(SOUND,)),
    bad_feed("atom_03", "speaks Atom 0.3", Reply(ATOM_03), articles=(SOUND,)),
    bad_feed("atom_base", "links relative to xml:base", articles=({"path": "/deep/sound"},),
             feed=Reply(_atom('<link href="sound"/>', ' xml:base="{here}/deep/"')),
             answers={"/deep/sound": Reply(page("Sound harbour"))}),
    bad_feed("atom_base_inward", "sets its xml:base to a neighbour",
             Reply(_atom('<link href="sound"/>', ' xml:base="http://127.0.0.1:{trap}/"')),
             ends={"failed address_refused": 1}),
    bad_feed("atom_edit_link_first", "lists its edit link first", articles=(SOUND,),
             feed=Reply(_atom('<link rel="edit" href="{here}/edit"/><link href="{here}/sound"/>'))),
    bad_feed("atom_html_title", "writes its title as HTML", answers={"/bare": BARE},
             feed=Reply(_atom('<link href="{here}/bare"/>').replace("<title>", '<title type="html">&lt;i&gt;')),
             articles=({"path": "/bare", "title": "Sound harbour", "without": "<"},)),
    bad_feed("json_feed", "speaks JSON Feed", Reply(_json(ITEM)), articles=(SOUND,)),
    bad_feed("json_feed_10", "speaks JSON Feed 1.0", Reply(_json(ITEM, version="https://jsonfeed.org/version/1"))),
    bad_feed("json_marked", "begins JSON with a byte order mark", Reply("\ufeff" + _json(ITEM)), articles=(SOUND,)),
    bad_feed("json_as_html", "calls JSON a page", Reply(_json(ITEM), headers=("Content-Type: text/html",))),
    bad_feed("json_number_id", "numbers its entries", Reply(_json(ITEM | {"id": 7})), articles=(SOUND,)),
    bad_feed("json_link_escaped", "escapes a link where nothing has to be, and lists its story twice",
             Reply(_json(ITEM | {"id": "1", "url": "{here}/sound?a=1&b=2"},
                         ITEM | {"id": "2", "url": "{here}/sound?a=1&amp;b=2"})),
             ends={PUBLISHED: 1, "unchanged same_article": 1},
             answers={"/sound?a=1&b=2": Reply(page("Sound harbour")),
                      "/sound?a=1&amp;b=2": Reply(page("Sound harbour"))}),
    bad_feed("json_after_warning", "prints a warning before its JSON",
             Reply("<br />\n<b>Notice</b>: undefined index in feed.php on line 3<br />\n" + _json(ITEM)),
             articles=(SOUND,)),
    bad_feed("json_guarded", "guards its JSON against being run", Reply(")]}',\n" + _json(ITEM)), articles=(SOUND,)),
    bad_feed("json_called", "calls a function with its JSON", Reply(f"show({_json(ITEM)});"), articles=(SOUND,)),
    bad_feed("json_comma", "ends its JSON with a comma too many", Reply(_json(ITEM)[:-2] + ",]}"), articles=(SOUND,)),
    bad_feed("json_odd_items", "mixes its entries with other things",
             Reply(_json(None, 7, "x", [], ITEM, {"id": None}))),
    bad_feed("json_odd_fields", "puts lists where words belong", articles=(SOUND,),
             feed=Reply(_json(ITEM | {"title": ["a"], "authors": "Ann", "tags": {"a": 1}, "summary": 5}))),
    bad_feed("json_endless_number", "counts to a number of five thousand digits", articles=(SOUND,),
             feed=Reply(_json(ITEM).replace('"title"', f'"read": {"9" * 5_000}, "title"'))),
    bad_feed("json_items_dict", "lists its entries as an object", Reply(_json(items={"1": ITEM})), poll=NO_FEED),
    bad_feed("json_other", "answers with other JSON", Reply('{"error": "no such feed"}'), poll=NO_FEED),
    bad_feed("json_list", "answers with a list", Reply("[]"), poll=NO_FEED),
    bad_feed("json_broken", "breaks off its JSON", Reply(_json(ITEM)[:-20]), poll=NO_FEED),
    bad_entries("carried_page_dead", "carries a story whose page is gone", CARRIED, articles=(CARRIED_ARTICLE,),
             answers={"/dead": Reply("gone", status="404 Not Found")}),
    bad_entries("carried_page_gone", "carries a story whose page was removed", CARRIED, articles=(CARRIED_ARTICLE,),
             answers={"/dead": Reply("gone", status="410 Gone")}),
    bad_entries("carried_page_barred", "carries a story whose page robots may not see", CARRIED,
             articles=(CARRIED_ARTICLE,), answers={"/robots.txt": Reply("User-agent: *\nDisallow: /dead\n")}),
    bad_entries("carried_page_empty", "carries a story whose page has no words", CARRIED,
             articles=(CARRIED_ARTICLE,), answers={"/dead": Reply("<html><body><div id=app></div></body></html>")}),
    bad_entries("carried_page_binary", "carries a story whose page is a file", CARRIED,
             articles=(CARRIED_ARTICLE,), answers={"/dead": Reply(b"%PDF-1.7\n" + bytes(range(256)) * 40)}),
    bad_entries("carried_page_broken", "carries a story whose page its server breaks on", CARRIED,
             articles=(CARRIED_ARTICLE,), answers={"/dead": Reply("oops", status="500 Internal Server Error")}),
    bad_entries("carried_page_cut", "carries a story whose page breaks off", CARRIED,
             articles=(CARRIED_ARTICLE,), answers={"/dead": Reply(page("Cut"), headers=("Content-Length: 99999",))}),
    bad_entries("carried_pages_lost", "carries stories whose pages are all cut off",
             *(listing(f"/dead{n}", f"Carried quay {n}", extra=_whole(f"quay {n}")) for n in range(6)),
             ends={PUBLISHED: 6},
             answers={f"/dead{n}": Raw(resets=True) for n in range(6)}),
    bad_entries("carried_page_throttled", "carries a story whose page is to be asked for later", CARRIED,
             answers={"/dead": Reply(status="429 Too Many Requests", headers=("Retry-After: 60",))},
             ends={"failed rate_limited": 1}),
    bad_entries("carried_page_missing", "carries a story whose page says with 200 that it is not there", CARRIED,
             articles=(CARRIED_ARTICLE,), answers={"/dead": Reply(page("Page not found", body="<p>Sorry.</p>"))}),
    bad_entries("carried_page_locked", "carries a story whose page asks to sign in", CARRIED,
             articles=(CARRIED_ARTICLE,), answers={"/dead": Reply(SIGN_IN)}),
    bad_entries("carried_described", "tells its story in paragraphs of its description",
                CARRIED.replace("content:encoded", "description"), articles=(CARRIED_ARTICLE,)),
    bad_feed("carried_nowhere", "carries a story without a link", ends={PUBLISHED: 1},
             feed=Reply(rss(CARRIED.replace("<link>{here}/dead</link>", ""))),
             articles=(CARRIED_ARTICLE | {"path": "/feed"},)),
    bad_feed("carried_nameless", "carries a story without a link or a guid", ends={PUBLISHED: 1},
             feed=Reply(rss(re.sub("<(link|guid).*?</(link|guid)>", "", CARRIED))),
             articles=(CARRIED_ARTICLE | {"path": "/feed"},)),
    bad_entries("carried_on_one_page", "carries stories that lie on one page, which is gone", *ON_ONE_PAGE,
                ends={PUBLISHED: 3}, answers={"/dead": Reply("gone", status="404 Not Found")}),
    bad_feed("carried_episode", "carries the notes of an episode that has no page", ends={PUBLISHED: 1},
             feed=Reply(rss("<item><title>Carried quay</title><guid>7</guid><enclosure url='/7.mp3' type='audio/mpeg'/>"
                            "<description>The harbour master speaks about the carried quay.</description></item>")),
             articles=({"path": "/feed", "body": "speaks about", "flags": ["mostly_audio", "body_from_feed"]},)),
    bad_entries("carried_script", "carries scripts with its story",
                CARRIED.replace("<![CDATA[", "<![CDATA[<script>alert(1)</script><img src=x onerror=alert(1)>"),
                articles=(CARRIED_ARTICLE | {"without": "alert"},)),
    bad_entries("carried_escaped_twice", "escapes its story twice",
                CARRIED.replace(f"<![CDATA[{told('carried quay')}]]>", escape(escape(told("carried quay")))),
                articles=(CARRIED_ARTICLE | {"without": "<p>"},)),
    bad_feed("carried_json", "carries a story in JSON whose page is gone", articles=(CARRIED_ARTICLE,),
             feed=Reply(_json({"id": "1", "url": "{here}/dead", "title": "Carried quay",
                               "content_html": told("carried quay")}))),
)  # fmt: skip

"""Small things that grow: none costs more memory or time than any other page."""

import gzip
import json

import brotli  # type: ignore[import-untyped]
import zstandard

from tests.hostile.case import PUBLISHED, Case, bad_feed, bad_page
from tests.hostile.wire import Endless, Raw, Reply
from tests.hostile.words import SOUND_FEED, listing, page, rss, told

LARGE = "failed too_large"
ZEROS = bytes(30_000_000)
OK = b"HTTP/1.1 200 OK\r\n"
LAUGHS = (
    '<!DOCTYPE rss [<!ENTITY lol0 "lol">'
    + "".join(f'<!ENTITY lol{n} "' + f"&lol{n - 1};" * 10 + '">' for n in range(1, 10))
    + "]>"
)
QUADRATIC = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 50_000}">]>'
OWN = '<!DOCTYPE rss [<!ENTITY secret "secret words">]>'
FILE = '<!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
INWARD = '<!DOCTYPE rss [<!ENTITY secret SYSTEM "http://127.0.0.1:{trap}/secret"> %more;]>'
OUTSIDE = '<!DOCTYPE rss SYSTEM "http://127.0.0.1:{trap}/rss.dtd">'
DECLARED = '<?xml version="1.0"?>'
MANY = 4_000  # entries, each of which is kept
TAGS = "".join(f"<category>c{number}</category>" for number in range(100_000))
LINKS = "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' href='{here}/other'/>" * 20_000
ATTRIBUTES = " ".join(f'a{number}=""' for number in range(100_000))


def _entity(id: str, does: str, document_type: str, reference: str, *, read: str) -> Case:  # noqa: A002
    """Make a case of a title that refers to an entity, on a page that gives no other."""
    feed = rss(listing("/bare", "TITLE"), before=DECLARED + document_type).replace("TITLE", f"Sound {reference} quay")
    bare = f"<html><body><article>{told('bare quay')}</article></body></html>"
    article = {"path": "/bare", "title": f"Sound {read}quay", "without": "secret words"}
    return bad_feed(id, does, Reply(feed), answers={"/bare": Reply(bare)}, articles=(article,))


def _well_formed(text: str) -> str:
    return text.replace("<!doctype html>", "").replace('Z">', 'Z"/>')


def _many_entries() -> str:
    stories = [{"id": "sound", "url": "{here}/sound", "title": "Sound harbour"}]
    rest = [{"id": str(n), "title": f"Bulletin {n}"} for n in range(MANY - 1)]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Ticker", "items": stories + rest})


BOMBS = (
    bad_feed("gzip_bomb", "unpacks to thirty megabytes of nothing",
             Reply(ZEROS, headers=("Content-Encoding: gzip",), pack=gzip.compress), poll=LARGE),
    bad_feed("gzip_bomb_nested", "packs a bomb into a bomb",
             Reply(ZEROS, headers=("Content-Encoding: gzip, gzip",), pack=lambda b: gzip.compress(gzip.compress(b))),
             poll=LARGE),
    bad_feed("gzip_bomb_unannounced", "sends a bomb as a file",
             Reply(SOUND_FEED.encode() + b" " * 30_000_000, pack=gzip.compress), poll="failed not_a_feed"),
    bad_feed("brotli_bomb", "does so with brotli",
             Reply(ZEROS, headers=("Content-Encoding: br",), pack=lambda b: brotli.compress(b, quality=1)), poll=LARGE),
    bad_feed("zstd_bomb", "does so with zstd",
             Reply(ZEROS, headers=("Content-Encoding: zstd",), pack=zstandard.compress), poll=LARGE),
    bad_page("page_gzip_bomb", "does so with a page",
             Reply(ZEROS, headers=("Content-Encoding: gzip",), pack=gzip.compress), ends=LARGE),
    bad_feed("length_absurd", "announces an exabyte", Raw(OK + b"Content-Length: 1152921504606846976\r\n\r\n<rss>"),
             poll=LARGE),
    _entity("entity_bomb", "multiplies an entity a billion times", LAUGHS, "&lol9;", read="&lol9; "),
    _entity("entity_quadratic", "repeats a long entity", QUADRATIC, "&a;" * 3, read="&a;&a;&a; "),
    _entity("entity_own", "makes up an entity", OWN, "&secret;", read="&secret; "),
    _entity("entity_file", "asks for a file of ours", FILE, "&secret;", read="&secret; "),
    _entity("entity_inward", "asks us to ask a neighbour", INWARD, "&secret;", read="&secret; "),
    _entity("doctype_inward", "keeps its document type with a neighbour", OUTSIDE, "", read=""),
    bad_page("page_entity_file", "asks for a file of ours in a page",
             Reply(DECLARED + FILE + _well_formed(page("Entity ferry", body="<p>&secret;</p>" + told("Entity ferry")))),
             article={"title": "Entity ferry", "without": "root:"}),
    bad_feed("nested_feed", "nests a hundred thousand elements", Reply(rss("<a>" * 100_000)), ends={}),
    bad_page("nested_page", "nests a hundred thousand elements in a page",
             Reply(page("Nested ferry", body=told("Nested ferry") + "<div>" * 100_000)),
             article={"title": "Nested ferry", "body": "following summer"}),
    bad_page("nested_spans", "opens a span before each word",
             Reply(page("Spanned ferry", body=told("Spanned ferry") + "<p>" + "<span>x " * 50_000)),
             article={"title": "Spanned ferry", "body": "following summer"}),
    bad_page("attributes_page", "gives one element a million attributes",
             Reply(page("Dressed ferry", body=f"<div {' '.join(f'a{n}' for n in range(1_000_000))}></div>"
                        + told("Dressed ferry"))),
             article={"title": "Dressed ferry", "body": "following summer"}),
    bad_feed("attributes_feed", "gives one entry a hundred thousand attributes",
             Reply(SOUND_FEED.replace("<item>", f"<item {ATTRIBUTES}>"))),
    bad_feed("tags_many", "gives one entry a hundred thousand tags",
             Reply(rss(listing("/sound", "Sound harbour", extra=TAGS)))),
    bad_feed("links_many", "gives one entry twenty thousand links, to another story",
             Reply(rss(listing("/sound", "Sound harbour", extra=LINKS)))),
    bad_feed("title_huge", "writes a title of two megabytes",
             Reply(rss(listing("/bare", "word " * 400_000))),
             answers={"/bare": Reply(f"<html><body><article>{told('bare quay')}</article></body></html>")},
             articles=({"path": "/bare", "title": "word word", "without": "word " * 400},)),
    bad_page("page_title_huge", "writes a page's title of two megabytes",
             Reply(page("word " * 400_000, body=told("Long ferry"))),
             article={"title": "word word"}),
    bad_page("page_one_line", "writes a megabyte without a blank",
             Reply(page("Endless ferry", body=told("Endless ferry") + f"<p>{'x' * 1_000_000}</p>")),
             article={"title": "Endless ferry", "body": "following summer", "flags": ["figures_cut_short"]}),
    bad_page("page_all_numbers", "writes a hundred thousand numbers",
             Reply(page("Counted ferry", body=told("Counted ferry") + f"<p>{'$1.50 ' * 20_000}</p>")),
             article={"title": "Counted ferry", "body": "following summer", "flags": ["figures_cut_short"]}),
    bad_page("page_all_markup", "opens a million comments",
             Reply(page("Silent ferry", body=told("Silent ferry") + "<!--" * 1_000_000)),
             article={"title": "Silent ferry"}),
    bad_feed("entries_many", "lists four thousand entries", Reply(_many_entries()),
             ends={PUBLISHED: 1, "failed no_address": MANY - 1}, articles=({"path": "/sound", "title": "Sound"},)),
    bad_feed("link_huge", "links to an address of a megabyte",
             Reply(rss(listing("/sound", "Sound harbour"), listing(f"/{'a' * 1_000_000}", "Endless ferry", guid="2"))),
             ends={PUBLISHED: 1, "failed no_address": 1}),
    bad_feed("guid_huge", "gives a guid of a megabyte",
             Reply(rss(listing("/sound", "Sound harbour", guid="g" * 1_000_000)))),
    bad_feed("summary_huge", "tells two megabytes of a story, and whom it knows",
             Reply(rss(listing("/sound", "Sound harbour", extra=f"<description>{'word ' * 400_000}</description>"
                               + "".join(f"<category>c{n}</category>" for n in range(20_000)))))),
    bad_feed("headers_many", "sends ten thousand headers", Raw(OK + b"X-A: b\r\n" * 10_000 + b"\r\n"), poll=LARGE),
    bad_feed("header_long", "sends one header of a megabyte", Raw(OK + b"X-A: " + b"a" * 1_000_000), poll=LARGE),
    bad_feed("header_endless", "never ends a header", Endless(OK + b"X-A: ", b"a" * 10_000), poll=LARGE),
    bad_feed("json_nested", "nests a hundred thousand lists", Reply('{"items": ' + "[" * 100_000),
             poll="failed not_a_feed"),
    bad_feed("json_number", "writes a number of a million digits", Reply('{"items": ' + "9" * 1_000_000 + "}"),
             poll="failed not_a_feed"),
    bad_page("json_ld_nested", "nests its structured data without end",
             Reply(page("Linked ferry", head=f'<script type="application/ld+json">{"[" * 100_000}</script>')),
             article={"title": "Linked ferry", "body": "following summer"}),
)  # fmt: skip

"""Sitemaps where a feed was listed: cut short, in circles, leading inward, or written as no standard says."""

import gzip
import json

from tests.hostile.case import PUBLISHED, bad_feed
from tests.hostile.wire import Reply
from tests.hostile.words import listing, page, rss, told

SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)  # fmt: skip
NEWS = (
    "<news:news><news:publication><news:name>Harbour</news:name><news:language>en</news:language></news:publication>"
    "<news:publication_date>2024-05-14T08:30:00Z</news:publication_date><news:title>{}</news:title></news:news>"
)
BARE = Reply(f"<html><body><article>{told('bare quay')}</article></body></html>")


def _map(*addresses: str, title: str | None = None, spaces: str = SPACES) -> str:
    news = "" if title is None else NEWS.format(title)
    listed = "".join(f"<url><loc>{address}</loc>{news}</url>" for address in addresses)
    return f'<?xml version="1.0" encoding="utf-8"?><urlset {spaces}>{listed}</urlset>'


def _index(*addresses: str) -> str:
    listed = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f'<?xml version="1.0"?><sitemapindex {SPACES}>{listed}</sitemapindex>'


SOUND_MAP = _map("{here}/sound")
TITLED = {"path": "/bare", "title": "Sound quay", "without": "<"}

SITEMAPS = (
    bad_feed("sitemap", "lists its stories in a news sitemap", Reply(_map("{here}/bare", title="Sound quay")),
             answers={"/bare": BARE}, articles=(TITLED,)),
    bad_feed("sitemap_markup", "dresses a title there, and escapes twice",
             Reply(_map("{here}/bare", title="Sound &lt;b&gt;quay&lt;/b&gt; &amp;amp; mill")), answers={"/bare": BARE},
             articles=(TITLED | {"title": "Sound quay & mill"},)),
    bad_feed("sitemap_undeclared", "does not declare its prefix",
             Reply(_map("{here}/bare", title="Sound quay", spaces="")), answers={"/bare": BARE}, articles=(TITLED,)),
    bad_feed("sitemap_gzip", "sends it as a file", Reply(SOUND_MAP, pack=gzip.compress)),
    bad_feed("sitemap_gzip_cut", "breaks off that file", Reply(SOUND_MAP, pack=lambda body: gzip.compress(body)[:-9]),
             poll="failed truncated"),
    bad_feed("sitemap_gzip_members", "sends that file in two members",
             Reply(SOUND_MAP, pack=lambda body: gzip.compress(body[:150]) + gzip.compress(body[150:]))),
    bad_feed("sitemap_after_warning", "prints a warning before it",
             Reply("<br />\n<b>Warning</b>: mysql_connect() in /var/www/map.php<br />\n" + SOUND_MAP)),
    bad_feed("sitemap_in_capitals", "writes its elements in capitals",
             Reply(SOUND_MAP.replace("urlset", "URLSET").replace("url>", "URL>").replace("loc>", "LOC>"))),
    bad_feed("sitemap_cut", "breaks off within an address",
             Reply(_map("{here}/sound", "{here}/other"), pack=lambda body: body[: body.index(b"/other") + 3])),
    bad_feed("sitemap_utf16", "writes it in UTF-16", Reply(SOUND_MAP, charset="utf-16")),
    bad_feed("sitemap_ampersand", "forgets to escape its addresses",
             Reply(_map("{here}/sound?a=1&b=2")), answers={"/sound?a=1&b=2": Reply(page("Sound harbour"))},
             articles=({"path": "/sound", "title": "Sound harbour"},)),
    bad_feed("sitemap_home", "lists its front page as well", Reply(_map("{here}/", "{here}", "{here}/sound"))),
    bad_feed("sitemap_twice", "lists a story twice", Reply(_map("{here}/sound", "{here}/sound"))),
    bad_feed("sitemap_inward", "lists a neighbour", Reply(_map("http://127.0.0.1:{trap}/story", "{here}/sound")),
             ends={PUBLISHED: 1, "failed address_refused": 1}),
    bad_feed("sitemap_scripts", "lists what is no address", Reply(_map("javascript:alert(1)", "", "{here}/sound"))),
    bad_feed("sitemap_entity", "asks for a file of ours",
             Reply(_map("{here}/bare", title="Sound &secret;quay").replace(
                 "<urlset", '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]><urlset')),
             answers={"/bare": BARE}, articles=(TITLED | {"title": "Sound &secret;quay"},)),
    bad_feed("sitemap_index", "lists a sitemap", Reply(_index("{here}/map.xml")),
             answers={"/map.xml": Reply(SOUND_MAP)}),
    bad_feed("sitemap_index_of_itself", "lists itself", Reply(_index("{here}/feed", "{here}/map.xml")),
             answers={"/map.xml": Reply(SOUND_MAP)}, asked={"/feed": 1, "/map.xml": 1}),
    bad_feed("sitemap_index_circle", "lists one that lists it", Reply(_index("{here}/map.xml")),
             answers={"/map.xml": Reply(_index("{here}/feed"))}, ends={}, asked={"/feed": 1, "/map.xml": 1}),
    bad_feed("sitemap_index_inward", "lists a neighbour's sitemap",
             Reply(_index("http://127.0.0.1:{trap}/map.xml", "{here}/map.xml")),
             answers={"/map.xml": Reply(SOUND_MAP)}),
    bad_feed("sitemap_index_lost", "lists one that is missing", Reply(_index("{here}/lost.xml", "{here}/map.xml")),
             answers={"/map.xml": Reply(SOUND_MAP)}),
    bad_feed("sitemap_text", "lists bare addresses, a line each",
             Reply("\ufeff{here}/sound\r\n\r\n{here}/other\n", headers=("Content-Type: text/plain",)),
             ends={PUBLISHED: 2}),
    bad_feed("sitemap_index_mixed", "lists a list of addresses, an index and a feed",
             Reply(_index("{here}/map.txt", "{here}/index.xml", "{here}/rss.xml")), ends={PUBLISHED: 3},
             answers={"/map.txt": Reply("{here}/sound\n", pack=gzip.compress),
                      "/index.xml": Reply(_index("{here}/map.xml", "{here}/feed")),
                      "/map.xml": Reply(_map("{here}/other")), "/third": Reply(page("Third mill")),
                      "/rss.xml": Reply(rss(listing("/third", "Third mill")))}),
    bad_feed("json_id_is_link", "gives its link as id in JSON",
             Reply(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "{here}/sound"}]}))),
)  # fmt: skip

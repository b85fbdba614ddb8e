"""Feeds: a newsroom's stories as RSS 2.0, Atom 1.0 (RFC 4287) or JSON Feed 1.1."""

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from . import prose
from .story import House, Publication

CONTENT_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


def feed(house: House, publications: Sequence[Publication], *, site_url: str) -> str:
    """List the stories, in the order given, in the format the newsroom speaks."""
    write = {"rss": _rss, "atom": _atom, "json": _json}[house.feed_format]
    return write(house, publications, site_url)


def _rss(house: House, publications: Sequence[Publication], site_url: str) -> str:
    entries = "".join(_rss_entry(p, url, house) for p in publications for url in p.listed_urls)
    return f"""<?xml version="1.0" encoding="{house.charset}"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>{escape(house.name)}</title>
<link>{site_url}/</link>
<description>{escape(house.name)}</description>
<language>{house.language}-{house.country.lower()}</language>
<atom:link rel="self" type="application/rss+xml" href="{site_url}{house.feed_path}"/>
{entries}</channel>
</rss>
"""


def _rss_entry(publication: Publication, url: str, house: House) -> str:
    story = publication.story
    tags = "".join(f"<category>{escape(tag)}</category>\n" for tag in story.tags)
    return f"""<item>
<title>{escape(story.title)}</title>
<link>{escape(url)}</link>
<guid isPermaLink="true">{escape(url)}</guid>
<pubDate>{_rfc822(publication.published_at, house)}</pubDate>
<atom:updated>{publication.modified_at.isoformat()}</atom:updated>
<dc:creator>{escape(story.author)}</dc:creator>
<description>{escape(prose.first_paragraph(story.text))}</description>
{tags}</item>
"""


def _rfc822(moment: datetime, house: House) -> str:
    written = format_datetime(moment)
    return f"{written[:-5]}{moment.tzname()}" if house.dates_as == "zone" else written


def _atom(house: House, publications: Sequence[Publication], site_url: str) -> str:
    entries = "".join(_atom_entry(p, url, house) for p in publications for url in p.listed_urls)
    updated = max((p.modified_at for p in publications), default=datetime.fromtimestamp(0, house.zone))
    return f"""<?xml version="1.0" encoding="{house.charset}"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{house.language}">
<title>{escape(house.name)}</title>
<id>{site_url}/</id>
<link rel="alternate" href="{site_url}/"/>
<link rel="self" href="{site_url}{house.feed_path}"/>
<updated>{updated.isoformat()}</updated>
{entries}</feed>
"""


def _atom_entry(publication: Publication, url: str, house: House) -> str:
    story = publication.story
    tags = "".join(f"<category term={quoteattr(tag)}/>\n" for tag in story.tags)
    return f"""<entry>
<title>{escape(story.title)}</title>
<id>tag:{house.key}.example,2026:{escape(story.slug)}</id>
<link rel="alternate" type="text/html" href={quoteattr(url)}/>
<published>{publication.published_at.isoformat()}</published>
<updated>{publication.modified_at.isoformat()}</updated>
<author><name>{escape(story.author)}</name></author>
<summary>{escape(prose.first_paragraph(story.text))}</summary>
{tags}</entry>
"""


def _json(house: House, publications: Sequence[Publication], site_url: str) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": house.name,
        "home_page_url": f"{site_url}/",
        "feed_url": site_url + house.feed_path,
        "language": f"{house.language}-{house.country}",
        "items": [_json_entry(p, url) for p in publications for url in p.listed_urls],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_entry(publication: Publication, url: str) -> dict[str, object]:
    story = publication.story
    return {
        "id": url,
        "url": url,
        "title": story.title,
        "summary": prose.first_paragraph(story.text),
        "date_published": publication.published_at.isoformat(),
        "date_modified": publication.modified_at.isoformat(),
        "authors": [{"name": story.author}],
        "tags": list(story.tags),
    }

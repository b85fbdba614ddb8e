"""Feeds of every format into our nouns: RSS, RDF and Atom through feedparser, JSON Feed by our own few lines."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..core.errors import NotAFeed
from ..core.model import Feed, Source
from ..core.urls import absolute_url, is_web_address, unwrapped
from ..text.language_tags import language_code
from ..text.snippet import (
    as_markup,
    as_player,
    bare_text,
    clean,
    guessed_text,
    plain_text,
    unescaped,
    with_absolute_links,
    without_sections,
)
from .bounded_feedparser import feedparser
from .entries import Listing, Rejected, read_listings
from .feed_text import decode_feed, repair_xml, with_fields_closed
from .jsonfeed import json_within, read_json_feed

LONG_SUMMARY = 1_500  # characters; a description this long that does not break off is the article itself
PARAGRAPHS_OF_A_STORY, LONG_PARAGRAPHS = 3, 300  # as short as that where it comes in paragraphs
LONGEST_ENDING = 100  # characters, in which a text that breaks off says so
# A comment, once passed, is passed: many of them could be parted in endlessly many ways.
_A_PAGE = re.compile(r"\s*+(?><!--.*?-->\s*+)*+<(?:html|head|body|script)\b", re.IGNORECASE | re.DOTALL)
_A_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_AN_END = re.compile(r"</(?:\w+:)?(?:item|entry|channel|feed|rss|rdf)\s*>", re.IGNORECASE)
_A_START = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p[\s>]", re.IGNORECASE)
_ENDS = re.compile(r"[.!?][\"'”’»)\]]{0,2}$")
_BREAKS_OFF = re.compile(
    r"(?:…|\.\.\.|\[…\]|continue reading|read more|full story|leer m[aá]s|seguir leyendo|leia mais|lire la suite)\W*$",
    re.I,
)
_OF_RDF = frozenset({"rss090", "rss10"})
_RELATION = "http://www.iana.org/assignments/relation/"  # RFC 4287, 4.2.7.2: the same with it and without
_HOST_ALONE = re.compile(r"\s*www\.[\w-]{1,63}\.", re.IGNORECASE)  # an address that forgot its scheme
_MAIL = re.compile(r"[^\s<>()]{1,100}@[^\s<>()]{1,200}")
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_EXTENSION = re.compile(
    r"</?(?:(?!(?:dc|dcterms|content|atom\d*|a10|feedburner|sy|rdf|rss|xhtml):)[\w.-]{1,40}:[\w.-]{1,80}"
    r"|cloud|height|image|source|textinput|where|width)(?:\s[^<>]*)?>",
    re.IGNORECASE,
)
_BROKEN_READER = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, OverflowError)


def read_feed(body: bytes, *, source: Source, url: str, content_type: str | None) -> Feed:
    """Read whatever feed the bytes are, whatever they claim to be; raises NotAFeed when they are none.

    A feed that is ill-formed is read as far as it goes, and says so in `flaws`. `url` is where it was finally served.
    """
    text, undecoded = decode_feed(body, content_type)
    if written := json_within(text):
        return read_json_feed(written, source=source, url=url)
    text, mended = repair_xml(text)
    if not text:
        raise NotAFeed(f"{url} answers with nothing", about=url)
    if _A_PAGE.match(text) and not _A_ROOT.search(text):
        raise NotAFeed(f"{url} answers with a web page", about=url)
    parsed, flaws = _parse(text, url)
    whole, cut_off = _whole_entries(parsed.entries, text)
    entries, rejected = read_listings((_listing(entry, parsed, url) for entry in whole), source)
    if not parsed.version and not entries:
        raise NotAFeed(f"{url} answers with text that is no feed: {clean(text[:60])!r}", about=url)
    about = parsed.feed
    return Feed(
        title=_title(about, parsed.version) or None,
        site_url=_link(about, url),
        language=language_code(about.get("language")),
        format=parsed.version or "rss",
        entries=entries,
        ttl_seconds=_ttl_seconds(about),
        flaws=undecoded + mended + flaws,
        hub_urls=_addresses_of(about, "hub", url),
        self_url=next(iter(_addresses_of(about, "self", url)), None),
        rejected=rejected + cut_off,
    )


def _parse(text: str, url: str) -> tuple[Any, tuple[str, ...]]:  # feedparser is untyped
    """Parse with feedparser text that is known to be UTF-8 without a document type, and tell what was wrong with it.

    A broken extension (a place, a player) breaks feedparser, not the articles: it is then read without extensions. It
    is not told the feed's address: with it, it would resolve guids that are no addresses, too.
    """
    flaws: tuple[str, ...] = ()
    try:
        parsed = _parsed(text)
    except _BROKEN_READER:
        try:
            parsed, flaws = _parsed(_EXTENSION.sub("", text)), ("broken_extensions",)
        except _BROKEN_READER as error:
            raise NotAFeed(f"{url} answers with text that can't be read as a feed: {error!r}", about=url) from error
    if parsed.bozo:
        closed = with_fields_closed(text)
        mended = _parsed(closed) if closed != text else parsed
        if _addressed(mended) > _addressed(parsed):
            parsed.update(feed=mended.feed, entries=mended.entries)
        flaws = (*flaws, f"not_well_formed: {clean(str(parsed.bozo_exception))[:200]}")
    return parsed, flaws


def _addressed(parsed: Any) -> int:
    return sum(1 for entry in parsed.entries if entry.get("link") and entry.get("title"))


def _parsed(text: str) -> Any:
    headers = {"content-type": "application/xml; charset=utf-8"}
    body = text.encode("utf-8")
    return feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _whole_entries(entries: list[Any], text: str) -> tuple[list[Any], tuple[Rejected, ...]]:
    """Leave out a last entry that the feed breaks off in: half an address looks like a whole one."""
    last = max((start.start() for start in _A_START.finditer(text)), default=None)
    if not entries or last is None or _AN_END.search(text, last):
        return entries, ()
    return entries[:-1], ((clean(str(entries[-1].get("title") or "")) or "(nothing)", "cut_off"),)


def _listing(entry: Any, parsed: Any, base: str) -> Listing:
    content = _content(entry)
    written = _written_summary(entry, content)
    summary = bare_text(written) if written else None
    if content is None and written and summary and _is_whole(written, summary):
        content = written
    published, updated = _dates(entry, parsed.version)
    guid = clean(entry.get("id") or "")
    url = _link(entry, base) or _content_address(entry, base) or _subject(guid, parsed.version, base)
    if recording := _recording(entry, base):  # what is told of it is all there is to read where it has no page
        content = content or (None if url else written)
        content = content and content + as_player(recording)
    return Listing(
        guid=guid or None,
        url=url,
        title=_title(entry, parsed.version),
        authors=_authors(entry) or (_authors(parsed.feed) if parsed.version.startswith("atom") else ()),
        summary=summary,
        content_html=with_absolute_links(content, _base(entry, base)) if content else None,
        published=published,
        updated=updated,
        language=_language(entry) or language_code(parsed.feed.get("language")),
        tags=_tags(entry),
    )


def _is_whole(written: str, summary: str) -> bool:
    """Return whether a description is the article itself: long, or in paragraphs to its end, and not broken off."""
    in_paragraphs = len(_PARAGRAPH.findall(written)) >= PARAGRAPHS_OF_A_STORY and _ENDS.search(summary) is not None
    is_long = len(summary) >= (LONG_PARAGRAPHS if in_paragraphs else LONG_SUMMARY)
    return is_long and not _BREAKS_OFF.search(summary[-LONGEST_ENDING:])


def _title(holder: Any, version: str) -> str:
    """Return the title as plain text: Atom says what it is, elsewhere it has to be looked at."""
    title = without_sections(str(holder.get("title") or ""))
    kind = (holder.get("title_detail") or {}).get("type", "text/plain")
    if kind != "text/plain":
        return bare_text(title)
    return clean(title) if version.startswith("atom") else guessed_text(title)


def _link(holder: Any, base: str) -> str | None:
    """Return the article's address: `rel=alternate`, whatever order links come in.

    A guid is filed under `link` by feedparser when there is no other, and is one only if it is an address. FeedBurner
    keeps the article's own address beside the one that counts readers; other aggregators carry it within theirs.
    """
    links = [link for link in holder.get("links", ()) if isinstance(link, Mapping) and link.get("href")]
    alternates = [link for link in links if _is_alternate(link)]
    pages = [link["href"] for link in alternates if "html" in link.get("type", "text/html")]
    elsewhere = {link["href"] for link in links if not _is_alternate(link)}
    own = holder.get("feedburner_origlink")
    rest = [href for href in (holder.get("link"),) if href and is_web_address(href) and href not in elsewhere]
    candidates = [own, *pages, *(link["href"] for link in alternates), *rest]
    written = (href for href in candidates if isinstance(href, str) and href.strip())
    whole = (f"//{href.strip()}" if _HOST_ALONE.match(href) else href for href in written)
    found = (absolute_url(unwrapped(href), base) for href in whole)
    return next((address for address in found if address), None)


def _is_alternate(link: Mapping[str, Any]) -> bool:
    relation: str = link.get("rel", "alternate")
    return relation.removeprefix(_RELATION) == "alternate"


def _content_address(entry: Any, base: str) -> str | None:
    """Return the address at which an entry's content lies, where Atom's feed does not carry it (RFC 4287, 4.1.3.2)."""
    addresses = (absolute_url(str(content.get("src") or ""), base) for content in entry.get("content", ()))
    return next((address for address in addresses if address and address != base), None)


def _subject(about: str, version: str, base: str) -> str | None:
    """Return the address that an RDF item is about (RSS 1.0, 5.5), which it need not repeat as a link."""
    return absolute_url(about, base) if about and version in _OF_RDF else None


def _recording(entry: Any, base: str) -> str | None:
    """Return the address of the recording that an entry encloses."""
    enclosed = (link for link in entry.get("links", ()) if link.get("rel") == "enclosure")
    heard = (str(link.get("href") or "") for link in enclosed if link.get("type", "").startswith("audio/"))
    return next((address for href in heard if (address := absolute_url(href, base))), None)


def _content(entry: Any) -> str | None:
    """Return the longest content the entry carries; plain text becomes paragraphs."""
    contents = []
    for content in entry.get("content", ()):
        value = str(content.get("value") or "").strip()
        if value and "html" in content.get("type", ""):
            contents.append(unescaped(value))
        elif value and content.get("type") == "text/plain":
            contents.append(as_markup(value))
    return max(contents, key=len, default=None)


def _written_summary(entry: Any, content: str | None) -> str | None:
    """Return the summary, unless feedparser made it from the content."""
    summary = unescaped(str(entry.get("summary") or "").strip())
    return summary if summary and summary != (content or "") else None


def _base(entry: Any, base: str) -> str:
    contents = entry.get("content") or [entry.get("summary_detail") or {}]
    return absolute_url(contents[0].get("base") or "", base) or base


def _dates(entry: Any, version: str) -> tuple[str | None, str | None]:
    """Return when it was published and when it was updated, as written; what feedparser makes of it is left alone.

    feedparser files `dc:date` under updated; in RSS, where it stands alone, it is when the article was published.
    """
    published, created, updated = (_written_date(entry, name) for name in ("published", "created", "updated"))
    published = published or created
    if published is None and not version.startswith("atom"):
        return updated, None
    return published, updated


def _written_date(entry: Any, name: str) -> str | None:
    written = dict.get(entry, name)  # feedparser's own `get` gives another date for one that is missing
    return clean(written) or None if isinstance(written, str) else None


def _authors(holder: Any) -> tuple[str, ...]:
    """Return the authors' names; feedparser cuts mail addresses badly, and only the last author's is in doubt."""
    people = [person for person in holder.get("authors", ()) if isinstance(person, Mapping)]
    names = [str(person.get("name") or "") for person in people]
    written = str(holder.get("author") or "")
    if names and "@" in written:
        names[-1] = _MAIL.sub("", written).strip(" ()<>,;")
    return tuple(name for name in map(plain_text, names) if name)


def _language(entry: Any) -> str | None:
    details: Iterable[Any] = (entry.get("title_detail"), *entry.get("content", ()), entry.get("summary_detail"))
    tags = (entry.get("language"), *(detail.get("language") for detail in details if detail))
    return next((code for code in map(language_code, tags) if code), None)


def _tags(entry: Any) -> tuple[str, ...]:
    words = (plain_text(str(tag.get("label") or tag.get("term") or "")) for tag in entry.get("tags", ()))
    return tuple(word for word in words if word)


def _ttl_seconds(about: Any) -> int | None:
    """Read how long the feed says it stays fresh: `ttl` in minutes, or the syndication module's period."""
    ttl = str(about.get("ttl") or "").strip()
    if ttl.isdecimal() and len(ttl) < 8:
        return int(ttl) * 60 or None
    period = _PERIODS.get(str(about.get("sy_updateperiod") or "").strip().lower())
    often = str(about.get("sy_updatefrequency") or "1").strip()
    return period // max(1, int(often)) if period and often.isdecimal() and len(often) < 5 else None


def _addresses_of(about: Any, relation: str, base: str) -> tuple[str, ...]:
    """Return the addresses that the feed itself, and none of its entries, links to as this."""
    links = (link.get("href") for link in about.get("links", ()) if link.get("rel", "").lower() == relation)
    addresses = (absolute_url(link, base) for link in links if link)
    return tuple(dict.fromkeys(address for address in addresses if address))

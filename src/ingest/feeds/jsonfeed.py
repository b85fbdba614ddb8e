"""JSON Feed 1.0 and 1.1 (jsonfeed.org), which feedparser does not read."""

import re
from typing import Any

from ..core.errors import NotAFeed
from ..core.model import Feed, Source
from ..core.urls import absolute_url, is_web_address
from ..text.json_text import DECODER
from ..text.language_tags import language_code
from ..text.snippet import as_markup, as_player, bare_text, clean, guessed_text, unescaped, with_absolute_links
from .entries import Listing, read_listings

_LONGEST_BEFORE = 4_096  # characters, in which a feed that something was put before shows what it is
_NAMED = re.compile(r"""\{[^<]{0,2000}"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version\\?/""")
_LAST_COMMA = re.compile(r",(?=\s*[}\]])")


def json_within(text: str) -> str | None:
    """Return the text from where its JSON begins: it is nothing else, for XML never begins with a brace, or a JSON Feed
    that a warning, a guard or a function's name was put before.
    """
    bare = text.lstrip()
    if bare.startswith("{"):
        return bare
    named = _NAMED.search(text[:_LONGEST_BEFORE])
    return text[named.start() :] if named else None


def read_json_feed(text: str, *, source: Source, url: str) -> Feed:
    """Read a JSON Feed; a wrong type in one place costs that place only."""
    data, flaws = _read(text, url)
    version = _string(data.get("version")) or ""
    items = data.get("items")
    if not isinstance(items, list) or "jsonfeed.org/version/" not in version:
        raise NotAFeed(f"{url} answers with JSON, but not with a JSON Feed", about=url)
    home = absolute_url(_string(data.get("home_page_url")) or "", url)
    stories = [item for item in items if isinstance(item, dict)]
    others = (item for item in items if not isinstance(item, dict))
    entries, rejected = read_listings((_listing(item, data, url) for item in stories), source)
    return Feed(
        title=guessed_text(_string(data.get("title")) or "") or None,
        site_url=home,
        language=language_code(_string(data.get("language"))),
        format="json10" if version.rstrip("/").endswith("/1") else "json11",
        entries=entries,
        flaws=flaws,
        hub_urls=_hubs(data.get("hubs")),
        self_url=absolute_url(_string(data.get("feed_url")) or "", url),
        rejected=rejected + tuple((clean(repr(item))[:200], "not_an_object") for item in others),
    )


def _read(text: str, url: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Decode the object a text begins with, and tell what was wrong; whatever follows it is left alone."""
    flaws: tuple[str, ...] = ()
    try:
        try:
            data, end = DECODER.raw_decode(text)
        except ValueError:
            text, flaws = _LAST_COMMA.sub("", text), ("commas_before_ends",)
            data, end = DECODER.raw_decode(text)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(f"{url} answers with broken JSON: {error}", about=url) from error
    return data, (*flaws, "text_after_feed") if text[end:].strip() else flaws


def _listing(item: dict[str, Any], feed: dict[str, Any], base: str) -> Listing:
    named = _string(item.get("id"))
    address = _string(item.get("url")) or _string(item.get("external_url"))
    address = address or (named if named and is_web_address(named) else None)  # version 1.1 would like ids to be that
    published, updated = item.get("date_published"), item.get("date_modified")
    content = _string(item.get("content_html"))
    text = _string(item.get("content_text"))
    summary = _string(item.get("summary"))
    guid = item.get("id")
    told = with_absolute_links(unescaped(content), base) if content else as_markup(text) if text else None
    return Listing(
        guid=clean(str(guid)) if isinstance(guid, str | int | float) and str(guid).strip() else None,
        url=absolute_url(address, base) if address else None,
        title=guessed_text(_string(item.get("title")) or ""),  # plain text by the format; not everybody heeds that
        authors=_authors(item) or _authors(feed),
        summary=bare_text(summary) if summary else None,
        content_html=told and told + "".join(map(as_player, _recordings(item, base)[:1])),
        published=_written(published),
        updated=_written(updated),
        language=language_code(_string(item.get("language")) or _string(feed.get("language"))),
        tags=tuple(clean(tag) for tag in _list(item.get("tags")) if isinstance(tag, str) and tag.strip()),
    )


def _recordings(item: dict[str, Any], base: str) -> list[str]:
    attached = [each for each in _list(item.get("attachments")) if isinstance(each, dict)]
    heard = [each for each in attached if (_string(each.get("mime_type")) or "").startswith("audio/")]
    return [address for each in heard if (address := absolute_url(_string(each.get("url")) or "", base))]


def _authors(holder: dict[str, Any]) -> tuple[str, ...]:
    """Read `authors` (1.1) or `author` (1.0), be they objects, as they should, or bare names."""
    people = [*_list(holder.get("authors")), holder.get("author")]
    names = (_words(person.get("name") if isinstance(person, dict) else person) for person in people)
    return tuple(name for name in names if name)


def _hubs(hubs: object) -> tuple[str, ...]:
    addresses = (_string(hub.get("url")) for hub in _list(hubs) if isinstance(hub, dict))
    return tuple(address for address in addresses if address)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _string(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _written(date: object) -> str | None:
    """Return a date as it stands; some write a count of seconds, as a number."""
    return _words(str(date) if isinstance(date, int | float) and not isinstance(date, bool) else date)


def _words(value: object) -> str | None:
    return clean(value) or None if isinstance(value, str) else None

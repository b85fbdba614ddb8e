"""Reads the lists of sources people keep: our TOML, a JSON list, or the OPML of a feed reader."""

import json
import logging
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from ..core.credentials import SECRET_PLACE, is_secret_variable, secret_in_address
from ..core.errors import Misconfigured
from ..core.model import Source
from ..core.urls import is_web_address
from .opml import read_opml

log = logging.getLogger("ingest")

_FORMER_NAMES = {"clutter_selectors": "exclude_selectors"}  # which work until the next release
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_KNOWN = {
    "key",
    "name",
    "feed_url",
    "feed_candidates",
    "listing_urls",
    "site_url",
    "language",
    "country",
    "timezone",
    "every",
    "categories",
    "article_id_pattern",
    "body_selectors",
    "exclude_selectors",
    "secret",
    "secret_as",
    "proxy",
}


def read_sources(text: str, *, file_name: str) -> tuple[Source, ...]:
    """Read a list of sources by the ending of its name; Misconfigured names the file, the source and the flaw.

    One address that leads nowhere is that source's trouble, told when it is visited; only such ones are the file's.
    """
    ending = file_name.rsplit(".", 1)[-1].lower()
    if ending not in _READERS:
        raise Misconfigured(f"{file_name}: sources are read from .toml, .json, .opml or .xml", about=file_name)
    try:
        listed = _READERS[ending](text)
    except (ValueError, ElementTree.ParseError) as error:  # both JSON's and TOML's errors are ValueErrors
        raise Misconfigured(f"{file_name} cannot be read: {error}", about=file_name) from error
    if not listed:
        raise Misconfigured(f"{file_name} lists no source", about=file_name)
    sources = [_source(one, place, file_name) for place, one in enumerate(listed, 1)]
    if not any(is_web_address(source.feed_url) for source in sources):
        first = sources[0]
        who = f"{file_name}: source 1 ({first.name})"
        raise Misconfigured(f"{who}: feed_url must be an http or https address, not {first.feed_url!r}", about=who)
    return tuple(_told_apart(sources, file_name))


def _from_toml(text: str) -> list[object]:
    listed = tomllib.loads(text).get("source")
    if not isinstance(listed, list):
        raise ValueError("expected [[source]] tables")  # noqa: TRY004  told as a flaw of the file
    return listed


def _from_json(text: str) -> list[object]:
    listed = json.loads(text)
    if not isinstance(listed, list):
        raise ValueError("expected a list of sources")  # noqa: TRY004  told as a flaw of the file
    return listed


_READERS: dict[str, Callable[[str], list[object]]] = {
    "toml": _from_toml,
    "json": _from_json,
    "opml": read_opml,
    "xml": read_opml,
}


def _source(listed: object, place: int, file_name: str) -> Source:
    if not isinstance(listed, Mapping):
        raise Misconfigured(
            f"{file_name}: source {place} is no table of settings, but of type {type(listed).__name__}", about=file_name
        )
    name = _text(listed, "name") or _text(listed, "key")
    shown = name if name and not secret_in_address(name) else "nameless"  # a name may be made of the address
    who = f"{file_name}: source {place} ({shown})"
    listed = _renamed(listed, who)
    listing_urls = _texts(listed, "listing_urls")
    feed_url = _text(listed, "feed_url") or next(iter(listing_urls), None)
    if not feed_url:
        wanted = "feed_url must be an http or https address, and is missing; of a source without a feed, listing_urls"
        raise Misconfigured(f"{who}: {wanted}", about=who)
    feed_candidates = _texts(listed, "feed_candidates")
    for url in (feed_url, *feed_candidates, *listing_urls, _text(listed, "site_url") or ""):
        _refuse_secret(url, who)
    unknown = sorted(set(listed) - _KNOWN)
    if unknown:
        raise Misconfigured(f"{who}: unknown {', '.join(unknown)}; known are {', '.join(sorted(_KNOWN))}", about=who)
    return Source(
        source_id=_key(listed, who) or key_from(name or feed_url),
        name=name or feed_url,
        feed_url=feed_url,
        site_url=_text(listed, "site_url"),
        feed_candidates=feed_candidates,
        listing_urls=listing_urls,
        language=_text(listed, "language"),
        country=_text(listed, "country"),
        timezone=_timezone(listed, who),
        poll_every_seconds=_every(listed, who),
        categories=_texts(listed, "categories"),
        article_id_pattern=_pattern(listed, who),
        body_selectors=_texts(listed, "body_selectors"),
        exclude_selectors=_texts(listed, "exclude_selectors"),
        secret=_variable(listed, "secret", who),
        secret_as=_secret_as(listed, (feed_url, *feed_candidates, *listing_urls), who),
        proxy=_variable(listed, "proxy", who),
    )


def _renamed(listed: Mapping[Any, Any], who: str) -> dict[Any, Any]:
    """Return what is said of a source by the names it has now, with a warning for each that has its former one."""
    renamed = dict(listed)
    for former, name in _FORMER_NAMES.items():
        if former in renamed:
            renamed.setdefault(name, renamed[former])
            del renamed[former]
            log.warning("%s: %s is %s now: name that in its place, before the next release", who, former, name)
    return renamed


def _text(listed: Mapping[object, object], name: str) -> str | None:
    value = listed.get(name)
    return str(value).strip() if value not in (None, "") else None


def _key(listed: Mapping[object, object], who: str) -> str | None:
    """Return the key; as it names files and folders too, it must not be a path to another."""
    value = _text(listed, "key")
    if value is not None and not re.fullmatch(r"[^\W_][\w .:@-]{0,99}", value):
        wanted = "at most 100 letters, digits and . : @ _ - or blanks, and begin with a letter or a digit"
        raise Misconfigured(f"{who}: key {value!r} must be {wanted}", about=who)
    return value


def _refuse_secret(url: str, who: str) -> None:
    """Raise Misconfigured for an address that holds a secret: addresses are stored, logged and shown to analysts."""
    found = secret_in_address(url)
    if found is None:
        return
    sent = 'secret_as = "basic"' if "before" in found else f"{SECRET_PLACE} in its place in the address"
    wanted = f'put it into an environment variable and write secret = "INGEST_SECRET_NAME" and {sent}'
    raise Misconfigured(f"{who}: an address holds {found}, which would be stored and shown; {wanted}", about=who)


def _variable(listed: Mapping[object, object], field: str, who: str) -> str | None:
    name = _text(listed, field)
    if name is not None and not is_secret_variable(name):  # which may be the secret itself, so it is not repeated
        wanted = "an environment variable whose name is INGEST_SECRET_ and capitals, digits or _"
        raise Misconfigured(f"{who}: {field} must name {wanted}", about=who)
    return name


def _secret_as(listed: Mapping[object, object], feed_urls: Sequence[str], who: str) -> str | None:
    """Return how the secret is sent; Misconfigured where that is not said once."""
    name, how = _text(listed, "secret"), _text(listed, "secret_as")
    has_place = any(SECRET_PLACE in url for url in feed_urls)
    if has_place and name is None:
        raise Misconfigured(f"{who}: its address has {SECRET_PLACE}, but secret names no variable", about=who)
    if any(SECRET_PLACE in re.split("[/?#]", url.partition("://")[2], maxsplit=1)[0] for url in feed_urls):
        raise Misconfigured(f"{who}: {SECRET_PLACE} may stand in the path or query of an address alone", about=who)
    if how is not None and not re.fullmatch(r"[A-Za-z0-9-]{1,80}", how):
        raise Misconfigured(f"{who}: secret_as must be basic, bearer or the name of a header", about=who)
    if (how is not None) + has_place != (name is not None):
        wanted = f"secret_as (basic, bearer or the name of a header) or {SECRET_PLACE} in feed_url, one of them"
        raise Misconfigured(f"{who}: a secret needs {wanted}", about=who)
    return how


def _texts(listed: Mapping[object, object], name: str) -> tuple[str, ...]:
    value = listed.get(name) or ()
    return (value,) if isinstance(value, str) else tuple(str(one) for one in value)  # type: ignore[attr-defined]


def _timezone(listed: Mapping[object, object], who: str) -> str:
    name = _text(listed, "timezone") or "UTC"
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:  # unknown, a folder, or no key at all
        raise Misconfigured(f"{who}: timezone {name!r} is no IANA zone such as America/Lima", about=who) from error
    return name


def _every(listed: Mapping[object, object], who: str) -> int | None:
    value = _text(listed, "every")
    if value is None:
        return None
    match = re.fullmatch(r"(\d+)\s*([smhd]?)[a-z]*", value.lower())
    if not match:
        raise Misconfigured(f"{who}: every must be a time such as 30m, 2h or 900 (seconds), not {value!r}", about=who)
    return int(match[1]) * _SECONDS[match[2] or "s"]


def _pattern(listed: Mapping[object, object], who: str) -> str | None:
    value = _text(listed, "article_id_pattern")
    if value is None:
        return None
    try:
        groups = re.compile(value).groups
    except re.error as error:
        raise Misconfigured(f"{who}: article_id_pattern {value!r}: {error}", about=who) from error
    if groups < 1:
        raise Misconfigured(f"{who}: article_id_pattern {value!r} has no group to hold the id", about=who)
    return value


def key_from(name: str) -> str:
    """Make a key of a name: lower case, digits and hyphens."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", bare.lower()).strip("-") or "source"


def _told_apart(sources: list[Source], file_name: str) -> list[Source]:
    """Number sources that share a key made from their name; a feed that is listed twice, as in two folders, is one."""
    known: dict[str, Source] = {}
    numbers: Counter[str] = Counter()
    by_feed: set[tuple[str, str]] = set()
    for source in sources:
        key = source.source_id
        if (key, source.feed_url) in by_feed:
            continue
        by_feed.add((key, source.feed_url))
        while key in known:
            if source.source_id != key_from(source.name):
                message = f"{file_name}: key {key!r} is given to {known[key].feed_url} and to {source.feed_url}"
                raise Misconfigured(message, about=file_name)
            numbers[source.source_id] += 1
            key = f"{source.source_id}-{numbers[source.source_id] + 1}"
        known[key] = replace(source, source_id=key)
    return list(known.values())

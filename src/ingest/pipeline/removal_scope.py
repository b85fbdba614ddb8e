"""Which responses in the archive hold something of an article that is removed."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from html import escape
from urllib.parse import urlsplit

from ..core.removals import KnownAddress, SharedCapture

MARGIN = timedelta(days=7)  # for which an entry may be under way, and is not marked as listed although it is
SHORTEST_ID = 8  # a shorter one may stand in any document


def listed_within(addresses: Iterable[KnownAddress], since: datetime | None) -> tuple[datetime, datetime] | None:
    """Return the first and last moment at which an article may have been listed, from `since` on; None for none."""
    found = [one for one in addresses if one.found_at and one.last_listed_at]
    if not found:
        return None
    first = min(one.found_at for one in found if one.found_at)
    last = max(one.last_listed_at for one in found if one.last_listed_at)
    return max(first, since or first), last + MARGIN


def signs_of(addresses: Iterable[KnownAddress]) -> list[bytes]:
    """Return what a document that lists an article has in it: its address, whole or within the site, or its id.

    Each as it is, and as XML, HTML and JSON may write it.
    """
    texts: set[str] = set()
    for one in addresses:
        parts = urlsplit(one.url or "")
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if one.url and len(path) > 1:  # the address of its site alone stands everywhere
            texts |= {one.url, f'"{path}', f"'{path}"}
        if one.guid and len(one.guid) >= SHORTEST_ID:
            texts.add(one.guid)
    written = texts | {escape(text, quote=False) for text in texts} | {text.replace("/", "\\/") for text in texts}
    written |= {json.dumps(text)[1:-1] for text in texts}
    return sorted(text.encode("utf-8", "replace") for text in written)


def has_sign(body: bytes, signs: Iterable[bytes]) -> bool:
    """Return whether a document lists an article; UTF-16 is read as well, by leaving out its zero bytes."""
    plain = body.replace(b"\0", b"")
    return any(sign in plain for sign in signs)


def to_remove(
    sharing: Iterable[SharedCapture], *, pages: Collection[str], listings: Collection[str]
) -> tuple[list[SharedCapture], list[SharedCapture]]:
    """Return which responses are removed with an article, and which of them are erased from their files.

    `pages` and `listings` name the responses of its page and the documents that list it. Whatever has the same body as
    such a document is one, too. A body that another article's page has as well is not erased: it goes with the last.
    """
    found = list(sharing)
    documents = {one.capture.payload_hash for one in found if one.capture.capture_id in listings}
    removed = [
        one
        for one in found
        if not one.is_of_another
        and (one.is_removed or one.capture.capture_id in pages or one.capture.payload_hash in documents)
    ]
    going = {one.capture.capture_id for one in removed}
    staying = {one.capture.payload_hash for one in found if one.capture.capture_id not in going}
    return removed, [one for one in removed if one.capture.payload_hash not in staying]

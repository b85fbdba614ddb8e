"""Lists of feeds as feed readers exchange them: OPML 2.0 (opml.org) in and out, with all we know of a source.

What OPML has no name for goes into attributes of a namespace of our own, which other readers leave alone.
"""

import json
import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

from ..core.model import Source
from ..core.urls import normalise_url
from ..text.snippet import clean
from .feed_text import repair_xml, unforbidden
from .source_fields import source_fields

_OURS = "urn:news-ingest:source"
_NAMED = {"name": "title", "feed_url": "xmlUrl", "site_url": "htmlUrl", "language": "language"}
_FEED_SCHEME = re.compile(r"feed:(?://)?(?=(https?:)?)", re.IGNORECASE)


def read_opml(text: str) -> list[object]:
    """Return each feed once, with the folders it is in; raises ParseError for what is no XML, whatever can be mended.

    Entities are neither expanded nor fetched: mending cuts the document type that declares them.
    """
    listed: dict[str, dict[str, object]] = {}
    for outline, folder in _outlines(ElementTree.fromstring(repair_xml(text)[0])):  # noqa: S314
        found = _feed(outline)
        if found is None:
            continue
        kept = listed.setdefault(normalise_url(str(found["feed_url"])), found)
        known, here = _strings(kept.get("categories")), _strings(found.get("categories"))
        categories = list(dict.fromkeys([*known, *here, *([folder] if folder else [])]))
        kept.update({"categories": categories} if categories else {})
    return list(listed.values())


def write_opml(sources: Iterable[Source]) -> str:
    """Write sources as OPML 2.0, one outline for each, as feed readers take them."""
    ElementTree.register_namespace("ingest", _OURS)
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "Newsrooms"
    body = ElementTree.SubElement(root, "body")
    for source in sources:
        fields = source_fields(source) | {"feed_url": clean(source.feed_url)}
        categories = ",".join(_strings(fields.pop("categories", ())))
        said = {"type": "rss", "text": clean(source.name), "category": categories}
        for name, value in fields.items():
            written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            said[_NAMED.get(name, f"{{{_OURS}}}{name}")] = written
        ElementTree.SubElement(body, "outline", {name: unforbidden(value) for name, value in said.items() if value})
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _outlines(root: ElementTree.Element) -> Iterator[tuple[dict[str, str], str]]:
    """Yield every outline, in order and however deep, with the folders above it as a path."""
    waiting = [(root, "")]
    while waiting:
        element, folder = waiting.pop()
        attributes = {name.lower(): value for name, value in element.attrib.items()}
        is_outline = element.tag.rpartition("}")[2].lower() == "outline"
        if is_outline:
            yield attributes, folder
        name = clean(attributes.get("text") or attributes.get("title") or "").replace("/", " ").replace(",", " ")
        below = f"{folder}/{name}" if is_outline and name and not _address(attributes) else folder
        waiting += [(child, below) for child in reversed(element)]


def _feed(outline: dict[str, str]) -> dict[str, object] | None:
    """Read an outline that leads to a feed in the words of our own lists; a folder or a link does not."""
    address = _address(outline)
    if not address:
        return None
    found: dict[str, object] = {
        "name": outline.get("title") or outline.get("text") or address,
        "feed_url": address,
        "site_url": outline.get("htmlurl"),
        "language": outline.get("language"),
        "categories": [clean(one) for one in outline.get("category", "").split(",") if clean(one)],
    }
    ours = f"{{{_OURS}}}"
    found |= {name.removeprefix(ours): _own(value) for name, value in outline.items() if name.startswith(ours)}
    return {name: value for name, value in found.items() if value}


def _address(outline: dict[str, str]) -> str:
    """Return the address of a feed; `url` is where some put it, and `feed:` no more than a hint to programs of old."""
    is_feed = outline.get("type", "").strip().lower() in {"rss", "atom", "feed"}
    address = (outline.get("xmlurl") or (outline.get("url") if is_feed else None) or "").strip()
    scheme = _FEED_SCHEME.match(address)
    if not scheme:
        return address
    return address[scheme.end() :] if scheme[1] else f"https://{address[scheme.end() :]}"


def _own(value: str) -> object:
    """Read an attribute of ours: a list is written as JSON."""
    if not value.startswith("["):
        return value
    try:
        listed = json.loads(value)
    except ValueError:
        return value
    return listed


def _strings(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []

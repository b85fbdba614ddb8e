"""Lists of sources written as people keep them: a table of our TOML, the OPML 2.0 of a feed reader."""

import json
from collections.abc import Iterable
from xml.etree import ElementTree

from ..model import Source
from .snippet import clean


def source_table(source: Source) -> str:
    """Write one source as a [[source]] table; what it does not say is left out."""
    values = {
        "key": source.source_id,
        "name": source.name,
        "feed_url": source.feed_url,
        "site_url": source.site_url,
        "language": source.language,
        "country": source.country,
        "timezone": None if source.timezone == "UTC" else source.timezone,
    }
    # JSON's strings are TOML's basic strings, once control characters are gone.
    lines = [f"{name} = {json.dumps(clean(value), ensure_ascii=False)}" for name, value in values.items() if value]
    return "\n".join(["[[source]]", *lines, ""])


def write_opml(sources: Iterable[Source]) -> str:
    """Write sources as OPML 2.0 (opml.org), one outline for each, as feed readers take them."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "Newsrooms"
    body = ElementTree.SubElement(root, "body")
    for source in sources:
        said = {
            "type": "rss",
            "text": source.name,
            "title": source.name,
            "xmlUrl": source.feed_url,
            "htmlUrl": source.site_url,
            "language": source.language,
        }
        ElementTree.SubElement(body, "outline", {name: clean(value) for name, value in said.items() if value})
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'

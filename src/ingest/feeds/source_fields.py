"""Sources written as people keep them: what is said of one, by the names that lists use, and as a table of TOML."""

import json

from ..core.model import Source
from ..text.snippet import clean


def source_fields(source: Source) -> dict[str, str | list[str]]:
    """Return what is said of a source, by the names that lists use; what is not said is left out."""
    seconds = source.poll_every_seconds
    fields: dict[str, str | list[str] | None] = {
        "key": source.source_id,
        "name": clean(source.name),
        "feed_url": None if source.is_listing else clean(source.feed_url),
        "site_url": clean(source.site_url or ""),
        "feed_candidates": list(source.feed_candidates),
        "listing_urls": list(source.listing_urls),
        "language": source.language,
        "country": source.country,
        "timezone": None if source.timezone == "UTC" else source.timezone,
        "every": None if seconds is None else f"{seconds}s",
        "categories": [clean(one) for one in source.categories],
        "article_id_pattern": source.article_id_pattern,
        "body_selectors": list(source.body_selectors),
        "exclude_selectors": list(source.exclude_selectors),
        "secret": source.secret,
        "secret_as": source.secret_as,
        "proxy": source.proxy,
    }
    return {name: value for name, value in fields.items() if value}


def source_table(source: Source) -> str:
    """Write one source as a [[source]] table of our TOML, whose strings and lists are JSON's but for one character."""
    lines = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")
        for name, value in source_fields(source).items()
    ]
    return "\n".join(["[[source]]", *lines, ""])

"""`ingest sources check SOURCE`: what each candidate of one source answers, and three articles field by field."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from ..report.run_summary import EXIT_SOURCES_FAILED

if TYPE_CHECKING:
    from ..core.errors import IngestError
    from ..core.model import Entry, Feed
    from ..pipeline.check_source import Checked, Field


def check_one(key: str, said: dict[str, object], *, as_json: bool) -> None:
    """Walk all candidates of one source, then read three of its articles field by field."""
    from ..feeds.sources_file import choose_sources
    from ..pipeline.check_source import check_articles, check_candidates
    from ..pipeline.wiring import open_world
    from .console import say_json
    from .progress import counted

    with open_world(**said) as world:
        (source,) = choose_sources(world.sources, [key])
        with world.web_of(source) as web:
            checked = list(counted(check_candidates(source, web=web), None, "candidates asked"))
            usable = next((one for one in checked if one.feed and one.feed.entries), None)
            entries = usable.feed.entries if usable and usable.feed else ()
            articles = list(check_articles(entries, source, web=web))
    rows = [_candidate_row(one) for one in checked]
    if as_json:
        told = [{"url": entry.url, "fields": [asdict(field) for field in fields]} for entry, fields in articles]
        say_json({"source_id": key, "candidates": rows, "read_from": usable.url if usable else None, "articles": told})
    else:
        _say_checked(rows, usable, articles)
    if not any(fields[0].name != "failed" for _, fields in articles):
        raise typer.Exit(EXIT_SOURCES_FAILED)


def served(feed: "Feed | None", moved_to: str | None) -> dict[str, Any]:
    """Return the columns about an address that was served: what it lists, where it moved, what is wrong with it."""
    remarks = (f"moved to {moved_to}" if moved_to else "", *(feed.flaws if feed else ()))
    return {
        "outcome": "served",
        "format": feed.format if feed else None,
        "entries": len(feed.entries) if feed else None,
        "newest": feed.newest if feed else None,
        "said": "; ".join(filter(None, remarks)),
    }


def failed(error: "IngestError") -> dict[str, Any]:
    """Return the same columns about an address that failed."""
    return served(None, None) | {"outcome": "failed", "said": f"{error.reason}: {error}"}


def _candidate_row(one: "Checked") -> dict[str, Any]:
    row = failed(one.error) if one.error else served(one.feed, one.moved_to)
    return {"candidate": one.kind, "address": one.url, **row}


def _say_checked(
    rows: list[dict[str, Any]], usable: "Checked | None", articles: "list[tuple[Entry, list[Field]]]"
) -> None:
    from .console import say, say_table

    say_table(rows, ("candidate", "address", "outcome", "format", "entries", "newest", "said"))
    if usable is None:
        say("no candidate lists an article")
        return
    say(f"articles of {usable.url}, the first candidate that lists any:")
    for entry, fields in articles:
        say_table([asdict(field) for field in fields], ("name", "value", "evidence"), title=entry.url or entry.title)

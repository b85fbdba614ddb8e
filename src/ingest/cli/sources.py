"""`ingest sources`: which newsrooms are watched, and whether their feeds answer."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..report.run_summary import EXIT_SOURCES_FAILED
from . import edit_sources
from .check_source import check_one, failed, served
from .options import JsonOption, SourceOption, SourcesOption, WarehouseOption, given

if TYPE_CHECKING:
    from ..core.model import Feed, Source
    from ..core.settings import Settings
    from ..pipeline.wiring import World

app = typer.Typer(help="Which newsrooms are watched, and whether their feeds answer.", no_args_is_help=True)


@app.command("list")
def list_sources(sources: SourcesOption = None, warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """List the sources of the sources file; `kind` is what is read of each: a feed, or section pages."""
    from ..core.settings import load_settings
    from ..feeds.sources_file import load_sources
    from .console import say_json, say_table

    settings = load_settings(**given(warehouse, sources))
    known = _known_formats(settings)
    listed = [asdict(source) | {"kind": _kind(source, known)} for source in load_sources(settings)]
    if as_json:
        say_json(listed)
    else:
        say_table(listed, ("source_id", "name", "language", "country", "timezone", "kind", "feed_url"))


@app.command("check")
def check(
    key: Annotated[
        str | None, typer.Argument(metavar="SOURCE", help="A source to check from its feed to its articles.")
    ] = None,
    sources: SourcesOption = None,
    source: SourceOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Visit each feed once and say what it holds; of one SOURCE, all candidates and three articles. Loads nothing."""
    if key is not None:
        check_one(key, given(warehouse, sources), as_json=as_json)
        return
    from concurrent.futures import ThreadPoolExecutor

    from ..feeds.sources_file import choose_sources
    from ..pipeline.wiring import open_world
    from .console import say_json, say_table
    from .progress import counted

    with open_world(**given(warehouse, sources)) as world:
        chosen = choose_sources(world.sources, source or ())
        with ThreadPoolExecutor(world.settings.hosts_at_once) as pool:
            answers = pool.map(lambda one: visit(one, world), chosen)
            found = list(counted(answers, len(chosen), "feeds asked"))
    if as_json:
        say_json(found)
    else:
        say_table(found, ("source_id", "outcome", "format", "entries", "newest", "said"))
    if any(one["outcome"] == "failed" for one in found):
        raise typer.Exit(EXIT_SOURCES_FAILED)


def _known_formats(settings: "Settings") -> dict[str, str]:
    """Return the format that each source was last read in, by its address in the list; none where no run was."""
    from ..core.errors import IngestError
    from ..pipeline.open_stores import look_at_state

    try:
        rows = look_at_state(settings, "known_feeds", {"source_ids": None})
    except IngestError:
        return {}
    return {row["listed_url"]: row["format"] for row in rows if row["format"]}


def _kind(source: "Source", known: dict[str, str]) -> str:
    """Return what is read of a source: its feed, its section pages, or these for want of a feed."""
    from ..feeds.sections.page import SECTION

    if source.is_listing:
        return "section pages"
    return "section pages, no feed answers" if known.get(source.feed_url) == SECTION else "feed"


def visit(source: "Source", world: "World") -> dict[str, Any]:
    """Fetch a feed once, or section pages in its place; return what it lists, or why it failed."""
    from ..core.errors import IngestError
    from ..pipeline.feed_polls import visit_feed

    try:
        with world.web_of(source) as web:
            page, feed = visit_feed(source, None, web=web)
        row = served(feed, page.moved_to)
    except IngestError as error:
        row = failed(error)
        if sections := _listed_sections(source, world):
            row = served(sections, None) | {"said": f"section pages, for want of a feed ({row['said']})"}
    return {"source_id": source.source_id, **row}


def _listed_sections(source: "Source", world: "World") -> "Feed | None":
    """Return what the section pages list that a source has beside its feed; None where it has none, or they fail."""
    from ..core.errors import IngestError
    from ..pipeline.section_polls import visit_sections

    if source.is_listing or not source.listing_urls:
        return None
    try:
        with world.web_of(source) as web:
            return visit_sections(source, None, web=web).feed
    except IngestError:
        return None


app.command("add")(edit_sources.add)
app.command("import")(edit_sources.import_opml)
app.command("export")(edit_sources.export)

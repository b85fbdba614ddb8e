"""`ingest sources`: which newsrooms are watched, and whether their feeds answer."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from . import gather
from .options import JsonOption, SourceOption, SourcesOption, WarehouseOption, given
from .run import EXIT_SOURCES_FAILED

if TYPE_CHECKING:
    from ..model import Source
    from ..wiring import World

app = typer.Typer(help="Which newsrooms are watched, and whether their feeds answer.", no_args_is_help=True)


@app.command("list")
def list_sources(sources: SourcesOption = None, as_json: JsonOption = False) -> None:
    """List the sources of the sources file."""
    from ..listed import load_sources
    from ..settings import load_settings
    from .console import say_json, say_table

    listed = [asdict(source) for source in load_sources(load_settings(**given(None, sources)))]
    if as_json:
        say_json(listed)
    else:
        say_table(listed, ("source_id", "name", "language", "country", "timezone", "feed_url"))


@app.command("check")
def check(
    sources: SourcesOption = None,
    source: SourceOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Visit each feed once and say what it holds; nothing is loaded."""
    from concurrent.futures import ThreadPoolExecutor

    from ..listed import choose_sources
    from ..wiring import open_world
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


def visit(source: "Source", world: "World") -> dict[str, Any]:
    """Visit a feed once and say what it holds, or why it can't be had."""
    from ..errors import IngestError
    from ..steps import visit_feed

    result: dict[str, Any] = {
        "source_id": source.source_id,
        "outcome": "failed",
        "format": None,
        "entries": None,
        "newest": None,
    }
    try:
        page, feed = visit_feed(source, None, web=world.web_of(source))
    except IngestError as error:
        return result | {"said": f"{error.reason}: {error}"}
    entries = feed.entries if feed else ()
    newest = max((entry.published_at for entry in entries if entry.published_at), default=None)
    flaws = "; ".join(feed.flaws) if feed else ""
    moved = f"moved to {page.moved_to}" if page.moved_to else ""
    return result | {
        "outcome": "served",
        "format": feed.format if feed else None,
        "entries": len(entries),
        "newest": newest,
        "said": "; ".join(filter(None, (moved, flaws))),
    }


app.command("add")(gather.add)
app.command("import")(gather.import_opml)
app.command("export")(gather.export)

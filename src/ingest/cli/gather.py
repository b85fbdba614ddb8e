"""`ingest sources add`, `import` and `export`: how a newsroom comes onto the list, and the list out of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import JsonOption, SourcesOption, WarehouseOption, given

if TYPE_CHECKING:
    from ..finding import Found
    from ..model import Source
    from ..settings import Settings

KeyOption = Annotated[str | None, typer.Option("--key", help="Key to keep it under; made from its name without.")]
LanguageOption = Annotated[str | None, typer.Option("--language", help="ISO 639-1, such as es.")]
CountryOption = Annotated[str | None, typer.Option("--country", help="ISO 3166-1 alpha-2, such as MX.")]
TimezoneOption = Annotated[str, typer.Option("--timezone", help="IANA, for dates that name no zone.")]


def add(
    url: Annotated[str, typer.Argument(help="A newsroom's address, or its feed's.")],
    sources: SourcesOption = None,
    key: KeyOption = None,
    language: LanguageOption = None,
    country: CountryOption = None,
    timezone: TimezoneOption = "UTC",
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find a newsroom's feed, and list it at the end of the sources file."""
    from dataclasses import replace

    from ..model import Source
    from ..parse.sources import key_from
    from ..settings import load_settings
    from .console import say, say_json

    settings = load_settings(**given(warehouse, sources))
    path = _file_to_extend(settings)
    listed = _listed(path)
    asked = Source(source_id="new", name=url, feed_url=url, language=language, country=country, timezone=timezone)
    found = _find(asked, settings)
    name = found.feed.title or url
    source = replace(
        asked,
        source_id=key or key_from(name),
        name=name,
        feed_url=found.feed_url,
        site_url=found.feed.site_url or (None if found.feed_url == url else url),
        language=language or found.feed.language,
    )
    (source,) = _append(path, [source], listed)
    is_shared = _share(source, found, settings)
    if as_json:
        entries = len(found.feed.entries)
        say_json({"key": source.source_id, "feed_url": source.feed_url, "why": found.why, "entries": entries})
        return
    say(f"{source.feed_url}: {found.why}; {found.feed.format}, {len(found.feed.entries)} entries")
    say(f"listed as {source.source_id!r} in {path}")
    say("its entries wait for the next run" if is_shared else "the next run asks the feed for its entries")


def import_opml(
    file: Annotated[Path, typer.Argument(help="OPML as exported by a feed reader; JSON or TOML too.")],
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """List every feed of a file that is not listed yet at the end of the sources file."""
    from ..edge.files import read_text
    from ..parse.sources import read_sources
    from ..settings import load_settings
    from .console import say, say_json

    path = _file_to_extend(load_settings(**given(None, sources)))
    listed = _listed(path)
    known = {source.feed_url for source in listed}
    found = read_sources(read_text(file), file_name=str(file))
    news = [source for source in found if source.feed_url not in known]
    added = _append(path, news, listed)
    if as_json:
        say_json({"added": [source.source_id for source in added], "listed_before": len(found) - len(news)})
    else:
        say(f"{len(news)} sources listed in {path}; {len(found) - len(news)} were listed before")


def export(
    sources: SourcesOption = None,
    opml: Annotated[str, typer.Option("--opml", help="File to write; - is standard output.", metavar="FILE")] = "-",
) -> None:
    """Write the sources as OPML 2.0, for any feed reader."""
    from ..parse.source_lists import write_opml
    from ..settings import load_settings
    from ..wiring import load_sources
    from .console import say

    text = write_opml(load_sources(load_settings(**given(None, sources))))
    if opml == "-":
        say(text.rstrip("\n"))
    else:
        Path(opml).write_text(text, encoding="utf-8")


def _file_to_extend(settings: "Settings") -> Path:
    from ..errors import Misconfigured

    path = settings.sources or Path("sources.toml")
    if path.suffix.lower() != ".toml":
        raise Misconfigured(f"{path}: sources are added to .toml files; import it into one first", about=str(path))
    return path


def _listed(path: Path) -> "tuple[Source, ...]":
    from ..edge.files import read_text
    from ..parse.sources import read_sources

    text = read_text(path) if path.exists() else ""
    return read_sources(text, file_name=str(path)) if text.strip() else ()


def _find(source: "Source", settings: "Settings") -> "Found":
    from ..finding import find_feed
    from ..wiring import polite_web

    web = polite_web(settings, [source])
    try:
        return find_feed(source.feed_url, source=source, web=web)
    finally:
        web.close()


def _share(source: "Source", found: "Found", settings: "Settings") -> bool:
    """Keep what the feed has answered for the next run; say whether that could be done just now."""
    from ..errors import WarehouseBusy
    from ..finding import read_again
    from ..polling import share
    from ..wiring import World, new_run_id, utc_now

    feed = read_again(found, source)
    if feed is None:
        return False
    world, now = World(settings), utc_now()
    run_id = new_run_id(now)
    try:
        world.store.begin_run(run_id, [source], now)
        share(source, found.page, feed, store=world.store, run_id=run_id, now=now)
        world.store.end_run(run_id, now)
    except WarehouseBusy:
        return False  # a run is under way, and finds the source listed the next time
    finally:
        world.close()
    return True


def _append(path: Path, news: "list[Source]", listed: "tuple[Source, ...]") -> "tuple[Source, ...]":
    """Add tables at the end of the file, which is otherwise left as it is; say under which keys they are listed."""
    from ..edge.files import read_text
    from ..errors import Misconfigured
    from ..parse.source_lists import source_table
    from ..parse.sources import read_sources

    if not news:
        return ()
    for source in news:
        twin = next((one for one in listed if one.feed_url == source.feed_url), None)
        if twin:
            raise Misconfigured(f"{source.feed_url} is listed as {twin.source_id!r} in {path}", about=source.feed_url)
    before = read_text(path) if path.exists() else ""
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    added = gap + "\n".join(source_table(source) for source in news)
    after = read_sources(before + added, file_name=str(path))
    with path.open("a", encoding="utf-8") as file:
        file.write(added)
    return after[-len(news) :]

"""`ingest sources add`, `import` and `export`: how a newsroom comes onto the list, and the list out of it."""

from contextlib import closing
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from .options import JsonOption, SourcesOption, WarehouseOption, given

if TYPE_CHECKING:
    from ..core.model import Source
    from ..core.settings import Settings
    from ..feeds.discovery import Found

KeyOption = Annotated[str | None, typer.Option("--key", help="Key to keep it under; made from its name without.")]
LanguageOption = Annotated[str | None, typer.Option("--language", help="ISO 639-1, such as es.")]
CountryOption = Annotated[str | None, typer.Option("--country", help="ISO 3166-1 alpha-2, such as MX.")]
TimezoneOption = Annotated[str | None, typer.Option("--timezone", help="IANA, for dates that name no zone.")]

# What can't be found out and figures and times need, with what is done without it and how it is listed.
MISSING = {
    "country": 'whose "$" and pesos are meant, and what 1.250 is, is read by the text alone; '
    'add a line such as country = "MX" (ISO 3166-1)',
    "timezone": 'dates that name no zone are taken for UTC; add a line such as timezone = "America/Mexico_City" (IANA)',
}


def add(
    url: Annotated[str, typer.Argument(help="A newsroom's address, or its feed's.")],
    sources: SourcesOption = None,
    key: KeyOption = None,
    language: LanguageOption = None,
    country: CountryOption = None,
    timezone: TimezoneOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find a newsroom's feed, and list it at the end of the sources file."""
    from dataclasses import replace

    from ..core.errors import Misconfigured
    from ..core.model import Source
    from ..core.settings import load_settings
    from ..feeds.sections.page import SECTION
    from ..feeds.source_formats import key_from
    from .console import say, say_json

    settings = load_settings(**given(warehouse, sources))
    path = _file_to_extend(settings)
    listed = _listed(path)
    url = _web_address(url)
    if key and any(one.source_id == key for one in listed):
        raise Misconfigured(f"the key {key!r} is taken in {path}; choose another with --key", about=key)
    _refuse_twin(url, listed, path)
    zone = timezone or "UTC"
    asked = Source(source_id="new", name=url, feed_url=url, language=language, country=country, timezone=zone)
    found = _find(asked, settings)
    _refuse_twin(found.feed_url, listed, path)
    name = found.feed.title or urlsplit(url).hostname or url
    is_section = found.feed.format == SECTION
    source = replace(
        asked,
        source_id=key or key_from(name),
        name=name,
        feed_url=found.feed_url,
        listing_urls=(found.feed_url,) if is_section else (),
        site_url=found.feed.site_url or (None if found.feed_url == url else url),
        language=language or found.feed.language,
    )
    (source,) = _append(path, _under_free_keys([source], listed))
    is_shared = _share(source, found, settings)
    missing = [name for name, value in (("country", country), ("timezone", timezone)) if not value]
    if as_json:
        told = {"key": source.source_id, "feed_url": source.feed_url, "why": found.why}
        say_json(told | {"entries": len(found.feed.entries), "missing": missing})
        return
    say(f"{source.feed_url}: {found.why}; {found.feed.format}, {len(found.feed.entries)} entries")
    if is_section:
        say("its articles are read from that page: no feed was found on the site")
    say(f"listed as {source.source_id!r} in {path}")
    asked_for = "page" if is_section else "feed"
    say("its entries wait for the next run" if is_shared else f"the next run asks the {asked_for} for its entries")
    for name in missing:
        say(f"no {name} is given: {MISSING[name]} to its table in {path} before that run")


def import_opml(
    file: Annotated[Path, typer.Argument(help="OPML as exported by a feed reader; JSON or TOML too.")],
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """List every feed of a file that is not listed yet at the end of the sources file."""
    from ..core.settings import load_settings
    from ..core.urls import is_web_address, normalise_url
    from ..feeds.sources_file import read_source_file
    from .console import say, say_json

    path = _file_to_extend(load_settings(**given(None, sources)))
    listed = _listed(path)
    known = {normalise_url(source.feed_url) for source in listed}
    found = read_source_file(file)
    refused = [source for source in found if not is_web_address(source.feed_url)]
    news = [one for one in found if one not in refused and normalise_url(one.feed_url) not in known]
    added = _append(path, _under_free_keys(news, listed))
    before = len(found) - len(news) - len(refused)
    if as_json:
        told = {"added": [source.source_id for source in added], "listed_before": before}
        say_json(told | ({"refused": [source.feed_url for source in refused]} if refused else {}))
        return
    say(f"{len(news)} sources listed in {path}; {before} were listed before")
    for source in refused:
        say(f"left out: {source.feed_url!r} ({source.name}) is no http or https address")


def export(
    sources: SourcesOption = None,
    opml: Annotated[str, typer.Option("--opml", help="File to write; - is standard output.", metavar="FILE")] = "-",
) -> None:
    """Write the sources as OPML 2.0, for any feed reader."""
    from ..core.files import write_text
    from ..core.settings import load_settings
    from ..feeds.opml import write_opml
    from ..feeds.sources_file import load_sources
    from .console import say

    text = write_opml(load_sources(load_settings(**given(None, sources))))
    if opml == "-":
        say(text.rstrip("\n"))
    else:
        write_text(Path(opml), text)


def _file_to_extend(settings: "Settings") -> Path:
    from ..core.errors import Misconfigured

    path = settings.sources or Path("sources.toml")
    if path.suffix.lower() != ".toml":
        raise Misconfigured(f"{path}: sources are added to .toml files; import it into one first", about=str(path))
    return path


def _listed(path: Path) -> "tuple[Source, ...]":
    from ..core.files import read_text
    from ..feeds.source_formats import read_sources

    text = read_text(path) if path.exists() else ""
    return read_sources(text, file_name=str(path)) if text.strip() else ()


def _web_address(url: str) -> str:
    """Read an address as people type it, without a scheme as well."""
    from ..core.credentials import secret_in_address
    from ..core.errors import Misconfigured
    from ..core.urls import is_web_address

    if found := secret_in_address(url):
        raise Misconfigured(
            f"the address holds {found}; list it in the sources file by hand, with `secret`", about="address"
        )
    bare = url.strip()
    whole = f"https://{bare}" if "://" not in bare and "." in bare else bare
    if not is_web_address(whole) or any(character.isspace() for character in whole):
        raise Misconfigured(f"{url!r} is no http or https address, such as https://www.gazette.example/", about=url)
    return whole


def _refuse_twin(url: str, listed: "tuple[Source, ...]", path: Path) -> None:
    """Print where a feed is listed already, if it is."""
    from ..core.errors import Misconfigured
    from ..core.urls import normalise_url

    twin = next((one for one in listed if normalise_url(one.feed_url) == normalise_url(url)), None)
    if twin:
        raise Misconfigured(f"{url} is listed as {twin.source_id!r} in {path}", about=url)


def _find(source: "Source", settings: "Settings") -> "Found":
    """Find the feed of the site at a source's address; where it has none, read the address as a section page."""
    from ..core.errors import IngestError, NotAFeed
    from ..feeds.discovery import find_feed, find_section
    from ..pipeline.open_stores import open_state
    from ..pipeline.wiring import polite_web

    with closing(open_state(settings)) as state, closing(polite_web(settings, [source], state)) as web:
        try:
            return find_feed(source.feed_url, source=source, web=web)
        except NotAFeed as no_feed:
            try:
                return find_section(source.feed_url, source=source, web=web)
            except IngestError as error:
                raise NotAFeed(f"{no_feed}; nor is it a section page: {error}", about=source.feed_url) from error


def _share(source: "Source", found: "Found", settings: "Settings") -> bool:
    """Keep what the feed has answered for the next run; say whether that could be done just now."""
    from ..core.errors import WarehouseBusy
    from ..feeds.discovery import read_again
    from ..pipeline.poll import share
    from ..pipeline.wiring import World, new_run_id, utc_now
    from ..warehouse import copy_history, runs

    feed = read_again(found, source)
    if feed is None:
        return False
    world, now = World(settings), utc_now()
    run_id = new_run_id(now)
    try:
        runs.begin_run(world.state, world.warehouse, run_id, [source], now)
        share(source, found.page, feed, state=world.state, run_id=run_id, now=now)
        runs.end_run(world.state, run_id, now)
        copy_history.copy_history(world.state, world.warehouse)
    except WarehouseBusy:
        return False  # a run is under way, and finds the source listed the next time
    finally:
        world.close()
    return True


def _append(path: Path, news: "list[Source]") -> "tuple[Source, ...]":
    """Add tables at the end of the file, which is otherwise left as it is; give the sources under their own keys."""
    from ..core.errors import Misconfigured
    from ..core.files import read_text
    from ..feeds.source_fields import source_table
    from ..feeds.source_formats import read_sources

    if not news:
        return ()
    before = read_text(path) if path.exists() else ""
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    added = gap + "\n".join(source_table(source) for source in news)
    after = read_sources(before + added, file_name=str(path))
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(added)
    except OSError as error:
        raise Misconfigured(f"{path} cannot be written: {error.strerror}", about=str(path)) from error
    return after[-len(news) :]


def _under_free_keys(news: "list[Source]", listed: "tuple[Source, ...]") -> "list[Source]":
    """Return sources with keys that no other has: all that is stored of a source has its key, which must not change."""
    from dataclasses import replace

    from ..feeds.source_formats import key_from

    taken = {source.source_id for source in listed}
    free = []
    for source in news:
        named = key_from(source.name)
        base = named if source.source_id.startswith(named) else source.source_id
        numbered = (f"{base}-{number}" for number in count(2))
        key = next(one for one in chain([source.source_id], numbered) if one not in taken)
        taken.add(key)
        free.append(replace(source, source_id=key))
    return free

"""The list of sources: which file it is, what it says, and what may be fetched because of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from ..core.assets import asset
from ..core.errors import Misconfigured
from ..core.files import read_bytes, read_text
from ..core.model import Source
from ..core.settings import Settings, load_settings
from ..core.urls import is_web_address
from .feed_text import decode_feed
from .source_formats import read_sources


def load_sources(settings: Settings) -> tuple[Source, ...]:
    """Read the sources file that the settings name; else sources.toml here, else the one that ships."""
    return read_source_file(sources_file(settings))


def sources_file(settings: Settings) -> Path:
    """Return the list of sources that counts."""
    here = Path("sources.toml")
    return settings.sources or (here if here.exists() else asset("sources.toml"))


def unvisited_sources(settings: Settings, visited: Collection[str]) -> tuple[Source, ...]:
    """Return the sources that are listed and were never polled.

    None of a list that none of the polled is in: it is the one that ships, or another warehouse's.
    """
    listed = load_sources(settings)
    is_run_here = any(source.source_id in visited for source in listed)
    return tuple(source for source in listed if is_run_here and source.source_id not in visited)


def listed_sources(**given: object) -> tuple[Source, ...]:
    """Read the sources file that settings name, those given here winning."""
    return load_sources(load_settings(**given))


def read_source_file(path: Path) -> tuple[Source, ...]:
    """Read one list of sources; what is written in XML says itself in which characters."""
    is_xml = path.suffix.lower() in {".opml", ".xml"}
    text = decode_feed(read_bytes(path), None)[0] if is_xml else read_text(path)
    return read_sources(text, file_name=str(path))


def choose_sources(sources: Mapping[str, Source], keys: Sequence[str]) -> list[Source]:
    """Return the sources of some keys, all of them for none; Misconfigured names a key that is not there."""
    for key in keys:
        if key not in sources:
            known = ", ".join(sorted(sources))
            raise Misconfigured(f"no source has the key {key!r}; the keys are {known}", about=key)
    return [sources[key] for key in keys] if keys else list(sources.values())


def listed_endpoints(sources: Iterable[Source]) -> Iterator[str]:
    """Return host:port of each feed or section page listed as one of this machine: whoever lists it allows to fetch it.

    Other inward addresses are no list's to allow: lists are exchanged, and machines in a cloud are given credentials
    at such an address.
    """
    for source in sources:
        for url in filter(is_web_address, (source.feed_url, *source.feed_candidates, *source.listing_urls)):
            parts = urlsplit(url)
            host = parts.hostname or ""
            if host == "localhost" or _is_loopback(host):
                yield f"{host}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

"""Examinations of this machine and of what was set on it; none opens the warehouse's files."""

import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from . import Finding, fine, wrong

if TYPE_CHECKING:
    from ...core.settings import Settings

LEAST_FREE_BYTES = 1_000_000_000
CLOUD_METADATA = ip_address("169.254.169.254")  # hands out a machine's credentials to whoever asks from within
MOST_PROCESSES = 4  # for each core: more of them only wait for one another, and hold memory


def python(_: "Settings") -> Iterator[Finding]:
    """Yield which Python this is."""
    version = ".".join(map(str, sys.version_info[:3]))
    if (3, 11) <= sys.version_info[:2] <= (3, 14):
        yield fine(version)
    else:
        yield wrong(f"Python {version} is untried", "use 3.11, 3.12, 3.13 or 3.14")


def settings(found: "Settings") -> Iterator[Finding]:
    """Look for settings that contradict each other, have no effect, or open more than is meant."""
    from ...core.settings import missing_config, unknown_variables

    bad = [*_contradictions(found), *_dangers(found)]
    for name, known in unknown_variables().items():
        near = get_close_matches(name, known, 1)
        bad.append(
            wrong(f"{name} is no setting, so it has no effect", f"unset it, or set {near[0]}" if near else "unset it")
        )
    if path := missing_config():
        bad.append(wrong(f"INGEST_CONFIG names {path}, which is not there", "make the file, or unset INGEST_CONFIG"))
    yield from bad or [fine(f"{len(found.model_fields_set)} set, none against another")]


def _contradictions(found: "Settings") -> Iterator[Finding]:
    least, most = found.poll_min_seconds, found.poll_max_seconds
    if least > most:
        said = f"INGEST_POLL_MIN_SECONDS ({least}) is more than INGEST_POLL_MAX_SECONDS ({most})"
        yield wrong(said, "set the first lower, or the second higher")
    for name in ("connect_seconds", "first_byte_seconds", "idle_seconds"):
        part = getattr(found, name)
        if name in found.model_fields_set and part > found.request_seconds:
            said = (
                f"INGEST_{name.upper()} ({part:g}) is more than the whole answer may take ({found.request_seconds:g})"
            )
            yield wrong(f"{said}, so it has no effect", "set INGEST_REQUEST_SECONDS higher, or it lower")
    if found.quiet_hours and not found.alert_addresses:
        yield wrong("INGEST_QUIET_HOURS is set, but no address to be quiet towards", "set INGEST_ALERT_ADDRESSES too")
    for host in found.host_delays:
        if "/" in host or "@" in host or not host:
            yield wrong(f"INGEST_HOST_DELAYS names {host!r}, which is no host", "write the host alone: www.example.org")


def _dangers(found: "Settings") -> Iterator[Finding]:
    for network in found.allowed_networks:
        if network.version == 4 and CLOUD_METADATA in network:
            said = f"INGEST_ALLOWED_NETWORKS has {network}, where machines in a cloud are given credentials"
            yield wrong(said, "allow only the networks that your newsrooms are in")
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000
    if found.database_memory_mb > memory_mb:
        said = f"INGEST_DATABASE_MEMORY_MB ({found.database_memory_mb}) is more than this machine has ({memory_mb})"
        yield wrong(said, "set it to a quarter of the machine's memory, or less")
    cores = os.cpu_count() or 1
    if found.parse_processes > MOST_PROCESSES * cores:
        said = f"INGEST_PARSE_PROCESSES is {found.parse_processes}, on {cores} cores"
        yield wrong(said, "set it to 0, which is one for each core")


def public_address(found: "Settings") -> Iterator[Finding]:
    """Look whether what the world can reach is safe to reach, where `ingest listen` is given an address."""
    url = found.public_url
    if not url:
        yield fine("none: nothing here can be reached from outside")
        return
    is_safe = url.startswith("https://") or urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}
    if not is_safe:
        said = f"INGEST_PUBLIC_URL ({url}) is without TLS, so whoever is on the way can read tokens and write pushes"
        yield wrong(said, "put what speaks TLS before `ingest listen`, and name it with https://")
    elif not found.ping_token:
        yield fine(f"{url}, for hubs alone", "set INGEST_PING_TOKEN if others are to ping sources")
    else:
        yield fine(f"{url}, with a token for pings")


def extras(found: "Settings") -> Iterator[Finding]:
    """Look for settings that need an extra that is not installed."""
    from ...core.settings import telemetry_wanted

    wanted = [("OTEL_EXPORTER_OTLP_ENDPOINT", "opentelemetry.exporter", "telemetry")] if telemetry_wanted() else []
    wanted += [("INGEST_EXECUTOR", "distributed", "dask")] if "://" in found.executor else []
    wanted += [("INGEST_STATE", "psycopg.pq", "lake")] if found.state and not found.state_path else []
    for setting, module, extra in wanted:
        if not _is_installed(module):
            said = f"{setting} is set, but the extra `{extra}` is not installed"
            yield wrong(said, f"pip install 'news-ingest[{extra}]', or unset it")
            return
    yield fine(f"all that is set for is installed{': ' if wanted else ''}{', '.join(extra for *_, extra in wanted)}")


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def zones(_: "Settings") -> Iterator[Finding]:
    """Look for the time zone data, without which every newsroom's local time is wrong or refused."""
    to_do = "install the package tzdata, of the system or `pip install tzdata`"
    try:
        ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:
        yield wrong("there is no time zone data here", to_do)
        return
    yield fine(f"{len(available_timezones())} time zones")


def sources(found: "Settings") -> Iterator[Finding]:
    """Read the list of newsrooms."""
    from ...feeds.sources_file import load_sources

    listed = load_sources(found)
    by_feed = defaultdict(list)
    for source in listed:
        by_feed[source.feed_url].append(source.source_id)
    for url, keys in by_feed.items():
        if len(keys) > 1:
            yield wrong(f"{', '.join(keys)} have the same feed, {url}", "list it once; the others add nothing")
    bare = [source.source_id for source in listed if not source.country or not source.language]
    if bare:
        said = f"{len(listed)} sources; without country or language: {', '.join(bare[:10])}"
        more = f" and {len(bare) - 10} more" if len(bare) > 10 else ""
        yield fine(said + more, "set both in the sources file: figures are read by the conventions of a place")
    else:
        yield fine(f"{len(listed)} sources")


def secrets(found: "Settings") -> Iterator[Finding]:
    """Look whether the variables are set that sources name for a secret or a proxy, and hold what they should."""
    from ...core.errors import Misconfigured
    from ...core.settings import source_secret
    from ...feeds.sources_file import load_sources
    from ...http.source_credentials import access_of

    try:
        named = [source for source in load_sources(found) if source.secret or source.proxy]
    except Misconfigured:  # told of the sources already
        return
    for source in named:
        try:
            access_of(source, source_secret)
        except Misconfigured as error:
            yield wrong(str(error), "set it in the environment of whatever runs ingest; other sources go on without")
        else:
            variables = " and ".join(filter(None, (source.secret, source.proxy)))
            yield fine(f"{source.source_id}: {variables} set")
    if not named:
        yield fine("no source names one")


def folders(found: "Settings") -> Iterator[Finding]:
    """Try to write wherever a run writes."""
    wanted = {
        found.warehouse: "INGEST_WAREHOUSE",
        found.warehouse / "archive": "INGEST_WAREHOUSE",
        found.warehouse / "checks": "INGEST_WAREHOUSE",
    }
    if found.metrics_file:
        wanted[found.metrics_file.absolute().parent] = "INGEST_METRICS_FILE"
        if not found.metrics_file.absolute().parent.is_dir():
            said = f"{found.metrics_file.absolute().parent} does not exist, so no metrics can be written"
            yield wrong(said, "make the folder, or set INGEST_METRICS_FILE otherwise")
            del wanted[found.metrics_file.absolute().parent]
    tried = 0
    for folder, setting in wanted.items():
        if not folder.exists():
            continue  # a run makes it
        tried += 1
        try:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"whether there is room")
        except OSError as error:
            user = f"user {os.geteuid()}"
            yield wrong(
                f"{folder} cannot be written: {error.strerror}", f"let {user} write it, or set {setting} otherwise"
            )
            return
    yield fine(f"{tried} folders can be written")


def disk(found: "Settings") -> Iterator[Finding]:
    """Look whether there is room for what the next run writes."""
    from ...warehouse.warehouse import NEWS_FILE

    folder = found.warehouse if found.warehouse.is_dir() else Path(tempfile.gettempdir())
    if not found.warehouse.exists():
        folder = next(parent for parent in found.warehouse.absolute().parents if parent.is_dir())
    free = shutil.disk_usage(folder).free
    news = found.warehouse / NEWS_FILE
    needed = LEAST_FREE_BYTES + (news.stat().st_size if news.is_file() else 0)
    said = f"{free / 1e9:,.1f} GB free at {folder}"
    if free < needed:
        to_do = "make room: a release needs it for a second news.duckdb, and the archive grows"
        yield wrong(f"{said}, of {needed / 1e9:,.1f} GB that the next run may need", to_do)
    else:
        yield fine(said)


def contact(found: "Settings") -> Iterator[Finding]:
    """Yield as whom newsrooms are asked."""
    from ...pipeline.web_settings import user_agent

    said = f"User-Agent {user_agent(found.contact, found.user_agent)}"
    if found.contact:
        yield fine(said)
    else:
        yield fine(f"{said}; newsrooms can't reach you", "set INGEST_CONTACT to a page or an address")

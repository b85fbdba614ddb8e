"""`ingest doctor`: what is misconfigured here, and how to mend it."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer

from .options import JsonOption, SourcesOption, WarehouseOption, given

if TYPE_CHECKING:
    from ..settings import Settings

LEAST_FREE_BYTES = 1_000_000_000


def doctor(sources: SourcesOption = None, warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Look at everything a run leans on; each thing that is wrong comes with what to do."""
    from ..errors import IngestError
    from ..settings import load_settings
    from .console import say_json, say_table

    found = []
    settings = load_settings(**given(warehouse, sources))
    for name, examine in _examinations(settings):
        try:
            found.append({"checked": name, "healthy": True, "found": examine()})
        except IngestError as error:
            found.append({"checked": name, "healthy": False, "found": str(error)})
    if as_json:
        say_json(found)
    else:
        say_table(found, ("checked", "healthy", "found"))
    if not all(one["healthy"] for one in found):
        raise typer.Exit(1)


def _examinations(settings: "Settings") -> Iterator[tuple[str, Callable[[], str]]]:
    yield "python", _python
    yield "sources", lambda: _sources(settings)
    yield "warehouse", lambda: _warehouse(settings)
    yield "disk", lambda: _disk(settings)
    yield "suites", _suites
    yield "published", lambda: _published(settings)
    yield "alerts", lambda: _alerts(settings)
    yield "contact", lambda: _contact(settings)


def _python() -> str:
    from ..errors import Misconfigured

    version = ".".join(map(str, sys.version_info[:3]))
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise Misconfigured(f"Python {version} is untried; use 3.11, 3.12 or 3.13", about="python")
    return version


def _sources(settings: "Settings") -> str:
    from ..wiring import load_sources

    listed = load_sources(settings)
    bare = [source.source_id for source in listed if not source.country or not source.language]
    hint = f"; without country or language, so that figures are read by default: {', '.join(bare)}" if bare else ""
    return f"{len(listed)} sources{hint}"


def _warehouse(settings: "Settings") -> str:
    from ..edge.migrations import migrations
    from ..edge.warehouse import Warehouse

    Warehouse(settings.warehouse).close()
    return f"{settings.warehouse} is writable, schema {migrations()[-1][0]}"


def _disk(settings: "Settings") -> str:
    from ..errors import Misconfigured

    folder = settings.warehouse if settings.warehouse.exists() else settings.warehouse.absolute().parent
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:,.1f} GB free at {folder}"
    if free < LEAST_FREE_BYTES:
        message = f"{said}; a release needs room for a second news.duckdb, and the archive grows"
        raise Misconfigured(message, about=str(folder))
    return said


def _suites() -> str:
    from ..assets import asset
    from ..edge.gx_suites import read_suites, read_warehouse_suite
    from ..edge.quality import SuiteJudge
    from ..edge.warehouse import Warehouse

    folder = asset("expectations")
    suites = [*read_suites(folder).values(), read_warehouse_suite(folder)]
    with (
        TemporaryDirectory() as empty_folder,
        closing(Warehouse(Path(empty_folder))) as empty,
        closing(SuiteJudge(folder, empty.connect)) as judge,
    ):
        judge.try_out()
    return f"{len(suites)} suites, {sum(map(len, suites))} expectations"


def _published(settings: "Settings") -> str:
    """Judge all that is published as the first run of a day does, which opens and ends alerts."""
    from ..assets import asset
    from ..auditing import audit
    from ..edge.quality import SuiteJudge
    from ..edge.store import WarehouseStore
    from ..edge.warehouse import Warehouse
    from ..errors import WarehouseUnusable
    from ..wiring import utc_now

    with closing(Warehouse(settings.warehouse, memory_mb=settings.database_memory_mb)) as warehouse:
        pages = settings.warehouse / "checks"
        with closing(SuiteJudge(asset("expectations"), warehouse.connect, pages_folder=pages)) as judge:
            found = audit(judge=judge, store=WarehouseStore(warehouse), now=utc_now())
    broken = [verdict for verdict in found if not verdict.passed]
    if broken:
        told = "; ".join(f"{one.suite}.{one.rule}: {one.unexpected:,} rows, as {one.observed}" for one in broken)
        raise WarehouseUnusable(f"{told}; `ingest status` has the alert", about="published")
    return f"holds together, by {len(found)} expectations"


def _alerts(settings: "Settings") -> str:
    from ..edge.messenger import count_addresses

    count = count_addresses([address.get_secret_value() for address in settings.alert_addresses])
    return f"{count} addresses" if count else "no address set: alerts go to the log alone (INGEST_ALERT_ADDRESSES)"


def _contact(settings: "Settings") -> str:
    from ..wiring import user_agent

    hint = "" if settings.contact else "; newsrooms can't reach you: set INGEST_CONTACT to a page or an address"
    return f"User-Agent {user_agent(settings.contact, settings.user_agent)}{hint}"

"""`ingest doctor`: what is misconfigured here, and how to fix it."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .options import JsonOption, SourcesOption, WarehouseOption, given

if TYPE_CHECKING:
    from ..core.settings import Settings
    from .doctor_checks import Finding

NEEDING_THE_WAREHOUSE = {"runs", "release", "archive", "clock", "published", "prefect", "feeds"}


def doctor(
    sources: SourcesOption = None,
    warehouse: WarehouseOption = None,
    feeds: Annotated[bool, typer.Option("--feeds", help="Ask every feed, too; two minutes at most.")] = False,
    send_test: Annotated[
        bool, typer.Option("--send-test", help="Send a test message to every address that alerts go to.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Look at everything a run leans on; each thing that is wrong comes with what to do."""
    from ..core.settings import load_settings
    from .console import say_json, say_table

    rows = list(_examined(load_settings(**given(warehouse, sources)), with_feeds=feeds, with_messages=send_test))
    if as_json:
        say_json(rows)
    else:
        say_table(rows, ("checked", "healthy", "found", "since", "to_do"))
    if not all(row["healthy"] for row in rows):
        raise typer.Exit(1)


def _examined(settings: "Settings", *, with_feeds: bool, with_messages: bool) -> Iterator[dict[str, Any]]:
    """Examine one thing after another; what needs a warehouse is left out where there is none to be had."""
    from .doctor_checks import unless_wrong

    is_open = True
    for name, examine in _examinations(with_feeds=with_feeds, with_messages=with_messages):
        if name in NEEDING_THE_WAREHOUSE and not is_open:
            continue
        said: list[Finding] = []
        with unless_wrong(said):
            said.extend(examine(settings))
        is_open = is_open and not (name == "warehouse" and any(one.is_wrong for one in said))
        for one in said:
            told = {"found": one.found, "since": one.since, "to_do": one.to_do}
            yield {"checked": name, "healthy": not one.is_wrong, **told}


def _examinations(
    *, with_feeds: bool, with_messages: bool
) -> Iterator[tuple[str, Callable[["Settings"], Iterator["Finding"]]]]:
    from .doctor_checks import kept, machine, others

    yield "python", machine.python
    yield "settings", machine.settings
    yield "extras", machine.extras
    yield "time zones", machine.zones
    yield "sources", machine.sources
    yield "secrets", machine.secrets
    yield "warehouse", kept.warehouse
    yield "folders", machine.folders
    yield "disk", machine.disk
    yield "runs", kept.runs
    yield "release", kept.release
    yield "archive", kept.archive
    yield "clock", kept.clock
    yield "suites", kept.suites
    yield "published", kept.published
    yield "alerts", kept.alerts
    yield "contact", machine.contact
    yield "public", machine.public_address
    yield "prefect", others.prefect
    if with_feeds:
        yield "feeds", others.feeds
    if with_messages:
        yield "test message", others.test_messages

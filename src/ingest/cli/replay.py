"""`ingest replay`: what today's readers make of archived pages, before and after it is published."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..report.run_summary import EXIT_BATCH_REJECTED
from .options import JsonOption, SourceOption, SourcesOption, WarehouseOption, given

if TYPE_CHECKING:
    from ..pipeline.replay import Rereading
    from ..pipeline.wiring import World

FIGURES_SHOWN = 10  # for each source
UNLISTED = "it is not in the sources file any more; list it again to read its pages again"
COUNTED = (
    *("source_id", "articles", "articles_added", "articles_changed", "unread"),
    *("figures", "figures_added", "figures_changed", "figures_dropped", "rows_held", "stopped_by"),
)


def replay(
    source: SourceOption = None,
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Pages fetched on this day (UTC) or later.")
    ] = None,
    publish: Annotated[bool, typer.Option("--publish", help="Publish without asking, if the suites pass.")] = False,
    sources: SourcesOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read archived pages again, show what would change, and publish it if the suites pass and you say so."""
    from ..feeds.sources_file import choose_sources
    from ..observability.telemetry import log_as_set
    from ..pipeline.replay import publish_rereadings, validate_rereadings, weigh
    from ..pipeline.wiring import new_run_id, open_world, utc_now
    from ..warehouse import quarantine, releases
    from .console import say, say_json
    from .progress import watching_pages

    with open_world(**given(warehouse, sources)) as world:
        log_as_set(world.settings)
        chosen = choose_sources(world.sources, source or ())
        now = utc_now()
        run_id = new_run_id(now)
        quarantine.withdraw_proposals(world.state, world.warehouse)
        first_day = since.replace(tzinfo=UTC) if since else None
        with watching_pages(world, [key.source_id for key in chosen], first_day):
            read = [one for key in chosen if (one := _reread(world, key.source_id, run_id, now, first_day))]
            validated = validate_rereadings(
                read, validator=world.validator, state=world.state, warehouse=world.warehouse
            )
            found = [weigh(one, state=world.state, warehouse=world.warehouse) for one in validated]
        told = [_told(world, one) for one in found]
        unkept = world.state.read("unkept", {"sources": list(source or ())})
        unlisted = [] if source else world.state.read("unlisted", {"listed": list(world.sources)})
        if not as_json:
            _show_unlisted(unlisted)
            _show(told)
            _show_unkept(unkept)
        is_wanted = bool(found) and (publish or (not as_json and _asked()))
        wanted = found if is_wanted else []
        published = publish_rereadings(
            wanted, validator=world.validator, state=world.state, warehouse=world.warehouse, now=now
        )
        quarantine.withdraw_proposals(world.state, world.warehouse)
        releases.release_file(world.state, world.warehouse, now)
    left_out = {"unlisted": unlisted, "unkept": unkept}
    if as_json:
        say_json({"sources": told, "published": [one.batch.source_id for one in published]} | left_out)
    elif is_wanted:
        say(f"published {len(published)} of {len(found)} sources")
    elif found:
        say("nothing was published; --publish does it")
    if is_wanted and len(published) < len(found):
        raise typer.Exit(EXIT_BATCH_REJECTED)


def _reread(world: "World", key: str, run_id: str, now: datetime, since: datetime | None) -> "Rereading | None":
    from ..pipeline.replay import reread

    return reread(
        world.sources[key],
        web=world.web,
        state=world.state,
        warehouse=world.warehouse,
        parse_all=world.parse_all,
        run_id=run_id,
        now=now,
        since=since,
    )


def _told(world: "World", found: "Rereading") -> dict[str, Any]:
    from ..warehouse import quarantine

    figures = quarantine.reread_figures(world.warehouse, found.batch.batch_id, found.held, FIGURES_SHOWN)
    return {
        "source_id": found.batch.source_id,
        **found.changes,
        "rows_held": sum(map(len, found.held.values())),
        "unread": sum(found.unread.values()),
        "unread_reasons": dict(found.unread),
        "stopped_by": ", ".join(f"{validation.suite}.{validation.rule}" for validation in found.broken) or None,
        "examples": figures,
    }


def _show(told: list[dict[str, Any]]) -> None:
    from .console import say, say_table

    if not told:
        say("no pages in the archive of sources that are listed")
        return
    say_table(told, COUNTED)
    for one in told:
        if one["examples"]:
            title = f"{one['source_id']}: figures, the first {len(one['examples'])} that differ"
            say_table(one["examples"], ("change", "text", "before", "after"), title=title)


def _show_unlisted(unlisted: list[dict[str, Any]]) -> None:
    from .console import say

    for one in unlisted:
        say(f"left out    {one['source_id']}: {one['stories']:,} stories: {UNLISTED}")


def _show_unkept(unkept: list[dict[str, Any]]) -> None:
    from .console import say

    for one in unkept:
        gone = f"their pages are no longer kept: the last went on {one['removed_at']:%Y-%m-%d}"
        say(f"left out    {one['source_id']}: {one['stories']:,} stories: {gone} (INGEST_ARCHIVE_DAYS)")


def _asked() -> bool:
    return sys.stdin.isatty() and typer.confirm("Publish this?")

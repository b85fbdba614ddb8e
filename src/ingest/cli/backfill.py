"""`ingest backfill`: what a newsroom published before we watched it."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer

from .options import JsonOption, SourcesOption, WarehouseOption, given

DAY = ["%Y-%m-%d"]


def backfill(
    source: Annotated[str, typer.Argument(help="A source's key.")],
    first: Annotated[datetime, typer.Option("--from", formats=DAY, help="First day.")],
    last: Annotated[datetime, typer.Option("--to", formats=DAY, help="Last day.")],
    sources: SourcesOption = None,
    warehouse: WarehouseOption = None,
    direct: Annotated[bool, typer.Option("--direct", help="Take the same steps without Prefect.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Load what a source published in a range of days, through its sitemaps and archive; run again, it carries on."""
    from ..core.errors import Misconfigured
    from ..core.fetch_state import Backfill
    from ..core.settings import load_settings
    from ..feeds.sources_file import choose_sources
    from ..observability.telemetry import log_as_set
    from ..pipeline.wiring import new_run_id, open_world, utc_now
    from ..report.run_summary import EXIT_SOURCES_FAILED, exit_code, summary_of
    from . import run
    from .own_server import api_unless
    from .progress import watching

    if last < first:
        raise Misconfigured(f"--from {first:%Y-%m-%d} is after --to {last:%Y-%m-%d}", about="--from")
    said = given(warehouse, sources)
    log_as_set(load_settings(**said))
    wanted = Backfill(source_id=source, first_day=first.date(), last_day=last.date())
    run_id = new_run_id(utc_now())
    with api_unless(direct, said) as api, open_world(**said) as world:
        choose_sources(world.sources, [source])
        with watching(world, run_id):
            if api is None:
                from ..flows.direct import backfill_directly

                report = backfill_directly(run_id, wanted, given=said)
            else:
                days = (first.date(), last.date())
                report = api.run("backfill", source, *days, run_id=run_id, given=dict(said))
        gone_through = world.state.read("report_backfill", asdict(wanted))
        summary = summary_of(report, state=world.state.read)
    run.show(summary | {"addresses": gone_through}, as_json=as_json)
    if not as_json:
        _show(gone_through)
    is_unfinished = any(one["waits"] for one in gone_through)
    raise typer.Exit(exit_code(summary) or (EXIT_SOURCES_FAILED if is_unfinished else 0))


def _show(gone_through: list[dict[str, Any]]) -> None:
    """Tell how the sitemaps and archive pages went, and that those which wait are read by running it again."""
    from .console import say

    for one in gone_through:
        reason = f" ({one['reason']})" if one["reason"] else ""
        if one["waits"]:
            say(f"waiting     {one['addresses']:,} addresses{reason}, such as {one['example']}; run it again")
        elif one["reason"]:
            say(f"nothing in  {one['addresses']:,} addresses{reason}, such as {one['example']}")
        else:
            say(
                f"read        {one['addresses']:,} addresses, which listed {one['entries']:,} new entries of these days"
            )

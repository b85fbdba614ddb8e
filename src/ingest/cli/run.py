"""`ingest run` and `ingest migrate`."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..report.run_summary import exit_code, rejected_lines, source_failures, sum_line, summary_of, trouble_lines
from .options import JsonOption, SourceOption, SourcesOption, WarehouseOption, former_name_of, given

if TYPE_CHECKING:
    from .own_server import PrefectApi


def run(
    sources: SourcesOption = None,
    source: SourceOption = None,
    warehouse: WarehouseOption = None,
    direct: Annotated[bool, typer.Option("--direct", help="Take the same steps without Prefect.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Poll every source, due or not.")] = False,
    refetch: Annotated[
        bool, typer.Option("--refetch", help="Fetch every page again that feeds list now, whatever its age.")
    ] = False,
    as_json: JsonOption = False,
    former_force: Annotated[bool, typer.Option("--all", hidden=True, callback=former_name_of("--force"))] = False,
    former_refetch: Annotated[
        bool, typer.Option("--recheck", hidden=True, callback=former_name_of("--refetch"))
    ] = False,
) -> None:
    """Run the pipeline once over the sources that are due: poll, fetch, parse, stage, validate, publish, notify."""
    from .console import say
    from .own_server import api_unless

    said = given(warehouse, sources)
    tell = silent if as_json else say
    keys = tuple(source or ())
    with api_unless(direct, said) as api:
        summary = run_pipeline(
            said, keys=keys, everything=force or former_force, api=api, recheck=refetch or former_refetch, tell=tell
        )
    show(summary, as_json=as_json)
    raise typer.Exit(exit_code(summary))


def migrate(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Bring warehouse and state to the shape this version knows; `run` does so by itself."""
    from ..core.settings import load_settings
    from ..pipeline.open_stores import open_both
    from ..warehouse.migrations import migrations
    from .console import say, say_json

    opened, state = open_both(load_settings(**given(warehouse)))
    done = [*opened.migrated, *(f"state/{name}" for name in state.migrated)]
    state.close()
    opened.close()
    if as_json:
        say_json({"migrated": done, "schema": migrations()[-1][0]})
    else:
        said = f"ran {', '.join(done)}" if done else "nothing to do"
        say(f"schema {migrations()[-1][0]}: {said}")


def silent(_: str) -> None:
    """Print nothing, where standard output is for a program."""


def run_pipeline(
    said: Mapping[str, object],
    *,
    keys: tuple[str, ...],
    everything: bool,
    api: "PrefectApi | None",
    tell: Callable[[str], object],
    recheck: bool = False,
) -> dict[str, Any]:
    """Run once, without Prefect where there is no API of it, and collect what there is to say about it.

    `tell` is passed what is being done where no bar shows it.
    """
    from ..core.settings import load_settings
    from ..feeds.sources_file import choose_sources
    from ..observability.telemetry import log_as_set
    from ..pipeline.wiring import new_run_id, open_world, utc_now
    from .progress import stages_shown, watching

    log_as_set(load_settings(**said))
    run_id = new_run_id(utc_now())
    with open_world(**said) as world:
        choose_sources(world.sources, keys)  # told now, before Prefect has been waited for
        first = "starting" if api is None else "starting Prefect"
        with stages_shown(world, run_id, first, tell), watching(world, run_id):
            if api is None:
                from ..flows.direct import run_directly

                report = run_directly(run_id, keys=keys, everything=everything, given=said, recheck=recheck)
            else:
                report = api.run("ingest", keys, everything, recheck, run_id=run_id, given=dict(said))
        return summary_of(report, state=world.state.read)


def show(summary: Mapping[str, Any], *, as_json: bool) -> None:
    """Tell a person, or a program, how a run went."""
    from .console import say, say_json, say_table

    if as_json:
        say_json({**summary, "stopped": summary["rejected_batches"]})  # its former name, until the next release
        return
    counted = ("entries", "published", "unchanged", "quarantined", "rejected", "failed")
    answered = [source for source in summary["sources"] if source["feed"] != "failed" or source["entries"]]
    if answered:
        say_table(answered, ("source_id", "feed", *counted))
    for source in summary["sources"]:
        _show_source(source)
    for line in rejected_lines(summary):
        say(f"rejected    {line}")
    for one in summary["quarantined"]:
        held = f"{one['rows']:,} {one['table_name']} by {one['rule']}"
        say(f"quarantined {one['source_id']}: {held}: {'; '.join(one['examples'])} ({one['note']})")
    for line in trouble_lines(summary):
        say(f"trouble     {line}")
    if summary["not_due"]:
        say(f"not due     {len(summary['not_due'])} sources; --force polls them all the same")
    say(sum_line(summary))


def _show_source(source: Mapping[str, Any]) -> None:
    from .console import say

    for line in source_failures(source):
        say(f"failed      {line}")
    if source["waiting"]:
        say(f"waiting     {source['source_id']}: {source['waiting']:,} entries, for the next run")

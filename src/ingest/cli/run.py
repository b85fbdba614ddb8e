"""`ingest run` and `ingest migrate`."""

import signal
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .options import JsonOption, SourceOption, SourcesOption, WarehouseOption, given

if TYPE_CHECKING:
    from ..flows.route import Report
    from .own_server import PrefectApi

EXIT_SOURCES_FAILED = 3
EXIT_BATCH_STOPPED = 4
EXIT_SIGNALLED = 128  # and the number of the signal, as a shell has it
OURS = {"judge_failed", "misconfigured", "warehouse_unusable", "cluster_away", "defect"}
OURS |= {"disk_full", "out_of_memory"}  # no source is to blame


def run(
    sources: SourcesOption = None,
    source: SourceOption = None,
    warehouse: WarehouseOption = None,
    direct: Annotated[bool, typer.Option("--direct", help="Take the same steps without Prefect.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Visit every source, due or not.")] = False,
    recheck: Annotated[
        bool, typer.Option("--recheck", help="Ask again for every page that feeds list now, whatever its age.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Take one pass over the sources that are due: poll, fetch, read, stage, validate, publish, alert."""
    from .console import say
    from .own_server import api_unless

    said = given(warehouse, sources)
    tell = silent if as_json else say
    keys = tuple(source or ())
    with api_unless(direct, said) as api:
        summary = take_a_pass(said, keys=keys, everything=everything, api=api, recheck=recheck, tell=tell)
    show(summary, as_json=as_json)
    raise typer.Exit(exit_code(summary))


def migrate(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Bring the pipeline's file to the shape this version knows; `run` does so by itself."""
    from ..edge.migrations import migrations
    from ..opening import open_warehouse
    from ..settings import load_settings
    from .console import say, say_json

    opened = open_warehouse(load_settings(**given(warehouse)))
    done = opened.migrated
    opened.close()
    if as_json:
        say_json({"migrated": done, "schema": migrations()[-1][0]})
    else:
        said = f"ran {', '.join(done)}" if done else "nothing to do"
        say(f"schema {migrations()[-1][0]}: {said}")


def silent(_: str) -> None:
    """Say nothing, where standard output is for a program."""


def take_a_pass(
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
    from ..listed import choose_sources
    from ..monitoring import log_as_set
    from ..settings import load_settings
    from ..wiring import new_run_id, open_world, utc_now
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
                report = api.run("ingest", run_id, list(keys), everything=everything, given=dict(said), recheck=recheck)
        return summary_of(world.warehouse.read, report)


def exit_code(summary: Mapping[str, Any]) -> int:
    """Say in one number how a run went: 4 a batch was stopped, 3 a source failed, 1 something of ours, 0 fine.

    A run that was told to stop ends as a process ends that the signal kills: 143 by SIGTERM, 130 by SIGINT.
    A source whose feed answers has failed all the same when its host gave not one of the pages that were asked for.
    """
    if summary["stopped_by"]:
        return EXIT_SIGNALLED + signal.Signals[summary["stopped_by"]]
    if any(trouble["reason"] in OURS for trouble in summary["troubles"]):
        return 1
    if summary["stopped"]:
        return EXIT_BATCH_STOPPED
    if summary["troubles"] or any(one["feed"] == "failed" or one["is_cut_off"] for one in summary["sources"]):
        return EXIT_SOURCES_FAILED
    return 0


def show(summary: Mapping[str, Any], *, as_json: bool) -> None:
    """Tell a person, or a program, how a run went."""
    from .console import say, say_json, say_table

    if as_json:
        say_json(summary)
        return
    counted = ("entries", "published", "unchanged", "quarantined", "rejected", "failed")
    answered = [source for source in summary["sources"] if source["feed"] != "failed" or source["entries"]]
    if answered:
        say_table(answered, ("source_id", "feed", *counted))
    for source in summary["sources"]:
        _show_source(source)
    for one in summary["stopped"]:
        say(
            f"stopped     {one['source_id']}: {one['articles']} articles, {one['figures']} figures: {one['rule']}: "
            f"{one['unexpected']:,} of {one['checked']:,} rows. {one['note']}"
        )
    for one in summary["quarantined"]:
        held = f"{one['rows']:,} {one['table_name']} by {one['rule']}"
        say(f"quarantined {one['source_id']}: {held}: {'; '.join(one['examples'])} ({one['note']})")
    for one in summary["troubles"]:
        say(f"trouble     {one['source_id'] or one['key']}: {one['reason']}: {one['detail']}")
    if summary["not_due"]:
        say(f"not due     {len(summary['not_due'])} sources; --all visits them all the same")
    say(_sum_line(summary))


def _show_source(source: Mapping[str, Any]) -> None:
    from .console import say

    if source["feed"] == "failed":
        say(f"failed      {source['source_id']}: {source['reason']}: {source['detail']}")
    if source["is_cut_off"]:
        say(f"failed      {source['source_id']}: none of the pages asked for could be had; they are tried again")
    if source["waiting"]:
        say(f"waiting     {source['source_id']}: {source['waiting']:,} entries, for the next run")


def _sum_line(summary: Mapping[str, Any]) -> str:
    ends = [
        f"{one['entries']:,} {one['outcome']} ({one['reason']})"
        if one["outcome"]
        else f"{one['entries']:,} {one['reason'] or 'under way'}"
        for one in summary["reasons"]
    ]
    return f"{summary['entries']:,} entries came in{': ' if ends else ''}{', '.join(ends)}"


def summary_of(read: Any, report: "Report") -> dict[str, Any]:
    """Collect what the warehouse tells of a run."""
    from ..errors import passing_reasons

    run = {"run_id": report.run_id}
    sources = read("report_sources", run | {"passing_reasons": passing_reasons()})
    keys = [trouble.key for trouble in report.troubles]
    source_of = {one["batch_id"]: one["source_id"] for one in read("sources_of_batches", {"batch_ids": keys})}
    source_of |= {source["source_id"]: source["source_id"] for source in sources}
    return {
        "run": report.run_id,
        "stopped_by": report.stopped_by,
        "entries": sum(source["entries"] for source in sources),
        "waiting": sum(source["waiting"] for source in sources),
        "reasons": read("report_reasons", run),
        "sources": sources,
        "stopped": read("report_stopped", run),
        "quarantined": read("report_quarantined", run),
        "troubles": [
            {
                "key": trouble.key,
                "source_id": source_of.get(trouble.key),
                "reason": trouble.reason,
                "detail": trouble.detail,
            }
            for trouble in report.troubles
        ],
        "not_due": list(report.not_due),
    }

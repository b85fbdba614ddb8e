"""Commands that look and change nothing: `status`, `explain` and `sql`."""

from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .options import JsonOption, SourceOption, WarehouseOption, given

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..core.settings import Settings


_COUNTED = frozenset({"visits", "not_modified", "pages", "pages_failed", "published"})


def status(source: SourceOption = None, warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Show per source how its last visit went, what came of its entries, and what is wrong with it now."""
    from ..core.errors import Misconfigured
    from ..core.settings import load_settings
    from ..pipeline.open_stores import look_within
    from ..warehouse.warehouse import NEWS_FILE
    from .console import say, say_json, say_table

    settings = load_settings(**given(warehouse))
    rows, hosts, sourceless = (
        look_within(settings, name, or_in=[NEWS_FILE])
        for name in ("report_status", "report_hosts", "report_sourceless_alerts")
    )
    pushed = _pushed(settings)
    for row in rows:
        row["push"] = pushed.get(row["source_id"])
        row["hosts"] = [_without_source(one) for one in hosts if one["source_id"] == row["source_id"]]
    rows += _unvisited(settings, rows)
    known = [row["source_id"] for row in rows]
    for key in source or ():
        if key not in known:
            message = f"no source with the key {key!r} is known here; known are {', '.join(known) or 'none'}"
            raise Misconfigured(message, about=key)
    rows = [row for row in rows if not source or row["source_id"] in source]
    if as_json:
        nobodys_alerts = [{"source_id": None, "alert": one["title"], "detail": one["body"]} for one in sourceless]
        say_json([*rows, *nobodys_alerts])
        return
    columns = ("source_id", "polled_at", "outcome", "reason", "next_poll_at", "news_at", "lag_seconds")
    say_table(rows, (*columns, "visits", "not_modified", "pages", "pages_failed", "published"))
    nobodys = [] if source else [one for one in hosts if one["source_id"] is None]
    by_host = {one["host"]: one for one in (*(one for row in rows for one in row["hosts"]), *nobodys)}
    if by_host:
        asked = ("host", "requests", "not_modified_percent", "received_bytes", "throttled", "failed")
        say_table([by_host[host] for host in sorted(by_host)], asked, title="What was asked of each host")
    for row in rows:
        for line in _remarks(row):
            say(line)
    for alert in sourceless:
        say(f"alert: {alert['title']}\n{alert['body']}")


def _unvisited(settings: "Settings", visited: "list[dict[str, Any]]") -> "list[dict[str, Any]]":
    """Return a row of each source that is listed and no run has come to yet; none where the list can't be read."""
    from ..core.errors import Misconfigured
    from ..feeds.sources_file import unvisited_sources

    try:
        waiting = unvisited_sources(settings, [row["source_id"] for row in visited])
    except Misconfigured:  # runs and `ingest doctor` tell
        return []
    nothing: dict[str, Any] = {name: 0 if name in _COUNTED else None for row in visited[:1] for name in row} | {
        "hosts": []
    }
    return [
        {**nothing, "source_id": one.source_id, "feed_url": one.feed_url, "outcome": "not visited"} for one in waiting
    ]


def explain(
    figure_id: Annotated[str, typer.Argument(help="A figure's id, or the beginning of it.")],
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a figure marked in its sentence, the rules that made it, its article, version and page capture."""
    from ..core.errors import Misconfigured
    from ..warehouse.warehouse import NEWS_FILE, look
    from .console import say, say_json

    found = look([_folder(warehouse) / NEWS_FILE], "report_figure", {"figure_id": figure_id})
    if len(found) != 1:
        what = "several figures begin" if found else "no figure begins"
        raise Misconfigured(f"{what} with {figure_id!r}; `select figure_id from figures` lists them", about=figure_id)
    figure = found[0]
    if as_json:
        say_json(figure)
        return
    for line in _explanation(figure):
        say(line)


def sql(
    query: Annotated[str, typer.Argument(help="What to ask news.duckdb.")],
    warehouse: WarehouseOption = None,
    external_access: Annotated[
        bool,
        typer.Option("--external-access", help="Let the query read and write other files, and go out to the network."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask the analysts' file, which is opened for reading only, and nothing else."""
    from ..warehouse.warehouse import NEWS_FILE
    from ..warehouse.warehouse import query as ask
    from .console import say_json, say_table

    columns, values = ask(_folder(warehouse) / NEWS_FILE, query, may_reach_out=external_access)
    rows = [dict(zip(columns, row, strict=True)) for row in values]
    if as_json:
        say_json(rows)
    elif columns:
        say_table(rows, columns)


def _remarks(source: dict[str, Any]) -> "Iterator[str]":
    """Yield what a person should know of a source beside its row."""
    from ..feeds.sections.page import SECTION

    key = source["source_id"]
    if source["alert"]:
        yield f"alert: {source['alert']}"
    if source["gone_at"]:
        yield f"{key}: gone for good since {source['gone_at']:%Y-%m-%d}, not polled but with --force"
    if source["push"]:
        yield f"{key}: {_push_remark(source['push'])}"
    if source["moved_from"] and source["format"] == SECTION:
        yield f"{key}: no feed at {source['moved_from']}; {source['feed_url']} is read as a section page instead"
    elif source["moved_from"]:
        yield f"{key}: moved from {source['moved_from']} to {source['feed_url']}"
    if source["outcome"] == "failed":
        yield f"{key}: {source['failures_in_a_row']} in a row: {source['detail']}"


def _pushed(settings: "Settings") -> "dict[str, dict[str, Any]]":
    """Return by source how it stands with the hub that pushes it, or that is asked to.

    Nothing is told where the state can't be read: analysts have the released file alone.
    """
    from ..core.errors import WarehouseUnusable
    from ..pipeline.open_stores import open_state_to_read
    from ..state.inbox import StateInbox

    try:
        with closing(open_state_to_read(settings)) as state:
            inbox = StateInbox(state)
            told = sorted(inbox.subscriptions(), key=lambda one: one.state == "active")  # of two, the one that pushes
            listening = inbox.listening()
    except WarehouseUnusable:
        return {}
    secret, seen_at = {"token", "secret"}, listening.seen_at if listening else None
    return {
        one.source_id: {name: value for name, value in asdict(one).items() if name not in secret}
        | {"listening_at": seen_at}
        for one in told
        if one.state != "left"
    }


def _push_remark(push: dict[str, Any]) -> str:
    hub = f"hub {push['hub_url']}"
    if push["state"] != "active":
        return f"{hub} does not push it ({push['reason'] or 'not confirmed yet'}); visited as before"
    since = f"last push {push['last_push_at']:%Y-%m-%d %H:%M}" if push["last_push_at"] else "no push yet"
    lease = f"{hub} pushes it until {push['lease_ends_at']:%Y-%m-%d %H:%M}, {since}"
    if push["is_trusted"]:
        return f"{lease}; visited once a day for safety"
    if push["distrusted_at"]:
        when = f"{push['distrusted_at']:%Y-%m-%d %H:%M}"
        return f"{lease}; not believed since {when}, when it had missed {push['missed']}; visited as before"
    return f"{lease}; visited as before"


def _without_source(host: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in host.items() if name != "source_id"}


def _folder(warehouse: "Path | None") -> "Path":
    from ..core.settings import load_settings

    return load_settings(**given(warehouse)).warehouse


def _explanation(figure: dict[str, Any]) -> list[str]:
    start, end, text = figure["span_start"], figure["span_end"], figure["paragraph_text"]
    offset = max(text.rfind(figure["sentence"], 0, start + len(figure["sentence"])), 0)
    sentence = figure["sentence"]
    marked = f"{sentence[: start - offset]}[[{sentence[start - offset : end - offset]}]]{sentence[end - offset :]}"
    high = f" to {figure['value_high'].normalize():,f}" if figure["value_high"] is not None else ""
    lines = [
        marked,
        "",
        f"value       {figure['value'].normalize():,f}{high}",
        f"kind, unit  {figure['kind']}, {figure['unit'] or 'none'}",
        f"qualifier   {figure['qualifier']}",
        f"subject     {figure['subject'] or 'none named'}",
        f"said by     {figure['attributed_to'] or 'nobody named in the sentence'}",
        f"rules       {', '.join(figure['rules'])} (readers' version {figure['parser_version']})",
        f"article     {figure['title']} ({figure['source_id']}, version {figure['version']})",
        f"address     {figure['url']}",
    ]
    if figure["flags"]:
        lines.append(f"flags       {', '.join(figure['flags'])}")
    if figure["capture_id"]:
        when = f"{figure['captured_at']:%Y-%m-%d %H:%M:%S} UTC"
        lines.append(f"capture     {figure['warc_file']}, byte {figure['warc_offset']:,}, {when}")
    if figure["removed_at"]:
        lines.append(f"            no longer kept: that file was removed on {figure['removed_at']:%Y-%m-%d}")
    return lines

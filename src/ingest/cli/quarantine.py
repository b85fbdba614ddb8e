"""`ingest quarantine`: the rows that rules refused, and what a person does about them."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .options import JsonOption, SourceOption, SourcesOption, WarehouseOption, given
from .rejected import SHOWN_ID, rejected
from .replay import UNLISTED

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ..pipeline.replay import Rereading
    from ..pipeline.wiring import World

app = typer.Typer(help="The rows that rules refused, and what to do about them.", no_args_is_help=True)
app.command("rejected")(rejected)
app.command("stopped", hidden=True)(rejected)  # its former name, until the next release

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="A row's id, or the beginning of it.")]
RuleOption = Annotated[str | None, typer.Option("--rule", help="Rows that this rule refused.")]
Row = dict[str, Any]


@app.command("ls")
def list_rows(
    source: SourceOption = None,
    rule: RuleOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Also rows that were retried or accepted.")] = False,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the rows in quarantine, first refused first."""
    from .console import say_json, say_table

    rows = _rows(warehouse, sources=source or (), rule=rule, is_settled=everything)
    if as_json:
        say_json(rows)
        return
    shown = [row | {"id": row["refused_id"][:SHOWN_ID], "table": row["table_name"]} for row in rows]
    say_table(shown, ("id", "source_id", "table", "rules", "quarantined_at", "excerpt"))


@app.command("show")
def show(refused_id: IdArgument, warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Show a row as it was staged, why it was refused, its entry as the feed listed it, and its page's capture."""
    from .console import say, say_json

    row = _one(warehouse, refused_id)
    found = row | _look(warehouse, "refused_row", {"refused_id": row["refused_id"]})[0]
    found["row"] = json.loads(found.pop("row_json"))
    found["entry"] = _listed_entry(warehouse, row["article_id"])
    if as_json:
        say_json(found)
        return
    for name in ("refused_id", "source_id", "table_name", "rules", "notes", "quarantined_at", "batch_id"):
        say(f"{name.replace('_', ' '):15}{found[name]}")
    if found["warc_file"]:
        say(f"{'capture':15}{found['warc_file']}, byte {found['warc_offset']:,}, {found['url']}")
    for name in ("retried_at", "accepted_at", "accepted_why"):
        if found[name]:
            say(f"{name.replace('_', ' '):15}{found[name]}")
    for name in ("row", "entry"):
        say(f"{name}:\n{json.dumps(found[name], ensure_ascii=False, indent=2)}")


@app.command("retry")
def retry(
    refused_ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Rows; all without.")] = None,
    source: SourceOption = None,
    rule: RuleOption = None,
    sources: SourcesOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read the pages of refused rows again, validate what is read, and publish what passes."""
    from ..pipeline.wiring import new_run_id, open_world, utc_now
    from ..warehouse.quarantine import articles_of_refused
    from .console import say, say_json

    rows = _rows(warehouse, sources=source or (), rule=rule, refused_ids=refused_ids or ())
    for wanted in refused_ids or ():
        _one(warehouse, wanted)
    ids = [row["refused_id"] for row in rows]
    with open_world(**given(warehouse, sources)) as world:
        now = utc_now()
        unlisted = sorted(articles_of_refused(world.state, ids).keys() - world.sources.keys())
        tried = [
            found.article_ids
            for found in _reread(world, ids, run_id=new_run_id(now), now=now)
            if _publish(world, found, ids, now=now)
        ]
    articles = sum(map(len, tried))
    left = {row["row_key"] for row in _rows(warehouse)}
    again = sum(row["row_key"] in left for row in rows)
    if as_json:
        say_json({"rows": len(rows), "articles": articles, "refused_again": again, "unlisted": unlisted})
    else:
        for key in unlisted:
            held = sum(row["source_id"] == key for row in rows)
            say(f"left out {key}: {held} rows: {UNLISTED}")
        say(f"{len(rows)} rows: {articles} articles read again and published, {again} rows refused again or not read")


@app.command("accept")
def accept(
    refused_id: IdArgument,
    why: Annotated[str, typer.Option("--why", help="Why it is right all the same; kept with it.")],
    sources: SourcesOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Publish a refused row all the same, marked as accepted; no rule refuses it any more."""
    from ..core.errors import Misconfigured
    from ..pipeline.wiring import new_run_id, open_world, utc_now
    from ..warehouse.quarantine import accept_refused, is_read_again

    if not why.strip():
        raise Misconfigured("--why is empty: say why the row is right all the same, which is kept with it", about=why)
    row = _one(warehouse, refused_id)
    if row["accepted_at"]:
        _say_accepted(
            row, row["accepted_at"], row["accepted_why"], how="accepted before, nothing changes:", as_json=as_json
        )
        return
    _refuse_final(row)
    ids = [row["refused_id"]]
    with open_world(**given(warehouse, sources)) as world:
        now = utc_now()
        if row["source_id"] not in world.sources:
            raise Misconfigured(f"row {refused_id} is of {row['source_id']}: {UNLISTED}", about=row["source_id"])
        brought = [
            found
            for found in _reread(world, ids, run_id=new_run_id(now), now=now)
            if is_read_again(world.state, row["refused_id"], found.batch)
        ]
        if not brought:
            message = f"row {refused_id} is not read from its page any more, or its page is not in the archive"
            raise Misconfigured(f"{message}; `ingest quarantine show {refused_id}` says where it was", about=refused_id)
        accept_refused(world.state, world.warehouse, row["refused_id"], brought[0].batch, why, now)
        _publish_accepted(world, brought[0], row, now=now)
    _say_accepted(row, now, why, how="accepted", as_json=as_json)


def _say_accepted(row: Row, accepted_at: "datetime", why: str, *, how: str, as_json: bool) -> None:
    from .console import say, say_json

    if as_json:
        say_json({"refused_id": row["refused_id"], "accepted_at": accepted_at, "why": why})
    else:
        say(f"{how} {row['refused_id'][:SHOWN_ID]}: {row['excerpt']}")


def _refuse_final(row: Row) -> None:
    """Raise Misconfigured for a row without which, or with which, the analysts' file could not be made."""
    from ..core.assets import asset
    from ..core.errors import Misconfigured
    from ..quality.suites import read_suites

    refused_by = row["rules"].split(", ")
    suite = read_suites(asset("expectations"))[row["table_name"]]
    final = [rule.rule for rule in suite if rule.is_final and rule.rule in refused_by]
    if final:
        name, known_as = f"{row['table_name']}.{final[0]}", row["refused_id"][:SHOWN_ID]
        message = f"nobody can accept row {known_as}: {name} keeps out what has no place in the analysts' file"
        todo = "accept what it belongs to, if that is refused too, or fix the reader"
        raise Misconfigured(f"{message}; {todo}; then `ingest quarantine retry {known_as}`", about=name)


def _reread(world: "World", ids: Sequence[str], *, run_id: str, now: "datetime") -> "list[Rereading]":
    from ..pipeline.replay import reread, validate_rereadings
    from ..warehouse.quarantine import articles_of_refused, withdraw_proposals

    withdraw_proposals(world.state, world.warehouse)
    found = [
        reread(
            world.sources[key],
            web=world.web,
            state=world.state,
            warehouse=world.warehouse,
            parse_all=world.parse_all,
            run_id=run_id,
            now=now,
            article_ids=articles,
        )
        for key, articles in articles_of_refused(world.state, ids).items()
        if key in world.sources
    ]
    return validate_rereadings(
        [one for one in found if one], validator=world.validator, state=world.state, warehouse=world.warehouse
    )


def _publish_accepted(world: "World", found: "Rereading", row: Row, *, now: "datetime") -> None:
    """Publish an accepted row; where it is held back all the same, forget that it was accepted, and say why."""
    from ..core.errors import Misconfigured
    from ..pipeline.replay import publish_rereadings
    from ..warehouse.quarantine import delete_acceptance, withholding_rows

    wanted = row["refused_id"]
    passed = bool(
        publish_rereadings([found], validator=world.validator, state=world.state, warehouse=world.warehouse, now=now)
    )
    barriers = withholding_rows(world.state, wanted, found.batch.batch_id)
    if not passed or barriers:
        delete_acceptance(world.state, wanted)
    if passed:
        _settle(world, found, [wanted], now=now)
    if passed and not barriers:
        return
    why_not = _barrier_told(barriers[0], wanted[:SHOWN_ID]) if passed else "its batch was rejected; `ingest status`"
    raise Misconfigured(f"row {wanted[:SHOWN_ID]} is not published: {why_not}", about=wanted)


def _barrier_told(barrier: Row, shown: str) -> str:
    rules = ", ".join(barrier["rules"])
    if barrier["is_itself"]:
        return f"now it is refused by {rules}"
    place = f"{barrier['table_name']} row {barrier['barrier_id'][:SHOWN_ID]}"
    first = f"`ingest quarantine accept {barrier['barrier_id'][:SHOWN_ID]}` first, then {shown} again"
    return f"{place} is refused by {rules}; {first}"


def _publish(world: "World", found: "Rereading", ids: Sequence[str], *, now: "datetime") -> bool:
    from ..pipeline.replay import publish_rereadings

    passed = bool(
        publish_rereadings([found], validator=world.validator, state=world.state, warehouse=world.warehouse, now=now)
    )
    if passed:
        _settle(world, found, ids, now=now)
    return passed


def _settle(world: "World", found: "Rereading", ids: Sequence[str], *, now: "datetime") -> None:
    from ..warehouse import releases
    from ..warehouse.quarantine import settle_refused

    settle_refused(world.state, ids, found.batch, found.article_ids)
    releases.release_file(world.state, world.warehouse, now)


def _one(warehouse: "Path | None", refused_id: str) -> Row:
    from ..core.errors import Misconfigured

    rows = _rows(warehouse, refused_ids=[refused_id], is_settled=True)
    if len(rows) != 1:
        what = "the ids of several rows in quarantine begin" if rows else "the id of no row in quarantine begins"
        raise Misconfigured(f"{what} with {refused_id!r}; `ingest quarantine ls --all` lists them", about=refused_id)
    return rows[0]


def _rows(
    warehouse: "Path | None",
    *,
    sources: Sequence[str] = (),
    rule: str | None = None,
    refused_ids: Sequence[str] = (),
    is_settled: bool = False,
) -> list[Row]:
    """Return the rows in quarantine whose ids begin so, each with all rules that refused it."""
    wanted = {"sources": list(sources), "rule": rule, "beginnings": list(refused_ids), "is_settled": is_settled}
    found: dict[str, Row] = {}
    for row in _look(warehouse, "report_refused", wanted):
        one = found.setdefault(row["refused_id"], row)
        if one is not row:
            one["rules"] += f", {row['rules']}"
            one["notes"] += f" {row['notes']}"
    return list(found.values())


def _listed_entry(warehouse: "Path | None", article_id: str | None) -> Row | None:
    """Return the entry that brought an article, as its feed listed it; None where there is none."""
    rows = _look(warehouse, "listed_entry", {"article_id": article_id})
    return rows[0] if rows else None


def _look(warehouse: "Path | None", name: str, parameters: Row) -> list[Row]:
    from ..core.settings import load_settings
    from ..pipeline.open_stores import look_at_state

    return look_at_state(load_settings(**given(warehouse)), name, parameters)

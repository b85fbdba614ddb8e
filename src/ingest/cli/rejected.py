"""`ingest quarantine rejected`: the batches that their suites rejected, what they held and why."""

from functools import partial
from typing import Annotated, Any

import typer

from .options import JsonOption, SourceOption, WarehouseOption, given

SHOWN_ID = 12  # digits: enough to tell batches apart, and rows
Row = dict[str, Any]


def rejected(
    batch_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="A batch's id, or the beginning of it: show what it held.")
    ] = None,
    source: SourceOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the batches that were rejected, first staged first; or show one: its rules, its articles and figures."""
    from ..core.errors import Misconfigured
    from ..core.settings import load_settings
    from ..pipeline.open_stores import look_at_state
    from ..report.rejected_batches import broken_rules, held_articles, rejected_batches
    from ..warehouse.staged import unpacked
    from .console import say, say_json, say_table

    settings = load_settings(**given(warehouse))
    state = partial(look_at_state, settings)
    rows = rejected_batches(state=state, sources=source or (), beginning=batch_id or "")
    if batch_id is None:
        if as_json:
            say_json(rows)
        elif rows:
            shown = [row | {"id": row["batch_id"][:SHOWN_ID]} for row in rows]
            say_table(shown, ("id", "source_id", "staged_at", "articles", "not_public", "articles_kept", "rules"))
        else:
            say("no batch was rejected")
        return
    if len(rows) != 1:
        what = "the ids of several rejected batches begin" if rows else "the id of no rejected batch begins"
        raise Misconfigured(f"{what} with {batch_id!r}; `ingest quarantine rejected` lists them", about=batch_id)
    key = rows[0]["batch_id"]
    found = rows[0] | {
        "broken": broken_rules(key, state=state),
        "held": held_articles(key, state=state, unpacked=unpacked),
    }
    if as_json:
        say_json(found)
    else:
        _show(found)


def _show(batch: Row) -> None:
    from .console import say, say_table

    for name in ("batch_id", "source_id", "staged_at", "articles", "figures", "not_public", "articles_kept"):
        say(f"{name.replace('_', ' '):15}{batch[name]}")
    for one in batch["broken"]:
        say(f"{one['severity']:15}{one['rule']}: {one['unexpected']:,} of {one['checked']:,} rows. {one['note']}")
        say(f"{'':15}{one['observed']}")
    shown = [
        article
        | {"figures": None if article["figures"] is None else ", ".join(one["text"] for one in article["figures"])}
        for article in batch["held"]
    ]
    say_table(shown, ("title", "url", "is_public", "figures"), title="Its articles")
    key = batch["source_id"]
    if not batch["not_public"]:
        say("What to do: nothing; all of its articles are public, as they came in then or later.")
        return
    say(
        "What to do: fix the reader or the rule that erred, or wait until the newsroom fixes its pages; "
        f"`ingest replay --source {key}` reads them again from the archive and publishes them, if they pass."
    )

"""`ingest demo`: the whole pipeline on the bundled newsrooms, twice, with a correction in between."""

import json
import shlex
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .options import JsonOption, WarehouseOption, given

if TYPE_CHECKING:
    from ..demo import Newsroom

FIRST_PORT = 8701  # the same each time, so that a second demo knows the articles of the first
LISTED = "newsrooms.json"  # in the warehouse, for what is asked of their pages once they are closed
CORRECTED = ("harbor-ledger", "bridgetown-fishing-pier-rebuilt")

QUESTIONS = (
    ("What do these newsrooms count?", "select kind, count(*) as figures from figures group by 1 order by 2 desc"),
    (
        "Which sums are the largest, and who said so?",
        """select f.text, f.value, f.unit, f.subject, f.attributed_to, a.title
from figures as f join articles as a using (article_id)
where f.kind = 'money' and f.unit = 'USD'
order by f.value desc
limit 5""",
    ),
    (
        "What was corrected?",
        """select a.title, c.change, c.before, c.after
from figure_changes as c join articles as a using (article_id)
order by c.seen_at desc
limit 5""",
    ),
)


def demo(
    warehouse: WarehouseOption = None,
    direct: Annotated[bool, typer.Option("--direct", help="Take the same steps without Prefect.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Run everything on five small newsrooms served from this machine, and leave a warehouse of its own behind."""
    from ..pipeline.wiring import utc_now
    from . import run
    from .console import say, say_json
    from .own_server import api_unless

    said = _own_warehouse(warehouse)
    _refuse_real_warehouse(said)
    told = run.silent if as_json else say
    opened_at = datetime.combine(utc_now().date(), time(0), tzinfo=utc_now().tzinfo)
    with api_unless(direct, said) as api, _newsrooms(opened_at) as (newsrooms, listed):
        sources_file = _list_sources(said, listed)
        said = said | {"sources": str(sources_file)}
        told(f"Five newsrooms are open on this machine. First pass, {'direct' if direct else 'as Prefect flows'}:")
        first = run.run_pipeline(said, keys=(), everything=True, api=api, tell=told)
        if not as_json:
            run.show(first, as_json=False)
        newsroom, story = CORRECTED
        newsrooms[newsroom].publish_correction(story)
        asked = {key: len(one.requests) for key, one in newsrooms.items()}
        told(f"\nThe {newsroom} corrects a story. Second pass:")
        second = run.run_pipeline(said, keys=(), everything=True, api=api, tell=told)
        requests = _count_requests(newsrooms, asked)
    if as_json:
        say_json({"first": first, "second": second | {"requests": requests}, "answers": list(_answers(said))})
        return
    run.show(second, as_json=False)
    say("{all} requests, {conditional} of them conditional, {spared} answered with 304".format(**requests))
    _show_answers(said)


def _own_warehouse(warehouse: Path | None) -> dict[str, object]:
    """Return the settings of the demonstration: a folder below the warehouse, unless one is named.

    Its state, alerts and metrics are not those that people are on call for.
    """
    from ..core.settings import load_settings
    from ..state.sqlite import STATE_FILE
    from ..warehouse.warehouse import DEMO_FOLDER

    folder = warehouse or load_settings().warehouse / DEMO_FOLDER
    own = {"state": str(folder / STATE_FILE), "metrics_file": str(folder / "metrics.prom")}
    return given(folder) | {"alert_addresses": ()} | own


def _refuse_real_warehouse(said: Mapping[str, object]) -> None:
    """Keep the demo's stories out of a warehouse that holds real ones, or is there for them."""
    from ..core.errors import Misconfigured
    from ..core.settings import load_settings
    from ..demo import DEMO_KEYS
    from ..pipeline.open_stores import lake_of, look_within, open_warehouse
    from ..warehouse.warehouse import PIPELINE_FILE

    settings = load_settings(**said)
    if lake_of(settings):
        message = "the demo fills no lake; run it without INGEST_LAKE and INGEST_LAKE_DATA, in a file of its own"
        raise Misconfigured(message, about="lake")
    path = settings.warehouse / PIPELINE_FILE
    if not path.exists():
        return
    open_warehouse(settings).close()  # which migrates it
    others = [row["source_id"] for row in look_within(settings, "known_sources") if row["source_id"] not in DEMO_KEYS]
    if others:
        message = f"{path} holds other newsrooms ({others[0]}, …); choose a folder for the demo with --warehouse"
        raise Misconfigured(message, about=str(path))


@contextmanager
def _newsrooms(opened_at: datetime) -> Iterator[tuple[dict[str, "Newsroom"], list[dict[str, Any]]]]:
    from ..demo import demo_newsrooms, demo_sources

    with ExitStack() as houses:
        try:
            newsrooms = houses.enter_context(demo_newsrooms(opened_at, first_port=FIRST_PORT))
        except OSError:  # a port is taken
            newsrooms = houses.enter_context(demo_newsrooms(opened_at))
        yield newsrooms, [_listed(asdict(source)) for source in demo_sources(newsrooms)]


def _list_sources(said: Mapping[str, object], listed: list[dict[str, Any]]) -> Path:
    """Leave the list behind: a page can be read again only of a source that is listed."""
    from ..core.files import make_warehouse_folder
    from ..core.settings import load_settings

    folder = load_settings(**said).warehouse
    make_warehouse_folder(folder)
    path = folder / LISTED
    path.write_text(json.dumps(listed, indent=2, ensure_ascii=False), encoding="utf-8")
    return path


def _listed(source: dict[str, Any]) -> dict[str, Any]:
    """Write a source as a person would list it."""
    source["key"] = source.pop("source_id")
    del source["poll_every_seconds"]
    return {name: value for name, value in source.items() if value}


def _count_requests(newsrooms: Mapping[str, "Newsroom"], asked: Mapping[str, int]) -> dict[str, int]:
    requests = [request for key, one in newsrooms.items() for request in one.requests[asked[key] :]]
    return {
        "all": len(requests),
        "conditional": sum("if-none-match" in request.headers for request in requests),
        "spared": sum(request.status == 304 for request in requests),
    }


def _answers(said: Mapping[str, object]) -> Iterator[dict[str, Any]]:
    from ..core.settings import load_settings
    from ..warehouse.warehouse import NEWS_FILE, query

    path = load_settings(**said).warehouse / NEWS_FILE
    for question, sql in QUESTIONS:
        columns, values = query(path, sql)
        rows = [dict(zip(columns, row, strict=True)) for row in values]
        yield {"question": question, "sql": sql, "columns": columns, "rows": rows}


def _show_answers(said: Mapping[str, object]) -> None:
    from ..core.settings import load_settings
    from ..warehouse.warehouse import NEWS_FILE
    from .console import say, say_table

    for answer in _answers(said):
        say(f"\n{answer['question']}\n{answer['sql']}")
        say_table(answer["rows"], answer["columns"])
    folder, real = load_settings(**said).warehouse, load_settings().warehouse
    say(f"\nThe warehouse is {folder / NEWS_FILE}. Ask it more:")
    say(f'ingest sql "from articles limit 5" --warehouse {shlex.quote(str(folder))}')
    if folder != real:
        say(f"Real newsrooms are kept apart from it, in {real}: ingest run")

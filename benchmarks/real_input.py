"""Runs the pipeline over real feeds and real pages, served from loopback; says where each of them ended.

    python -m benchmarks.real_input [FOLDER] [--prefect] [--keep DIR]

FOLDER holds `feeds/` and `pages/`, which are read where they lie. Each host has a loopback address of its own, so that
pages keep their own paths. Feeds from the wild list pages on the live web: what can't be reached from here fails
under its reason, and is counted so.
"""

import argparse
import json
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from ingest.state.sqlite import STATE_FILE
from ingest.warehouse.warehouse import PIPELINE_FILE, query

from .loopback import Answer, Hosts
from .process import INGEST, Cost, run

EVALUATION = Path(__file__).parents[2] / "shared" / "eval"
PAGES_PER_FEED = 25
CONTENT_TYPES = {".json": "application/feed+json", ".atom": "application/atom+xml", ".rss": "application/rss+xml"}
# Every host that can be reached from here is this machine, which nobody need spare.
SETTINGS = {
    "INGEST_ALLOWED_NETWORKS": '["127.0.0.0/8"]',
    "INGEST_HOST_DELAY_SECONDS": "0",
    "INGEST_LOG_LEVEL": "info",
    "INGEST_RUN_SECONDS": "86400",
}

SUMS = "Does it add up?"
QUESTIONS = {
    "Feeds": """
        select outcome, coalesce(reason, '') as reason, count(*) as feeds, sum(entries_listed)::bigint as entries
        from ops.polls group by all order by feeds desc""",
    "Entries": """
        select
          if(source_id like 'pages-%', 'a page that is here', 'a feed from the wild') as came_from,
          coalesce(outcome, 'under way') as outcome, coalesce(reason, '') as reason, count(*) as entries
        from ops.entry_outcomes group by all order by came_from, entries desc""",
    "Rows held back": """
        select table_name, rule, count(*) as rows
        from ops.quarantine join ops.batches using (batch_id)
        where state <> 'rejected' group by all order by rows desc""",
    "Batches stopped": """
        select v.suite || '.' || v.rule as rule, count(*) as batches, sum(b.articles)::bigint as articles
        from ops.batches as b join ops.validations as v using (batch_id)
        where b.state = 'rejected' and v.severity = 'critical' and not v.passed group by all order by batches desc""",
    SUMS: """
        select
          (select count(*) from ops.entry_outcomes) as entries_came_in,
          (select count(outcome) from ops.entry_outcomes) as entries_ended,
          (select count(*) from published.articles) as articles,
          (select count(*) from published.figures) as figures""",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCount:
    """What a run over real input cost, and where everything ended."""

    feeds: int
    pages: int
    addresses: int
    cost: Cost
    tables: Mapping[str, Sequence[Mapping[str, object]]]


def run_over(folder: Path, warehouse: Path, *, direct: bool) -> OutcomeCount:
    """Serve a folder's feeds and pages, and take one pass over all of it."""
    feeds = sorted(path for path in (folder / "feeds").glob("*/*") if path.is_file())
    pages = parse_pages(folder)
    hosts = [*(path.name for path in feeds), *sorted(_host(page) for page in pages), "pages"]
    with Hosts(hosts) as served:
        sources = [_serve_feed(path, served) for path in feeds]
        addresses = [_serve_page(page, folder / "pages" / "pages", served) for page in sorted(pages, key=_host)]
        sources += list_pages(addresses, served)
        warehouse.mkdir(parents=True, exist_ok=True)
        listed = warehouse / "sources.json"
        listed.write_text(json.dumps(sources), encoding="utf-8")
        command = [INGEST, "run", "--json", "--sources", str(listed), "--warehouse", str(warehouse)]
        cost = run([*command, *(["--direct"] if direct else [])], folder=warehouse, settings=SETTINGS)
    tables = {title: _ask(warehouse / PIPELINE_FILE, sql) for title, sql in QUESTIONS.items()}
    with closing(sqlite3.connect(warehouse / STATE_FILE)) as state:
        ((entries,),) = state.execute("select count(*) from entries").fetchall()
    tables[SUMS][0]["entries_known"] = entries
    return OutcomeCount(feeds=len(feeds), pages=len(addresses), addresses=len(set(addresses)), cost=cost, tables=tables)


@contextmanager
def serve_pages(folder: Path, count: int) -> Iterator[list[dict[str, str]]]:
    """Serve so many of a folder's pages, the same ones each time, and list them as sources."""
    pages = sorted(Random(count).sample(parse_pages(folder), count), key=_host)
    with Hosts([*map(_host, pages), "pages"]) as served:
        yield list_pages([_serve_page(page, folder / "pages" / "pages", served) for page in pages], served)


def parse_pages(folder: Path) -> list[dict[str, str]]:
    """Read what is known of a folder's pages."""
    return [json.loads(line) for line in (folder / "pages" / "gold.jsonl").open(encoding="utf-8")]


def list_pages(addresses: Sequence[str], served: Hosts) -> list[dict[str, str]]:
    """Serve feeds that list pages, and list them as sources."""
    starts = range(0, len(addresses), PAGES_PER_FEED)
    return [_serve_list(start, addresses[start : start + PAGES_PER_FEED], served) for start in starts]


def report(count: OutcomeCount) -> Iterator[str]:
    """Tell a count in Markdown."""
    cost = count.cost
    yield (
        f"{count.feeds} real feeds and {count.pages:,} real pages under {count.addresses:,} addresses: "
        f"exit code {cost.exit_code} after "
        f"{cost.wall_seconds:.0f} s ({cost.cpu_seconds:.0f} s of processor time, {cost.peak_bytes / 1e6:.0f} MB)."
    )
    for title, rows in count.tables.items():
        yield f"\n{title}:\n"
        yield from as_table(rows)


def as_table(rows: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """Write rows as a Markdown table."""
    if not rows:
        yield "none"
        return
    yield f"| {' | '.join(name.replace('_', ' ') for name in rows[0])} |"
    yield f"|{'---|' * len(rows[0])}"
    for row in rows:
        cells = (f"{value:,}" if isinstance(value, int) else str(value) for value in row.values())
        yield f"| {' | '.join(cells)} |"


def main() -> None:
    """Run over the folder given and print the count."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.real_input", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=EVALUATION)
    parser.add_argument("--prefect", action="store_true", help="as Prefect flows; without, the same steps directly")
    parser.add_argument("--keep", type=Path, help="leave the warehouse in this folder")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        count = run_over(asked.folder, (asked.keep or Path(scratch)).absolute(), direct=not asked.prefect)
    print("\n".join(report(count)))
    if count.cost.exit_code not in (0, 3, 4):
        print(count.cost.complained[-4000:])


def _serve_feed(path: Path, served: Hosts) -> dict[str, str]:
    answer = Answer(body=path, content_type=CONTENT_TYPES.get(path.suffix, "application/xml"))
    return {"key": f"feed-{path.stem}", "feed_url": served.serve(path.name, f"/{quote(path.name)}", answer)}


def _serve_page(page: Mapping[str, str], folder: Path, served: Hosts) -> str:
    parts = urlsplit(page["url"])
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (f"?{parts.query}" if parts.query else "")
    answer = Answer(body=folder / f"{page['id']}.html.gz", content_type="text/html", encoding="gzip")
    return served.serve(_host(page), target, answer)


def _serve_list(number: int, addresses: Sequence[str], served: Hosts) -> dict[str, str]:
    entries = "".join(f"<item><title>Untold</title><link>{escape(address)}</link></item>" for address in addresses)
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Pages</title>{entries}</channel></rss>'
    answer = Answer(body=body.encode(), content_type="application/rss+xml")
    return {"key": f"pages-{number:04}", "feed_url": served.serve("pages", f"/{number}.xml", answer)}


def _host(page: Mapping[str, str]) -> str:
    return urlsplit(page["url"]).hostname or ""


def _ask(path: Path, sql: str) -> list[dict[str, object]]:
    columns, rows = query(path, sql)
    return [dict(zip(columns, row, strict=True)) for row in rows]


if __name__ == "__main__":
    main()

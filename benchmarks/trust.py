"""What judging and publishing cost in a full warehouse: a batch of 100 articles beside a million, and in none."""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from ingest.assets import asset
from ingest.decide import resemblance
from ingest.decide.verdicts import refusing_rules
from ingest.edge.quality import SuiteJudge
from ingest.edge.store import WarehouseStore
from ingest.edge.warehouse import Warehouse
from ingest.model import Batch

from .measure import Measure, shown_as_taken
from .page import put_section, table

FULL = 1_000_000  # articles
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIGURES_EACH = 8

ARTICLES = """
insert into {schema}.articles by name
select
  '{prefix}-' || number as article_id, 'gazette' as source_id, 'https://gazette.example/' || article_id as url,
  url as canonical_url, 'Trams are back, part ' || number as title, ['Ana Pérez'] as authors,
  repeat('Fares rose 45% to $30 for 12 people, the ministry said. ', 8) as body, 'en' as language,
  timestamptz '2026-11-20 08:00:00+00' as published_at, timestamptz '2026-11-20 10:00:00+00' as first_seen_at,
  first_seen_at as fetched_at, 80 as word_count, '{prefix}-hash-' || number as content_hash, [] as flags,
  '1' as parser_version, {more}
from range({count}) as numbers(number)
"""
PARAGRAPHS = """
insert into {schema}.paragraphs by name
select
  '{prefix}-' || number as article_id, 1 as position, 'paragraph' as kind,
  'Fares rose 45% to $30 for 12 people, the ministry said.' as text, {more}
from range({count}) as numbers(number)
"""
FIGURES = """
insert into {schema}.figures by name
select
  '{prefix}-' || number || '-' || place as figure_id, '{prefix}-' || number as article_id, 1 as paragraph,
  11 as span_start, 14 as span_end, '45%' as text, 45 as value, 'percent' as kind, 'percent' as unit,
  'exact' as qualifier, 'Fares rose 45% to $30 for 12 people, the ministry said.' as sentence, [] as flags,
  ['number'] as rules, {more}
from range({count}) as numbers(number), range({each}) as places(place)
"""
VERSIONS = """
insert into published.article_versions by name
select article_id, 1 as version, title, body, content_hash, fetched_at as seen_at
from published.articles
"""


def measure_trust(articles: int) -> Iterable[Measure]:
    """Measure in an empty warehouse and in a full one, and 100,000 staged figures on their own."""
    with tempfile.TemporaryDirectory() as folder:
        empty = _measure(Path(folder) / "empty", 0)
        full = _measure(Path(folder) / "full", articles)
    in_both = f"a batch of 100 articles and {100 * FIGURES_EACH} figures, beside {articles:,} articles"
    for name, what in (("judge_s", "judging"), ("publish_s", "publishing")):
        how = f"{in_both}; {empty[name]:.2f} s beside none"
        yield Measure(name=f"{what} a batch", value=full[name], unit="seconds", how=how)
    spent, spent_empty = (found["judge_s"] + found["publish_s"] for found in (full, empty))
    yield Measure(name="full to empty", value=spent / spent_empty, unit="times", how="both of them together")
    yield Measure(
        name="judging 100,000 figures", value=empty["judge_100000_figures_s"], unit="seconds", how="staged, all suites"
    )
    yield Measure(
        name="building the analysts' file", value=full["copy_s"], unit="seconds",
        how=f"{full['news_gb']} GB anew: every row goes in under its keys, so that it grows with the warehouse",
    )  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    yield Measure(name="peak memory, full warehouse", value=peak, unit="MB", how="of the process that does all this")


def _measure(folder: Path, articles: int) -> dict[str, float]:
    if articles:  # elsewhere, so that the memory measured is that of judging and publishing
        filling = [sys.executable, "-m", "benchmarks.trust", str(articles), str(folder)]
        subprocess.run(filling, check=True)
    warehouse = Warehouse(folder)
    store, judge = WarehouseStore(warehouse), SuiteJudge(asset("expectations"), warehouse.connect)
    batches = [_stage(warehouse, f"batch{number}", 100) for number in range(3)]
    judge.judge(batches[0])  # imports what takes seconds to import
    found: dict[str, float] = {}
    for batch in batches[1:]:  # the last one counts
        found["judge_s"] = _timed(partial(_validate, store, judge, batch))
        found["publish_s"] = _timed(partial(store.publish_batch, batch, NOW, likeness=resemblance))
    found["copy_s"] = _timed(lambda: store.release(NOW))
    found["news_gb"] = round(warehouse.news_path.stat().st_size / 1e9, 2)
    if not articles:
        many = _stage(warehouse, "many", 100_000 // FIGURES_EACH)
        found["judge_100000_figures_s"] = _timed(lambda: judge.judge(many))
    judge.close()
    warehouse.close()
    return found


def _validate(store: WarehouseStore, judge: SuiteJudge, batch: Batch) -> None:
    found = judge.judge(batch)
    store.keep_verdicts(batch, found, broken=[], refusing=refusing_rules(found), changes=[], now=NOW)


def _stage(warehouse: Warehouse, name: str, articles: int) -> Batch:
    batch = Batch(
        batch_id=name,
        run_id=name,
        source_id="gazette",
        staged_at=NOW,
        articles=articles,
        figures=articles * FIGURES_EACH,
    )
    _fill(warehouse, "staging", name, articles, more=f"'{name}' as batch_id, {{key}} as row_key")
    with warehouse.write() as transaction:
        transaction.run(
            "upsert_batch", batch_id=name, run_id=name, source_id="gazette", staged_at=NOW, articles=articles,
            figures=batch.figures,
        )  # fmt: skip
    return batch


def _fill(warehouse: Warehouse, schema: str, prefix: str, count: int, *, more: str) -> None:
    said = {"schema": schema, "prefix": prefix, "count": count, "each": FIGURES_EACH}
    version = more if schema == "published" else ""
    with warehouse.write() as transaction:
        run = transaction.connection.execute
        run("insert or ignore into published.sources values ('gazette', 'Gazette', null, '/', null, null, 'UTC')")
        run(ARTICLES.format(more=version or more.format(key="article_id"), **said))
        run(PARAGRAPHS.format(more=more.format(key="article_id") if not version else "null as heading", **said))
        run(FIGURES.format(more=version or more.format(key="figure_id"), **said))
        if version:
            run(VERSIONS)


def fill(folder: Path, articles: int) -> None:
    """Make a warehouse with so many articles published, all in one transaction, which takes what memory there is."""
    warehouse = Warehouse(folder, memory_mb=8_000)
    _fill(warehouse, "published", "old", articles, more="1 as version")
    warehouse.close()


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 2)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else FULL
    if len(sys.argv) > 2:
        fill(Path(sys.argv[2]), wanted)
    else:
        taken = list(shown_as_taken(measure_trust(wanted)))
        if wanted == FULL:
            put_section("A full warehouse", table(taken))

"""What validating and publishing cost in a full warehouse: a batch of 100 articles beside a million, and in none."""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from ingest.core.assets import asset
from ingest.core.model import Batch
from ingest.quality.rejection import refusing_rules
from ingest.quality.validator import SuiteValidator
from ingest.state import State
from ingest.state.sqlite import STATE_FILE, SqliteEngine
from ingest.warehouse import near_duplicate_rules, publication, releases
from ingest.warehouse.batches import keep_validations, upsert_batch
from ingest.warehouse.staged import load_staged, staged_part
from ingest.warehouse.transaction import rows_of
from ingest.warehouse.warehouse import DuckDBPyConnection, Row, Warehouse

from .measure import Measure, shown_as_taken
from .page import put_section, table

FULL = 1_000_000  # articles
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

FIGURES_EACH = 8
BATCHES = 5
MADE_UP = Path(__file__).with_name("articles_made_up.sql")
LEFT_BEHIND = Path(__file__).with_name("articles_left_behind.sql")
# Views of the first file, and what the published tables ask for beside it.
TABLES = {
    "articles": "1 as version",
    "article_urls": "",
    "article_sources": "",
    "authors": "",
    "article_authors": "",
    "paragraphs": "",
    "figures": "1 as version",
    "links": "",
    "tags": "",
}
STAGED = "select *, $batch as batch_id, row_number() over ()::varchar as row_key from {}"
KEPT = (
    "select md5('entry' || article_id) as entry_id, article_id, url, title, content_hash "
    "from published.articles where rowid >= $first and rowid < $end"
)
ROWS_AT_ONCE = 50_000  # of a transaction of the state, which holds them
# What articles that are public already have in common in the state.
SOURCE = {"source_id": "gazette"}
ENTRY = SOURCE | {
    "authors": [], "tags": [], "listing_hash": "", "found_at": NOW, "last_listed_at": NOW, "state": "ended",
}  # fmt: skip
OUTCOME = SOURCE | {"run_id": "old", "outcome": "published", "ended_at": NOW, "copied": 2}
ARTICLE = SOURCE | {
    "fetched_at": NOW, "first_seen_at": NOW, "is_from_feed": False, "is_gone": False, "is_shortened": False,
}  # fmt: skip
KINDS = ("listed", "final", "canonical")  # of an article's addresses


def measure_trust(articles: int) -> Iterable[Measure]:
    """Measure in an empty warehouse and in a full one, and 100,000 staged figures on their own."""
    with tempfile.TemporaryDirectory() as folder:
        empty = _measure(Path(folder) / "empty", 0)
        full = _measure(Path(folder) / "full", articles)
    in_both = f"a batch of 100 articles and {100 * FIGURES_EACH} figures, beside {articles:,} articles"
    for name, what in (("judge_s", "validating"), ("publish_s", "publishing")):
        how = f"{in_both}; {empty[name]:.2f} s beside none"
        yield Measure(name=f"{what} a batch", value=full[name], unit="seconds", how=how)
    spent, spent_empty = (found["judge_s"] + found["publish_s"] for found in (full, empty))
    yield Measure(name="full to empty", value=spent / spent_empty, unit="times", how="both of them together")
    yield Measure(
        name="validating 100,000 figures",
        value=empty["judge_100000_figures_s"],
        unit="seconds",
        how="staged, all suites",
    )
    yield Measure(
        name="validating the whole warehouse",
        value=full["whole_s"],
        unit="seconds",
        how="once a day: all that is published",
    )
    yield Measure(
        name="building the analysts' file", value=full["copy_s"], unit="seconds",
        how=f"{full['news_gb']} GB, whose views and index of words are made for the first time",
    )  # fmt: skip
    yield Measure(
        name="bringing it up to date", value=full["renewal_s"], unit="seconds",
        how="the 100 articles of one batch come into the index, and the file is copied",
    )  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    yield Measure(name="peak memory, full warehouse", value=peak, unit="MB", how="of the process that does all this")


def _measure(folder: Path, articles: int) -> dict[str, float]:
    if articles:  # elsewhere, so that the memory measured is that of validating and publishing
        filling = [sys.executable, "-m", "benchmarks.trust", str(articles), str(folder)]
        subprocess.run(filling, check=True)
    warehouse = Warehouse(folder)
    state = State(SqliteEngine(folder / STATE_FILE))
    validator = SuiteValidator(asset("expectations"), warehouse.connect)
    *batches, last = [_stage(warehouse, state, f"batch{number}", 100) for number in range(BATCHES + 1)]
    load_staged(state, warehouse, [last])
    validator.validate(last)  # imports what takes seconds to import
    found: dict[str, float] = {}
    for batch in batches:  # the quickest counts: the machine is shared
        spent = _timed(partial(_validate, state, warehouse, validator, batch))
        found["judge_s"] = min(spent, found.get("judge_s", spent))
        spent = _timed(
            partial(publication.publish_batches, state, warehouse, [batch], NOW, duplicate_rule=near_duplicate_rules)
        )
        found["publish_s"] = min(spent, found.get("publish_s", spent))
    found["copy_s"] = _timed(lambda: releases.release_file(state, warehouse, NOW))
    _validate(state, warehouse, validator, last)
    publication.publish_batches(state, warehouse, [last], NOW, duplicate_rule=near_duplicate_rules)
    found["renewal_s"] = _timed(lambda: releases.release_file(state, warehouse, NOW))
    found["whole_s"] = _timed(lambda: validator.validate_warehouse(last))
    found["news_gb"] = round(warehouse.news_path.stat().st_size / 1e9, 2)
    if not articles:
        many = _stage(warehouse, state, "many", 100_000 // FIGURES_EACH)
        load_staged(state, warehouse, [many])
        found["judge_100000_figures_s"] = _timed(lambda: validator.validate(many))
    validator.close()
    state.close()
    warehouse.close()
    return found


def _validate(state: State, warehouse: Warehouse, validator: SuiteValidator, batch: Batch) -> None:
    load_staged(state, warehouse, [batch])
    found = validator.validate(batch)
    keep_validations(state, warehouse, batch, found, broken=[], refusing=refusing_rules(found), changes=[], now=NOW)


def _stage(warehouse: Warehouse, state: State, name: str, articles: int) -> Batch:
    batch = Batch(
        batch_id=name,
        run_id=name,
        source_id="gazette",
        staged_at=NOW,
        articles=articles,
        figures=articles * FIGURES_EACH,
    )
    with _making_up(warehouse, name, articles) as connection:
        staged = {table: rows_of(connection.execute(STAGED.format(table), {"batch": name})) for table in TABLES}
    with state.write() as transaction:
        upsert_batch(transaction, batch)
        transaction.insert("staged_parts", [staged_part(name, staged)])
    return batch


@contextmanager
def _making_up(warehouse: Warehouse, prefix: str, articles: int) -> Iterator[DuckDBPyConnection]:
    """Open a connection that has the views of `MADE_UP`."""
    with warehouse.alone() as connection:
        connection.execute("set variable prefix = $prefix", {"prefix": prefix})
        connection.execute("set variable made_up = $articles", {"articles": articles})
        connection.execute(MADE_UP.read_text(encoding="utf-8"))
        connection.execute(
            "insert or ignore into published.sources values ('gazette', 'Gazette', null, '/', null, null, 'UTC')"
        )
        yield connection


def fill(folder: Path, articles: int) -> None:
    """Make a warehouse with so many articles published, millions of rows at once, which takes gigabytes of memory."""
    warehouse = Warehouse(folder, memory_mb=8_000)
    with _making_up(warehouse, "old", articles) as connection:
        for table, more in TABLES.items():
            connection.execute(f"insert into published.{table} by name select *, {more} from {table}")
        connection.execute(LEFT_BEHIND.read_text(encoding="utf-8"))
        with closing(State(SqliteEngine(folder / STATE_FILE))) as state:
            for start in range(0, articles, ROWS_AT_ONCE):
                _keep_published(state, rows_of(connection.execute(KEPT, {"first": start, "end": start + ROWS_AT_ONCE})))
    warehouse.close()


def _keep_published(state: State, articles: Sequence[Row]) -> None:
    """Keep what the state knows of published articles, and of the entries that brought them."""
    with state.write() as transaction:
        transaction.insert(
            "entries", [ENTRY | _chosen(row, "entry_id", "article_id", "url", "title") for row in articles]
        )
        transaction.insert("entry_outcomes", [OUTCOME | _chosen(row, "entry_id") for row in articles])
        transaction.insert("articles", [ARTICLE | _chosen(row, "article_id", "content_hash") for row in articles])
        addresses = [_chosen(row, "article_id", "url") for row in articles]
        transaction.insert("article_urls", [one | {"kind": kind} for one in addresses for kind in KINDS])
        transaction.insert("article_sources", [SOURCE | _chosen(row, "article_id") for row in articles])


def _chosen(row: Row, *columns: str) -> Row:
    return {column: row[column] for column in columns}


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

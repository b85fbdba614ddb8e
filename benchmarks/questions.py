"""The questions of docs/analyst.md and searches, asked of a file of a million articles and eight million figures.

python -m benchmarks.questions [ARTICLES [FOLDER]]   a folder that holds the file already is asked, not filled
"""

import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import duckdb

from ingest.core.assets import asset
from ingest.state import State
from ingest.state.sqlite import STATE_FILE, SqliteEngine
from ingest.warehouse import releases
from ingest.warehouse.extensions import load_stemmers
from ingest.warehouse.extras import STOP_WORDS, Extras, make_search, shipped_extras
from ingest.warehouse.search_index import build_index
from ingest.warehouse.warehouse import Warehouse
from tests.docs.analyst import PAGE, questions

from .measure import Measure, shown_as_taken
from .page import put_section, table

FULL = 1_000_000
SENTENCES = 300_000  # of each language, that texts are put together from
THREADS = 2
TIMES = 3
HERE = Path(__file__).parent
# What the demonstration's texts speak of, and words as common that these have.
COMMON, USUAL, SELDOM, RARE = 130, 1_000, 20_000, 100_000  # ranks of words
SEARCHES = {
    "a word of one article in six": (COMMON,),
    "a word of one article in fifty": (USUAL,),
    "a word of one article in four thousand": (RARE,),
    "two common words": (COMMON, COMMON + 1),
    "four words": (COMMON + 2, USUAL, SELDOM, RARE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How long one question took, at best."""

    what: str
    seconds: float
    cpu_seconds: float
    rows: int


def measure_questions(folder: Path, articles: int) -> Iterable[Measure]:
    """Ask everything of the file in a folder; it is made first where there is none."""
    path = folder / "news.duckdb"
    if not path.exists():
        fill(folder, articles)
        yield from measure_index(folder, articles)
    with duckdb.connect(str(path), read_only=True, config={"threads": THREADS}) as news:
        news.execute("set timezone = 'UTC'")
        load_stemmers(news)
        size = path.stat().st_size
        asked = [_ask(news, f"question {place}", sql) for place, sql in enumerate(_questions(), 1)]
        searched = [_ask(news, what, sql) for what, sql in _searches()]
    of = f"of {articles:,} articles and {8 * articles:,} figures; {THREADS} threads, at best of {TIMES}"
    yield Measure(
        name="the file", value=size / articles / 1000, unit="kB an article", how=f"{size / 1e9:.1f} GB in all"
    )
    yield from _summed("question", asked, of)
    yield from _summed("search", searched, of)


def fill(folder: Path, articles: int) -> None:
    """Make an analysts' file of articles that never were, in its shape, without the index."""
    warehouse = Warehouse(folder, extras=Extras(has_search=False, rates=shipped_extras().rates))
    state = State(SqliteEngine(folder / STATE_FILE))
    releases.release_file(state, warehouse, datetime.now(UTC))
    state.close()
    warehouse.close()
    with duckdb.connect(str(warehouse.news_path), config={"memory_limit": "6GB", "threads": THREADS}) as news:
        news.execute("set timezone = 'UTC'")
        for name, value in {"stop_words": str(asset(STOP_WORDS)), "sentences": SENTENCES, "made_up": articles}.items():
            news.execute(f"set variable {name} = $value", {"value": value})
        news.execute(_sql("news_words"))
        news.execute(_sql("news_made_up"))
        for part in "0123456789abcdef":
            news.execute("set variable part = $part", {"part": part})
            news.execute(_sql("news_part_made_up"))
            news.execute("checkpoint")


def measure_index(folder: Path, articles: int) -> Iterable[Measure]:
    """Index the words of the file as a release does, with the memory that one has."""
    path = folder / "news.duckdb"
    before = path.stat().st_size
    with duckdb.connect(config={"memory_limit": "256MB", "threads": 1}) as connection:
        connection.execute(f"set temp_directory = '{folder / 'spill'}'; attach '{path}' as news; use news")
        began, cpu = time.perf_counter(), time.process_time()
        make_search(connection)
        build_index(connection)
        connection.execute("checkpoint")
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
        ((postings,),) = connection.execute("select count(*) from search.postings").fetchall()
    added = path.stat().st_size - before
    yield Measure(
        name="the index of words", value=added / articles / 1000, unit="kB an article",
        how=f"{added / 1e9:.1f} GB, {postings:,} postings; made in {cpu:.0f} CPU seconds ({took:.0f} s) with 256 MB",
    )  # fmt: skip


def _summed(kind: str, asked: list[Asked], of: str) -> Iterator[Measure]:
    slowest = sorted(asked, key=lambda one: -one.seconds)
    told = ", ".join(f"{one.what} {one.seconds:.2f} s ({one.cpu_seconds:.2f} s of processor)" for one in slowest[:4])
    yield Measure(name=f"slowest {kind}", value=slowest[0].seconds, unit="seconds", how=f"{told}; {of}")
    middle = median(one.seconds for one in asked)
    yield Measure(name=f"median {kind}", value=middle, unit="seconds", how=f"of {len(asked)}, {of}")


def _ask(news: duckdb.DuckDBPyConnection, what: str, sql: str) -> Asked:
    """Ask some times, because the first has to fetch from disk; take the quickest."""
    taken = []
    for _ in range(TIMES):
        began, cpu = time.perf_counter(), _cpu()
        rows = len(news.execute(sql).fetchall())
        taken.append((time.perf_counter() - began, _cpu() - cpu))
    seconds, cpu_seconds = min(taken)
    print(f"    {what:45} {seconds:6.3f} s  {cpu_seconds:6.3f} s of processor  first {taken[0][0]:6.3f} s  {rows} rows")
    return Asked(what=what, seconds=seconds, cpu_seconds=cpu_seconds, rows=rows)


def _questions() -> Iterator[str]:
    """Yield the questions of the guide, with words that these texts have in place of the demonstration's."""
    said = {
        "ships in the canal": _words("en", COMMON, USUAL),
        "precios del café": _words("es", COMMON, USUAL),
        "hurricane storm": _words("en", USUAL, SELDOM),
        "Panama Canal%": "the %",
    }
    for sql in questions(PAGE.read_text(encoding="utf-8")):
        yield re.sub("|".join(map(re.escape, said)), lambda found: said[found[0]], sql)


def _searches() -> Iterator[tuple[str, str]]:
    for kind in ("articles", "paragraphs"):
        for what, ranks in SEARCHES.items():
            yield f"{kind}, {what}", f"from search_{kind}('{_words('en', *ranks)}')"
        yield f"{kind}, one that nothing has", f"from search_{kind}('zeppelin')"


def _words(language: str, *ranks: int) -> str:
    with duckdb.connect() as connection:
        connection.execute("set variable stop_words = $path", {"path": str(asset(STOP_WORDS))})
        connection.execute(_sql("news_words"))
        found = connection.execute(
            "select string_agg(word, ' ' order by rank) from words where language = $language and rank in $ranks",
            {"language": language, "ranks": list(ranks)},
        ).fetchall()
    return str(found[0][0])


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _sql(name: str) -> str:
    return (HERE / f"{name}.sql").read_text(encoding="utf-8")


def main() -> None:
    """Fill a folder that is thrown away, or the one that is named."""
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else FULL
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(scratch)
        taken = list(shown_as_taken(measure_questions(folder, articles)))
    if articles == FULL:
        put_section("Questions of analysts", table(taken))


if __name__ == "__main__":
    main()

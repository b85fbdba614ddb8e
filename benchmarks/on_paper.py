"""The sums of docs/scale.md: from what is assumed and what was measured to machines, disks and money.

    python -m benchmarks.on_paper [NAME=VALUE]...

Any of the names may be given another value. Without, the tables are those of docs/scale.md, which a test holds to it.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "scale.md"
BEGIN, END = "<!-- sums: python -m benchmarks.on_paper -->", "<!-- end of sums -->"


@dataclass(frozen=True, slots=True)
class Given:
    """A number that goes in: what it is called, what it is, and where it comes from."""

    name: str
    value: float
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A number that comes out, by a sum over those before it."""

    name: str
    formula: str
    unit: str


ASSUMED = (
    Given("feeds", 100_000, "feeds", "the task"),
    Given("articles", 5_000_000, "new articles a day", "the task"),
    Given("polls_each", 48, "visits to a feed a day", "each half an hour; adaptive asking goes by news"),
    Given("unchanged", 0.5, "share of visits to feeds without news", "adaptive asking aims at twice as often as news"),
    Given(
        "unchanged_pages", 0.9, "share of later visits to pages without news", "a guess; most pages stay as they are"
    ),
    Given("rechecks_each", 4, "later visits to a page", "the default of INGEST_REFETCH_AFTER_SECONDS"),
    Given("latency_s", 0.5, "s for an answer", "a guess; nothing but connections held hangs on it"),
    Given("peak", 3, "times the average in the busiest hour", "a guess: newsrooms sleep"),
    Given("busy", 0.6, "share of a core that is planned for", "a habit"),
    Given("kept_days", 365, "days that pages and articles are kept", "a choice"),
    Given("core_hour", 0.04, "USD for an hour of a core", "put in your own"),
    Given("gb_month", 0.08, "USD for a month of a GB of disk", "put in your own"),
    Given("cold_gb_month", 0.02, "USD for a month of a GB of object storage", "put in your own"),
)
README = "benchmarks/README.md"
MEASURED = (
    Given("run_rate", 36.5, "articles a second that one run brings in", f"{README}, Against the reference"),
    Given("read_s", 1 / 63, "CPU s to read a page", f"{README}, Speed: 63 real pages a CPU second"),
    Given("figures_s", 41.8 / 10_392, "CPU s for a page's figures", f"{README}, Speed: 41.8 paragraphs a page"),
    Given(
        "article_s",
        0.0313,
        "CPU s for a short article of a host with two, from poll to release",
        f"{README}, Against the reference: one more article; its reading is in it, and counted again",
    ),
    Given("poll_s", 0.00733, "CPU s to poll an unchanged feed", f"{README}, Against the reference"),
    Given("poll_warc", 1_018, "bytes of archive for that", f"{README}, Visits and watching"),
    Given(
        "page_warc",
        33_000,
        "bytes of archive for a page",
        "1,004 real pages: 32,681 bytes for the answer, the request beside it",
    ),
    Given(
        "ingest_bytes",
        27_300,
        "bytes of published.duckdb for an article",
        "1,822 real articles, the file rewritten without gaps; 56,400 as a run left it",
    ),
    Given(
        "news_bytes",
        30_500,
        "bytes of news.duckdb for an article",
        "1,822 real articles; 4,500 of a million short ones that were made up",
    ),
    Given("renew_s_gb", 27 / 4.5, "s to bring a GB of news.duckdb up to date", f"{README}, A full warehouse: 27 s"),
    Given("run_mb", 596, "MB of a run's own process", "the most that the run over the real pages held"),
    Given("reader_mb", 133, "MB of a process that reads", "the most that one of its two reading processes held"),
    Given("task_s", 0.025, "CPU s for a Prefect task", "10 to 40 ms measured, Prefect 3.8.8"),
    Given("task_kb", 30, "kB in Prefect's database for a task", "measured, Prefect 3.8.8"),
)
SUMS = (
    Sum("polls", "feeds * polls_each", "visits to feeds a day"),
    Sum("rechecks", "articles * rechecks_each", "later visits to pages a day"),
    Sum("requests", "polls + articles + rechecks + feeds", "requests a day, with a robots.txt for each host"),
    Sum(
        "not_modified", "polls * unchanged + rechecks * unchanged_pages", "of them answered 304, or with the same body"
    ),
    Sum("requests_s", "requests / 86400", "requests a second, on average"),
    Sum("in_flight", "requests_s * peak * latency_s", "connections held in the busiest hour"),
    Sum("per_host", "requests / feeds", "requests to a host a day, of 57,600 that a gap of 1 s allows"),
    Sum("visit_cpu", "(polls + rechecks) * poll_s / 86400", "cores to ask feeds and pages again"),
    Sum("page_cpu", "articles * article_s / 86400", "cores to fetch, archive, stage, validate and publish new pages"),
    Sum("read_cpu", "articles * (read_s + figures_s) / 86400", "cores to read them"),
    Sum("cores", "(visit_cpu + page_cpu + read_cpu) * peak / busy", "cores for the busiest hour"),
    Sum("workers", "cores / 8", "machines of 8 cores"),
    Sum("worker_gb", "(run_mb * 4 + reader_mb * 4) / 1000", "GB of memory a machine: 4 runs and 4 readers"),
    Sum("run_day", "run_rate * 86400", "articles a day that one run and one warehouse can bring in"),
    Sum("shards", "(visit_cpu + page_cpu) * peak", "runs for the busiest hour: a run is one core at most"),
    Sum("archive_gb", "(articles * page_warc + (polls + rechecks) * poll_warc) / 1e9", "GB of archive a day"),
    Sum("ingest_gb", "articles * ingest_bytes / 1e9", "GB of published.duckdb a day"),
    Sum("news_gb", "articles * news_bytes / 1e9", "GB of news.duckdb a day"),
    Sum("release_h", "news_gb * 30 * renew_s_gb / 3600", "hours to bring a month's news.duckdb up to date once"),
    Sum("shard_release_min", "release_h / shards * 60", "minutes for that of one shard"),
    Sum("archive_tb", "archive_gb * kept_days / 1000", "TB of archive kept"),
    Sum("tables_tb", "(ingest_gb + news_gb) * kept_days / 1000", "TB of tables kept"),
    Sum("tasks", "polls + articles / 100 * 3", "Prefect tasks a day, one for each visit and three for each batch"),
    Sum("tasks_cpu", "tasks * task_s / 86400", "cores for Prefect's book-keeping"),
    Sum("tasks_gb", "tasks * task_kb / 1e6", "GB a day in Prefect's database"),
    Sum("usd_cores", "cores * core_hour * 24 * 30", "USD a month for cores"),
    Sum("usd_archive", "archive_tb * 1000 * cold_gb_month", "USD a month for the archive, in object storage"),
    Sum("usd_tables", "tables_tb * 1000 * gb_month", "USD a month for tables, on disks"),
    Sum("usd_article", "(usd_cores + usd_archive + usd_tables) / articles / 30 * 1000", "USD for a thousand articles"),
)


def computed(changed: Mapping[str, float]) -> dict[str, float]:
    """Return every number by its name, those given being changed."""
    values = {one.name: one.value for one in (*ASSUMED, *MEASURED)}
    if unknown := changed.keys() - values.keys():
        raise SystemExit(f"no number is called {', '.join(sorted(unknown))}; there are {', '.join(values)}")
    values |= changed
    for one in SUMS:
        values[one.name] = float(eval(one.formula, {"__builtins__": {}}, values))
    return values


def tables(values: Mapping[str, float]) -> Iterator[str]:
    """Lay everything out: what goes in, and each sum with its formula."""
    for title, numbers in (("Assumed", ASSUMED), ("Measured", MEASURED)):
        yield from ("", f"### {title}", "", "| name | value | unit | from |", "|---|---:|---|---|")
        for one in numbers:
            yield f"| `{one.name}` | {shown(values[one.name])} | {one.unit} | {one.source} |"
    yield from ("", "### Sums", "", "| name | is | value | unit |", "|---|---|---:|---|")
    for sum_ in SUMS:
        yield f"| `{sum_.name}` | `{sum_.formula}` | {shown(values[sum_.name])} | {sum_.unit} |"


def shown(value: float) -> str:
    """Write a number with three digits that count, and no more than it needs."""
    if value >= 1000:
        digits = len(str(int(value))) - 3
        return f"{round(value, -digits):,.0f}"
    return f"{value:.3g}"


def section() -> str:
    """Return what stands between the marks in docs/scale.md."""
    return "\n".join([BEGIN, *tables(computed({})), "", END])


def main() -> None:
    """Print the tables with the values given; without any, write them into docs/scale.md."""
    changed = dict(one.split("=", 1) for one in sys.argv[1:])
    if changed:
        print("\n".join(tables(computed({name: float(value) for name, value in changed.items()}))))
        return
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN, 1)
    PAGE.write_text(before + section() + rest.split(END, 1)[1], encoding="utf-8")


if __name__ == "__main__":
    main()

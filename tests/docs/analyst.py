"""Writes what docs/analyst.md shows of the demonstration's warehouse: `make guide` does, tests/docs holds it to that.

What is between the words of the page is made: the diagram, the answer after each question, macros, views and tables.
"""

import re
import subprocess
import sys
import tempfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from ingest.warehouse.extensions import load_stemmers
from tests.docs.reference import diagram, macros, reference

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "analyst.md"
MOST_ROWS = 8
WIDEST = 52
_DRAWN = re.compile(r"^```mermaid\n.*?^```$", re.MULTILINE | re.DOTALL)
_ASKED = re.compile(r"^```sql\n(.*?)^```\n\n```text\n.*?^```$", re.MULTILINE | re.DOTALL)
_LISTED = re.compile(r"^## Macros\n.*", re.MULTILINE | re.DOTALL)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?")


def open_news(path: Path) -> DuckDBPyConnection:
    """Open the file as an analyst does who wants to search."""
    news = duckdb.connect(str(path), read_only=True)
    news.execute("set timezone = 'UTC'")
    load_stemmers(news)
    return news


def rewritten(page: str, news: DuckDBPyConnection) -> str:
    """Return the page with everything that is made of the file made anew."""
    page = _DRAWN.sub(lambda _: f"```mermaid\n{diagram(news)}\n```", page)
    page = _ASKED.sub(lambda found: f"```sql\n{found[1]}```\n\n```text\n{answer(news, found[1])}\n```", page)
    listed = f"## Macros\n\n{macros(news)}\n\n## Views and tables\n\n{reference(news).strip()}\n"
    return _LISTED.sub(lambda _: listed, page)


def without_moments(page: str) -> str:
    """Return the page without days and times, which move with the day the demonstration is run on."""
    return _MOMENT.sub(lambda found: "-" * len(found[0]), page)


def questions(page: str) -> list[str]:
    """Return the queries whose answers the page shows."""
    return [found[1] for found in _ASKED.finditer(page)]


def answer(news: DuckDBPyConnection, sql: str) -> str:
    """Ask, and write the first rows of the answer as a table."""
    result = news.execute(sql)
    rows = result.fetchall()
    cells = [[column[0] for column in result.description or []]]
    cells += [[_shown(value) for value in row] for row in rows[:MOST_ROWS]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    are_numbers = [_is_number([row[place] for row in rows]) for place in range(len(widths))]
    lines = ["  ".join(_placed(*cell) for cell in zip(row, widths, are_numbers, strict=True)).rstrip() for row in cells]
    lines.insert(1, "  ".join("─" * width for width in widths))
    more = len(rows) - MOST_ROWS
    return "\n".join([*lines, f"… {more} more"] if more > 0 else lines)


def _placed(text: str, width: int, is_number: bool) -> str:
    return text.rjust(width) if is_number else text.ljust(width)


def _is_number(values: list[Any]) -> bool:
    return all(isinstance(value, int | float | Decimal) or value is None for value in values)


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value.normalize():,f}"
        case int() | float():
            return f"{value:,}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return f"{value:%Y-%m-%d}"
        case list():
            return _cut("; ".join(map(str, value)))
    return _cut(" ".join(str(value).split()))


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


def main() -> None:
    """Run the demonstration in a folder that is thrown away, and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        ingest = Path(sys.executable).with_name("ingest")
        subprocess.run([ingest, "demo"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with open_news(Path(folder) / "warehouse" / "demo" / "news.duckdb") as news:
            page = rewritten(PAGE.read_text(encoding="utf-8"), news)
    PAGE.write_text(page, encoding="utf-8")
    print(f"{PAGE} is written")  # noqa: T201  whoever asked for it waits for a word


if __name__ == "__main__":
    main()

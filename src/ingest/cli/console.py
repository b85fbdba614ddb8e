"""What the terminal shows: tables for people, JSON for programs."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

PIPED_WIDTH = 200  # columns, where no terminal says how wide it is

Row = Mapping[str, Any]


def say(text: str = "") -> None:
    """Write a line to standard output, also a pipe, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def say_json(value: object) -> None:
    """Write a value as one line of JSON."""
    say(json.dumps(value, ensure_ascii=False, default=_as_json))


def say_table(rows: Iterable[Row], columns: Sequence[str], *, title: str | None = None) -> None:
    """Write rows as a table, numbers to the right; text from outside is shown as it is, never as markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    listed = list(rows)
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)
    table = Table(title=Text(title) if title else None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        is_number = all(isinstance(row[column], int | float | Decimal | None) for row in listed)
        table.add_column(column, justify="right" if is_number else "left", overflow="fold")
    for row in listed:
        table.add_row(*(Text(_as_cell(row[column])) for column in columns))
    console.print(table)


def _as_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "".join(c if c.isprintable() else " " for c in str(value))


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)

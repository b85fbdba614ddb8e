"""benchmarks/README.md: one section for each kind of measure, rewritten when that kind is taken again."""

import os
import platform
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from .measure import Measure

README = Path(__file__).with_name("README.md")


def put_section(title: str, lines: Iterable[str]) -> None:
    """Write the section of that title anew, under the machine and the day; all others stay as they are."""
    text = README.read_text(encoding="utf-8")
    machine = f"{os.cpu_count()} cores, {_memory_bytes() / 1e9:.0f} GB, {platform.machine()}"
    measured = f"Measured on {date.today()}: {machine}, Python {platform.python_version()}."
    section = "\n".join([f"## {title}", "", measured, "", *lines]).rstrip() + "\n"
    start = re.search(rf"^## {re.escape(title)}$", text, re.MULTILINE)
    if start is None:
        text = f"{text.rstrip()}\n\n{section}"
    else:
        end = re.compile(r"^## ", re.MULTILINE).search(text, start.end())
        text = text[: start.start()] + section + (f"\n{text[end.start() :]}" if end else "")
    README.write_text(text, encoding="utf-8")


def table(measures: Sequence[Measure]) -> Iterator[str]:
    """Lay measures out."""
    yield "| what | measured | unit | how |"
    yield "|---|---:|---|---|"
    for measure in measures:
        yield f"| {measure.name} | {measure.shown} | {measure.unit} | {measure.how} |"


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")

"""What is being done, how many, how fast and how long still: as a bar on a terminal, as plain lines in a pipe."""

import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from ..core.background import in_background
from ..core.log_lines import line

if TYPE_CHECKING:
    from rich.console import Console

    from ..pipeline.wiring import World

SECONDS_BETWEEN_LOOKS = 0.5
LOOKS_SHARE = 0.05  # of the time, at most: to look costs the more the more there is
WINDOW_SECONDS = 30.0  # over which speed is taken: long enough for a round, short enough to notice a change
STEPS = 3  # of an entry: fetched, read, ended

# What a person calls the stages of flows/stages.py.
SAID = {
    "take_in_pushes": "taking in what was pushed",
    "offer_topics": "noting who pushes which feed",
    "poll_source": "asking feeds",
    "backfill_source": "going through sitemaps and archive pages",
    "fetch_and_stage": "fetching and reading pages",
    "stage_batch": "reading pages",
    "validate_batches": "validating batches",
    "publish_batches": "publishing",
    "release_news": "making news.duckdb",
    "audit_warehouse": "validating the warehouse",
    "oversee": "looking at what no run sees by itself",
    "notify_people": "notifying people",
}

progress_log = logging.getLogger("ingest.progress")

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How far something has come."""

    what: str
    done: float  # of `total`, in the same unit, however far the parts of it have come
    total: int | None  # None: not known yet
    counts: Mapping[str, int] = field(default_factory=dict)  # for a person, in order


class Speed:
    """How fast things were done lately, and how long the rest takes at that speed."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()

    def note(self, now: float, done: float) -> None:
        """Remember how much was done by now; less than before is another count, begun anew."""
        if self._seen and done < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, done))
        while now - self._seen[0][0] > WINDOW_SECONDS and len(self._seen) > 2:
            self._seen.popleft()

    @property
    def per_second(self) -> float | None:
        """Return how many a second; None while nothing moves."""
        if len(self._seen) < 2:
            return None
        (began, before), (now, done) = self._seen[0], self._seen[-1]
        return (done - before) / (now - began) if now > began and done > before else None

    def seconds_left(self, total: int | None) -> float | None:
        """Return how long the rest takes; None where that can't be known."""
        speed = self.per_second
        if total is None or not speed or not self._seen:
            return None
        return max(total - self._seen[-1][1], 0) / speed


@contextmanager
def watching(world: "World", run_id: str) -> Iterator[None]:
    """Show how far a run or a backfill has come, in entries, while the block runs."""
    from ..flows.stage_spans import under_way

    def look() -> Look:
        stage, keys = under_way(run_id) or ("", 0)
        seen = world.state.read("report_progress", {"run_id": run_id})[0]
        said = SAID.get(stage, "starting")
        counts = {"feeds": seen["feeds"], "fetched": seen["fetched"], "read": seen["parsed"]}
        done = (seen["fetched"] + seen["parsed"] + seen["ended"]) / STEPS
        what = f"{said} ({keys})" if keys > 1 else said
        return Look(what=what, done=done, total=seen["entries"] or None, counts=counts)

    with showing(look, "entries", every_seconds=world.settings.progress_seconds):
        yield


@contextmanager
def stages_shown(world: "World", run_id: str, first: str, say: Callable[[str], object]) -> Iterator[None]:
    """Pass `first`, then each stage of a run once to `say`, as it begins, where no bar on a terminal shows it.

    Where INGEST_PROGRESS_SECONDS is 0, nothing is said.
    """
    from ..flows.stage_spans import stages_told

    if _terminal() or not world.settings.progress_seconds:
        yield
        return
    said = set()

    def tell(stage: str) -> None:
        if stage in SAID and stage not in said:
            said.add(stage)
            say(f"{SAID[stage]} …")

    say(f"{first} …")
    with stages_told(run_id, tell):
        yield


@contextmanager
def watching_pages(world: "World", source_ids: list[str], since: datetime | None) -> Iterator[None]:
    """Show how many archived pages were read again while the block runs."""
    total = world.state.read("count_rereadable", {"source_ids": source_ids, "since": since})[0]["stories"]

    def look() -> Look:
        pages = world.parse_times.pages
        what = "reading pages again" if pages < total else "validating and comparing what was read"
        return Look(what=what, done=pages, total=total)

    with showing(look, "pages", every_seconds=world.settings.progress_seconds):
        yield


@contextmanager
def showing(look: Callable[[], Look], unit: str, *, every_seconds: float) -> Iterator[None]:
    """Show what `look` sees, now and then, until the block has run: a bar on a terminal, lines elsewhere."""
    console = _terminal()
    if console is None and not every_seconds:
        yield
        return
    speed = Speed()
    if console is None:
        show = partial(_tell, look, unit, every_seconds, speed)
    else:
        show = partial(_draw, look, unit, console, speed)
    with in_background(show):
        yield


def counted(answers: Iterable[Answer], total: int | None, what: str) -> Iterator[Answer]:
    """Pass answers on as they come, with a bar on a terminal that counts them."""
    console = _terminal()
    if console is None:
        yield from answers
        return
    from rich.progress import track

    yield from track(answers, total=total, description=what, console=console, transient=True)


def _terminal() -> "Console | None":
    """Return the terminal on standard error that can draw over what it has drawn; None when there is none."""
    if not sys.stderr.isatty():
        return None
    from rich.console import Console

    console = Console(stderr=True)
    return console if console.is_terminal and not console.is_dumb_terminal else None


def _tell(look: Callable[[], Look], unit: str, every_seconds: float, speed: Speed, over: threading.Event) -> None:
    began = time.monotonic()
    while not over.wait(every_seconds):
        seen = look()
        now = time.monotonic()
        speed.note(now, seen.done)
        known = {f"of_{unit}": seen.total, **seen.counts, "per_second": _rounded(speed.per_second)}
        left = {"seconds": round(now - began), "seconds_left": _rounded(speed.seconds_left(seen.total))}
        told = {unit: int(seen.done), **known, **left}
        said = {name: value for name, value in told.items() if value is not None}
        progress_log.info(line("progress", what=seen.what.replace(" ", "_"), **said))


def _draw(look: Callable[[], Look], unit: str, console: "Console", speed: Speed, over: threading.Event) -> None:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.text import Text

    said = TextColumn("{task.fields[said]}", markup=False)
    with Progress(said, BarColumn(bar_width=20), TimeElapsedColumn(), console=console, transient=True) as bar:
        drawn = bar.add_task("", total=None, said="starting")
        wait = SECONDS_BETWEEN_LOOKS
        while not over.wait(wait):
            began = time.monotonic()
            seen = look()
            speed.note(began, seen.done)
            told = Text(in_words(seen, unit, speed)).plain
            bar.update(drawn, completed=seen.done, total=seen.total, said=told)
            wait = max(SECONDS_BETWEEN_LOOKS, (time.monotonic() - began) / LOOKS_SHARE)


def in_words(seen: Look, unit: str, speed: Speed) -> str:
    """Return a look in one line."""
    how_many = f"{int(seen.done):,} of {seen.total:,} {unit}" if seen.total is not None else ""
    counts = ", ".join(f"{count:,} {name}" for name, count in seen.counts.items())
    fast = f"{speed.per_second:,.1f}/s" if speed.per_second else ""
    left = speed.seconds_left(seen.total)
    still = f"{_span(left)} left" if left is not None else ""
    return " · ".join(filter(None, (seen.what, how_many, counts, fast, still)))


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)

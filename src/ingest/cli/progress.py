"""A bar on a terminal for as long as something takes; nothing at all when there is none."""

import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress

    from ..wiring import World

SECONDS_BETWEEN_LOOKS = 0.5

Answer = TypeVar("Answer")


@contextmanager
def watching(world: "World", run_id: str) -> Iterator[None]:
    """Show how far a run has come, in entries, while the block runs."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    over = threading.Event()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        watcher = threading.Thread(target=_watch, args=(world, run_id, bar, over), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()


def _watch(world: "World", run_id: str, bar: "Progress", over: threading.Event) -> None:
    line = bar.add_task("starting", total=None)
    while not over.wait(SECONDS_BETWEEN_LOOKS):
        seen = world.warehouse.read("report_progress", {"run_id": run_id})[0]
        said = f"{seen['feeds']} feeds asked, entries ended"
        bar.update(line, description=said, completed=seen["ended"], total=seen["entries"] or None)


def counted(answers: Iterable[Answer], total: int, what: str) -> Iterator[Answer]:
    """Pass answers on as they come, with a bar on a terminal that counts them."""
    if not sys.stderr.isatty():
        yield from answers
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(answers, total=total, description=what, console=Console(stderr=True), transient=True)

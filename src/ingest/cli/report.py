"""`ingest report`: what came in, what became of it and what it says, as one page to look at and to hand on."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import JsonOption, WarehouseOption, given

if TYPE_CHECKING:
    from ..report.contents import Read

REPORT_FILE = "report.html"


def report(
    file: Annotated[
        Path | None, typer.Argument(help=f"The page to write; without it, {REPORT_FILE} in the warehouse folder.")
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="Days to tell of, today included.")] = 30,
    figures: Annotated[
        int, typer.Option("--figures", min=0, max=20_000, help="Newest figures to list, with their sentences.")
    ] = 1_000,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write one HTML page that shows how the pipeline did and what it published; it needs no web and no server."""
    from .. import __version__
    from ..core.file_modes import PAGE
    from ..core.settings import load_settings
    from ..pipeline.wiring import utc_now
    from ..report.contents import compose
    from ..report.page import put_page, render, way_to
    from ..warehouse.warehouse import NEWS_FILE
    from .console import say, say_json

    folder = load_settings(**given(warehouse)).warehouse
    path = file or folder / REPORT_FILE
    checks = folder / "checks"
    with _reading(folder / NEWS_FILE) as news:
        shown = compose(
            ops=lambda: _reading_ops(folder, news),
            news=news,
            has_page=lambda page: (checks / page).is_file(),
            now=utc_now(),
            days=days,
            most_figures=figures,
        )
    page = render(shown, version=__version__, checks=way_to(checks, seen_from=path))
    put_page(path, page, mode=None if file else PAGE)
    told = {"file": str(path), "bytes": len(page.encode()), "days": len(shown.days), "alerts": len(shown.alerts)}
    if as_json:
        say_json(told | {"sources": len(shown.trends), "figures": len(shown.figures)})
        return
    say(f"{path}: open alerts {len(shown.alerts)}, days {len(shown.days)}, figures {len(shown.figures):,}")


@contextmanager
def _reading(path: Path) -> "Iterator[Read]":
    from ..warehouse.warehouse import opened, rows

    with opened(path) as connection:
        yield lambda name, parameters: rows(connection, name, parameters)


@contextmanager
def _reading_ops(folder: Path, news: "Read") -> "Iterator[tuple[Read, str]]":
    """Read how the pipeline did from its own file, which knows most; while a pass writes it, from the last release."""
    from ..core.errors import WarehouseBusy
    from ..warehouse.warehouse import NEWS_FILE, PIPELINE_FILE

    own = folder / PIPELINE_FILE
    with ExitStack() as held:
        ops = None
        if own.exists():
            with suppress(WarehouseBusy):
                ops = held.enter_context(_reading(own))
        yield (ops or news), f"{PIPELINE_FILE} and {NEWS_FILE}" if ops else NEWS_FILE

"""Great Expectations' own pages about validated batches: a folder for each batch, the oldest removed.

They take nothing from the web: the frame around what Great Expectations writes is ours, `result_pages.html`.
"""

import logging
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from ..core.file_modes import FOLDER, PAGE
from ..core.ids import pages_name
from ..core.model import Batch
from .results import complaint_of

log = logging.getLogger("ingest")

KEPT_FOR = timedelta(days=30)
MOST_KEPT = 500  # folders, of some hundred kilobytes each
_LINK = re.compile(r"checks/([^/\s]+)/")


def write_pages(
    folder: Path, batch: Batch, reports: Mapping[str, Any], *, alert_texts: Callable[[], Iterable[str]]
) -> None:
    """Write a page for every suite in which a row or batch was refused, and for each suite once a day.

    Where one is written, old ones are removed, but none that the text of an open alert leads to. Where pages can't be
    written, warn.
    """
    try:
        if _write(folder, batch, reports):
            linked = {name for text in alert_texts() for name in _LINK.findall(text)}
            _prune(folder, linked, oldest=f"{batch.staged_at - KEPT_FOR:%Y%m%d}")
    except OSError as error:
        log.warning("pages about batch %s can't be written in %s: %s", batch.batch_id, folder, error.strerror)


def _write(folder: Path, batch: Batch, reports: Mapping[str, Any]) -> bool:
    """Write the pages that are wanted; return whether there were any."""
    day = f"{batch.staged_at:%Y%m%d}"
    wanted = {
        suite: report
        for suite, report in reports.items()
        if _refuses(report) or not any(folder.glob(f"{day}-*/{suite}.html"))
    }
    if not wanted:
        return False
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer

    pages = folder / pages_name(batch)
    pages.mkdir(parents=True, exist_ok=True)
    for one in (folder, pages):
        one.chmod(FOLDER)
    renderer: Any = ValidationResultsPageRenderer()
    frame = _frame()
    for suite, report in wanted.items():
        title = f"{suite}: {batch.source_id}, {batch.staged_at:%Y-%m-%d %H:%M} UTC"
        page = frame.render(renderer.render(report).to_json_dict() | {"page_title": title})
        file = pages / f"{suite}.html"
        file.write_text(page, encoding="utf-8")
        file.chmod(PAGE)
    return True


@cache
def _frame() -> Any:
    """Our frame, in Great Expectations' Jinja environment; a new environment would compile all templates again."""
    from great_expectations.render.view.view import DefaultJinjaPageView

    view: Any = DefaultJinjaPageView()
    return view.env.from_string(Path(__file__).with_name("result_pages.html").read_text(encoding="utf-8"))


def _refuses(report: Any) -> bool:
    """Return whether something failed that is more than counted, or broke."""
    return any(
        complaint_of(finding) is not None or (not finding.success and finding.expectation_config.severity != "info")
        for finding in report.results
    )


def _prune(folder: Path, linked: Collection[str], *, oldest: str) -> None:
    """Remove the folders of days before `oldest`, and all but the last written of too many."""
    if not folder.exists():
        return
    written = {path: path.stat().st_mtime_ns for path in folder.iterdir() if path.is_dir()}
    for place, path in enumerate(sorted(written, key=written.__getitem__, reverse=True)):
        if path.name not in linked and (place >= MOST_KEPT or path.name < oldest):
            shutil.rmtree(path)

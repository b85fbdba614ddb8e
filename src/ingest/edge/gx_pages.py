"""Great Expectations' own pages about judged batches: a folder for each batch, the oldest removed."""

import logging
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..keys import pages_name
from ..model import Batch

log = logging.getLogger("ingest")

BATCHES_KEPT = 50


def write_pages(folder: Path, batch: Batch, reports: Mapping[str, Any]) -> None:
    """Write a page for every suite that failed, for all with the first batch of a day; warn where that can't be."""
    try:
        _write_pages(folder, batch, reports)
    except OSError as error:
        log.warning("pages about batch %s can't be written in %s: %s", batch.batch_id, folder, error.strerror)


def _write_pages(folder: Path, batch: Batch, reports: Mapping[str, Any]) -> None:
    is_first = not any(folder.glob(f"{batch.staged_at:%Y%m%d}-*"))
    wanted = {suite: report for suite, report in reports.items() if is_first or not report.success}
    if not wanted:
        return
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
    from great_expectations.render.view.view import DefaultJinjaPageView

    pages = folder / pages_name(batch)
    pages.mkdir(parents=True, exist_ok=True)
    renderer: Any = ValidationResultsPageRenderer()
    view: Any = DefaultJinjaPageView()
    for suite, report in wanted.items():
        (pages / f"{suite}.html").write_text(view.render(renderer.render(report)), encoding="utf-8")
    for old in sorted(path for path in folder.iterdir() if path.is_dir())[:-BATCHES_KEPT]:
        shutil.rmtree(old)

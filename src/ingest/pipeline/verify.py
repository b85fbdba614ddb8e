"""Verification: the analysts' file, the state and the archive against what was released, published and captured.

Each run verifies a share of the archive, `ingest verify` all of it, and all that is published.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..alerts import texts
from ..alerts.notify import keep_trouble
from ..core.errors import CaptureUnreadable
from ..core.log_lines import line
from ..core.model import Capture
from ..state import State
from ..warehouse.verification import (
    archive_ends,
    captures_beyond,
    captures_within,
    compare_digest,
    compare_release,
    discard_release,
    lacking_articles,
    newest_run,
    read_published,
    remove_lost_captures,
)
from ..warehouse.verification_findings import Compared, Lacking, LostCapture, key_ranges
from ..warehouse.warehouse import Warehouse

log = logging.getLogger("ingest")

RELEASE = "release.differs"  # kinds of alerts
ARCHIVE = "archive.damaged"
LACKING = "articles.lost"
SHARES = key_ranges(2)  # of which each run verifies one: 256 runs verify all there is
PARTS = key_ranges(1)  # of the captures of a whole verification; one is held in memory at a time

Recall = Callable[[Capture], object]  # reads a capture from the archive, or raises CaptureUnreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was verified: rows that are published, captures and known articles, and what was found wrong."""

    release: Compared
    rows: int = 0
    captures: int
    lost: Sequence[LostCapture]
    lacking: Lacking


def verify_share(
    *, state: State, warehouse: Warehouse, recall: Recall, size_of: Callable[[str], int], now: datetime
) -> Verification:
    """Verify the share that is this run's, and that each file of the archive is as long as its captures say.

    What is wrong opens an alert. That about the archive, or about articles that are lacking, is ended by `verify_all`
    alone, which has seen all of it.
    """
    keys = SHARES[newest_run(state) % len(SHARES)]
    captures = captures_within(state, keys)
    lost = {one.capture.capture_id: one for one in [*_lost(captures, recall), *_cut_off(state, size_of)]}
    found = Verification(
        release=compare_release(state, warehouse),
        captures=len(captures),
        lost=tuple(lost.values()),
        lacking=lacking_articles(state, warehouse, keys),
    )
    keep_trouble(RELEASE, texts.release_trouble(found.release.found), state=state, now=now)
    if found.lost:
        keep_trouble(ARCHIVE, texts.archive_trouble(found.lost), state=state, now=now)
    if found.lacking.by_source:
        keep_trouble(LACKING, texts.lost_articles(found.lacking.by_source), state=state, now=now)
    if found.release.found:
        discard_release(state)
    return found


def verify_all(*, state: State, warehouse: Warehouse, recall: Recall, now: datetime) -> Verification:
    """Verify every row and every capture; alerts about what is wrong are opened, and those that are over end.

    An analysts' file that is not the one that was released is written anew by the next release. Raises WarehouseDamaged
    where what is published can't be read.
    """
    rows = read_published(warehouse)
    compared = compare_release(state, warehouse)
    if not compared.found:
        compared = compare_digest(state, warehouse)
    captures, lost, articles, lacking = 0, list[LostCapture](), 0, Counter[str]()
    for keys in PARTS:
        kept = captures_within(state, keys)
        captures += len(kept)
        lost += _lost(kept, recall)
        known = lacking_articles(state, warehouse, keys)
        articles += known.checked
        lacking.update(known.by_source)
    keep_trouble(RELEASE, texts.release_trouble(compared.found), state=state, now=now)
    keep_trouble(ARCHIVE, texts.archive_trouble(lost), state=state, now=now)
    keep_trouble(LACKING, texts.lost_articles(lacking), state=state, now=now)
    if compared.found:
        discard_release(state)
    wrong = {"lost": len(lost), "lacking": lacking.total(), "differs": bool(compared.found)}
    log.info(line("verified", rows=rows, captures=captures, **wrong))
    return Verification(
        release=compared, rows=rows, captures=captures, lost=lost, lacking=Lacking(checked=articles, by_source=lacking)
    )


def accept_loss(lost: Sequence[LostCapture], *, state: State, now: datetime) -> None:
    """Note lost captures as removed, as those of a pruned file are, and end the alert about them."""
    remove_lost_captures(state, [one.capture for one in lost], now)
    keep_trouble(ARCHIVE, None, state=state, now=now)


def _lost(captures: Iterable[Capture], recall: Recall) -> Iterator[LostCapture]:
    for capture in captures:
        try:
            recall(capture)
        except CaptureUnreadable as error:
            yield LostCapture(capture=capture, reason=str(error))


def _cut_off(state: State, size_of: Callable[[str], int]) -> Iterator[LostCapture]:
    """Yield the captures of files that are shorter than they were, or gone: to tell takes no reading."""
    for warc_file, ends_at in archive_ends(state).items():
        if (size := size_of(warc_file)) >= ends_at:
            continue
        for capture in captures_beyond(state, warc_file, size):
            yield LostCapture(capture=capture, reason=f"{warc_file} has {size:,} bytes and had {ends_at:,}")

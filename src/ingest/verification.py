"""Verification: the analysts' file, the state and the archive against what was released, published and captured.

Each run verifies a share of the archive, `ingest verify` all of it, and all that is published.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from .decide import troubles
from .errors import CaptureUnreadable
from .lines import line
from .model import Capture
from .ports import Store
from .telling import keep_trouble
from .verified import Compared, KeyRange, Lacking, LostCapture, key_ranges

log = logging.getLogger("ingest")

RELEASE = "release.differs"  # kinds of alerts
ARCHIVE = "archive.damaged"
LACKING = "articles.lost"
SHARES = key_ranges(2)  # of which each run verifies one: 256 runs verify all there is
PARTS = key_ranges(1)  # of the captures of a whole verification; one is held in memory at a time

Recall = Callable[[Capture], object]  # reads a capture from the archive, or raises CaptureUnreadable


class VerifiedStore(Store, Protocol):
    """What is kept between steps, with what verification compares."""

    def compare_release(self) -> Compared:
        """Compare the analysts' file with what was released, by what tells them apart without reading it."""
        ...

    def compare_digest(self) -> Compared:
        """Compare the whole content of the analysts' file with what was released."""
        ...

    def read_published(self) -> int:
        """Read all that is published, and return how many rows that is."""
        ...

    def lacking_articles(self, keys: KeyRange) -> Lacking:
        """Count by source the articles in a range that the state knows as published and the warehouse lacks."""
        ...

    def discard_release(self) -> None:
        """Have the next release write the analysts' file anew."""
        ...

    def newest_run(self) -> int:
        """Return the number of the run that began last."""
        ...

    def captures_within(self, keys: KeyRange) -> Sequence[Capture]:
        """Return the captures that are kept and have their key in a range."""
        ...

    def archive_ends(self) -> Mapping[str, int]:
        """Return for each file of the archive that is kept at which byte its last capture ends."""
        ...

    def captures_beyond(self, warc_file: str, bytes_: int) -> Sequence[Capture]:
        """Return the captures of a file that end behind a byte of it."""
        ...

    def remove_lost_captures(self, captures: Sequence[Capture], now: datetime) -> None:
        """Note captures as removed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was verified: rows that are published, captures and known articles, and what was found wrong."""

    release: Compared
    rows: int = 0
    captures: int
    lost: Sequence[LostCapture]
    lacking: Lacking


def verify_share(*, store: VerifiedStore, recall: Recall, size_of: Callable[[str], int], now: datetime) -> Verification:
    """Verify the share that is this run's, and that each file of the archive is as long as its captures say.

    What is wrong opens an alert. That about the archive, or about articles that are lacking, is ended by `verify_all`
    alone, which has seen all of it.
    """
    keys = SHARES[store.newest_run() % len(SHARES)]
    captures = store.captures_within(keys)
    lost = {one.capture.capture_id: one for one in [*_lost(captures, recall), *_cut_off(store, size_of)]}
    found = Verification(
        release=store.compare_release(),
        captures=len(captures),
        lost=tuple(lost.values()),
        lacking=store.lacking_articles(keys),
    )
    keep_trouble(RELEASE, troubles.release_trouble(found.release.found), store=store, now=now)
    if found.lost:
        keep_trouble(ARCHIVE, troubles.archive_trouble(found.lost), store=store, now=now)
    if found.lacking.by_source:
        keep_trouble(LACKING, troubles.lost_articles(found.lacking.by_source), store=store, now=now)
    if found.release.found:
        store.discard_release()
    return found


def verify_all(*, store: VerifiedStore, recall: Recall, now: datetime) -> Verification:
    """Verify every row and every capture; alerts about what is wrong are opened, and those that are over end.

    An analysts' file that is not the one that was released is written anew by the next release. Raises WarehouseDamaged
    where what is published can't be read.
    """
    rows = store.read_published()
    compared = store.compare_release()
    if not compared.found:
        compared = store.compare_digest()
    captures, lost, articles, lacking = 0, list[LostCapture](), 0, Counter[str]()
    for keys in PARTS:
        kept = store.captures_within(keys)
        captures += len(kept)
        lost += _lost(kept, recall)
        known = store.lacking_articles(keys)
        articles += known.checked
        lacking.update(known.by_source)
    keep_trouble(RELEASE, troubles.release_trouble(compared.found), store=store, now=now)
    keep_trouble(ARCHIVE, troubles.archive_trouble(lost), store=store, now=now)
    keep_trouble(LACKING, troubles.lost_articles(lacking), store=store, now=now)
    if compared.found:
        store.discard_release()
    wrong = {"lost": len(lost), "lacking": lacking.total(), "differs": bool(compared.found)}
    log.info(line("verified", rows=rows, captures=captures, **wrong))
    return Verification(
        release=compared, rows=rows, captures=captures, lost=lost, lacking=Lacking(checked=articles, by_source=lacking)
    )


def accept_loss(lost: Sequence[LostCapture], *, store: VerifiedStore, now: datetime) -> None:
    """Note lost captures as removed, as those of a pruned file are, and end the alert about them."""
    store.remove_lost_captures([one.capture for one in lost], now)
    keep_trouble(ARCHIVE, None, store=store, now=now)


def _lost(captures: Iterable[Capture], recall: Recall) -> Iterator[LostCapture]:
    for capture in captures:
        try:
            recall(capture)
        except CaptureUnreadable as error:
            yield LostCapture(capture=capture, reason=str(error))


def _cut_off(store: VerifiedStore, size_of: Callable[[str], int]) -> Iterator[LostCapture]:
    """Yield the captures of files that are shorter than they were, or gone: to tell takes no reading."""
    for warc_file, ends_at in store.archive_ends().items():
        if (size := size_of(warc_file)) >= ends_at:
            continue
        for capture in store.captures_beyond(warc_file, size):
            yield LostCapture(capture=capture, reason=f"{warc_file} has {size:,} bytes and had {ends_at:,}")

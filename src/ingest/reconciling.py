"""At the start: what the warehouse and the state know of publications is made to agree."""

import logging
from datetime import datetime
from typing import Protocol

from .decide import troubles
from .decide.keeping import PARSED_KEPT
from .lines import line
from .model import Batch
from .ports import Store
from .telling import keep_trouble

log = logging.getLogger("ingest")

LOST = "publications.lost"  # the kind of the alert


class ReconciledStore(Store, Protocol):
    """What is kept between steps, with what reconciles publications."""

    def reconcile(self, since: datetime) -> None:
        """Settle batches whose publication the state does not know of, and have those published again that are lost."""
        ...


def reconcile(store: ReconciledStore, *, now: datetime) -> None:
    """Reconcile publications, and alert of batches that are to be published again; the next publication ends that."""
    store.reconcile(now - PARSED_KEPT)
    if lost := lost_batches(store):
        for batch in lost:
            keys = {"source": batch.source_id, "batch": batch.batch_id, "published_at": batch.published_at}
            log.warning(line("lost", **keys, articles=batch.articles))
        keep_trouble(LOST, troubles.lost_publications(lost), store=store, now=now)


def lost_batches(store: Store) -> list[Batch]:
    """Return the batches that were public, that the warehouse lacks, and that wait to be published again."""
    return [batch for batch in store.batches("validated") if batch.published_at]

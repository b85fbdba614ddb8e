"""At the start: what the warehouse and the state know of publications is made to agree."""

import logging
from datetime import datetime

from ..alerts import texts
from ..alerts.notify import keep_trouble
from ..core.log_lines import line
from ..core.model import Batch
from ..core.retention import PARSED_KEPT
from ..state import State
from ..warehouse import batches, publication
from ..warehouse.warehouse import Warehouse

log = logging.getLogger("ingest")

LOST = "publications.lost"  # the kind of the alert


def reconcile(*, state: State, warehouse: Warehouse, now: datetime) -> None:
    """Reconcile publications, and alert of batches that are to be published again; the next publication ends that."""
    publication.reconcile_publications(state, warehouse, now - PARSED_KEPT)
    if lost := lost_batches(state):
        for batch in lost:
            keys = {"source": batch.source_id, "batch": batch.batch_id, "published_at": batch.published_at}
            log.warning(line("lost", **keys, articles=batch.articles))
        keep_trouble(LOST, texts.lost_publications(lost), state=state, now=now)


def lost_batches(state: State) -> list[Batch]:
    """Return the batches that were public, that the warehouse lacks, and that wait to be published again."""
    return [batch for batch in batches.batches_in(state, "validated") if batch.published_at]

"""The store port on DuckDB: what is kept between steps, each write one transaction."""

from .alerts import AlertRows
from .backfills import BackfillRows
from .batches import BatchRows
from .entries import EntryRows
from .history import HistoryRows
from .pushes import PushRows
from .quarantine import QuarantineRows
from .releases import ReleaseRows
from .runs import RunRows


class WarehouseStore(
    RunRows, EntryRows, BatchRows, ReleaseRows, AlertRows, BackfillRows, QuarantineRows, PushRows, HistoryRows
):
    """Keeps everything in the pipeline's own file, and hands analysts theirs."""

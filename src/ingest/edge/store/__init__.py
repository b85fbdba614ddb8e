"""The store port on DuckDB: what is kept between steps, each write one transaction."""

from .alerts import AlertRows
from .backfills import BackfillRows
from .batches import BatchRows
from .entries import EntryRows
from .history import HistoryRows
from .pushes import PushRows
from .quarantine import QuarantineRows
from .removal import RemovalRows
from .runs import RunRows
from .verification import VerificationRows


class WarehouseStore(
    RunRows,
    EntryRows,
    BatchRows,
    VerificationRows,
    AlertRows,
    BackfillRows,
    QuarantineRows,
    PushRows,
    RemovalRows,
    HistoryRows,
):
    """Keeps everything in the pipeline's own file, and hands analysts theirs."""

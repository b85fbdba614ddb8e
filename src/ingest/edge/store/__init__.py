"""The store port on DuckDB: what is kept between steps, each write one transaction."""

from .alerts import AlertRows
from .batches import BatchRows
from .entries import EntryRows
from .runs import RunRows


class WarehouseStore(RunRows, EntryRows, BatchRows, AlertRows):
    """Keeps everything in the pipeline's own file, and hands analysts theirs."""

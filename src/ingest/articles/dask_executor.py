"""An existing Dask cluster, by the address of its scheduler, as an executor. This module alone imports Dask."""

import logging

from distributed import Client
from distributed.cfexecutor import ClientExecutor

for name in ("distributed", "distributed.client"):
    logging.getLogger(name).setLevel(logging.CRITICAL)  # our errors report what is lost, in a line

CONNECT_SECONDS = 5.0


class DaskExecutor(ClientExecutor):  # type: ignore[misc]
    """What `Client.get_executor` returns, with its client.

    Raises ValueError for what is no address of a scheduler, and OSError where the scheduler can't be had.
    """

    def __init__(self, address: str, *, connect_seconds: float = CONNECT_SECONDS) -> None:
        super().__init__(Client(address, timeout=connect_seconds, set_as_default=False), pure=False)

    def shutdown(self, wait: bool = True) -> None:  # noqa: FBT001, FBT002 - as `Executor` has it
        """Disconnect from the cluster, which keeps running."""
        super().shutdown(wait=wait)
        self._client.close(timeout=CONNECT_SECONDS)

    def has_workers(self) -> bool:
        """Return whether anybody works there."""
        try:
            return bool(self._client.nthreads())
        except OSError:
            return False

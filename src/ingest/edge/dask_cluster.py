"""An existing Dask cluster, by the address of its scheduler. This module alone imports Dask."""

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Any, TypeVar

from ..errors import ClusterAway, Misconfigured, ReaderDied
from .cluster_desk import SETTING

try:
    from distributed import Client, KilledWorker
except ImportError as error:
    message = f"{SETTING} names a Dask cluster, but Dask is not installed: `pip install 'news-ingest[dask]'`"
    raise Misconfigured(message, about=SETTING) from error

for name in ("distributed", "distributed.client"):
    logging.getLogger(name).setLevel(logging.CRITICAL)  # what is lost, our errors tell in a line

Read = TypeVar("Read")

CONNECT_SECONDS = 5.0
LOOK_SECONDS = 15.0  # after which it is seen to it that there still are workers


class DaskCluster:
    """A connection with a scheduler."""

    def __init__(
        self, address: str, *, connect_seconds: float = CONNECT_SECONDS, look_seconds: float = LOOK_SECONDS
    ) -> None:
        """Connect; raises ClusterAway when the scheduler can't be had."""
        self._address = address
        self._look_seconds = look_seconds
        try:
            self._client = Client(address, timeout=connect_seconds, set_as_default=False)
        except (OSError, TimeoutError) as error:
            raise self._away("can't be had") from error
        except ValueError as error:
            raise Misconfigured(f"{SETTING}: {error}", about=SETTING) from error

    def submit(self, task: Callable[..., Read], *given: object) -> Callable[[], Read]:
        """Have a task done there; what is given back waits for its result."""
        future = self._client.submit(task, *given, pure=False)
        return lambda: self._result(future)

    def close(self) -> None:
        """Let go of the cluster, which goes on."""
        self._client.close(timeout=CONNECT_SECONDS)

    def _result(self, future: Any) -> Any:
        while True:
            try:
                return future.result(timeout=self._look_seconds)
            except TimeoutError:
                if not self._has_workers():
                    raise self._away("has no workers") from None
            except KilledWorker as error:
                raise ReaderDied(f"the workers that read it died: {error}", about="page") from error
            except CancelledError as error:
                raise self._away("was lost while it read pages") from error
            except ImportError as error:
                message = f"the workers of {SETTING} lack our code; install news-ingest there, too: {error}"
                raise Misconfigured(message, about=SETTING) from error

    def _has_workers(self) -> bool:
        try:
            return bool(self._client.nthreads())
        except (OSError, TimeoutError):
            return False

    def _away(self, what: str) -> ClusterAway:
        message = f"the Dask cluster at {self._address} ({SETTING}) {what}; its pages wait for the next run"
        return ClusterAway(message, about=SETTING)

"""The flows of `triggered.py` under their former entrypoints, for deployments made with those, for one release."""

import logging

from .triggered import fetch as read
from .triggered import notify as alert
from .triggered import poll
from .triggered import validate as judge

__all__ = ["alert", "judge", "poll", "read"]

logging.getLogger("ingest").warning(
    "an entrypoint is in ingest.flows.woken, which the next release does not find: run prefect deploy again"
)

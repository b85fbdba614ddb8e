"""Imported by the process that runs are forked from, so that none of them has to wait for an import."""

import gc

from ingest.pipeline import wiring

wiring.warm_up()
gc.collect()
gc.freeze()  # or each run's first collection would copy all of it

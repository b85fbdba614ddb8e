"""A process that takes pass after pass keeps its size, and the warehouse grows by what is published alone."""

import os
from pathlib import Path

import pytest

from benchmarks.day import passes

pytestmark = [pytest.mark.integration, pytest.mark.slow]

PASSES = int(os.environ.get("INGEST_TEST_PASSES", "5"))


def test_passes_in_one_process_leave_nothing_behind_but_what_is_kept_on_purpose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith(("INGEST_", "PREFECT_"))]:
        monkeypatch.delenv(name)
    looks = list(passes(PASSES, tmp_path, hours=96))
    early, late = looks[PASSES // 2], looks[-1]
    more = late["articles"] - early["articles"]

    assert more == 3 * (PASSES - PASSES // 2 - 1)
    assert (late["threads"], late["open_files"]) == (early["threads"], early["open_files"])
    assert late["objects"] - early["objects"] < 500 + 100 * more  # libraries keep some fifty of a pass
    assert late["rss"] - early["rss"] < 50e6, looks  # many times what it goes up and down by
    assert late["history"] <= 1.2 * early["history"]
    assert late["archive"] - early["archive"] < 10_000 * more  # each article's pages, and a feed that lists them
    assert late["news"] < 2.5 * early["news"]  # rows that were replaced leave as much room again, which is used again

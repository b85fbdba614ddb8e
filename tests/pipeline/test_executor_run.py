"""A run whose pages are read on a real Dask cluster of two processes publishes what it publishes without one."""

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from distributed import Client

from tests.command import ingest
from tests.conftest import FirstPass
from tests.dask_cluster import dask_cluster

pytestmark = [pytest.mark.integration, pytest.mark.slow]

OURS = "capture_id, first_seen_at, fetched_at"  # differ from run to run


def test_pages_read_on_a_cluster_are_published_as_those_read_here(first_pass: FirstPass, tmp_path: Path) -> None:
    with dask_cluster(tmp_path, workers=2) as address:
        command = ("run", "--direct", "--json", "--force", "--sources", first_pass.sources)
        ran = ingest(*command, "--warehouse", tmp_path / "there", cwd=tmp_path, INGEST_EXECUTOR=address)
        with Client(address, set_as_default=False) as client:
            taken = client.run(steps_taken)

    assert ran.code == 4, ran.err  # as without a cluster: the last of the newsrooms is stopped
    assert published(tmp_path / "there") == published(first_pass.warehouse)
    assert len(taken) == 2
    assert min(taken.values()) > 0


def test_a_run_without_its_cluster_says_so_and_the_next_one_goes_on(first_pass: FirstPass, tmp_path: Path) -> None:
    command = ("run", "--json", "--direct", "--source", "la-brujula", "--sources", first_pass.sources)
    with socket.socket() as refusing:  # bound, so that nobody else answers there
        refusing.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{refusing.getsockname()[1]}"
        away = ingest(*command, "--warehouse", tmp_path / "w", cwd=tmp_path, INGEST_EXECUTOR=address)
    back = ingest(*command, "--warehouse", tmp_path / "w", cwd=tmp_path)

    [trouble] = away.told["troubles"]
    assert away.code == 1
    assert (trouble["source_id"], trouble["reason"]) == ("la-brujula", "cluster_away")
    assert "INGEST_EXECUTOR" in trouble["detail"]
    assert [(one["outcome"], one["entries"]) for one in back.told["reasons"]] == [("published", 12)]


def published(warehouse: Path) -> list[Sequence[Any]]:
    """Return all articles and figures that analysts see, but for when and where they were fetched."""
    with duckdb.connect(str(warehouse / "news.duckdb"), read_only=True) as connection:
        articles = connection.execute(f"select * exclude ({OURS}) from articles order by article_id").fetchall()
        figures = connection.execute("select * from figures order by figure_id").fetchall()
    return [*articles, *figures]


def steps_taken(dask_worker: Any) -> int:
    """Count, on a worker, what has been moved through it."""
    return int(dask_worker.state.transition_counter)

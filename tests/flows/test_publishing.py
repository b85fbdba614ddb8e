"""Several workers of a lake: one publishes, and the others leave to it what they have validated."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.core.errors import IngestError
from ingest.demo import Newsroom
from ingest.flows import stages
from ingest.flows.direct import Here
from ingest.flows.run_order import run_stages
from ingest.pipeline import wiring
from ingest.report.run_summary import Report, exit_code, sum_line
from ingest.warehouse.warehouse import query
from tests.command import list_sources
from tests.postgres import Postgres

pytestmark = [pytest.mark.integration, pytest.mark.slow]


class Publisher(Here):
    """Takes stages here; while it takes one of them for the first time, another worker takes a whole run."""

    def __init__(self, stage: str, given: dict[str, Any], others: dict[str, Any]) -> None:
        super().__init__(threads=1)
        self.left: Report | None = None  # what the other reports
        self._stage, self._given, self._others = stage, given, others

    def each(self, stage: str, keys: Sequence[str], *arguments: object) -> list[tuple[str, IngestError]]:
        if stage != self._stage or self.left:
            return super().each(stage, keys, *arguments)
        return self._take(keys[0])

    def together(
        self, stage: str, groups: Sequence[Sequence[str]], *arguments: object
    ) -> list[tuple[str, IngestError]]:
        if stage != self._stage or self.left:
            return super().together(stage, groups, *arguments)
        return self._take(groups[0])

    def _take(self, key: object) -> list[tuple[str, IngestError]]:
        with wiring.open_world(**self._given) as world, world.warehouse.publishing() as is_ours:
            assert is_ours
            self.left = run("other", "herald", Here(threads=1), self._others)
            getattr(stages, self._stage)(key, self._given)
        return []


def run(run_id: str, key: str, runner: Here, given: dict[str, Any]) -> Report:
    with wiring.open_world(**given):
        return run_stages(runner, run_id, keys=[key], everything=False, given=given)


@pytest.mark.parametrize("stage", ["publish_batches", "release_news"])
def test_a_run_that_may_not_publish_ends_well_and_who_publishes_looks_again_for_what_it_left(
    stage: str, pg: Postgres, tmp_path: Path
) -> None:
    lake = pg.lake()
    with Newsroom() as gazette, Newsroom(host="127.0.0.2") as herald:
        gazette.publishes("flood", text="The river rose by two meters overnight, and 340 people moved out by noon.")
        herald.publishes("storm", text="The storm took 12 roofs in the harbor on Monday night, and nobody was hurt.")
        sources = list_sources(tmp_path / "sources.json", gazette.source, replace(herald.source, source_id="herald"))
        given = {"warehouse": str(tmp_path / "warehouse"), "sources": str(sources)}
        given |= {"lake": lake.catalog, "lake_data": lake.data}
        others = given | {"hosts_at_once": 2}  # another world than the publisher's
        runner = Publisher(stage, given, others)
        published = run("one", "gazette", runner, given)
    assert runner.left is not None
    with wiring.open_world(**given):
        left = stages.summary(runner.left, given)

    assert (exit_code(left), len(runner.left.unpublished), published.unpublished) == (0, 1, ())
    assert sum_line(left).endswith("batches that wait for the worker that publishes: 1")
    assert pg.ask(lake.catalog, "select state, count(*) from batches group by 1") == "published|2"
    assert pg.ask(lake.catalog, "select count(*) from leases where run_id is not null") == "0"
    assert query(tmp_path / "warehouse" / "news.duckdb", "select count(*) from articles")[1] == [(2,)]

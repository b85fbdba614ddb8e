"""What tests of several folders share: one whole run over the bundled newsrooms, made once."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.demo import Newsroom, demo_newsrooms
from tests.command import Ran, ingest, list_sources
from tests.postgres import ABSENT, Postgres, postgres, program

OPENED_AT = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def pg() -> Iterator[Postgres]:
    if program("initdb") is None:
        pytest.skip(ABSENT)
    with postgres() as server:
        server.make_pattern()
        yield server


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPass:
    """The bundled newsrooms, still open, and a warehouse that one direct run over them has filled."""

    newsrooms: Mapping[str, Newsroom]
    sources: Path
    warehouse: Path
    ran: Ran

    def copy_warehouse(self, folder: Path) -> Path:
        """Give a copy that a test may change."""
        return Path(shutil.copytree(self.warehouse, folder / "copied"))


@pytest.fixture(scope="session")
def first_pass(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstPass]:
    folder = tmp_path_factory.mktemp("first-pass")
    with demo_newsrooms(OPENED_AT) as newsrooms:
        sources = list_sources(folder / "sources.json", *(newsroom.source for newsroom in newsrooms.values()))
        warehouse = folder / "warehouse"
        ran = ingest("run", "--direct", "--json", "--sources", sources, "--warehouse", warehouse, cwd=folder)
        yield FirstPass(newsrooms=newsrooms, sources=sources, warehouse=warehouse, ran=ran)

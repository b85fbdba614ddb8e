"""One run of the demonstration and one set of open newsrooms, for all documents."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from ingest.demo import OPENED_AT, demo_newsrooms, demo_sources
from ingest.model import Source
from tests.command import ingest, list_sources
from tests.docs.console import ROOT, Reader, reader_surroundings


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the demonstration without Prefect: give the folder with its warehouse, and what it printed."""
    folder = tmp_path_factory.mktemp("demonstrated")
    ran = ingest("demo", "--direct", cwd=folder)
    assert ran.code == 0, ran.out + ran.err
    return folder, ran.out + ran.err


@pytest.fixture(scope="session")
def typed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run `ingest demo` as the README shows it: give the folder with its warehouse, and what it printed."""
    folder = tmp_path_factory.mktemp("typed")
    environment = reader_surroundings({"PREFECT_HOME": str(folder / "prefect")})
    done = subprocess.run(["ingest", "demo"], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout + done.stderr


@pytest.fixture(scope="session")
def open_newsrooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep bundled newsrooms open and list two of them, one for each language; give the folder of the lists."""
    folder = tmp_path_factory.mktemp("newsrooms")
    with demo_newsrooms(OPENED_AT) as newsrooms:
        listed = [source for source in demo_sources(newsrooms) if source.source_id in {"meridian-post", "la-brujula"}]
        list_sources(folder / "sources.json", *listed)
        (folder / "my-feeds.opml").write_text(opml_of(listed), encoding="utf-8")
        yield folder


@pytest.fixture
def reader(demonstrated: tuple[Path, str], open_newsrooms: Path, tmp_path: Path) -> Reader:
    """A reader of a guide who has run the demonstration, in a copy of the folder it was run in."""
    return reader_after(demonstrated, open_newsrooms, tmp_path)


@pytest.fixture
def newcomer(typed: tuple[Path, str], open_newsrooms: Path, tmp_path: Path) -> Reader:
    """A reader of the README, who types everything."""
    reader = reader_after(typed, open_newsrooms, tmp_path)
    reader.has_shell_for_all = True
    return reader


def reader_after(demonstration: tuple[Path, str], open_newsrooms: Path, tmp_path: Path) -> Reader:
    ran_in, output = demonstration
    folder = tmp_path / "reader"
    shutil.copytree(ran_in, folder, ignore=shutil.ignore_patterns("prefect"))
    shutil.copy(open_newsrooms / "my-feeds.opml", folder)
    shutil.copy(ROOT / "prefect.yaml", folder)
    return Reader(
        folder=folder,
        environment={"INGEST_SOURCES": str(open_newsrooms / "sources.json"), "PREFECT_HOME": str(ran_in / "prefect")},
        demo_output=output,
    )


def opml_of(sources: list[Source]) -> str:
    """Write sources as a feed reader exports them."""
    outlines = "".join(
        f"<outline text={quoteattr(one.name)} xmlUrl={quoteattr(one.feed_url)} type='rss'/>" for one in sources
    )
    return f"<opml version='2.0'><head><title>Feeds</title></head><body>{outlines}</body></opml>"

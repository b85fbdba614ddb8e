"""One run of the demonstration and one set of open newsrooms, for all documents."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from ingest.core.model import Source
from ingest.demo import OPENED_AT, demo_newsrooms, demo_sources
from tests.command import list_sources
from tests.docs.console import ROOT, Reader, reader_surroundings
from tests.once import made_once
from tests.receiver import Receiver


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstrated:
    """The folder that `ingest demo` was run in, with its warehouse, and what it printed."""

    folder: Path
    output: str


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Demonstrated:
    """Run `ingest demo` as the README shows it, once for all workers, beside what is there for real newsrooms.

    That is a database of Prefect at home, which is broken, whoever is on call, and a file of metrics.
    """

    def demonstrate(begun: Path) -> None:
        folder = begun / "ran-in"
        folder.mkdir()
        theirs = begun / "home" / ".prefect" / "prefect.db"
        theirs.parent.mkdir(parents=True)
        theirs.write_bytes(b"no database")
        with Receiver() as on_call:
            real = {
                "HOME": str(begun / "home"),
                "INGEST_ALERT_ADDRESSES": f'["{on_call.address}"]',
                "INGEST_METRICS_FILE": str(begun / "metrics.prom"),
            }
            environment = reader_surroundings(real)
            done = subprocess.run(["ingest", "demo"], cwd=folder, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        assert theirs.read_bytes() == b"no database"
        assert on_call.requests == 0
        assert not (begun / "metrics.prom").exists()
        (begun / "output.txt").write_text(done.stdout + done.stderr, encoding="utf-8")

    made = made_once(tmp_path_factory, "demonstrated", demonstrate)
    return Demonstrated(folder=made / "ran-in", output=(made / "output.txt").read_text(encoding="utf-8"))


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
def reader(demonstrated: Demonstrated, open_newsrooms: Path, prefect_home: Path, tmp_path: Path) -> Iterator[Reader]:
    """A reader of a document who has run the demonstration, in a copy of the folder it was run in."""
    folder = tmp_path / "reader"
    shutil.copytree(demonstrated.folder, folder, ignore=shutil.ignore_patterns("prefect"))
    shutil.copy(open_newsrooms / "my-feeds.opml", folder)
    shutil.copy(ROOT / "prefect.yaml", folder)
    (folder / ".venv").symlink_to(Path(sys.executable).parents[1])
    settings = {
        "INGEST_SOURCES": str(open_newsrooms / "sources.json"),
        "PREFECT_HOME": str(shutil.copytree(prefect_home, tmp_path / "prefect")),
    }
    with ExitStack() as left_running:
        yield Reader(
            folder=folder,
            environment=settings,
            demo_output=demonstrated.output,
            stands_for={
                "latin-post": "meridian-post",
                "/srv/ingest": str(folder),
                "chgrp analysts": f"chgrp {os.getgid()}",
            },
            left_running=left_running,
        )


@pytest.fixture
def operator(reader: Reader) -> Reader:
    """A reader of a guide whose own warehouse holds articles, too: those of the same newsrooms."""
    shutil.copytree(reader.folder / "warehouse" / "demo", reader.folder / "warehouse", dirs_exist_ok=True)
    return reader


def opml_of(sources: list[Source]) -> str:
    """Write sources as a feed reader exports them."""
    outlines = "".join(
        f"<outline text={quoteattr(one.name)} xmlUrl={quoteattr(one.feed_url)} type='rss'/>" for one in sources
    )
    return f"<opml version='2.0'><head><title>Feeds</title></head><body>{outlines}</body></opml>"

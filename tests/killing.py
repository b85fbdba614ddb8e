"""Kills a run at a chosen moment, and compares what is left in the end with what one uninterrupted run leaves."""

import signal
import subprocess
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from ingest.edge.warehouse import query
from tests.command import INGEST, surroundings

STATIONS = ("polled", "fetched", "staged", "validated", "published")
WAITS_MS = (0, 1, 5, 20, 80, 300)

# What an uninterrupted run and an interrupted one must agree on: all but times, captures and the names of runs.
AGREED = {
    "sources": "from sources",
    "articles": "select * exclude (first_seen_at, fetched_at, capture_id) from articles",
    "article_versions": "select * exclude (seen_at, capture_id) from article_versions",
    "article_urls": "from article_urls",
    "article_sources": "select article_id, source_id, guid from article_sources",
    "authors": "from authors",
    "article_authors": "from article_authors",
    "paragraphs": "from paragraphs",
    "figures": "from figures",
    "figure_changes": "select * exclude (seen_at) from figure_changes",
    "links": "from links",
    "media": "from media",
    "tags": "from tags",
    "outcomes": "select entry_id, source_id, outcome, reason from ops.entry_outcomes",
    "quarantine": "select table_name, row_key, rule, source_id from ops.quarantine",
    "alerts": "select fingerprint, source_id, severity, title, resolved_at from ops.alerts",
    "verdicts": "select state, sum(articles), sum(figures) from ops.batches group by all",
}
OWED = "select title, moment, sent_at is not null as is_sent from ops.messages order by all"
CAPTURED = "select warc_file, warc_offset, payload_hash from ops.captures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a run is killed: some milliseconds after its start, or after the nth time that a source passed a station."""

    station: str | None = None  # None: counted from the start
    times: int = 1
    wait_ms: int = 0

    def comes(self, said: Iterable[str]) -> bool:
        """Wait for it, by what a run says; False when the run says nothing more before."""
        if self.station is not None:
            passings = (line for line in said if f" {self.station} source=" in line)
            if len(list(islice(passings, self.times))) < self.times:
                return False
        time.sleep(self.wait_ms / 1000)
        return True

    def __str__(self) -> str:
        """Tell it in a test's name."""
        return f"{self.station or 'start'}{self.times if self.station else ''}+{self.wait_ms}"


def run_and_kill(command: Sequence[object], folder: Path, moment: Moment, settings: Mapping[str, str]) -> bool:
    """Start `ingest` and kill it at a moment; False when it came to its end before."""
    with subprocess.Popen(
        [INGEST, *map(str, command)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=surroundings({**settings, "INGEST_LOG_LEVEL": "info"}),
    ) as process:
        assert process.stderr is not None
        if moment.comes(process.stderr):
            process.kill()
    return process.returncode == -signal.SIGKILL


def read_state(warehouse: Path) -> dict[str, list[Any]]:
    """Read all that two runs must agree on."""
    state: dict[str, list[Any]] = {}
    for name, sql in AGREED.items():
        columns, rows = query(warehouse / "news.duckdb", sql)
        state[name] = sorted((dict(zip(columns, row, strict=True)) for row in rows), key=repr)
    state["messages"] = query(warehouse / "ingest.duckdb", OWED)[1]
    return state


def differences(found: dict[str, list[Any]], wanted: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Give, by table, the rows that only one of two states has."""
    return {
        name: [*(row for row in found[name] if row not in rows), *(row for row in rows if row not in found[name])]
        or ["as often"]
        for name, rows in wanted.items()
        if found[name] != rows
    }


def count_articles(warehouse: Path) -> int | None:
    """Read the analysts' file as an analyst might at this moment; None while there is none yet."""
    news = warehouse / "news.duckdb"
    return query(news, "select count(*) from articles")[1][0][0] if news.exists() else None


def archive_flaws(warehouse: Path) -> list[str]:
    """Name what is wrong with the archive: a record before the last that can't be read, a capture that is not there."""
    flaws, found = [], {}
    for path in sorted((warehouse / "archive").glob("*.warc.gz")):
        whole = list(_whole_members(path.read_bytes()))
        with path.open("rb") as file:
            records = ArchiveIterator(file, check_digests="raise")
            for offset, _ in whole:
                record = next(records)
                body = record.content_stream().read()
                found[path.name, offset] = sha256(body).hexdigest() if record.rec_type == "response" else None
                if records.get_record_offset() != offset:
                    flaws.append(f"{path.name} has a record at {records.get_record_offset()}, not {offset}")
    for name, offset, payload_hash in query(warehouse / "ingest.duckdb", CAPTURED)[1]:
        if found.get((name, offset), "nothing") not in {payload_hash, None}:
            flaws.append(f"{name} at {offset} is not what was captured")
    return flaws


def _whole_members(data: bytes) -> Iterator[tuple[int, int]]:
    """Give where each gzip member begins and ends, up to one that was cut off."""
    start = 0
    while start < len(data):
        decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
        decoder.decompress(data[start:])
        if not decoder.eof:
            return
        end = len(data) - len(decoder.unused_data)
        yield start, end
        start = end

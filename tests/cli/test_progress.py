"""How far a run has come: on a real terminal, in a pipe, and in numbers."""

import itertools
import json
import os
import pty
import re
import threading
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest

from ingest.cli.progress import SAID, Look, Speed, in_words, showing
from ingest.demo import Newsroom
from ingest.demo.server import Response
from ingest.flows.pipeline import TASKS
from ingest.pipeline.fetch import PAGES_PER_WRITE
from tests.command import ingest, list_sources, surroundings
from tests.conftest import FirstPass
from tests.forkserver import fork
from tests.waiting import wait_until

pytestmark = pytest.mark.integration

STORIES = PAGES_PER_WRITE + 3  # how many pages were fetched is known after each write
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Shown:
    """What a command has shown so far, while it runs."""

    def __init__(self) -> None:
        self._bytes = b""

    @property
    def text(self) -> str:
        """All of it, as it was written."""
        return self._bytes.decode(errors="replace")

    @property
    def words(self) -> str:
        """All of it, without what moves a cursor."""
        return _ESCAPE.sub("", self.text)

    def read(self, descriptor: int) -> None:
        """Read to the end."""
        with suppress(OSError), os.fdopen(descriptor, "rb", buffering=0) as opened:  # a terminal ends with an error
            while more := opened.read(65_536):
                self._bytes += more


class Watched(Newsroom):
    """Holds some answers back, each until how far the command has come by then has been shown."""

    def __init__(self, path: str, waits_for: dict[int, str]) -> None:
        super().__init__()
        self.shown = Shown()
        self.waits_for = waits_for  # by the number of the request for such a path
        self._path = path
        self._numbers = itertools.count()

    def answer(self, target: str) -> Response | None:
        if target.startswith(self._path) and (number := next(self._numbers)) in self.waits_for:
            wait_until(lambda: self.waits_for[number] in self.shown.words)
            del self.waits_for[number]
        return super().answer(target)


def run(newsroom: Watched, *arguments: object, at: tuple[int, int], cwd: Path, **settings: str) -> tuple[str, int]:
    """Run the command with this pipe or terminal on standard error; give what was printed, and the code."""
    ours, theirs = at
    environment = surroundings(settings)
    with TemporaryFile() as out, Path(os.devnull).open() as nothing:
        streams = (nothing.fileno(), out.fileno(), theirs)
        running = fork([*map(str, arguments)], cwd=cwd, environment=environment, streams=streams)
        os.close(theirs)
        newsroom.shown.read(ours)
        code = running.wait()
        out.seek(0)
        assert newsroom.waits_for == {}
        return out.read().decode(), code


def places(folder: Path, newsroom: Newsroom) -> tuple[object, ...]:
    for number in range(STORIES):
        newsroom.publishes(f"story-{number}", text=f"The port said on Monday that pier {number} will cost $12 million.")
    sources = list_sources(folder / "sources.json", newsroom.source)
    return ("--sources", sources, "--warehouse", folder / "w")


def test_every_stage_has_words_for_a_person() -> None:
    assert TASKS.keys() - SAID.keys() == set()


def test_a_terminal_shows_what_how_many_how_fast_and_how_long_still(tmp_path: Path) -> None:
    # A count alone may have been shown with another stage, which a run comes to while pages are still fetched.
    shown = f"fetching and reading pages · 0 of {STORIES} entries · 1 feeds, 0 fetched, 0 read"
    with Watched("/story", {0: shown, PAGES_PER_WRITE: " left"}) as newsroom:
        told = ("run", "--direct", *places(tmp_path, newsroom))
        terminal = {"TERM": "xterm-256color", "COLUMNS": "140", "LINES": "40"}
        printed, code = run(newsroom, *told, at=pty.openpty(), cwd=tmp_path, **terminal)

    assert code == 0
    assert re.search(r"\d\.\d/s · (\d+ (h|min) )*\d+ (min|s) left", newsroom.shown.words)
    assert "\x1b[2K" in newsroom.shown.text  # it is drawn over, and gone at the end
    assert f"{STORIES} entries came in" in printed
    assert "asking feeds" not in printed
    assert "\x1b" not in printed


def test_a_pipe_gets_plain_lines_of_the_log(tmp_path: Path) -> None:
    with Watched("/story", {0: "fetched=0", PAGES_PER_WRITE: "seconds_left="}) as newsroom:
        told = ("run", "--direct", *places(tmp_path, newsroom))
        _, code = run(newsroom, *told, at=os.pipe(), cwd=tmp_path, INGEST_PROGRESS_SECONDS="0.1")
    lines = newsroom.shown.text.splitlines()
    counts = [int(found[1]) for said in lines if (found := re.search(r" entries=(\d+)", said))]

    assert (code, len(lines) >= 3) == (0, True)
    assert all(re.match(r"[-0-9:, ]+ INFO progress what=\w", said) for said in lines)
    assert any(f"of_entries={STORIES}" in said and "seconds_left=" in said for said in lines)
    assert counts == sorted(counts)
    assert all(letter.isprintable() for said in lines for letter in said)
    assert "\r" not in newsroom.shown.text


def test_a_pipe_gets_each_stage_as_it_begins(tmp_path: Path) -> None:
    with Watched("/feed", {0: "asking feeds …\n"}) as newsroom:
        told = ("run", "--direct", *places(tmp_path, newsroom))
        ours, theirs = os.pipe()
        with Path(os.devnull).open() as nothing:
            environment = surroundings({"INGEST_PROGRESS_SECONDS": "60"})
            streams = (nothing.fileno(), theirs, theirs)
            running = fork([*map(str, told)], cwd=tmp_path, environment=environment, streams=streams)
        os.close(theirs)
        newsroom.shown.read(ours)
        stages = [line for line in newsroom.shown.text.splitlines() if line.endswith(" …")]

    assert (running.wait(), newsroom.waits_for) == (0, {})
    assert stages[:4] == ["starting …", "asking feeds …", "fetching and reading pages …", "validating batches …"]
    assert len(stages) == len(set(stages))


def test_a_replay_is_counted_in_pages(first_pass: FirstPass, tmp_path: Path) -> None:
    copied = first_pass.copy_warehouse(tmp_path)
    at = ("--json", "--sources", first_pass.sources, "--warehouse", copied)
    as_json: dict[str, Any] = {"INGEST_PROGRESS_SECONDS": "0.05", "INGEST_LOG_FORMAT": "json"}
    ran = ingest("replay", *at, cwd=tmp_path, **as_json)
    told = [json.loads(said) for said in ran.err.splitlines()]

    assert {one["event"] for one in told} == {"progress"}
    assert {one["counts"]["of_pages"] for one in told} == {60}
    assert told[-1]["counts"]["pages"] == 60


def test_a_terminal_that_cannot_draw_gets_plain_lines_of_a_backfill(tmp_path: Path) -> None:
    with Watched("/", {0: "INFO progress what=going_through_sitemaps_and_archive_pages"}) as newsroom:
        told = ("backfill", "gazette", "--from", "2026-11-01", "--to", "2026-11-02", "--direct")
        settings = {"TERM": "dumb", "INGEST_PROGRESS_SECONDS": "0.1"}
        _, code = run(newsroom, *told, *places(tmp_path, newsroom), at=pty.openpty(), cwd=tmp_path, **settings)

    assert code == 0
    assert "INFO progress what=going_through_sitemaps_and_archive_pages" in newsroom.shown.text
    assert "\x1b" not in newsroom.shown.text


def test_silence_can_be_had() -> None:
    began = set(threading.enumerate())

    with showing(lambda: Look(what="reading", done=0, total=None), "pages", every_seconds=0):
        assert set(threading.enumerate()) - began == set()


def test_speed_is_that_of_the_last_half_minute() -> None:
    speed = Speed()
    for second in range(100):
        speed.note(second, min(second, 50) + max(second - 50, 0) * 4)

    assert speed.per_second == pytest.approx(4, rel=0.2)
    assert speed.seconds_left(50 + 49 * 4 + 40) == pytest.approx(10, rel=0.2)


def test_what_stands_still_has_no_speed_and_no_end() -> None:
    speed = Speed()
    for second in range(40):
        speed.note(second, 7)

    assert (speed.per_second, speed.seconds_left(10), speed.seconds_left(None)) == (None, None, None)


@pytest.mark.parametrize(
    ("done", "total", "words"),
    [
        (600, 1200, "reading · 600 of 1,200 pages · 10.0/s · 1 min 00 s left"),
        (600, 100_600, "reading · 600 of 100,600 pages · 10.0/s · 2 h 46 min left"),
        (600, None, "reading · 10.0/s"),
    ],
)
def test_a_look_in_words(done: int, total: int | None, words: str) -> None:
    speed = Speed()
    speed.note(0, done - 100)
    speed.note(10, done)

    assert in_words(Look(what="reading", done=done, total=total), "pages", speed) == words

"""How far a run has come: on a real terminal, in a pipe, and in numbers."""

import json
import os
import pty
import re
import select
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from flows.pipeline import TASKS
from ingest.cli.progress import SAID, Look, Speed, in_words, showing
from ingest.demo import Newsroom
from tests.command import INGEST, ingest, list_sources, surroundings
from tests.conftest import FirstPass

pytestmark = pytest.mark.gx

STORIES = 12
SLOWLY: dict[str, Any] = {"INGEST_HOST_GAP_SECONDS": "0.25"}  # so that there is something to look at
_ESCAPE = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")


def on_a_terminal(*arguments: object, cwd: Path, **settings: str) -> tuple[bytes, str, int]:
    """Run the command with a terminal on standard error; give what that showed, what was printed, and the code."""
    ours, theirs = pty.openpty()
    environment = surroundings({"TERM": "xterm-256color", "COLUMNS": "140", "LINES": "40", **settings})
    command = [str(INGEST), *map(str, arguments)]
    with subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=theirs) as running:
        os.close(theirs)
        shown = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
        os.close(ours)
        assert running.stdout is not None
        return shown, running.stdout.read().decode(), running.wait()


def at(folder: Path, newsroom: Newsroom) -> tuple[object, ...]:
    for number in range(STORIES):
        newsroom.publishes(f"story-{number}", text=f"The port said on Monday that pier {number} will cost $12 million.")
    sources = list_sources(folder / "sources.json", newsroom.source)
    return ("--sources", sources, "--warehouse", folder / "w")


def test_every_stage_has_words_for_a_person() -> None:
    assert TASKS.keys() - SAID.keys() == set()


def test_a_terminal_shows_what_how_many_how_fast_and_how_long_still(tmp_path: Path) -> None:
    with Newsroom() as newsroom:
        places = at(tmp_path, newsroom)
        shown, printed, code = on_a_terminal("run", "--direct", *places, cwd=tmp_path, **SLOWLY)
    said = _ESCAPE.sub(b"", shown).decode()

    assert code == 0
    assert re.search(rf"fetching pages · \d+ of {STORIES} entries · 1 feeds, \d+ fetched, \d+ read", said)
    assert re.search(r"\d\.\d/s · \d+ s left", said)
    assert b"\x1b[2K" in shown  # it is drawn over, and gone at the end
    assert f"{STORIES} entries came in" in printed
    assert "\x1b" not in printed


def test_a_pipe_gets_plain_lines_of_the_log(tmp_path: Path) -> None:
    with Newsroom() as newsroom:
        places = at(tmp_path, newsroom)
        ran = ingest("run", "--direct", *places, cwd=tmp_path, INGEST_PROGRESS_SECONDS="0.5", **SLOWLY)
    lines = ran.err.splitlines()
    counts = [int(found[1]) for said in lines if (found := re.search(r" entries=(\d+)", said))]

    assert len(lines) >= 3
    assert all(re.match(r"[-0-9:, ]+ INFO progress what=\w", said) for said in lines)
    assert any(f"of_entries={STORIES}" in said and "seconds_left=" in said for said in lines)
    assert counts == sorted(counts)
    assert all(letter.isprintable() for said in lines for letter in said)
    assert "\r" not in ran.err


def test_a_replay_is_counted_in_pages(first_pass: FirstPass, tmp_path: Path) -> None:
    copied = first_pass.copy_warehouse(tmp_path)
    places = ("--json", "--sources", first_pass.sources, "--warehouse", copied)
    as_json: dict[str, Any] = {"INGEST_PROGRESS_SECONDS": "0.2", "INGEST_LOG_FORMAT": "json"}
    ran = ingest("replay", *places, cwd=tmp_path, **as_json)
    told = [json.loads(said) for said in ran.err.splitlines()]

    assert {one["event"] for one in told} == {"progress"}
    assert {one["counts"]["of_pages"] for one in told} == {60}
    assert told[-1]["counts"]["pages"] == 60


def test_a_terminal_that_cannot_draw_gets_plain_lines_of_a_backfill(tmp_path: Path) -> None:
    with Newsroom() as newsroom:
        places = at(tmp_path, newsroom)
        said = ("backfill", "gazette", "--from", "2026-11-01", "--to", "2026-11-02", "--direct", *places)
        settings = {"TERM": "dumb", "INGEST_PROGRESS_SECONDS": "0.3", **SLOWLY}
        shown, _, code = on_a_terminal(*said, cwd=tmp_path, **settings)

    assert code == 0
    assert b"\x1b" not in shown
    assert b"INFO progress what=going_through_sitemaps_and_archive_pages" in shown


def test_silence_can_be_had() -> None:
    began = threading.active_count()

    with showing(lambda: Look(what="reading", done=0, total=None), "pages", every_seconds=0):
        assert threading.active_count() == began


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

"""The hostile newsrooms are visited by the command itself, and everything it left behind is read afterwards."""

import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import psutil
import pytest

from tests.command import surroundings
from tests.forkserver import Forked, fork
from tests.hostile.case import Case
from tests.hostile.cases_slow import LIMIT_SECONDS, SLOW
from tests.hostile.newsroom import CASES, CLASSES, HEALTHY
from tests.hostile.site import Site, Street
from tests.hostile.wire import Reply
from tests.hostile.words import rss
from tests.state import select

# Where pages are that a feed lists with those of other cases. What 127.0.0.1 listens on stays forbidden.
PAGES_NETWORK = "127.9.0.0/16"
LIMITS = ("REQUEST_SECONDS", "CONNECT_SECONDS", "FIRST_BYTE_SECONDS", "IDLE_SECONDS")
SETTINGS = {
    "INGEST_ALLOWED_NETWORKS": json.dumps([PAGES_NETWORK]), "INGEST_HOSTS_AT_ONCE": "12",
    "INGEST_LOG_LEVEL": "error",
}  # fmt: skip
# For whoever does answer, on whatever machine.
PATIENT = {f"INGEST_{name}": "120" for name in LIMITS} | {"INGEST_SLOWEST_BYTES_PER_SECOND": "1"}
HASTY = {f"INGEST_{name}": str(LIMIT_SECONDS) for name in LIMITS} | {"INGEST_SLOWEST_BYTES_PER_SECOND": "256"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run left behind."""

    exit_code: int
    errors: str
    peak_bytes: int  # of memory, of the process that held most
    sources: Mapping[str, str]  # by case: the source whose feed lists it
    polls: Mapping[str, str]  # by source: outcome and reason
    waits: Mapping[str, int | None]  # by source: whole minutes before its feed is asked again
    ends: Mapping[str, Mapping[str, int]]  # by case: how many entries ended how
    articles: Mapping[str, list[dict[str, Any]]]  # by case
    asked: Mapping[str, Mapping[str, int]]  # by case: how often each path was asked for, so far
    trapped: Mapping[str, int]
    half_told: list[tuple[str, str]]  # failures that were kept without their kind, hop, sample or next try


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """All runs: two over those who answer, one after the other, and one over those who never do."""

    first: Run
    second: Run
    hasty: Run

    def __iter__(self) -> Iterator[Run]:
        return iter((self.first, self.second, self.hasty))

    def of(self, case: Case) -> Sequence[Run]:
        """Return those that have met a case, in the order of its acts."""
        return [self.hasty] if case in SLOW else [self.first, self.second][: len(case.acts)]


class Town:
    """Some cases, each on a server of its own, and the feeds that list them."""

    def __init__(self, street: Street, cases: Sequence[Case], feeds: Mapping[str, Sequence[Case]]) -> None:
        self._street = street
        self._feeds = {name: [case for case in listed if not case.has_own_feed] for name, listed in feeds.items()}
        self.sites = {
            case.id: street.open(
                case.acts[0].answers,
                "127.0.0.1" if case.has_own_feed else f"127.9.{number // 250}.{number % 250 + 1}",
            )
            for number, case in enumerate(cases)
        }
        self._shared = {f"listed_{name}": street.open({}) for name, listed in self._feeds.items() if listed}
        self._cases = {case.id: case for case in cases}
        self.play(0)

    def play(self, act: int) -> None:
        """Set the responses of the newsrooms that have that act."""
        for case in self._cases.values():
            if act < len(case.acts):
                self.sites[case.id].answers.update(case.acts[act].answers)
        for name, listed in self._feeds.items():
            entries = [
                self._street.filled(entry, self.sites[case.id]).replace(_GUID, f"{_GUID}{case.id} ")
                for case in listed
                for entry in case.acts[min(act, len(case.acts) - 1)].entries
            ]
            if listed:
                self._shared[f"listed_{name}"].answers["/feed"] = Reply(rss(*entries))

    @property
    def sources(self) -> dict[str, Site]:
        """Return the servers that have a feed, by the name of the source; the feed of a class is called as that is."""
        own = {name: site for name, site in self.sites.items() if self._cases[name].has_own_feed}
        return own | self._shared

    def _source_of(self, case: Case) -> str:
        name = next((name for name, listed in self._feeds.items() if case in listed), None)
        return case.id if name is None else f"listed_{name}"

    def begin(self, folder: Path, settings: Mapping[str, str], chosen: Sequence[Case] = ()) -> Forked:
        """Begin a run over all sources, or over those that list these cases."""
        folder.mkdir(exist_ok=True)
        listed = [{"key": key, "name": key, "feed_url": f"{site.url}/feed"} for key, site in self.sources.items()]
        (folder / "sources.json").write_text(json.dumps(listed), encoding="utf-8")
        keys = dict.fromkeys(self._source_of(case) for case in chosen)
        options = [f"--source={key}" for key in keys]
        command = ["run", "--direct", "--force", "--sources=sources.json", "--warehouse=warehouse", *options]
        with (folder / "errors.txt").open("wb") as errors, Path(os.devnull).open("r+b") as nothing:
            streams = (nothing.fileno(), nothing.fileno(), errors.fileno())
            return fork(command, cwd=folder, environment=surroundings(SETTINGS | dict(settings)), streams=streams)

    def end(self, run: Forked, folder: Path) -> Run:
        """Wait for a run's end and read what it left."""
        with _memory_of(run.pid) as peaks:
            code = run.wait()
        return Run(
            exit_code=code,
            errors=(folder / "errors.txt").read_text(encoding="utf-8"),
            peak_bytes=max(peaks.values()),
            sources={case.id: self._source_of(case) for case in self._cases.values()},
            asked={key: dict(site.asked) for key, site in self.sites.items()},
            trapped=dict(self._street.trap.asked),
            **_kept(folder / "warehouse", {site.host: key for key, site in self.sites.items()}),
        )


_GUID = "<guid isPermaLink='false'>"


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Run the pipeline over every case and the healthy newsrooms, then over those that have a second act.

    Those who never answer are met by a run of their own, which waits for most of its time and goes on beside the first.
    """
    folder, street = tmp_path_factory.mktemp("hostile"), Street()
    slow = Town(street, [case.with_own_feed() for case in SLOW], {})
    half = len(CASES) // 2
    others = [case for case in CASES if case not in SLOW]
    everyone = Town(street, [HEALTHY[0], *others[:half], HEALTHY[1], *others[half:], HEALTHY[2]], CLASSES)
    again = [case for case in (*others, *HEALTHY) if len(case.acts) > 1]
    try:
        with ThreadPoolExecutor(1) as beside:
            waiting = beside.submit(slow.end, slow.begin(folder / "slow", HASTY), folder / "slow")
            first = everyone.end(everyone.begin(folder / "others", PATIENT), folder / "others")
            everyone.play(1)
            second = everyone.end(everyone.begin(folder / "others", PATIENT, again), folder / "others")
        yield Runs(first=first, second=second, hasty=waiting.result())
    finally:
        street.close()


@contextmanager
def _memory_of(process_id: int) -> Iterator[dict[int, int]]:
    """Note the most memory that a process and each of its children ever held, until the end of the block.

    The kernel keeps it (VmHWM), so that nothing is missed between two looks.
    """
    over, peaks = threading.Event(), dict[int, int]()

    def look() -> None:
        while not over.wait(0.1):
            with suppress(psutil.NoSuchProcess, OSError, StopIteration):
                for process in (one := psutil.Process(process_id), *one.children(recursive=True)):
                    status = Path(f"/proc/{process.pid}/status").read_text()
                    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
                    peaks[process.pid] = int(line.split()[1]) * 1024

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield peaks
    finally:
        over.set()
        looking.join()


def _kept(warehouse: Path, hosts: Mapping[str, str]) -> dict[str, Any]:
    """Read the last run's polls and outcomes, and all that analysts see; `hosts` says which case has which."""
    with duckdb.connect(str(warehouse / "published.duckdb"), read_only=True) as ops:
        polls = ops.sql(
            "select source_id, concat_ws(' ', outcome, reason), "
            "floor(epoch(next_poll_at - polled_at) / 60)::int from ops.polls "
            "qualify row_number() over (partition by source_id order by polled_at desc) = 1"
        ).fetchall()
        half_told = ops.sql(_HALF_TOLD).fetchall()
    ended = select(warehouse, _ENDED)
    with duckdb.connect(str(warehouse / "news.duckdb"), read_only=True) as news:
        news.sql("set timezone = 'UTC'")
        found = news.sql("select * from articles order by url")
        articles = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    ends: dict[str, dict[str, int]] = {}
    for case, entry_outcome, entries in ended:
        ends.setdefault(case, {})[entry_outcome] = entries
    by_case: dict[str, list[dict[str, Any]]] = {}
    for article in articles:
        by_case.setdefault(hosts[urlsplit(article["url"]).netloc], []).append(article)
    outcomes = {source: outcome for source, outcome, _ in polls}
    waits = {source: minutes for source, _, minutes in polls}
    return {"polls": outcomes, "waits": waits, "ends": ends, "articles": by_case, "half_told": half_told}


# One row per case and outcome: in a feed that lists several, each guid begins with its case.
_ENDED = """
select
  case when o.source_id like 'listed_%' then substr(guid, 1, instr(guid || ' ', ' ') - 1) else o.source_id end
    as case_id,
  coalesce(outcome || coalesce(' ' || reason, ''), 'under way') as ending,
  count(*)
from entry_outcomes as o
join entries using (entry_id)
where run_id = (select run_id from runs order by number desc limit 1)
group by 1, 2
"""
_HALF_TOLD = """
select source_id, concat_ws(' ', 'feed', reason)
from ops.polls
where outcome = 'failed'
  and (error_kind is null or final_url is null or next_poll_at is null or (status is not null and capture_id is null))
union all
select source_id, concat_ws(' ', 'page', reason)
from ops.fetches
where reason is not null
  and url <> '' -- something was asked
  and (error_kind is null or final_url is null or (status is not null and capture_id is null))
union all
select source_id, concat_ws(' ', 'entry', reason)
from ops.entry_outcomes
where outcome = 'failed'
  and reason <> 'no_address'
  and error_kind is null
"""


@pytest.fixture(params=CASES, ids=lambda case: case.id)
def case(request: pytest.FixtureRequest) -> Case:
    """Return each case in turn."""
    found: Case = request.param
    return found

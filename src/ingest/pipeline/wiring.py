"""Joins the ports to their edges. Nothing else knows both; nothing is opened before it is used."""

import logging
import os
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

from ..core.assets import asset
from ..core.errors import DiskFull, ReaderDied
from ..core.fetch_state import HostVisits
from ..core.memory import share_one_heap
from ..core.model import Capture, Page, Source
from ..core.parse_times import Stopwatch, Timed
from ..core.retention import Keep
from ..core.settings import Settings, load_settings, source_secret
from ..feeds.sources_file import load_sources
from .open_stores import open_both
from .web_settings import address_policy, tls_context, user_agent, web_limits

if TYPE_CHECKING:
    from ..alerts.channels import AppriseNotifier
    from ..archive.archive import WarcArchive
    from ..archive.files import ArchiveFiles
    from ..archive.removal import ErasableFiles
    from ..articles.executors import ExecutorParser
    from ..articles.parse_task import ParseFailure, ParseTask
    from ..articles.process_pool import ProcessParser
    from ..core.parsed_articles import ParsedArticle
    from ..http.client import PoliteWeb, SourceWeb
    from ..quality.validator import SuiteValidator
    from ..state import State
    from ..state.inbox import StateInbox
    from ..state.leases import Leases
    from ..warehouse.warehouse import Warehouse

    Timing = tuple[ParsedArticle | ParseFailure, float]  # what was read, and in how many seconds

log = logging.getLogger("ingest")

SOURCES_STAGED_AT_ONCE = 3


class World:
    """The doors of one warehouse and its sources. Each is opened when it is first used."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.validating = threading.Lock()  # the validator has one connection, for one group of batches at a time
        # Each holds the articles of a write; more of them would wait for the same processes.
        self.staging = threading.BoundedSemaphore(SOURCES_STAGED_AT_ONCE)
        self.parse_times = Stopwatch()
        self._opening = threading.RLock()

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Every source listed, by key, in the order of the file."""
        return {source.source_id: source for source in load_sources(self.settings)}

    @property
    def warehouse(self) -> "Warehouse":
        """The pipeline's own file or lake, brought to the shape this version knows."""
        return self._opened[0]

    @property
    def state(self) -> "State":
        """What is looked up and changed row by row."""
        return self._opened[1]

    @cached_property
    def _opened(self) -> "tuple[Warehouse, State]":
        """Open both, and make them agree on what is published."""
        from ..warehouse.extras import Extras
        from ..warehouse.rates import exchange_rates
        from .reconcile import reconcile

        warehouse, state = open_both(self.settings)
        with ExitStack() as opened:
            opened.callback(warehouse.close)
            opened.callback(state.close)
            rates = exchange_rates(self.settings.exchange_rates)
            warehouse.extras = Extras(has_search=self.settings.search_index, rates=rates)
            reconcile(state=state, warehouse=warehouse, now=utc_now())
            opened.pop_all()
        return warehouse, state

    @property
    def leases(self) -> "Leases":
        """The leases of this worker."""
        from ..warehouse.runs import worker_leases

        return worker_leases(self.state, self.warehouse)

    @cached_property
    def inbox(self) -> "StateInbox | None":
        """What `ingest listen` leaves for runs; None where it never ran."""
        from ..state.inbox import StateInbox

        inbox = StateInbox(self.state)
        return inbox if inbox.listening() else None

    @cached_property
    def web(self) -> "PoliteWeb":
        """The web port, with its archive."""
        return polite_web(self.settings, self.sources.values(), self.state)

    def web_of(self, source: Source) -> AbstractContextManager["SourceWeb"]:
        """Open the web port for one source; Misconfigured where a variable that it names is not set."""
        from ..http.source_credentials import access_of

        return self.web.for_source(access_of(source, source_secret))

    def recall(self, capture: Capture) -> Page:
        """Return a page from the archive; CaptureUnreadable where it is not to be had."""
        return warc_archive(self.settings, self.state).recall(capture)

    def host_visits(self) -> list[HostVisits]:
        """Return what was asked of each host; nothing where none was."""
        if "web" not in self.__dict__:
            return []
        return [HostVisits(**asdict(count)) for count in self.web.host_counts()]

    @property
    def archive_files(self) -> "ArchiveFiles":
        """The archive as a folder of files."""
        from ..archive.files import ArchiveFiles

        return ArchiveFiles(self.settings.warehouse / "archive")

    @property
    def erasable_files(self) -> "ErasableFiles":
        """What an article is taken out of when it is removed."""
        from ..archive.removal import ErasableFiles

        return ErasableFiles(self.settings.warehouse)

    @property
    def disk_shortage(self) -> DiskFull | None:
        """What is wrong where the disk has less free than is to stay free: nothing may be polled or fetched."""
        from ..core.files import disk_shortage

        return disk_shortage(self.settings.warehouse, least_mb=self.settings.free_disk_mb)

    @property
    def keep(self) -> Keep:
        """How long what is kept for a time is kept."""
        return keep_of(self.settings)

    @cached_property
    def validator(self) -> "SuiteValidator":
        """The validator port; Great Expectations is imported with the first batch."""
        from ..quality.validator import SuiteValidator
        from ..state.alerts import alert_texts

        pages = self.settings.warehouse / "checks"
        connect, texts = self.warehouse.connect, partial(alert_texts, self.state)
        return SuiteValidator(asset("expectations"), connect, pages_folder=pages, alert_texts=texts)

    @cached_property
    def notifier(self) -> "AppriseNotifier":
        """The notifier port."""
        from ..alerts.channels import AppriseNotifier

        return AppriseNotifier([address.get_secret_value() for address in self.settings.alert_addresses])

    def parse_all(self, tasks: Iterable["ParseTask"]) -> "list[ParsedArticle | ParseFailure]":
        """Read articles in other processes, in the order given; a page that kills its reader ends unread, alone."""
        from ..articles.parse_task import ParseFailure

        with self._opening:
            parser = self._parser
        found: list[ParsedArticle | ParseFailure] = []
        for read in parser.parse_all(tasks):
            if isinstance(read, ReaderDied):
                found.append(ParseFailure(reason=read.reason, detail=str(read)))
            else:
                found.append(read[0])
                self.parse_times.note(read[1])
        return found

    @cached_property
    def _parser(self) -> "ProcessParser[ParseTask, Timing] | ExecutorParser[ParseTask, Timing]":
        from ..articles.parse_task import parse_one
        from ..articles.process_pool import ProcessParser

        processes = self.settings.parse_processes or os.cpu_count() or 1
        here: ProcessParser[ParseTask, Timing] = ProcessParser(Timed(parse_one), processes=processes)
        if not self.settings.executor:
            return here
        from ..articles.executors import ExecutorParser

        return ExecutorParser(here, self.settings.executor)

    def open(self) -> None:
        """Open the warehouse now, so that what is wrong with it is told before any work is done."""
        share_one_heap()
        with self._opening:
            _ = self._opened, self.validator, self.notifier

    def rest(self) -> None:
        """Release what the database holds in memory of the work so far; it grows with the work, however small."""
        with self.validating:
            self.validator.close()
            self.warehouse.reopen()

    def rest_readers(self) -> None:
        """Release what the processes that read hold in memory, until there are pages again.

        That is not for every rest: to start them anew takes a fifth of a second of CPU each.
        """
        if "_parser" in self.__dict__:
            self._parser.recycle()

    def close(self) -> None:
        """Close what was opened, last opened first."""
        opened = self.__dict__
        if "_parser" in opened:
            self._parser.close()
        for name in ("validator", "web"):
            if name in opened:
                opened[name].close()
        for one in reversed(opened.get("_opened", ())):
            one.close()


_worlds: dict[str, tuple[World, int]] = {}
_worlds_lock = threading.Lock()


def keep_of(settings: Settings) -> Keep:
    """Return how long the settings have things kept that are kept for a time."""
    return Keep(
        rejected=timedelta(days=settings.rejected_days),
        history=timedelta(days=settings.history_days) or None,
        archive=timedelta(days=settings.archive_days) or None,
        asked_again=timedelta(seconds=max(settings.refetch_after_seconds, default=0)),
    )


@contextmanager
def open_world(**given: object) -> Iterator[World]:
    """Open the world of some settings, or share it with whoever in this process has it open; the last one closes it."""
    key = repr(sorted(given.items()))
    with _worlds_lock:
        world, users = _worlds.get(key, (None, 0))
        if world is None:
            world = World(load_settings(**given))
            world.open()
        _worlds[key] = (world, users + 1)
    try:
        yield world
    finally:
        with _worlds_lock:
            world, users = _worlds.pop(key)
            if users > 1:
                _worlds[key] = (world, users - 1)
            else:
                world.close()


def warm_up() -> None:
    """Import what a run would when it first needs it: a process forked from this one then need not."""
    from ..http import client  # noqa: F401
    from ..quality.context import import_libraries
    from . import fetch, poll, steps  # noqa: F401

    import_libraries()


def polite_web(settings: Settings, sources: Iterable[Source], state: "State") -> "PoliteWeb":
    """Open the web, with its archive, for whoever watches these sources."""
    from ..http.addresses import resolve
    from ..http.client import PoliteWeb

    return PoliteWeb(
        user_agent=user_agent(settings.contact, settings.user_agent),
        archive=warc_archive(settings, state),
        clock=utc_now,
        gap_seconds=settings.host_delay_seconds,
        host_delays={host.lower(): seconds for host, seconds in settings.host_delays.items()},
        limits=web_limits(settings),
        policy=address_policy(settings, sources),
        resolver=resolve,
        tls=tls_context,
    )


def warc_archive(settings: Settings, state: "State") -> "WarcArchive":
    """Open the archive of all that the web answered; no file of it is made before something is kept."""
    from ..archive.archive import WarcArchive

    return WarcArchive(settings.warehouse / "archive", state, clock=utc_now, software=user_agent(""))


def utc_now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


def new_run_id(now: datetime) -> str:
    """Return a run's name: by its time, so that runs sort, and by chance, so that no two are the same."""
    return f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"

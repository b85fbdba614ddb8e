"""The four doors to the world, as the steps see it: the web, the store, the judge and the messenger."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from .messages import AlertChange, Owed
from .model import (
    Alert,
    Article,
    Batch,
    Capture,
    Conditions,
    Entry,
    Event,
    Fetch,
    Figure,
    Outcome,
    Page,
    Poll,
    Source,
    Verdict,
)
from .visiting import Backfill, HostVisits, KnownFeed, PollHistory


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What we know of an entry from before: what its feed last said, and whether its way has ended."""

    listing_hash: str
    is_under_way: bool
    retry_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An entry whose page has been visited: where the page lies, or None where the feed's own text must do."""

    entry: Entry
    capture: Capture | None
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article as read, with the figures of each of its paragraphs, in the order of the paragraphs."""

    article: Article
    figures: tuple[tuple[Figure, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedStory:
    """A story on its way into a batch, with the entry that brought it and what is to be kept about both."""

    entry: Entry
    story: Story
    content_hash: str
    is_new_content: bool  # False: the published version says the same, so that only its addresses are news
    fetched_at: datetime
    capture_id: str | None
    parser_version: str  # goes up whenever the same page would be read differently


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Where an entry's way ended, under one short reason."""

    entry_id: str
    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many entries of a source ended one way in a run; without an outcome they are under way."""

    source_id: str
    outcome: Outcome | None
    reason: str | None
    entries: int


class Web(Protocol):
    """Newsrooms' servers, asked politely; everything they answer is archived."""

    def visit(self, url: str, *, conditions: Conditions | None) -> Page:
        """Get an address; 200 and 304 come back as a page, all else is raised as one of our errors."""
        ...

    def visit_feed(self, url: str, *, conditions: Conditions | None) -> Page:
        """Get a feed that its owner listed."""
        ...

    def recall(self, capture: Capture) -> Page:
        """Give back a page from the archive, as it was captured."""
        ...


class Judge(Protocol):
    """The suites of `expectations/`, run over what a batch has staged."""

    def judge(self, batch: Batch) -> tuple[Verdict, ...]:
        """Say what every expectation finds; raise JudgeFailed when one of them breaks."""
        ...


class Messenger(Protocol):
    """The way to a person."""

    @property
    def receivers(self) -> tuple[str, ...]:
        """Name everyone who is to get each message; a name stays the same from run to run."""
        ...

    def deliver(self, owed: Owed) -> None:
        """Hand a message to its receiver, or raise Undelivered."""
        ...


class Store(Protocol):
    """What is kept between steps. Each method that writes does so in one transaction, and may be repeated."""

    def begin_run(self, run_id: str, sources: Sequence[Source], now: datetime) -> None:
        """Open a run; entries that a killed run left under way come in again with this one."""
        ...

    def end_run(self, run_id: str, now: datetime, *, visited: Iterable[HostVisits] = ()) -> None:
        """Close a run, and keep what it asked of each host."""
        ...

    def tallies(self, run_id: str) -> list[Tally]:
        """Count where the entries of a run ended."""
        ...

    def last_polls(self) -> dict[str, Poll]:
        """Give the last visit to each source that was ever visited."""
        ...

    def known_feeds(self) -> dict[str, KnownFeed]:
        """Give what is known of each source's feed beside its entries."""
        ...

    def poll_history(self, source_id: str) -> PollHistory:
        """Give how often a source's feed was visited, and when it had something new."""
        ...

    def sources_with(self, state: str, now: datetime) -> set[str]:
        """Name the sources that have entries in a state, and not all of them waiting for a later visit."""
        ...

    def listed(self, source_id: str) -> dict[str, Listed]:
        """Give what is known of every entry the source has listed, by entry_id."""
        ...

    def keep_poll(
        self,
        poll: Poll,
        run_id: str,
        *,
        capture: Capture | None,
        found: Iterable[Entry],
        endings: Iterable[Ending],
        events: Iterable[Event],
        known: KnownFeed | None = None,
    ) -> None:
        """Keep a visit to a feed, what it taught us, the entries it found, and those that need nothing more."""
        ...

    def waiting_entries(self, source_id: str, run_id: str, now: datetime) -> list[tuple[Entry, int]]:
        """Take in all entries whose page is due to be visited, each with the number of visits so far."""
        ...

    def keep_fetches(self, fetches: Iterable[Fetch], *, endings: Iterable[Ending], events: Iterable[Event]) -> None:
        """Keep visits to pages; an entry without an ending goes on to be read, unless it is to be retried."""
        ...

    def list_backfill(self, backfill: Backfill, addresses: Iterable[str], now: datetime) -> None:
        """Add addresses for a backfill to go through; those it knows already stay as they are."""
        ...

    def waiting_backfill(self, backfill: Backfill) -> list[str]:
        """Give the addresses a backfill has yet to visit, first listed first."""
        ...

    def keep_backfill(
        self,
        backfill: Backfill,
        address: str,
        run_id: str,
        *,
        found: Iterable[Entry],
        addresses: Iterable[str],
        reason: str | None,
        now: datetime,
    ) -> None:
        """Keep what one address brought: entries, further addresses, or why it brought nothing."""
        ...

    def postpone(self, entry_ids: Iterable[str], retry_at: datetime, *, ending_reason: str, now: datetime) -> None:
        """Let entries wait unvisited until a time; for this run they have failed."""
        ...

    def fetched_entries(self, source_id: str, limit: int) -> list[Fetched]:
        """Give entries whose page was visited and not read yet, first found first."""
        ...

    def content_hashes(self, batch_id: str, article_ids: Iterable[str]) -> Mapping[str, str]:
        """Give the content hash of each article that is published, or that the batch holds already."""
        ...

    def stage_batch(
        self,
        batch: Batch,
        stories: Sequence[StagedStory],
        *,
        endings: Iterable[Ending],
        events: Iterable[Event],
    ) -> None:
        """Add stories to a batch (made if need be), and end the entries that go no further."""
        ...

    def batches(self, state: str) -> list[Batch]:
        """Give the batches in a state, first staged first."""
        ...

    def keep_verdicts(
        self,
        batch: Batch,
        verdicts: Sequence[Verdict],
        *,
        broken: Sequence[str],
        refusing: Sequence[Verdict],
        changes: Sequence[AlertChange],
        now: datetime,
    ) -> int:
        """Keep what the judge said: end the batch where rules broke, else quarantine what was refused; count it."""
        ...

    def publish_batch(self, batch: Batch, now: datetime) -> None:
        """Make the good rows of a validated batch public within the pipeline's own file, all or none."""
        ...

    def release(self, now: datetime) -> bool:
        """Replace the analysts' file by one that holds all that is published; say whether there was need."""
        ...

    def open_alerts(self) -> dict[str, Alert]:
        """Give the alerts that are not over, by fingerprint."""
        ...

    def keep_alert(self, change: AlertChange, now: datetime) -> None:
        """Keep an alert as it now is, and what people are owed about it."""
        ...

    def recent_alerts(self, now: datetime) -> dict[str, Alert]:
        """Give the last alert of each fingerprint that is open or was so lately, by fingerprint."""
        ...

    def owed(self, receivers: Sequence[str]) -> list[Owed]:
        """Give what each of the receivers has not got yet, oldest first."""
        ...

    def begin_delivery(self, owed: Owed, now: datetime) -> int:
        """Write down that an attempt begins; say which it is."""
        ...

    def postpone_delivery(self, owed: Owed, retry_at: datetime, reason: str) -> None:
        """Keep when a message that was not taken is to be tried again, and why."""
        ...

    def end_delivery(self, owed: Owed, now: datetime) -> None:
        """Keep that a receiver has taken a message."""
        ...

    def close_messages(self, receivers: Sequence[str], now: datetime) -> None:
        """Owe no longer what all of the receivers have."""
        ...

    def unsent_events(self) -> list[Event]:
        """Give the events not yet told, oldest first."""
        ...

    def keep_told(self, event_ids: Iterable[str], now: datetime) -> None:
        """Mark events as told."""
        ...

"""The four doors to the world, as the steps see it: the web, the store, the judge and the messenger."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from .errors import JudgeFailed
from .likeness import Likeness, StoryText
from .messages import AlertChange, Owed
from .model import Alert, Batch, Capture, Conditions, Entry, Event, Fetch, Outcome, Page, Poll, Source, Verdict
from .stories import Fetched, StagedStory
from .visiting import Backfill, HostVisits, KnownFeed, Listed, PollHistory, Rechecks, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Where an entry's way ended, under one short reason."""

    entry_id: str
    outcome: Outcome
    reason: str
    detail: str | None = None  # one sentence for a person


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

    def judge_all(self, batches: Sequence[Batch]) -> Mapping[str, tuple[Verdict, ...] | JudgeFailed]:
        """Say by batch_id what `judge` would of each batch, or would raise, at little more than the cost of one."""
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
        """Open a run; what an earlier one left under way is carried over to it with the leases of its sources."""
        ...

    def end_run(self, run_id: str, now: datetime, *, visited: Iterable[HostVisits] = ()) -> None:
        """Close a run, and keep what it asked of each host."""
        ...

    def tallies(self, run_id: str) -> list[Tally]:
        """Count where the entries of a run ended."""
        ...

    def last_polls(self, source_ids: Sequence[str] | None = None) -> dict[str, Poll]:
        """Give the last visit to each source that was ever visited; to some, or all."""
        ...

    def known_feeds(self, source_ids: Sequence[str] | None = None) -> dict[str, KnownFeed]:
        """Give what is known of the feed of each source beside its entries; of some, or all."""
        ...

    def poll_history(self, source_id: str) -> PollHistory:
        """Give how often a source's feed was visited, and when it had something new."""
        ...

    def sources_with(self, state: str, now: datetime) -> set[str]:
        """Name the sources that have entries in a state, and not all of them waiting for a later visit."""
        ...

    def listed(self, source_id: str, entry_ids: Iterable[str]) -> dict[str, Listed]:
        """Give what is known of those of the entries that the source has listed before, by entry_id."""
        ...

    def keep_poll(
        self,
        poll: Poll,
        run_id: str,
        *,
        found: Iterable[Entry],
        endings: Iterable[Ending],
        events: Iterable[Event],
        known: KnownFeed | None = None,
        addresses: Iterable[tuple[str, str]] = (),
    ) -> int:
        """Keep a visit to a feed, what it taught us and the entries it brought; count those whose page is new."""
        ...

    def take_in_waiting(self, source_id: str, run_id: str, now: datetime) -> list[str]:
        """Take in all entries whose page is due; name them, newest first, but those whose page we have last."""
        ...

    def waiting_entries(self, entry_ids: Sequence[str]) -> list[Waiting]:
        """Give entries whose page is to be visited, in this order."""
        ...

    def has_served(self, source_id: str, host: str) -> bool:
        """Say whether a host ever gave a page of the source's entries."""
        ...

    def take_in_rechecks(self, source_ids: Iterable[str], run_id: str, wanted: Rechecks, now: datetime) -> set[str]:
        """Let published articles come in again whose page is to be asked again; name the sources that have any."""
        ...

    def keep_fetches(
        self,
        fetches: Iterable[Fetch],
        *,
        endings: Iterable[Ending],
        events: Iterable[Event],
        gone: Iterable[str] = (),
        back: Iterable[str] = (),
    ) -> None:
        """Keep visits to pages, and which articles' pages are gone, or are as we have them."""
        ...

    def keep_presence(self, *, gone: Iterable[str], back: Iterable[str], shortened: Iterable[str] = ()) -> None:
        """Set or clear the flags of articles whose pages are gone, show less than is published, or are back whole."""
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
        addresses: Iterable[tuple[str, str]],
        further: Iterable[str],
        reason: str | None,
        now: datetime,
    ) -> int:
        """Keep what one address brought: entries, further addresses, or why it brought nothing. Count what is new."""
        ...

    def postpone_backfill(self, backfill: Backfill, address: str, reason: str) -> None:
        """Keep why an address of a backfill could not be read this time; it goes on waiting."""
        ...

    def postpone(self, entry_ids: Iterable[str], retry_at: datetime, *, ending_reason: str, now: datetime) -> None:
        """Let entries wait unvisited until a time; for this run they have failed."""
        ...

    def fetched_entries(self, source_id: str, limit: int) -> list[Fetched]:
        """Give entries whose page was visited and not read yet, first found first."""
        ...

    def content_hashes(self, batch_id: str, article_ids: Iterable[str]) -> Mapping[str, str | None]:
        """Give the content hash of each article that is published, and None for one that the batch holds already."""
        ...

    def articles_at(self, addresses: Iterable[str]) -> Mapping[str, str]:
        """Give the published article whose page lay at each of the addresses, or called itself so."""
        ...

    def last_paragraphs(self, source_id: str, articles: int) -> Mapping[str, tuple[str, Sequence[str]]]:
        """Return headline and paragraphs of so many articles of a source, those whose pages were read last."""
        ...

    def story_texts(self, article_ids: Iterable[str]) -> Mapping[str, StoryText]:
        """Give the texts of published articles."""
        ...

    def stage_batch(
        self,
        batch: Batch,
        stories: Sequence[StagedStory],
        *,
        endings: Iterable[Ending],
        events: Iterable[Event],
        revisits: Mapping[str, datetime] = ...,
    ) -> None:
        """Add stories to a batch (made if need be), and end the entries that go no further.

        Of those, `revisits` gives the time of the next visit to a page by entry_id; the others need nothing more.
        """
        ...

    def load_staged(self, batches: Iterable[Batch]) -> None:
        """Load what is staged in some batches into the warehouse, where it is validated and published."""
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

    def count_stopped(self, source_id: str, *, passing: str | None = None) -> int:
        """Count articles of a source's stopped batches that are not public, nor in the batch that passes now."""
        ...

    def is_reread(self, batch_id: str) -> bool:
        """Say whether a batch was read again from the archive."""
        ...

    def prune_stopped(self, judged_before: datetime) -> Sequence[Mapping[str, object]]:
        """Let go of what is staged of stopped batches that are superseded or were judged so long ago; say of which."""
        ...

    def publish_batches(self, batches: Sequence[Batch], now: datetime, *, likeness: Likeness) -> None:
        """Make the good rows of validated batches public and link copies of one story, all or none."""
        ...

    def last_release(self) -> tuple[datetime, timedelta] | None:
        """Say when the analysts' file was last made, and how long that took."""
        ...

    def is_released(self, now: datetime) -> bool:
        """Return whether a release would bring analysts nothing new."""
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

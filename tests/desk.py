"""A source, its small world, and the steps of a run over them: what tests of whole passes share."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from ingest.alerts.notify import notify
from ingest.articles.parse_task import ParseFailure, ParseTask, parse_one
from ingest.core.errors import IngestError
from ingest.core.fetch_state import Rechecks, Turn
from ingest.core.parsed_articles import ParsedArticle
from ingest.pipeline import fetch as fetching
from ingest.pipeline import poll as polling
from ingest.pipeline import steps
from ingest.state import State, entries
from ingest.state.leases import Leases
from ingest.warehouse import staged
from ingest.warehouse.batches import batches_in
from ingest.warehouse.extras import Extras
from ingest.warehouse.runs import begin_run, outcome_counts, worker_leases
from ingest.warehouse.warehouse import Warehouse
from tests.fakes import FakeNotifier, FakeValidator, FakeWeb, a_feed, a_page
from tests.makers import a_source
from tests.state import select, state_of

SOURCE = a_source()
SITE = "https://gazette.example"
FEED = SOURCE.feed_url
EXTRAS = Extras(has_search=False)  # tests/edge look at the index of words and at exchange rates


@dataclass
class Desk:
    """A source, its small world, and the steps of a run over them."""

    warehouse: Warehouse
    web: FakeWeb = field(default_factory=FakeWeb)
    notifier: FakeNotifier = field(default_factory=FakeNotifier)
    runs: int = 0

    def __post_init__(self) -> None:
        self.warehouse.extras = EXTRAS

    @property
    def state(self) -> State:
        return state_of(self.warehouse)

    @property
    def leases(self) -> Leases:
        return worker_leases(self.state, self.warehouse)

    @property
    def run_id(self) -> str:
        return f"run-{self.runs}"

    def begin(self) -> None:
        self.runs += 1
        self.web.now += timedelta(hours=1)
        begin_run(self.state, self.warehouse, self.run_id, [SOURCE], self.web.now)

    def poll(self) -> str:
        with self._recorded():
            return polling.poll(SOURCE, web=self.web, state=self.state, run_id=self.run_id, now=self.web.now).outcome

    def fetch(
        self, turn: Turn | None = None, *, seconds_between_looks: int = 0, is_stopping: Callable[[], bool] = bool
    ) -> int:
        """Lease the source and fetch the pages that wait, by a time that goes on whenever it is read."""
        self.leases.lease(self.run_id, [SOURCE.source_id], self.web.now)
        looks = count(step=seconds_between_looks)

        def clock() -> datetime:
            return self.web.now + timedelta(seconds=next(looks))

        given = {"web": self.web, "state": self.state, "run_id": self.run_id, "clock": clock}
        with self._recorded():
            return fetching.fetch(SOURCE, turn=turn, is_stopping=is_stopping, **given)  # type: ignore[arg-type]

    @contextmanager
    def _recorded(self) -> Iterator[None]:
        """Record what is captured meanwhile, as a real archive does."""
        try:
            yield
        finally:
            with self.state.write() as transaction:
                transaction.merge("captures", map(asdict, self.web.captures), key=["capture_id"])

    def stage(self, part: str = "") -> None:
        given = {"state": self.state, "warehouse": self.warehouse, "run_id": self.run_id, "now": self.web.now}
        steps.stage(SOURCE, web=self.web, parse_all=parse_all, part=part, **given)  # type: ignore[arg-type]

    def validate(self) -> list[bool]:
        validator = FakeValidator(self.warehouse.connect)
        batches = batches_in(self.state, "staged")
        staged.load_staged(self.state, self.warehouse, batches)
        given = {"state": self.state, "warehouse": self.warehouse, "now": self.web.now}
        return [steps.validate(batch, validator.validate(batch), **given) for batch in batches]  # type: ignore[arg-type]

    def publish(self) -> None:
        """Publish what was validated, without the analysts' file: to make that takes longer than all other steps."""
        waiting = batches_in(self.state, "validated")
        steps.publish_batches(waiting, state=self.state, warehouse=self.warehouse, now=self.web.now)

    def in_state(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a query on the state."""
        return select(self.warehouse.folder, sql, parameters)

    def release(self) -> None:
        steps.release(state=self.state, warehouse=self.warehouse, now=self.web.now)

    def tell(self) -> int:
        return notify(notifier=self.notifier, state=self.state, now=self.web.now)

    def run_stages(self) -> dict[tuple[str, str], int]:
        """Take all steps but the release once; say how many entries ended which way."""
        self.begin()
        self.poll()
        self.fetch()
        self.stage()
        self.validate()
        self.publish()
        return self.ended()

    def recheck(self, *ages_hours: float, most: int | None = None, whole_listing: bool = False) -> None:
        """Ask again for pages of these ages, within the run that is under way."""
        ages = tuple(round(hours * 3600) for hours in ages_hours)
        wanted = Rechecks(ages_seconds=ages, most=most, whole_listing=whole_listing)
        entries.take_in_rechecks(self.state, [SOURCE.source_id], self.run_id, wanted, self.web.now)
        self.fetch()
        self.stage("rechecks")
        self.validate()
        self.publish()

    def ended(self) -> dict[tuple[str, str], int]:
        return {(str(one.outcome), str(one.reason)): one.entries for one in outcome_counts(self.state, self.run_id)}

    def articles(self) -> list[tuple[str, int]]:
        sql = "select title, version from published.articles order by title"
        with self.warehouse.connect() as connection:
            return connection.execute(sql).fetchall()


def parse_all(tasks: Iterable[ParseTask]) -> list[ParsedArticle | ParseFailure]:
    return [parse_one(task) for task in tasks]


def listing(*slugs: str) -> bytes:
    return a_feed((slug, f"{SITE}/{slug}", None) for slug in slugs)


def two_articles_and_a_quarantined_one() -> dict[str, bytes | IngestError]:
    """Return the responses of a source with three articles, one of which a rule quarantines for its title."""
    return {
        FEED: listing("flood", "storm", "frost"),
        f"{SITE}/flood": a_page("Flood"),
        f"{SITE}/storm": a_page("Storm"),
        f"{SITE}/frost": a_page("Refused frost"),
    }

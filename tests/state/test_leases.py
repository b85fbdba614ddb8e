"""A source is leased to one run at a time, whoever asks at once, and whoever dies."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from ingest.core.errors import WarehouseAway
from ingest.state.leases import Leases
from tests.makers import NOON
from tests.postgres import Postgres
from tests.state.conftest import Opening

SOURCES = [f"source-{number:03}" for number in range(200)]

Workers = Callable[[int], list[Leases]]


@pytest.fixture
def living() -> set[int]:
    return set()


@pytest.fixture
def workers(open_state: Opening, living: set[int]) -> Workers:
    """Return a function that begins so many workers, each with a connection of its own."""

    def begin(many: int) -> list[Leases]:
        living.update(range(many))
        return [Leases(open_state(), worker, lambda: frozenset(living)) for worker in range(many)]

    return begin


def test_each_source_is_leased_to_one_of_many_that_ask_for_all_at_once(workers: Workers) -> None:
    asking = workers(4)
    start = threading.Barrier(len(asking))

    def take(leases: Leases, run_id: str) -> list[str]:
        taken: list[str] = []
        start.wait()
        for at in range(0, len(SOURCES), 25):
            taken += leases.lease(run_id, SOURCES[at : at + 25], NOON)
        return taken

    with ThreadPoolExecutor(len(asking)) as threads:
        runs = [threads.submit(take, leases, f"run-{number}") for number, leases in enumerate(asking)]
        taken = [source_id for run in runs for source_id in run.result()]

    assert sorted(taken) == SOURCES


def test_a_lease_ends_with_its_run(workers: Workers, open_state: Opening) -> None:
    one, other = workers(2)
    first = one.lease("one", ["gazette"], NOON)
    meanwhile = (
        other.lease("other", ["gazette", "herald"], NOON),
        other.open_to("other", ["gazette", "herald", "new"]),
    )
    with open_state().write() as transaction:
        transaction.run("end_leases", run_id="one")

    assert (first, meanwhile) == ({"gazette"}, ({"herald"}, {"herald", "new"}))
    assert other.lease("other", ["gazette", "herald"], NOON) == {"gazette", "herald"}


def test_what_a_dead_worker_held_is_open_to_others_and_leased_to_one(workers: Workers, living: set[int]) -> None:
    dying, *others = workers(3)
    dying.lease("dying", ["gazette", "herald"], NOON)
    before = [one.open_to("next", ["gazette"]) for one in others]
    living.remove(0)
    after = [one.open_to("next", ["gazette"]) for one in others]
    taken = [one.lease(run_id, ["gazette"], NOON) for one, run_id in zip(others, ("next", "then"), strict=True)]

    assert (before, after) == ([set(), set()], [{"gazette"}, {"gazette"}])
    assert taken == [{"gazette"}, set()]


def test_a_lease_for_a_poll_ends_with_it_even_where_the_poll_breaks_off(workers: Workers) -> None:
    one, other = workers(2)

    def break_off() -> None:
        with one.leased_to_poll("one", "gazette", NOON) as is_ones:
            seen.extend([is_ones, other.lease("other", ["gazette"], NOON)])
            raise ZeroDivisionError

    seen: list[object] = []
    with pytest.raises(ZeroDivisionError):
        break_off()

    assert seen == [True, set()]
    assert other.lease("other", ["gazette"], NOON) == {"gazette"}


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_source_that_the_run_leased_to_fetch_stays_its_own_after_a_poll(workers: Workers, when: str) -> None:
    one, other = workers(2)
    if when == "before":
        one.lease("one", ["gazette"], NOON)
    with one.leased_to_poll("one", "gazette", NOON) as is_ones:
        if when == "meanwhile":
            one.lease("one", ["gazette"], NOON)

    assert is_ones
    assert other.lease("other", ["gazette"], NOON) == set()


def test_a_worker_knows_that_another_had_a_source_just_before(workers: Workers) -> None:
    one, other = workers(2)
    seen = []
    for leases, run_id in ((one, "one"), (other, "other"), (other, "again")):
        with leases.leased_to_poll(run_id, "gazette", NOON):
            pass
        seen.append(leases.leased_from_another_at("gazette"))

    assert seen == [None, NOON, None]


@pytest.mark.integration
@pytest.mark.parametrize("open_state", ["postgresql"], indirect=True)
def test_nobody_waits_for_who_is_leasing_and_what_a_client_killed_in_mid_lease_asked_for_is_free(
    workers: Workers, open_state: Opening, pg: Postgres
) -> None:
    one, other = workers(2)
    one.lease("earlier", SOURCES, NOON)
    state = open_state()
    with state.write() as transaction:
        transaction.run("end_leases", run_id="earlier")
    killed = open_state()

    def lease_and_die() -> None:
        with killed.write() as transaction:
            by = {"run_id": "killed", "worker": 7, "is_for_poll": False}
            transaction.run("lease_sources", **by, source_ids=SOURCES[:25], now=NOON)
            meanwhile.update(other.lease("other", SOURCES[:50], NOON))
            end_who_is_within_a_transaction(pg)

    meanwhile: set[str] = set()
    with pytest.raises(WarehouseAway):
        lease_and_die()

    assert sorted(meanwhile) == SOURCES[25:50]
    assert sorted(one.lease("one", SOURCES[:50], NOON)) == SOURCES[:25]


def end_who_is_within_a_transaction(pg: Postgres) -> None:
    """End the connections that have a transaction open, as the death of their client does."""
    pg.ask(
        pg.address("postgres"),
        "select pg_terminate_backend(pid, 60000) from pg_stat_activity where state = 'idle in transaction'",
    )

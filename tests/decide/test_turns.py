"""Nobody waits behind a host that hangs for longer than it takes to find that out."""

from ingest.decide.turns import take_turns
from tests.makers import a_source


def in_order(*listed: str, failing: tuple[str, ...] = ()) -> list[str]:
    sources = [a_source(path, feed_url=f"https://{path}") for path in listed]
    return [source.source_id for source in take_turns(sources, failing=failing)]


def test_sources_on_hosts_of_their_own_are_visited_as_listed() -> None:
    assert in_order("c.example", "a.example", "b.example") == ["c.example", "a.example", "b.example"]


def test_hosts_take_turns() -> None:
    assert in_order("a.example/1", "A.example/2", "a.example/3", "b.example", "c.example") == [
        "a.example/1", "b.example", "c.example", "A.example/2", "a.example/3",
    ]  # fmt: skip


def test_what_failed_last_time_comes_last() -> None:
    failing = ("a.example/1", "b.example")

    assert in_order("a.example/1", "a.example/2", "b.example", "c.example", failing=failing) == [
        "c.example", "a.example/2", "a.example/1", "b.example",
    ]  # fmt: skip

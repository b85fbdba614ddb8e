"""What was counted in the state in all its time, whatever rows were deleted since.

Rows are counted for good once they are half a day old and nothing is added to their time any more; younger ones are
counted with each read. So a read costs no more in a state of years, and no counter ever falls back.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from . import Row, State

FOR_GOOD = timedelta(hours=12)  # longer than a step takes from its moment until its rows are there
LAG_BOUNDS = (60.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 28800.0, 86400.0, 259200.0)
VISIT_BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
ANSWERS = ("requests", "not_modified", "throttled", "failed", "received_bytes")  # counted of each host
_COUNTED = {"lag_bounds": list(LAG_BOUNDS), "visit_bounds": list(VISIT_BOUNDS), "answers": list(ANSWERS)}
_END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


def counts(state: State) -> list[Row]:
    """Return every series with its labels, bounds, events and seconds."""
    since = state.read("counted_until")[0]["counted_until_at"]
    live = state.read("metrics_counts", {"since": since, "until": _END_OF_TIME, **_COUNTED})
    return added_up([*state.read("counted"), *_labelled(live)])


def count_for_good(state: State, now: datetime) -> None:
    """Keep the counts of rows that are old enough, twice a day at most."""
    until = now - FOR_GOOD
    since = state.read("counted_until")[0]["counted_until_at"]
    if until - since < FOR_GOOD:  # also where the clock was set back
        return
    with state.write() as transaction:
        new = transaction.run("metrics_counts", since=since, until=until, **_COUNTED)
        rows = added_up([*transaction.run("counted"), *_labelled(new)])
        transaction.run("delete_counted")
        transaction.insert("counted", rows)
        transaction.insert("counted_until", [{"counted_until_at": until}])


def _labelled(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows of the statement with their labels as a list: none, one or two."""
    for row in rows:
        labels = [label for label in (row["label"], row["further_label"]) if label is not None]
        yield row | {"labels": labels}


def added_up(rows: Iterable[Row]) -> list[Row]:
    """Return one row for each series, labels and bound."""
    sums: dict[tuple[str, Sequence[str], float | None], list[Any]] = defaultdict(lambda: [0, 0.0])
    for row in rows:
        sums_of = sums[row["series"], tuple(row["labels"]), row["bound"]]
        sums_of[0] += row["events"]
        sums_of[1] += float(row["seconds"])
    return [
        {"series": series, "labels": list(labels), "bound": bound, "events": events, "seconds": seconds}
        for (series, labels, bound), (events, seconds) in sums.items()
    ]

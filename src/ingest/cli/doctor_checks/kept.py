"""Examinations of what runs have left: the warehouse, its release, the archive, messages to people."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from . import Finding, fine, wrong

if TYPE_CHECKING:
    from ...core.settings import Settings

LONG_WITHOUT_A_RUN = timedelta(days=1)
LONG_WITHOUT_A_RELEASE = timedelta(hours=6)
MOST_SKEW = timedelta(minutes=2)  # more than an answer takes, less than any wait that a server names
HOSTS_ASKED_THE_TIME = 20


def warehouse(settings: "Settings") -> Iterator[Finding]:
    """Open warehouse and state as a run does, and bring them to today's shape."""
    from ...core.errors import WarehouseBusy
    from ...pipeline.open_stores import open_both
    from ...state.sqlite import STATE_FILE
    from ...warehouse.migrations import migrations

    try:
        opened, state = open_both(settings)
        with closing(opened), closing(state):
            places = [str(opened.lake)] if opened.lake else []
            places += [state.name] if state.name != str(settings.warehouse / STATE_FILE) else []
    except WarehouseBusy as error:
        found, _, to_do = str(error).rpartition("; ")
        holder = re.search(r"process (\d+)", found)
        since = _begun(int(holder[1])) if holder else None
        if holder:
            to_do += f"; `ps -fp {holder[1]}` says what it is, and one that hangs may be ended: nothing is lost"
        yield wrong(found, to_do, since=since)
        return
    told = ", ".join([f"{settings.warehouse} is writable", *places, f"schema {migrations()[-1][0]}"])
    yield fine(told)


def runs(settings: "Settings") -> Iterator[Finding]:
    """Look whether runs come to their end."""
    from ...pipeline.open_stores import look_at_state
    from ...pipeline.wiring import utc_now

    (last,) = look_at_state(settings, "last_ended_run")
    if last["ended_at"] is None:
        yield fine("no run has come to its end yet", "`ingest run`, then a schedule: docs/install.md")
    elif utc_now() - last["ended_at"] > LONG_WITHOUT_A_RUN:
        to_do = "see whether the schedule still runs, and `ingest run --direct` whether a run would"
        yield wrong("no run has come to its end for more than a day", to_do, since=last["ended_at"])
    else:
        yield fine(f"the last one ended at {last['ended_at']:%Y-%m-%d %H:%M} UTC")


def release(settings: "Settings") -> Iterator[Finding]:
    """Look whether analysts have what is published."""
    from ...pipeline.open_stores import look_at_state
    from ...pipeline.wiring import utc_now
    from ...state.rows import noun
    from ...warehouse.file_swap import Fingerprint, difference
    from ...warehouse.warehouse import NEWS_FILE

    (found,) = look_at_state(settings, "waiting_changes")
    last = next(iter(look_at_state(settings, "last_release")), None)
    news = settings.warehouse / NEWS_FILE
    if found["published_at"] is None:
        yield fine("nothing is published yet")
    elif not news.exists() or last is None or last["file_mark"] is None:
        yield wrong(f"there is no {NEWS_FILE} that is released", "`ingest run` makes it", since=found["published_at"])
    elif differs := difference(news, noun(Fingerprint, last)):
        yield wrong(f"{NEWS_FILE} is not the file that was released: {differs}", "`ingest run` makes it anew")
    elif found["waits_since"] and utc_now() - found["waits_since"] > LONG_WITHOUT_A_RELEASE:
        said = f"{NEWS_FILE} lacks {found['batches']:,} batches"
        to_do = (
            "see `ingest status` for an alert about it; INGEST_RELEASE_TIME_SHARE says how much of the time it may take"
        )
        yield wrong(said, to_do, since=found["waits_since"])
    else:
        yield fine(f"made at {last['released_at']:%Y-%m-%d %H:%M} UTC")


def archive(settings: "Settings") -> Iterator[Finding]:
    """Look whether the archive's files are there, and can be read to their ends."""
    from ...archive.last_records import unreadable_end

    folder = settings.warehouse / "archive"
    known = _look(settings, "report_archive_files")
    missing = [row["warc_file"] for row in known if not (folder / row["warc_file"]).is_file()]
    if missing:
        said = f"{len(missing)} files of the archive are gone, such as {missing[0]}, which articles were read from"
        yield wrong(said, "restore them from a backup; without them `ingest replay` leaves their pages out")
    last = {row["warc_file"]: row["last_offset"] for row in known}
    newest = sorted(folder.glob("*.warc.gz"), key=lambda path: path.stat().st_mtime)[-3:]
    for path in newest:
        if end := unreadable_end(path, last.get(path.name, 0)):
            said = f"{path.name} can't be read from byte {end:,} on"
            to_do = "restore it from a backup; until then `ingest replay` leaves out the pages that lie behind that"
            yield wrong(said, to_do, since=datetime.fromtimestamp(path.stat().st_mtime, UTC))
            return
    if not missing:
        yield fine(f"{len(known):,} files, the newest readable to their ends")


def clock(settings: "Settings") -> Iterator[Finding]:
    """Compare our clock with those of the servers that were asked last."""
    from ...archive.last_records import date_named
    from ...pipeline.wiring import utc_now

    future = _look(settings, "report_future", {"now": utc_now() + MOST_SKEW})[0]["latest"]
    if future:
        said = f"rows of the warehouse are of {future:%Y-%m-%d %H:%M:%S} UTC, which is still to come"
        yield wrong(said, "set the clock by NTP (`timedatectl`): it was ahead, or is behind")
        return
    skews = [
        (row["captured_at"] - theirs).total_seconds()
        for row in _look(settings, "report_last_answers", {"most": HOSTS_ASKED_THE_TIME})
        if (theirs := date_named(settings.warehouse / "archive" / row["warc_file"], row["warc_offset"]))
    ]
    if not skews:
        yield fine("no server has told us the time yet")
    elif abs(skew := median(skews)) > MOST_SKEW.total_seconds():
        said = f"our clock is {abs(skew):,.0f} s {'ahead of' if skew > 0 else 'behind'} those of {len(skews)} servers"
        yield wrong(said, "set it by NTP (`timedatectl`): next visits, lags and versions are reckoned by it")
    else:
        yield fine(f"within {abs(skew):.0f} s of {len(skews)} servers")


def suites(_: "Settings") -> Iterator[Finding]:
    """Try every expectation on no rows."""
    from ...core.assets import asset
    from ...quality.suites import read_suites, read_warehouse_suite
    from ...quality.validator import SuiteValidator
    from ...warehouse.warehouse import Warehouse

    folder = asset("expectations")
    found = [*read_suites(folder).values(), read_warehouse_suite(folder)]
    with (
        TemporaryDirectory() as empty_folder,
        closing(Warehouse(Path(empty_folder))) as empty,
        closing(SuiteValidator(folder, empty.connect)) as validator,
    ):
        validator.try_out()
    yield fine(f"{len(found)} suites, {sum(map(len, found))} expectations")


def published(settings: "Settings") -> Iterator[Finding]:
    """Validate all that is published as the first run of a day does, which opens and ends alerts."""
    from ...core.assets import asset
    from ...pipeline.audit import audit
    from ...pipeline.open_stores import open_both
    from ...pipeline.wiring import utc_now
    from ...quality.validator import SuiteValidator
    from ...state.alerts import alert_texts
    from ...warehouse import copy_history

    opened, state = open_both(settings)
    with closing(opened), closing(state):
        pages, texts = settings.warehouse / "checks", partial(alert_texts, state)
        validator = SuiteValidator(asset("expectations"), opened.connect, pages_folder=pages, alert_texts=texts)
        try:
            with closing(validator):
                found = audit(validator=validator, state=state, now=utc_now())
        finally:
            copy_history.copy_history(state, opened)  # `ingest status` shows its alert
    broken = [validation for validation in found if not validation.passed]
    if broken:
        told = "; ".join(f"{one.suite}.{one.rule}: {one.unexpected:,} rows, as {one.observed}" for one in broken)
        yield wrong(told, "`ingest status` has the alert, docs/runbook.md what to do")
    else:
        yield fine(f"holds together, by {len(found)} expectations")


def alerts(settings: "Settings") -> Iterator[Finding]:
    """Look whether messages reach people."""
    from ...alerts.channels import count_addresses
    from ...pipeline.open_stores import look_at_state

    count = count_addresses([address.get_secret_value() for address in settings.alert_addresses])
    for row in look_at_state(settings, "report_undelivered"):
        said = f"{row['messages']:,} messages did not reach a receiver in {row['attempts']:,} attempts: {row['reason']}"
        to_do = "fix INGEST_ALERT_ADDRESSES or the receiver; `ingest doctor --send-test` tries it"
        yield wrong(said, to_do, since=row["waits_since"])
    if count:
        yield fine(f"{count} addresses", "`ingest doctor --send-test` sends each a message")
    else:
        yield fine("no address set: alerts go to the log alone", "set INGEST_ALERT_ADDRESSES")


def _look(settings: "Settings", name: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    from ...pipeline.open_stores import look_within

    return look_within(settings, name, parameters)


def _begun(process_id: int) -> datetime | None:
    """Return since when a process runs, as far as this system tells."""
    try:
        return datetime.fromtimestamp(Path(f"/proc/{process_id}").stat().st_mtime, UTC)
    except OSError:
        return None

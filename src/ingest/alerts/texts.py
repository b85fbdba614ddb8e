"""What is worth a person's time, in words: a batch rejected or much refused, a source that fails or is silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..core.errors import IngestError, PageGone
from ..core.ids import pages_name
from ..core.model import Batch, Poll, Severity, ValidationResult
from ..warehouse.verification_findings import LostCapture, lost_by_file
from .causes import CAUSES, Cause, cause_of, causes_told

FAILURES_BEFORE_ALERT = 3
RULES_SHOWN = 5
_MENDING = (
    "copy published.duckdb away, it shows what went wrong; `ingest replay` of the sources named writes the rows of "
    "their articles anew, a backup has them as they were; `ingest doctor` validates again and ends this"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What is wrong with one thing now: the words an alert about it would use."""

    severity: Severity
    title: str
    body: str


def batch_troubles(batch: Batch, validations: Sequence[ValidationResult]) -> Mapping[str, Trouble | None]:
    """Return, by kind of trouble a batch can be in, whether it is: at most in one, that of the root cause.

    What else its rules tell of is left out: that may follow from the root and is no news, but it is not over.
    """
    told = causes_told(validations)
    root = told[0] if told else None
    return {
        f"batch.{cause.name}": _batch_trouble(batch, validations, cause) if cause is root else None
        for cause in CAUSES
        if cause is root or cause not in told
    }


def rejected_before(source_id: str, articles: int) -> str | None:
    """Return what is left to do when a source's batches pass again, with so many rejected articles not public."""
    if not articles:
        return None
    noun = "article" if articles == 1 else "articles"
    command = f"ingest replay --source {source_id}"
    return f"A later batch passed. Of those rejected, still not public: {articles:,} {noun}. To read again: {command}"


def validator_trouble(errors: Sequence[IngestError], waiting: Sequence[Batch]) -> Trouble | None:
    """Describe suites that can't validate: what broke, and which batches wait for it; None when nothing broke."""
    if not errors:
        return None
    sources = sorted({batch.source_id for batch in waiting})
    lines = [
        *(f"- {told}" for told in dict.fromkeys(str(error).splitlines()[0] for error in errors[:RULES_SHOWN])),
        f"Nothing of these is published before they are validated: {len(waiting)} batches of {', '.join(sources)}.",
        "What to do: fix the suite in expectations/, see that `ingest doctor` finds it whole, and `ingest run` again.",
    ]
    return Trouble(
        severity="critical",
        title=f"batches can't be validated: {errors[0].about} is broken",
        body="\n".join(lines),
    )


def warehouse_trouble(whole: Batch, validations: Sequence[ValidationResult]) -> Trouble | None:
    """Describe what is public and does not hold together, the warehouse validated as one batch; None if it does."""
    failed = [validation for validation in validations if not validation.passed and validation.severity != "info"]
    if not failed:
        return None
    rules = f"{len(failed)} rules" if len(failed) > 1 else f"{failed[0].suite}.{failed[0].rule}"
    lines = [
        "What is public contradicts itself, or waits; no batch is held up by that.",
        *_listed(failed),
        "Look closer: ingest doctor",
        f"What to do: {_MENDING}",
        *_where(whole),
    ]
    return Trouble(severity="critical", title=f"the warehouse does not hold together: {rules}", body="\n".join(lines))


def release_trouble(found: Sequence[str]) -> Trouble | None:
    """Describe how the analysts' file differs from what is published; None where it does not."""
    if not found:
        return None
    todo = (
        "What to do: the next release writes it anew from what is published; see who writes into the file, which is "
        "read-only so that nobody does, and whether the disk fails."
    )
    lines = [*_first_of(found), "What analysts have read from it may have been wrong.", todo]
    return Trouble(severity="critical", title="news.duckdb differs from what is published", body="\n".join(lines))


def archive_trouble(lost: Sequence[LostCapture]) -> Trouble | None:
    """Describe which files of the archive hold captures that can't be read; None where there is none."""
    if not lost:
        return None
    files = lost_by_file(lost)
    todo = (
        "What to do: copy these files back from a backup, then `ingest verify`, which reads the whole archive and ends "
        "this. Where there is no backup, `ingest verify --accept-loss` notes these captures as removed."
    )
    lines = [
        *_first_of([*files.values()]),
        "What is published stands, but `ingest replay` can't read these pages again.",
        todo,
    ]
    title = f"{len(files)} files of the archive are damaged" if len(files) > 1 else f"{next(iter(files))} is damaged"
    return Trouble(severity="warning", title=title, body="\n".join(lines))


def lost_publications(batches: Sequence[Batch]) -> Trouble | None:
    """Describe batches that were public, and that the warehouse lacks until they are published again; None without."""
    if not batches:
        return None
    since = min(batch.published_at for batch in batches if batch.published_at)
    why = "The warehouse lacks them: an older one was restored, or a disk lost what was written."
    lines = [
        f"They were published on {since:%Y-%m-%d %H:%M} UTC or later. {why}",
        *_first_of([f"{one.source_id}: {one.articles:,} articles, batch {one.batch_id[:12]}" for one in batches]),
        "The next run publishes them again, from what the state keeps of them, and ends this.",
        "What to do: see who restored the warehouse without its state, or whether the disk fails.",
    ]
    title = (
        f"{len(batches)} batches that were public are lost" if len(batches) > 1 else "a batch that was public is lost"
    )
    return Trouble(severity="critical", title=title, body="\n".join(lines))


def lost_articles(lacking: Mapping[str, int]) -> Trouble | None:
    """Describe articles that were public and are not there, or only as they were before, by source; None without."""
    if not lacking:
        return None
    command = f"ingest replay {' '.join(f'--source {source_id}' for source_id in sorted(lacking))}"
    lines = [
        "The state knows them as published. The warehouse lacks them, or has them as they were before.",
        *_first_of([f"{source_id}: {number:,} articles" for source_id, number in sorted(lacking.items())]),
        f"What to do: `{command}` reads them from the archive and publishes them.",
        "`ingest verify` counts all there are, and ends this.",
    ]
    return Trouble(severity="critical", title="articles that were public are lost", body="\n".join(lines))


def unvalidated_warehouse(error: IngestError) -> Trouble:
    """Describe a suite that can't validate what is public."""
    todo = "What to do: fix expectations/warehouse.json; `ingest doctor` validates again and ends this."
    return Trouble(
        severity="critical",
        title=f"the warehouse can't be validated as a whole: {error.about} is broken",
        body=f"{str(error).splitlines()[0]}\n{todo}",
    )


def failure_of(poll: Poll) -> Trouble | None:
    """Describe a source that failed several times in a row, or None while it did not."""
    if poll.failures_in_a_row < FAILURES_BEFORE_ALERT or loss_of(poll):
        return None
    return Trouble(
        severity="warning",
        title=f"{poll.source_id}: {poll.failures_in_a_row} visits in a row failed ({poll.reason})",
        body=f"{poll.detail}\nLook closer: ingest status --source {poll.source_id}",
    )


def loss_of(poll: Poll) -> Trouble | None:
    """Describe a source whose server says that it is gone for good, or None while it does not."""
    if poll.reason != PageGone.reason:
        return None
    return Trouble(
        severity="warning",
        title=f"{poll.source_id}: the feed is gone for good",
        body=f"{poll.detail}\nIt is not asked again until the sources file names another feed_url, or with --force.",
    )


def silence_of(poll: Poll, since: datetime | None) -> Trouble | None:
    """Describe a source that answers, but has had nothing new for much longer than is its habit."""
    if since is None:
        return None
    return Trouble(
        severity="warning",
        title=f"{poll.source_id}: nothing new since {since:%Y-%m-%d %H:%M} UTC",
        body="Its feed answers, but it has never had nothing new for so long. Has it moved?\n"
        f"Look closer: ingest status --source {poll.source_id}",
    )


def silence_of_all(watched: int, since: datetime | None) -> Trouble | None:
    """Describe that no source has anything new, which is rather our network, or nobody asking, than all newsrooms."""
    if since is None:
        return None
    return Trouble(
        severity="critical",
        title=f"nothing new from any of {watched} sources since {since:%Y-%m-%d %H:%M} UTC",
        body="There has never been nothing new for so long. Are they asked, and can they be reached from here?\n"
        "Look closer: ingest status",
    )


def disk_trouble(short: IngestError | None) -> Trouble | None:
    """Describe a disk with less free than is to stay free: nothing new comes in until there is more."""
    if short is None:
        return None
    return Trouble(
        severity="critical",
        title="the warehouse's disk is nearly full: nothing is polled or fetched",
        body=f"{short}\n"
        "What is under way is published, and what waits is kept; the first run with more free goes on, and ends this.\n"
        "What to do: free disk space or make the disk larger; `ingest prune --dry-run` says what history takes.",
    )


def automations_trouble(failed: Sequence[tuple[str, str]]) -> Trouble | None:
    """Describe automations that failed when they were last tried, by name and reason: what they wake sleeps on."""
    if not failed:
        return None
    lines = [
        "What these should wake is made up for by the hourly pass alone.",
        *(f"- {name}: {reason}" for name, reason in failed[:RULES_SHOWN]),
        "What to do: start `ingest serve` again, or `prefect deploy` where that set them up: both set them up anew.",
    ]
    return Trouble(
        severity="critical",
        title=f"automations fail: {', '.join(name for name, _ in failed[:RULES_SHOWN])}",
        body="\n".join(lines),
    )


def _batch_trouble(batch: Batch, validations: Sequence[ValidationResult], root: Cause) -> Trouble:
    failed = [validation for validation in validations if not validation.passed and validation.severity != "info"]
    is_rejected = any(validation.severity == "critical" for validation in failed)
    # What tells of the root first, and of that what rejects the batch.
    failed.sort(key=lambda validation: (cause_of(validation) is not root, validation.severity != "critical"))
    rules = f"{len(failed)} rules" if len(failed) > 1 else f"{failed[0].suite}.{failed[0].rule}"
    lines = [
        f"Nothing of this batch of {batch.source_id} was published; what was published before stands."
        if is_rejected
        else f"The rows that failed are in quarantine; the others of this batch of {batch.source_id} are published.",
        *_listed(failed),
        f"Look closer: {_command(batch, is_rejected=is_rejected)}",
        *([f"What to do: {_remedy(batch)}"] if is_rejected else []),
        *_where(batch),
    ]
    what = "batch rejected" if is_rejected else "rows held back"
    return Trouble(
        severity="critical" if is_rejected else "warning",
        title=f"{batch.source_id}: {what} by {rules}, because {root.words}",
        body="\n".join(lines),
    )


def _listed(failed: Sequence[ValidationResult]) -> list[str]:
    return _first_of([_told(validation) for validation in failed], " rules")


def _first_of(found: Sequence[str], what: str = "") -> list[str]:
    more = len(found) - RULES_SHOWN
    return [*(f"- {one}" for one in found[:RULES_SHOWN]), *([f"- and {more} more{what}"] if more > 0 else [])]


def _where(batch: Batch) -> list[str]:
    return [
        f"Pages: checks/{pages_name(batch)}/ in the warehouse folder",
        f"Failed rules: ingest sql \"from ops.validations where batch_id = '{batch.batch_id}' and not passed\"",
    ]


def _told(validation: ValidationResult) -> str:
    worst = f"\n  worst: {validation.observed}" if validation.observed else ""
    name = f"{validation.suite}.{validation.rule}"
    return f"{name}: {validation.unexpected:,} of {validation.checked:,} rows. {validation.note}{worst}"


def _remedy(batch: Batch) -> str:
    return (
        "fix the reader or the rule that erred, or wait until the newsroom fixes its pages; "
        f"`ingest replay --source {batch.source_id}` then publishes the rejected articles, if they pass"
    )


def _command(batch: Batch, *, is_rejected: bool) -> str:
    if is_rejected:
        return f"ingest quarantine rejected {batch.batch_id[:12]}"
    return f"ingest quarantine ls --source {batch.source_id}"

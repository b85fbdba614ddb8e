"""Small worlds for the steps: a web of a few URLs, a validator with one rule of each severity, a patient notifier."""

import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from ingest.core.errors import CaptureUnreadable, IngestError, PageMissing, Undelivered, ValidatorFailed
from ingest.core.ids import content_key
from ingest.core.messages import Notification
from ingest.core.model import Batch, Capture, Conditions, Page, ValidationResult
from tests.makers import NOON, a_validation


@dataclass
class FakeWeb:
    """Answers with the bytes or the error it was given for an address, and remembers what was asked."""

    answers: dict[str, bytes | IngestError] = field(default_factory=dict)
    asked: list[tuple[str, Conditions | None]] = field(default_factory=list)
    now: datetime = NOON
    etags: dict[str, str] = field(default_factory=dict)
    leads_to: dict[str, str] = field(default_factory=dict)  # where an address redirects to
    lost_captures: bool = False
    _kept: dict[str, Page] = field(default_factory=dict)

    def visit(self, url: str, *, conditions: Conditions | None) -> Page:
        self.asked.append((url, conditions))
        answer = self.answers.get(url, PageMissing(f"{url} is missing", about=url))
        if isinstance(answer, IngestError):
            raise answer
        etag = self.etags.get(url)
        is_known = bool(etag and conditions and conditions.etag == etag)
        key = content_key(url, str(len(self._kept)))
        page = Page(
            requested_url=url,
            final_url=self.leads_to.get(url, url),
            status=304 if is_known else 200,
            headers=(("etag", etag),) if etag else (),
            body=b"" if is_known else answer,
            fetched_at=self.now,
            capture=Capture(
                capture_id=key, url=url, captured_at=self.now, status=200, payload_hash=sha256(answer).hexdigest(),
                warc_file="fake.warc.gz", warc_offset=0, warc_length=1,
            ),
        )  # fmt: skip
        self._kept[key] = page
        return page

    visit_feed = visit

    @property
    def captures(self) -> list[Capture]:
        """Return the captures that a real archive would have recorded."""
        return [page.capture for page in self._kept.values() if page.capture]

    def recall(self, capture: Capture) -> Page:
        if self.lost_captures:
            raise CaptureUnreadable(f"{capture.capture_id} is damaged", about=capture.capture_id)
        return self._kept[capture.capture_id]


@dataclass
class FakeValidator:
    """Refuses articles by their title: 'Refused …' goes to quarantine, a single 'Broken …' stops the batch."""

    connect: Callable[[], Any]
    breaking: str | None = None  # the batch that can not be validated

    def validate(self, batch: Batch) -> tuple[ValidationResult, ...]:
        return (
            self._rule(batch, "title_whole", "critical", "starts_with(title, 'Broken')"),
            self._rule(batch, "title_told", "warning", "starts_with(title, 'Refused')"),
        )

    def validate_all(self, batches: Sequence[Batch]) -> dict[str, tuple[ValidationResult, ...] | ValidatorFailed]:
        broken = ValidatorFailed("a rule broke", about="articles/title_told")
        return {one.batch_id: broken if one.batch_id == self.breaking else self.validate(one) for one in batches}

    def _rule(self, batch: Batch, rule: str, severity: str, predicate: str) -> ValidationResult:
        sql = f"select count(*) from staging.articles where batch_id = $batch and {predicate}"
        with self.connect() as connection:
            count = connection.execute(sql, {"batch": batch.batch_id}).fetchone()[0]
        return a_validation(
            batch, suite="articles", rule=rule, severity=severity, passed=count == 0, unexpected=count,
            failing_rows=predicate if severity == "warning" else None,
        )  # fmt: skip


@dataclass
class FakeNotifier:
    """Takes messages, unless it is out of reach."""

    delivered: list[str] = field(default_factory=list)
    is_reachable: bool = True
    receivers: tuple[str, ...] = ("desk",)

    def deliver(self, notification: Notification) -> None:
        if not self.is_reachable:
            raise Undelivered("nobody answers", about=notification.message.title)
        self.delivered.append(notification.message.title)


@contextmanager
def closed_port() -> Iterator[int]:
    """Return a port of this machine that refuses connections, and that no other process is given meanwhile."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield int(reserved.getsockname()[1])


def a_feed(entries: Iterable[tuple[str, str | None, str | None]]) -> bytes:
    """Write a feed of (slug, address, whole article)."""
    listed = "".join(
        f"<item><guid isPermaLink='false'>{slug}</guid><title>{slug}</title>"
        + (f"<link>{url}</link>" if url else "")
        + (f"<content:encoded><![CDATA[{story}]]></content:encoded>" if story else "")
        + "</item>"
        for slug, url, story in entries
    )
    namespace = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f"<rss version='2.0' {namespace}><channel><title>Gazette</title>{listed}</channel></rss>".encode()


def a_page(title: str, *, canonical: str | None = None) -> bytes:
    """Write a page that holds an article."""
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return f"""<!doctype html><html lang="en"><head><title>{title}</title>{link}</head><body><article><h1>{title}</h1>
<p>The river rose by two meters overnight, and the town moved 340 people out of the low streets by noon.</p>
<p>Nobody was hurt, the mayor said at the town hall, where blankets and soup were handed out until late.</p>
<p>The water is expected to fall again from Tuesday on, when the wind turns and the rain moves to the north.</p>
</article></body></html>""".encode()


STORY = """<p>The river rose by two meters overnight, and the town moved 340 people out of the low streets by noon.</p>
<p>Nobody was hurt, the mayor said at the town hall, where blankets and soup were handed out until late.</p>"""

"""Answers as the archive keeps them: a page whole, anything else as a sample."""

from datetime import datetime

from ..errors import ResponseTooLarge, TimedOut, Truncated
from .exchange import Answer
from .warc_records import Exchange

_WARC_WORDS = {ResponseTooLarge: "length", TimedOut: "time", Truncated: "disconnect"}  # ISO 28500, 5.13


def exchange(requested_url: str, answer: Answer, body: bytes, now: datetime) -> Exchange:
    """Put a whole answer as one exchange; `body` is what it reads once unpacked."""
    return _exchange(requested_url, answer, now, sent=answer.body, body=body, truncated=None)


def sample(requested_url: str, answer: Answer, now: datetime, limit: int) -> Exchange:
    """Put what came of an answer, at most `limit` bytes of it, as one exchange; nothing is unpacked."""
    sent = answer.body[:limit]
    why = _WARC_WORDS.get(type(answer.failure), "unspecified") if answer.failure else None
    if len(sent) < len(answer.body):
        why = "length"
    return _exchange(requested_url, answer, now, sent=sent, body=sent, truncated=why)


def _exchange(
    requested_url: str, answer: Answer, now: datetime, *, sent: bytes, body: bytes, truncated: str | None
) -> Exchange:
    return Exchange(
        requested_url=requested_url,
        url=answer.url,
        fetched_at=now,
        request_target=answer.target,
        request_headers=answer.request_headers,
        status=answer.status,
        reason=answer.reason,
        headers=answer.headers,
        sent_body=sent,
        body=body,
        truncated=truncated,
    )

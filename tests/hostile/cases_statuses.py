"""Statuses that are no page: told apart by whether, and when, it is worth to come back."""

from tests.hostile.case import Case, bad_entry, bad_feed
from tests.hostile.wire import Reply
from tests.hostile.words import SOUND_FEED, page

MINUTE, WEEK = 1, 7 * 24 * 60  # what is waited at least, and at most


def _feed(id: str, status: str, reason: str, *headers: str, waits_minutes: int = MINUTE) -> Case:  # noqa: A002
    answer = Reply(SOUND_FEED, status=status, headers=headers)
    does = f"answers {status} for its feed"
    return bad_feed(f"status_{id}", does, answer, poll=f"failed {reason}", waits_minutes=waits_minutes)


def _page(id: str, status: str, reason: str, *headers: str) -> Case:  # noqa: A002
    answer = Reply(page("Refused ferry"), status=status, headers=headers)
    return bad_entry(f"page_status_{id}", f"answers {status} for a page", answer, ends=f"failed {reason}")


STATUSES = (
    _feed("401", "401 Unauthorized", "auth", 'WWW-Authenticate: Basic realm="press"'),
    _feed("403", "403 Forbidden", "forbidden"),
    _feed("403_later", "403 Forbidden", "rate_limited", "Retry-After: 180", waits_minutes=3),
    _feed("404", "404 Not Found", "missing"),
    _feed("410", "410 Gone", "gone"),
    _feed("418", "418 I'm a teapot", "forbidden"),
    _feed("429", "429 Too Many Requests", "rate_limited"),
    _feed("429_seconds", "429 Too Many Requests", "rate_limited", "Retry-After: 3600", waits_minutes=60),
    _feed("429_date", "429 Too Many Requests", "rate_limited", "Retry-After: Fri, 01 Jan 2038 00:00:00 GMT",
          waits_minutes=WEEK),
    _feed("429_garbage", "429 Too Many Requests", "rate_limited", "Retry-After: soon"),
    _feed("429_huge", "429 Too Many Requests", "rate_limited", "Retry-After: 99999999999999999999",
          waits_minutes=WEEK),
    _feed("429_end_of_time", "429 Too Many Requests", "rate_limited", "Retry-After: Fri, 31 Dec 9999 23:59:59 -2300",
          waits_minutes=WEEK),
    _feed("429_past", "429 Too Many Requests", "rate_limited", "Retry-After: Fri, 01 Jan 2010 00:00:00 GMT"),
    _feed("429_negative", "429 Too Many Requests", "rate_limited", "Retry-After: -3600"),
    _feed("429_its_clock", "429 Too Many Requests", "rate_limited", "Date: Fri, 01 Jan 2010 00:00:00 GMT",
          "Retry-After: Fri, 01 Jan 2010 02:00:00 GMT", waits_minutes=120),
    _feed("429_several", "429 Too Many Requests", "rate_limited", "Retry-After: 60", "Retry-After: 3600",
          waits_minutes=60),
    _feed("429_seconds_and_date", "429 Too Many Requests", "rate_limited", "Retry-After: soon, 60",
          "Retry-After: Fri, 01 Jan 2038 00:00:00 GMT", waits_minutes=WEEK),
    _feed("402", "402 Payment Required", "forbidden"),
    _feed("402_later", "402 Payment Required", "rate_limited", "Retry-After: 600", waits_minutes=10),
    _feed("404_later", "404 Not Found", "missing", "Retry-After: 600", waits_minutes=10),
    _feed("500_later", "500 Internal Server Error", "rate_limited", "Retry-After: 600", waits_minutes=10),
    _feed("451", "451 Unavailable For Legal Reasons", "forbidden"),
    _feed("500", "500 Internal Server Error", "server_failed"),
    _feed("503", "503 Service Unavailable", "server_failed"),
    _feed("503_later", "503 Service Unavailable", "rate_limited", "Retry-After: 120", waits_minutes=2),
    _feed("599", "599 Whatever", "server_failed"),
    _feed("204", "204 No Content", "empty"),
    _feed("206", "206 Partial Content", "partial", "Content-Range: bytes 0-9/999"),
    _feed("304", "304 Not Modified", "server_failed"),
    _feed("300", "300 Multiple Choices", "protocol"),
    _page("401", "401 Unauthorized", "auth"),
    _page("403", "403 Forbidden", "forbidden"),
    _page("404", "404 Not Found", "missing"),
    _page("410", "410 Gone", "gone"),
    _page("429", "429 Too Many Requests", "rate_limited", "Retry-After: 3600"),
    _page("500", "500 Internal Server Error", "server_failed"),
    _page("206", "206 Partial Content", "partial", "Content-Range: bytes 0-9/999"),
    _page("304", "304 Not Modified", "server_failed"),
    bad_feed("status_103", "sends hints before its answer",
             Reply(SOUND_FEED, before=b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")),
    bad_feed("status_203", "answers through a proxy", Reply(SOUND_FEED, status="203 Non-Authoritative Information")),
    bad_feed("status_accented", "gives its reason in its own language", Reply(SOUND_FEED, status="200 Está bien")),
    _page("404_accented", "404 Não encontrado", "missing"),
    bad_feed("status_no_reason", "gives no reason phrase", Reply(SOUND_FEED, status="200 ")),
)  # fmt: skip

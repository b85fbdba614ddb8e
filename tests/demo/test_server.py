"""The site on loopback answers as a well-kept server does, and remembers what it was asked."""

from datetime import UTC, datetime
from functools import partial

import httpx
import pytest

from ingest.demo import Request, Site

pytestmark = pytest.mark.integration

get = partial(httpx.get, verify=False, timeout=60)  # there are no certificates to load on loopback
head = partial(httpx.head, verify=False, timeout=60)
MONDAY = datetime(2026, 11, 16, 12, 0, 0, 250_000, tzinfo=UTC)


def test_a_path_is_served_as_it_was_given() -> None:
    with Site() as site:
        site.serve("/notes", b"\xbfqu\xe9?", content_type="text/plain; charset=iso-8859-1", headers=[("X-Note", "1")])
        answer = get(site.url + "/notes")

    assert (answer.status_code, answer.text, answer.headers["x-note"]) == (200, "¿qué?", "1")


def test_an_unknown_path_is_missing() -> None:
    with Site() as site:
        answer = get(site.url + "/nothing")

    assert answer.status_code == 404


def test_any_status_can_be_served() -> None:
    with Site() as site:
        site.serve("/later", "", status=429, headers=[("Retry-After", "120")])
        answer = get(site.url + "/later")

    assert (answer.status_code, answer.headers["retry-after"], answer.headers.get("etag")) == (429, "120", None)


def test_a_path_answers_for_every_query() -> None:
    with Site() as site:
        site.serve("/story", "plain")
        site.serve("/story?page=2", "second")
        bodies = [get(site.url + target).text for target in ("/story?utm_source=rss", "/story?page=2")]

    assert bodies == ["plain", "second"]


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"If-None-Match": "{etag}"}, 304),
        ({"If-None-Match": '"other", {etag}'}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-Modified-Since": "Mon, 16 Nov 2026 12:00:00 GMT"}, 304),
        ({"If-Modified-Since": "Mon, 16 Nov 2026 11:59:59 GMT"}, 200),
        ({"If-None-Match": '"other"', "If-Modified-Since": "Mon, 16 Nov 2026 12:00:00 GMT"}, 200),
    ],
)
def test_a_copy_that_still_stands_is_not_sent_again(condition: dict[str, str], status: int) -> None:
    with Site() as site:
        site.serve("/story", "the same", modified_at=MONDAY)
        etag = get(site.url + "/story").headers["etag"]
        headers = {name: value.replace("{etag}", etag) for name, value in condition.items()}
        answer = get(site.url + "/story", headers=headers)

    assert (answer.status_code, answer.text) == (status, "the same" if status == 200 else "")


def test_another_body_has_another_etag() -> None:
    with Site() as site:
        site.serve("/story", "before")
        before = get(site.url + "/story").headers["etag"]
        site.serve("/story", "after")
        answer = get(site.url + "/story", headers={"If-None-Match": before})

    assert (answer.status_code, answer.text) == (200, "after")


def test_a_redirect_leads_on() -> None:
    with Site() as site:
        site.serve("/new", "moved in")
        site.redirect("/old", "/new", status=308)
        answer = get(site.url + "/old", follow_redirects=True)

    assert ([hop.status_code for hop in answer.history], answer.text) == ([308], "moved in")


def test_a_removed_page_is_missing() -> None:
    with Site() as site:
        site.serve("/story", "here")
        site.remove("/story")
        answer = get(site.url + "/story")

    assert answer.status_code == 404


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "gzip"), ("identity", None)])
def test_long_bodies_are_compressed_for_those_who_accept_it(accepted: str, encoding: str | None) -> None:
    with Site() as site:
        site.serve("/long", "water " * 500)
        answer = get(site.url + "/long", headers={"Accept-Encoding": accepted})

    assert (answer.headers.get("content-encoding"), answer.text) == (encoding, "water " * 500)


def test_head_tells_all_but_the_body() -> None:
    with Site() as site:
        site.serve("/story", "twelve bytes")
        answer = head(site.url + "/story", headers={"Accept-Encoding": "identity"})

    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "12", b"")


def test_what_was_asked_is_remembered() -> None:
    with Site() as site:
        site.serve("/story", "here")
        get(site.url + "/story?from=test", headers={"User-Agent": "tester/1.0"})
        get(site.url + "/nothing")
        asked = site.requests

    assert [(request.method, request.path, request.status) for request in asked] == [
        ("GET", "/story?from=test", 200),
        ("GET", "/nothing", 404),
    ]
    assert isinstance(asked[0], Request)
    assert asked[0].headers["user-agent"] == "tester/1.0"


def test_a_closed_site_answers_no_more_on_a_connection_kept_alive() -> None:
    with httpx.Client(verify=False, timeout=60) as client:
        with Site() as site:
            site.serve("/story", "here")
            client.get(site.url + "/story")

        with pytest.raises(httpx.TransportError):
            client.get(site.url + "/story")


def test_a_site_has_no_address_before_it_is_opened() -> None:
    with pytest.raises(RuntimeError, match="before it is opened"):
        _ = Site().url

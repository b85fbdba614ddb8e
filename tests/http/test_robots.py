"""Robots.txt is asked for once, obeyed for pages, and not held against feeds that a person listed."""

import gc
import gzip
from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.core.errors import RobotsRefused, RobotsUnknown, Unreachable
from ingest.http.client import PoliteWeb
from ingest.http.limits import WebLimits
from ingest.http.robots import RobotsBook
from tests.http.conftest import GENEROUS, NOW, ManualClock, OpenWeb, RawServer, answer

pytestmark = pytest.mark.integration

STORY = b"<p>The river rose by two metres.</p>"


def test_what_robots_txt_forbids_is_not_asked_for(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /private/\nAllow: /private/open$\n")
    server.answers["/private/open"] = answer(STORY)

    with pytest.raises(RobotsRefused, match="news-tests"):
        web.visit(f"{server.url}/private/story", conditions=None)

    assert web.visit(f"{server.url}/private/open", conditions=None).body == STORY
    assert server.paths() == ["/robots.txt", "/private/open"]


def test_the_group_that_names_us_counts_alone(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /\n\nUser-agent: News-Tests\nDisallow: /no\n")
    server.answers["/story"] = answer(STORY)

    assert web.visit(f"{server.url}/story", conditions=None).body == STORY
    with pytest.raises(RobotsRefused):
        web.visit(f"{server.url}/no", conditions=None)


@pytest.mark.parametrize("written", ["News-Tests/9.1", "news-tests (all of them)", "NEWS-TESTS # us", "news-tests*"])
def test_what_stands_behind_our_name_makes_it_no_other_name(server: RawServer, web: PoliteWeb, written: str) -> None:
    server.answers["/robots.txt"] = answer(f"User-agent: {written}\nDisallow: /no\n".encode())

    with pytest.raises(RobotsRefused):
        web.visit(f"{server.url}/no", conditions=None)


def test_a_robot_whose_name_is_the_beginning_of_ours_is_another(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/robots.txt"] = answer(b"User-agent: news\nAllow: /\n\nUser-agent: *\nDisallow: /\n")

    with pytest.raises(RobotsRefused):
        web.visit(f"{server.url}/story", conditions=None)


@pytest.mark.parametrize(
    "record", ["Sitemap: http://gazette.example/map", "Content-Signal: search=yes", "Host: a.example"]
)
def test_a_record_that_is_no_rule_parts_no_group(server: RawServer, web: PoliteWeb, record: str) -> None:
    rules = f"User-agent: news-tests\n{record}\nUser-agent: other\n{record}\nDisallow: /no\n"
    server.answers["/robots.txt"] = answer(rules.encode())

    with pytest.raises(RobotsRefused):
        web.visit(f"{server.url}/no", conditions=None)


def test_many_robots_and_many_rules_do_not_multiply() -> None:
    robots = "".join(f"User-agent: bot{number}\n" for number in range(1_000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(1_000))
    book = RobotsBook(product="news-tests", limits=WebLimits())
    said = f"{robots}User-agent: *\n{rules}".encode()
    before = len(gc.get_objects())

    with pytest.raises(RobotsRefused):
        book.check("http://gazette.example", "http://gazette.example/999", ask=lambda _: (200, said))

    assert len(gc.get_objects()) - before < 50_000  # each rule for each robot would be a million


def test_a_robots_txt_in_utf_16_is_heard(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/robots.txt"] = answer("User-agent: *\nDisallow: /\n".encode("utf-16"))

    with pytest.raises(RobotsRefused):
        web.visit(f"{server.url}/story", conditions=None)


def test_a_feed_that_a_person_listed_is_read_all_the_same(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /\n")
    server.answers["/rss"] = answer(STORY)

    assert web.visit_feed(f"{server.url}/rss", conditions=None).body == STORY
    assert server.paths() == ["/rss"]


def test_robots_txt_is_asked_for_once(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /no\n")
    server.answers["/story"] = answer(STORY)

    for _ in range(3):
        web.visit(f"{server.url}/story", conditions=None)

    assert server.paths().count("/robots.txt") == 1


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone"])
def test_a_robots_txt_that_is_kept_from_us_forbids_nothing(server: RawServer, web: PoliteWeb, status: str) -> None:
    server.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /\n", status=status)
    server.answers["/story"] = answer(STORY)

    assert web.visit(f"{server.url}/story", conditions=None).body == STORY


def test_the_words_of_a_refusal_need_not_be_readable(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/robots.txt"] = answer(b"lost", status="404 Not Found", headers=("Content-Encoding: gzip",))
    server.answers["/story"] = answer(STORY)

    assert web.visit(f"{server.url}/story", conditions=None).body == STORY


@pytest.mark.parametrize(
    "sent",
    [
        answer(b"User-agent", status="206 Partial Content", headers=("Content-Range: bytes 0-9/99",)),
        answer(status="304 Not Modified"),
        answer(b"See there", status="302 Found"),
        answer(status="500 Internal Server Error"),
        answer(status="503 Service Unavailable"),
        answer(status="429 Too Many Requests"),
        answer(b"User-agent", headers=("Content-Length: 999",)),
        b"nonsense\r\n\r\n",
    ],
)
def test_a_robots_txt_that_fails_means_not_now(server: RawServer, web: PoliteWeb, sent: bytes) -> None:
    server.answers["/robots.txt"] = sent
    server.answers["/story"] = answer(STORY)

    for _ in range(2):
        with pytest.raises(RobotsUnknown):
            web.visit(f"{server.url}/story", conditions=None)

    assert server.paths() == ["/robots.txt"]


def test_what_a_robots_txt_failed_of_is_kept_with_each_page_it_shuts(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/robots.txt"] = answer(b"mending", status="503 Service Unavailable")
    failures = []
    for path in ("/flood", "/storm"):
        with pytest.raises(RobotsUnknown) as raised:
            web.visit(f"{server.url}{path}", conditions=None)
        failures.append(raised.value)

    assert [failure.hop for failure in failures] == [f"{server.url}/robots.txt"] * 2
    assert [failure.capture and failure.capture.status for failure in failures] == [503, 503]


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable", "500 Internal Server Error"])
def test_a_time_named_for_robots_txt_counts_for_the_pages_it_shuts(
    server: RawServer, web: PoliteWeb, status: str
) -> None:
    server.answers["/robots.txt"] = answer(status=status, headers=("Retry-After: 3600",))
    named = []
    for _ in range(2):
        with pytest.raises(RobotsUnknown) as raised:
            web.visit(f"{server.url}/story", conditions=None)
        named.append(raised.value.retry_at)

    assert named == [NOW + timedelta(hours=1)] * 2


def test_a_robots_txt_that_breaks_off_is_kept_as_far_as_it_came(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/robots.txt"] = answer(b"User-agent: *", headers=("Content-Length: 999",))

    with pytest.raises(RobotsUnknown) as raised:
        web.visit(f"{server.url}/story", conditions=None)

    assert raised.value.capture is not None
    assert (raised.value.capture.url, raised.value.capture.status) == (f"{server.url}/robots.txt", 200)


def test_a_robots_txt_that_failed_is_asked_for_again_later(
    server: RawServer, web: PoliteWeb, manual_clock: ManualClock
) -> None:
    server.answers["/robots.txt"] = answer(status="500 Internal Server Error")
    server.answers["/story"] = answer(STORY)
    for _ in range(2):
        with pytest.raises(RobotsUnknown):
            web.visit(f"{server.url}/story", conditions=None)
    server.answers["/robots.txt"] = answer()
    manual_clock.now += GENEROUS.robots_unknown_seconds

    assert web.visit(f"{server.url}/story", conditions=None).body == STORY
    assert server.paths() == ["/robots.txt", "/robots.txt", "/story"]


def test_a_host_that_is_not_there_is_unreachable_rather_than_unknown(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/robots.txt"] = b""

    with pytest.raises(Unreachable):
        web.visit(f"{server.url}/story", conditions=None)


def test_a_robots_txt_elsewhere_is_followed(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/robots.txt"] = answer(status="301 Moved", headers=("Location: /rules",))
    server.answers["/rules"] = answer(b"User-agent: *\nDisallow: /story\n")

    with pytest.raises(RobotsRefused):
        web.visit(f"{server.url}/story", conditions=None)


def test_a_robots_txt_that_redirects_for_ever_forbids_nothing(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/robots.txt"] = answer(status="302 Found", headers=("Location: /robots.txt",))
    server.answers["/story"] = answer(STORY)

    assert web.visit(f"{server.url}/story", conditions=None).body == STORY


def test_the_first_500_kib_of_a_robots_txt_count(server: RawServer, open_web: OpenWeb) -> None:
    web = open_web(limits=replace(GENEROUS, body_bytes=2_000_000))
    filler = b"# nothing to see\n" * 40_000
    server.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /early\n" + filler + b"Disallow: /late\n")
    server.answers["/late"] = answer(STORY)

    assert web.visit(f"{server.url}/late", conditions=None).body == STORY
    with pytest.raises(RobotsRefused):
        web.visit(f"{server.url}/early", conditions=None)


@pytest.mark.parametrize(
    "announced", [(), ("Content-Length: 30000000",), ("Content-Encoding: gzip",)], ids=["long", "announced", "packed"]
)
def test_a_rule_that_is_cut_off_at_500_kib_does_not_count(
    server: RawServer, web: PoliteWeb, announced: tuple[str, ...]
) -> None:
    rules = b"User-agent: *\nDisallow: /early\n#" + b"x" * (512_000 - 32 - 12) + b"\nDisallow: /late-edition\n" * 2
    assert rules[:512_000].endswith(b"Disallow: /")
    body = gzip.compress(rules + bytes(2_000_000)) if "gzip" in "".join(announced) else rules
    server.answers["/robots.txt"] = answer(body, headers=announced)
    server.answers["/story"] = answer(STORY)

    assert web.visit(f"{server.url}/story", conditions=None).body == STORY
    with pytest.raises(RobotsRefused):
        web.visit(f"{server.url}/early", conditions=None)


def test_a_host_that_hangs_up_on_robots_txt_is_asked_once(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/robots.txt"] = b""

    for number in range(3):
        with pytest.raises(Unreachable):
            web.visit(f"{server.url}/{number}", conditions=None)

    assert server.paths() == ["/robots.txt"]


def test_a_robots_txt_of_rubbish_forbids_nothing(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/robots.txt"] = answer(b"\xef\xbb\xbf<html>\xff\xfe\x00 Disallow: ***** $$ </html>" * 50)
    server.answers["/story"] = answer(STORY)

    assert web.visit(f"{server.url}/story", conditions=None).body == STORY


def test_a_redirect_asks_the_robots_txt_of_where_it_leads(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /private\n")
    server.answers["/story"] = answer(status="302 Found", headers=("Location: /private",))

    with pytest.raises(RobotsRefused):
        web.visit(f"{server.url}/story", conditions=None)


def test_the_pause_a_host_asks_for_is_left_up_to_a_bound(
    server: RawServer, web: PoliteWeb, manual_clock: ManualClock
) -> None:
    server.answers["/robots.txt"] = answer(b"User-agent: *\nCrawl-delay: 86400\n")
    server.answers["/story"] = answer(STORY)

    web.visit(f"{server.url}/story", conditions=None)
    web.visit(f"{server.url}/story", conditions=None)

    assert manual_clock.slept == [GENEROUS.crawl_delay_seconds] * 2  # after the robots.txt, and after the article

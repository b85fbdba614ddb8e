"""Servers that never come to an end, each given up on, and some that take their time and are not."""

from tests.hostile.case import bad_entries, bad_feed, bad_page
from tests.hostile.cases_formats import CARRIED, CARRIED_ARTICLE
from tests.hostile.cases_robots import UNKNOWN, robots
from tests.hostile.wire import Drip, Endless, Late, Raw, Reply, Silence, redirect
from tests.hostile.words import SOUND_FEED, page

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
LONG = HEAD + b"Content-Length: 100000\r\n\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
LATE = "failed timeout"
LIMIT_SECONDS = 10  # that one answer may take where none comes; what is whole has come long before

# Given up on when their time is over, and not before. Nobody else is asked under the same limit.
SLOW = (
    bad_feed("slow_headers", "drips its headers", Drip(HEAD, b"X-Padding: " + b"a" * 900), poll=LATE),
    bad_feed("slow_body", "drips its body", Drip(LONG, b"<rss>" * 200), poll=LATE),
    bad_feed("slow_chunks", "drips chunks of one byte", Drip(CHUNKED, b"1\r\na\r\n" * 200), poll=LATE),
    bad_feed("stalls_after_headers", "sends headers and falls silent", Silence(LONG), poll=LATE),
    bad_feed("stalls_in_body", "falls silent halfway", Silence(LONG + b"<rss version='2.0'><channel>"), poll=LATE),
    bad_feed("never_answers", "takes the request and says nothing", Silence(), poll=LATE),
    bad_feed("slow_redirects", "takes a while over each of its redirects", Late(redirect("/1"), LIMIT_SECONDS / 3),
             poll=LATE, answers={f"/{n}": Late(redirect(f"/{n + 1}"), LIMIT_SECONDS / 3) for n in range(1, 5)}
             | {"/5": Reply(SOUND_FEED)}),
    bad_page("page_slow", "drips a page", Drip(LONG, b"<p>word</p>" * 90), ends=LATE),
    bad_page("page_never_answers", "says nothing about one page", Silence(), ends=LATE),
    bad_entries("carried_page_slow", "carries a story whose page never comes", CARRIED, articles=(CARRIED_ARTICLE,),
                answers={"/dead": Silence()}),
    robots("silent", "says nothing", Silence(), UNKNOWN),
)  # fmt: skip
ENDLESS = (
    bad_feed("endless_body", "never ends its body", Endless(HEAD + b"\r\n", b"<item>" * 9000), poll="failed too_large"),
    bad_feed("endless_chunks", "never sends the last chunk", Endless(CHUNKED, CHUNK), poll="failed too_large"),
    bad_feed("endless_spaces", "sends blanks for ever", Endless(HEAD + b"\r\n", b" " * 65536), poll="failed too_large"),
    bad_feed("hangs_up", "accepts and closes", Raw(), poll="failed unreachable"),
    bad_feed("resets", "accepts and resets", Raw(resets=True), poll="failed unreachable"),
    bad_feed("endless_interim", "says 100 Continue for ever",
             Endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100), poll="failed too_large"),
    bad_page("page_endless", "never ends a page", Endless(HEAD + b"\r\n", b"<p>word " * 9000), ends="failed too_large"),
    bad_page("page_hangs_up", "closes when asked for one page", Raw(), ends="failed unreachable"),
    bad_page("page_slow_but_honest", "takes a second over a whole page",
             Drip(HEAD + b"\r\n", page("Slow ferry").encode(), every_seconds=0.1, piece=100),
             article={"title": "Slow ferry", "body": "following summer"}),
    bad_feed("slow_but_honest", "takes a second over a whole feed",
             Drip(HEAD + b"\r\n", SOUND_FEED.encode(), every_seconds=0.1, piece=60)),
    bad_feed("keeps_the_line_open", "sends all it promised and holds the line",
             Silence(HEAD + b"Content-Length: 0\r\n\r\n"), poll="failed empty"),
)  # fmt: skip

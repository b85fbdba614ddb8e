"""Answers that send us elsewhere. Each hop is checked like the first; nobody is led inward, or round in circles."""

from tests.hostile.case import Case, bad_entry, bad_feed, bad_page
from tests.hostile.wire import Reply, redirect
from tests.hostile.words import SOUND_FEED, page

REFUSED, ENDLESS = "failed address_refused", "failed redirect"


def _leads_to(id: str, location: str) -> Case:  # noqa: A002
    return bad_entry(f"redirect_{id}", f"redirects a page to {location}", redirect(location), ends=REFUSED)


REDIRECTS = (
    bad_feed("redirect_loop", "redirects to itself", redirect("/feed"), poll=ENDLESS, asked={"/feed": 1}),
    bad_feed("redirect_circle", "redirects there and back", redirect("/there"), poll=ENDLESS,
             answers={"/there": redirect("/feed")}, asked={"/feed": 1, "/there": 1}),
    bad_feed("redirect_chain", "redirects twenty times", redirect("/1"), poll=ENDLESS,
             answers={f"/{n}": redirect(f"/{n + 1}" if n < 20 else "/final") for n in range(1, 21)}
             | {"/final": Reply(SOUND_FEED)},
             asked={"/5": 1, "/10": 0}),
    bad_page("page_redirect_loop", "redirects a page to itself", redirect("/hostile"), ends=ENDLESS,
             asked={"/hostile": 1}),
    bad_page("redirect_home", "sends lost stories to its front page", redirect("/"), ends="failed missing",
             answers={"/": Reply(page("The Harbour Town Gazette"))}),
    _leads_to("file", "file:///etc/passwd"),
    _leads_to("javascript", "javascript:alert(1)"),
    _leads_to("data", "data:text/html,<h1>Hello</h1>"),
    _leads_to("ftp", "ftp://127.0.0.1/story"),
    _leads_to("metadata", "http://169.254.169.254/latest/meta-data/"),
    _leads_to("other_port", "http://127.0.0.1:{trap}/secret"),
    _leads_to("localhost", "http://localhost:{trap}/secret"),
    _leads_to("loopback_v6", "http://[::1]:{trap}/secret"),
    _leads_to("mapped", "http://[::ffff:127.0.0.1]:{trap}/secret"),
    _leads_to("mapped_hex", "http://[::ffff:7f00:1]:{trap}/secret"),
    _leads_to("decimal", "http://2130706433:{trap}/secret"),
    _leads_to("hexadecimal", "http://0x7f000001:{trap}/secret"),
    _leads_to("octal", "http://0177.0.0.1:{trap}/secret"),
    _leads_to("short", "http://127.1:{trap}/secret"),
    _leads_to("unspecified", "http://0.0.0.0:{trap}/secret"),
    _leads_to("userinfo", "http://news.example@127.0.0.1:{trap}/secret"),
    _leads_to("userinfo_of_ours", "http://{host}@127.0.0.1:{trap}/secret"),
    _leads_to("trailing_dot", "http://127.0.0.1.:{trap}/secret"),
    _leads_to("localhost_dotted", "http://localhost.:{trap}/secret"),
    _leads_to("private", "http://10.0.0.1/secret"),
    _leads_to("port_zero", "http://127.0.0.1:0/secret"),
    bad_page("redirect_scheme_relative", "redirects to another port without a scheme",
             redirect("//127.0.0.1:{trap}/secret"), ends=REFUSED),
    bad_page("redirect_to_tls", "redirects to https where nobody speaks it",
             redirect("https://{host}/sound"), ends="failed tls"),
    bad_page("redirect_empty", "redirects to nowhere", redirect(""), ends=ENDLESS),
    bad_page("redirect_twice", "redirects to two places at once",
             Reply(status="302 Found", headers=("Location: /one", "Location: /two")), ends="failed protocol",
             asked={"/one": 0, "/two": 0}),
    bad_page("redirect_no_location", "redirects and does not say where", Reply(status="302 Found"),
             ends="failed protocol"),
    bad_page("redirect_relative", "redirects to a relative address", redirect("moved/story?x=1#top"),
             answers={"/moved/story?x=1": Reply(page("Moved ferry"))}, article={"path": "/moved/story"}),
    bad_page("redirect_spaces", "redirects to an address with blanks and accents",
             redirect("/a b/caf\xc3\xa9"), answers={"/a%20b/caf%C3%A9": Reply(page("Blank ferry"))},
             article={"path": "/a%20b/caf%C3%A9"}),
    bad_page("redirect_303", "redirects as after a form", redirect("/moved", "303 See Other"),
             answers={"/moved": Reply(page("Moved ferry"))}, article={"path": "/moved"}),
    bad_page("redirect_308", "redirects for good, in the new way", redirect("/moved", "308 Permanent Redirect"),
             answers={"/moved": Reply(page("Moved ferry"))}, article={"path": "/moved"}),
    bad_feed("redirect_header_refresh", "sends readers on by a Refresh header",
             Reply("", headers=("Refresh: 0;url=/new",)), poll="failed empty",
             answers={"/new": Reply(SOUND_FEED)}),
    bad_feed("redirect_feed_inward", "redirects its feed to a neighbour", redirect("http://127.0.0.1:{trap}/feed"),
             poll=REFUSED),
    bad_feed("redirect_feed_moved", "has moved its feed for good", redirect("/new", "301 Moved Permanently"),
             answers={"/new": Reply(SOUND_FEED)}),
)  # fmt: skip

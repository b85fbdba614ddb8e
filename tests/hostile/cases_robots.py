"""What a robots.txt may say, or fail to say (RFC 9309). The feed was given to us; its pages are asked for politely."""

import gzip

from .case import PUBLISHED, Case, bad_feed
from .wire import Answering, Pause, Raw, Reply, Silence, redirect
from .words import SOUND_FEED, page

BARRED, UNKNOWN = "failed robots", "failed robots_unknown"
A_SECOND = Pause(seconds=0.99)
SHUT = "User-agent: *\nDisallow: /\n"


def _robots(id: str, does: str, robots: Answering, ends: str = PUBLISHED, **answers: Answering) -> Case:  # noqa: A002
    others = {f"/{name}": answer for name, answer in answers.items()}
    return bad_feed(f"robots_{id}", does, Reply(SOUND_FEED), ends={ends: 1}, answers={"/robots.txt": robots, **others},
                    asked={"/sound": 1 if ends == PUBLISHED else 0})  # fmt: skip


ROBOTS = (
    _robots("500", "can't say what it allows", Reply(status="500 Internal Server Error"), UNKNOWN),
    _robots("503", "is being mended", Reply(status="503 Service Unavailable"), UNKNOWN),
    _robots("silent", "says nothing", Silence(), UNKNOWN),
    _robots("404", "has none", Reply(status="404 Not Found")),
    _robots("403", "does not show it", Reply(status="403 Forbidden")),
    _robots("page", "answers with its home page", Reply("<html><body>Disallow us: never</body></html>")),
    _robots("empty", "has an empty one", Reply("")),
    _robots("shut", "bars everyone", Reply(SHUT), BARRED),
    _robots("marked", "begins with a byte order mark", Reply("\ufeff" + SHUT), BARRED),
    _robots("carriage_returns", "ends lines with returns alone", Reply(SHUT.replace("\n", "\r")), BARRED),
    _robots("latin", "is written in Latin-1", Reply(b"# caf\xe9\n" + SHUT.encode()), BARRED),
    _robots("others", "bars others", Reply("User-agent: otherbot\nDisallow: /\n")),
    _robots("allows", "bars all but what we want", Reply(SHUT + "Allow: /sound\n")),
    _robots("wildcard", "bars by pattern", Reply("User-agent: *\nDisallow: /*und$\n"), BARRED),
    _robots("huge", "hides behind a megabyte of comments", Reply("# padding\n" * 100_000 + SHUT)),
    _robots("huge_after", "says it first, and adds a megabyte", Reply(SHUT + "# padding\n" * 100_000), BARRED),
    _robots("crawl_delay", "asks for a second between requests, and minds",
            A_SECOND.opens(Reply("User-agent: *\nCrawl-delay: 1\n")),
            sound=A_SECOND.closes(Reply(page("Sound harbour")))),
    _robots("crawl_delay_garbage", "asks for a delay of minus infinity", Reply("User-agent: *\nCrawl-delay: -inf\n")),
    _robots("moved", "keeps it elsewhere", redirect("/rules", "301 Moved Permanently"), BARRED, rules=Reply(SHUT)),
    _robots("loop", "redirects it in a circle", redirect("/robots.txt")),
    _robots("inward", "keeps it with a neighbour", redirect("http://127.0.0.1:{trap}/robots.txt"),
            "failed address_refused"),
    _robots("nul", "has NULs in it", Reply("\0".join(SHUT)), BARRED),
    _robots("gzip", "compresses it", Reply(SHUT, headers=("Content-Encoding: gzip",), pack=gzip.compress), BARRED),
    _robots("cut", "breaks it off", Reply(SHUT, headers=("Content-Length: 999",)), UNKNOWN),
    _robots("429", "is asked too often", Reply(status="429 Too Many Requests"), UNKNOWN),
    _robots("401", "wants a password for it", Reply(status="401 Unauthorized")),
    _robots("hangs_up", "hangs up when asked for it", Raw(), "failed unreachable"),
    _robots("escaped", "escapes what it bars", Reply("User-agent: *\nDisallow: /%73ound\n"), BARRED),
    _robots("longest", "allows, and bars more exactly", Reply("User-agent: *\nAllow: /so\nDisallow: /sound\n"), BARRED),
    _robots("namesake", "lets a robot in whose name is the beginning of ours",
            Reply(f"User-agent: news\nAllow: /\n\n{SHUT}"), BARRED),
    _robots("bomb", "names ten thousand robots, and as many rules for each",
            Reply("".join(f"User-agent: bot{n}\n" for n in range(10_000)) + "User-agent: *\n"
                  + "".join(f"Disallow: /s{n}\n" for n in range(10_000)))),
    _robots("stars", "bars by a pattern of a thousand stars", Reply("User-agent: *\nDisallow: /" + "*u" * 1_000)),
    _robots("merged", "speaks of us in two places",
            Reply(f"User-agent: news-ingest\nAllow: /\n\n{SHUT}\nUser-agent: News-Ingest\nDisallow: /sound\n"), BARRED),
    _robots("named_at_length", "says more of us than our name",
            Reply(f"User-agent: news-ingest (the newest)\nAllow: /\n\n{SHUT}")),
    _robots("parted", "puts its sitemap and what nobody knows between the robots of a group",
            Reply("User-agent: *\nSitemap: {here}/map.xml\nContent-Signal: search=yes\n" + SHUT.replace("*", "other")),
            BARRED),
    _robots("query", "bars what is asked with a question", Reply("User-agent: *\nDisallow: /*?\n")),
    _robots("tie", "bars and allows the same", Reply("User-agent: *\nDisallow: /sound\nAllow: /sound\n")),
    _robots("before", "bars before it says whom", Reply("Disallow: /\n\nUser-agent: other\nDisallow: /\n")),
    _robots("206", "gives a part of it", Reply("User-agent: *\n", status="206 Partial Content"), UNKNOWN),
    _robots("304", "says that it has not changed", Reply(status="304 Not Modified"), UNKNOWN),
    _robots("nowhere", "redirects it, and does not say where", Reply(status="302 Found"), UNKNOWN),
    _robots("us_alone", "bars all but us", Reply(f"{SHUT}\nUser-agent: news-ingest\nAllow: /\n")),
)  # fmt: skip

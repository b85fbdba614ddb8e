"""What a robots.txt may say, or fail to say (RFC 9309). The feed was given to us; its pages are asked for politely."""

import gzip

from tests.hostile.case import PUBLISHED, Case, bad_entries
from tests.hostile.wire import Answering, Pause, Raw, Reply, redirect
from tests.hostile.words import listing, page

BARRED, UNKNOWN = "failed robots", "failed robots_unknown"
A_SECOND = Pause(seconds=0.99)
SHUT = "User-agent: *\nDisallow: /\n"


def robots(id: str, does: str, says: Answering, ends: str = PUBLISHED, **answers: Answering) -> Case:  # noqa: A002
    others = {f"/{name}": answer for name, answer in answers.items()}
    return bad_entries(f"robots_{id}", does, listing("/sound", "Sound harbour"), ends={ends: 1},
                       answers={"/robots.txt": says, **others},
                       asked={"/sound": 1 if ends == PUBLISHED else 0})  # fmt: skip


ROBOTS = (
    robots("500", "can't say what it allows", Reply(status="500 Internal Server Error"), UNKNOWN),
    robots("503", "is being mended", Reply(status="503 Service Unavailable"), UNKNOWN),
    robots("404", "has none", Reply(status="404 Not Found")),
    robots("403", "does not show it", Reply(status="403 Forbidden")),
    robots("page", "answers with its home page", Reply("<html><body>Disallow us: never</body></html>")),
    robots("empty", "has an empty one", Reply("")),
    robots("shut", "bars everyone", Reply(SHUT), BARRED),
    robots("marked", "begins with a byte order mark", Reply("\ufeff" + SHUT), BARRED),
    robots("carriage_returns", "ends lines with returns alone", Reply(SHUT.replace("\n", "\r")), BARRED),
    robots("latin", "is written in Latin-1", Reply(b"# caf\xe9\n" + SHUT.encode()), BARRED),
    robots("others", "bars others", Reply("User-agent: otherbot\nDisallow: /\n")),
    robots("allows", "bars all but what we want", Reply(SHUT + "Allow: /sound\n")),
    robots("wildcard", "bars by pattern", Reply("User-agent: *\nDisallow: /*und$\n"), BARRED),
    robots("huge", "hides behind a megabyte of comments", Reply("# padding\n" * 100_000 + SHUT)),
    robots("huge_after", "says it first, and adds a megabyte", Reply(SHUT + "# padding\n" * 100_000), BARRED),
    robots("crawl_delay", "asks for a second between requests, and minds",
            A_SECOND.opens(Reply("User-agent: *\nCrawl-delay: 1\n")),
            sound=A_SECOND.closes(Reply(page("Sound harbour")))),
    robots("crawl_delay_garbage", "asks for a delay of minus infinity", Reply("User-agent: *\nCrawl-delay: -inf\n")),
    robots("moved", "keeps it elsewhere", redirect("/rules", "301 Moved Permanently"), BARRED, rules=Reply(SHUT)),
    robots("loop", "redirects it in a circle", redirect("/robots.txt")),
    robots("inward", "keeps it with a neighbour", redirect("http://127.0.0.1:{trap}/robots.txt"),
            "failed address_refused"),
    robots("nul", "has NULs in it", Reply("\0".join(SHUT)), BARRED),
    robots("gzip", "compresses it", Reply(SHUT, headers=("Content-Encoding: gzip",), pack=gzip.compress), BARRED),
    robots("cut", "breaks it off", Reply(SHUT, headers=("Content-Length: 999",)), UNKNOWN),
    robots("429", "is asked too often", Reply(status="429 Too Many Requests"), UNKNOWN),
    robots("401", "wants a password for it", Reply(status="401 Unauthorized")),
    robots("hangs_up", "hangs up when asked for it", Raw(), "failed unreachable"),
    robots("escaped", "escapes what it bars", Reply("User-agent: *\nDisallow: /%73ound\n"), BARRED),
    robots("longest", "allows, and bars more exactly", Reply("User-agent: *\nAllow: /so\nDisallow: /sound\n"), BARRED),
    robots("namesake", "lets a robot in whose name is the beginning of ours",
            Reply(f"User-agent: news\nAllow: /\n\n{SHUT}"), BARRED),
    robots("bomb", "names ten thousand robots, and as many rules for each",
            Reply("".join(f"User-agent: bot{n}\n" for n in range(10_000)) + "User-agent: *\n"
                  + "".join(f"Disallow: /s{n}\n" for n in range(10_000)))),
    robots("stars", "bars by a pattern of a thousand stars", Reply("User-agent: *\nDisallow: /" + "*u" * 1_000)),
    robots("merged", "speaks of us in two places",
            Reply(f"User-agent: news-ingest\nAllow: /\n\n{SHUT}\nUser-agent: News-Ingest\nDisallow: /sound\n"), BARRED),
    robots("named_at_length", "says more of us than our name",
            Reply(f"User-agent: news-ingest (the newest)\nAllow: /\n\n{SHUT}")),
    robots("parted", "puts its sitemap and what nobody knows between the robots of a group",
            Reply("User-agent: *\nSitemap: {here}/map.xml\nContent-Signal: search=yes\n" + SHUT.replace("*", "other")),
            BARRED),
    robots("query", "bars what is asked with a question", Reply("User-agent: *\nDisallow: /*?\n")),
    robots("tie", "bars and allows the same", Reply("User-agent: *\nDisallow: /sound\nAllow: /sound\n")),
    robots("before", "bars before it says whom", Reply("Disallow: /\n\nUser-agent: other\nDisallow: /\n")),
    robots("206", "gives a part of it", Reply("User-agent: *\n", status="206 Partial Content"), UNKNOWN),
    robots("304", "says that it has not changed", Reply(status="304 Not Modified"), UNKNOWN),
    robots("nowhere", "redirects it, and does not say where", Reply(status="302 Found"), UNKNOWN),
    robots("us_alone", "bars all but us", Reply(f"{SHUT}\nUser-agent: news-ingest\nAllow: /\n")),
)  # fmt: skip

"""Pages that are no stories, or lie about whose they are, and stories that are reached in more than one way."""

from datetime import UTC, datetime

from tests.hostile.case import PUBLISHED, bad_entries, bad_entry, bad_page
from tests.hostile.cases_feeds import twice_encoded
from tests.hostile.wire import Reply, redirect
from tests.hostile.words import DICHO, SAID, listing, page, rss, told

NO_STORY = "failed not_an_article"
COOKIES = (
    "<html><head><title>Before you continue</title></head><body><main><h1>Before you continue</h1><p>We use cookies to "
    "keep our services running. Accept all cookies or manage your cookie settings to go on.</p>"
    "<button>Accept all</button></main></body></html>"
)
LOGIN = (
    "<html><head><title>Sign in</title></head><body><main><h1>Sign in</h1><p>Subscribe to continue reading. Already a "
    "member? Log in to read this story.</p><form><input name=mail><input type=password></form></main></body></html>"
)
ERROR = (
    "<html><head><title>500 Internal Server Error</title></head><body><h1>Internal Server Error</h1>"
    "<p>The server encountered an internal error and was unable to complete your request.</p></body></html>"
)
LOST = (
    "<html><head><title>Page not found</title></head><body><h1>Page not found</h1>"
    "<p>Sorry, the page you are looking for could not be found. It may have been moved or deleted.</p></body></html>"
)
ROBOT = (
    "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1><p>Please enable JavaScript "
    "and cookies to continue. Verify you are a human.</p></body></html>"
)
VIDEO = (
    "<html><head><title>Watch: ferry</title></head><body><article><h1>Watch: ferry</h1>"
    '<video src="/ferry.mp4"></video></article></body></html>'
)
TWICE = (
    listing("/hostile?utm_source=rss", "Ferry", guid="1"),
    listing("/hostile?fbclid=abc#comments", "Ferry", guid="2"),
)
BROKEN_LD = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Hostile ferry",, }</script>'
FERRY = page("Hostile ferry")
CARRIED = f"<content:encoded><![CDATA[{told('Hostile ferry')}]]></content:encoded>"
BLURB = "The council met on Tuesday evening to settle the matter of the pier, which has divided the town."
SECTION = (
    "<html><head><title>Local news</title></head><body><main><h1>Local news</h1>"
    + "".join(
        f"<div><h3><a href='/2024/pier-{n}'>Pier {n} divides the town</a></h3><p>{BLURB}</p></div>" for n in range(9)
    )
    + "</main></body></html>"
)
WALL = page("Hostile ferry", body="<p>This article is for subscribers only.</p><p>Subscribe now to read all of it.</p>")
TEASER = page("Hostile ferry", body=f"<p>{BLURB}</p><div>Subscribe to continue reading.</div>")
SOLD = (
    "<html><title>harbour.example</title><h1>harbour.example</h1><p>This domain is for sale. Make an offer for it.</p>"
)
MENDED = page(
    "En mantenimiento", lang="es", body="<p>Este sitio está fuera de servicio por mantenimiento. Disculpe.</p>"
)
PUZZLE = (
    "<html><body><p>Please wait</p><script src='https://geo.captcha-delivery.com/captcha.js'></script></body></html>"
)
ABOUT = page(
    "Access denied", body="<p>“You don’t have permission,” the harbour told reporters, who had asked to see it.</p>"
)


def _canonical(address: str) -> str:
    return page("Hostile ferry", head=f'<link rel="canonical" href="{address}">')


PAGES = (
    bad_page("page_cookies", "hides behind a cookie wall", Reply(COOKIES), ends="failed consent"),
    bad_page("page_login", "hides behind a login", Reply(LOGIN), ends="failed auth"),
    bad_page("page_robot_check", "asks whether we are human", Reply(ROBOT), ends="failed blocked"),
    bad_page("page_cookies_carried", "hides a story that its feed carries behind a cookie wall", Reply(COOKIES),
             extra=CARRIED,
             article={"body": "hostile ferry for two hours", "flags": ["body_from_feed"]}),
    bad_page("page_login_carried", "hides a story that its feed carries behind a login", Reply(LOGIN), extra=CARRIED,
             article={"body": "hostile ferry for two hours", "flags": ["body_from_feed"]}),
    bad_page("page_robot_check_carried", "asks whether we are human for a story that its feed carries", Reply(ROBOT),
             extra=CARRIED, article={"body": "hostile ferry for two hours", "flags": ["body_from_feed"]}),
    bad_page("page_teaser_carried", "shows the opening of a story that its feed carries whole", Reply(TEASER),
             extra=CARRIED, article={"body": "hostile ferry for two hours", "flags": ["body_from_feed"]}),
    bad_page("page_teaser", "shows the opening of a story for subscribers", Reply(TEASER),
             article={"body": "divided the town", "flags": ["paywall"]}),
    bad_page("page_teaser_spanish", "shows the opening of a story for subscribers, and says so in Spanish",
             Reply(page("Transbordador", lang="es", body=f"<p>{DICHO[0].format(subject='muelle')}</p><div>Este "
                        "contenido es exclusivo para suscriptores. Suscríbete para seguir leyendo.</div>")),
             article={"body": "divide al pueblo", "flags": ["paywall"], "without": "suscriptores"}),
    bad_page("page_episode", "tells little beside a recording",
             Reply(page("Hostile ferry", body=f"<p>{BLURB}</p><audio src='/7.mp3'></audio>")),
             article={"body": "divided the town", "flags": ["mostly_audio"]}),
    bad_page("page_film", "tells little beside a film",
             Reply(page("Hostile ferry", body=f"<p>{BLURB}</p><video src='/7.mp4'></video>")),
             article={"body": "divided the town", "flags": ["mostly_video"]}),
    bad_page("page_live", "reports as things happen",
             Reply(page("Hostile ferry, live updates", body="".join(
                 f"<div><time datetime='2024-05-14T0{n}:00:00Z'>0{n}:00</time><p>{said}</p></div>"
                 for n, said in enumerate(SAID)))),
             article={"body": "following summer", "flags": ["live_blog"]}),
    bad_page("page_wall", "shows subscribers' stories to subscribers alone", Reply(WALL), ends="failed auth"),
    bad_page("page_robot_check_script", "asks whether we are human by script", Reply(PUZZLE), ends="failed blocked"),
    bad_page("page_about_a_refusal", "tells of a refusal", Reply(ABOUT), article={"title": "Access denied"}),
    bad_entry("page_section", "leads to a list of stories", Reply(SECTION), ends=NO_STORY),
    bad_entry("page_domain_for_sale", "has lost its domain", Reply(SOLD), ends="failed error_page"),
    bad_entry("page_maintenance", "is being mended, and says so in Spanish", Reply(MENDED), ends="failed error_page"),
    bad_entry("page_error", "says 200 and shows an error", Reply(ERROR), ends="failed error_page"),
    bad_entry("page_lost", "says 200 and that the page is lost", Reply(LOST), ends="failed missing_page"),
    bad_entry("page_empty", "sends nothing", Reply(""), ends="failed empty"),
    bad_entry("page_blank", "sends blanks", Reply(" \n" * 99), ends=NO_STORY),
    bad_entry("page_script_only", "needs a browser", Reply("<html><body><div id=a></div><script>run()</script>"),
             ends=NO_STORY),
    bad_entry("page_video", "shows a video alone", Reply(VIDEO), ends=NO_STORY),
    bad_entry("page_pdf", "sends a PDF", Reply(b"%PDF-1.7\n" + b"(The council met.) Tj\n" * 90,
             headers=("Content-Type: application/pdf",)), ends="failed unsupported"),
    bad_entry("page_pdf_as_html", "calls a PDF a page", Reply(b"%PDF-1.7\n" + b"(The council met.) Tj\n" * 90,
             headers=("Content-Type: text/html",)), ends="failed unsupported"),
    bad_entry("page_image", "sends a picture", Reply(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 90,
             headers=("Content-Type: image/jpeg",)), ends="failed unsupported"),
    bad_entry("page_noise", "sends noise", Reply(bytes((n * 7919 >> 3) % 256 for n in range(20_000))),
             ends="failed unsupported"),
    bad_entry("page_json", "sends JSON", Reply('{"story": "' + "The council met on Tuesday. " * 20 + '"}',
             headers=("Content-Type: application/json",)), ends=NO_STORY),
    bad_entry("page_feed", "sends its feed once more, with the words of a story in it",
             Reply(rss(listing("/x", "X", extra=f"<description>{told('ferry')}</description>")),
                   headers=("Content-Type: application/rss+xml",)), ends=NO_STORY),
    bad_page("page_latin_as_utf8", "calls Latin-1 UTF-8",
             Reply(page("Transbordador", body=told("señor Muñoz", DICHO), lang="es"), charset="latin-1",
                   headers=("Content-Type: text/html; charset=utf-8",)),
             article={"body": "señor muñoz"}),
    bad_page("page_utf8_as_latin", "calls UTF-8 Latin-1",
             Reply(page("Transbordador", body=told("señor Muñoz", DICHO), lang="es"),
                   headers=("Content-Type: text/html; charset=iso-8859-1",)),
             article={"body": "señor muñoz"}),
    bad_page("page_encoded_twice", "encodes a page twice",
             Reply(page("Transbordador", body=told("señor Muñoz", DICHO), lang="es"), pack=twice_encoded),
             article={"body": "señor muñoz"}),
    bad_page("page_base_inward", "sets the base of its links to a neighbour",
             Reply(page("Hostile ferry", head='<base href="http://127.0.0.1:{trap}/"><link rel=canonical href="/x">')),
             article={"title": "Hostile ferry", "canonical_url": "/x"}),
    bad_page("page_nul", "sprinkles NULs", Reply(FERRY.replace("council", "coun\0cil")), article={"body": "council met"}),  # noqa: E501
    bad_page("page_wrong_language", "calls Spanish English",
             Reply(page("El muelle", body=told("muelle", DICHO), lang="en")), article={"language": "es"}),
    bad_page("page_broken_json_ld", "breaks its structured data", Reply(page("Hostile ferry", head=BROKEN_LD)),
             article={"title": "Hostile ferry", "body": "following summer"}),
    bad_page("page_unclosed", "never closes a tag", Reply(FERRY.replace("</p>", "").replace("</article>", "")),
             article={"title": "Hostile ferry", "body": "following summer"}),
    bad_page("page_script_in_title", "puts a script into a title",
             Reply(FERRY.replace("<h1>Hostile", "<h1>Hostile <script>alert(1)</script>")),
             article={"title": "Hostile ferry", "without": "alert"}),
    bad_entry("page_meta_refresh", "sends readers on by a meta tag",
             Reply('<html><head><meta http-equiv="refresh" content="0;url=/real"></head><body></body></html>'),
             ends=NO_STORY),
    bad_entry("page_meta_refresh_inward", "sends readers to a neighbour by a meta tag",
             Reply('<html><head><meta http-equiv="refresh" content="0;url=http://127.0.0.1:{trap}/"></head></html>'),
             ends=NO_STORY),
    bad_page("canonical_root", "calls every story its home page", Reply(_canonical("{here}/")),
             article={"title": "Hostile ferry", "canonical_url": "/hostile"}),
    bad_page("canonical_neighbour", "calls a neighbour's address its own",
             Reply(_canonical("http://127.0.0.1:{trap}/hostile")),
             article={"title": "Hostile ferry", "canonical_url": "/hostile"}),
    bad_page("canonical_unfilled", "calls a template its address", Reply(_canonical("{here}/undefined")),
             article={"title": "Hostile ferry", "canonical_url": "/hostile"}),
    bad_page("canonical_in_comment", "lets a reader's comment call another address its own",
             Reply(FERRY.replace("</article>", '<div>Hi <link rel="canonical" href="/sound"></div></article>')),
             article={"title": "Hostile ferry", "canonical_url": "/hostile"}),
    bad_entries("canonical_header", "says what a story's address is in a header",
             listing("/ferry", "Ferry"), listing("/a/71", "Ferry"),
             ends={PUBLISHED: 1, "unchanged same_article": 1},
             answers={"/ferry": Reply(FERRY),
                      "/a/71": Reply(FERRY, headers=('Link: <{here}/ferry>; rel="canonical"',))}),
    bad_page("canonical_elsewhere", "calls another site's address its own", Reply(_canonical("https://news.example/x")),
             article={"title": "Hostile ferry", "canonical_url": "/hostile"}),
    bad_page("canonical_script", "calls a script its address", Reply(_canonical("javascript:alert(1)")),
             article={"title": "Hostile ferry", "canonical_url": "/hostile"}),
    bad_entries("canonical_circle", "has one story under two addresses, each of which calls the other its own",
             listing("/ferry", "Ferry", guid="1"), listing("/boat", "Ferry", guid="2"),
             ends={PUBLISHED: 1, "unchanged same_article": 1},
             answers={"/ferry": Reply(_canonical("/boat")), "/boat": Reply(_canonical("/ferry"))}).with_own_feed(),
    bad_entries("canonical_chain", "has one story under two addresses, one called its own by the other alone",
             listing("/ferry", "Ferry", guid="1"), listing("/boat", "Ferry", guid="2"),
             ends={PUBLISHED: 1, "unchanged same_article": 1},
             answers={"/ferry": Reply(_canonical("/boat")), "/boat": Reply(_canonical("/ship"))}).with_own_feed(),
    bad_page("canonical_same", "has one story under two addresses", Reply(_canonical("{here}/sound")),
             ends="unchanged same_article").with_own_feed(),
    bad_entries("tracked", "lists one story under two trackers", *TWICE,
             ends={PUBLISHED: 1, "unchanged same_article": 1},
             answers={"/hostile?utm_source=rss": Reply(FERRY), "/hostile?fbclid=abc": Reply(FERRY)}),
    bad_entries("amp_twin", "lists a story and its AMP twin",
             listing("/ferry", "Ferry"), listing("/ferry/amp", "Ferry"),
             ends={PUBLISHED: 1, "unchanged same_article": 1},
             answers={"/ferry": Reply(FERRY), "/ferry/amp": Reply(FERRY)}),
    bad_entries("redirected_twin", "lists a story and an address that leads to it",
             listing("/ferry", "Ferry"), listing("/old", "Ferry"),
             ends={PUBLISHED: 1, "unchanged same_article": 1},
             answers={"/ferry": Reply(FERRY), "/old": redirect("/ferry", "301 Moved Permanently")}),
    bad_entries("page_impossible", "dates a page on a day that never was, and its entry not at all",
             listing("/hostile", "Hostile ferry", date=""),
             answers={"/hostile": Reply(FERRY.replace("05-14T", "02-30T"))},
             articles=({"path": "/hostile", "published_at": None, "flags": ["date_not_believed"]},)),
    bad_page("page_far_ahead", "dates a page sixty years ahead", Reply(FERRY.replace("2024-05", "2084-05")),
             article={"published_at": datetime(2024, 5, 14, 8, 30, tzinfo=UTC)}),
)  # fmt: skip

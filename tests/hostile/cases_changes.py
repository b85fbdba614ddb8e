"""Newsrooms that are different the second time: rewritten, moved, renumbered, withdrawn, or gone."""

from collections.abc import Mapping

from tests.hostile.case import PUBLISHED, Act, Case, Expected
from tests.hostile.cases_formats import CARRIED, ON_ONE_PAGE
from tests.hostile.cases_pages import SECTION
from tests.hostile.wire import Answering, Reply, redirect
from tests.hostile.words import SOUND_FEED, listing, page, rss, told

KNOWN = {"unchanged known": 1}
SOUND = page("Sound harbour")
LISTED = listing("/sound", "Sound harbour")
RELISTED = listing("/sound", "Sound harbour!")
CARRYING = listing(
    "/sound", "Sound harbour", extra=f"<content:encoded><![CDATA[{told('Sound harbour')}]]></content:encoded>"
)


def _changes(
    id: str,  # noqa: A002
    does: str,
    *entries: str,
    answers: Mapping[str, Answering] | None = None,
    before: str = LISTED,
    ends: Mapping[str, int] | None = None,
    article: Expected | None = None,
) -> Case:
    """Make a case of a sound entry, in whose place the second run finds these."""
    first = Act(answers={"/sound": Reply(SOUND)}, entries=(before,), ends={PUBLISHED: 1})
    kept: Expected = {"path": "/sound"} | dict(article or {"title": "Sound harbour", "version": 1})
    second = Act(answers=answers or {}, entries=entries, ends=ends or {}, articles=(kept,))
    return Case(id=f"then_{id}", does=does, acts=(first, second))


def _feed_changes(
    id: str,  # noqa: A002
    does: str,
    answers: Mapping[str, Answering],
    *,
    poll: str = "served",
    asked: Mapping[str, int] | None = None,
    feed: Reply | None = None,
) -> Case:
    """Make a case of a sound newsroom whose second run brings these answers."""
    first = Act(answers={"/feed": feed or Reply(SOUND_FEED), "/sound": Reply(SOUND)}, ends={PUBLISHED: 1})
    kept: Expected = {"path": "/sound", "title": "Sound harbour", "version": 1}
    second = Act(answers=answers, poll=poll, articles=(kept,), asked=asked or {})
    return Case(id=f"then_{id}", does=does, acts=(first, second))


CHANGES = (
    _changes("rewritten", "rewrites a story and says so in the feed", listing("/sound", "Sound harbour, rewritten"),
             answers={"/sound": Reply(page("Sound harbour", body=told("pier")))},
             ends={"published new_version": 1}, article={"version": 2, "body": "matter of the pier"}),
    _changes("relisted", "lists a story anew that has not changed", RELISTED, ends={"unchanged same_content": 1}),
    _changes("renumbered", "changes its scheme of guids", listing("/sound", "Sound harbour", guid="urn:harbour:1"),
             ends={"unchanged same_article": 1}),
    _changes("renamed", "gives a story another address under the guid it had",
             listing("/renamed", "Sound harbour", guid="/sound"), answers={"/renamed": Reply(SOUND)},
             ends={"unchanged same_content": 1}),
    _changes("reused", "gives a guid it had to another story", listing("/new", "New bridge", guid="/sound"),
             answers={"/new": Reply(page("New bridge"))}, ends={PUBLISHED: 1}),
    Case(id="then_retold", does="retells a story that it alone carries, for its page is broken", acts=(
        Act(answers={"/dead": Reply("oops", status="500 Internal Server Error")}, entries=(CARRIED,),
            ends={PUBLISHED: 1}),
        Act(answers={}, entries=(CARRIED.replace("council", "senate"),), ends={"published new_version": 1},
            articles=({"path": "/dead", "body": "senate", "version": 2, "flags": ["body_from_feed"]},)),
    )),
    Case(id="then_more_on_one_page", does="adds a story to a page that only its feed shows", acts=(
        Act(answers={"/dead": Reply(status="410 Gone")},
            entries=tuple(entry.replace("dead#1", "dead#9") for entry in ON_ONE_PAGE), ends={PUBLISHED: 3}),
        Act(answers={}, entries=ON_ONE_PAGE, ends={"unchanged known": 2, PUBLISHED: 1},
            articles=({"path": "/dead", "title": "Carried quay 0", "version": 1, "flags": ["body_from_feed"]},)),
    )),
    _feed_changes("silent", "has nothing new", {}, poll="unchanged same_body", asked={"/sound": 1}),
    _changes("reordered", "adds a story before the old one", listing("/new", "New bridge"), LISTED,
             answers={"/new": Reply(page("New bridge"))}, ends={PUBLISHED: 1} | KNOWN),
    _feed_changes("broken", "breaks its feed", {"/feed": Reply("<html>Sorry</html>")}, poll="failed not_a_feed"),
    _feed_changes("emptied", "empties its feed", {"/feed": Reply(rss())}),
    _feed_changes("gone", "withdraws its feed", {"/feed": Reply(status="410 Gone")}, poll="failed gone"),
    _feed_changes("not_modified", "answers 304 when its tag is repeated",
                  {"/feed": Reply(status="304 Not Modified", headers=('ETag: "1"',))},
                  poll="unchanged not_modified", feed=Reply(SOUND_FEED, headers=('ETag: "1"',))),
    _feed_changes("not_modified_star", "tags its feed with a star, and answers as if that were repeated",
                  {"/feed": Reply(status="304 Not Modified", headers=("ETag: *",))},
                  poll="failed server_failed", feed=Reply(SOUND_FEED, headers=("ETag: *",))),
    _feed_changes("conditions_refused", "answers 412 when its tag is repeated",
                  {"/feed": Reply(status="412 Precondition Failed")},
                  poll="failed forbidden", feed=Reply(SOUND_FEED, headers=('ETag: "1"',))),
    _feed_changes("not_modified_unasked", "answers 304 though no tag was repeated",
                  {"/feed": Reply(status="304 Not Modified")}, poll="failed server_failed"),
    _changes("walled", "puts a wall before a story that was free", RELISTED,
             answers={"/sound": Reply("<html><h1>Sound harbour</h1><p>We use cookies. Accept all cookies to go on "
                                      "reading.</p>")},
             ends={"failed consent": 1}),
    _changes("story_gone", "withdraws a story", RELISTED, answers={"/sound": Reply(status="410 Gone")},
             ends={"unchanged page_gone": 1}),
    _changes("story_gone_carried", "withdraws a story, and goes on carrying its opening in its feed",
             CARRYING.replace("<title>Sound harbour", "<title>Sound harbour!"), before=CARRYING,
             answers={"/sound": Reply(status="404 Not Found")},
             ends={"unchanged shortened": 1}, article={"version": 1, "flags": ["gone"]}),
    _changes("story_leads_to_section", "sends readers of a withdrawn story to a section", RELISTED,
             answers={"/sound": redirect("/news/"), "/news/": Reply(SECTION)},
             ends={"unchanged page_gone": 1}, article={"version": 1, "flags": ["gone"]}),
    _changes("story_moved_for_good", "moves a story to another address", RELISTED,
             answers={"/sound": redirect("/archive/harbour-7", "301 Moved Permanently"),
                      "/archive/harbour-7": Reply(SOUND)},
             ends={"unchanged same_content": 1}),
    _changes("story_moved", "moves a story", RELISTED,
             answers={"/sound": redirect("/sound?utm_source=feed", "301 Moved Permanently"),
                      "/sound?utm_source=feed": Reply(SOUND)},
             ends={"unchanged same_content": 1}),
)  # fmt: skip

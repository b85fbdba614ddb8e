"""A case: what a server does, and what a good client makes of it. Pure data; the runs are in conftest.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .wire import Answering, Reply
from .words import listing, page, rss

PUBLISHED = "published new_article"

Expected = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One run's worth of a case. What is not answered again is answered as before."""

    answers: Mapping[str, Answering]
    poll: str = "served"  # its outcome and reason
    ends: Mapping[str, int] = field(default_factory=dict)  # entries by outcome and reason
    # By `path`; `body` and `title` hold their words, the words of `without` are nowhere, `canonical_url` is on the same
    # server, the rest is equal.
    articles: tuple[Expected, ...] = ()
    asked: Mapping[str, int] = field(default_factory=dict)  # paths, and how often by the end of the run
    waits_minutes: int | None = (
        None  # before its feed is asked again, or little more; 0: whenever one likes; None: not said
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A newsroom that is hostile in one way."""

    id: str
    does: str
    acts: tuple[Act, ...]


def bad_feed(
    id: str,  # noqa: A002
    does: str,
    feed: Answering,
    *,
    poll: str = "served",
    ends: Mapping[str, int] | None = None,
    articles: tuple[Expected, ...] = (),
    answers: Mapping[str, Answering] | None = None,
    asked: Mapping[str, int] | None = None,
    waits_minutes: int | None = None,
) -> Case:
    """Make a case of a hostile feed, beside whose stories `/sound` and `/other` nothing is wrong."""
    sound = {"/sound": Reply(page("Sound harbour")), "/other": Reply(page("Other bridge"))}
    act = Act(
        answers={"/feed": feed, **sound, **(answers or {})},
        poll=poll,
        ends=({PUBLISHED: 1} if poll == "served" else {}) if ends is None else ends,
        articles=articles,
        asked=asked or {},
        waits_minutes=waits_minutes,
    )
    return Case(id=id, does=does, acts=(act,))


def bad_page(
    id: str,  # noqa: A002
    does: str,
    hostile: Answering,
    *,
    ends: str = PUBLISHED,
    article: Expected | None = None,
    answers: Mapping[str, Answering] | None = None,
    asked: Mapping[str, int] | None = None,
    extra: str = "",
    link: str = "/hostile",
) -> Case:
    """Make a case of one hostile page in a sound feed, whose other story is published unharmed."""
    feed = rss(listing("/sound", "Sound harbour"), listing(link, "Hostile ferry", extra=extra))
    counted = {PUBLISHED: 2} if ends == PUBLISHED else {PUBLISHED: 1, ends: 1}
    sound: Expected = {"path": "/sound", "title": "Sound harbour"}
    act = Act(
        answers={"/feed": Reply(feed), "/sound": Reply(page("Sound harbour")), "/hostile": hostile, **(answers or {})},
        ends=counted,
        articles=(sound, {"path": "/hostile"} | dict(article)) if article else (sound,),
        asked=asked or {},
    )
    return Case(id=id, does=does, acts=(act,))


def bad_entry(id: str, does: str, hostile: Answering, *, ends: str, link: str = "/hostile") -> Case:  # noqa: A002
    """Make a case of a feed whose only entry leads to no story."""
    act = Act(answers={"/feed": Reply(rss(listing(link, "Hostile ferry"))), "/hostile": hostile}, ends={ends: 1})
    return Case(id=id, does=does, acts=(act,))

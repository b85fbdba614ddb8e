"""A case: what a server does, and what a good client makes of it. Pure data; the runs are in conftest.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.hostile.wire import Answering, Reply
from tests.hostile.words import listing, page, rss

PUBLISHED = "published new_article"

Expected = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One run's worth of a case. What is not answered again is answered as before."""

    answers: Mapping[str, Answering]
    entries: tuple[str, ...] = ()  # of RSS, which one feed lists with those of other cases; none: it has its own feed
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

    @property
    def has_own_feed(self) -> bool:
        return not self.acts[0].entries

    def with_own_feed(self) -> "Case":
        """Return it with a feed that lists its entries alone."""
        if self.has_own_feed:
            return self
        acts = [
            replace(act, answers={"/feed": Reply(rss(*act.entries)), **act.answers}, entries=()) for act in self.acts
        ]
        return replace(self, acts=tuple(acts))


_SOUND = {"/sound": Reply(page("Sound harbour")), "/other": Reply(page("Other bridge"))}


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
    act = Act(
        answers={"/feed": feed, **_SOUND, **(answers or {})},
        poll=poll,
        ends=({PUBLISHED: 1} if poll == "served" else {}) if ends is None else ends,
        articles=articles,
        asked=asked or {},
        waits_minutes=waits_minutes,
    )
    return Case(id=id, does=does, acts=(act,))


def bad_entries(
    id: str,  # noqa: A002
    does: str,
    *entries: str,
    answers: Mapping[str, Answering] | None = None,
    ends: Mapping[str, int] | None = None,
    articles: tuple[Expected, ...] = (),
    asked: Mapping[str, int] | None = None,
) -> Case:
    """Make a case of hostile entries in a sound feed, beside whose stories `/sound` and `/other` nothing is wrong."""
    act = Act(
        answers={**_SOUND, **(answers or {})},
        entries=entries,
        ends=ends or {PUBLISHED: 1},
        articles=articles,
        asked=asked or {},
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
    entries = (listing("/sound", "Sound harbour"), listing(link, "Hostile ferry", extra=extra))
    counted = {PUBLISHED: 2} if ends == PUBLISHED else {PUBLISHED: 1, ends: 1}
    sound: Expected = {"path": "/sound", "title": "Sound harbour"}
    return bad_entries(
        id,
        does,
        *entries,
        answers={"/hostile": hostile, **(answers or {})},
        ends=counted,
        articles=(sound, {"path": "/hostile"} | dict(article)) if article else (sound,),
        asked=asked or {},
    )


def bad_entry(id: str, does: str, hostile: Answering, *, ends: str, link: str = "/hostile") -> Case:  # noqa: A002
    """Make a case of a feed whose only entry leads to no story."""
    return bad_entries(id, does, listing(link, "Hostile ferry"), answers={"/hostile": hostile}, ends={ends: 1})

"""Every hostile case, by class, and the healthy newsrooms that stand between them."""

from itertools import chain

from tests.hostile.case import PUBLISHED, Act, Case
from tests.hostile.cases_addresses import ADDRESSES
from tests.hostile.cases_bombs import BOMBS
from tests.hostile.cases_changes import CHANGES
from tests.hostile.cases_corrupt import CORRUPT
from tests.hostile.cases_dates import DATES
from tests.hostile.cases_feeds import FEEDS
from tests.hostile.cases_formats import FORMATS
from tests.hostile.cases_pages import PAGES
from tests.hostile.cases_redirects import REDIRECTS
from tests.hostile.cases_rhythm import RHYTHM
from tests.hostile.cases_robots import ROBOTS
from tests.hostile.cases_sitemaps import SITEMAPS
from tests.hostile.cases_slow import ENDLESS, SLOW
from tests.hostile.cases_statuses import STATUSES
from tests.hostile.cases_text import TEXT
from tests.hostile.wire import Reply
from tests.hostile.words import TWO_STORIES, page

# By class. The entries of cases that need no feed of their own are listed by one feed for the class.
CLASSES = {
    "endless": ENDLESS, "corrupt": CORRUPT, "bombs": BOMBS, "redirects": REDIRECTS, "addresses": ADDRESSES,
    "statuses": STATUSES, "robots": ROBOTS, "rhythm": RHYTHM, "feeds": FEEDS, "formats": FORMATS, "text": TEXT,
    "sitemaps": SITEMAPS, "dates": DATES, "pages": PAGES, "changes": CHANGES,
}  # fmt: skip
CASES: tuple[Case, ...] = (*SLOW, *chain.from_iterable(CLASSES.values()))


def _healthy(place: str) -> Case:
    """Make a newsroom with two stories, one of them rewritten by the second run."""
    sound, other, rewritten = f"Sound {place}", f"Other {place}", f"Rewritten {place}"
    first = Act(
        answers={"/feed": Reply(TWO_STORIES), "/sound": Reply(page(sound)), "/other": Reply(page(other))},
        ends={PUBLISHED: 2},
        articles=({"path": "/sound", "title": sound}, {"path": "/other", "title": other}),
        asked={"/feed": 1, "/sound": 1, "/other": 1},
    )
    second = Act(
        answers={
            "/feed": Reply(TWO_STORIES.replace("Other bridge", "Other bridge, rewritten")),
            "/other": Reply(page(rewritten)),
        },
        ends={"published new_version": 1, "unchanged known": 1},
        articles=({"path": "/other", "title": rewritten, "version": 2},),
        asked={"/feed": 2, "/sound": 1, "/other": 2},
    )
    return Case(id=f"healthy_{place}", does="publishes as it should", acts=(first, second))


HEALTHY = (_healthy("quay"), _healthy("mill"), _healthy("tower"))

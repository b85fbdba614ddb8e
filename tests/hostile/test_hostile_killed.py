"""A run over hostile newsrooms, killed at random moments and run again, ends where an uninterrupted one would.

`make kills KILLS=500` tries many moments.
"""

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from pprint import pformat
from typing import Any

import pytest

from tests.comparing import archive_flaws, count_articles, differences, read_state, release_flaws
from tests.hostile.case import PUBLISHED, Act, Case
from tests.hostile.newsroom import CASES, HEALTHY
from tests.hostile.site import Site, Street
from tests.hostile.wire import Answering, Reply
from tests.hostile.words import listing, page, rss
from tests.killing import KILLED_WHILE, KILLS, STAGES, Moment, Run, kill, run

pytestmark = [pytest.mark.integration, pytest.mark.slow]

# What ends otherwise another time is left out, as is what takes its time.
PASSING = {"failed truncated", "failed timeout", "failed unreachable", "failed server_failed", "failed rate_limited"}
# Words that every page of ours has.
TOLD = re.compile(r"council|evening|settle|divided|town|Residents|filled|spoke|hours|vote|members|Work|autumn|summer")
BY_ID = {case.id: case.with_own_feed() for case in CASES}


def _one_feed_of_bad_pages() -> Case:
    """Gather the hostile pages of all cases under one feed, which lists each anew in the second act."""
    pages = {
        f"/{case.id}": answer
        for case in CASES
        for answer in [case.acts[0].answers.get("/hostile")]
        if isinstance(answer, Reply) and not PASSING & case.acts[0].ends.keys() and len(answer.body) < 100_000
    }
    paths = [*pages, *(f"{path}?utm_source=feed" for path in list(pages)[::9])]
    feeds = [rss(*(listing(path, f"{word} {path}") for path in paths)) for word in ("First", "Then")]
    twins = {path: pages[path.partition("?")[0]] for path in paths}
    rewritten = {path: Reply(page(f"Rewritten {path}")) for path in list(pages)[::2]}
    changed = {path: rewritten[path.partition("?")[0]] for path in paths if path.partition("?")[0] in rewritten}
    first = Act(answers={"/feed": Reply(feeds[0]), **twins})
    return Case(id="bad_pages", does="has them all", acts=(first, Act(answers={"/feed": Reply(feeds[1]), **changed})))


def _moved_to_town(case: Case) -> Case:
    """Change a case so that each of its pages has words of its own.

    Which of two stories told alike is called the copy is a matter of chance, and so is, where more are alike than one
    is compared with, whether it is called one.
    """

    def retold(path: str, answer: Answering) -> Answering:
        own = sha256(f"{case.id} {path.partition('?')[0]}".encode()).hexdigest()[:6]
        if isinstance(answer, Reply) and isinstance(answer.body, str):
            return replace(answer, body=TOLD.sub(rf"\g<0>{own}", answer.body))
        return answer

    acts = [replace(act, answers={path: retold(path, one) for path, one in act.answers.items()}) for act in case.acts]
    return replace(case, acts=tuple(acts))


# Beside all the bad pages: feeds, one of a kind, that are bad themselves or become so.
BAD_FEEDS = (
    "dates", "status_410", "status_429_seconds", "gzip_spoilt", "redirect_feed_inward", "feed_is_a_page", "robots_shut",
    "carried_page_dead", "sitemap_index", "then_not_modified", "then_gone", "then_story_gone", "then_story_moved",
)  # fmt: skip
TOWN = tuple(map(_moved_to_town, (_one_feed_of_bad_pages(), HEALTHY[0], *(BY_ID[name] for name in BAD_FEEDS))))


@dataclass(slots=True)
class Town:
    """The chosen newsrooms, open, and what an uninterrupted run over each act made of them."""

    folder: Path
    sites: Mapping[str, Site]
    runs: list[Run] = field(default_factory=list)
    states: list[dict[str, list[Any]]] = field(default_factory=list)

    def play(self, act: int) -> list[str]:
        """Let every newsroom answer as in that act, and give the command that visits those it concerns."""
        for case in TOWN:
            self.sites[case.id].answers.update(case.acts[min(act, len(case.acts) - 1)].answers)
        concerned = [f"--source={case.id}" for case in TOWN if len(case.acts) > 1] if act else []
        return ["run", "--direct", f"--sources={self.folder / 'sources.json'}", *concerned]

    def before(self, act: int) -> Path:
        """Return where the warehouse as it was before that act is kept."""
        return self.folder / f"before-{act}"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Open the chosen newsrooms and take both acts without interruption."""
    folder, street = tmp_path_factory.mktemp("town"), Street()
    opened = Town(folder, {case.id: street.open(case.acts[0].answers) for case in TOWN})
    listed = [{"key": key, "name": key, "feed_url": f"{site.url}/feed"} for key, site in opened.sites.items()]
    (folder / "sources.json").write_text(json.dumps(listed), encoding="utf-8")
    opened.before(0).mkdir()
    run(["sources", "list"], folder / "unused")  # loads what the others are forked with
    try:
        for act in (0, 1):
            shutil.copytree(opened.before(act), opened.before(act + 1))
            opened.runs.append(run(opened.play(act), opened.before(act + 1)))
            opened.states.append(read_state(opened.before(act + 1)))
        yield opened
    finally:
        street.close()


def test_the_town_has_all_kinds_of_outcomes(town: Town) -> None:
    outcomes = {f"{row['outcome']} {row['reason']}" for row in town.states[1]["outcomes"]}

    assert outcomes >= {
        PUBLISHED, "published new_version", "unchanged same_content", "unchanged same_article", "failed missing",
        "failed not_an_article", "failed address_refused", "failed redirect",
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(KILLS - KILLS // 4))
def test_killed_at_any_moment_nothing_is_lost_and_nothing_twice(
    town: Town, record_property: Callable[[str, object], None], tmp_path: Path, seed: int
) -> None:
    chance, warehouse = random.Random(seed), tmp_path / "warehouse"
    act = (seed + seed // len(STAGES)) % 2  # each stage in both, one after the other
    undisturbed, command = town.runs[act], town.play(act)

    moment = undisturbed.moment_in(STAGES[seed % len(STAGES)], chance)
    killed_at, killed = kill(command, town.before(act), warehouse, moment)
    record_property(KILLED_WHILE, undisturbed.stage_reached(killed, town.before(act), warehouse))
    seen = count_articles(warehouse)
    left_behind = archive_flaws(warehouse)
    if chance.random() < 0.2:  # while it recovers, too
        run(command, warehouse, Moment(wait_ms=chance.randrange(undisturbed.took_ms)))
    run(command, warehouse)

    differing = differences(read_state(warehouse), town.states[act])
    about = f"seed {seed}, act {act}, killed at {killed_at}"

    assert not differing, f"{about}: {pformat(differing)}"
    assert (seen or 0) >= (count_articles(town.before(act)) or 0), about
    assert left_behind == [], about
    assert archive_flaws(warehouse) == [], about
    assert release_flaws(warehouse) == (), about
    assert [path.name for path in warehouse.glob("*.partial*")] == [], about

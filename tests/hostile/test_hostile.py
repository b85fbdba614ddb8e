"""Each hostile newsroom is met as a good client would, and the healthy ones beside it never notice."""

from collections import Counter
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from tests.hostile.case import Act, Case
from tests.hostile.conftest import Run, Runs
from tests.hostile.newsroom import CASES, HEALTHY

pytestmark = [pytest.mark.integration, pytest.mark.slow]

MOST_BYTES = 900_000_000  # of one process, libraries included, with every bomb going off side by side


def test_a_hostile_newsroom_is_met_as_a_good_client_would(case: Case, runs: Runs) -> None:
    met = [_met(case, act, run) for act, run in zip(case.acts, runs.of(case), strict=True)]

    assert met == [_wanted(act) for act in case.acts]


@pytest.mark.parametrize("healthy", HEALTHY, ids=lambda case: case.id)
def test_a_healthy_newsroom_beside_them_is_published_unharmed(healthy: Case, runs: Runs) -> None:
    met = [_met(healthy, act, run) for act, run in zip(healthy.acts, runs.of(healthy), strict=True)]

    assert met == [_wanted(act) for act in healthy.acts]


def test_nothing_crashes(runs: Runs) -> None:
    ended = [(run.exit_code, run.errors) for run in runs]

    assert ended == [(3, "")] * 3  # some sources failed, and nothing else went wrong


def test_memory_is_bounded(runs: Runs) -> None:
    assert max(run.peak_bytes for run in runs) < MOST_BYTES


def test_nobody_is_lured_inward(runs: Runs) -> None:
    assert [run.trapped for run in runs] == [{}] * 3


def test_every_entry_that_came_in_is_accounted_for(runs: Runs) -> None:
    under_way = [case for run in runs for case, ends in run.ends.items() if "under way" in ends]

    assert under_way == []


def test_every_failure_is_kept_with_its_kind_its_hop_its_sample_and_its_next_try(runs: Runs) -> None:
    assert [run.half_told for run in runs] == [[]] * 3


def test_every_case_has_a_name_of_its_own() -> None:
    repeated = [name for name, times in Counter(case.id for case in (*CASES, *HEALTHY)).items() if times > 1]

    assert repeated == []


def _wanted(act: Act) -> dict[str, object]:
    """Return what should be found, in the shape that `_met` gives."""
    return {"poll": act.poll, "ends": dict(act.ends), "wrong": [], "asked": dict(act.asked), "waits": act.waits_minutes}


def _met(case: Case, act: Act, run: Run) -> dict[str, object]:
    asked = run.asked[case.id]
    found = run.articles.get(case.id, [])
    source = run.sources[case.id]
    return {
        "poll": run.polls.get(source, "not visited"),
        "ends": dict(run.ends.get(case.id, {})),
        "wrong": [flaw for expected in act.articles for flaw in _flaws(expected, found)],
        "asked": {path: asked.get(path, 0) for path in act.asked},
        "waits": _wait(run.waits.get(source), act.waits_minutes),
    }


def _wait(found: int | None, wanted: int | None) -> int | None:
    """Return what was wanted for what is as much or little more: no time is named by a server to the minute."""
    if wanted is None:
        return None
    wait = found or 0
    return wanted if wanted <= wait <= wanted + min(wanted // 10, 5) else wait


def _flaws(expected: Any, found: list[dict[str, Any]]) -> list[str]:
    """Return what an article lacks of what was expected of it."""
    path = expected["path"]
    article = next((one for one in found if urlsplit(one["url"]).path == path), None)
    if article is None:
        return [f"{path} is not among {[one['url'] for one in found]}"]
    flaws = []
    for name, told in expected.items():
        value = urljoin(article["url"], told) if name == "canonical_url" else told
        if name in {"title", "body"} and value not in article[name]:
            flaws.append(f"{path}: {name} {article[name][:300]!r} does not hold {value!r}")
        elif name == "without" and any(value in str(article[part]) for part in ("title", "body", "summary")):
            flaws.append(f"{path}: {value!r} is in {article['title'][:100]!r}: {article['body'][:300]!r}")
        elif name not in {"path", "title", "body", "without"} and article[name] != value:
            flaws.append(f"{path}: {name} is {article[name]!r}, not {value!r}")
    return flaws

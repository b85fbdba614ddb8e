"""The sums of docs/scale.md are those of benchmarks/on_paper.py, and go by the measures that were written down."""

import re

import pytest

from benchmarks.on_paper import ASSUMED, MEASURED, SUMS, computed, section, shown
from tests.docs.console import ROOT

PAGE = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
MEASURES = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")


def test_the_page_has_the_sums() -> None:
    assert section() in PAGE


def test_half_the_articles_are_half_the_reading_and_other_sums_follow() -> None:
    whole, half = computed({}), computed({"articles": 2_500_000})

    assert half["read_cpu"] == pytest.approx(whole["read_cpu"] / 2)
    assert half["polls"] == whole["polls"]
    assert half["cores"] < whole["cores"]


def test_an_unknown_number_is_told() -> None:
    with pytest.raises(SystemExit, match="no number is called artciles"):
        computed({"artciles": 1})


def test_every_number_that_goes_in_is_used() -> None:
    used = set(re.findall(r"[a-z_]+", " ".join(one.formula for one in SUMS)))

    assert {one.name for one in (*ASSUMED, *MEASURED)} <= used


@pytest.mark.parametrize(
    ("title", "row", "name", "per"),
    [
        ("Against the reference", "asking an unchanged feed", "poll_s", 1000),
        ("Visits and watching", "keeping that in the archive", "poll_warc", 1),
        ("Against the reference", "1,000 hosts, 256 at once", "run_rate", 1),
        ("Against the reference", "one more article, alone", "article_s", 1000),
    ],
)
def test_what_was_measured_is_what_was_written_down(title: str, row: str, name: str, per: float) -> None:
    page = MEASURES.partition(f"## {title}\n")[2].partition("\n## ")[0]
    written = re.search(rf"^\| {re.escape(row)} \| ([\d.,]+) \|", page, re.MULTILINE)
    assert written is not None

    assert computed({})[name] == pytest.approx(float(written[1].replace(",", "")) / per, rel=0.01)


@pytest.mark.parametrize(
    ("value", "words"), [(0.0159, "0.0159"), (8.1, "8.1"), (346.1, "346"), (29_900_000, "29,900,000")]
)
def test_numbers_have_three_digits_that_count(value: float, words: str) -> None:
    assert shown(value) == words

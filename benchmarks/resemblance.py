"""How well near-duplicates are told from other articles: the bundled articles, changed as newsrooms change them."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import combinations

from benchmarks.measure import Measure
from ingest.core.ids import content_hash
from ingest.demo.story import read_stories
from ingest.warehouse.near_duplicate_model import ArticleText
from ingest.warehouse.near_duplicate_rules import SHORTEST_TEXT, is_same_story, sketch

HOUSES = ("meridian-post", "harbor-ledger", "el-correo-del-sur", "la-brujula")
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
Changed = tuple[str, list[str]]  # headline and paragraphs

# Each is given headline, paragraphs, and the first paragraph of another article.
CHANGES: dict[str, Callable[[str, list[str], str], Changed]] = {
    "another headline": lambda _, told, other: (other[:60], told),
    "another dateline": lambda title, told, _: (title, [f"LIMA, 3 March (Wire) - {told[0]}", *told[1:]]),
    "end cut by a third": lambda title, told, _: (title, told[: -(len(told) // 3) or None]),
    "a paragraph put first": lambda title, told, other: (title, [other, *told]),
    "first paragraph replaced": lambda title, told, other: (title, [other, *told[1:]]),
    "other quotes and dashes": lambda title, told, _: (title, [re.sub('[“”"]', "«", text) for text in told]),
}


def measure_resemblance() -> Iterator[Measure]:
    """Count the changed stories that are known again, and other stories and other numbers that are taken for copies."""
    stories = list(_stories())
    for name, change in CHANGES.items():
        pairs = [
            (_text(title, told), _text(*change(title, told, stories[place - 1][1][0])))
            for place, (title, told) in enumerate(stories)
        ]
        how = f"{len(pairs)} bundled stories of {SHORTEST_TEXT} words or more, found by sketches and confirmed"
        yield Measure(name=f"copies known: {name}", value=_share(pairs), unit="of 1", how=how)
    renumbered = [(_text(title, told), _text(title, [_renumbered(text) for text in told])) for title, told in stories]
    yield Measure(name="taken for copies: every number another", value=_share(renumbered), unit="of 1", how="the same")
    strangers = list(combinations([_text(*story) for story in stories], 2))
    yield Measure(name="taken for copies: other stories", value=_share(strangers), unit="of 1", how="all their pairs")


def _share(pairs: Sequence[tuple[ArticleText, ArticleText]]) -> float:
    """Return how many pairs are linked, where either is published first."""
    return sum(_is_found(a, b) and _is_found(b, a) and is_same_story(a, b) for a, b in pairs) / len(pairs)


def _is_found(first: ArticleText, second: ArticleText) -> bool:
    return not sketch(second).sought.isdisjoint(sketch(first).kept)


def _stories() -> Iterator[Changed]:
    for house in HOUSES:
        for story in read_stories(house)[1]:
            told = [text.strip() for text in story.text.split("\n\n") if text.strip()]
            if len(" ".join(told).split()) >= SHORTEST_TEXT:
                yield story.title, told


def _renumbered(text: str) -> str:
    return re.sub(r"\d+", lambda number: str(int(number.group()) + 7), text)


def _text(title: str, told: Sequence[str]) -> ArticleText:
    return ArticleText(
        article_id=title,
        title=title,
        body="\n\n".join(told),
        content_hash=content_hash(title, told),
        first_seen_at=EPOCH,
    )


if __name__ == "__main__":
    for measure in measure_resemblance():
        print(f"{measure.name:45} {measure.shown:>6} {measure.unit}   {measure.how}")

"""A newsroom with as many articles as a measure wants, each with figures in it, the same each time."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

from ingest.demo import DEMO_KEYS, Newsroom, Story, read_stories

PARAGRAPHS = (
    "The council of district {n} voted {yes} to {no} on Monday to spend ${sum} million on {things} over {years} years.",
    "About {share}% of the {people:,} people who live there had asked for it in a survey, the Coastal Courier reports.",
    "A similar plan in district {n} cost {euros:,} euros and was finished {months} months late, an audit says.",
    "“We have waited long enough,” said the head of planning of district {n}, who has been there since the last vote.",
    "Work is to begin in spring, when at least {workers} workers will be needed along {kilometres} kilometers of road.",
    "Prices rose from {before:,} to {after:,} dollars a unit, more than twice what the first estimate had named.",
)
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "lo", "nu", "ka", "re", "so")
FIGURES = ("${sum} million", "{share}% of {people:,} people", "{euros:,} euros in {months} months", "{workers} workers")
THINGS = ("bridges", "schools", "clinics", "water pipes", "bus lanes", "street lamps", "libraries")


def stories(count: int) -> Iterator[Story]:
    """Make up articles of a dozen paragraphs."""
    for number in range(1, count + 1):
        told, more = _words(number), _words(number + 7 * count)
        text = [line.format(**told) for line in PARAGRAPHS]
        text.append(f"## What comes next in district {number}")
        text += [line.format(**more) for line in PARAGRAPHS]
        yield Story(
            slug=f"district-{number}-spends-on-{str(told['things']).replace(' ', '-')}",
            title=f"District {number} spends ${told['sum']} million on {told['things']}",
            text="\n\n".join(text),
            number=number,
            hours=1 + number / 10,
        )


def told(number: int) -> list[str]:
    """Make up one short article, told as no other is: its title, then its paragraphs."""
    words, chance = _words(number), Random(number)

    def said(count: int) -> str:
        return " ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(count))

    title = f"District {number} spends ${words['sum']} million on {words['things']}"
    return [title, *(f"The {said(9)} {figure.format(**words)} for the {said(9)}." for figure in FIGURES)]


def _words(number: int) -> dict[str, object]:
    return {
        "n": number, "yes": 9 + number % 7, "no": 1 + number % 5, "sum": 3 + number % 90, "years": 2 + number % 6,
        "share": 11 + number % 80, "people": 1_200 + 37 * number, "euros": 45_000 + 113 * number,
        "months": 3 + number % 20, "workers": 40 + number % 300, "kilometres": 5 + number % 60,
        "before": 900 + number, "after": 2_100 + 3 * number, "things": THINGS[number % len(THINGS)],
    }  # fmt: skip


@contextmanager
def newsrooms(count: int) -> Iterator[list[Newsroom]]:
    """Open the five bundled houses with `count` generated articles among them."""
    with ExitStack() as stack:
        opened = []
        share = count // len(DEMO_KEYS)
        everything = list(stories(count))
        for place, key in enumerate(DEMO_KEYS):
            house, _ = read_stories(key)
            newsroom = stack.enter_context(Newsroom(house=house))
            newsroom.publish(*everything[place * share : (place + 1) * share])
            opened.append(newsroom)
        yield opened


def list_sources(path: Path, opened: list[Newsroom]) -> Path:
    """Write them into a sources file; each is to be visited once an hour."""
    listed = [
        {
            "key": newsroom.house.key,
            "feed_url": newsroom.feed_url,
            "language": newsroom.house.language,
            "country": newsroom.house.country,
            "timezone": newsroom.house.timezone,
            "every": "1h",
        }
        for newsroom in opened
    ]
    path.write_text(json.dumps(listed), encoding="utf-8")
    return path

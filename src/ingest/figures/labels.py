"""Owns lists of labels, each with its number behind it: "Deaths 45, injured 130, missing 12", "Votes: 1,204"."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from .dates import is_year_like
from .grammar import Sentence
from .lexicon import read_table
from .quantities import Quantity, measure
from .readings import Reading
from .subjects import Phrase
from .tokens import WORD

LONGEST_LABEL = 4  # words; more is a sentence
COLON = ":"
BETWEEN = frozenset({",", ";", ".", "|", "/", "·", "•"})


def read_labels(sentence: Sentence) -> list[Reading]:
    """Read a sentence that is nothing but labels of known units and their numbers; of any other, nothing.

    Without colons there must be two, or "Missing 12" may be the end of a heading that means something else.
    """
    units = _units().get(sentence.language, {})
    readings: list[Reading] = []
    place = colons = 0
    while place < len(sentence.tokens):
        label = find_label(sentence, place, units)
        found = read_number_behind(sentence, label) if label else None
        if label is None or found is None:
            return []
        colons += sentence.word(label.last) == COLON
        unit = units[sentence.word(label.head)]
        quantity = replace(found, kind="count", unit=unit, rules=(*found.rules, "count.label"))
        readings.append(Reading(quantity=quantity, subject=label))
        place = found.last + (sentence.word(found.last) in BETWEEN)
        if place == found.last < len(sentence.tokens):
            return []
    return readings if colons == len(readings) or (not colons and len(readings) > 1) else []


def find_label(sentence: Sentence, start: int, units: Mapping[str, str]) -> Phrase | None:
    """Return the few words up to a colon or a number, of which one names a known unit."""
    end, furthest = start, min(len(sentence.tokens), start + LONGEST_LABEL + 1)
    while end < furthest and sentence.tokens[end].kind == WORD:
        end += 1
    if end - start > LONGEST_LABEL:
        return None
    head = next((place for place in range(start, end) if sentence.word(place) in units), None)
    return None if head is None else Phrase(first=start, last=end, head=head)


def read_number_behind(sentence: Sentence, label: Phrase) -> Quantity | None:
    """Return the bare number right behind a label, or behind its colon."""
    start = label.last + (sentence.word(label.last) == COLON)
    found = measure(sentence, start) if start < len(sentence.tokens) else None
    if found is None or found.first != start or found.kind or found.is_spelled or found.value < 0:
        return None
    return found if found.is_whole and not is_year_like(sentence, found) else None


@lru_cache(maxsize=1)
def _units() -> dict[str, dict[str, str]]:
    return read_table("labels")

"""Whether two texts tell one story in one telling: printed again under another headline, cut short or added to.

A text is its set of shingles, runs of words (Broder, On the resemblance and containment of documents, 1997). A few of
them, chosen by their hashes as in his sketches, find the candidates; whether one is a copy is decided on the whole
texts. Headlines and numbers are looked at too, for pages made from one template share their words (Henzinger, Finding
near-duplicate web pages, 2006).
"""

import hashlib
import heapq
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from ..likeness import StoryText

SHORTEST_TEXT = 40  # words; a shorter text is a copy only when it is the same
KEYS = 12  # of texts that share half their shingles, one pair in four thousand shares no key
KEY_WORDS = 5
SHINGLE_WORDS = 3
LEAST_RESEMBLANCE = 0.4  # what both say, of all that either says
LEAST_CONTAINMENT = 0.7  # what both say, of what the shorter says
LEAST_HEADLINE = 0.4  # of the words of one headline, in the other article
DATELINE_WORDS = 4  # within which a number may differ: the day in "LIMA, 3 March"

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]+")
_GROUPING_SPACE = re.compile(r"(?<=\d)[\u00a0\u2009\u202f'’](?=\d{3}(?!\d))")
_STEM = 5  # letters that tell a word, whatever its ending
_TELLING = 4  # letters under which a word of a headline tells nothing
_FIRST_SYLLABLE = "\u3040"  # from here on, a letter is a word or a part of one

Place = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A story taken apart."""

    length: int  # in words
    shingles: frozenset[tuple[str, ...]]
    numbers: dict[Place, frozenset[str]]  # by the two words before and after
    all_numbers: frozenset[str]
    headline: frozenset[str]  # stems
    stems: frozenset[str]  # of headline and body


def search_keys(story: StoryText) -> tuple[int, ...]:
    """Give numbers of 64 bits, the same in every process, of which copies have at least one in common."""
    same = _hash(story.content_hash)
    words = _words(story.body)
    if len(words) < SHORTEST_TEXT:
        return (same,)
    hashes = {_hash(" ".join(shingle)) for shingle in _runs(words, KEY_WORDS)}
    return same, *heapq.nsmallest(KEYS, hashes)


def is_same_story(a: StoryText, b: StoryText) -> bool:
    """Say whether one is a copy of the other, in whatever order they are given."""
    if a.content_hash == b.content_hash:
        return True
    one, other = _taken_apart(a.title, a.body), _taken_apart(b.title, b.body)
    if min(one.length, other.length) < SHORTEST_TEXT:
        return False
    shared = len(one.shingles & other.shingles)
    shorter = min(len(one.shingles), len(other.shingles))
    either = len(one.shingles) + len(other.shingles) - shared
    return (
        shared >= LEAST_RESEMBLANCE * either
        and shared >= LEAST_CONTAINMENT * shorter
        and _headlines_fit(one, other)
        and not _numbers_differ(one, other)
    )


def _headlines_fit(one: _Text, other: _Text) -> bool:
    """Say whether a headline speaks of the other's text: what all pages of a newsroom carry is no story."""
    return _fits(one.headline, other.stems) or _fits(other.headline, one.stems)


def _fits(headline: frozenset[str], stems: frozenset[str]) -> bool:
    return len(headline & stems) >= LEAST_HEADLINE * len(headline)


def _numbers_differ(one: _Text, other: _Text) -> bool:
    """Say whether the same words stand around numbers that only one of them has, as in the next day's weather."""
    return any(
        one.numbers[place].isdisjoint(other.all_numbers) and other.numbers[place].isdisjoint(one.all_numbers)
        for place in one.numbers.keys() & other.numbers.keys()
    )


@lru_cache(maxsize=128)  # a new article is compared with a hundred in a row, and the next one with the same
def _taken_apart(title: str, body: str) -> _Text:
    words = _words(body)
    headline = frozenset(word[:_STEM] for word in _words(title) if len(word) >= _TELLING or word >= _FIRST_SYLLABLE)
    return _Text(
        length=len(words),
        shingles=frozenset(_runs(words, SHINGLE_WORDS)),
        numbers=_numbers(words),
        all_numbers=frozenset(word for word in words if word[0].isdigit()),
        headline=headline,
        stems=headline.union(word[:_STEM] for word in words),
    )


def _numbers(words: list[str]) -> dict[Place, frozenset[str]]:
    around = ["", "", *("#" if word[0].isdigit() else word for word in words), "", ""]
    found: dict[Place, set[str]] = {}
    for index, word in enumerate(words):
        if word[0].isdigit() and index >= DATELINE_WORDS:
            place = (around[index], around[index + 1], around[index + 3], around[index + 4])
            found.setdefault(place, set()).add(word)
    return {place: frozenset(numbers) for place, numbers in found.items()}


def _words(text: str) -> list[str]:
    """Part a text into lower-case words without accents and numbers without separators."""
    bare = _GROUPING_SPACE.sub("", text).casefold()
    if not bare.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    return [word.replace(",", "").replace(".", "") if word[0].isdigit() else word for word in _WORD.findall(bare)]


def _runs(words: list[str], size: int) -> list[tuple[str, ...]]:
    return list(zip(*(words[start:] for start in range(size)), strict=False))


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")

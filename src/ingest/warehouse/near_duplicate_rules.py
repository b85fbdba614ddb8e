"""Whether two texts tell one article in one telling: printed again under another headline, cut short or added to.

A text is its set of shingles, runs of words (Broder, On the resemblance and containment of documents, 1997). A few of
them, chosen by their hashes as in his sketches, find the candidates; whether one is a near-duplicate is decided on the
whole texts. Headlines and numbers are looked at too, for pages made from one template share their words (Henzinger,
Finding near-duplicate web pages, 2006).
"""

import re
import unicodedata
from array import array
from hashlib import sha256
from itertools import pairwise
from typing import TypeVar

from .near_duplicate_model import ArticleText, Fingerprint, Sketch

SHORTEST_TEXT = 40  # words; a shorter text is a copy only when it is the same
KEPT = 8  # numbers of a sketch, each of a part of the text: a text cut in half has four parts as they were
SOUGHT = 24  # of a text two and a half times as long as another, so many are nearly all that the other may have kept
KEY_WORDS = 5
SHINGLE_WORDS = 3
LEAST_RESEMBLANCE = 0.4  # what both say, of all that either says
LEAST_CONTAINMENT = 0.7  # what both say, of what the shorter says
LEAST_HEADLINE = 0.4  # of the words of one headline, in the other article
DATELINE_WORDS = 4  # within which a number may differ: the day in "LIMA, 3 March"
BITS = 4_096  # of a fingerprint; texts of 2,000 words, unless they share half of their runs, are ruled out by so many

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]+")
_GROUPING_SPACE = re.compile(r"(?<=\d)[\u00a0\u2009\u202f'’](?=\d{3}(?!\d))")
_STEM = 5  # letters that tell a word, whatever its ending
_TELLING = 4  # letters under which a word of a headline tells nothing
_FIRST_SYLLABLE = "\u3040"  # from here on, a letter is a word or a part of one

_Word = TypeVar("_Word", str, bytes)


def sketch(story: ArticleText) -> Sketch:
    """Return the numbers by which near-duplicates of a text are found, the same in every process.

    Kept are the smallest hashes of equal parts of the text, for an edit is often a cut or an addition at one place;
    sought are the smallest hashes of all of it. A short text is found by the whole of it alone.
    """
    words = [word.encode("utf-8", "surrogatepass") for word in _words(story.body)]
    if len(words) < SHORTEST_TEXT:
        same = (_number(sha256(story.content_hash.encode()).digest()),)
        return Sketch(kept=same, sought=frozenset(same))
    hashes = [sha256(b" ".join(run)).digest() for run in _runs(words, KEY_WORDS)]
    ends = [part * len(hashes) // KEPT for part in range(KEPT + 1)]
    kept = dict.fromkeys(min(hashes[start:end]) for start, end in pairwise(ends))
    sought = sorted(set(hashes))[:SOUGHT]
    return Sketch(kept=tuple(map(_number, kept)), sought=frozenset(map(_number, sought)))


def fingerprint(story: ArticleText) -> Fingerprint:
    """Return what is compared of a text: hashes of its runs of words, and of the words around its numbers."""
    words = _words(story.body)
    shingles = set(map(hash, _runs(words, SHINGLE_WORDS)))
    bits = 0
    for shingle in shingles:
        bits |= 1 << shingle % BITS
    title = [word for word in _words(story.title) if len(word) >= _TELLING or word >= _FIRST_SYLLABLE]
    headline = frozenset(hash(word[:_STEM]) for word in title)
    return Fingerprint(
        content_hash=story.content_hash,
        words=len(words),
        shingles=array("q", shingles),
        bits=bits,
        numbers=_numbers(words),
        all_numbers=frozenset(word for word in words if word[0].isdigit()),
        headline=headline,
        stems=array("q", headline.union(hash(word[:_STEM]) for word in words)),
    )


def is_same_story(a: ArticleText, b: ArticleText) -> bool:
    """Return whether one is a copy of the other, in whatever order they are given."""
    return are_near_duplicates(fingerprint(a), fingerprint(b))


def are_near_duplicates(one: Fingerprint, other: Fingerprint) -> bool:
    """Return whether articles with these fingerprints are near-duplicates; cheap tests come first."""
    if one.content_hash == other.content_hash:
        return True
    return (
        min(one.words, other.words) >= SHORTEST_TEXT
        and _is_enough(_most_shared(one, other), one, other)
        and not _numbers_differ(one, other)
        and _is_enough(len(set(one.shingles).intersection(other.shingles)), one, other)
        and _headlines_fit(one, other)
    )


def _most_shared(one: Fingerprint, other: Fingerprint) -> int:
    """Return a number of shingles that two texts cannot share more of: those of a bit that only one has are its own.

    After the bitmap filter of Sandes, Teodoro and Melo (Bitmap filter: speeding up exact set similarity joins, 2020).
    """
    further = min(len(text.shingles) - text.bits.bit_count() for text in (one, other))
    return (one.bits & other.bits).bit_count() + further


def _is_enough(shared: int, one: Fingerprint, other: Fingerprint) -> bool:
    either = len(one.shingles) + len(other.shingles) - shared
    shorter = min(len(one.shingles), len(other.shingles))
    return shared >= LEAST_RESEMBLANCE * either and shared >= LEAST_CONTAINMENT * shorter


def _headlines_fit(one: Fingerprint, other: Fingerprint) -> bool:
    """Return whether a headline speaks of the other's text: what all pages of a publisher carry is no article."""
    return any(
        len(headline.intersection(stems)) >= LEAST_HEADLINE * len(headline)
        for headline, stems in ((one.headline, other.stems), (other.headline, one.stems))
    )


def _numbers_differ(one: Fingerprint, other: Fingerprint) -> bool:
    """Return whether the same words stand around numbers that only one of them has, as in the next day's weather."""
    return any(
        other.all_numbers.isdisjoint(one.numbers[place]) and one.all_numbers.isdisjoint(other.numbers[place])
        for place in one.numbers.keys() & other.numbers.keys()
    )


def _numbers(words: list[str]) -> dict[int, list[str]]:
    """Return the numbers of a text by a hash of the two words before and the two after them."""
    around = ["", "", *("#" if word[0].isdigit() else word for word in words), "", ""]
    found: dict[int, list[str]] = {}
    for index, word in enumerate(words):
        if word[0].isdigit() and index >= DATELINE_WORDS:
            place = (around[index], around[index + 1], around[index + 3], around[index + 4])
            found.setdefault(hash(place), []).append(word)
    return found


def _words(text: str) -> list[str]:
    """Part a text into lower-case words without accents and numbers without separators."""
    bare = _GROUPING_SPACE.sub("", text).casefold()
    if not bare.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    return [word.replace(",", "").replace(".", "") if word[0].isdigit() else word for word in _WORD.findall(bare)]


def _number(digest: bytes) -> int:
    """Return the beginning of a digest as SQL's integers are: of 64 bits, one for the sign."""
    return int.from_bytes(digest[:8], "big", signed=True)


def _runs(words: list[_Word], size: int) -> list[tuple[_Word, ...]]:
    return list(zip(*(words[start:] for start in range(size)), strict=False))

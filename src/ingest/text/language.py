"""The language of a text, told by its writing and its small words, not by what its page claims."""

import re
import tomllib
from collections import Counter
from functools import lru_cache
from importlib.resources import files

READ_CHARACTERS = 6_000  # an article has given itself away long before
FEWEST_WORDS = 3  # small words that must be seen before a language is named

_WORD = re.compile(r"[^\W\d_]+")


def detect_language(text: str) -> str | None:
    """Return the language a text is written in (ISO 639-1), or None when it is too short to tell."""
    sample = text[:READ_CHARACTERS]
    return (None if sample.isascii() else _by_script(sample)) or _by_words(sample)


def _by_script(text: str) -> str | None:
    seen = {char: count for char, count in Counter(text).items() if char.isalpha()}
    letters = {char: count for char, count in seen.items() if char > "\u036f"}
    total = sum(seen.values())
    counts: Counter[str] = Counter()
    scripts = _languages().scripts
    for char, count in letters.items():
        for language, (first, last) in scripts.items():
            if first <= char <= last:
                counts[language] += count
    if counts["ja"] * 20 > counts["zh"] + counts["ja"]:  # Japanese writes Chinese characters too
        counts["ja"] += counts.pop("zh", 0)
    language, count = max(counts.items(), key=lambda pair: pair[1], default=("", 0))
    return language if count and count * 3 > total else None


def _by_words(text: str) -> str | None:
    scores: Counter[str] = Counter()
    known = _languages().by_word
    for word, count in Counter(_WORD.findall(text.lower())).items():
        for language in known.get(word, ()):
            scores[language] += count
    language, score = max(scores.items(), key=lambda pair: pair[1], default=("", 0))
    return language if score >= FEWEST_WORDS else None


class _Languages:
    """What we know of languages: which words and which writing are whose."""

    def __init__(self, words: dict[str, str], scripts: dict[str, tuple[str, str]]) -> None:
        self.scripts = scripts
        self.by_word: dict[str, list[str]] = {}
        for language, listed in words.items():
            for word in set(listed.split()):
                self.by_word.setdefault(word, []).append(language)


@lru_cache(maxsize=1)
def _languages() -> _Languages:
    data = tomllib.loads(files(__package__).joinpath("languages.toml").read_text("utf-8"))
    return _Languages(data["words"], {language: (first, last) for language, (first, last) in data["scripts"].items()})

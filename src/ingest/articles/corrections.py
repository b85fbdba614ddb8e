"""Notes in which a publisher corrects an article: they repeat what was wrong, and state nothing new."""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from ..core.model import Figure, Paragraph
from ..text.normalized import any_of, in_small_letters

LONGEST_NOTE = 1_000  # characters; in a longer paragraph, only the sentence that tells of a correction is one
_BEFORE = r"[\s(\[*_•\"'“—–-]*"
_DAY = r"(?:(?:\s*[,(]| added\b| appended\b)[^:.()]{0,40}\)?)?"  # "Correction (3 May 2024): …"
_BEHIND = r"[\s:.)\]*_—–-]*"


def without_corrected(figures: Iterable[Figure], paragraph: Paragraph, before: Paragraph | None) -> tuple[Figure, ...]:
    """Return a paragraph's figures but for those in a note on a correction; `before` stands above the paragraph."""
    text = in_small_letters(paragraph.text).replace("’", "'")
    is_short = len(text) <= LONGEST_NOTE
    rules = _rules()
    if is_short and (rules.opening.match(text) or (before and rules.label.fullmatch(in_small_letters(before.text)))):
        return ()
    told = rules.telling.search(text)
    if not told:
        return tuple(figures)
    end = len(text) if is_short else told.end()
    return tuple(one for one in figures if one.sentence_end <= told.start() or one.sentence_start >= end)


class _Rules:
    """Patterns for lines in small letters."""

    def __init__(self, data: dict[str, list[str]]) -> None:
        labels, openings, phrases, wrongly, said, corrected = (
            any_of(data[name]).replace("\\ …\\ ", _words(1, 5))
            for name in ("labels", "openings", "phrases", "wrongly", "said", "corrected")
        )
        this = rf"(?:{any_of(data['these'])}){_words(0, 3)}(?:{any_of(data['texts'])})\b"
        earlier = rf"(?:{any_of(data['earlier'])}) {this}"
        wrong = rf"{this}{_words(0, 3)}(?:{corrected}|(?:{wrongly}) (?:{said})|(?:{said}){_words(0, 2)}(?:{wrongly}))"
        self.label = re.compile(rf"{_BEFORE}(?:{labels}){_DAY}{_BEHIND}")
        self.opening = re.compile(rf"{_BEFORE}(?:{labels}){_DAY}(?:\s*[:.—–]|\s-\s)|[(\[](?:{openings})\b")
        self.telling = re.compile(rf"\b(?:{phrases}|{earlier}|{wrong})\b")


def _words(fewest: int, most: int) -> str:
    """Write a pattern for some words of one sentence, with the blanks around them."""
    return rf"(?:\ [\w,'-]+){{{fewest},{most}}}?\ "


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    return _Rules(tomllib.loads(files(__package__).joinpath("corrections.toml").read_text("utf-8")))

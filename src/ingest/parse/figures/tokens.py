"""Owns the words and signs of a sentence, with their exact places. It knows no language."""

import re
from collections.abc import Sequence
from typing import NamedTuple

NUMBER, WORD, SIGN = 1, 2, 3
TOKEN = re.compile(
    r"((?:(?<![^\s($£€+-])\.)?\d+(?:['’´]\d{3}(?!\d))*(?:[.,]\d+)*(?:\^[+-]?\d+|[eE][+-]?\d{1,2}\b)?)|((?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*)|(\S)"
)


class Token(NamedTuple):
    """One number in digits, one word or one sign."""

    text: str
    lower: str
    start: int
    end: int
    kind: int
    glued: bool  # nothing stands between it and the one before


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Give the tokens of text[start:end]; their places are those in the whole text."""
    tokens = []
    behind = -1
    for match in TOKEN.finditer(text, start, len(text) if end is None else end):
        first, last = match.span()
        word = match[0]
        tokens.append(Token(word, word.lower(), first, last, match.lastindex or SIGN, first == behind))
        behind = last
    return tokens


def word_at(tokens: Sequence[Token], place: int) -> str:
    """Give the word at a place in small letters; nothing outside the sentence."""
    return tokens[place].lower if 0 <= place < len(tokens) else ""

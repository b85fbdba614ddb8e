"""Owns the words and signs of a sentence, with their exact places. It knows no language."""

import re
from collections.abc import Sequence
from typing import NamedTuple

NUMBER, WORD, SIGN = 1, 2, 3
TOKEN = re.compile(
    r"((?:(?<![^\s($£€+-])\.)?\d+(?:['’´]\d{3}(?!\d))*(?:[.,]\d+)*(?:\^[+-]?\d+|[eE][+-]?\d{1,2}\b)?)|((?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*)|(\S)"
)


ELIDED = {  # French words that lose their vowel before another, and stand for themselves all the same
    f"{short}'": full
    for short, full in (
        ("d", "de"), ("l", "le"), ("qu", "que"), ("n", "ne"), ("s", "se"), ("j", "je"), ("c", "ce"), ("m", "me"),
        ("t", "te"), ("jusqu", "jusque"), ("lorsqu", "lorsque"), ("puisqu", "puisque"), ("presqu", "presque"),
    )
}  # fmt: skip


def elided_pattern(compounds: Sequence[str]) -> re.Pattern[str]:
    """Return the pattern of a language with elisions, whose compound number words are one token each: "vingt-deux"."""
    heads: dict[str, list[str]] = {}
    for compound in sorted(compounds, key=lambda word: -len(word)):
        head, _, rest = compound.partition("-")
        heads.setdefault(head, []).append(rest.replace("-", "[- ‑]"))
    joined = "|".join(rf"{head}[- ‑](?:{'|'.join(rests)})\b" for head, rests in heads.items())
    elisions = "|".join(sorted((word[:-1] for word in ELIDED), key=lambda word: -len(word)))
    number, word = TOKEN.pattern.split("|(", 1)
    return re.compile(rf"{number}|((?i:{joined}|(?:{elisions})['’](?=[^\W_]))|{word}")


class Token(NamedTuple):
    """One number in digits, one word or one sign."""

    text: str
    lower: str
    start: int
    end: int
    kind: int
    glued: bool  # nothing stands between it and the one before


def tokenize(text: str, start: int = 0, end: int | None = None, *, pattern: re.Pattern[str] = TOKEN) -> list[Token]:
    """Return the tokens of text[start:end]; their places are those in the whole text."""
    tokens: list[Token] = []
    behind = -1
    new_token = tuple.__new__  # in half the time of Token(...), once for each word
    for match in pattern.finditer(text, start, len(text) if end is None else end):
        first, last = match.span()
        word = match[0]
        tokens.append(new_token(Token, (word, word.lower(), first, last, match.lastindex or SIGN, first == behind)))
        behind = last
    return tokens if pattern is TOKEN else with_whole_words(tokens)


def with_whole_words(tokens: Sequence[Token]) -> list[Token]:
    """Return tokens with their elided words written out; what stands behind one is a word of its own."""
    whole: list[Token] = []
    is_elided = False
    for token in tokens:
        lower = whole_word(token.lower) if token.kind == WORD else token.lower
        is_same = lower == token.lower and not is_elided
        whole.append(token if is_same else token._replace(lower=lower, glued=token.glued and not is_elided))
        is_elided = token.kind == WORD and token.text[-1] in "'’"
    return whole


def whole_word(word: str) -> str:
    """Return the word that an elided one stands for, and a compound number word with its hyphens."""
    return ELIDED.get(word.replace("’", "'"), word) if word[-1] in "'’" else word.replace(" ", "-").replace("‑", "-")


def is_acronym(token: Token) -> bool:
    """Return whether a token is a name in capitals, though it may be a word in small letters: "WHO", "US"."""
    return token.kind == WORD and len(token.text) > 1 and token.text.isupper() and token.text[-1] not in "'’"


def word_at(tokens: Sequence[Token], place: int) -> str:
    """Return the word at a place in small letters; nothing outside the sentence."""
    return tokens[place].lower if 0 <= place < len(tokens) else ""


def behind_hyphen(tokens: Sequence[Token], place: int) -> int:
    """Return the place behind a hyphen that ties two words, or the place itself: "four-and-a-half-year"."""
    is_tied = word_at(tokens, place) == "-" and tokens[place].glued
    return place + 1 if is_tied else place

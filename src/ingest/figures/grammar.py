"""Owns what every rule is asked with: one sentence's tokens, the language's words, and where the text comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .lexicon import Lexicon, Marks, Phrases
from .tokens import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a text comes from, and what its own words say about its conventions."""

    country: str | None
    decimal_mark: str | None  # that the text or its article shows
    habit: str  # the decimal mark where the text shows none; "" is unsure
    dollar: str | None  # what a bare "$" is
    is_dollar_assumed: bool
    pesos: str | None  # what bare pesos are; None where it is not known
    is_pesos_assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """The tokens a rule may look at, and the conventions to read them by."""

    tokens: Sequence[Token]
    lexicon: Lexicon
    sets: Mapping[str, frozenset[str]]  # the lexicon's, which rules look up most often
    phrases: Mapping[str, Phrases]  # the lexicon's
    marks: Marks
    place: Place

    @property
    def language(self) -> str:
        """Return the language the sentence is read in."""
        return self.lexicon.language

    def word(self, place: int) -> str:
        """Return the word at a place in small letters; nothing outside the sentence."""
        return self.tokens[place].lower if 0 <= place < len(self.tokens) else ""

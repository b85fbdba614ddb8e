"""Owns what is found out about a whole text before its numbers are read: marks, dollar, addresses, size."""

import re
from functools import lru_cache

from ingest.parse.figures.digits import find_decimal_mark
from ingest.parse.figures.grammar import Place
from ingest.parse.figures.lexicon import Lexicon, Marks, load_lexicon
from ingest.parse.figures.numbers import VULGAR

WINDOW = 4000  # characters; what is longer is no sentence, and is read piece by piece, so that time stays linear
ADDRESS_SIGNS = ("://", "www.", "@", ".com", ".org", ".net", ".gov", ".edu", ".co/", "10.")
ADDRESS = re.compile(r"\S*(?:://|www\.|\w@\w|\.(?:com|org|net|gov|edu)\b|\.co/)\S*|\W?10\.\d{4,9}/\S+")
CHUNK = re.compile(r"\S+")
LONGEST_ADDRESS = 500
PESO_WORDS = re.compile(r"\b(?:pesos?|mdp)\b", re.IGNORECASE)


def find_place(text: str, *, lexicon: Lexicon, marks: Marks, country: str | None) -> Place:
    """Find a text's conventions: its decimal mark, and what a bare "$" is where its words speak of pesos alone."""
    dollar = "USD"
    decimal_mark = find_decimal_mark(text, lexicon=lexicon, marks=marks, country=country)
    if country is None and "peso" in text:
        country = name_country(text, marks)
    pesos = marks.local["peso"].get(country or "")
    if pesos and "$" in text and PESO_WORDS.search(text) and not tells_dollars(text, lexicon):
        dollar = pesos
    return Place(country=country, decimal_mark=decimal_mark, dollar=dollar)


def tells_dollars(text: str, lexicon: Lexicon) -> bool:
    """Say whether "$" is told apart from the pesos beside it: by dollars, or as their conversion in brackets."""
    return lexicon.language == "en" or any(word in text for word in ("dólar", "dollar", "pesos ($", "pesos (US$"))


def name_country(text: str, marks: Marks) -> str | None:
    """Give the country of the pesos in a text that names one country of pesos alone."""
    start = text[:WINDOW].lower()
    found = {code for name, code in marks.countries.items() if name in start}
    return found.pop() if len(found) == 1 else None


def hide_addresses(text: str) -> str:
    """Blank out web and mail addresses and document identifiers, keeping every other character in its place."""
    if not any(sign in text for sign in ADDRESS_SIGNS):
        return text
    return CHUNK.sub(lambda chunk: "\ue000" * len(chunk[0]) if is_address(chunk[0]) else chunk[0], text)


def is_address(chunk: str) -> bool:
    """Say whether a piece of text without space is an address or an identifier."""
    return len(chunk) <= LONGEST_ADDRESS and ADDRESS.fullmatch(chunk) is not None


def windows(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut what is too long for a sentence at spaces; a sentence of usual length is one window."""
    spans = []
    while end - start > WINDOW:
        cut = text.rfind(" ", start + WINDOW // 2, start + WINDOW)
        cut = cut if cut > start else start + WINDOW
        spans.append((start, cut))
        start = cut
    return [*spans, (start, end)]


@lru_cache(maxsize=8)
def trigger_pattern(language: str) -> re.Pattern[str]:
    """Give what any sentence with a figure must hold: a digit, or words a number begins with."""
    lexicon = load_lexicon(language)
    articles = "|".join(sorted(lexicon.sets["one_words"]))
    followers = "|".join(sorted({*lexicon.sets["one_scales"], *lexicon.fraction_words}))
    starters = lexicon.starters - lexicon.sets["one_words"] | lexicon.sets["one_starters"]
    words = "|".join(
        f"{letter}(?:{'|'.join(word[1:] for word in sorted(starters, key=len) if word[0] == letter)})"
        for letter in sorted({word[0] for word in starters})
    )
    return re.compile(rf"\d|[{''.join(VULGAR)}]|\b(?:{words})\b|\b(?:{articles})[\s-](?:{followers})\b", re.IGNORECASE)

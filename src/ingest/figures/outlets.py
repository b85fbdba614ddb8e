"""Owns which names are those of outlets and agencies: known ones, and others by how they are formed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .lexicon import Lexicon, Phrases, load_lexicon, read_table
from .tokens import NUMBER, WORD, Token, word_at

LONGEST = 10  # tokens of an outlet's name, with what stands before it
POSSESSIVES = ("'s", "’s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlets:
    """The outlets known by name, and the words by which others are recognised."""

    names: Phrases
    words: Mapping[str, frozenset[str]]


@lru_cache(maxsize=8)
def load_outlets(language: str) -> Outlets:
    """Load the outlets, with their names in the tokens of a language."""
    table = read_table("outlets")
    names = Phrases(((name, "outlet") for name in table["names"]), load_lexicon(language).pattern)
    words = {key: frozenset(values) for key, values in table.items() if key != "names"}
    return Outlets(names=names, words=words)


def find_outlet(tokens: Sequence[Token], place: int, end: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """Return where in the text the outlet's name that opens at a place stands, without its determiner."""
    near = [without_possessive(token) for token in tokens[place : min(end, place + LONGEST)]]
    outlets = load_outlets(lexicon.language)
    first = 0
    while first < len(near) and not known_end(near, first, outlets):
        if near[first].lower not in lexicon.sets["attribution.determiners"]:
            break
        first += 1
    start, is_announced = behind_nouns(near, first, outlets, lexicon)
    start += word_at(near, start) == "the"  # in another language: "dijo a The Associated Press"
    last = known_end(near, start, outlets)
    if not last:
        last = behind_name(near, start, lexicon)
        words = outlets.words
        is_formed = last - start > 1 and (near[last - 1].lower in words["last"] or near[start].lower in words["first"])
        if last == start or not (is_formed or is_announced):
            return None
    if word_at(near, last) in outlets.words["affiliates"]:
        return None
    return near[first].start, near[last - 1].end


def is_outlet(tokens: Sequence[Token], first: int, last: int, lexicon: Lexicon) -> bool:
    """Return whether a whole name is an outlet's; its article may stand before it: "El País", "Reuters news agency"."""
    carriers = load_outlets(lexicon.language).words["carriers"]
    while last - first > 1 and tokens[last - 1].lower in carriers and tokens[last - 1].text[0].islower():
        last -= 1
    return outlet_of(tokens, first, last, lexicon) is not None


def outlet_of(tokens: Sequence[Token], first: int, last: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """Return where the outlet's name stands that fills a span, with the article that belongs to it."""
    is_determined = word_at(tokens, first - 1) in lexicon.sets["attribution.determiners"]
    for start in (first - 1, first) if is_determined else (first,):
        found = find_outlet(tokens, start, last, lexicon)
        if found and found[1] >= without_possessive(tokens[last - 1]).end:
            return found
    return None


def without_possessive(token: Token) -> Token:
    """Return a word without its "'s"."""
    if not token.lower.endswith(POSSESSIVES):
        return token
    return token._replace(text=token.text[:-2], lower=token.lower[:-2], end=token.end - 2)


def known_end(tokens: Sequence[Token], place: int, outlets: Outlets) -> int:
    """Return the place behind a known name in capitals, else 0: "El País", "Folha de S.Paulo"."""
    found = outlets.names.at(tokens, place)
    if not found:
        return 0
    words = [token for token in tokens[place : found[1]] if token.kind == WORD]
    is_capital = words[0].text[0].isupper() or words[0].text[-1] in "'’"  # not "la nación"
    return found[1] if is_capital and words[-1].text[0].isupper() else 0


def behind_nouns(tokens: Sequence[Token], place: int, outlets: Outlets, lexicon: Lexicon) -> tuple[int, bool]:
    """Return the place behind "the news agency", and whether its noun makes any name behind it an outlet."""
    nouns, carriers = outlets.words["nouns"], outlets.words["carriers"]
    is_announced = False
    start = place
    while start < len(tokens) and tokens[start].text[0].islower() and tokens[start].lower in nouns | carriers:
        is_announced = is_announced or tokens[start].lower in nouns
        start += 1
    is_determined = start > place and word_at(tokens, start) in lexicon.sets["attribution.determiners"]
    if is_determined and not known_end(tokens, start, outlets) and tokens[start].text[0].islower():
        start += 1
    return start, is_announced


def behind_name(tokens: Sequence[Token], start: int, lexicon: Lexicon) -> int:
    """Return the place behind the capitals that start here, and the small words between them: "Voz de Soria"."""
    place = last = start
    inside = lexicon.sets["attribution.inside_names"] - {lexicon.words["and_word"]}
    while place < len(tokens):
        token = tokens[place]
        if (token.kind == WORD and token.text[0].isupper()) or (token.kind == NUMBER and place == last > start):
            last = place + 1
        elif place == start or place > last or token.lower not in inside:
            break
        place += 1
    return last

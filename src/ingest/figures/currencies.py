"""Owns which currency a mark or a word stands for that several countries use for their own."""

from typing import NamedTuple

from .grammar import Sentence
from .tokens import NUMBER

ASSUMED = "money.currency_assumed"
ASIDE = 4  # tokens between "(" and its sum: "(unos US$"


class Currency(NamedTuple):
    """A currency, None where it is not known, and whether it is assumed from where the text comes from."""

    code: str | None
    is_assumed: bool = False


def name_local(sentence: Sentence, name: str) -> Currency:
    """Return the currency of a word or a mark that several countries use: "Bs", "C$", pesos."""
    if not name.startswith("local:"):
        return Currency(name)
    place, word = sentence.place, name.removeprefix("local:")
    if word == "peso":
        return Currency(place.pesos, place.is_pesos_assumed)
    if word == "palo" and not any(token.lower in sentence.sets["money_talk"] for token in sentence.tokens):
        return Currency(None)
    table = sentence.marks.local[word]
    if own := table.get(place.country or ""):
        return Currency(own, word == "rupee" and not names_home(sentence))
    is_assumed = place.country is None and sentence.lexicon.decimal_mark == ","
    return Currency(table.get("default"), is_assumed)


def names_home(sentence: Sentence) -> bool:
    """Return whether a sentence names a country of rupees, so that no other's are meant: "Pakistan", "Karachi"."""
    return any(token.lower in sentence.sets["rupee_homes"] for token in sentence.tokens)


def name_symbol(sentence: Sentence, at: int, *, is_before: bool) -> Currency:
    """Return the currency of the sign at a place."""
    symbol, place = sentence.tokens[at].text, sentence.place
    if symbol == "¢" and is_before:
        return name_cents(sentence)
    if symbol != "$":
        return Currency(sentence.marks.symbols[symbol])
    if (converted := name_converted(sentence, at)) is not None:
        return Currency(converted)
    return Currency(place.dollar, place.is_dollar_assumed)


def name_cents(sentence: Sentence) -> Currency:
    """Return the currency of a cent sign before a number: colones, but in English."""
    if sentence.language == "en" and sentence.place.country not in sentence.marks.local["cent"]:
        return Currency("USD")
    return name_local(sentence, "local:cent")


def name_converted(sentence: Sentence, at: int) -> str | None:
    """Return what "$" is in brackets behind another sum: "20.000 pesos ($5)", "US$5 ($20.000)", "5 euros ($6)"."""
    opening = next((back for back in range(at - 1, max(-1, at - ASIDE), -1) if sentence.word(back) == "("), None)
    if opening is None or any(sentence.tokens[place].kind == NUMBER for place in range(opening, at)):
        return None
    told = name_sum(sentence, opening)
    if told is None:
        return None
    home = sentence.marks.local["dollar"].get(sentence.place.country or "")
    return home if told == "USD" and sentence.language != "en" else "USD"


def name_sum(sentence: Sentence, end: int) -> str | None:
    """Return the currency of the sum that ends at a place, by its word or its mark: "US$5 millones"."""
    if unit := sentence.lexicon.units.before(sentence.tokens, end):
        return unit[0].split(":")[1] if unit[0].startswith("money") else None
    place = end - 1
    while place > 0 and (sentence.tokens[place].kind == NUMBER or sentence.word(place) in sentence.lexicon.scales):
        place -= 1
    mark = sentence.marks.prefixes.before(sentence.tokens, place + 1)
    if mark and place + 1 < end:
        return mark[0]
    symbol = sentence.marks.symbols.get(sentence.word(place))
    return symbol if symbol and sentence.word(place) != "$" and place + 1 < end else None

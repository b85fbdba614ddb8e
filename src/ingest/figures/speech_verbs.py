"""Owns whether a word tells a statement, and whether who tells it is a source or counted by the figure itself."""

from collections.abc import Sequence

from .lexicon import Lexicon
from .tokens import NUMBER, SIGN, WORD, Token, word_at

PLACED = 9  # tokens from "put" to the "at" of its amount


def is_verb(tokens: Sequence[Token], place: int, verbs: frozenset[str], lexicon: Lexicon) -> bool:
    """Return whether a word may tell a statement: a verb in small letters, or its participle behind "ha"."""
    token = tokens[place]
    if token.lower in lexicon.sets["attribution.participles"]:
        return word_at(tokens, place - 1) in lexicon.sets["attribution.auxiliaries"]
    is_title = token.text[0].isupper() and place > 0 and tokens[place - 1].kind == WORD  # "United States"
    return token.lower in verbs and not is_title


def is_telling(tokens: Sequence[Token], verb: int, lexicon: Lexicon) -> bool:
    """Return whether a verb tells a statement: not "a deal announced by", and not "the hospital admitted 14 people"."""
    if is_passive(tokens, verb, lexicon) or word_at(tokens, verb + 1) in lexicon.sets["attribution.never_told"]:
        return False
    word = tokens[verb].lower
    is_determined = word_at(tokens, verb + 1) in lexicon.sets["attribution.determiners"]
    if is_determined and word in lexicon.sets["attribution.addressed"]:
        return False  # "wrote the Senate"
    is_before_number = verb + 1 < len(tokens) and tokens[verb + 1].kind == NUMBER
    if word in lexicon.sets["attribution.movers"] and is_before_number:
        return False  # "el Merval avanzó 1,4%"
    if word in lexicon.sets["attribution.placers"]:
        return places_figure(tokens, verb, lexicon)
    if word in lexicon.sets["attribution.known_by"]:
        return word_at(tokens, verb + 1) == "a" and word_at(tokens, verb + 2) == "conocer"
    is_open = word_at(tokens, verb + 1) in {"that", ",", ":", "", ".", "the", "it", "they"}
    is_quoting = verb > 0 and tokens[verb - 1].kind == SIGN and tokens[verb - 1].text != ")"
    return word not in lexicon.sets["attribution.claims"] or is_open or is_quoting


def places_figure(tokens: Sequence[Token], verb: int, lexicon: Lexicon) -> bool:
    """Return whether a verb sets an amount: "the ministry put the damage at $3 million", "la ONU cifra en 12"."""
    return any(
        word_at(tokens, place) in lexicon.sets["attribution.placed_at"]
        and any(tokens[near].kind == NUMBER for near in range(place + 1, min(len(tokens), place + 5)))
        for place in range(verb + 1, min(len(tokens), verb + PLACED))
    )


def is_passive(tokens: Sequence[Token], verb: int, lexicon: Lexicon) -> bool:
    """Return whether a verb tells what was said and not who said it: "a deal announced Wednesday by"."""
    nearby = {word_at(tokens, place) for place in range(verb + 1, verb + 3)}
    return bool(nearby & lexicon.sets["attribution.passive_by"])


def is_counted_group(tokens: Sequence[Token], first: int, lexicon: Lexicon) -> bool:
    """Return whether who speaks is what a share counts: "12% of drivers reported", "ten of those firms showed"."""
    place = first - 1
    if word_at(tokens, place) in lexicon.sets["attribution.determiners"]:
        place -= 1
    if word_at(tokens, place) not in lexicon.sets["groups.of_words"]:
        return False
    return is_beside_figure(tokens, place, lexicon)


def is_beside_figure(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Return whether a number, a part or a percent ends right before a place."""
    if not place:
        return False
    before = tokens[place - 1]
    is_number = before.kind == NUMBER or before.lower in lexicon.cardinals or before.lower in lexicon.fraction_words
    unit = lexicon.units.before(tokens, place)
    return is_number or before.text == "%" or bool(unit and unit[0].startswith("percent"))

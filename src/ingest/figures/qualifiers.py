"""Owns how sure a figure is: the words before and behind it that make it a bound or an estimate."""

from typing import cast

from ..core.model import Qualifier
from .grammar import Sentence
from .quantities import Quantity
from .subjects import is_plural
from .tokens import NUMBER

SIGNS = {"~": "approximate", "≈": "approximate", ">": "more_than", "<": "less_than", "≥": "at_least", "≤": "at_most"}
BOUNDS: dict[str, Qualifier] = {"<": "at_most", ">": "at_least"}  # before "="


def read_qualifier(sentence: Sentence, found: Quantity) -> tuple[Qualifier, str | None]:
    """Return a figure's qualifier and the rule that says so; exact needs no rule."""
    phrases = sentence.phrases
    at = found.first
    for _ in range(3):
        if before := phrases["qualifiers"].before(sentence.tokens, at):
            if is_destination(sentence, found, at) or is_period(sentence, found, at):
                return "exact", "qualifier.destination"
            if is_change_opened(sentence, found, before[1]) or is_superlative(sentence, before[1]):
                break
            return cast("Qualifier", before[0]), f"qualifier.{before[0]}"
        word = sentence.word(at - 1)
        if word == "=" and sentence.word(at - 2) in BOUNDS:
            return BOUNDS[sentence.word(at - 2)], "qualifier.sign"
        if word in SIGNS:
            return cast("Qualifier", SIGNS[word]), "qualifier.sign"
        if word not in sentence.sets["skips.before"] and word not in sentence.sets["groups.between_words"]:
            break
        at -= 1
    if found.kind == "age" and (bound := read_age_bound(sentence, found)):
        return bound
    return read_qualifier_behind(sentence, found)


def read_age_bound(sentence: Sentence, found: Quantity) -> tuple[Qualifier, str] | None:
    """Return the bound of "menores de 15 años", whose word is also the noun for the persons."""
    word = sentence.word(found.first - 2)
    if sentence.word(found.first - 1) != sentence.lexicon.words["link"]:
        return None
    if word in sentence.sets["age.younger"]:
        return "less_than", "qualifier.less_than"
    return ("more_than", "qualifier.more_than") if word in sentence.sets["age.older"] else None


def is_change_opened(sentence: Sentence, found: Quantity, opening: int) -> bool:
    """Return whether it is a change and no bound: "passa de 200 para 300", "ticked up to 4%"."""
    sets, before = sentence.sets, sentence.word(found.first - 1)
    is_left = before in sets["groups.change_words"] and sentence.word(opening).startswith(tuple(sets["groups.changes"]))
    if is_left and sentence.word(found.last) in sets["groups.reach_words"]:
        return is_before_number(sentence, found.last + 1)
    return before in sets["groups.reach_words"] and sentence.word(opening - 1) in sets["groups.moves_up"]


def is_superlative(sentence: Sentence, opening: int) -> bool:
    """Return whether a qualifier is a noun's adjective: "14 réplicas, la mayor de 4,3 grados"."""
    is_compared = sentence.word(opening) in sentence.sets["groups.superlatives"]
    return is_compared and sentence.word(opening - 1) in sentence.sets["attribution.definites"]


def read_qualifier_behind(sentence: Sentence, found: Quantity) -> tuple[Qualifier, str | None]:
    """Return the qualifier that stands behind a figure: "or more", "+", "-odd"."""
    table = sentence.phrases["qualifiers_after"]
    for place in (found.number_last, found.last, found.last + 1):
        if place < len(sentence.tokens) and sentence.tokens[place].text == "+" and sentence.tokens[place].glued:
            return "at_least", "qualifier.plus"
        is_and = sentence.word(place) == sentence.lexicon.words["and_word"] and place == found.last
        if is_and and (found.kind not in {"age", "duration"} or not is_closed(sentence, place + 2)):
            continue  # "40 casas y más escuelas"
        is_far = place > found.last and sentence.word(place) == sentence.lexicon.words["and_word"]
        if not is_far and (after := table.at(sentence.tokens, place)) and not is_before_number(sentence, after[1]):
            return cast("Qualifier", after[0]), f"qualifier.{after[0]}_behind"
    return ("approximate", "qualifier.collective") if found.is_rough else ("exact", None)


def is_closed(sentence: Sentence, place: int) -> bool:
    """Return whether a clause may end behind "y más", as in "población de 18 años y más"; not "y más de"."""
    is_open = sentence.word(place) == sentence.lexicon.words["link"] or sentence.word(place) in {"que", "do", "than"}
    token = sentence.tokens[place] if place < len(sentence.tokens) else None
    return not is_open and (token is None or not is_plural(token.lower, sentence.lexicon))


def is_before_number(sentence: Sentence, place: int) -> bool:
    """Return whether another number follows, which a qualifier then belongs to: "de magnitud 7 mató al menos a 200"."""
    place += sentence.word(place) in sentence.sets["groups.before_persons"]
    return place < len(sentence.tokens) and sentence.tokens[place].kind == NUMBER


def is_destination(sentence: Sentence, found: Quantity, at: int) -> bool:
    """ "hasta los 285 euros" is where something fell to, not a bound."""
    if sentence.word(at - 1) not in sentence.sets["groups.destinations"]:
        return False
    if sentence.word(at - 2) in sentence.sets["groups.bound_joins"]:
        return False  # "penas de hasta 5 años"
    nearby = [sentence.word(place) for place in range(max(0, at - 7), at - 1)]
    capacities = tuple(sentence.sets["groups.capacities"])
    if any(word.startswith(capacities) for word in nearby):
        return False  # "cubre hasta el 80%"
    is_reached = any(word.startswith(tuple(sentence.sets["groups.changes"])) for word in nearby)
    is_told = sentence.word(at - 2) == "," or is_reached
    return is_told if at == found.first else sentence.word(at) not in sentence.sets["one_words"]


def is_period(sentence: Sentence, found: Quantity, at: int) -> bool:
    """ "Sold 2,500 boats over two years" tells when; "took over two years" tells how long."""
    if at < found.first and sentence.word(at) == "the" and (found.is_hyphened or found.kind == "duration"):
        return sentence.word(at - 1) in sentence.sets["dates.places"]  # "under the three-year deal"
    if found.kind != "duration" or sentence.word(at - 1) not in sentence.sets["dates.period_before"]:
        return False
    return sentence.word(at - 2) not in sentence.sets["dates.lasting"]

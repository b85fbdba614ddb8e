"""Owns counts that leave their noun out: of persons, of an earlier noun, points of an index, or of nothing known."""

from dataclasses import replace

from .grammar import Sentence
from .quantities import Quantity
from .readings import Reading
from .subjects import Phrase, is_stop, modifier_phrase, spanish_phrase
from .tokens import NUMBER, SIGN, WORD

NEAR = 8  # tokens between the name of an index, or a toll, and its number
BETWEEN = 6  # tokens between a number and the verb for what happened to those it counts
SMALLEST_LEVEL = 100  # no index that is quoted without its points stands lower
RELATIVE = 10  # tokens from "of which" to the last of the numbers that it leads
QUOTES = frozenset('"”“')
CLOSERS = frozenset('.,;:?!)”"»')


def read_elliptical(sentence: Sentence, found: Quantity, antecedent: str | None) -> Reading:
    """Read a number with no noun: its unit is the one that the text makes certain, else None."""
    if is_level(sentence, found):
        rules, last = (*found.rules, "unit.index"), found.last
        last += sentence.word(last) in sentence.sets["ellipsis.index_units"]
        return Reading(quantity=replace(found, last=last, kind="measurement", unit="point", rules=rules))
    is_led = sentence.word(found.first - 1) in sentence.sets["persons.relatives"]  # "of which 23 never opened"
    if counts_persons(sentence, found):
        rules, unit = (*found.rules, "count.persons"), sentence.lexicon.words["person"]
        is_part = is_led or is_of_them(sentence, found.last)
        is_kept = antecedent is not None and (names_persons(sentence, antecedent) or is_part)
        return Reading(quantity=replace(found, kind="count", unit=antecedent if is_kept else unit, rules=rules))
    rules = (*found.rules, "count.elliptical")
    if stands_free(sentence, found) or (antecedent and is_led):
        return Reading(quantity=replace(found, kind="count", unit=antecedent, rules=rules))
    subject = unknown_noun(sentence, found)
    return Reading(quantity=replace(found, kind="count", unit=None, rules=rules), subject=subject)


def is_level(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number is where an index stands: "the Dow closed at 13,176", "el Ibex cerró en 13.176"."""
    has_unit = sentence.word(found.last) in sentence.sets["ellipsis.index_units"]
    if found.is_spelled or found.scale > 1 or not (has_unit or is_free(sentence, found.last)):
        return False
    if found.value < SMALLEST_LEVEL and not has_unit:
        return False
    before = opening(sentence, found)
    reached = {sentence.word(before - 1), sentence.word(found.first - 1)}
    if not has_unit and reached.isdisjoint(sentence.sets["ellipsis.levels"]):
        return False
    nearby = {sentence.word(place) for place in range(max(0, before - NEAR), before)}
    return not nearby.isdisjoint(sentence.sets["ellipsis.indices"])


def counts_persons(sentence: Sentence, found: Quantity) -> bool:
    """Return whether what was done to those counted, a toll before them, or a pronoun makes them persons."""
    sets, before = sentence.sets, opening(sentence, found)
    word = sentence.word(before - 1)
    if word in sets["ellipsis.harms"] or word in sets["nouns.adjective_persons"]:
        return stands_free(sentence, found)
    if sentence.phrases["persons.fronts"].before(sentence.tokens, before) and stands_free(sentence, found):
        return True
    if word in sets["persons.tally_joins"]:
        nearby = {sentence.word(place) for place in range(max(0, before - NEAR), before)}
        if not nearby.isdisjoint(sets["persons.tallies"]):
            return stands_free(sentence, found)
    whole = place_of_whole(sentence, found.last)
    return is_persons_verb_behind(sentence, found.last if whole is None else whole)


def names_persons(sentence: Sentence, noun: str) -> bool:
    """Return whether a noun's own word or ending makes it one for persons; only they are arrested or hurt."""
    endings = tuple(sentence.sets["person_endings"] | sentence.sets["persons.endings"])
    return noun in sentence.sets["person_nouns"] or noun.endswith(endings)


def is_of_them(sentence: Sentence, place: int) -> bool:
    """Return whether a number takes its part of what was counted before: "four of them", "4 de ellos"."""
    return sentence.phrases["persons.parts"].at(sentence.tokens, place) is not None


def place_of_whole(sentence: Sentence, place: int) -> int | None:
    """Return the place behind the whole that a number is a part of: "12 of the 30 survived"."""
    if sentence.word(place) not in sentence.sets["groups.of_words"]:
        return None
    place += 1 + (sentence.word(place + 1) in sentence.sets["attribution.determiners"])
    is_number = place < len(sentence.tokens) and sentence.tokens[place].kind == NUMBER
    return place + 1 if is_number else None


def is_persons_verb_behind(sentence: Sentence, start: int) -> bool:
    """Return whether a verb or pronoun that only persons take follows: "200 have been killed", "180 who left"."""
    sets = sentence.sets
    if sentence.phrases["persons.pronouns"].at(sentence.tokens, start):
        return True
    for place in range(start, min(len(sentence.tokens), start + BETWEEN)):
        word = sentence.word(place)
        if word in sets["persons.told"] or (place > start and word in sets["nouns.adjective_persons"]):
            return True
        if word not in sets["persons.between"]:
            return False
    return False


def opening(sentence: Sentence, found: Quantity) -> int:
    """Return the place where the qualifiers and determiners of a number begin."""
    place = found.first
    for _ in range(3):
        if qualified := sentence.phrases["qualifiers"].before(sentence.tokens, place):
            place = qualified[1]
        elif place > 1 and sentence.word(place - 1) in sentence.sets["persons.determiners"]:
            place -= 1
        elif place == found.first and sentence.word(place - 1) in sentence.sets["groups.before_persons"]:
            place -= 1  # "mató al menos a 8"
        else:
            break
    return place


def may_be_carried(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number may count the noun of an earlier sentence: it is the subject, or one of several."""
    before = opening(sentence, found)
    word = sentence.word(found.first - 1)
    is_further = word in sentence.sets["persons.determiners"] or sentence.word(found.last) == "others"
    return before == 0 or is_further or is_verb_behind(sentence, found.last)


def names_its_whole(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number points back to the noun before it, whichever others there are: "four of them"."""
    sets = sentence.sets
    is_other = sentence.word(found.last) == "others" or sentence.word(found.first - 1) in sets["persons.determiners"]
    nearby = {sentence.word(place) for place in range(max(0, found.first - RELATIVE), found.first)}
    is_compared = sentence.phrases["ellipsis.comparisons"].before(sentence.tokens, found.first) is not None
    is_other = is_other or not nearby.isdisjoint(sets["persons.relatives"])
    return is_other or is_compared or is_of_them(sentence, found.last)


def stands_free(sentence: Sentence, found: Quantity) -> bool:
    """Return whether no name, sign or unknown noun stands beside a number that could be what it counts."""
    if not is_free(sentence, found.last):
        return False
    if sentence.word(found.first - 1) == "," and sentence.word(found.last) == ",":
        return False  # "a third, 40, fled"
    before = sentence.tokens[found.first - 1] if found.first else None
    return before is None or before.kind == WORD or (before.kind == SIGN and before.text in ",;:—–“\"«'‘")


def is_free(sentence: Sentence, place: int) -> bool:
    """Return whether at a place is the end of a clause, a function word or a verb, and not what is counted."""
    if place >= len(sentence.tokens):
        return True
    token = sentence.tokens[place]
    if token.kind != WORD:
        if token.text in QUOTES and token.glued and QUOTES.isdisjoint(sentence.word(other) for other in range(place)):
            return False  # a sign for inches: 24" screens
        return token.text in CLOSERS or (token.text in "—–-([" and not token.glued)
    is_closing = token.lower in sentence.sets["nouns.closers"] or token.lower in sentence.sets["nouns.leaving_out"]
    is_small = is_closing or is_stop(token, sentence.lexicon)
    return is_small or (token.text[0].islower() and is_verb_behind(sentence, place))


def is_verb_behind(sentence: Sentence, place: int) -> bool:
    """Return whether a verb stands at a place, by its ending or as one of the auxiliaries."""
    word = sentence.word(place)
    if word in sentence.sets["persons.between"] or word in sentence.sets["persons.told"]:
        return True
    endings = ("ed", "ly") if sentence.lexicon.flags["head_last"] else tuple(sentence.sets["names.verb_endings"])
    return word.endswith(endings) or word in sentence.sets["attribution.verbs"]


def unknown_noun(sentence: Sentence, found: Quantity) -> Phrase | None:
    """Return the word behind a number that is neither a plural nor a known unit: "4500 mAh"."""
    token = sentence.tokens[found.last] if found.last < len(sentence.tokens) else None
    if token is None or token.kind != WORD or token.glued or not token.text[0].islower():
        return None
    if sentence.lexicon.flags["head_last"]:
        return modifier_phrase(sentence.tokens, found.last, sentence.lexicon)
    return spanish_phrase(sentence.tokens, found.last, sentence.lexicon, is_single=True)


def is_listed(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a comma and another bare number follow, as in "sizes 4, 8, 15", where no noun follows."""
    following = sentence.tokens[found.last + 1 : found.last + 2]
    return sentence.word(found.last) == "," and bool(following) and following[0].kind == NUMBER


def is_understood(sentence: Sentence, reading: Reading) -> bool:
    """Return whether a count without unit is at least an amount, and no label, cell or part of a name."""
    found = reading.quantity
    if found.kind == "ratio" and "ratio.bare" in found.rules:
        is_decimal = found.last - found.first == 1 and not sentence.word(found.first).isdigit()
        is_ratio = found.is_spelled or not is_decimal or 0 < found.value < 1
        return is_ratio or len(sentence.tokens) == 1  # others are prices, scores, hours: "07.42"
    if found.kind != "count" or found.unit is not None or "count.elliptical" not in found.rules:
        return True
    if found.value == 1 and found.is_spelled:
        return False
    if found.scale > 1 or sentence.phrases["qualifiers"].before(sentence.tokens, found.first):
        return True
    qualified = sentence.phrases["qualifiers_after"].at(sentence.tokens, found.last)
    if qualified and is_free(sentence, qualified[1]):
        return True  # "arrivals, at 900,000-plus"
    if is_listed(sentence, found):
        return False
    before = sentence.tokens[found.first - 1] if found.first else None
    is_clause = before is not None and before.text in ",;" and is_verb_behind(sentence, found.last)
    if before and not before.text.islower() and before.text != ":" and not is_clause:
        return found.first == 1 and stands_free(sentence, found)
    if not found.first and not is_verb_behind(sentence, found.last):
        return False
    return reading.subject is not None or is_free(sentence, found.last)

"""Owns counts: the noun they count, where it stands, and what they take when it is left out."""

from dataclasses import replace

from .ellipsis import counts_persons, is_level, names_persons, read_elliptical
from .grammar import Sentence
from .quantities import Quantity, measure
from .readings import Reading
from .subjects import (
    VERBS_IN_S,
    Phrase,
    counted_phrase,
    head_noun,
    is_number,
    is_plural,
    is_stop,
    modifier_phrase,
    phrase_behind,
    singular,
)
from .tokens import NUMBER, WORD, is_acronym

TWO = 2  # below which Romance nouns may stay in the singular
CLAUSE = 14  # tokens to look back for the noun a count leaves out


def read_hyphened_count(sentence: Sentence, found: Quantity) -> Reading | None:
    """Read "12-member panel": twelve of the member, about the panel; "650-strong staff": of the staff."""
    tied = found.last + 1
    if suspended := read_suspended(sentence, found):
        return suspended
    is_qualifier = sentence.phrases["qualifiers_after"].at(sentence.tokens, found.last)
    if (
        is_qualifier
        or sentence.word(found.last) not in {"-", "‑"}
        or tied >= len(sentence.tokens)
        or sentence.tokens[tied].kind != WORD
        or not sentence.tokens[tied].glued
    ):
        return None
    subject = modifier_phrase(sentence.tokens, tied + 1, sentence.lexicon)
    unit, rule = sentence.word(tied), "count.modifier"
    if unit == "strong":
        unit = head_noun(subject, sentence.tokens, sentence.lexicon) if subject else sentence.lexicon.words["person"]
        rule = "count.strong"
    return Reading(quantity=replace(found, kind="count", unit=unit, rules=(*found.rules, rule)), subject=subject)


def read_suspended(sentence: Sentence, found: Quantity) -> Reading | None:
    """Read the first of two hyphened numbers, which leaves its word to the second: "12- and 16-inch screens"."""
    joint = found.last + 1
    is_open = sentence.word(found.last) == "-" and sentence.tokens[found.last].glued
    if not is_open or found.kind or sentence.word(joint) not in sentence.sets["groups.list_joins"]:
        return None
    if sentence.tokens[joint].glued or joint + 1 >= len(sentence.tokens):
        return None
    following = measure(sentence, joint + 1)
    if not following:
        return None
    if following.kind:
        rules = (*found.rules, "unit.suspended")
        return Reading(quantity=replace(found, kind=following.kind, unit=following.unit, rules=rules))
    other = read_hyphened_count(sentence, following)
    if not other:
        return None
    rules = (*found.rules, "unit.suspended")
    return replace(other, quantity=replace(found, kind="count", unit=other.quantity.unit, rules=rules))


def read_count(sentence: Sentence, found: Quantity, antecedent: str | None) -> Reading:
    """Read a count with the noun behind it, or with the one it leaves out."""
    if is_level(sentence, found):
        return read_elliptical(sentence, found, antecedent)
    if is_crowd(sentence, found):
        rules = (*found.rules, "count.elliptical", "count.crowd")
        return Reading(quantity=replace(found, kind="count", unit=sentence.lexicon.words["person"], rules=rules))
    for rule, find in (
        ("count.noun", noun_behind),
        ("count.of", noun_of),
        ("count.listed", noun_of_list),
        ("count.measured", noun_behind_measure),
        ("count.postponed", noun_postponed),
        ("count.clause", noun_of_clause),
    ):
        if rule == "count.clause" and ((found.scale == 1 and not found.is_whole) or counts_persons(sentence, found)):
            break
        if noun := find(sentence, found):
            unit = head_noun(noun, sentence.tokens, sentence.lexicon)
            if rule == "count.of" and is_taken_from(sentence, found, unit):
                break
            if sentence.word(noun.head) == "others" and antecedent and antecedent not in sentence.sets["nouns.sexes"]:
                unit = antecedent
            return Reading(quantity=replace(found, kind="count", unit=unit, rules=(*found.rules, rule)), subject=noun)
    if found.scale == 1 and not found.is_whole:
        return Reading(quantity=replace(found, kind="ratio", unit=None, rules=(*found.rules, "ratio.bare")))
    return read_elliptical(sentence, found, antecedent)


def is_crowd(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a word for many persons stands before "of": "a crowd of up to 15,000", "una familia de cuatro"."""
    before = sentence.phrases["qualifiers"].before(sentence.tokens, found.first)
    place = (before[1] if before else found.first) - 1
    if sentence.word(place) not in sentence.sets["groups.of_words"] or noun_behind(sentence, found):
        return False
    return singular(sentence.word(place - 1), sentence.language) in sentence.sets["nouns.crowds"]


def noun_behind(sentence: Sentence, found: Quantity) -> Phrase | None:
    """Return the noun phrase right behind: "1,000 Kenyan officers"."""
    qualified = sentence.phrases["qualifiers_after"].at(sentence.tokens, found.last)
    start = qualified[1] if qualified else found.last + (sentence.word(found.last) == "+")
    if sentence.word(start) in sentence.sets["nouns.leaving_out"] and is_alone(sentence, start):
        return None
    is_single = found.value == 1 or (1 < found.value < TWO and not sentence.lexicon.flags["head_last"])
    return counted_phrase(sentence.tokens, start, sentence.lexicon, is_single=is_single)  # "1,4 enfant par femme"


def is_alone(sentence: Sentence, place: int) -> bool:
    """Return whether an adjective stands without its noun: "600 empleos directos y 1.500 indirectos"."""
    return place + 1 >= len(sentence.tokens) or is_stop(sentence.tokens[place + 1], sentence.lexicon)


def noun_of(sentence: Sentence, found: Quantity) -> Phrase | None:
    """Return the noun phrase behind "of": "ten of the 18 staffers"."""
    plural = (word for word in sentence.sets["groups.of_words"] if word.endswith("s"))  # "45 dos 81 votos"
    links = frozenset({sentence.lexicon.words["link"], *plural})
    if sentence.word(found.last) in links and (group := group_behind(sentence, found.last + 1)):
        return group
    phrase = phrase_behind(sentence.tokens, found.last, sentence.lexicon, links)
    return None if phrase and is_single_name(sentence, phrase) else phrase


def is_taken_from(sentence: Sentence, found: Quantity, unit: str) -> bool:
    """Return whether what stands behind "de" is where persons were taken from: "rescataron a 45 de los escombros"."""
    is_personal = sentence.word(found.first - 1) in sentence.sets["groups.before_persons"]
    return is_personal and counts_persons(sentence, found) and not names_persons(sentence, unit)


def is_single_name(sentence: Sentence, phrase: Phrase) -> bool:
    """Return whether a phrase is one name, which counts nothing: "2 de Messi"."""
    head = sentence.tokens[phrase.head]
    return head.text[0].isupper() and not is_acronym(head) and not is_plural(head.lower, sentence.lexicon)


def group_behind(sentence: Sentence, start: int) -> Phrase | None:
    """Return the group that a count is taken out of: "five of the best boats"."""
    while sentence.word(start) in sentence.sets["attribution.determiners"]:
        start += 1
    if start >= len(sentence.tokens):
        return None
    if is_number(sentence.tokens[start], sentence.lexicon):  # "11 of 13 counts", "cuatro de los cinco diputados"
        whole = counted_phrase(sentence.tokens, start + 1, sentence.lexicon, is_single=False)
        return replace(whole, first=start) if whole else None
    return counted_phrase(sentence.tokens, start, sentence.lexicon, is_single=False)


def noun_of_list(sentence: Sentence, found: Quantity) -> Phrase | None:
    """Return the noun phrase of the next number in a list: "nine and 12 shots"."""
    if sentence.word(found.last) not in sentence.sets["groups.list_joins"] or found.last + 1 >= len(sentence.tokens):
        return None
    following = measure(sentence, found.last + 1)
    if not following or following.kind:
        return None
    return noun_behind(sentence, following) or noun_postponed(sentence, following)


def noun_behind_measure(sentence: Sentence, found: Quantity) -> Phrase | None:
    """Return the noun phrase behind a measure that stands between: "two 120 mm rounds"."""
    if found.last >= len(sentence.tokens) or sentence.tokens[found.last].kind != NUMBER:
        return None
    between = measure(sentence, found.last)
    if not between or between.kind != "measurement":
        return None
    noun = noun_behind(sentence, replace(between, value=found.value))
    return replace(noun, first=found.last) if noun else None


def noun_postponed(sentence: Sentence, found: Quantity) -> Phrase | None:
    """Return the noun told behind the number that it reached: "eleva a 12 el número de muertos"."""
    place = found.last
    if sentence.word(place) in sentence.sets["nouns.tally_articles"]:
        if sentence.word(place + 1) not in sentence.sets["nouns.tallies"]:
            return None
        return phrase_behind(sentence.tokens, place + 2, sentence.lexicon, sentence.sets["groups.of_words"])
    before = sentence.phrases["qualifiers"].before(sentence.tokens, found.first)
    heads = sentence.sets["nouns.tally_heads"]
    if sentence.word((before[1] if before else found.first) - 1) not in heads:
        return None
    if sentence.word(place) not in sentence.sets["attribution.determiners"]:
        return None
    return counted_phrase(sentence.tokens, place + 1, sentence.lexicon, is_single=False)


def noun_of_clause(sentence: Sentence, found: Quantity) -> Phrase | None:
    """Return the first plural of the clause that reaches a bare number: "cases declined to 653"."""
    if sentence.word(found.first - 1) not in sentence.sets["nouns.clause_heads"]:
        return None
    noun = None
    for place in range(found.first - 2, max(-1, found.first - CLAUSE), -1):
        token = sentence.tokens[place]
        if token.kind != WORD:
            break
        is_unit = sentence.lexicon.units.at(sentence.tokens, place) is not None
        if token.lower in VERBS_IN_S:
            continue
        if (token.text[0].islower() or not place) and is_plural(token.lower, sentence.lexicon) and not is_unit:
            noun = Phrase(first=place, last=place + 1, head=place)
    return noun

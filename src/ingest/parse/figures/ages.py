"""Owns the ages of persons: "45-year-old man", "Ana Ruiz, 61,", "aged 12", "una joven de 17 años"."""

from dataclasses import replace

from ingest.parse.figures.grammar import Sentence
from ingest.parse.figures.quantities import Quantity
from ingest.parse.figures.readings import Reading
from ingest.parse.figures.subjects import Phrase, modifier_phrase, singular
from ingest.parse.figures.tokens import NUMBER, WORD

OLDEST = 200  # without a word of its own, nothing older is an age
OLDEST_NAMED = 120  # a bare number behind a name is an age up to here
PHRASES = (("age.after", "year"), ("age.months_after", "month"), ("age.weeks_after", "week"), ("age.days_after", "day"))
CLOSERS = frozenset({",", ")", ";", ".", ""})


def read_age(sentence: Sentence, found: Quantity) -> Reading | None:
    """Read an age told by its own words, or by what stands before it."""
    if found.kind not in {None, "duration"}:
        return None
    start = found.number_last + (sentence.word(found.number_last) in {"-", "‑"})
    for name, unit in PHRASES:
        if behind := sentence.phrases[name].at(sentence.tokens, start):
            rules = (*found.rules, "age.phrase")
            settled = replace(found, last=behind[1], kind="age", unit=unit, is_hyphened=False, rules=rules)
            return Reading(quantity=settled, subject=person_near(sentence, found.first, behind[1]))
    if (
        found.value > OLDEST
        or found.is_hyphened
        or found.unit not in {None, "year", "month"}
        or not is_age_context(sentence, found)
    ):
        return None
    settled = replace(found, kind="age", unit=found.unit or "year", rules=(*found.rules, "age.context"))
    return Reading(quantity=settled, subject=person_before(sentence, found.first))


def is_age_context(sentence: Sentence, found: Quantity) -> bool:
    """Say whether what stands before a number, or before years, makes it an age."""
    start = found.first - (sentence.word(found.first - 1) in sentence.sets["groups.between_words"])
    qualified = sentence.phrases["qualifiers"].before(sentence.tokens, start)
    start = before_pair(sentence, qualified[1] if qualified else start)
    needs_unit = sentence.lexicon.flags["age_needs_unit"]
    if sentence.phrases["age.before"].before(sentence.tokens, start) and needs_unit == (found.kind == "duration"):
        return True
    if found.kind is None:
        return is_bare_age(sentence, found, start)
    return needs_unit and belongs_to_person(sentence, start)


def before_pair(sentence: Sentence, start: int) -> int:
    """Give the place before the first age of a list: "aged 23, 31 and 40", "de 8 y 10 años"."""
    joins = {",", sentence.lexicon.words["and_word"]}
    while start > 1 and sentence.word(start - 1) in joins and sentence.tokens[start - 2].kind == NUMBER:
        start -= 2
    return start


def is_bare_age(sentence: Sentence, found: Quantity, start: int) -> bool:
    """Say whether a bare number stands between commas behind a name: "Ana Ruiz, 61,", "José Gil, de 35, y"."""
    after = sentence.word(found.last)
    closes = after in CLOSERS or (after == sentence.lexicon.words["and_word"] and sentence.word(start - 1) == "de")
    if not closes or found.value > OLDEST_NAMED or found.is_spelled:
        return False
    start -= sentence.word(start - 1) == "de"
    is_described = sentence.word(start) == "de" and is_person(sentence, start - 2)
    return sentence.word(start - 1) == "," and (is_name(sentence, start - 2) or is_described)


def belongs_to_person(sentence: Sentence, start: int) -> bool:
    """Say whether years follow a person: "Ana Ruiz, de 44 años", "un joven de 17 años", "Ana Ruiz, 44 años"."""
    if sentence.word(start - 1) in {",", "("}:
        return is_name(sentence, start - 2)
    if sentence.word(start - 1) != "de":
        return False
    if sentence.word(start - 2) not in {",", "("}:
        return is_person(sentence, start - 2)
    return is_person(sentence, start - 3) or sentence.word(start - 3) in {")", '"', "”"}


def is_person(sentence: Sentence, place: int) -> bool:
    """Say whether a name, or a noun for a person, stands at a place."""
    noun = singular(sentence.word(place), sentence.language)
    is_noun = noun in sentence.sets["person_nouns"] or noun.endswith(tuple(sentence.sets["person_endings"]))
    return is_noun or is_name(sentence, place)


def is_name(sentence: Sentence, place: int) -> bool:
    """Say whether a word with a capital stands at a place."""
    if not 0 <= place < len(sentence.tokens):
        return False
    token = sentence.tokens[place]
    is_capital = token.kind == WORD and token.text[0].isupper()
    is_common = any(token.lower in sentence.sets[name] for name in ("dates.months", "attribution.determiners"))
    return is_capital and not is_common


def person_near(sentence: Sentence, first: int, last: int) -> Phrase | None:
    """Give the person an age phrase qualifies: behind it in English, before it elsewhere."""
    behind = modifier_phrase(sentence.tokens, last, sentence.lexicon) if sentence.lexicon.flags["head_last"] else None
    return behind or person_before(sentence, first)


def person_before(sentence: Sentence, first: int) -> Phrase | None:
    """Give the person named just before an age."""
    tokens, place = sentence.tokens, first - 1
    if sentence.word(place) in sentence.sets["one_words"] and sentence.word(place - 1) == ",":
        place -= 1
    while sentence.word(place) in sentence.sets["age.between"]:
        place -= 1
    last = place + 1
    while place >= 0 and (is_name(sentence, place) or sentence.word(place) in sentence.sets["age.inside_names"]):
        place -= 1
    start = place + 1
    while start < last and not tokens[start].text[0].isupper():
        start += 1
    if start < last:
        return Phrase(first=start, last=last, head=last - 1)
    is_noun = (
        0 < last < first
        and tokens[last - 1].kind == WORD
        and sentence.word(last - 1) not in sentence.sets["nouns.stop"]
    )
    return Phrase(first=last - 1, last=last, head=last - 1) if is_noun else None

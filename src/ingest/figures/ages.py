"""Owns the ages of persons: "45-year-old man", "Ana Ruiz, 61,", "aged 12", "una joven de 17 años"."""

from dataclasses import replace

from .grammar import Sentence
from .quantities import Quantity
from .readings import Reading
from .subjects import VERBS_IN_S, Phrase, is_plural, modifier_phrase, singular
from .tokens import NUMBER, SIGN, WORD, is_acronym

OLDEST = 200  # without a word of its own, nothing older is an age
OLDEST_NAMED = 120  # a bare number behind a name is an age up to here
LINKED = 2  # tokens: "of" and a noun
NAMED = 7  # tokens
STREET = 5  # tokens of a street's name and the comma behind it
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
            person = person_near(sentence, found.first, behind[1])
            return Reading(quantity=settled, subject=person, subject_rule="subject.person" if person else None)
    if (
        found.value > OLDEST
        or found.is_hyphened
        or found.unit not in {None, "year", "month"}
        or not is_age_context(sentence, found)
    ):
        return None
    settled = replace(found, kind="age", unit=found.unit or "year", rules=(*found.rules, "age.context"))
    person = person_before(sentence, found.first)
    return Reading(quantity=settled, subject=person, subject_rule="subject.person" if person else None)


def is_age_context(sentence: Sentence, found: Quantity) -> bool:
    """Return whether what stands before a number, or before years, makes it an age."""
    start = found.first - (sentence.word(found.first - 1) in sentence.sets["groups.between_words"])
    qualified = sentence.phrases["qualifiers"].before(sentence.tokens, start)
    single = qualified[1] if qualified else start
    start = before_pair(sentence, single)
    if start < single and found.kind is None and is_counting(sentence, found):
        return False  # "a man aged 62 and two teenagers"
    needs_unit = sentence.lexicon.flags["age_needs_unit"]
    has_unit = found.kind == "duration"
    if sentence.phrases["age.before"].before(sentence.tokens, start) and (has_unit or not needs_unit):
        return True
    is_group = qualified is not None or found.value_high is not None
    if is_group and has_unit and sentence.word(start - 1) in sentence.sets["age.grouped"]:
        return True
    if has_unit and (names_age(sentence, start) or (found.value_high is not None and is_of_persons(sentence, start))):
        return True
    if qualified and not has_unit and not needs_unit and is_age_group(sentence, found, start):
        return True
    if found.kind is None:
        if is_bracketed_age(sentence, found):
            return True
        rules = (is_bare_age, is_stated_age, is_age_reached)
        return any(applies(sentence, found, start) for applies in rules)
    return needs_unit and belongs_to_person(sentence, start)


def names_age(sentence: Sentence, start: int) -> bool:
    """Return whether a clause names an age shortly before: "la edad de retiro de 60 a 65 años"."""
    for place in range(start - 1, max(-1, start - NAMED), -1):
        if sentence.word(place) in sentence.sets["age.words"]:
            return True
        if sentence.tokens[place].kind == SIGN:
            return False
    return False


def is_of_persons(sentence: Sentence, start: int) -> bool:
    """Return whether a noun for persons stands right before a span of years: "personas entre 30 y 40 años"."""
    place = start - 1 - (sentence.word(start - 1) == "de")
    return singular(sentence.word(place), sentence.language) in sentence.sets["person_nouns"]


def is_counting(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a plural stands right behind, so that the number counts."""
    return is_plural(sentence.word(found.last), sentence.lexicon)


def is_age_group(sentence: Sentence, found: Quantity, start: int) -> bool:
    """Return whether a bound behind persons is one of age: "people under 25", "anyone over 65"."""
    if found.is_rough or found.scale > 1 or found.value > OLDEST_NAMED or is_counting(sentence, found):
        return False
    before = sentence.word(start - 1)
    is_group = (
        before in sentence.sets["age.groups"] or singular(before, sentence.language) in sentence.sets["person_nouns"]
    )
    return is_group and sentence.word(start) in sentence.sets["age.bounds"]


def before_pair(sentence: Sentence, start: int) -> int:
    """Return the place before the first age of a list: "aged 23, 31 and 40", "de 8 y 10 años"."""
    joins = {",", sentence.lexicon.words["and_word"]}
    while start > 1 and sentence.word(start - 1) in joins and sentence.tokens[start - 2].kind == NUMBER:
        start -= 2
    return start


def is_bare_age(sentence: Sentence, found: Quantity, start: int) -> bool:
    """Return whether a bare number stands between commas behind a name: "Ana Ruiz, 61,", "José Gil, de 35, y"."""
    after = sentence.word(found.last)
    if not found.is_whole:
        return False
    is_old = sentence.word(start - 1) == "de"
    is_joined = after == sentence.lexicon.words["and_word"] and (
        is_old or (sentence.tokens[found.last + 1 :][:1] and sentence.tokens[found.last + 1].kind == NUMBER)
    )
    if not (after in CLOSERS or is_joined) or found.value > OLDEST_NAMED or found.is_spelled:
        return is_old and is_unclosed(sentence, found, start - 1)
    if is_house(sentence, start):
        return False
    start -= is_old
    start -= sentence.word(start - 1) in sentence.sets["age.each"]
    is_described = (is_old or not sentence.lexicon.flags["age_needs_unit"]) and is_person(sentence, start - 2)
    return sentence.word(start - 1) == "," and (is_persons_name(sentence, start - 2) or is_described)


def is_bracketed_age(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number in brackets is the age of the person named before: "the driver, Ana Ruiz (34)"."""
    is_held = sentence.word(found.first - 1) == "(" and sentence.word(found.last) == ")"
    if not is_held or not may_be_age(found) or found.is_spelled or found.kind:
        return False
    place = found.first - 2
    if sentence.word(place) in sentence.sets["person_nouns"] and not is_plural(sentence.word(place), sentence.lexicon):
        return True  # "su hijo (8)"
    if not is_full_name(sentence, place):
        return False
    while is_name(sentence, place) or sentence.word(place) in sentence.sets["age.inside_names"]:
        place -= 1
    place -= sentence.word(place) == ","
    return place >= 0 and sentence.tokens[place].text.islower() and is_person(sentence, place)


def is_persons_name(sentence: Sentence, place: int) -> bool:
    """Return whether the name that ends at a place may be a person's: no acronym, and behind no article: "o PT, 67"."""
    if not is_name(sentence, place):
        return False
    if not sentence.lexicon.flags["age_needs_unit"]:
        return True
    last = place
    while is_name(sentence, place):
        place -= 1
    return not is_acronym(sentence.tokens[last]) and sentence.word(place) not in sentence.sets["attribution.definites"]


def is_house(sentence: Sentence, start: int) -> bool:
    """Return whether a street stands before a number behind a comma: "Calle Mayor, 15, Madrid"."""
    nearby = {sentence.word(place) for place in range(max(0, start - STREET), start)}
    return not nearby.isdisjoint(sentence.sets["names.streets"] | sentence.sets["names.streets_before"])


def is_stated_age(sentence: Sentence, found: Quantity, start: int) -> bool:
    """Return whether a verb makes a bare number an age: "she was 15 when", "Ana Ruiz is 61.", "tenía 15 cuando"."""
    sets = sentence.sets
    verb = start - 1
    while sentence.word(verb) in sets["age.adverbs"]:
        verb -= 1
    contracted = sentence.word(verb) in sets["age.contracted"]
    if not may_be_age(found) or not (contracted or sentence.word(verb) in sets["age.verbs"]):
        return False
    after = sentence.tokens[found.last] if found.last < len(sentence.tokens) else None
    is_when = after is not None and after.lower in sets["age.when"]
    if not is_when and after is not None and after.text not in CLOSERS and after.lower not in sets["age.behind"]:
        return False
    if found.last + 1 < len(sentence.tokens) and sentence.tokens[found.last + 1].kind == NUMBER:
        return False  # "he was 2, 4 and 6 for"
    is_told = contracted or sentence.word(verb - 1) in sets["age.pronouns"] or is_full_name(sentence, verb - 1)
    if is_told or singular(sentence.word(verb - 1), sentence.language) in sets["person_nouns"]:
        return True
    is_known = not sentence.lexicon.flags["head_last"] or is_name(sentence, verb - 1)  # "tenía" needs no subject
    return is_when and is_known


def is_age_reached(sentence: Sentence, found: Quantity, start: int) -> bool:
    """Return whether a bare number is the age somebody had reached: "At 61, she", "murió a los 82."."""
    is_fit = may_be_age(found) and not found.is_spelled
    if is_fit and sentence.phrases["age.comparatives"].at(sentence.tokens, found.last):
        return True  # "children 12 and older"
    opening = sentence.phrases["age.at"].before(sentence.tokens, start)
    if not is_fit or not opening or sentence.word(found.last) not in CLOSERS:
        return False
    if not sentence.lexicon.flags["head_last"]:
        return True
    is_said = sentence.word(found.last) == "," and sentence.word(found.last + 1) in sentence.sets["age.pronouns"]
    return opening[1] == 0 and is_said


def may_be_age(found: Quantity) -> bool:
    """Return whether a bare number is a whole one that somebody may be old, without a word that scales it."""
    return 0 < found.value <= OLDEST_NAMED and found.scale == 1 and found.is_whole


def is_full_name(sentence: Sentence, place: int) -> bool:
    """Return whether a name of two words ends at a place."""
    is_pair = place > 0 and is_name(sentence, place) and is_name(sentence, place - 1)
    return is_pair and sentence.word(place - 1) not in sentence.sets["nouns.stop"]


def is_unclosed(sentence: Sentence, found: Quantity, start: int) -> bool:
    """Return whether a bare number right behind "de" is the age of a person: "su abuela de 66 fue hallada"."""
    is_fit = not found.is_spelled and 0 < found.value <= OLDEST_NAMED and found.value_high is None
    noun = sentence.word(start - 1)
    is_single = noun in sentence.sets["person_nouns"] or noun.endswith(tuple(sentence.sets["person_endings"]))
    after = sentence.tokens[found.last] if found.last < len(sentence.tokens) else None
    is_free = after is None or (after.kind == WORD and not is_plural(after.lower, sentence.lexicon))
    return is_fit and is_single and is_free and sentence.word(found.last) not in {"de", "a", "por"}


def belongs_to_person(sentence: Sentence, start: int) -> bool:
    """Return whether years follow a person: "Ana Ruiz, de 44 años", "un joven de 17 años", "Ana Ruiz, 44 años"."""
    if sentence.word(start - 1) in {",", "("}:
        return is_name(sentence, start - 2)
    if sentence.word(start - 1) != "de":
        return False
    if sentence.word(start - 2) not in {",", "("}:
        return is_person(sentence, start - 2)
    place = start - 3
    while sentence.word(place - 1) in sentence.sets["groups.of_words"] and not is_name(sentence, place):
        place -= 2  # "o motorista do caminhão, de 45 anos"
    return is_person(sentence, place) or sentence.word(start - 3) in {")", '"', "”"}


def is_person(sentence: Sentence, place: int) -> bool:
    """Return whether a name, or a noun for a person, stands at a place."""
    noun = singular(sentence.word(place), sentence.language)
    words = sentence.sets
    is_ended = noun.endswith(tuple(words["person_endings"])) and sentence.tokens[place].text[0].islower()
    is_noun = noun in words["person_nouns"] or (is_ended and noun not in words["nouns.stop"])
    is_noun = is_noun or (noun.startswith("ex") and noun[2:].lstrip("-") in words["person_nouns"])
    return is_noun or is_name(sentence, place)


def is_name(sentence: Sentence, place: int) -> bool:
    """Return whether a word with a capital stands at a place."""
    if not 0 <= place < len(sentence.tokens):
        return False
    token = sentence.tokens[place]
    is_capital = token.kind == WORD and token.text[0].isupper()
    is_common = any(token.lower in sentence.sets[name] for name in ("dates.months", "attribution.determiners"))
    return is_capital and not is_common


def person_near(sentence: Sentence, first: int, last: int) -> Phrase | None:
    """Return the person an age phrase qualifies: behind it in English, before it elsewhere."""
    behind = modifier_phrase(sentence.tokens, last, sentence.lexicon) if sentence.lexicon.flags["head_last"] else None
    return behind or person_before(sentence, first)


def person_before(sentence: Sentence, first: int) -> Phrase | None:
    """Return the person named just before an age, or before the first of several: "two daughters aged 11 and 7"."""
    tokens, place = sentence.tokens, before_pair(sentence, first) - 1
    if sentence.word(place) in sentence.sets["one_words"] and sentence.word(place - 1) == ",":
        place -= 1
    bound = sentence.phrases["qualifiers"].before(tokens, place + 1)
    place = bound[1] - 1 if bound and sentence.word(bound[1] - 1) not in sentence.sets["age.between"] else place
    while sentence.word(place) in sentence.sets["age.between"]:
        place -= 1
    last = place + 1
    while place >= 0 and (is_name(sentence, place) or sentence.word(place) in sentence.sets["age.inside_names"]):
        place -= 1
    start = place + 1
    while start < last and not tokens[start].text[0].isupper():
        start += 1
    if start < last:
        is_other = sentence.word(last - 1) in sentence.sets["age.pronouns"] | sentence.sets["age.measures"]
        is_other = is_other or sentence.word(last - 1) in sentence.sets["nouns.stop"]
        return None if is_other else Phrase(first=start, last=last, head=last - 1)
    is_linked = not sentence.lexicon.flags["head_last"]
    while is_linked and last > LINKED and sentence.word(last - LINKED) in sentence.sets["groups.of_words"]:
        if singular(sentence.word(last - 1), sentence.language) in sentence.sets["person_nouns"]:
            break
        last -= LINKED  # "o motorista do caminhão, de 45 anos"
    is_noun = (
        0 < last < first
        and tokens[last - 1].kind == WORD
        and sentence.word(last - 1) not in sentence.sets["nouns.stop"] | sentence.sets["nouns.verbs_in_s"] | VERBS_IN_S
        and sentence.word(last - 1) not in sentence.sets["age.contracted"] | sentence.sets["age.measures"]
    )
    return Phrase(first=last - 1, last=last, head=last - 1) if is_noun else None

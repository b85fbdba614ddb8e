"""Owns the numbers that tell when: dates, years, and how long ago. None of them is a figure."""

from .clocks import is_noun_like
from .grammar import Sentence
from .quantities import Quantity
from .speech_verbs import is_beside_figure
from .subjects import is_plural, singular
from .tokens import NUMBER, WORD

THOUSAND = 1000
FIRST_YEAR, LAST_YEAR, FIRST_LIKELY_YEAR = 1500, 2100, 1900


def is_date(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number is a day or the year of a month: "May 2", "Nov. 5", "8 de mayo", "el martes 25"."""
    if found.kind or found.value > LAST_YEAR or found.value != int(found.value):
        return False
    is_day = found.value <= 31
    months = sentence.sets["dates.months"]
    before, after = sentence.word(found.first - 1), sentence.word(found.last)
    if before == "." and is_day and sentence.word(found.first - 2) in months - {"may", "mar"}:
        return True
    if before in months and (is_day or is_year_like(sentence, found)):
        return before not in {"may", "march", "mar", "sep"} or sentence.tokens[found.first - 1].text[0].isupper()
    if is_day and (is_pair_of_days(sentence, found) or is_further_day(sentence, found)):
        return True
    month = found.last + (after in {"de", "el", "of"})
    if is_day and sentence.word(month) in months:
        return sentence.word(month) not in {"may", "march"} or sentence.tokens[month].text[0].isupper()
    if before in sentence.sets["dates.day_before"] and is_day and (not found.is_spelled or not after[:1].isalpha()):
        return not after or not is_noun_like(sentence, found.last)
    is_weekday = before in sentence.sets["dates.weekdays"] or (
        before == "the" and sentence.word(found.first - 2) in sentence.sets["dates.weekdays"]
    )
    return is_weekday and is_day and (not after or not is_noun_like(sentence, found.last))


def is_pair_of_days(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a day opens or closes a span of days: "4 to 22 January", "del 4 al 22 de este mes"."""
    joins, last = sentence.sets["dates.day_joins"], found.last
    if sentence.word(last) in joins and sentence.word(last + 1).isdigit():
        last += 2
    elif sentence.word(found.first - 1) not in joins or not sentence.word(found.first - 2).isdigit():
        return False
    if sentence.phrases["dates.month_behind"].at(sentence.tokens, last):
        return True
    last += sentence.word(last) in {"de", "of"}
    return sentence.word(last) in sentence.sets["dates.months"] and last > found.last


def is_further_day(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a day is joined to one behind its month: "November 4 and 5"."""
    is_joined = sentence.word(found.first - 1) == sentence.lexicon.words["and_word"] and not found.is_spelled
    is_day_before = is_joined and sentence.word(found.first - 2).isdigit()
    if not is_day_before or sentence.word(found.first - 3) not in sentence.sets["dates.months"]:
        return False
    return not is_plural(sentence.word(found.last), sentence.lexicon)


def is_spoken_year(sentence: Sentence, found: Quantity) -> bool:
    """Return whether words tell a year: "in two thousand and sixteen", "nineteen ninety-five", "de dos mil quince"."""
    if found.kind or not found.is_spelled or found.value_high is not None:
        return False
    if FIRST_LIKELY_YEAR < found.value < LAST_YEAR and found.value % 100:
        is_dated = sentence.word(found.first - 1) in sentence.sets["dates.year_before"]
        return is_dated and not is_plural(sentence.word(found.last), sentence.lexicon)
    cardinals = sentence.lexicon.cardinals
    before, after = cardinals.get(sentence.word(found.first - 1)), cardinals.get(sentence.word(found.last))
    is_tied = sentence.word(found.last + 1) == "-" and sentence.word(found.last + 2) not in cardinals
    return (before is not None and before >= 1) or (after is not None and after >= 1 and not is_tied)


def is_year_like(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number is four plain digits that may be a year."""
    opening = sentence.tokens[found.first]
    return opening.kind == NUMBER and len(opening.text) == 4 and FIRST_YEAR <= found.value <= LAST_YEAR


def is_year(sentence: Sentence, found: Quantity) -> bool:
    """Four plain digits are a year unless a qualifier makes them a count; before 1900 unless a noun follows."""
    if found.kind is None and sentence.phrases["dates.eras"].at(sentence.tokens, found.last):
        return not found.is_spelled
    if not found.kind and is_early_year(sentence, found):
        return True
    if found.kind or not is_year_like(sentence, found):
        return False
    if found.value_high is not None:
        return found.value_high <= LAST_YEAR
    qualified = sentence.phrases["qualifiers"].before(sentence.tokens, found.first)
    if qualified and is_counted_whole(sentence, found):
        return False
    is_likely = found.value >= FIRST_LIKELY_YEAR
    if qualified and is_likely and is_beside_figure(sentence.tokens, qualified[1], sentence.lexicon):
        return True  # "0.3% above 2023"
    if qualified and qualified[0] == "at_most" and is_likely:
        return sentence.word(found.last) not in sentence.lexicon.plurals and not is_plural(
            sentence.word(found.last), sentence.lexicon
        )  # "from this year up to 2027"
    if qualified and sentence.word(found.first - 1) not in sentence.sets["dates.until"]:
        is_until = sentence.word(qualified[1] - 1) in sentence.sets["dates.until"]
        return is_until and found.value >= FIRST_LIKELY_YEAR  # "until at least 2021"
    if found.value >= FIRST_LIKELY_YEAR or sentence.word(found.first - 1) in sentence.sets["dates.year_before"]:
        return True
    nearby = [sentence.word(place) for place in (found.last, found.last + 1)]
    return not any(is_plural(word, sentence.lexicon) for word in nearby)


def is_early_year(sentence: Sentence, found: Quantity) -> bool:
    """Return whether four plain digits before 1500 are a year: "in 1475, under Mehmed"."""
    digits = sentence.word(found.first)
    is_early = len(digits) == 4 and digits.isdigit() and THOUSAND <= found.value < FIRST_YEAR
    is_dated = is_early and found.last - found.first == 1 and sentence.word(found.first - 1) in {"in", "en"}
    after = sentence.tokens[found.last] if found.last < len(sentence.tokens) else None
    return is_dated and (after is None or after.kind != WORD or after.lower in sentence.sets["nouns.stop"])


def is_counted_whole(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a plural behind four digits is counted: "about 2000 people", but "around 2010 prices fell"."""
    noun = sentence.word(found.last)
    is_person = singular(noun, sentence.language) in sentence.sets["person_nouns"]
    return is_plural(noun, sentence.lexicon) and (is_person or found.value % 100 == 0)


def is_relative_date(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a duration tells a date by its distance: "two years ago", "hace tres días"."""
    if found.kind != "duration" or found.is_hyphened:
        return False
    is_lasting = sentence.word(found.first - 1) in sentence.sets["dates.lasting_before"]  # "jailed for 11 years after"
    is_lasting = is_lasting or sentence.phrases["dates.lasting_bounds"].before(sentence.tokens, found.first) is not None
    if sentence.phrases["dates.relative_after"].at(sentence.tokens, found.last) and not is_lasting:
        return True
    qualified = sentence.phrases["qualifiers"].before(sentence.tokens, found.first)
    before = sentence.phrases.get("dates.relative_before")
    return bool(before and before.before(sentence.tokens, qualified[1] if qualified else found.first))


def is_short_time(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a duration is an idiom that counts nothing: "one day", "a year"."""
    if found.kind != "duration" or not found.is_spelled or found.value != 1:
        return False
    return sentence.word(found.first) != "one" or sentence.word(found.last - 1) in {"day", "night"}

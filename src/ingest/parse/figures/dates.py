"""Owns the numbers that tell when: dates, years, hours, and how long ago. None of them is a figure."""

from ingest.parse.figures.grammar import Sentence
from ingest.parse.figures.quantities import Quantity
from ingest.parse.figures.subjects import is_plural
from ingest.parse.figures.tokens import NUMBER, WORD

FIRST_YEAR, LAST_YEAR, FIRST_LIKELY_YEAR = 1500, 2100, 1900


def is_clock(sentence: Sentence, found: Quantity) -> bool:
    """Say whether a number is an hour: "6am", "at 7", "a las 8"."""
    if found.kind not in {None, "duration"} or found.value > 24:
        return False
    if found.unit == "hour" and sentence.word(found.first - 1) in sentence.sets["dates.clock_before"]:
        return True
    after = sentence.word(found.last)
    spaced = "".join(sentence.word(found.last + step) for step in range(3))
    if after in sentence.sets["dates.clock"] or spaced.startswith(("a.m", "p.m")) or spaced[:3] in {".am", ".pm"}:
        return True
    if found.kind is None and is_beside_clock(sentence, found):
        return True
    if found.kind is None and sentence.phrases["dates.clock_behind"].at(sentence.tokens, found.last):
        return sentence.word(found.first - 1) in sentence.sets["dates.clock_before"]
    if found.kind or found.is_spelled or sentence.word(found.first - 1) not in sentence.sets["dates.clock_before"]:
        return False
    return found.last >= len(sentence.tokens) or not is_noun_like(sentence, found.last)


def is_beside_clock(sentence: Sentence, found: Quantity) -> bool:
    """Say whether a number is one end of a span of hours: "10:30 to 3", "from 7 to 7:30"."""
    first, last, joins = found.first, found.last, sentence.sets["dates.clock_joins"]
    if sentence.word(first - 1) in joins and sentence.word(first - 3) == ":" and sentence.word(first - 2).isdigit():
        return True
    if sentence.word(last) in joins and sentence.word(last + 2) == ":" and sentence.word(last + 1).isdigit():
        return True
    is_span = found.value_high is not None and found.value_high <= 24
    return is_span and sentence.word(last) in sentence.sets["dates.days_near"]


def is_noun_like(sentence: Sentence, place: int) -> bool:
    """Say whether a word that may be a noun or an adjective stands at a place, or a hyphen that ties one."""
    token = sentence.tokens[place]
    if token.kind != WORD:
        return token.text == "-"
    return token.lower not in sentence.sets["nouns.stop"] | sentence.sets["nouns.joins"]


def is_date(sentence: Sentence, found: Quantity) -> bool:
    """Say whether a number is a day or the year of a month: "May 2", "Nov. 5", "8 de mayo", "el martes 25"."""
    if found.kind or found.value > LAST_YEAR or found.value != int(found.value):
        return False
    is_day = found.value <= 31
    months = sentence.sets["dates.months"]
    before, after = sentence.word(found.first - 1), sentence.word(found.last)
    if before == "." and is_day and sentence.word(found.first - 2) in months - {"may", "mar"}:
        return True
    if before in months and (is_day or is_year_like(sentence, found)):
        return before not in {"may", "march", "mar", "sep"} or sentence.tokens[found.first - 1].text[0].isupper()
    month = found.last + (after in {"de", "el"})
    if is_day and sentence.word(month) in months:
        return sentence.word(month) not in {"may", "march"} or sentence.tokens[month].text[0].isupper()
    if before in sentence.sets["dates.day_before"] and is_day and not found.is_spelled:
        return not after or not is_noun_like(sentence, found.last)
    is_weekday = before in sentence.sets["dates.weekdays"]
    return is_weekday and is_day and (not after or not is_noun_like(sentence, found.last))


def is_year_like(sentence: Sentence, found: Quantity) -> bool:
    """Say whether a number is four plain digits that may be a year."""
    opening = sentence.tokens[found.first]
    return opening.kind == NUMBER and len(opening.text) == 4 and FIRST_YEAR <= found.value <= LAST_YEAR


def is_year(sentence: Sentence, found: Quantity) -> bool:
    """Four plain digits are a year unless a qualifier makes them a count; before 1900 unless a noun follows."""
    if found.kind or not is_year_like(sentence, found):
        return False
    if found.value_high is not None:
        return found.value_high <= LAST_YEAR
    qualified = sentence.phrases["qualifiers"].before(sentence.tokens, found.first)
    if qualified and sentence.word(found.first - 1) not in sentence.sets["dates.until"]:
        return False
    if found.value >= FIRST_LIKELY_YEAR or sentence.word(found.first - 1) in sentence.sets["dates.year_before"]:
        return True
    nearby = [sentence.word(place) for place in (found.last, found.last + 1)]
    return not any(is_plural(word, sentence.lexicon) for word in nearby)


def is_relative_date(sentence: Sentence, found: Quantity) -> bool:
    """Say whether a duration tells a date by its distance: "two years ago", "hace tres días"."""
    if found.kind != "duration" or found.is_hyphened:
        return False
    if sentence.phrases["dates.relative_after"].at(sentence.tokens, found.last):
        return True
    qualified = sentence.phrases["qualifiers"].before(sentence.tokens, found.first)
    before = sentence.phrases.get("dates.relative_before")
    return bool(before and before.before(sentence.tokens, qualified[1] if qualified else found.first))


def is_short_time(sentence: Sentence, found: Quantity) -> bool:
    """Say whether a duration is an idiom that counts nothing: "one day", "a year"."""
    if found.kind != "duration" or not found.is_spelled or found.value != 1:
        return False
    return sentence.word(found.first) != "one" or sentence.word(found.last - 1) in {"day", "night"}

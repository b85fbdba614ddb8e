"""Owns what looks like a figure and is none; each rule has a name. Dates and names have modules of their own."""

from collections.abc import Callable

from .ages import is_bracketed_age
from .clocks import is_clock
from .dates import is_date, is_relative_date, is_short_time, is_spoken_year, is_year
from .foreign import is_foreign_scale
from .grammar import Sentence
from .names import is_model, is_modifier, is_named, is_spelled_name, is_street, is_suffix
from .quantities import DASHES, Quantity
from .subjects import is_plural
from .tokens import NUMBER, SIGN, WORD

TIES_BEFORE = frozenset("/_:=&#*\\.'’")
TIES_BEHIND = frozenset("/_@#=\\·")
PHONE_GROUP = 3
THOUSAND, MILLION = 1000, 1000000
CROSSES = frozenset("x×")
CHAINS = DASHES | {":", "/"}


def is_part_of_word(sentence: Sentence, found: Quantity) -> bool:
    """Return whether letters or signs tie a number to an identifier: "T3", "5G", "Covid-19", "K-12"."""
    tokens, first, last = sentence.tokens, found.first, found.last
    if first and tokens[first].glued:
        before = tokens[first - 1]
        is_bound = before.text == "=" and sentence.word(first - 2) in {"<", ">"}
        if before.kind != SIGN or (before.text in TIES_BEFORE and not is_bound):
            return True
        is_tied = before.text in DASHES and before.glued and first > 1
        if is_tied and tokens[first - 2].kind == WORD:
            return True
    if last >= len(tokens) or not tokens[last].glued:
        return False
    after = tokens[last]
    if sentence.phrases["age.after"].at(tokens, last):
        return False  # "18yo"
    if after.text == ":" and last + 1 < len(tokens):
        return tokens[last + 1].glued
    if after.text == "." and found.kind is None and is_suffix(sentence, last + 1):
        return True
    return after.kind == WORD or (after.text in TIES_BEHIND and found.kind is None)


def is_ordinal(sentence: Sentence, found: Quantity) -> bool:
    """Return whether an ending makes a number an ordinal or a decade: "40th", "3º", "1990s", "20s"."""
    after = sentence.tokens[found.last] if found.last < len(sentence.tokens) else None
    if found.unit == "second" and found.is_spelled and sentence.word(found.last - 1) == "second":
        return found.value > 1 and (
            after is None or after.kind != WORD or after.lower in sentence.sets["groups.of_words"]
        )
    if sentence.word(found.last - 1) == "°" and sentence.word(found.last) == sentence.lexicon.words["link"]:
        return sentence.word(found.last + 1) in sentence.sets["dates.months"]  # "1° de mayo"
    if not after or not after.glued or found.kind:
        return False
    if after.text == "." and sentence.word(found.last + 1)[:1] in {"º", "ª"}:
        return sentence.tokens[found.last + 1].glued  # "35.ª"
    return after.lower in sentence.sets["dates.ordinals"] or after.lower == "s" or after.text in "ºª°'’"


def is_chain(sentence: Sentence, found: Quantity) -> bool:
    """Return whether dashes, colons or slashes chain digits: "6-2", "347-966-3806", "10:30", "9/11", "1925-40"."""
    tokens = sentence.tokens
    if found.rules[-1] == "range.dash":
        return not (
            is_counted(sentence, found)
            or is_large_range(sentence, found)
            or is_whole(sentence, found)
            or is_aged(sentence, found)
        )
    for near, sign, beyond in (
        (found.first, found.first - 1, found.first - 2),
        (found.last, found.last, found.last + 1),
    ):
        is_inside = min(sign, beyond) >= 0 and max(sign, beyond) < len(tokens)
        if is_inside and tokens[sign].text in CHAINS and tokens[beyond].kind == NUMBER and tokens[near].glued:
            return True
    return False


def is_large_range(sentence: Sentence, found: Quantity) -> bool:
    """Return whether both ends are thousands and no years, so that "1000-5000" is a range; telephones are shorter."""
    ends = [token for token in sentence.tokens[found.first : found.last] if token.kind == NUMBER]
    is_grouped = all("," in token.text or "." in token.text for token in ends)
    return found.value >= THOUSAND and not is_year(sentence, found) and (is_grouped or found.value % 100 == 0)


def is_aged(sentence: Sentence, found: Quantity) -> bool:
    """Return whether what stands before a range makes it one of ages: "aged 40-45"."""
    return sentence.phrases["age.before"].before(sentence.tokens, found.first) is not None


def is_whole(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a range is all that is said, or is written with a tilde, as no score is: "30-40", "20~30"."""
    is_all = found.last - found.first == len(sentence.tokens)
    is_tilde = any(token.text == "~" for token in sentence.tokens[found.first : found.last])
    return (is_all or is_tilde) and not is_year(sentence, found)


def is_counted(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a plural noun follows, so that "10-12" is a range and no score."""
    after = sentence.word(found.last)
    is_plural = after in sentence.lexicon.plurals or after.endswith(sentence.lexicon.words["plural_ending"])
    return is_plural and after not in sentence.sets["nouns.stop"]


def is_list_number(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number opens an entry of a list: "3. Exercise", "2) Drink"."""
    if found.value > 100 or found.is_spelled or found.last + 1 >= len(sentence.tokens):
        return False
    if sentence.word(found.last) == ")" and "(" not in {sentence.word(place) for place in range(found.first)}:
        return True
    if found.first:
        return False
    after = sentence.tokens[found.last]
    opens_text = after.text[0].isupper() and after.lower in sentence.sets["nouns.stop"]
    return opens_text or after.text in {".", ")", ":", "–", "—"}


def is_pronoun(sentence: Sentence, found: Quantity) -> bool:
    """Return whether "one" stands for something or belongs to an idiom; Spanish "un", "una" and "uno" count nothing."""
    is_one = found.value == 1 and found.is_spelled and found.number_last - found.first == 1
    if not is_one or (found.kind not in {None, "duration"} and found.unit != "point"):
        return False
    if sentence.word(found.first) != "one":
        return True
    if found.kind == "duration" and sentence.phrases["qualifiers"].before(sentence.tokens, found.first):
        return False  # "for at least one minute"
    place, sets = found.number_last, sentence.sets
    if place >= len(sentence.tokens) or not sentence.tokens[place].text[0].islower():
        return True
    after = sentence.word(place)
    is_idiom = sentence.word(found.first - 1) in sets["one.before"] or after in sets["one.after"]
    is_idiom = is_idiom or "another" in {sentence.word(place + step) for step in range(1, 4)}
    return is_idiom or after in sets["nouns.stop"] or after.endswith(("ing", "ed"))


def is_score(sentence: Sentence, found: Quantity) -> bool:
    """Return whether two bare numbers tell a vote or a match: "by a vote of 68 to 31", "won 4 to 2", "por 5 a 3"."""
    if found.value_high is not None or is_counted(sentence, found):
        return False
    if sentence.phrases["scores.behind"].at(sentence.tokens, found.last) or is_attempt(sentence, found):
        return True
    joins = sentence.sets["scores.joins"]
    for opening, joint, other in ((found.first, found.last, found.last + 1), (None, found.first - 1, found.first - 2)):
        if sentence.word(joint) not in joins or not is_bare_number(sentence, other):
            continue
        start = other if opening is None else opening
        last = found.last if opening is None else other + 1
        nearby = {sentence.word(place) for place in range(start - 6, start)}
        behind = {sentence.word(place) for place in range(last, last + 2)}
        if not is_plural(sentence.word(last), sentence.lexicon):
            return not nearby.isdisjoint(sentence.sets["scores.before"]) or not behind.isdisjoint(
                sentence.sets["scores.after"]
            )
    return False


def is_rating(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a decimal out of a whole is a rating: "4.4 out of 5", "7,5 sobre 10"."""
    if found.kind not in {None, "ratio"} or found.unit:
        return False
    words = sentence.phrases["scores.wholes"]
    behind = words.at(sentence.tokens, found.last)
    if behind and not found.is_whole:
        return is_bare_number(sentence, behind[1])
    before = words.before(sentence.tokens, found.first)
    if not before or not is_bare_number(sentence, before[1] - 1):
        return False
    return not sentence.word(before[1] - 1).isdigit() and sentence.tokens[before[1] - 1].kind == NUMBER


def is_resolution(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a cross joins bare numbers: "1920 x 1080"."""
    sides = ((found.last, found.last + 1), (found.first - 1, found.first - 2))
    return any(sentence.word(sign) in CROSSES and is_bare_number(sentence, other) for sign, other in sides)


def is_attempt(sentence: Sentence, found: Quantity) -> bool:
    """Return whether two bare numbers count hits and attempts: "he went 12 for 15 from the line"."""
    attempts = sentence.sets["scores.attempts"]
    behind = sentence.word(found.last) in attempts and is_bare_number(sentence, found.last + 1)
    before = sentence.word(found.first - 1) in attempts and is_bare_number(sentence, found.first - 2)
    if not behind and not before:
        return False
    return not is_plural(sentence.word(found.last + 2 if behind else found.last), sentence.lexicon)


def is_bare_number(sentence: Sentence, place: int) -> bool:
    """Return whether digits or a number word stand at a place, with no percent sign behind."""
    if not 0 <= place < len(sentence.tokens) or sentence.word(place + 1) in sentence.marks.percent_signs:
        return False
    return sentence.tokens[place].kind == NUMBER or sentence.word(place) in sentence.lexicon.cardinals


def is_rate(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a collective tells what a price is for, or a short year stands behind "del": "$4 a dozen"."""
    before = sentence.tokens[found.first - 1] if found.first else None
    if before is None:
        return False
    is_after_price = before.kind == NUMBER or sentence.lexicon.units.before(sentence.tokens, found.first) is not None
    is_collective = "number.collective" in found.rules and sentence.word(found.first) in sentence.sets["one_words"]
    return is_collective and is_after_price and not is_counted(sentence, found)


def is_short_year(sentence: Sentence, found: Quantity) -> bool:
    """Return whether two digits, or a word for tens, tell a year or a decade: "los años 80", "los años ochenta"."""
    text = sentence.word(found.first)
    is_tens = found.is_spelled and 20 <= found.value <= 90 and found.value % 10 == 0
    is_short = ((len(text) == 2 and text.isdigit()) or is_tens) and found.last == found.first + 1
    if not is_short or is_counted(sentence, found):
        return False
    return sentence.phrases["dates.short_year_before"].before(sentence.tokens, found.first) is not None


def is_loose(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number only rounds off: "a week or two", "a day or three"."""
    if not found.is_spelled or sentence.word(found.first - 1) != "or":
        return False
    return sentence.word(found.first - 3) in sentence.sets["one_words"] and found.value <= 3


def is_always(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number only means without a pause: "24 heures sur 24", "7 jours sur 7"."""
    joins, word = sentence.sets["groups.ratio_joins"], sentence.word
    if not joins:
        return False
    is_first = word(found.last) in joins and word(found.last + 1) == word(found.first)
    return is_first or (word(found.first - 1) in joins and word(found.first - 3) == word(found.first))


def is_new_car(_sentence: Sentence, found: Quantity) -> bool:
    """Return whether no kilometres tell that a car is new: "autos cero kilómetro"."""
    return found.value == 0 and found.unit == "kilometre"


def is_champion(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number stands before "time" in the singular: "five time champion"."""
    return found.value > 1 and sentence.word(found.last) in sentence.sets["names.occasions"]


def is_identifier(sentence: Sentence, found: Quantity) -> bool:
    """Return whether digits are too many for a count without separators, or begin with a zero."""
    text = sentence.word(found.first)
    if not text.isdigit():
        return False
    if text[0] == "0" and len(text) > 1:
        return True
    if found.last - found.first > 1 and len(sentence.word(found.last)) > PHONE_GROUP:
        return sentence.word(found.last).isdigit()  # "91 555 0199"
    is_grouped = found.last - found.first > 1
    is_long = (
        len(text) == PHONE_GROUP and is_grouped and found.value >= MILLION if is_grouped else found.value >= MILLION
    )
    return is_long and {"number.scale", "scale.borrowed"}.isdisjoint(found.rules) and not is_counted(sentence, found)


def is_headless(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a bare number begins with its decimal mark, as calibres and batting averages do: ".22", ".300"."""
    return sentence.word(found.first)[:1] == "." and found.last - found.first < len(sentence.tokens)


def is_empty(sentence: Sentence, found: Quantity) -> bool:
    """Return whether "zero" stands alone and counts nothing."""
    return found.value == 0 and found.is_spelled and not is_counted(sentence, found)


def is_reference(sentence: Sentence, found: Quantity) -> bool:
    """Return whether bare numbers stand alone in brackets, as citations do: "(31)", "[4, 5]"."""
    if is_bracketed_age(sentence, found):
        return False
    first, last = found.first - 1, found.last
    tied = sentence.tokens[last : last + 3]
    if len(tied) == 3 and tied[0].text == "(" and tied[0].glued and tied[1].glued and tied[2].text == ")":
        return True  # "401(k)", "25(11)"
    if len(tied) == 3 and tied[0].text == "(" and tied[2].text == ")" and sentence.word(last + 3) == ":":
        return True  # "33 (1): 12"
    while sentence.word(first) == "," and sentence.word(first - 1).isdigit():
        first -= 2
    while sentence.word(last) == "," and sentence.word(last + 1).isdigit():
        last += 2
    return sentence.word(first) in {"(", "["} and sentence.word(last) in {")", "]"}


Exclusion = Callable[[Sentence, Quantity], bool]
UNIT_EXCLUSIONS: tuple[tuple[str, Exclusion], ...] = (  # of numbers with a unit, too
    ("foreign_scale", is_foreign_scale),
    ("ordinal", is_ordinal),
    ("part_of_word", is_part_of_word),
    ("rating", is_rating),
    ("new_car", is_new_car),
    ("always", is_always),
    ("clock", is_clock),
    ("relative_date", is_relative_date),
    ("pronoun", is_pronoun),
    ("short_time", is_short_time),
    ("model", is_model),
)
EXCLUSIONS = (  # of bare ones
    *UNIT_EXCLUSIONS,
    ("chain", is_chain),
    ("score", is_score),
    ("resolution", is_resolution),
    ("rate", is_rate),
    ("short_year", is_short_year),
    ("champion", is_champion),
    ("loose", is_loose),
    ("date", is_date),
    ("year", is_year),
    ("spoken_year", is_spoken_year),
    ("name", is_named),
    ("spelled_name", is_spelled_name),
    ("street", is_street),
    ("list_number", is_list_number),
    ("modifier", is_modifier),
    ("identifier", is_identifier),
    ("reference", is_reference),
    ("headless", is_headless),
    ("empty", is_empty),
)


def find_exclusion(sentence: Sentence, found: Quantity) -> str | None:
    """Return the name of the first rule by which this is no figure, or None."""
    rules = EXCLUSIONS if found.kind is None else UNIT_EXCLUSIONS
    return next((name for name, applies in rules if applies(sentence, found)), None)

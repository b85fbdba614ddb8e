"""Owns the numbers that belong to a name: "Nikkei 225", "Article 5", "Group of Seven", "10 Downing Street"."""

from .grammar import Sentence
from .quantities import DASHES, Quantity
from .subjects import POSSESSIVES, is_plural, singular
from .tokens import NUMBER, WORD

POSTAL_CODE = 5  # digits
FEW = 3  # "three-way": what a word up to here ties together is no count
LONGEST_MODEL = 2  # digits
LONGEST_LABEL = 3  # digits
LABELLED = 2  # tokens: an article and a noun
LONGEST_SUFFIX = 4  # letters
LONGEST_LIST = 6  # numbers behind one label
LETTER_MARKS: dict[str, set[str]] = {
    "G": set(),
    "R": {"ZA", "LS", "NA", "SZ"},
    "RS": {"IN", "PK", "LK", "NP", "MU"},
    "Q": {"GT"},
    "L": {"HN"},
}  # at home
OPENERS = frozenset("“\"‘«:¿¡(—–-.'")


def is_named(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number belongs to the word before it, which numbers something or is a name."""
    first = found.first
    if found.kind or not first:
        return False
    if (
        is_one_of_several(sentence, found)
        or is_number_of_noun(sentence, found)
        or is_work(sentence, found)
        or is_title(sentence, found)
        or (not is_plural_behind(sentence, found) and is_emergency_line(sentence, found))
    ):
        return True
    end = before_listed(sentence, first - 1 if sentence.word(first - 1) == "." else first)
    if sentence.word(first - 1) in sentence.sets["groups.of_words"] and sentence.word(first - 2).isdigit():
        end = first - 2  # "page 2 of 14"
    is_counting = is_plural_behind(sentence, found)
    if sentence.phrases["names.words"].before(sentence.tokens, end) and not is_counting:
        return True
    before = sentence.tokens[first - 1]
    if before.kind != WORD or before.text.islower() or found.is_spelled or is_common(sentence, before.lower):
        return False
    if sentence.phrases["qualifiers"].before(sentence.tokens, first):
        return False
    is_large = found.value >= 1000 or "," in sentence.tokens[first].text
    is_opening = first == 1 or sentence.word(first - 2) in OPENERS
    if is_opening and before.lower.endswith(tuple(sentence.sets["names.verb_endings"])):
        return False
    is_label = sentence.phrases["names.words"].before(sentence.tokens, first) is not None  # "Type 2 patients"
    is_numbered = is_label and sentence.tokens[first].text.isdigit()  # "Rescue 1122 officials"
    if is_counting and ((is_large and not is_numbered) or (not is_label and is_free_count(sentence, found))):
        return False
    return is_label or not (is_opening and (is_counting or is_large))


def is_one_of_several(sentence: Sentence, found: Quantity) -> bool:
    """Return whether digits name a grade or one of several: "95 unleaded", "la unidad 5 de Mariel y la 2 de Felton"."""
    if sentence.word(found.last) in sentence.sets["names.grades"]:
        return True
    is_single = sentence.word(found.first - 1) in sentence.sets["names.articles"] and found.value > 1
    is_digits = sentence.word(found.first).isdigit() and found.last - found.first == 1
    return is_single and is_digits and sentence.word(found.last) in sentence.sets["groups.of_words"]


def is_number_of_noun(sentence: Sentence, found: Quantity) -> bool:
    """Return whether few digits behind an article and its noun name it: "el bloque 57", "do lote 4", "le lot 4"."""
    first, sets = found.first, sentence.sets
    digits = sentence.word(first)
    if first < LABELLED or sentence.word(first - LABELLED) not in sets["names.numbering"]:
        return False
    is_label = digits.isdigit() and len(digits) <= LONGEST_LABEL and found.last - first == 1
    if not is_label or sentence.phrases["qualifiers"].before(sentence.tokens, first):
        return False  # "no máximo 120"
    noun = sentence.tokens[first - 1]
    is_noun = noun.kind == WORD and noun.text.islower() and noun.lower not in sets["nouns.stop"]
    return is_noun and not is_plural(noun.lower, sentence.lexicon) and not is_plural_behind(sentence, found)


def is_suffix(sentence: Sentence, place: int) -> bool:
    """Return whether few small letters are glued to a point, as in names of sites and files: "99.co", "12.pdf"."""
    if place >= len(sentence.tokens):
        return False
    token = sentence.tokens[place]
    is_tied = token.glued and token.text.islower() and len(token.text) <= LONGEST_SUFFIX
    return is_tied and token.lower not in sentence.sets["nouns.stop"]


def before_listed(sentence: Sentence, first: int) -> int:
    """Return the place of the first of the numbers that "and" joins: "artículos 4 y 7", "sections 3, 8 and 12"."""
    joins = {",", sentence.lexicon.words["and_word"]}
    for _ in range(LONGEST_LIST):
        is_listed = sentence.word(first - 1) in joins and sentence.word(first - 2).isdigit()
        if not is_listed or len(sentence.word(first - 2)) > LONGEST_LABEL:
            break
        first -= 2
    return first


def is_model(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number names a model or an artist: "the Audi R8", "an RS7", "400 737 Max jets", "50 Cent"."""
    tokens, first = sentence.tokens, found.first
    if sentence.phrases["names.whole"].at(tokens, first) and tokens[found.last - 1].text[0].isupper():
        return True
    if found.kind is None:
        is_behind_number = (
            first > 0 and tokens[first - 1].kind == NUMBER and tokens[first - 1].start < tokens[first].start
        )
        return is_behind_number and tokens[first].text in sentence.sets["names.models"]
    return is_letter_model(sentence, found)


def is_letter_model(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a currency's letters and few digits are a model: "R8", "RS7"; sums have scales or more digits."""
    letters, number = sentence.tokens[found.first], sentence.tokens[found.last - 1]
    is_tied = found.last - found.first == 2 and letters.text in LETTER_MARKS and number.glued and found.scale == 1
    if not is_tied or not number.text.isdigit() or len(number.text) > LONGEST_MODEL:
        return False
    if sentence.place.country not in LETTER_MARKS[letters.text]:
        return True
    before = sentence.tokens[found.first - 1] if found.first else None
    return before is not None and before.kind == WORD and before.text[0].isupper() and found.first > 1


def is_free_count(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number behind a name counts all the same: "Iran's 31 provinces", "In Gaza 12 people".

    Where the noun comes first, what a name numbers would stand before the name.
    """
    is_possessed = sentence.word(found.first - 1).endswith(POSSESSIVES)
    noun = singular(sentence.word(found.last), sentence.language)
    is_person = noun == sentence.lexicon.words["person"] or noun in sentence.sets["nouns.sexes"]
    return is_possessed or is_person or not sentence.lexicon.flags["head_last"]


def is_emergency_line(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number is the one that people call for help."""
    is_line = found.number_last - found.first == 1 and sentence.word(found.first) in sentence.sets["names.emergency"]
    if sentence.word(found.first - 1) not in sentence.sets["names.emergency_before"]:
        return False
    return is_line and sentence.word(found.last) not in sentence.sets["nouns.adjective_persons"]


def is_title(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number opens a quoted title inside a sentence: the “50 Lakes” shop."""
    if found.first < 2 or sentence.word(found.first - 1) not in {"“", "‘", "«"} or found.last >= len(sentence.tokens):
        return False
    return sentence.word(found.first - 2) not in {",", ":"} and sentence.tokens[found.last].text[0].isupper()


def is_work(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number stands in a title or names a model: "The 7 Habits of", "a 712"."""
    before, after = sentence.tokens[found.first - 1], sentence.word(found.last)
    if before.text == "The" and found.first > 1 and sentence.word(found.first - 2) not in OPENERS:
        return True
    is_model = before.lower in sentence.sets["names.singles"] and not found.is_spelled and found.scale == 1
    is_aged = sentence.phrases["age.after"].at(sentence.tokens, found.last) is not None
    return is_model and not is_aged and after != "-" and not is_plural_behind(sentence, found)


def is_common(sentence: Sentence, word: str) -> bool:
    """Return whether a word with a capital is no name: it opens a sentence, or is a weekday."""
    if word in sentence.lexicon.starters:
        return True
    return any(word in sentence.sets[name] for name in ("nouns.stop", "skips.before", "dates.weekdays"))


def is_plural_behind(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a plural in small letters stands right behind."""
    if found.last >= len(sentence.tokens):
        return False
    token = sentence.tokens[found.last]
    if token.kind != WORD or not token.text[0].islower() or token.lower in sentence.sets["nouns.stop"]:
        return False
    is_regular = token.lower.endswith("s") and len(token.text) > 3
    return token.lower in sentence.lexicon.plurals or (
        is_regular and token.lower not in sentence.sets["nouns.singular_s"]
    )


def is_spelled_name(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number word has a capital inside a sentence: "Group of Seven", "Big Ten"."""
    if found.kind or not found.is_spelled or not found.first:
        return False
    before = sentence.tokens[found.first - 1]
    return sentence.tokens[found.first].text[0].isupper() and before.text not in OPENERS


def is_street(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number stands before a street: "520 Third Street", "10 Downing Street"."""
    if found.kind is None and is_numbered_street(sentence, found):
        return True
    following = sentence.tokens[found.last : found.last + 6]
    if found.kind or not following or not following[0].text[0].isupper():
        return False
    return any(token.text[0].isupper() and token.lower in sentence.sets["names.streets"] for token in following)


def is_numbered_street(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number belongs to an address: "12, rue des Lilas, 75016 Paris", "Rua Augusta, 1.500"."""
    if is_before_street(sentence, found.last):
        return True
    if sentence.word(found.first - 1) != ",":
        return False
    following = sentence.tokens[found.last] if found.last < len(sentence.tokens) else None
    is_code = len(sentence.word(found.first)) == POSTAL_CODE and sentence.word(found.first).isdigit()
    if is_code and following is not None and following.text[0].isupper():
        return True
    place = found.first - 2
    while place > 0 and sentence.tokens[place].text[0].isupper():
        if sentence.word(place) in sentence.sets["names.street_openers"]:
            return True
        place -= 1
    return sentence.word(place) in sentence.sets["names.street_openers"]


def is_before_street(sentence: Sentence, place: int) -> bool:
    """Return whether a word for a street stands behind a house number, where the language writes it so."""
    streets = sentence.sets["names.streets_behind"]
    if not streets:
        return False
    place += sentence.word(place) == ","
    place += sentence.word(place) == "de" and sentence.word(place + 1) == "la"
    place += sentence.word(place) == "la"
    return sentence.word(place) in streets


def is_modifier(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a hyphen ties a number to a word that makes an idiom of it: "two-state", "three-way"."""
    if found.kind or found.last + 1 >= len(sentence.tokens):
        return False
    hyphen, tied = sentence.tokens[found.last : found.last + 2]
    if hyphen.text not in DASHES or not hyphen.glued or not tied.glued:
        return False
    is_counting = tied.lower in sentence.sets["names.hyphened_counts"] and found.value > FEW
    if tied.kind != WORD or (tied.lower in sentence.sets["names.hyphened"] and not is_counting):
        return True
    is_letter = len(tied.text) == 1 and tied.text.isupper()  # "3-D"
    return is_letter or (found.is_spelled and not is_counting)

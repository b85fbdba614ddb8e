"""Owns what a figure counts or qualifies: the noun phrase beside it as written, and its head noun in the singular."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from .lexicon import Lexicon, load_lexicon
from .singulars import french_singular, portuguese_singular
from .tokens import NUMBER, WORD, Token, is_acronym, word_at

VERBS_IN_S = frozenset({"shows", "needs", "lives", "works", "looks", "starts", "costs", "runs", "stands"})
VERBAL_ENDINGS = ("ly", "ed", "ing")
POSSESSIVES = ("'s", "’s", "s'", "s’")
COMPOUNDS = (("women", "woman"), ("people", "person"), ("children", "child"), ("men", "man"))  # "servicemen"
CONTRACTED = frozenset({"del", "do", "da", "dos", "das", "du", "des"})  # links with an article in them
REACH = 8  # tokens; no noun phrase worth a row is longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A noun phrase: its tokens and its head."""

    first: int
    last: int
    head: int


def is_plural(word: str, lexicon: Lexicon) -> bool:
    """Return whether a word looks like a noun in the plural."""
    return looks_plural(word, lexicon.language)


@lru_cache(maxsize=20000)
def looks_plural(word: str, language: str) -> bool:
    """Return whether a language's words, or its endings, make a word a plural."""
    lexicon = load_lexicon(language)
    sets = lexicon.sets
    if word in lexicon.plurals or word in sets["nouns.mass"]:
        return True
    if any(word in sets[name] for name in ("nouns.singular_s", "nouns.verbs_in_s", "nouns.stop")):
        return False
    if word.endswith(tuple(sets["nouns.plural_endings"])):
        return True
    is_long = word.endswith("s") and len(word) > 3
    return is_long and not word.endswith(tuple(sets["nouns.single_endings"]))


def is_stop(token: Token, lexicon: Lexicon) -> bool:
    """Return whether a token cannot stand inside a noun phrase."""
    is_name = token.text in lexicon.sets["nouns.acronyms"]  # "nine US companies"
    return token.kind != WORD or (token.lower in lexicon.sets["nouns.stop"] and not is_name)


def counted_phrase(tokens: Sequence[Token], start: int, lexicon: Lexicon, *, is_single: bool) -> Phrase | None:
    """Return the noun phrase that a count stands before: up to its plural head, or singular for one."""
    return (
        spanish_phrase(tokens, start, lexicon, is_single=is_single)
        if not lexicon.flags["head_last"]
        else english_phrase(tokens, start, lexicon, is_single=is_single)
    )


def english_phrase(tokens: Sequence[Token], start: int, lexicon: Lexicon, *, is_single: bool) -> Phrase | None:
    """The first plural is the head; adjectives before it may be joined by "and", or listed."""
    end = min(len(tokens), start + REACH)
    commas = joins = 0
    for place in range(start, end):
        token = tokens[place]
        is_adjective = token.lower in lexicon.sets["nouns.adjective_persons"] and not qualifies(tokens, place, lexicon)
        if token.kind == WORD and is_adjective:
            return Phrase(first=start, last=place + 1, head=place)
        if place > start and (token.text == "," or token.lower in lexicon.sets["nouns.joins"]):
            commas, joins = commas + (token.text == ","), joins + (token.text != ",")
            if commas > 1:
                break
        elif place == start and token.lower in lexicon.sets["nouns.joins"]:
            break
        elif is_stop(token, lexicon):
            if (
                token.text != "-"
                and not is_in_name(tokens, place, start, lexicon)
                and not is_hyphen_tied(tokens, place)
                and not opens_phrase(tokens, place, start, lexicon)
            ):
                break
        elif is_plural(token.lower, lexicon) and not leads_on(tokens, place, lexicon):
            head = last_plural(tokens, place, lexicon) if commas <= joins else None
            return Phrase(first=start, last=head + 1, head=head) if head is not None else None
    return modifier_phrase(tokens, start, lexicon) if is_single else None


def qualifies(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Return whether an adjective for persons stands before their noun: "three dead astronauts"."""
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    return following is not None and following.kind == WORD and is_plural(following.lower, lexicon)


def is_hyphen_tied(tokens: Sequence[Token], place: int) -> bool:
    """Return whether hyphens tie a word into a longer one: the "as" of "pay-as-you-go"."""
    return tokens[place].kind == WORD and tokens[place].glued and word_at(tokens, place - 1) == "-"


def is_in_name(tokens: Sequence[Token], place: int, start: int, lexicon: Lexicon) -> bool:
    """Return whether digits belong to a name inside a phrase: "Airbus A320 jets", "737 Max jets", "N95 masks"."""
    if tokens[place].kind != NUMBER:
        is_letter = len(tokens[place].text) == 1 and tokens[place].text.isupper() and place + 1 < len(tokens)
        return is_letter and tokens[place + 1].kind == NUMBER and tokens[place + 1].glued
    if place == start:
        return tokens[place].text in lexicon.sets["names.models"]
    before = tokens[place - 1]
    is_tied = tokens[place].glued and before.text == "-" and before.glued and place - start > 1  # "A350-900 jets"
    return is_tied or (before.text[0].isupper() and (tokens[place].glued or place - start == 1))


def opens_phrase(tokens: Sequence[Token], place: int, start: int, lexicon: Lexicon) -> bool:
    """Return whether a word that is a verb elsewhere opens the phrase as its adjective: "three paid plans"."""
    is_participle = place == start and tokens[place].lower in lexicon.sets["nouns.participles"]
    return is_participle and place + 1 < len(tokens) and not is_stop(tokens[place + 1], lexicon)


def leads_on(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Return whether a noun without a singular qualifies a plural to come: "media group clients"."""
    if tokens[place].lower not in lexicon.sets["nouns.mass"]:
        return False
    following = tokens[place + 1 : place + 3]
    for token in following:
        if is_stop(token, lexicon):
            return False
        if token.lower.endswith(lexicon.words["plural_ending"]) and is_plural(token.lower, lexicon):
            return True
    return False


def last_plural(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> int:
    """Return the head of a compound that starts with a plural: "sports cars", "security forces personnel"."""
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    if not following or following.kind != WORD or tokens[place].lower in lexicon.plurals:
        return place
    return place + 1 if is_plural(following.lower, lexicon) and following.lower not in VERBS_IN_S else place


def spanish_phrase(tokens: Sequence[Token], start: int, lexicon: Lexicon, *, is_single: bool) -> Phrase | None:
    """The noun comes first, behind few adjectives; plural adjectives may follow."""
    place = start
    if word_at(tokens, place) == lexicon.words["link"]:
        place += 1
        start = place
    while (
        word_at(tokens, place) in lexicon.sets["nouns.prenominal"]
        and place + 1 < len(tokens)
        and is_plural(word_at(tokens, place + 1), lexicon)
    ):
        place += 1
    if place >= len(tokens) or is_stop(tokens[place], lexicon):
        return None
    if not is_single and not is_plural(tokens[place].lower, lexicon):
        return None
    head = place
    place += 1
    while (
        place < len(tokens)
        and place - head < 3
        and is_plural(tokens[head].lower, lexicon)
        and not is_stop(tokens[place], lexicon)
        and tokens[place].text[0].islower()
        and is_plural(tokens[place].lower, lexicon)
    ):
        place += 1
    return Phrase(first=start, last=place, head=head)


def modifier_phrase(tokens: Sequence[Token], start: int, lexicon: Lexicon, *, is_tied: bool = False) -> Phrase | None:
    """Return the noun phrase that a figure stands in as an adjective: "$50 million contract", "18-month sentence"."""
    place, head = start, None
    while place < min(len(tokens), start + REACH):
        token = tokens[place]
        if head is not None and token.glued and (token.text in "-–" or token.kind == NUMBER):
            place += 1
            head = place - 1 if token.kind == NUMBER else head
            continue
        is_closing = token.lower in lexicon.sets["nouns.closers"]
        if (is_stop(token, lexicon) or is_closing) and (head is None or not is_hyphen_tied(tokens, place)):
            break
        if head is None and token.lower in lexicon.cardinals:
            break
        is_adjective = is_tied and place == start and is_noun_next(tokens, place, lexicon)
        if not is_adjective and is_verbal(tokens, place, lexicon, follows=head is not None):
            break
        head = place
        place += 1
        if is_plural(token.lower, lexicon):
            break
    if head is not None and tokens[head].lower.endswith(POSSESSIVES):
        return possessed_phrase(tokens, start, place, lexicon)
    return Phrase(first=start, last=head + 1, head=head) if head is not None else None


def is_noun_next(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Return whether a participle qualifies the noun behind it: "a 20-month suspended sentence"."""
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    is_ended = tokens[place].lower.endswith("ed") and following is not None
    return is_ended and following is not None and not is_stop(following, lexicon)


def possessed_phrase(tokens: Sequence[Token], start: int, place: int, lexicon: Lexicon) -> Phrase | None:
    """Return the counted noun that somebody's name stands before: "a third of Acme's 12,000 employees"."""
    if place >= len(tokens) or tokens[place].kind != NUMBER:
        return None
    found = english_phrase(tokens, place + 1, lexicon, is_single=False)
    return Phrase(first=start, last=found.last, head=found.head) if found else None


def is_number(token: Token, lexicon: Lexicon) -> bool:
    """Return whether a token is a number in digits or in one word."""
    return token.kind == NUMBER or token.lower in lexicon.cardinals


def is_verbal(tokens: Sequence[Token], place: int, lexicon: Lexicon, *, follows: bool) -> bool:
    """Return whether a word ends like a verb or an adverb and closes a noun phrase: "announced", "receiving them"."""
    word = tokens[place].lower
    if is_acronym(tokens[place]) or word in lexicon.sets["nouns.despite_ending"] or not word.endswith(VERBAL_ENDINGS):
        return False
    if follows or not word.endswith("ing"):
        return True
    return word_at(tokens, place + 1) in lexicon.sets["attribution.determiners"] | lexicon.sets["nouns.objects"]


def phrase_behind(tokens: Sequence[Token], start: int, lexicon: Lexicon, links: frozenset[str]) -> Phrase | None:
    """Return the noun phrase behind a link: "12% of voters", "$109 million in funding"."""
    if word_at(tokens, start) not in links:
        return None
    place = start + 1
    articles = lexicon.sets["attribution.determiners"]
    determined = word_at(tokens, place) in articles or word_at(tokens, start) in CONTRACTED
    while word_at(tokens, place) in lexicon.sets["nouns.determiners"] and place - start < 4:
        place += 1
    if place >= len(tokens) or tokens[place].lower in lexicon.sets["nouns.dimensions"]:
        return None
    token = tokens[place]
    if is_number(token, lexicon) and not determined:
        return None
    if lexicon.flags["head_last"]:
        if is_number(token, lexicon):
            found = english_phrase(tokens, place + 1, lexicon, is_single=False)
            return Phrase(first=place, last=found.last, head=found.head) if found else None
        found = modifier_phrase(tokens, place, lexicon)
        return None if found and is_time(tokens, found.last, lexicon) else found
    is_counted = is_number(token, lexicon)  # "12 de los 30 sobrevivieron" names no noun
    found = spanish_phrase(tokens, place + is_counted, lexicon, is_single=not is_counted)
    return Phrase(first=place, last=found.last, head=found.head) if found else None


def is_time(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Return whether a word makes the phrase before it a time: "in the last fiscal year"."""
    unit = lexicon.units.at(tokens, place)
    return unit is not None and unit[0].startswith("duration:")


def head_noun(phrase: Phrase, tokens: Sequence[Token], lexicon: Lexicon) -> str:
    """Return the singular of a phrase's head; persons named by an adjective are persons."""
    word = tokens[phrase.head].lower
    if word in lexicon.sets["nouns.adjective_persons"]:
        return lexicon.words["person"]
    return singular(word, lexicon.language)


@lru_cache(maxsize=20000)
def singular(word: str, language: str) -> str:
    """Return a noun's singular: the irregular ones from the lexicon, the rest by the language's endings."""
    lexicon = load_lexicon(language)
    if word in lexicon.plurals:
        return lexicon.plurals[word]
    if word in lexicon.sets["nouns.mass"] or word in lexicon.sets["nouns.singular_s"]:
        return word
    return SINGULARS[language](word)


def english_singular(word: str) -> str:
    """Undo -s, -es and -ies."""
    word = word.removesuffix("'s").removesuffix("’s")
    for plural, single in COMPOUNDS:
        if word.endswith(plural):
            return word.removesuffix(plural) + single
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes", "tzes")) or (word.endswith("oes") and len(word) > 5):
        return word[:-2]
    if word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    return word[:-1]


ACCENTED = str.maketrans("aeiou", "áéíóú")


def spanish_singular(word: str) -> str:
    """Undo -s and -es, and give the last syllable its accent back: "camiones" is "camión"."""
    if not word.endswith("s") or len(word) < 4 or word.endswith(("sis", "xis")):
        return word
    if word.endswith("ces"):
        return word[:-3] + "z"
    stem = word[:-2]
    if word.endswith("es") and len(stem) > 1 and stem[-1] in "dlnrsy" and stem[-2] in "aeiouáéíóú":
        syllables = sum(letter in "aeiouáéíóú" for letter in stem)
        if (
            stem[-1] in "ns"
            and syllables > 1
            and not any(letter in "áéíóú" for letter in stem)
            and not (stem.endswith("ns"))
        ):
            return stem[:-2] + stem[-2].translate(ACCENTED) + stem[-1]
        return stem
    if word.endswith(("íes", "úes")):
        return stem
    return word[:-1]


SINGULARS = {
    "en": english_singular,
    "es": spanish_singular,
    "pt": portuguese_singular,
    "fr": french_singular,
}

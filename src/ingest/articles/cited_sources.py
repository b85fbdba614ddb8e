"""Whom an article leans on in plain words: the outlets and persons it attributes to, by name and without a link.

The words that tell an attribution are those by which figures find who said them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from ..figures.attribution import Source, find_sources
from ..figures.lexicon import LANGUAGES, Lexicon, load_lexicon, read_table
from ..figures.sentences import sentence_spans
from ..figures.tokens import WORD, Token, tokenize
from ..text.normalized import any_of

LONGEST_PROSE = 3_000  # characters; a longer paragraph is data
LONGEST_NAME = 8  # words
MOST_NAMES = 40
LONGEST_WORD = 60  # characters
_MARKS_OF_NAMES = frozenset("-&'’.")
_HONORIFICS = frozenset({"mr", "mrs", "ms", "dr", "sr", "sra", "dra", "don", "doña"})
_POSSESSIVE = re.compile(r"['’]s?$")
_LAST_WORD = re.compile(r"\b([^\W\d_]+,?) \Z")
_SHORTENED = re.compile(r"['’](?:d|m|s|t|ll|re|ve)$")  # "They'd"


def read_named(paragraphs: Iterable[str], language: str | None) -> tuple[str, ...]:
    """Return each outlet and person that an article attributes to, once, in the order they are first named.

    Names only, no "officials"; a surname stands for the name that the story gives in full. Only in the languages whose
    attributions are known.
    """
    if language not in LANGUAGES:
        return ()
    lexicon = load_lexicon(language)
    text = "\n".join(one for one in paragraphs if len(one) <= LONGEST_PROSE)
    found: dict[str, None] = {}
    for start, end in _telling_spans(text, language):
        if len(found) == MOST_NAMES:
            break
        tokens = tokenize(text, start, end, pattern=lexicon.pattern)
        for source in find_sources(tokens, lexicon):
            for name in _parted(_name(tokens, source, lexicon), lexicon.words["and_word"]):
                whole = _whole_name(text[name[0].start : name[-1].end], text, lexicon)
                found.update({whole: None} if whole else {})
    return tuple(name for name in found if not any(_holds(other, name) for other in found))


def _telling_spans(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences that hold a verb of telling or the first word of "according to"."""
    tellers = _tellers(language)
    told = tellers.search(text)
    for start, end in sentence_spans(text) if told else ():
        if told and told.start() < start:
            told = tellers.search(text, start)
        if told and told.start() < end:
            yield start, end


@lru_cache(maxsize=len(LANGUAGES))
def _tellers(language: str) -> re.Pattern[str]:
    lexicon = load_lexicon(language)
    verbs = lexicon.sets["attribution.tellers"] | lexicon.sets["attribution.participles"]
    leads = {phrase.split()[0] for phrases in read_table(language)["leads"].values() for phrase in phrases}
    words = (verbs | leads | {lead.capitalize() for lead in leads}) - lexicon.sets["attribution.placers"]
    return re.compile(rf"\b(?:{any_of(sorted(words))})\b")


def _name(tokens: Sequence[Token], source: Source, lexicon: Lexicon) -> Sequence[Token]:
    """Return the proper name in a source: all of it, or the person behind an office in small letters."""
    if not source.is_named:
        return ()
    place = source.last
    inside = lexicon.sets["attribution.inside_names"]
    while place > source.first and _may_name(tokens[place - 1], inside):
        place -= 1
    while place < source.last and (not _is_capital(tokens[place]) or tokens[place].lower in _HONORIFICS):
        place += 1
    is_titled = place > 1 and tokens[place - 1].lower in lexicon.sets["attribution.determiners"]
    if is_titled and place < source.last and _is_capital(tokens[place - 1]):  # "according to The Herald"
        place -= 1
    name = tokens[place : source.last]
    is_whole = len(name) > 1 or place <= source.first or tokens[place - 1].lower in _HONORIFICS | {"."}
    is_name = len(name) <= LONGEST_NAME and bool(name) and _is_capital(name[-1])
    return name if is_whole and is_name else ()


def _may_name(token: Token, inside: frozenset[str]) -> bool:
    return _is_capital(token) or token.lower in inside or (token.text in _MARKS_OF_NAMES and token.glued)


def _is_capital(token: Token) -> bool:
    return token.kind == WORD and token.text[0].isupper()


def _parted(name: Sequence[Token], and_word: str) -> list[Sequence[Token]]:
    """Part two names: "Ana Ruiz and Luis Soto", but not "Prevention and Control"."""
    place = next((index for index, token in enumerate(name) if token.lower == and_word), 0)
    if place > 1 and len(name) - place > 2:
        return [name[:place], name[place + 1 :]]
    return [name] if name else []


def _whole_name(name: str, text: str, lexicon: Lexicon) -> str | None:
    """Return a name as the article first gives it in full; None where one word is no name, but opens a sentence."""
    name = _POSSESSIVE.sub("", name)
    if " " in name or (name.isupper() and len(name) > 1):
        return name
    if name.lower() in lexicon.sets["attribution.pronouns"] or _SHORTENED.search(name):
        return None
    before = [_word_before(text, form.start()) for form in re.finditer(rf"\b{re.escape(name)}\b", text)]
    other = _no_first_names(lexicon.language)
    first = next((word for word in before if word[:1].isupper() and word.isalpha() and word.lower() not in other), None)
    if first:
        return f"{first} {name}"
    return name if any(word[:1].islower() or word.endswith(",") for word in before) else None


def _word_before(text: str, place: int) -> str:
    """Return the word that a space parts from a place, with its comma; nothing where there is none."""
    words = _LAST_WORD.search(text, max(0, place - LONGEST_WORD), place)
    return words[1] if words else ""


@lru_cache(maxsize=len(LANGUAGES))
def _no_first_names(language: str) -> frozenset[str]:
    lexicon = load_lexicon(language)
    return _HONORIFICS | lexicon.sets["nouns.stop"] | lexicon.sets["attribution.fillers"]


def _holds(longer: str, shorter: str) -> bool:
    return longer != shorter and f" {shorter} " in f" {longer} "

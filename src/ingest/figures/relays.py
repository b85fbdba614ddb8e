"""Owns which outlet passed on what somebody else said: "Ana Ruiz told AFP", "..., dijo el alcalde, según Reuters"."""

from collections.abc import Sequence
from dataclasses import dataclass

from .attribution import Source, before_auxiliary, choose_source
from .lexicon import Lexicon
from .outlets import find_outlet, is_outlet, outlet_of
from .tokens import NUMBER, Token, word_at

INSERTION = 16  # tokens that describe the speaker: "dijo Ana Ruiz, directora del centro, a EFE"
LIGHT = ("attribution.fillers", "attribution.after_verb", "attribution.determiners", "attribution.relay_links")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Who said it and which outlet passed it on, each by where it starts and ends in the text."""

    originator: tuple[int, int]
    outlet: tuple[int, int]


def find_relay(
    tokens: Sequence[Token], sources: Sequence[Source], found: tuple[int, int], lexicon: Lexicon
) -> Relay | None:
    """Return who said a figure and which outlet passed it on, where its sentence names both."""
    chosen = choose_source(sources, *found)
    if chosen is None:
        return None
    if inside := find_inside(tokens, chosen, lexicon):
        return inside
    outlets = [one for one in sources if one.is_named and is_outlet(tokens, one.first, one.last, lexicon)]
    said = chosen
    if chosen in outlets:
        others = [one for one in sources if one not in outlets]
        said = choose_source(others, *found) or chosen
    elif outlet := find_listener(tokens, chosen, lexicon):
        return Relay(originator=span_of(tokens, chosen), outlet=outlet)
    asked = [chosen] if chosen in outlets else outlets
    tied = next((one for one in asked if said not in outlets and is_tied(tokens, one, said, lexicon)), None)
    outlet = outlet_of(tokens, tied.first, tied.last, lexicon) if tied else None
    return Relay(originator=span_of(tokens, said), outlet=outlet) if outlet else None


def find_inside(tokens: Sequence[Token], source: Source, lexicon: Lexicon) -> Relay | None:
    """Return the document and the outlet that had it, where one name has both: "documents seen by Reuters"."""
    for place in range(source.first + 1, source.last - 1):
        listener = lexicon.phrases["attribution.listeners"].at(tokens, place)
        if listener and listener[1] - place > 1 and (outlet := find_outlet(tokens, listener[1], source.last, lexicon)):
            return Relay(originator=(tokens[source.first].start, tokens[place - 1].end), outlet=outlet)
    return None


def span_of(tokens: Sequence[Token], source: Source) -> tuple[int, int]:
    """Return where a source's name stands in the text."""
    return tokens[source.first].start, tokens[source.last - 1].end


def is_tied(tokens: Sequence[Token], outlet: Source, said: Source, lexicon: Lexicon) -> bool:
    """Return whether an outlet relays another source: it closes their sentence, or nothing stands between the two."""
    if said.first <= outlet.first < said.last:
        return False  # "an analysis of data by Reuters"
    first, second = (outlet, said) if outlet.at < said.at else (said, outlet)
    between = range(first.at, second.at)
    if any(word_at(tokens, place) in lexicon.sets["attribution.contrasts"] for place in between):
        return False
    if outlet is second and closes(tokens, outlet, lexicon):
        return True
    behind = first.last if first.last > first.at else first.at + 1
    return all(is_light(tokens, place, lexicon) for place in range(behind, min(second.first, second.at)))


def closes(tokens: Sequence[Token], outlet: Source, lexicon: Lexicon) -> bool:
    """Return whether an outlet ends its sentence behind a comma, perhaps with a day: "..., Reuters noted on Monday"."""
    is_determined = word_at(tokens, outlet.first - 1) in lexicon.sets["attribution.determiners"]
    opening = min(outlet.first - is_determined - 1, before_auxiliary(tokens, outlet.at, lexicon))
    behind = max(outlet.at + 1, outlet.last)
    return word_at(tokens, opening) == "," and all(
        is_light(tokens, place, lexicon) or tokens[place].text in '.”"»' for place in range(behind, len(tokens))
    )


def is_light(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Return whether a token may stand between two sources of one statement: a comma, a day, "that"."""
    token = tokens[place]
    if token.lower == lexicon.words["and_word"]:
        return False
    is_date = token.kind == NUMBER or token.lower in lexicon.sets["dates.weekdays"] | lexicon.sets["dates.months"]
    return token.text == "," or is_date or any(token.lower in lexicon.sets[name] for name in LIGHT)


def find_listener(tokens: Sequence[Token], source: Source, lexicon: Lexicon) -> tuple[int, int] | None:
    """Return where the outlet stands that somebody spoke to: "told AFP", "dijo a EFE el alcalde"."""
    verb, last = source.at, source.last
    if tokens[verb].lower in lexicon.sets["attribution.told"]:
        end = source.first if source.first > verb else len(tokens)
        return find_outlet(tokens, verb + 1, end, lexicon)
    if last > verb:  # "dijo a EFE Ana Ruiz, directora, en Soria"
        places = [*range(verb + 1, source.first), *opening_places(tokens, last, lexicon)]
    else:  # "Ana Ruiz, en entrevista con EFE, dijo"
        places = [*range(last, verb), *opening_places(tokens, verb + 1, lexicon)]
    for place in places:
        if listener := lexicon.phrases["attribution.listeners"].at(tokens, place):
            end = source.first if place < source.first else len(tokens)
            if outlet := find_outlet(tokens, listener[1], end, lexicon):
                return outlet
    return None


def opening_places(tokens: Sequence[Token], start: int, lexicon: Lexicon) -> list[int]:
    """Return the places where a listener may stand behind a verb or a name: at once, behind a day or an insertion."""
    place = start
    while place < len(tokens) and tokens[place].text != "," and is_light(tokens, place, lexicon):
        place += 1
    places = list(range(start, place + 1))
    if word_at(tokens, place) == ",":
        inserted = range(place + 1, min(len(tokens), place + INSERTION))
        places += [one for one in inserted if word_at(tokens, one - 1) == ","]
    return places

"""Owns who said it: the outlet, organisation, person or document that a sentence names as its source."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .lexicon import Lexicon
from .outlets import is_outlet
from .speakers import (
    DETOUR,
    REACH,
    before_apposition,
    before_insertion,
    behind_listener,
    closes_insertion,
    ends_name,
    holds_name,
    is_nameworthy,
    subject_before,
    with_body,
    with_holder,
    with_titled,
)
from .speech_verbs import PLACED, is_beside_figure, is_counted_group, is_telling, is_verb
from .subjects import is_number, is_plural
from .tokens import NUMBER, SIGN, Token, is_acronym, word_at

ADJACENT = 2  # tokens from a verb to what it tells beside it: "media reported 9 dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source named in a sentence: its tokens and the rule that found it. A pronoun is found but has no name."""

    first: int
    last: int
    at: int  # the token of the verb or of "according to"
    is_named: bool
    is_weak: bool = False  # "figures show" yields to "according to"
    is_tail: bool = False  # ends its sentence behind a comma, and so speaks of all of it
    is_close: bool = False  # tells only what it stands beside: "below the 3.2 percent economists expected"
    is_relative: bool = False  # "the 18 who reported sick": no source of what stands before it
    is_described: bool = False  # what follows tells of the speaker and is not said: "said Ana Ruiz, who"
    rule: str


def find_sources(tokens: Sequence[Token], lexicon: Lexicon) -> list[Source]:
    """Return the sources a sentence names, in order."""
    triggers = lexicon.sets["attribution.triggers"]
    sources = []
    for place, token in enumerate(tokens):
        found = source_at(tokens, place, lexicon) if token.lower in triggers else None
        if found:
            relatives = lexicon.sets["attribution.relatives"]
            is_followed = word_at(tokens, found.last) == "," and word_at(tokens, found.last + 1) in relatives
            is_relative = not found.is_named and tokens[found.first].lower in relatives
            is_described = is_followed and found.at < found.first
            tail = is_tail(tokens, found, lexicon)
            sources.append(replace(found, is_tail=tail, is_relative=is_relative, is_described=is_described))
    return sources


def source_at(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Source | None:
    """Return the source that the word at a place tells of: a lead, a verb of saying, an amount set by someone."""
    word = tokens[place].lower
    if word in lexicon.sets["attribution.placed"] and (placed := source_of_placed(tokens, place, lexicon)):
        return placed
    lead = lexicon.phrases["leads"].at(tokens, place)
    if lead and word in lexicon.sets["attribution.comma_leads"] and word_at(tokens, place - 1) != ",":
        lead = None  # "$5 per share"
    if lead and word_at(tokens, place - 1) in lexicon.sets["attribution.lead_not_behind"]:
        lead = None  # "no segundo trimestre"
    if lead:
        find = source_of_relative if lead[0] == "relative" else source_of_lead
        return find(tokens, place, lead[1], lexicon)
    verbs = lexicon.sets["attribution.tellers"]
    if not (is_verb(tokens, place, verbs, lexicon) and is_telling(tokens, place, lexicon)):
        return None
    return (
        source_parting(tokens, place, lexicon)
        or source_closing(tokens, place, lexicon)
        or source_before(tokens, place, lexicon)
        or source_behind(tokens, place, lexicon)
        or source_of_pair(tokens, place, lexicon)
    )


def is_tail(tokens: Sequence[Token], source: Source, lexicon: Lexicon) -> bool:
    """Return whether a source stands behind a comma at the end of its sentence: "..., Reuters noted." """
    is_determined = word_at(tokens, source.first - 1) in lexicon.sets["attribution.determiners"]
    opening = source.first - 2 if is_determined else source.first - 1
    is_behind_comma = (
        word_at(tokens, opening) == "," or word_at(tokens, before_auxiliary(tokens, source.at, lexicon)) == ","
    )
    return is_behind_comma and max(source.at + 1, source.last) >= len(tokens) - 1


def choose_source(sources: Sequence[Source], first: int, last: int) -> Source | None:
    """Return the source a figure belongs to: "according to" behind it, else the nearer of what is before and behind."""
    outside = [
        source for source in sources if not (source.first <= first < source.last or first <= source.first < last)
    ]
    before = next((source for source in reversed(outside) if source.at < first and not source.is_described), None)
    after = [source for source in outside if source.at >= last and not source.is_relative]
    behind = next((source for source in after if not source.is_close or source.first <= last + 1), None)
    chosen = before or behind
    if before and behind:
        is_nearer = behind.at - last < first - before.at
        yields = before.is_weak and not behind.is_weak and first - before.at > ADJACENT
        chosen = behind if is_nearer or behind.is_tail or yields else before
    return chosen if chosen and chosen.is_named else None


def source_of_lead(tokens: Sequence[Token], at: int, start: int, lexicon: Lexicon) -> Source | None:
    """Return who stands behind "according to", or behind "según" and its verb."""
    verbs, fillers = lexicon.sets["attribution.verbs"], lexicon.sets["attribution.fillers"]
    is_determined = word_at(tokens, at + 1) in lexicon.sets["attribution.determiners"]
    while not is_determined and word_at(tokens, start) in verbs | fillers and tokens[start].text[0].islower():
        start += 1
    return name_from(tokens, start, lexicon, at=at, rule="attribution.according_to")


def name_from(tokens: Sequence[Token], start: int, lexicon: Lexicon, *, at: int, rule: str) -> Source | None:
    """Return the name that starts here: to the next comma, stop or verb."""
    inside = lexicon.sets["attribution.inside_names"]
    first = start
    while word_at(tokens, first) in lexicon.sets["attribution.determiners"] and first - start < 2:
        first += 1
    place = last = first
    while place < min(len(tokens), first + REACH):
        if tokens[place].lower not in inside:
            if ends_name(tokens, place, lexicon) and place > first:
                break
            if tokens[place].kind == SIGN and place == first:
                return None
            last = place + 1
        place += 1
    if last == first or (last - first == 1 and tokens[first].kind == NUMBER):
        return None
    is_known = is_acronym(tokens[first])
    is_pronoun = last - first == 1 and tokens[first].lower in lexicon.sets["attribution.pronouns"] and not is_known
    if not is_pronoun and not is_known and tokens[first].lower in lexicon.sets["nouns.stop"]:
        return None
    if last - first == 1 and tokens[first].lower in lexicon.sets["attribution.no_sources"]:
        return None  # "according to plan"
    last = with_holder(tokens, first, with_body(tokens, last, len(tokens), lexicon))
    return Source(first=first, last=last, at=at, is_named=not is_pronoun, rule=rule)


def source_before(tokens: Sequence[Token], verb: int, lexicon: Lexicon) -> Source | None:
    """Return who stands before a reporting verb: "Reuters noted", "the doctors said", "court documents showed"."""
    end = end_before(tokens, verb, lexicon)
    span = subject_before(tokens, end, lexicon) if end else None
    if not span:
        return None
    first, last = span
    if is_no_speaker(tokens, first, last, lexicon):
        return None
    if is_counted_group(tokens, first, lexicon) or is_share(tokens[first].lower, lexicon):
        return None
    bound = lexicon.phrases["qualifiers"].at(tokens, first)
    if bound and bound[1] < last and is_number(tokens[bound[1]], lexicon):
        return None  # "cerca de dois terços dos inquiridos defendem"
    if (
        last - first == 1
        and tokens[first].lower in lexicon.sets["attribution.pronouns"]
        and not is_acronym(tokens[first])
    ):
        if tokens[first].lower in lexicon.sets["attribution.impersonal"]:
            return None
        return Source(first=first, last=last, at=verb, is_named=False, rule="attribution.pronoun")
    if last < verb or not is_plural(tokens[last - 1].lower, lexicon):
        first, last = before_apposition(tokens, first, last, lexicon)
    last = with_titled(tokens, last, verb)
    last = with_body(tokens, last, verb, lexicon)
    is_weak = tokens[verb].lower in lexicon.sets["attribution.weak_verbs"]
    is_determined = word_at(tokens, first - 1) in lexicon.sets["attribution.determiners"]
    is_parting = word_at(tokens, first - 1) == "," and verb >= len(tokens) - 2  # "..., traders said."
    is_common = is_weak and is_opening_noun(tokens, first, last, lexicon)
    if (is_common or not is_nameworthy(tokens[first:last], lexicon)) and (is_weak or not (is_determined or is_parting)):
        return None
    is_noun = (
        not tokens[verb].lower.endswith("ed") and word_at(tokens, verb + 1) in lexicon.sets["attribution.noun_before"]
    )
    if is_weak and is_noun:
        return None
    return Source(
        first=first,
        last=last,
        at=verb,
        is_named=True,
        is_weak=is_weak,
        is_close=is_beside_figure(tokens, first - is_determined, lexicon),
        rule="attribution.before_verb",
    )


def is_no_speaker(tokens: Sequence[Token], first: int, last: int, lexicon: Lexicon) -> bool:
    """Return whether a phrase ends in a month, or opens with the verb of a relative clause: "único que muele en"."""
    if tokens[last - 1].lower in lexicon.sets["dates.months"]:
        return True
    is_relative = word_at(tokens, first - 1) in lexicon.sets["attribution.relatives"]
    return is_relative and tokens[first].text[0].islower() and not lexicon.flags["head_last"]


def is_share(word: str, lexicon: Lexicon) -> bool:
    """Return whether a number or a part stands where a name would: "two-thirds say no"."""
    return word in lexicon.starters and word not in lexicon.sets["one_words"]


def end_before(tokens: Sequence[Token], verb: int, lexicon: Lexicon) -> int:
    """Return the place behind who speaks, over the small words and the insertion before a verb; 0 where nobody can."""
    end = verb
    while end > 0 and is_filler(tokens[end - 1], lexicon):
        end -= 1
    if not end or not closes_insertion(tokens[end - 1]):
        return end
    is_name = word_at(tokens, end - 1) == "," and holds_name(tokens, end - 1)
    return end - 1 if is_name else before_insertion(tokens, end - 1, lexicon)


def is_opening_noun(tokens: Sequence[Token], first: int, last: int, lexicon: Lexicon) -> bool:
    """Return whether a plural has its capital from opening the sentence: "Divers found the wreck"."""
    word = tokens[first].lower
    is_alone = not first and last == 1 and not is_acronym(tokens[first])
    is_common = is_alone and is_plural(word, lexicon) and word not in lexicon.sets["attribution.sources"]
    return is_common and not is_outlet(tokens, first, last, lexicon)  # "Reuters reported"


def is_filler(token: Token, lexicon: Lexicon) -> bool:
    """Return whether a word may stand between who speaks and the verb: "has also", "allegedly"."""
    is_adverb = token.text[0].islower() and token.lower.endswith(tuple(lexicon.sets["nouns.adverbs_ending"]))
    return token.lower in lexicon.sets["attribution.fillers"] or is_adverb


def source_of_relative(tokens: Sequence[Token], at: int, _end: int, lexicon: Lexicon) -> Source | None:
    """Return the document that "según los cuales" looks back to."""
    for place in range(at - 1, max(-1, at - DETOUR), -1):
        if tokens[place].lower in lexicon.sets["attribution.sources"]:
            return Source(first=place, last=place + 1, at=at, is_named=True, rule="attribution.relative")
    return None


def source_of_pair(tokens: Sequence[Token], verb: int, lexicon: Lexicon) -> Source | None:
    """Return who opens the clause of a second verb: "the union marched on Monday and said"."""
    if word_at(tokens, verb - 1) != lexicon.words["and_word"]:
        return None
    for place in range(verb - 2, max(-1, verb - DETOUR), -1):
        before = place - 1 - (word_at(tokens, place - 1) in lexicon.sets["attribution.determiners"])
        opens = before < 0 or word_at(tokens, before) == ","
        if opens and tokens[place].text[0].isupper() and tokens[place].lower not in lexicon.sets["nouns.stop"]:
            last = place + 1
            while tokens[last].text[0].isupper():
                last += 1
            return Source(first=place, last=last, at=verb, is_named=True, rule="attribution.pair")
    return None


def source_of_placed(tokens: Sequence[Token], verb: int, lexicon: Lexicon) -> Source | None:
    """Return who set an amount, told in the passive: "turnout was put at 54.2% by the electoral commission"."""
    if word_at(tokens, verb + 1) not in lexicon.sets["attribution.placed_at"]:
        return None
    for place in range(verb + 2, min(len(tokens), verb + PLACED)):
        if tokens[place].lower in lexicon.sets["attribution.passive_by"]:
            if word_at(tokens, place + 1) in lexicon.cardinals:
                return None
            return name_from(tokens, place + 1, lexicon, at=verb, rule="attribution.placed_by")
    return None


def source_behind(tokens: Sequence[Token], verb: int, lexicon: Lexicon) -> Source | None:
    """Return who stands behind an inverted verb: "said Ana Ruiz", "informó este lunes el ministerio"."""
    inverted = lexicon.sets["attribution.inverted"]
    if "*" not in inverted and tokens[verb].lower not in inverted:
        return None
    opens = verb - (word_at(tokens, verb - 1) in lexicon.sets["attribution.auxiliaries"])
    if opens and word_at(tokens, opens - 1) not in lexicon.sets["attribution.quotes"]:
        return None
    start = verb + 1
    if tokens[verb].lower in lexicon.sets["attribution.known_by"]:
        start = verb + 3
    while word_at(tokens, start) in lexicon.sets["attribution.after_verb"]:
        start += 1
    speaker = behind_listener(tokens, start, lexicon)
    if speaker is None:
        return None
    found = name_from(tokens, speaker, lexicon, at=verb, rule="attribution.inverted")
    if not found or not found.is_named:
        return None
    is_known = is_nameworthy(tokens[found.first : found.last], lexicon)
    return found if is_known or is_speaker(tokens, verb, found, lexicon) else None


def source_parting(tokens: Sequence[Token], verb: int, lexicon: Lexicon) -> Source | None:
    """Return who closes a sentence behind a comma: "..., in her car, said Lt. Ana Ruiz."."""
    if (
        word_at(tokens, before_auxiliary(tokens, verb, lexicon)) != ","
        or tokens[verb].lower not in lexicon.sets["attribution.saying"]
    ):
        return None
    found = source_behind(tokens, verb, lexicon)
    is_known = found is not None and (tokens[found.first].text[0].isupper() or is_speaker(tokens, verb, found, lexicon))
    return found if found and is_known and is_tail(tokens, found, lexicon) else None


def source_closing(tokens: Sequence[Token], verb: int, lexicon: Lexicon) -> Source | None:
    """Return who closes a clause behind an inverted verb, by the noun of a source: "..., confirmou a ministra"."""
    if lexicon.flags["head_last"] or word_at(tokens, before_auxiliary(tokens, verb, lexicon)) != ",":
        return None
    found = source_behind(tokens, verb, lexicon)
    is_known = found is not None and tokens[found.first].lower in lexicon.sets["attribution.sources"]
    is_closed = found is not None and word_at(tokens, found.last) in {"", ".", ",", ";"}
    return found if is_known and is_closed else None


def before_auxiliary(tokens: Sequence[Token], verb: int, lexicon: Lexicon) -> int:
    """Return the place before a verb and its auxiliary: "a indiqué", "ha dicho"."""
    return verb - 1 - (word_at(tokens, verb - 1) in lexicon.sets["attribution.auxiliaries"])


def is_speaker(tokens: Sequence[Token], verb: int, found: Source, lexicon: Lexicon) -> bool:
    """Return whether a noun in small letters ends a quote: "…, dijo el organizador.", "…," said the beekeeper."""
    is_definite = word_at(tokens, found.first - 1) in lexicon.sets["attribution.definites"]
    opening = before_auxiliary(tokens, verb, lexicon)
    is_behind = opening >= 0 and tokens[opening].kind == SIGN
    is_closed = found.last >= len(tokens) or tokens[found.last].kind == SIGN
    is_saying = tokens[verb].lower in lexicon.sets["attribution.saying"]
    return is_definite and is_behind and is_closed and is_saying

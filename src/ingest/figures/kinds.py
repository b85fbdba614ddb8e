"""Owns which kind a quantity is once its neighbours are known, and what it measures or qualifies."""

from .ages import read_age
from .counts import read_count, read_hyphened_count
from .grammar import Sentence
from .multiples import read_multiple
from .quantities import Quantity
from .readings import Reading
from .subjects import Phrase, counted_phrase, head_noun, modifier_phrase, phrase_behind
from .tokens import WORD

QUALIFYING_KINDS = frozenset({"money", "measurement", "percent", "ratio"})  # may stand before their noun without "of"


def settle(sentence: Sentence, found: Quantity, antecedent: str | None) -> Reading:
    """Settle the kind of a quantity by the first rule that knows it; what none knows is a count."""
    for rule in (read_age, read_multiple, read_measured, read_hyphened_count):
        if reading := rule(sentence, found):
            return reading
    return read_count(sentence, found, antecedent)


def read_measured(sentence: Sentence, found: Quantity) -> Reading | None:
    """Settle what has a kind already, and find what it measures or qualifies."""
    if not found.kind:
        return None
    subject, rule = measured_phrase(sentence, found), "subject.of"
    if not subject and "ratio.n_in_m" in found.rules:
        subject, rule = (
            counted_phrase(sentence.tokens, found.last, sentence.lexicon, is_single=False),
            "subject.counted",
        )
    if "ratio.noun_in_m" in found.rules:
        subject = Phrase(first=found.number_last, last=found.number_last + 1, head=found.number_last)
        rule = "subject.counted"
    may_qualify = sentence.lexicon.flags["head_last"] and (found.is_hyphened or found.kind in QUALIFYING_KINDS)
    if not subject and may_qualify:
        is_tied = found.is_hyphened
        subject = modifier_phrase(sentence.tokens, found.last, sentence.lexicon, is_tied=is_tied)
        rule = "subject.qualified"
    is_share = found.kind in {"percent", "ratio"} and subject is not None
    shared = head_noun(subject, sentence.tokens, sentence.lexicon) if is_share and subject else None
    return Reading(quantity=found, subject=subject, subject_rule=rule if subject else None, shared=shared)


def measured_phrase(sentence: Sentence, found: Quantity) -> Phrase | None:
    """Return what stands behind "of", "in", "worth of": "12% of voters", "$5 million in aid"; places do not count."""
    tokens, start = sentence.tokens, found.last
    if sentence.word(start) == "worth":
        start += 1
    is_money_in = found.kind == "money" and sentence.word(start) in sentence.sets["groups.money_in"]
    links = sentence.sets["groups.of_words"]
    is_span = found.kind in {"measurement", "duration"}
    is_contracted = sentence.word(start) in links and sentence.word(start) != sentence.lexicon.words["link"]
    if is_span and is_contracted:  # "180 km do epicentro"
        return None
    if is_span and sentence.word(start + 1) in sentence.sets["attribution.determiners"]:
        return None
    phrase = phrase_behind(
        tokens, start, sentence.lexicon, links | sentence.sets["groups.money_in"] if is_money_in else links
    )
    if not phrase or not is_money_in:
        return phrase
    token = tokens[phrase.first]
    is_thing = token.kind == WORD and token.text[0].islower() and token.lower not in sentence.sets["nouns.not_funds"]
    is_place = not sentence.lexicon.flags["head_last"] and phrase.first > start + 1  # "$5 en las tiendas"
    return phrase if is_thing and not is_place and token.lower not in sentence.sets["dates.months"] else None

"""Owns the order of reading: for each number what it measures, whether it is a figure, how surely, of what, by whom."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from ..core.model import Figure
from ..text.normalized import in_small_letters
from .attribution import Source, choose_source, find_sources
from .canonical import find_canonical_unit
from .carried import carry_sources
from .conventions import find_place, hide_addresses, signed_pattern, trigger_pattern, windows
from .digits import UNSETTLED
from .ellipsis import is_understood, may_be_carried, names_its_whole
from .evidence import find_evidence
from .exclusions import find_exclusion
from .flags import find_flags
from .foreign import may_be_scaled
from .grammar import Place, Sentence
from .kinds import settle
from .labels import read_labels
from .lexicon import LANGUAGES, Lexicon, Marks, load_lexicon, load_marks
from .numbers import VULGAR
from .qualifiers import read_qualifier
from .quantities import Quantity
from .ranges import read_quantity
from .readings import Reading
from .recovery import recover
from .relays import find_relay
from .sentences import sentence_spans
from .tables import without_cells
from .tokens import NUMBER, tokenize

SCALED = frozenset({"number.scale", "number.collective", "scale.borrowed", "scale.recovered"})
MARKED = frozenset({"money.mark", "money.symbol_behind", "money.code", "percent.sign"})


def read_figures(
    text: str, *, language: str | None, country: str | None = None, context: str | None = None
) -> tuple[Figure, ...]:
    """Return a paragraph's figures in the order they stand; in an unknown language only signed money and percents.

    The context is the text of its article, which decides what the paragraph leaves open.
    """
    code = (language or "").lower()[:2]
    if code not in LANGUAGES:
        return tuple(read_signed(text, country=country))
    return tuple(read_sentences(text, language=code, country=country, context=context))


def read_sentences(text: str, *, language: str, country: str | None, context: str | None) -> list[Figure]:
    """Read a text sentence by sentence, carrying along the noun that a later count may leave out."""
    if not trigger_pattern(language).search(in_small_letters(text)):
        return []
    lexicon, marks = load_lexicon(language), load_marks()
    readable = hide_addresses(text)
    place = find_place(readable, lexicon=lexicon, marks=marks, country=country, context=context)
    figures: list[Figure] = []
    antecedent: str | None = None
    spans = sentence_spans(text)
    for span in spans:
        for sentence in sentences_of(readable, span, lexicon=lexicon, marks=marks, place=place):
            readings = read_labels(sentence) or read_sentence(sentence, antecedent)
            sources = find_sources(sentence.tokens, lexicon) if readings else []
            figures += [make_figure(text, sentence, reading, sources, span) for reading in readings]
            antecedent = next((reading.noun for reading in reversed(readings) if reading.noun), antecedent)
    return carry_sources(figures, text, spans, lexicon)


def sentences_of(
    readable: str, span: tuple[int, int], *, lexicon: Lexicon, marks: Marks, place: Place
) -> Iterator[Sentence]:
    """Yield what stands between two places, as one sentence or cut where it is long; nothing where no number is."""
    if not trigger_pattern(lexicon.language).search(in_small_letters(readable[slice(*span)])):
        return
    for first, last in windows(readable, *span):
        tokens = tokenize(readable, first, last, pattern=lexicon.pattern)
        yield Sentence(
            tokens=tokens, lexicon=lexicon, sets=lexicon.sets, phrases=lexicon.phrases, marks=marks, place=place
        )


def read_signed(text: str, *, country: str | None) -> list[Figure]:
    """Read the sums and percents of an unknown language by digits and signs alone, none of which a word may scale."""
    if not trigger_pattern("en").search(in_small_letters(text)):
        return []
    readable = hide_addresses(text)
    if not signed_pattern().search(readable):
        return []
    mark = find_evidence(text).decimal_mark or UNSETTLED
    lexicon, marks = replace(load_lexicon("en"), decimal_mark=mark), load_marks()
    place = replace(find_place(text, lexicon=lexicon, marks=marks, country=country), decimal_mark=mark)
    figures: list[Figure] = []
    for span in sentence_spans(text):
        for sentence in sentences_of(readable, span, lexicon=lexicon, marks=marks, place=place):
            figures += [
                without_words(make_figure(text, sentence, reading, (), span))
                for reading in read_sentence(sentence, None)
                if is_signed(sentence, reading.quantity)
            ]
    return figures


def read_sentence(sentence: Sentence, carried: str | None) -> list[Reading]:
    """Read one sentence's numbers, leaving out those that are no figures."""
    antecedent: str | None = None
    nouns: set[str] = set()
    readings: list[Reading] = []
    place = behind = 0
    tokens, starters = sentence.tokens, sentence.lexicon.starters
    while place < len(tokens):
        token = tokens[place]
        is_candidate = token.kind == NUMBER or token.lower in starters or token.text in VULGAR
        found = read_quantity(sentence, place) if is_candidate else None
        place += 1
        if not found:
            continue
        place = max(place, found.last)
        if found.first < behind or find_exclusion(sentence, found):
            continue
        told = antecedent or (carried if carried and may_be_carried(sentence, found) else None)
        if len(nouns) > 1 and not names_its_whole(sentence, found):
            told = None  # "12 goals in 3 games; he had two"
        reading = settle(sentence, found, told)
        readings.append(reading)
        antecedent = reading.noun or antecedent
        if reading.subject and reading.noun:
            nouns.add(reading.noun)
        place = behind = max(place, reading.quantity.last)
    whole = without_cells(sentence, recover(sentence, readings))
    return [reading for reading in whole if is_understood(sentence, reading)]


def make_figure(
    text: str, sentence: Sentence, reading: Reading, sources: Sequence[Source], span: tuple[int, int]
) -> Figure:
    """Write a reading down with its qualifier, its subject and its source."""
    found, tokens = reading.quantity, sentence.tokens
    kind = found.kind or "count"
    qualifier, rule = read_qualifier(sentence, found)
    source = choose_source(sources, found.first, found.last)
    start, end = tokens[found.first].start, tokens[found.last - 1].end
    subject = reading.subject
    relay = find_relay(tokens, sources, (found.first, found.last), sentence.lexicon) if source else None
    return Figure(
        start=start,
        end=end,
        text=text[start:end],
        value=tidy(found.value),
        value_high=None if found.value_high is None else tidy(found.value_high),
        kind=kind,
        unit=found.unit,
        canonical_unit=find_canonical_unit(kind, found.unit, sentence.language),
        qualifier=qualifier,
        subject=text[tokens[subject.first].start : tokens[subject.last - 1].end] if subject else None,
        attributed_to=text[tokens[source.first].start : tokens[source.last - 1].end] if source else None,
        originator=text[slice(*relay.originator)] if relay else None,
        relayed_by=text[slice(*relay.outlet)] if relay else None,
        sentence_start=span[0],
        sentence_end=span[1],
        flags=find_flags(kind, found.unit, found.value if found.value_high is None else found.value_high, found.rules),
        rules=(*found.rules, *(name for name in (reading.subject_rule, rule, source and source.rule) if name)),
    )


def tidy(value: Decimal) -> Decimal:
    """Drop the decimals of a whole number: 1.5 million is 1500000."""
    whole = value.to_integral_value()
    return whole if whole == value else value


def is_signed(sentence: Sentence, found: Quantity) -> bool:
    """Return whether digits and signs alone tell a figure, in whatever language."""
    is_whole = not found.is_spelled and SCALED.isdisjoint(found.rules)
    return (
        is_whole
        and not MARKED.isdisjoint(found.rules)
        and not ("money.mark" in found.rules and may_be_scaled(sentence, found))
    )


def without_words(figure: Figure) -> Figure:
    """Take back what only knowing the language could have told."""
    rules = tuple(rule for rule in figure.rules if not rule.startswith(("qualifier", "subject", "attribution")))
    return replace(figure, qualifier="exact", subject=None, attributed_to=None, rules=rules)

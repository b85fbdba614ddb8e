"""Owns who said it where a sentence leaves that to its neighbour: "She said 40 came", a quotation that goes on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..core.model import Figure
from .attribution import Source, find_sources
from .lexicon import Lexicon
from .outlets import is_outlet
from .subjects import is_plural
from .tokens import WORD, Token, is_acronym, tokenize, word_at

FLAG = "attribution_carried"
NEAR = 4  # sentences from one that names who speaks to another that goes on
LONGEST_SENTENCE = 1_000  # characters; a longer one is a table or a list
CLOSING = {"“": "”", "«": "»", '"': '"'}
PERSONS = frozenset({"he", "she", "él", "ella"})
GROUPS = frozenset({"they", "ellos", "ellas"})
THINGS = frozenset({"it"})
THAT = frozenset({"que"})  # behind a verb whose subject is left out: "añadió que"
_QUOTES = re.compile('[“”«»"]')
_CURVED = re.compile("[“”«»]")  # where straight ones do not pair
_INCHES = re.compile(r"\d\"")
_POINTING = re.compile(
    rf"\b(?:{'|'.join(sorted(PERSONS | GROUPS | THINGS))})(?: (?:also|has|had|have|later|then|ha|había))? (\w+)"
    r"|\b(\w+) (?:he|she|they|él|ella|ellos|ellas)\b|(?<![^\s“«\"])(\w+) que\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quoted:
    """Whether a quotation is open where a sentence begins and ends, and whether it opens one or is one."""

    begins: bool
    ends: bool
    opens: bool
    is_whole: bool


_UNQUOTED = _Quoted(begins=False, ends=False, opens=False, is_whole=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A sentence, and whom it names."""

    start: int
    quoted: _Quoted
    speaker: str | None = None  # the one source that it names; None for none or several
    kinds: frozenset[str] = frozenset()  # the pronouns that may stand for that source
    names_anybody: bool = False
    pronoun: str | None = None  # of whoever spoke; "" where the verb alone shows that somebody did

    @property
    def waits_for_speaker(self) -> bool:
        """Whether all of it is part of a quotation that goes on behind it, and names nobody."""
        return self.quoted.ends and (self.quoted.begins or self.quoted.opens) and not self.names_anybody


def carry_sources(
    figures: Sequence[Figure], text: str, spans: Sequence[tuple[int, int]], lexicon: Lexicon
) -> list[Figure]:
    """Return the figures, those without a source with that of a neighbouring sentence where it plainly goes on."""
    lacking = {one.sentence_start for one in figures if one.attributed_to is None}
    if not lacking or len(spans) < 2:
        return list(figures)
    quoted = _quoted(text, spans)
    asking = [
        place
        for place, span in enumerate(spans)
        if span[0] in lacking and _may_go_on(text, span, quoted[place], lexicon)
    ]
    if not asking:
        return list(figures)
    near = {place for one in asking for place in range(one - NEAR, one + 1 + NEAR * quoted[one].ends)}
    told = [
        _read(text, span, quoted[place], lexicon) if place in near else _Told(start=span[0], quoted=quoted[place])
        for place, span in enumerate(spans)
    ]
    found = _carried(told, {spans[place][0] for place in asking})
    return [
        replace(one, attributed_to=found[one.sentence_start][0], flags=(*one.flags, FLAG),
                rules=(*one.rules, found[one.sentence_start][1]))
        if one.attributed_to is None and one.sentence_start in found
        else one
        for one in figures
    ]  # fmt: skip


def _may_go_on(text: str, span: tuple[int, int], quoted: _Quoted, lexicon: Lexicon) -> bool:
    """Return whether a sentence is quoted, or has a verb of saying whose subject stands elsewhere; most do not."""
    if quoted.begins or quoted.opens:
        return True
    tellers = lexicon.sets["attribution.tellers"]
    return any(found[found.lastindex or 0].lower() in tellers for found in _POINTING.finditer(text, *span))


def _carried(sentences: Sequence[_Told], lacking: set[int]) -> dict[int, tuple[str, str]]:
    """Return for the sentences that lack a source, by their start, the source and the rule that found it."""
    found: dict[int, tuple[str, str]] = {}
    speaker: str | None = None
    kinds: frozenset[str] = frozenset()
    for place, one in enumerate(sentences):
        rule = _rule(one, kinds) if speaker is not None else None
        if one.start in lacking:
            if rule and speaker is not None:
                found[one.start] = speaker, rule
            elif one.waits_for_speaker and (later := _closing_speaker(sentences, place)):
                found[one.start] = later, "attribution.carried_quotation"
        if not rule:
            speaker, kinds = one.speaker, one.kinds
    return found


def _rule(one: _Told, kinds: frozenset[str]) -> str | None:
    """Return the rule by which a sentence goes on with the speaker before it, for whom such pronouns may stand."""
    if one.names_anybody:
        return None
    if one.pronoun is not None:
        return "attribution.carried_pronoun" if one.pronoun in kinds or not one.pronoun else None
    return "attribution.carried_quotation" if one.quoted.is_whole or one.quoted.begins else None


def _closing_speaker(sentences: Sequence[_Told], place: int) -> str | None:
    """Return who is named behind a quotation that is still open where the sentence ends."""
    for one in sentences[place + 1 : place + 1 + NEAR]:
        if one.names_anybody:
            return None if one.quoted.ends else one.speaker
        if not one.quoted.ends:
            break
    return None


def _quoted(text: str, spans: Sequence[tuple[int, int]]) -> list[_Quoted]:
    """Return for each sentence how quotations lie over it."""
    if not _QUOTES.search(text):
        return [_UNQUOTED] * len(spans)
    found = []
    closing = ""
    signs = _CURVED if text.count('"') % 2 or _INCHES.search(text) else _QUOTES
    for start, end in spans:
        before = closing
        for sign in signs.finditer(text, start, end):
            if not closing:
                closing = CLOSING.get(sign[0], "")
            elif sign[0] == closing:
                closing = ""
        opens = signs.match(text, start) is not None
        is_whole = opens and not closing and text[start:end].rstrip(".")[-1:] in CLOSING.values()
        found.append(_Quoted(begins=bool(before), ends=bool(closing), opens=opens, is_whole=is_whole))
    return found


def _read(text: str, span: tuple[int, int], quoted: _Quoted, lexicon: Lexicon) -> _Told:
    start, end = span
    tokens = tokenize(text, start, end) if end - start <= LONGEST_SENTENCE else []
    sources = find_sources(tokens, lexicon)
    named = [source for source in sources if source.is_named]
    names = {text[tokens[one.first].start : tokens[one.last - 1].end] for one in named}
    is_one = len(names) == 1
    return _Told(
        start=start,
        quoted=quoted,
        speaker=names.pop() if is_one else None,
        kinds=_stood_for_by(tokens, named[0], lexicon) if is_one else frozenset(),
        names_anybody=bool(named),
        pronoun=_pronoun(tokens, sources, lexicon),
    )


def _pronoun(tokens: Sequence[Token], sources: Sequence[Source], lexicon: Lexicon) -> str | None:
    unnamed = [source for source in sources if not source.is_named]
    said_by = tokens[unnamed[-1].first].lower if unnamed else None
    if said_by in PERSONS | GROUPS | THINGS:
        return said_by  # "we" and "you" are of the one who speaks
    opens = next((place for place, token in enumerate(tokens) if token.kind == WORD), 0)
    leaves_out = word_at(tokens, opens) in lexicon.sets["attribution.saying"] and word_at(tokens, opens + 1) in THAT
    return "" if leaves_out else None


def _stood_for_by(tokens: Sequence[Token], source: Source, lexicon: Lexicon) -> frozenset[str]:
    """Return the pronouns that may stand for a source: a person's, those of several, or a thing's."""
    words = [token for token in tokens[source.first : source.last] if token.kind == WORD]
    if not words or is_outlet(tokens, source.first, source.last, lexicon):
        return frozenset()
    last = words[-1]
    is_common = last.lower in lexicon.sets["attribution.sources"]
    if (is_common or last.text.islower()) and is_plural(last.lower, lexicon):
        return GROUPS
    if is_acronym(last) or (is_common and last.text[0].isupper()):
        return THINGS
    return PERSONS if all(token.text[0].isupper() for token in words) else frozenset()

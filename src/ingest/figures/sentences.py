"""Owns where a sentence begins and ends."""

import re

# A stop may be followed by closing quotes or brackets; the next sentence opens with a capital, a digit, a quote or ¿¡.
STOP = re.compile(r"(?<![.!?…])[.!?…]++(?:[\"”’»')\]]|[ \xa0\u202f]»)*+(?=\s)|\n\s*+")
ABBREVIATIONS = frozenset(
    # titles, companies, months and measures, English and Spanish, without their last stop
    "mr mrs ms dr prof rev gen lt col sgt capt gov sen rep hon st jr sr fr maj cmdr adm vs no nos nrs vol art etc "
    "approx "
    "inc corp co ltd bros dept univ est fig al jan feb mar apr jun jul aug sep sept oct nov dec "
    "u.s u.k u.n e.u d.c a.m p.m e.g i.e ph.d rs bs gs lps us s/ b/ "
    "sra srta dra lic ing arq gral cnel pdte ud uds ee uu ee.uu núm num pág págs av avda dña aprox mons vda tte "
    "profa exmo exma mme mlle mgr cf hab".split()
)
# These may end a sentence too: they do before a word that often opens one.
SOFT = frozenset("a.m p.m u.s u.k u.n uu ee.uu inc corp co ltd jr sr d.c etc e.u".split())
OPENERS = frozenset(
    "The A An In On At He She It They We But And Its His Her Their This That These Those "
    "El La Los Las En Un Una Según Pero Su Sus "
    "O Os As Um Uma Mas Segundo Le Les Une Il Elle Ils Mais Selon Ce Cette".split()
)
LAST_WORD = re.compile(r"[^\s(\[\"“‘«]*\Z")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return each sentence's start and end, without the space around it; what is outside them is space alone."""
    spans = []
    start = 0
    for match in STOP.finditer(text):
        if match[0].isspace() or is_boundary(text, start, match.start(), match.end()):
            spans.append(strip_span(text, start, match.end()))
            start = match.end()
    spans.append(strip_span(text, start, len(text)))
    return [span for span in spans if span[0] < span[1]]


def is_boundary(text: str, start: int, stop: int, end: int) -> bool:
    """A stop ends its sentence unless it belongs to an abbreviation, an initial, or stands before a small letter."""
    following = text[end : end + 40].lstrip().lstrip("\"“‘«'([¿¡—–-")
    if not following or following[0].islower():
        return False
    if text[stop] != ".":
        return True
    before = LAST_WORD.search(text, max(start, stop - 12), stop)
    word = before[0].lower() if before else ""
    if word.isdigit() and len(word) <= 2 and stop - len(word) == start:
        return False  # the number of a list
    if word in SOFT:
        return following.split(maxsplit=1)[0] in OPENERS
    return word not in ABBREVIATIONS and not (len(word) == 1 and word.isalpha())


def strip_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Draw a span in until neither end is space."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end

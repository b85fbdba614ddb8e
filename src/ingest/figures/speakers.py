"""Owns where the name of a source begins and ends in its sentence: its body, its holder, what stands between."""

from collections.abc import Sequence

from .lexicon import Lexicon
from .tokens import NUMBER, SIGN, WORD, Token, is_acronym, word_at

REACH = 14  # tokens a name may be long
FULL_NAME = 2  # words
LISTENER = 5  # tokens that tell whom it was said to, or where: "en rueda de prensa"
DETOUR = 36  # tokens an insertion may hold between a name and its verb
PAIRS = {",": ",", "-": "-", "–": "–", "—": "—", ")": "("}


def with_body(tokens: Sequence[Token], last: int, end: int, lexicon: Lexicon) -> int:
    """Return the place behind the body that a source belongs to: "figures from the Health Ministry"."""
    link = last
    if word_at(tokens, last) in lexicon.sets["attribution.issued"]:
        link += 1
        while word_at(tokens, link) in lexicon.sets["attribution.after_verb"]:
            link += 1  # "los datos publicados este martes por el ministerio"
    if word_at(tokens, link) not in lexicon.sets["attribution.links"] | lexicon.sets["attribution.passive_by"]:
        return last
    if tokens[last - 1].text[0].isupper() and tokens[last - 1].lower not in lexicon.sets["attribution.sources"]:
        return last
    opening = link + 1
    is_determined = word_at(tokens, opening) in lexicon.sets["attribution.determiners"]
    first = opening + is_determined
    if is_determined and lexicon.flags["head_last"] and is_lower_before_capital(tokens, first):
        first += 1  # "projections from the independent Budget Office"
    place = first
    while (
        place < end and tokens[place].kind == WORD and (tokens[place].text[0].isupper() or ties(tokens, place, lexicon))
    ):
        place += 1
    return place if first < place <= end and tokens[first].lower not in lexicon.sets["dates.months"] else last


def is_lower_before_capital(tokens: Sequence[Token], place: int) -> bool:
    """Return whether one word in small letters stands before a name."""
    words = tokens[place : place + 2]
    return len(words) > 1 and words[0].text.islower() and words[1].text[0].isupper()


def ties(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Return whether a small word ties two capitals to one name: "Office for Roads"."""
    is_inside = tokens[place].lower in lexicon.sets["attribution.inside_names"] - {lexicon.words["and_word"]}
    return (
        is_inside
        and place + 1 < len(tokens)
        and tokens[place + 1].text[0].isupper()
        and tokens[place - 1].text[0].isupper()
    )


def with_holder(tokens: Sequence[Token], first: int, last: int) -> int:
    """Return the place behind the name that an office in small letters tells: "the mayor of Soria, Ana Ruiz"."""
    if word_at(tokens, last) != "," or not tokens[first].text[0].islower():
        return last
    place = behind_capitals(tokens, last + 1)
    return place if place - last > 2 and word_at(tokens, place) in {"", ".", ",", ";", "”", '"'} else last


def behind_capitals(tokens: Sequence[Token], place: int) -> int:
    """Return the place behind the words with capitals that start here."""
    while place < len(tokens) and tokens[place].kind == WORD and tokens[place].text[0].isupper():
        place += 1
    return place


def ends_name(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Return whether a token cannot stand inside a name that started before it."""
    token, before = tokens[place], tokens[place - 1]
    is_inside = place + 1 < len(tokens)
    if token.kind == SIGN:
        return not (
            token.text in "-&'’" or (token.text == "." and is_inside and before.kind == WORD and len(before.text) <= 2)
        )
    if token.kind == NUMBER or not token.text[0].islower():
        return False
    if token.lower in lexicon.sets["nouns.stop"] or token.lower in lexicon.sets["attribution.verbs"]:
        return True
    return token.lower.endswith(tuple(lexicon.sets["attribution.ends_name"]))


def before_apposition(tokens: Sequence[Token], first: int, last: int, lexicon: Lexicon) -> tuple[int, int]:
    """Return the name that a description in small letters stands behind: "Ana Ruiz, head of the mission, which ..."."""
    if first < 2 or word_at(tokens, first - 1) != "," or tokens[first].text[0].isupper():
        return first, last
    span = name_before(tokens, first - 1, lexicon)
    return span if span and tokens[span[0]].text[0].isupper() else (first, last)


def is_nameworthy(name: Sequence[Token], lexicon: Lexicon) -> bool:
    """Return whether a phrase is a name, or says by its noun that it is a source."""
    return any(token.text[0].isupper() or token.lower in lexicon.sets["attribution.sources"] for token in name)


def closes_insertion(token: Token) -> bool:
    """Return whether a sign may close an insertion: a comma, a bracket, or a dash that stands free."""
    return token.text in PAIRS and (token.text in ",)" or not token.glued)


def holds_name(tokens: Sequence[Token], closing: int) -> bool:
    """Return whether commas hold a name of two words or more, behind what describes it: "the chief, Ana Ruiz, told"."""
    place = closing
    while place > 0 and tokens[place - 1].kind == WORD and tokens[place - 1].text[0].isupper():
        place -= 1
    is_inserted = closing - place >= 2 and place > 1 and tokens[place - 1].text == ","
    return is_inserted and tokens[place - 2].kind == WORD and tokens[place - 2].text[0].islower()


def with_titled(tokens: Sequence[Token], last: int, end: int) -> int:
    """Return the place behind the name that commas hold behind an office: "the head of Roads, Ana Ruiz, said"."""
    place = end - 1
    is_held = word_at(tokens, last) == "," and word_at(tokens, place) == ","
    return place if is_held and place - last > 2 and behind_capitals(tokens, last + 1) == place else last


def before_insertion(tokens: Sequence[Token], closing: int, lexicon: Lexicon) -> int:
    """Return the place where an insertion opens, or 0: "Philippe Branchat, head of the mission, warned"."""
    opening = PAIRS[tokens[closing].text]
    for place in range(closing - 1, max(0, closing - DETOUR), -1):
        if tokens[place].text == opening:
            before = tokens[place - 1]
            if before.text[0].isupper() or before.text == ")" or before.lower in lexicon.sets["attribution.sources"]:
                return place
        if tokens[place].text in '"”“;:':
            return 0
    return 0


def behind_listener(tokens: Sequence[Token], start: int, lexicon: Lexicon) -> int | None:
    """Return the place behind whom it was said to, None where nobody else is named: "dijo a Reuters el secretario"."""
    if word_at(tokens, start) not in lexicon.sets["attribution.listener_before"]:
        return start
    determiners = lexicon.sets["attribution.determiners"]
    first = start + 1 + (word_at(tokens, start + 1) in determiners)
    named = behind_capitals(tokens, first)
    if named > first and word_at(tokens, named) in lexicon.sets["attribution.sources"]:
        return named  # "disse à Lusa fonte da GNR"
    if named - first > FULL_NAME and word_at(tokens, named) == ",":
        return named - FULL_NAME  # "explicó a Escambray Aselio Sánchez, director"
    for place in range(first + 1, min(len(tokens), first + LISTENER)):
        if tokens[place - 1].kind != WORD:
            return None
        if tokens[place].lower in determiners:
            return place
    return None


def subject_before(tokens: Sequence[Token], end: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """Return the noun phrase that ends here, or the one it is part of: "the study in the journal found"."""
    if word_at(tokens, end - 1) == ")":
        end = before_insertion(tokens, end - 1, lexicon) or end
    for _ in range(4):
        span = name_before(tokens, end, lexicon)
        if not span:
            return None
        place = span[0] - 1
        if word_at(tokens, place) in lexicon.sets["attribution.determiners"]:
            place -= 1
        is_numbered = place > 0 and tokens[place].kind == NUMBER
        place -= is_numbered
        is_linked = is_numbered and word_at(tokens, place) == lexicon.words["link"]  # "the survey of 1,204 adults"
        if not is_linked and word_at(tokens, place) not in lexicon.sets["attribution.blocked_before"]:
            return span
        end = place
    return None


def name_before(tokens: Sequence[Token], end: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """Return the noun phrase that ends here, without its determiner."""
    inside = lexicon.sets["attribution.inside_names"]
    endings = tuple(lexicon.sets["attribution.ends_name"])
    if word_at(tokens, end - 1) in lexicon.sets["dates.weekdays"]:
        end -= 1 + (word_at(tokens, end - 2) in lexicon.sets["attribution.fillers"])
    while (
        end > 0
        and tokens[end - 1].kind == WORD
        and tokens[end - 1].text[0].islower()
        and tokens[end - 1].lower.endswith(endings)
    ):
        end -= 1
    first = place = end
    while place > 0 and end - place < REACH:
        token = tokens[place - 1]
        if token.lower in lexicon.sets["attribution.pronouns"] and place == end and not is_acronym(token):
            return place - 1, end
        if token.lower in inside and place < end and opens_inside(tokens, place, lexicon):
            place -= 1
            continue
        if opens_name(tokens, place - 1, lexicon):
            break
        place -= 1
        first = place
    return (first, end) if first < end else None


def opens_inside(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Return whether a small word ties what follows it to a name: "Bank of England", "Ministerio de Salud"."""
    if (
        word_at(tokens, place - 1) == "the"
        and word_at(tokens, place - 2) not in lexicon.sets["attribution.inside_names"]
    ):
        return False  # "on social media the Metropolitan Police said"
    return lexicon.flags["names_hold_links"] or tokens[place].text[0].isupper() or word_at(tokens, place - 1) == "of"


def opens_name(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Return whether a token stands before a name rather than in it."""
    token = tokens[place]
    if token.kind == SIGN:
        is_abbreviation = token.text == "." and place > 0 and len(tokens[place - 1].text) <= 3
        return not (is_abbreviation or token.text == "&" or (token.text in "-’'" and token.glued))
    if token.kind == NUMBER:
        is_year = len(token.text) == 4 and token.text.isdigit()
        return not is_year and word_at(tokens, place + 1) != "-"
    if is_acronym(token) or token.text in lexicon.sets["nouns.acronyms"] or is_inside_title(tokens, place, lexicon):
        return False
    if token.lower in lexicon.sets["attribution.determiners"] or token.lower in lexicon.sets["attribution.no_names"]:
        return True
    return token.lower in lexicon.sets["nouns.stop"] or token.lower in lexicon.sets["attribution.verbs"]


def is_inside_title(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Return whether a small word has a capital because it belongs to a title: the "Daily" of "Daily Monitor"."""
    if not 0 < place < len(tokens) - 1 or not (tokens[place].text[0].isupper() and tokens[place + 1].text[0].isupper()):
        return False
    before, word = tokens[place - 1], tokens[place].lower
    small = ("attribution.determiners", "dates.weekdays", "dates.months")
    return (before.kind == WORD or before.text == ",") and not any(word in lexicon.sets[name] for name in small)

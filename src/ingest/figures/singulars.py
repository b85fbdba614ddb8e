"""Owns the singular of regular nouns in Portuguese and French; the irregular ones are in their lexicons."""

PORTUGUESE = (  # endings of the plural, the longest first, and those of the singular
    ("ções", "ção"),
    ("sões", "são"),
    ("ões", "ão"),
    ("ães", "ão"),
    ("ãos", "ão"),
    ("ais", "al"),
    ("éis", "el"),
    ("eis", "el"),
    ("óis", "ol"),
    ("uis", "ul"),
    ("ns", "m"),
    ("res", "r"),
    ("zes", "z"),
    ("eses", "ês"),
)
VOWEL_BEFORE_E = frozenset("aeiouáéíóúâêô")  # what "-res" and "-zes" stand behind where they add a syllable
FRENCH = (("eaux", "eau"), ("aux", "al"), ("eux", "eu"), ("oux", "ou"))
SHORTEST = 4  # letters; "gás" and "dos" are no plurals


def portuguese_singular(word: str) -> str:
    """Undo -s and the endings that change with it: "milhões", "hospitais", "homens", "professores"."""
    if len(word) < SHORTEST or not word.endswith("s"):
        return word
    for plural, single in PORTUGUESE:
        stem = word.removesuffix(plural)
        is_syllable = plural not in {"res", "zes"} or stem[-1:] in VOWEL_BEFORE_E
        if stem != word and stem and is_syllable:
            return stem + single
    return word[:-1]


def french_singular(word: str) -> str:
    """Undo -s and -x: "journaux", "bureaux", "lieux"."""
    if len(word) < SHORTEST - 1:
        return word
    for plural, single in FRENCH:
        if word.endswith(plural):
            return word.removesuffix(plural) + single
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word

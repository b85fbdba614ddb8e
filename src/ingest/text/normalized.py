"""Text as people read it: one space between words, comparable whatever its typography."""

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# What cannot be seen, or turns round what is read, or is no character at all: half of a surrogate pair. Joiners are
# letters' business in Arabic and in India, and pictures'; beside Latin letters, and at either end, they join nothing.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
    "|(?<![^\x00-\u024f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u024f])"
)
_QUOTES = {ord(c): "'" for c in "‘’‚‛´`′"} | {ord(c): '"' for c in "“”„‟«»″"} | {ord(c): "-" for c in "‐‑‒–—―−"}
_ACCENTS = re.compile("[\u0300-\u036f]+")  # of Latin, Greek and Cyrillic letters; other writing has others
_NOT_WORD = re.compile(r"\W+")
_SCRIPT = re.compile(r"<(script|style)\b[^<>]*>[^<]*</\1\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_HALVES = re.compile(r"&#([xX][dD][89abAB][\da-fA-F]{2}|5[56]\d{3});&#([xX][dD][c-fC-F][\da-fA-F]{2}|5[67]\d{3});")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_END_TAG = re.compile(r"</(?:p|b|strong|i|em|a|span)>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</?(?:p|div|br|blockquote|h[1-6]|ul|ol|li)(?:\s[^<>]*)?/?>", re.IGNORECASE)


def squash(text: str) -> str:
    """Put one space between words, and drop what cannot be seen."""
    return " ".join((text if text.isprintable() else _UNSEEN.sub("", text)).split())


def plain(text: str, *, lines: bool = False) -> str:
    """Read a value that may carry entities or tags, as metadata does, into plain text; `lines` keeps its lines."""
    for _ in range(2):  # some sites escape twice
        text = html.unescape(text)
    text = without_tags(text)
    return "\n".join(filter(None, map(squash, text.splitlines()))) if lines else squash(text)


def without_tags(text: str) -> str:
    """Take out tags that stand in a text as if they were words."""
    return _TAG.sub(" ", _SCRIPT.sub(" ", text)) if "<" in text else text


def with_halves_joined(text: str) -> str:
    """Write out a character that stands as two references, one to each half of its surrogate pair."""
    return _HALVES.sub(_joined, text)


def _joined(halves: re.Match[str]) -> str:
    high, low = (int(number[1:], 16) if number[0] in "xX" else int(number) for number in halves.groups())
    is_pair = 0xD800 <= high < 0xDC00 <= low < 0xE000
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)) if is_pair else halves.group()


def read_once_more(text: str) -> str:
    """Read a shown line that was escaped twice: the references that stand in it, and the tags these made."""
    return without_tags(html.unescape(text) if _REFERENCE.search(text) else text)


def told_apart(text: str) -> list[str]:
    """Return a shown text's paragraphs: one, unless its markup was escaped as if it were words."""
    if "&" in text and _REFERENCE.search(text):
        text = html.unescape(text)
    if "</" not in text or not _END_TAG.search(text):
        return [text]
    return [without_tags(paragraph) for paragraph in _PARAGRAPH.split(text)]


def any_of(words: Iterable[str]) -> str:
    """Write a pattern for the first of these words that stands at a place: a letter that several begin with is looked
    at once, which takes a third of the time.
    """
    by_letter: dict[str, list[str]] = {}
    for word in words:
        by_letter.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(letter)}(?:{'|'.join(rests)})" for letter, rests in by_letter.items())


@lru_cache(maxsize=500)  # a page's lines and titles are compared again and again
def alike(text: str) -> str:
    """Reduce to lower-case letters and digits, so that two writings of one thing are equal."""
    return _NOT_WORD.sub(" ", unaccented(text)).strip()


def in_small_letters(text: str) -> str:
    """Lower the case, each character in its place; a pattern that ignores the case takes several times as long."""
    return text.replace("İ", "I").lower()  # the one character that has two for its small letter


def unaccented(text: str) -> str:
    """Lower the case, drop the accents and straighten the quotes."""
    if text.isascii():
        return text.lower()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.translate(_QUOTES)).casefold())
    return bare if bare.isascii() else "".join(c for c in bare if not unicodedata.combining(c))

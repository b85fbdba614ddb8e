"""Text as people read it: one space between words, comparable whatever its typography."""

import html
import re
import unicodedata

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_QUOTES = {ord(c): "'" for c in "‘’‚‛´`′"} | {ord(c): '"' for c in "“”„‟«»″"} | {ord(c): "-" for c in "‐‑‒–—―−"}
_NOT_WORD = re.compile(r"\W+")
_TAG = re.compile(r"<[^<>]{1,500}>")


def squash(text: str) -> str:
    """Put one space between words, and drop what cannot be seen."""
    return " ".join((text if text.isascii() else text.translate(_INVISIBLE)).split())


def plain(text: str, *, lines: bool = False) -> str:
    """Read a value that may carry entities or tags, as metadata does, into plain text; `lines` keeps its lines."""
    for _ in range(2):  # some sites escape twice
        text = html.unescape(text)
    text = _TAG.sub(" ", text)
    return "\n".join(filter(None, map(squash, text.splitlines()))) if lines else squash(text)


def alike(text: str) -> str:
    """Reduce to lower-case letters and digits, so that two writings of one thing are equal."""
    return _NOT_WORD.sub(" ", unaccented(text)).strip()


def unaccented(text: str) -> str:
    """Lower the case, drop the accents and straighten the quotes."""
    if text.isascii():
        return text.lower()
    bare = unicodedata.normalize("NFKD", text.translate(_QUOTES)).casefold()
    return "".join(c for c in bare if not unicodedata.combining(c))

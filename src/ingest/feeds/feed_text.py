"""A feed's bytes made into XML text that is safe to parse: decoded, without document type, without what XML forbids."""

import html.entities
import re
import zlib

from ..text.charset import decode, guess_encoding, is_misread
from ..text.normalized import with_halves_joined

_MARKS = (
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00?\x00", "utf-16-le"),
)
GZIP = b"\x1f\x8b"
_MOST_MEMBERS = 1_000  # of a gzip file: each costs a copy of what is left of it
_LONGEST_UNPACKED = 20_000_000  # bytes
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"<\?xml[^>]{0,500}\?>", re.IGNORECASE)
_ROOT = re.compile(r"<[A-Za-z_]")
_REFERENCE = re.compile(r"&(?:#(x[0-9a-f]{1,40}|[0-9]{1,40})|([A-Za-z][A-Za-z0-9]{1,31}));", re.IGNORECASE)
# feedparser takes a picture's title and caption (Media RSS) for the article's own.
_CAPTION = re.compile(r"<media:(title|description|text)(?:\s[^<>]*)?>(?:(?!<media:).)*?</media:\1\s*>", re.DOTALL)
_BARE_AMPERSAND = re.compile(r"&(?!(?:#[0-9]{1,40}|#[xX][0-9a-fA-F]{1,40}|[A-Za-z][A-Za-z0-9]{1,31});)")
# feedparser looks for mail addresses in whoever is named, in time that grows with the square of the name.
_LONGEST_NAME = 500
_OPENING_NAME = (
    r"<(?:[\w.-]{1,40}:)?(?:author|contributor|creator|managingEditor|name|owner|publisher|webMaster)"
    r"(?:\s[^<>]{0,999})?>\s*"
)
_LONG_NAME = re.compile(rf"({_OPENING_NAME}[^<]{{{_LONGEST_NAME}}})[^<]+", re.IGNORECASE)
_BEFORE_NAME = re.compile(rf"{_OPENING_NAME}\Z", re.IGNORECASE)
# Nor does it bear elements with attributes without end: it looks through all of them for each.
_LONG_ELEMENT = re.compile(r"<([\w.:-]{1,100})\s[^<>]{20000,}>")
# An entry with nothing in it, of which some stand within others and would end them.
_EMPTY_ENTRY = re.compile(r"<(?:item|entry)\s*/>", re.IGNORECASE)
# A field with nothing but words in it, up to the next field or the end of its entry; its own end has another name.
_FIELDS = "title|link|guid|pubDate|description|author|category|comments|id|updated|published|summary|dc:date|dc:creator"
_OPEN_FIELD = re.compile(
    rf"(<({_FIELDS})(?:\s[^<>]{{0,999}})?(?<!/)>[^<]*+)"
    rf"(?:</(?!\2\s*>|item|entry)[\w:.-]{{1,40}}\s*>|(?=<(?:{_FIELDS})[\s>])|(?=</(?:item|entry)\s*>))"
)
# The same of fields that may hold markup, up to the end of their entry.
_OPEN_STORY = re.compile(
    r"(<(description|summary|content|content:encoded)(?:\s[^<>]{0,999})?(?<!/)>"
    r"(?:(?!</?\2[\s>]|</?(?:item|entry)[\s>]).)*+)(?=</?(?:item|entry)[\s>])",
    re.DOTALL,
)
# A section without an end, in a field that has one.
_OPEN_SECTION = re.compile(
    r"(<([\w:]{1,40})(?:\s[^<>]{0,999})?>\s*<!\[CDATA\[(?:(?!\]\]>|<!\[CDATA\[|</\2\s*>).)*+)(</\2\s*>)", re.DOTALL
)
_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})


def decode_feed(body: bytes, content_type: str | None) -> tuple[str, tuple[str, ...]]:
    """Decode as XML says (appendix F), and as a browser would where XML says nothing; tell what did not fit."""
    body = _unzipped(body)
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace").removeprefix("\ufeff"), ()
    text = decode(body, content_type).removeprefix("\ufeff")
    replaced = text.count("\ufffd")
    if not replaced or b"\xef\xbf\xbd" in body:
        return text, ()
    if is_misread(text):
        return body.decode(guess_encoding(body), "replace"), ("encoding_not_as_declared",)
    return text, ("undecodable_bytes",)


def _unzipped(body: bytes) -> bytes:
    """Unpack a feed that is a gzip file and was not announced as one; a broken or endless one stays as it is."""
    if not body.startswith(GZIP):
        return body
    try:
        unpacked, is_whole = gunzipped(body, most=_LONGEST_UNPACKED)
    except zlib.error:
        return body
    return unpacked if is_whole and len(unpacked) <= _LONGEST_UNPACKED else body


def gunzipped(body: bytes, *, most: int) -> tuple[bytes, bool]:
    """Unpack a gzip file with all its members, up to a size and a byte, and say whether that was all of it."""
    plain = bytearray()
    for _ in range(_MOST_MEMBERS):
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        plain += member.decompress(body, most + 1 - len(plain))
        body = member.unused_data
        if len(plain) > most or not member.eof or not body.startswith(GZIP):
            return bytes(plain), member.eof
    return bytes(plain), False


def repair_xml(text: str) -> tuple[str, tuple[str, ...]]:
    """Return XML that a parser can take, and what had to be mended; entities are neither expanded nor fetched."""
    flaws = ["text_before_declaration"] if text[:1].isspace() else []
    allowed = unforbidden(text)
    if len(allowed) < len(text):
        flaws.append("control_characters")
    declared = _DECLARATION.sub("", allowed, count=1).lstrip()
    bare = _without_document_type(declared)
    if len(bare) < len(declared):
        flaws.append("document_type")
    mended, repairs = _mended(_CAPTION.sub("", with_halves_joined(bare)))
    return mended, (*flaws, *repairs)


def with_fields_closed(text: str) -> str:
    """End the plain fields of entries that do not end, or end in another's name, so that they swallow no neighbour."""
    for pattern, closed in ((_OPEN_SECTION, r"\1]]>\3"), (_OPEN_FIELD, r"\1</\2>"), (_OPEN_STORY, r"\1</\2>")):
        text = pattern.sub(closed, text)
    return text


def unforbidden(text: str) -> str:
    """Leave out the characters that XML has no way to write."""
    return _FORBIDDEN.sub("", text)


def _mended(text: str) -> tuple[str, list[str]]:
    """Escape what should have been, outside of CDATA, where nothing has to be; cut names without end."""
    kept: list[str] = []
    flaws: set[str] = set()
    position = 0
    while position < len(text):
        start = text.find("<![CDATA[", position)
        start = start if start >= 0 else len(text)
        outside = _EMPTY_ENTRY.sub("", text[position:start])
        outside = _LONG_ELEMENT.sub(r"<\1>", _LONG_NAME.sub(r"\1", outside))
        escaped = _BARE_AMPERSAND.sub("&amp;", outside)
        readable = _REFERENCE.sub(_readable_reference, escaped)
        flaws.update({"bare_ampersands"} if escaped != outside else ())
        flaws.update({"undefined_entities"} if readable != escaped else ())
        end = text.find("]]>", start)
        position = end + 3 if end >= 0 else len(text)
        section = text[start:position]
        if len(section) > _LONGEST_NAME and _BEFORE_NAME.search(readable[-1_200:]):
            section = f"{section[:_LONGEST_NAME]}]]>"
        kept += (readable, section)
    return "".join(kept), sorted(flaws)


def _without_document_type(text: str) -> str:
    """Cut `<!DOCTYPE …>` with all it declares; it stands before the first element or nowhere (XML, 2.8)."""
    start = text[:100_000].lower().find("<!doctype")
    root = _ROOT.search(text)
    if start < 0 or (root and root.start() < start):
        return text
    subset, end = text.find("[", start), text.find(">", start)
    if 0 <= subset < end:
        closing = re.compile(r"\]\s*>").search(text, subset)
        end = closing.end() - 1 if closing else -1
    return text[:start] + text[end + 1 :] if end >= 0 else text[:start]


def _readable_reference(reference: re.Match[str]) -> str:
    """Keep what XML knows, write out what only HTML knows, drop what is no character, show the rest as it stands."""
    number, name = reference.groups()
    if number is None:
        character = html.entities.html5.get(f"{name};")
        return reference.group() if name in _PREDEFINED else character or f"&amp;{name};"
    code = int(number[1:], 16) if number[0] in "xX" else int(number)
    if code > 0x10FFFF or _FORBIDDEN.match(chr(code)):
        return ""
    return reference.group()

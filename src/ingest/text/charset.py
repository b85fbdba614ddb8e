"""Bytes into text, by the encoding a browser would choose (WHATWG Encoding); whatever comes, text comes out."""

import codecs
import re

import chardet
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

SNIFFED_BYTES = 50_000  # enough to tell encodings apart, little enough to be quick

# The encodings that browsers know (WHATWG Encoding, 4.2), by Python's names: Python knows more, and some are traps.
BROWSER_ENCODINGS = frozenset(
    "utf-8 utf-16-le utf-16-be cp866 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 "
    "iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-roman cp874 tis-620 cp1250 cp1251 cp1252 cp1253 "
    "cp1254 cp1255 cp1256 cp1257 cp1258 mac-cyrillic gbk gb18030 big5 big5hkscs cp950 euc_jp iso2022_jp shift_jis "
    "cp932 euc_kr cp949".split()
)
SNIFFED_HEAD = 4_096
BINARY_MARKS = (
    b"%PDF-",
    b"%!PS-Adobe-",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"ID3",
    b"OggS",
)
TEXT_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
BINARY_BYTES = bytes((*range(1, 9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)))
# Which of each four bytes are mostly NULs.
_WIDE: dict[tuple[bool, ...], str] = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
}
_LATIN = re.compile(r"iso-8859-(?:1|2|3|4|9|10|13|14|15|16)$|windows-125[0247]$|cp125[0247]$|mac|cp8|ascii|hp|ibm")
SINGLE_BYTE = frozenset({"cp1252", "iso8859-15", "iso8859-2", "cp1250"})
# UTF-8 that was taken for Windows-1252 on its way and encoded once more: "Ã±" for "ñ".
LEAST_TRACES = 2
MOST_SPOILT = 0.4  # of what is not ASCII, in UTF-8 of which a few bytes were cut off or pasted in from elsewhere
_TAIL = "[\x80-\xbf" + "".join(sorted(bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0))) + "]"
_ASCII_BLANKED = bytes((*b" " * 0x80, *range(0x80, 0x100)))
_TWICE = re.compile(f"[\xc2-\xc5\xd0\xd1]{_TAIL}|[\xe0-\xef]{_TAIL}{{2}}|[\xf0-\xf4]{_TAIL}{{3}}")


def decode(body: bytes, content_type: str | None) -> str:
    """Read text as a browser would: by byte order mark, header, declaration in the text, then by its looks.

    UTF-8 that calls itself Latin is believed to be UTF-8, a few spoilt bytes or not, for real Latin text is never that.
    Text that was encoded twice is decoded twice. No NULs.
    """
    marked, mark = read_bom(body)
    wide = None if marked else _by_its_nuls(body)
    if marked and mark:
        text = body[len(mark) :].decode(marked, "replace")
    elif wide:
        text = body.decode(wide, "replace")
    else:
        text = _decode_declared(body, _declared(body, content_type))
    return decoded_again(text.replace("\x00", "") if b"\x00" in body else text)


def decoded_again(text: str) -> str:
    """Undo a second encoding, where nearly all that is not ASCII shows its traces: "CAFÉ…" alone does not."""
    if text.isascii():
        return text
    strange = b" ".join(text.encode("utf-8", "replace").translate(_ASCII_BLANKED).split()).decode()
    traces = _TWICE.findall(strange)  # in a tenth of the time all of the text would take
    if len(traces) < LEAST_TRACES:
        return text
    is_twice = sum(map(len, traces)) > len(strange.replace(" ", "")) * 0.8
    return _TWICE.sub(_read_again, text) if is_twice else text


def _read_again(trace: re.Match[str]) -> str:
    pieces = (c.encode("latin-1") if c <= "\xff" else c.encode("cp1252") for c in trace.group())
    return b"".join(pieces).decode("utf-8", "replace")


def decode_page(body: bytes, content_type: str | None) -> str:
    """Decode as a browser would, and better where the declaration can't be true."""
    text = decode(body, content_type)
    if is_misread(text) and b"\xef\xbf\xbd" not in body:
        return body.decode(guess_encoding(body), "replace").replace("\x00", "")
    return text


def is_binary(body: bytes) -> bool:
    """Return whether bytes are a file of another kind (a picture, a PDF, a recording), by how browsers tell them apart.

    A file says so by its first bytes, or holds control characters that no text has (WHATWG MIME Sniffing, 7.2).
    """
    start = body[:SNIFFED_HEAD]
    if start.startswith(BINARY_MARKS):
        return True
    if start.startswith(TEXT_MARKS) or start[:100].count(0) > 20:  # UTF-16 and UTF-32 are half NULs
        return False
    return len(start.translate(None, delete=BINARY_BYTES)) < len(start) * 0.98


def _declared(body: bytes, content_type: str | None) -> str | None:
    """Return the encoding that the header or the text names, if a browser knows it."""
    header = http_content_type_encoding(content_type) if content_type else None
    for label in (header, html_body_declared_encoding(body[:16_384])):
        name = _known(label)
        if name:
            return "utf-8" if label != header and name.startswith("utf-16") else name
    return None


def _known(label: str | None) -> str | None:
    try:
        name = resolve_encoding(label) if label else None
        name = codecs.lookup(name).name if name else None
    except (LookupError, ValueError):
        return None
    return name if name in BROWSER_ENCODINGS else None


def _decode_declared(body: bytes, declared: str | None) -> str:
    if declared is None or declared in SINGLE_BYTE:
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError as error:
            text = body.decode("utf-8", "replace")
            if (declared is None and error.start > len(body) * 0.98) or _is_spoilt_in_few_places(text):
                return text
    return body.decode(declared or _sniff(body), "replace")


def _is_spoilt_in_few_places(text: str) -> bool:
    strange = len(text) - len(text.encode("ascii", "ignore"))
    return text.count("\ufffd") <= strange * MOST_SPOILT


def _by_its_nuls(body: bytes) -> str | None:
    """Return the encoding of text in two or four bytes a character that has no mark: its ASCII is full of NULs."""
    head = body[:SNIFFED_HEAD]
    if b"\x00" not in head:
        return None
    return _WIDE.get(tuple(head[place::4].count(0) * 8 > len(head) for place in range(4)))


def guess_encoding(body: bytes) -> str:
    """Guess from the bytes; between two Latin alphabets, which can't be told apart by little text, take the common."""
    guess = (chardet.detect(body[:200_000])["encoding"] or "").lower()
    try:
        return "cp1252" if _LATIN.match(guess) else codecs.lookup(guess).name
    except LookupError:
        return "cp1252"


def is_misread(text: str) -> bool:
    """Return whether most of what is not ASCII could not be read: then the declaration is wrong, not the text."""
    replaced = text.count("\ufffd")
    return replaced > 0 and replaced * 2 > sum(1 for character in text if character > "\x7f")


def _sniff(body: bytes) -> str:
    """Guess from the bytes alone; Western European when nothing better is known."""
    first = next((index for index, byte in enumerate(body) if byte > 0x7F), 0)
    guess = chardet.detect(body[max(0, first - 1_000) : first + SNIFFED_BYTES])
    name = _known(guess["encoding"])
    return name if name and not name.startswith("utf-16") else "cp1252"

"""Snippets of HTML, as feeds carry them: their words, and their links made absolute. Whole pages are read elsewhere."""

import html
import re

from lxml import etree
from lxml import html as lxml_html

from ..core.urls import absolute_url

_NO_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Marks that show nothing, or turn what follows around; joiners are letters' business, but for Latin ones.
_UNSEEN_MARK = re.compile(
    r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
    r"|(?<![^\x00-\u024f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u024f])"
)
_MARKUP = re.compile(r"<(?:/?[a-zA-Z]|!)")
# What no headline means literally: a tag that text is dressed in, any other that has an attribute, a comment.
_DRESSING = (
    "a|abbr|b|big|blockquote|br|cite|code|div|em|embed|font|form|h[1-6]|i|iframe|img|li|mark|math|object|ol|p|q|s|script"
    "|small|span|strike|strong|style|sub|sup|svg|table|td|tr|u|ul"
)
_COMMON_TAG = re.compile(
    rf"</?(?:{_DRESSING})(?:[\s/][^<>]*)?>|<[a-z][\w-]{{0,30}}[\s/][^<>=]{{1,99}}=|<!--", re.IGNORECASE
)
_ESCAPED_TAG = re.compile(r"&lt;/?(?:blockquote|br|div|h[1-6]|p|ul)(?:\s|/?&gt;)", re.IGNORECASE)
_SECTION = re.compile(r"<!\[CDATA\[|\]\]>")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_NUMBERED = re.compile(r"&#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});")
_LINK = re.compile(r"""(\s(?:href|src|poster)\s*=\s*)(["'])(?!https?:|data:|mailto:|tel:|#)([^"'<>]{1,2000})\2""", re.I)
_UNSEEN = ("script", "style", "noscript", "template", "iframe", "object", "svg", "math", "head", "title")
_BREAKING = {
    *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "td"),
    *("th", "tr", "ul"),
}


def clean(text: str) -> str:
    """Drop NULs, control characters, lone surrogates and what can't be seen, and part words by one blank."""
    return " ".join(_UNSEEN_MARK.sub("", _NO_CHARACTER.sub("", text)).split())


def plain_text(snippet: str) -> str:
    """Return the words a reader would see: tags out, character references read once, nothing of scripts or styles."""
    if not _MARKUP.search(snippet):
        return clean(html.unescape(snippet))
    try:
        root = lxml_html.document_fromstring(f"<div>{_NO_CHARACTER.sub('', snippet)}</div>")
    except (etree.LxmlError, ValueError):
        return clean(html.unescape(re.sub(r"<[^<>]*>", " ", snippet)))
    etree.strip_elements(root, etree.Comment, etree.ProcessingInstruction, *_UNSEEN, with_tail=False)
    words: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        words += (" " if element.tag in _BREAKING else "", (element.text if event == "start" else element.tail) or "")
    return clean("".join(words))


def bare_text(snippet: str) -> str:
    """Return the words of HTML that may have been escaped once too often: no tag is left standing."""
    words = plain_text(snippet)
    return plain_text(words) if _COMMON_TAG.search(words) or _NUMBERED.search(words) else words


def guessed_text(text: str) -> str:
    """Return the words of a text that may be plain or HTML."""
    return bare_text(text) if looks_like_markup(text) else clean(text)


def without_sections(text: str) -> str:
    """Take out the marks of CDATA that stand in a text as if they were words: it was wrapped or escaped twice."""
    return _SECTION.sub("", text) if "[CDATA[" in text else text


def unescaped(snippet: str) -> str:
    """Return HTML that was escaped once too often, or wrapped, as HTML."""
    snippet = without_sections(snippet)
    is_escaped = _ESCAPED_TAG.search(snippet) and not _MARKUP.search(snippet)
    return without_sections(html.unescape(snippet)) if is_escaped else snippet


def looks_like_markup(text: str) -> bool:
    """Return whether a text that may be either is HTML: it holds a tag that headlines have, or a reference."""
    return bool(_COMMON_TAG.search(text) or _REFERENCE.search(text))


def with_absolute_links(snippet: str, base: str) -> str:
    """Resolve relative links against the document they came in, and leave everything else as it was written."""

    def resolved(link: re.Match[str]) -> str:
        target = absolute_url(html.unescape(link.group(3)), base)
        return f"{link.group(1)}{link.group(2)}{html.escape(target)}{link.group(2)}" if target else link.group()

    return _LINK.sub(resolved, snippet)


def as_player(address: str) -> str:
    """Write the address of a recording as HTML, so that it is seen to belong to the content it follows."""
    return f'<audio src="{html.escape(address)}"></audio>'


def as_markup(text: str) -> str:
    """Write plain text as HTML paragraphs, so that all content is of one kind."""
    return "".join(f"<p>{html.escape(part.strip())}</p>" for part in re.split(r"\n\s*\n", text) if part.strip())

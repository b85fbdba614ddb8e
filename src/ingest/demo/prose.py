"""The few marks our stories are written in, and what they become in HTML.

Blocks are parted by an empty line: `## subhead`, `> quote`, `- list`, `!video address`; all else is a paragraph.
Within one: `**strong**` and `[words](address, or the slug of another story)`.
"""

import re
from collections.abc import Mapping
from html import escape

_LINK = re.compile(r"\[([^]]+)\]\(([^)]+)\)")
_STRONG = re.compile(r"\*\*(.+?)\*\*")


def to_html(text: str, addresses: Mapping[str, str]) -> str:
    """Turn a story's text into HTML; `addresses` says where the stories it links to by slug are."""
    return "\n".join(_block(block, addresses) for block in _blocks(text))


def first_paragraph(text: str) -> str:
    """Return the first paragraph without its marks: what feeds call the summary."""
    return _STRONG.sub(r"\1", _LINK.sub(r"\1", _blocks(text)[0]))


def _blocks(text: str) -> list[str]:
    return [block.strip() for block in text.strip().split("\n\n")]


def _block(block: str, addresses: Mapping[str, str]) -> str:
    mark, _, rest = block.partition(" ")
    if mark == "##":
        return f"<h2>{_inline(rest, addresses)}</h2>"
    if mark == ">":
        return f"<blockquote><p>{_inline(rest, addresses)}</p></blockquote>"
    if mark == "-":
        lines = (line.removeprefix("- ") for line in block.splitlines())
        return "<ul>" + "".join(f"<li>{_inline(line, addresses)}</li>" for line in lines) + "</ul>"
    if mark == "!video":
        return f'<div class="video"><iframe src="{escape(rest)}" width="560" height="315"></iframe></div>'
    return f"<p>{_inline(block, addresses)}</p>"


def _inline(text: str, addresses: Mapping[str, str]) -> str:
    def link(match: re.Match[str]) -> str:
        words, target = match.groups()
        return f'<a href="{addresses.get(target, target)}">{words}</a>'

    return _STRONG.sub(r"<strong>\1</strong>", _LINK.sub(link, escape(text, quote=False)))

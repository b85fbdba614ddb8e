"""An article's text as paragraphs, wherever it was found: on the page, in its metadata, or in its feed."""

from collections.abc import Iterable

from ..core.model import Paragraph, ParagraphKind
from ..text.normalized import alike, plain
from .blocks import Block, read_blocks
from .body import find_body
from .boilerplate import Boilerplate, is_furniture
from .markup import read_markup


def paragraphs_of(blocks: Iterable[Block], title: str) -> tuple[Paragraph, ...]:
    """Write blocks as paragraphs, each under its nearest heading; the title is no heading of its own article."""
    found: list[Paragraph] = []
    heading: str | None = None
    bare_title = alike(title)
    for block in blocks:
        if block.is_heading and alike(block.text) == bare_title:
            continue
        kind = _kind(block)
        found.append(Paragraph(kind=kind, text=block.text, heading=heading if kind != "heading" else None))
        if kind == "heading":
            heading = block.text
    return tuple(found)


def paragraphs_of_html(html: str, title: str) -> tuple[Paragraph, ...]:
    """Read the paragraphs of an article that a feed carries whole."""
    soup = read_markup(html).soup
    return paragraphs_of(find_body(soup, read_blocks(soup, Boilerplate(soup))).blocks, title)


def paragraphs_of_text(text: str) -> tuple[Paragraph, ...]:
    """Read the paragraphs of an article that metadata carries as plain text, one to a line."""
    lines = plain(text, lines=True).splitlines()
    return tuple(Paragraph(kind="paragraph", text=line) for line in lines if not is_furniture(line))


def _kind(block: Block) -> ParagraphKind:
    if block.is_heading:
        return "heading"
    if block.is_quote:
        return "quote"
    return "list_item" if block.is_item else "paragraph"

"""Whether a page has any sign of an article, beside the text that was taken for one."""

import re
from collections.abc import Sequence

from .about import FEWEST_SHARED, stems
from .blocks import Block
from .metadata import Metadata, meta_names
from .tree import elements_in

LONGEST_DOUBTED = 1_000  # characters of body; a page with more holds an article, whatever its feed calls it
MOST_OF_A_BARE_PAGE = 800  # characters of all its lines; a page with more is a site's, with an article or a menu on it
MOST_LINKS = 10  # of such a page; a menu has more

_ADDRESS = re.compile(r"\S*/\S*")  # that a check may repeat, with the words of the title in it


def is_unmarked(metadata: Metadata) -> bool:
    """Return whether a page neither states nor marks up anything of an article: no article, no author, no date."""
    names = meta_names()
    stated = (metadata.story, *map(metadata.items.get, ("author", "datepublished", "articlebody")))
    named = metadata.named(*names.published, *names.dated, *names.modified, *names.authors)
    is_called_story = (metadata.first("og:type") or "").startswith("article")
    if any(stated) or named or metadata.times or metadata.dated or is_called_story:
        return False
    return next(elements_in(metadata.soup, {"article"}), None) is None


def is_bare(metadata: Metadata, blocks: Sequence[Block]) -> bool:
    """Return whether a page says next to nothing, has no menu, and states nothing of an article."""
    size, links = sum(len(block.text) for block in blocks), sum(len(block.links) for block in blocks)
    return size <= MOST_OF_A_BARE_PAGE and links <= MOST_LINKS and is_unmarked(metadata)


def shares_no_word(listed_title: str, metadata: Metadata, blocks: Sequence[Block], size: int) -> bool:
    """Return whether a short page that states nothing of an article has no word of its feed's title.

    Feeds and pages call one article by other words, but the page then says them somewhere, or states what it is. `size`
    is the characters of its body.
    """
    listed = stems(listed_title)
    if len(listed) < FEWEST_SHARED or size >= LONGEST_DOUBTED or not is_unmarked(metadata):
        return False
    told = (*metadata.titles, *(value for _, value in metadata.named("og:title", "twitter:title")))
    said = " ".join((*told, *(block.text for block in blocks)))
    return listed.isdisjoint(stems(_ADDRESS.sub(" ", said)))

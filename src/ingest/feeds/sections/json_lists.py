"""The lists of articles that a page's JSON-LD states: ItemList, a collection's articles, a blog's postings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...articles.jsonld import STORY_TYPES, Node, first_text, texts, types_of
from ...core.urls import absolute_url
from .words import opens_other_box

_LISTS = frozenset({"itemlist", "collectionpage", "blog", "searchresultspage", "datafeed"})
_HELD = ("itemListElement", "blogPost", "blogPosts", "hasPart", "mainEntity", "dataFeedElement", "about")
MOST_ITEMS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article as a list states it."""

    url: str
    title: str | None
    summary: str | None
    published: str | None  # as written


def stated_items(nodes: Sequence[Node], base: str) -> list[Item]:
    """Return the articles that JSON-LD lists, in its order; lists of menus and of other boxes are left out."""
    found: dict[str, Item] = {}
    for node in nodes:
        if types_of(node) & _LISTS and not opens_other_box(first_text(node.get("name")) or ""):
            for item in _items(node, base):
                found.setdefault(item.url, item)
    stories = [node for node in nodes if types_of(node) & STORY_TYPES and node.get("url")]
    if not found and len(stories) > 2:
        for node in stories:
            if story := _item(node, base):
                found.setdefault(story.url, story)
    return list(found.values())[:MOST_ITEMS]


def states_one_article(nodes: Sequence[Node]) -> bool:
    """Return whether JSON-LD describes a single article, and no list."""
    stories = [node for node in nodes if types_of(node) & STORY_TYPES and first_text(node.get("headline"))]
    return len(stories) == 1 and not any(types_of(node) & _LISTS for node in nodes)


def _items(node: Node, base: str, depth: int = 0) -> Iterator[Item]:
    if depth > 3:
        return
    for name in _HELD:
        held = node.get(name)
        for each in held if isinstance(held, list) else [held]:
            if isinstance(each, dict) and types_of(each) & _LISTS:
                yield from _items(each, base, depth + 1)
            elif item := _item(each, base):
                yield item


def _item(value: object, base: str) -> Item | None:
    if isinstance(value, str):
        url = absolute_url(value, base) if "/" in value else None
        return Item(url=url, title=None, summary=None, published=None) if url else None
    if not isinstance(value, dict):
        return None
    inner = value.get("item")
    if isinstance(inner, str):
        inner = {"url": inner}
    node = {**value, **inner} if isinstance(inner, dict) else value
    stated = (_address_in(node.get(name)) for name in ("url", "@id", "mainEntityOfPage"))
    url = next((address for one in stated if one and (address := absolute_url(one, base))), None)
    if url is None:
        return None
    return Item(
        url=url,
        title=first_text(node.get("headline")) or first_text(node.get("name")),
        summary=first_text(node.get("description")),
        published=next(iter(texts(node.get("datePublished"))), None),
    )


def _address_in(value: object) -> str | None:
    """Return the address in a value: a text, or a node that has one."""
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value if isinstance(value, str) and value.strip() else None

"""What surrounds an article and is not of it: menus, advertisements, related articles, share bars, comments."""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from bs4 import BeautifulSoup, Tag

from ..text.normalized import any_of, squash

_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_BULLETS = " *»›>-–—→[("
_LONGEST_FURNITURE = 220  # characters; a longer paragraph is prose, however it begins
_LONGEST_PLACEHOLDER = 600
_LONGEST_BYLINE = 160
_BYLINE = re.compile(r"(?:[Bb]y|BY|[Pp]or|[Pp]ar|[Vv]on)[: ]+[A-ZÀ-Þ][\w.'’-]+ [^.!?]*$")
_CODE = re.compile(r"@import|<\w|https?://\S+$|var \w+ ?=|function ?\w*\(|window\.|\{\"|[.#][\w-]+ ?\{")
# What a frame says of a bar beside it ("has-sidebar", "sidebar-enabled"), and what page builders call each piece.
_SAYS_NOTHING = re.compile(
    r"(?:has|with|without|no|hide|show|for|left|right|fixed|l)-(?:[a-z]+-)?sidebar(?:-\w+)*"
    r"|sidebar-(?:left|right|none|no|off|on|enabled|disabled|divider|false|true|fixed)\b(?:-\w+)*"
    r"|elementor-widget(?:-(?!sidebar|share|post|posts|nav|author|popup|icon|button)[a-z-]+)?(?![\w-])"
)
_SLUG = re.compile(r"(?:[^\W_]+[-_]){5}")  # an id that is a heading's words says nothing of what it holds
_FRAMES = frozenset({"html", "body", "main", "article", "p", "tr"})
_ROLES = frozenset({"navigation", "complementary", "banner", "contentinfo", "search", "dialog"})


class Boilerplate:
    """Knows boilerplate by element, by name, and by a source's own hints."""

    def __init__(self, soup: BeautifulSoup, selectors: Iterable[str] = ()) -> None:
        self._hinted = {id(tag) for selector in selectors for tag in soup.select(selector)}
        self._never_text = _rules().tags

    def is_never_text(self, tag: Tag) -> bool:
        """Return whether an element can't hold an article's text."""
        return tag.name in self._never_text or id(tag) in self._hinted

    def is_suspect(self, tag: Tag) -> bool:
        """Return whether an element's name or kind makes its content boilerplate, unless that is most of the page."""
        return bool(doubts_of(tag))


def doubts_of(tag: Tag) -> tuple[str, ...]:
    """Return the words of an element's names, role or kind that speak against it."""
    if tag.name in _FRAMES:
        return ()
    if tag.name in _rules().weak_tags:
        return (tag.name,)
    attributes = tag.attrs
    if not attributes:
        return ()
    if attributes.get("role") in _ROLES:
        return (str(attributes["role"]),)
    name = str(attributes.get("class", ""))
    named = str(attributes.get("id", ""))
    if named and not _SLUG.match(named):
        name = f"{name} {named}"
    return _doubts(name) if len(name) > 1 else ()


def is_strong(tag: Tag) -> bool:
    """Return whether an element's name makes boilerplate of it even where it holds most of a page's text."""
    return _is_strong_name(f"{tag.attrs.get('class', '')} {tag.attrs.get('id', '')}")


@lru_cache(maxsize=20_000)
def _doubts(name: str) -> tuple[str, ...]:
    rules = _rules()
    lowered = _hyphened(name.lower())
    if rules.kept.search(lowered):
        return ()
    telling = _SAYS_NOTHING.sub(" ", name)
    found = rules.fragments.findall(lowered)
    found += [word for part in _PART.findall(telling) if (word := part.lower()) in rules.words]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=20_000)
def _is_strong_name(name: str) -> bool:
    return any(part.lower() in _rules().strong for part in _PART.findall(name))


def opens_replies(text: str) -> bool:
    """Return whether a line opens what readers say about an article."""
    return _bare_line(text) in _rules().replies


def opens_others(text: str) -> bool:
    """Return whether a line opens a list of other articles."""
    return _bare_line(text) in _rules().others


def _bare_line(text: str) -> str:
    return text.lower().strip(" .:|*»›>-–—→[]()0123456789") if len(text) < 60 else ""


def asks_for_support(text: str) -> bool:
    """Return whether a line asks readers for money."""
    return _rules().appeals.match(text.lower().lstrip(_BULLETS)) is not None


def stands_in_for_content(text: str) -> bool:
    """Return whether a paragraph stands in for what is not shown, or asks for consent to show it."""
    return len(text) <= _LONGEST_PLACEHOLDER and text.lower().lstrip(_BULLETS).startswith(_rules().placeholders)


def invites_readers(text: str) -> bool:
    """Return whether a line asks readers to have a newsletter, or the like, sent to them."""
    return len(text) <= _LONGEST_FURNITURE and _rules().invitation.search(text.replace("’", "'")) is not None


def is_furniture(text: str) -> bool:
    """Return whether a line is a page's furniture by its words alone: "READ MORE: …", "Share", a rights line."""
    line = squash(text).lower().replace("’", "'").strip(" .:|*»›>-–—→[]()")
    if line in _rules().lines or not line:
        return True
    if (
        invites_readers(text)
        or stands_in_for_content(text)
        or _CODE.match(text)
        or (len(text) <= _LONGEST_BYLINE and _BYLINE.match(text))
    ):
        return True
    return len(line) <= _LONGEST_FURNITURE and text.lower().lstrip(_BULLETS).startswith(_rules().line_starts)


class _Rules:
    def __init__(self, data: dict[str, list[str]]) -> None:
        self.tags = frozenset(data["tags"])
        self.weak_tags = frozenset(data["weak_tags"])
        self.words = frozenset(data["words"])
        self.strong = frozenset(data["strong"])
        self.fragments = re.compile(any_of(map(_hyphened, data["fragments"])))
        self.kept = re.compile(any_of(map(_hyphened, data["kept"])))
        self.replies = frozenset(data["replies"])
        self.others = frozenset(data["others"])
        self.lines = frozenset(data["lines"])
        self.placeholders = tuple(data["placeholders"])
        self.line_starts = tuple(data["line_starts"])
        self.invitation = re.compile(
            rf"(?:^\W*|[.!?] )(?:{any_of(data['invitations'])})\b.*\b(?:{any_of(data['ours'])})(?: [\w'-]+){{0,3}} "
            rf"(?:{any_of(data['sent'])})\b",
            re.IGNORECASE,
        )
        self.appeals = re.compile(rf"(?:{any_of(data['appeals'])})\b")


def _hyphened(name: str) -> str:
    return name.replace("_", "-").replace("--", "-")


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    return _Rules(tomllib.loads(files(__package__).joinpath("boilerplate.toml").read_text("utf-8")))

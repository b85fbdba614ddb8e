"""The words that tell a section page's list from what stands around it: what words.toml holds."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from ...text.normalized import alike, any_of, unaccented

LONGEST_LABEL = 70  # characters of a line above a box
SHORTEST_EMPTY, LONGEST_EMPTY = 5, 200  # characters of a line that says that there is nothing
_OF_SOMETHING_ELSE = re.compile(r"coment|comment|event|produ[ckt]|cart\b|carrito|panier|notific|subscri|suscri")
MOST_WORDS = 7  # of such a line; a title has as many, but does not begin so …
MOST_WORDS_OF_ONE = 3  # … unless it begins with a single word, such as "popular"
_FILED = re.compile(
    r"\b(?:tag|category|categories|cat|author|tax|topic|section|term|format)-[\w-]+"
)  # WordPress says in what
_COUNT = re.compile(r"^\d+ | \d+$|^\d+$")  # as in "see photos (12)"
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


@dataclass(frozen=True, slots=True)
class SectionWords:
    """Words by what they tell; patterns match the beginning of a line in `alike`'s form."""

    never: frozenset[str]
    pages: frozenset[str]
    copies: frozenset[str]
    files: frozenset[str]
    numbers: frozenset[str]
    beside: frozenset[str]
    phrases: re.Pattern[str]
    frames: re.Pattern[str]
    labels: re.Pattern[str]
    bought: re.Pattern[str]
    kinds: dict[str, frozenset[str]]  # folders of what is no article, by kind
    boxes: dict[str, re.Pattern[str]]  # headings of boxes of it
    paid: frozenset[str]
    credits: re.Pattern[str]  # beginnings of a line that says whose picture it is
    empty: re.Pattern[str]
    onward: frozenset[str]
    older: frozenset[str]
    more: re.Pattern[str]  # a whole line such as "more politics articles"
    begins: re.Pattern[str]  # of such a line
    news: frozenset[str]  # words beside the date in a link to another day's articles
    dates: frozenset[str]
    names: dict[str, frozenset[str]]  # of elements in a card, by what they hold


@lru_cache(maxsize=1)
def section_words() -> SectionWords:
    """Return the words we know."""
    data = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    addresses, beside, labels = data["addresses"], data["beside"], data["labels"]
    kinds = ("kicker", "title", "teaser", "byline", "about", "date", "unseen", "caption")
    return SectionWords(
        never=frozenset(addresses["never"]),
        pages=frozenset(addresses["pages"]),
        copies=frozenset(addresses["copies"]),
        files=frozenset(addresses["files"]),
        numbers=frozenset(addresses["numbers"]),
        beside=frozenset(beside["words"]),
        phrases=re.compile(any_of(beside["phrases"])),
        frames=re.compile(any_of(beside["frames"])),
        labels=re.compile(any_of(map(alike, labels["beside"]))),
        bought=re.compile(any_of(map(alike, labels["bought"]))),
        kinds={kind: frozenset(words["folders"]) for kind, words in data["kinds"].items()},
        boxes={
            kind: re.compile(rf"(?:.*\b)?(?:{any_of(map(alike, words['headings']))})\b")
            for kind, words in data["kinds"].items()
        },
        credits=re.compile(rf"(?:{any_of(labels['credits'])})\s*(?:[:/|©]|by\b|por\b|par\b)|©"),
        paid=frozenset(map(alike, labels["paid"])),
        empty=re.compile(any_of(map(alike, labels["empty"]))),
        onward=frozenset(map(alike, labels["onward"])),
        older=frozenset(map(_bare, data["older"]["lines"])),
        more=re.compile(rf"(?:{any_of(data['older']['begins'])})\b.{{0,40}}\b(?:{any_of(data['older']['ends'])})"),
        begins=re.compile(rf"(?:{any_of(data['older']['begins'])})\b"),
        news=frozenset(data["older"]["news"]),
        dates=frozenset(data["dates"]["words"]),
        names={kind: frozenset(labels[kind]) for kind in kinds},
    )


def is_beside(name: str) -> bool:
    """Return whether an element of these classes, or of this id, stands beside the list."""
    return bool(name) and _is_beside(name[:500])


def is_called(name: str, kind: str) -> bool:
    """Return whether one of an element's names is, or ends with, a word for what it holds: title, teaser, date …"""
    return bool(name) and _is_called(name[:500], kind)


def opens_other_box(line: str) -> bool:
    """Return whether a line is the heading of a box of other articles: the most read, related ones, advertisements."""
    bare = alike(line) if len(line) <= LONGEST_LABEL else ""
    found = section_words().labels.match(bare)
    if found is None:
        return False
    words = len(bare.split())
    return words <= MOST_WORDS_OF_ONE or (words <= MOST_WORDS and " " in found[0])


def kind_of_box(line: str) -> str | None:
    """Return of which kind of things, other than articles, a box is by its heading: events, podcasts, jobs."""
    bare = alike(line) if len(line) <= LONGEST_LABEL else ""
    if not bare or len(bare.split()) > MOST_WORDS:
        return None
    return next((kind for kind, headings in section_words().boxes.items() if headings.match(bare)), None)


def is_bought(line: str) -> bool:
    """Return whether the heading of another box tells of an advertisement."""
    return section_words().bought.match(alike(line)) is not None


def says_empty(line: str) -> bool:
    """Return whether a line says that there are no articles."""
    if not SHORTEST_EMPTY < len(line) <= LONGEST_EMPTY:
        return False
    bare = alike(line)
    return section_words().empty.match(bare) is not None and _OF_SOMETHING_ELSE.search(bare) is None


def leads_on(line: str) -> bool:
    """Return whether a link's text only invites to read on."""
    bare = _COUNT.sub("", alike(line))
    return not bare or bare in section_words().onward


def leads_to_older(line: str) -> bool:
    """Return whether a link's text says that it leads to older articles."""
    if len(line) >= LONGEST_LABEL:
        return False
    bare = _bare(line)
    return bare in section_words().older or section_words().more.fullmatch(bare) is not None


def begins_as_older(line: str) -> bool:
    """Return whether a link's text begins as one that leads to older articles does, whatever it calls them."""
    return len(line) < LONGEST_LABEL and section_words().begins.match(_bare(line)) is not None


def _bare(line: str) -> str:
    return alike(line) or line.strip()


@lru_cache(maxsize=20_000)
def _is_beside(name: str) -> bool:
    words = section_words()
    name = _FILED.sub(" ", name)
    lowered = words.frames.sub(" ", name.lower())
    if words.phrases.search(lowered.replace("_", "-")):
        return True
    return any(part in words.beside for part in _parts(lowered if lowered != name.lower() else name))


@lru_cache(maxsize=20_000)
def _is_called(name: str, kind: str) -> bool:
    known = section_words().names[kind]
    return any(part in known for part in _parts(name)) or any(word in known for word in name.lower().split())


def _parts(name: str) -> Iterable[str]:
    return [unaccented(part) for part in _PART.findall(name)]

"""What a page is that answers in an article's place: an error, a door, a form, a list. Its words tell, and its markup.

Such a page speaks to its reader about the visit; an article that is about such pages speaks of other things as well.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from bs4 import Tag

from ..core.errors import AccessBlocked, ConsentAsked, ErrorPage, MissingPage, NotAnArticle, SignInAsked
from ..core.model import Paragraph
from ..text.normalized import alike, any_of
from .blocks import Block

LONG_ENOUGH = 500  # characters of body; a page with more holds an article, unless it says itself what it is
LONGEST = 3_000  # characters; no page that answers in an article's place says more
NEXT_TO_NOTHING = 200  # characters of body, beside which a check on robots is what the page is for
WALLED = 3_000  # characters of body; no teaser is longer
LONGEST_ASKED = 2_000  # characters of a line that asks for consent
MOST_SAID = 0.5  # share of a body's characters that may speak of the visit
SPOKEN = 0.25  # share of their characters in sentences that speak to the visitor
AFTER_HEADLINE = 6  # lines in which a page with a long body says what it is

_KINDS: tuple[tuple[str, type[NotAnArticle]], ...] = (
    ("missing", MissingPage),
    ("broken", ErrorPage),
    ("blocked", AccessBlocked),
    ("consent", ConsentAsked),
    ("auth", SignInAsked),
    ("listing", NotAnArticle),
)
_ERRORS = dict(_KINDS)
_OF_ANY_SIZE = ("missing", "broken", "blocked")
_MISSING = re.compile(r"\b4(?:04|10)\b")
_CODE = re.compile(
    r"^(?:(?:http|status|error|erro|erreur|code|c[oó]digo|fehler) )*(?:[45]\d\d|1020)\b ?"
    r"|^(?:http |server )?(?:error|erro|erreur|fehler)(?: de)? (?=\w)|[ ](?:(?:error|code) )*(?:[45]\d\d|1020)$"
)
_SORRY = re.compile(r"^(?:oo+ps|ups|ops|oups|hoppla|sorry|lo sentimos|desculpe|desole|whoops|uh oh) ")
_APOLOGY = re.compile(
    r"^(?:we(?:'re| are) sorry|sorry|unfortunately|oops|lo sentimos|lamentablemente|desculpe|infelizmente|"
    r"désolée?s?|malheureusement|leider)[,.!:]* (?:but |pero |mas |mais )?"
)
_PARTS = re.compile(r"\s+[-–—|:·•»›/~]+\s+|\s*\|\s*")
_QUOTED = re.compile(r"[“«][^”»]{0,500}[”»]|\"[^\"]{0,500}\"")
_PASSWORD = re.compile(r"""type\s*=\s*["']?password""", re.IGNORECASE)
_UNLISTED = re.compile(r"<meta\b[^>]{0,200}\bnoindex\b", re.IGNORECASE)
_CHECK = re.compile(
    r"""http-equiv\s*=\s*["']?refresh"""
    r"""|(?:src|id|class|action)\s*=\s*["']?[^"'>]{0,200}(?:captcha|challenge|turnstile|anti-?bot|botprotect)""",
    re.IGNORECASE,
)
_CASE_NUMBER = re.compile(
    r"\b(?=[0-9a-f]{0,40}\d)(?=[0-9a-f]{0,40}[a-f])[0-9a-f]{10,}\b|\d{12,}|\d\.[0-9a-f]{6,}\.\d{6,}|\b[0-9a-f]{8}-[0-9a-f]{4}-",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"""type\s*=\s*["']?email""", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’»')\]]*\s+|\n+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page shows, and what of it was taken for an article."""

    title: str
    names: tuple[str, ...] = ()  # what else it is called: its title elements and main headlines
    lines: tuple[str, ...] = ()
    place: int = 0  # of the headline among the lines
    story: str = ""
    markup: str = field(default="", repr=False)
    is_bare: bool = False  # it has no sign of an article and no menu: see `signs.is_bare`

    @property
    def size(self) -> int:
        """Return the characters of the article."""
        return len(self.story)


def stands_in(shown: Shown) -> type[NotAnArticle] | None:
    """Return what kind of page answers in an article's place, or None where nothing says that one does."""
    kind = _by_title(shown) or _by_marks(shown) or _by_words(shown) or _by_its_shape(shown)
    return _ERRORS[kind] if kind else None


def _by_title(shown: Shown) -> str | None:
    """Go by the whole title, where the page speaks to its reader or holds nothing else; by what else it is called, or
    beside a longer body, only where its lines say so too.
    """
    whole = _kinds_titled(shown.title)
    if shown.size < LONG_ENOUGH:
        if (whole or _is_code(shown.title)) and (not shown.size or _speaks(shown)):
            return _first(whole) or ("missing" if _MISSING.search(alike(shown.title)) else "broken")
        said = _told(line for line in shown.lines if line not in {shown.title, *shown.names})
        called = whole.union(*(_kinds_called(_PARTS.split(name)[0]) for name in (shown.title, *shown.names)))
        if alike(shown.title) in _words().sorry:
            return _most(said)
    else:
        called = whole & set(_OF_ANY_SIZE)
        said = _told(shown.lines[max(0, shown.place) :][1 : AFTER_HEADLINE + 1] if called else ())
    return _first(called & said.keys())


def _speaks(shown: Shown) -> bool:
    """Return whether a page speaks to its reader, or its title has the number of an error."""
    return _is_numbered(shown.title) or any(
        _words().voice.search(line) for line in _sentences(shown.story.splitlines())
    )


def _by_marks(shown: Shown) -> str | None:
    """Go by what the vendors of robot checks call their scripts: the check itself often shows no word."""
    if shown.size >= NEXT_TO_NOTHING:
        return None
    markup = shown.markup[:200_000].lower()
    return "blocked" if any(mark in markup for mark in _words().marks) else None


def _by_words(shown: Shown) -> str | None:
    """Go by the sentences: of an article, most of them would have to speak of the visit."""
    if shown.size > LONGEST:
        return None
    told = _told(shown.story.splitlines() if shown.size else shown.lines)
    if shown.size and "auth" in told and not _is_form(shown):
        del told["auth"]
    kind = _most(told)
    return kind if kind and told[kind] >= MOST_SAID * shown.size else None


def _by_its_shape(shown: Shown) -> str | None:
    """Go by what a bare page does, in whatever words: it checks its visitor, leads on, asks for a password or numbers
    the case; or it speaks of the visit, and to its visitor or not to search engines. Of 1,960 articles, one has a
    bare page, and it does none of that.
    """
    if not shown.is_bare or not shown.lines:
        return None
    words, sentences = _words(), list(_sentences(shown.lines))
    if _PASSWORD.search(shown.markup):
        return "auth"
    if not (_CHECK.search(shown.markup) or any(map(_CASE_NUMBER.search, shown.lines))):
        spoken = sum(len(sentence) for sentence in sentences if words.spoken.search(sentence))
        is_spoken = spoken > SPOKEN * sum(map(len, sentences))
        topics = (words.topics, *words.things.values())
        is_of_visit = any(topic.search(sentence) for sentence in sentences for topic in topics)
        if not is_of_visit or not (is_spoken or _UNLISTED.search(shown.markup)):
            return None
    if _EMAIL.search(shown.markup):
        return "auth"
    told = _told(shown.lines)
    return _most(Counter({kind: told[kind] for kind in ("consent", "auth", "blocked") if told[kind]})) or "blocked"


def _is_form(shown: Shown) -> bool:
    """Return whether a page asks for a password, or says in so many words that it opens for those who sign in or pay:
    advice on accounts is given by articles, too.
    """
    openings = (*_words().openings["auth"], *_words().openings["paywall"])
    opens = any(sentence.startswith(openings) for sentence in _sentences(shown.story.splitlines()))
    return opens or _PASSWORD.search(shown.markup) is not None


def is_walled(blocks: Iterable[Block], size: int) -> bool:
    """Return whether a page tells its reader that its story goes on for those who pay or sign in, or names a box so."""
    if size >= WALLED:
        return False
    openings = _words().openings["paywall"]
    around: dict[int, Tag] = {}
    for block in blocks:
        if _straight(block.text).startswith(openings):
            return True
        around.update(zip(map(id, block.ancestors), block.ancestors, strict=True))
    return is_named(around.values(), "paywall")


def without_walls(paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    """Leave out the lines that say that the article goes on for others, unless they are most of what is told."""
    openings = _words().openings["paywall"]
    told = tuple(each for each in paragraphs if not _straight(each.text).startswith(openings))
    size = sum(len(each.text) for each in told)
    return told if 2 * size > sum(len(each.text) for each in paragraphs) else paragraphs


def asks_consent(line: str) -> bool:
    """Return whether a line asks for consent."""
    return len(line) < LONGEST_ASKED and any(
        sentence.startswith(_words().openings["consent"]) for sentence in _sentences([line])
    )


def is_named(tags: Iterable[Tag], kind: str) -> bool:
    """Return whether the names of one of these elements are those that a consent box or a paywall goes by."""
    boxes = [tag.attrs for tag in tags if tag.attrs and tag.name not in {"html", "body", "main", "article"}]
    names = "\n".join(f"{box.get('class', '')} {box.get('id', '')}" for box in boxes).lower()
    return any(name in names for name in _words().classes[kind])


def _kinds_titled(title: str) -> set[str]:
    """Return the kinds of page that go by this title."""
    bare = alike(title)
    without_sorry = _SORRY.sub("", bare)
    titles = {bare, without_sorry, _CODE.sub("", without_sorry).strip()}
    return {kind for kind, _ in _KINDS if titles & _words().titles[kind]}


def _kinds_called(title: str) -> set[str]:
    """Return the kinds of page that go by this title, or that begin a sentence like this."""
    straight = _straight(title)
    return _kinds_titled(title) | {kind for kind, _ in _KINDS if straight.startswith(_words().openings[kind])}


def _is_numbered(title: str) -> bool:
    return _CODE.sub("", alike(title)) != alike(title)


def _is_code(title: str) -> bool:
    """Return whether a title is the number of an error alone."""
    return bool(alike(title)) and not _CODE.sub("", alike(title)).strip()


def _most(told: Counter[str]) -> str | None:
    return max(told, key=lambda kind: (told[kind], kind), default=None)


def _first(kinds: set[str]) -> str | None:
    return next((kind for kind, _ in _KINDS if kind in kinds), None)


def _told(lines: Iterable[str]) -> Counter[str]:
    """Count the characters of the sentences that speak of the visit, by the kind of page that says such things."""
    words = _words()
    told: Counter[str] = Counter()
    for sentence in _sentences(lines):
        begun = [kind for kind, openings in words.openings.items() if sentence.startswith(openings)]
        if not begun and words.voice.search(sentence):
            begun = [kind for kind in words.things if words.speaks_of(kind, sentence)]
        for kind in {"auth" if kind == "paywall" else kind for kind in begun}:
            told[kind] += len(sentence)
    return told


def _sentences(lines: Iterable[str]) -> Iterator[str]:
    """Return what the page itself says, without what it quotes."""
    return (_straight(sentence) for line in lines for sentence in _SENTENCE.split(_QUOTED.sub("", line)) if sentence)


def _straight(line: str) -> str:
    bare = line.lower().replace("’", "'").lstrip(" *»›>-–—→[(¡!🔒\"“'")
    apology = _APOLOGY.match(bare)
    return bare[apology.end() :] if apology else bare


@dataclass(frozen=True, slots=True)
class _Words:
    titles: dict[str, frozenset[str]]
    openings: dict[str, tuple[str, ...]]
    things: dict[str, re.Pattern[str]]
    states: dict[str, re.Pattern[str]]
    classes: dict[str, tuple[str, ...]]
    marks: tuple[str, ...]
    sorry: frozenset[str]
    voice: re.Pattern[str]
    spoken: re.Pattern[str]
    topics: re.Pattern[str]

    def speaks_of(self, kind: str, sentence: str) -> bool:
        """Return whether a sentence names what such a page is about, and what is the matter with it."""
        return bool(self.things[kind].search(sentence) and self.states[kind].search(sentence))


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = tomllib.loads(files(__package__).joinpath("error_pages.toml").read_text("utf-8"))
    return _Words(
        titles={kind: frozenset(map(alike, data[kind]["titles"])) for kind, _ in _KINDS},
        openings={kind: tuple(words["openings"]) for kind, words in data.items() if "openings" in words},
        things={kind: _any_of(words["things"], end=r"s?\b") for kind, words in data.items() if "things" in words},
        states={kind: _any_of(words["states"]) for kind, words in data.items() if "states" in words},
        classes={kind: tuple(words["classes"]) for kind, words in data.items() if "classes" in words},
        marks=tuple(data["blocked"]["marks"]),
        sorry=frozenset(map(alike, data["sorry"]["titles"])),
        voice=_any_of(data["voice"]["words"], end=r"\b"),
        spoken=_any_of(data["spoken"]["words"], end=r"\b"),
        topics=_any_of(data["spoken"]["topics"], end=r"s?\b"),
    )


def _any_of(words: Iterable[str], *, end: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?:\b|(?<=n)(?='t))(?:{any_of(words)}){end}")

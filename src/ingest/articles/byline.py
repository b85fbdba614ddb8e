"""People's names out of a byline: in order, without "By", titles, outlets or addresses."""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from ..text.dates import is_month
from ..text.normalized import alike, plain

LONGEST_BYLINE = 400  # characters
LONGEST_NAME = 50
MOST_WORDS = 6

_AROUND = " .:;,-–—|*•·●○»«›‹"  # what stands around a name and is no part of it
_NO_NAME = re.compile(r"\S+@\S+|@\w+|https?://\S+")
_ADDRESS = re.compile(r"https?:|www\.|\w\.(?:com|org|net|de|fr|es)\b|\w\.\w{3}|[/_{}<>=]", re.IGNORECASE)
_PARENTHESIS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_CUT = re.compile(
    r"\s[|–—•·›»-]\s|\s?[|•·]\s?|(?:\s(?:am|vom|on|at|le|el|em|il|den|om|op))?\s*\d|\s(?:updated|published|posted|stand|datum|quelle|date|source|on\s\w+day"
    r"|at|for|from|using|with the|via)\s",
    re.IGNORECASE,
)
_CJK_NAME = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,6}")
_REPORTER = re.compile(r"^(?:本报|本報)?(?:记者|記者)(?=\w)")
_LETTER = re.compile(r"[^\W\d_]")


def read_people(byline: str, *, outlets: frozenset[str] = frozenset(), shown: bool = False) -> tuple[str, ...]:
    """Return the people a byline names, in order; nobody when it names a desk, an agency or the outlet itself.

    `outlets` are names in letters and digits alone. What is shown to readers is held to stricter looks than what is
    stated for machines.
    """
    text = _NO_NAME.sub(" ", plain(byline[:LONGEST_BYLINE], lines=True))
    text = _without_lead(_PARENTHESIS.sub(" ", text))
    if _joined(text) in outlets or _joined(text.partition(",")[0]) in outlets:
        return ()
    names = [_person(part, outlets) for part in _split(_before_cut(text))]
    if None in names and not any(" " in name or not name.isascii() for name in names if name):
        names = [name for name in names if name and name.isupper()]
    if shown:
        names = [name for name in names if name and looks_like_a_name(name)]
    return _once(_without_places([name for name in names if name]))


def read_desk(byline: str, *, outlets: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the desk or agency that a byline names in the place of people, unless it is the outlet itself."""
    text = _NO_NAME.sub(" ", plain(byline[:LONGEST_BYLINE]))
    names = [name.strip(_AROUND) for name in _before_cut(_without_lead(text)).split("/")]
    named = [name for name in names if name and _joined(name) not in outlets]
    words = [word for name in named for word in name.split()]
    if not 1 <= len(words) <= MOST_WORDS or any(len(name) > LONGEST_NAME or _ADDRESS.search(name) for name in named):
        return ()
    return tuple(named) if any(alike(word) in _words().desks for word in words) else ()


def read_outlet(byline: str) -> tuple[str, ...]:
    """Return what a page states as its author, where that is no person: the outlet itself, a pen name, a company."""
    name = plain(byline[:LONGEST_BYLINE]).strip(" .:;,-–—|*")
    words = alike(name).split()
    if not 1 <= len(words) <= MOST_WORDS or len(name) > LONGEST_NAME or _NO_NAME.search(name) or "/" in name:
        return ()
    return () if _words().nobody.intersection(words) or not _LETTER.search(name) else (name,)


def joins_another(text: str, name: str) -> bool:
    """Return whether a text joins another name to this one, as "and" does."""
    _, _, rest = text.partition(name)
    return _words().join.match(rest) is not None


def is_lead(text: str) -> bool:
    """Return whether a text is what stands before a name, and nothing more."""
    return _words().lead.fullmatch(f"{text.strip(' :')}: ") is not None


def looks_like_a_name(name: str) -> bool:
    """Return whether a text looks like one person's name: a few words, written large but for particles."""
    words = name.split()
    if len(words) == 1 and _CJK_NAME.fullmatch(name):
        return True
    if not 2 <= len(words) <= 5 or not words[0][0].isalpha():
        return False
    return all(word[0].isupper() or not word[0].isascii() or word.lower() in _words().particles for word in words)


def _joined(text: str) -> str:
    return alike(text).replace(" ", "")


def _once(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(alike(name), name)
    return tuple(found.values())


def _without_places(names: list[str]) -> list[str]:
    """Leave out the single words beside whole names: towns, papers."""
    whole = [name for name in names if not name.isascii() or " " in name]
    return whole or names


def _before_cut(text: str) -> str:
    cut = _CUT.search(text)
    return text[: cut.start()] if cut and cut.start() > 2 else text


def _without_lead(text: str) -> str:
    for _ in range(2):
        match = _words().lead.match(text)
        if match is None:
            break
        text = text[match.end() :]
    return text.strip()


def _split(text: str) -> list[str]:
    parts = re.split(r"\s*[,;|\n/]\s*", text)
    return [name for part in parts for name in _words().join.split(part)]


def _person(text: str, outlets: frozenset[str]) -> str | None:
    name = _without_lead(_words().title.sub("", _REPORTER.sub("", text).strip(f"{_AROUND}\"'”“"))).strip(
        _AROUND.replace(".", "")
    )
    words = name.split()
    while len(words) > 2 and is_month(words[-1]):
        words.pop()
    name = " ".join(words)
    if not 1 <= len(words) <= MOST_WORDS or len(name) > LONGEST_NAME or not _LETTER.search(name):
        return None
    if _ADDRESS.search(name) or _joined(name) in outlets or (len(words) == 1 and alike(name) in _words().leads):
        return None
    if name.lower().rstrip(".") in _words().degrees:
        return None
    if any(alike(word) in _words().posts for word in words) or ":" in name:
        return None
    return _cased(name)


def _cased(name: str) -> str:
    """Write a shouted name as a name; a name of two or three letters may be initials."""
    if name.isupper() and len(name) > 4:
        return " ".join("-".join(part.capitalize() for part in word.split("-")) for word in name.split())
    return name


class _Words:
    def __init__(self, data: dict[str, list[str]]) -> None:
        leads = "|".join(sorted(map(re.escape, data["leads"]), key=len, reverse=True))
        joins = "|".join(re.escape(join) for join in data["joins"])
        titles = "|".join(map(re.escape, data["titles"]))
        self.lead = re.compile(rf"\s*(?:{leads})(?:\s*[:：]\s*|\s+(?=\S))", re.IGNORECASE)
        self.leads = frozenset(map(alike, data["leads"] + data["joins"]))
        self.join = re.compile(rf"\s+(?:{joins})\s+(?=[^\W\d_])", re.IGNORECASE)
        self.title = re.compile(rf"^(?:(?:{titles})\.?\s+)+", re.IGNORECASE)
        self.particles = frozenset(data["particles"])
        self.desks = frozenset(map(alike, data["desks"]))
        self.degrees = frozenset(data["degrees"])
        self.nobody = frozenset(data["nobody"])
        self.posts = frozenset(map(alike, data["posts"]))


@lru_cache(maxsize=1)
def _words() -> _Words:
    return _Words(tomllib.loads(files(__package__).joinpath("names.toml").read_text("utf-8")))

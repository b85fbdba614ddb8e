"""Dates that a page shows to its readers: where they stand, and whether they tell of publication or of a change."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..text.date_context import Calendar
from ..text.dates import ReadDate
from ..text.normalized import in_small_letters
from .blocks import Block

LONGEST_LINE = 160  # characters of a line whose date may be the article's
LONGEST_STAMP = 40  # characters of a line that is a date and little else
LONGEST_BYLINE = 80  # characters of a date with a name or an outlet beside it
MOST_LINES = 60
AFTER, BEFORE = 15, 8  # blocks around a headline that are near it
NEXT, NEXT_ABOVE = 5, 3  # blocks that stand next to it

# Of lines in small letters, each with all the languages' words.
_CHANGED = re.compile(
    r"updat|modif|changed|last change|revised|reviewed|edited|actualiz|aktualis|geändert|änderung|überarbeitet"
    r"|mis à jour|aggiornat|bijgewerkt|atualiza|uppdatera|oppdater|opdater|päivitetty|обновл|изменен|更新"
)
_PUBLISHED = re.compile(
    r"publi(?:sh|cad|é|cat|shed)|posted|erschienen|veröffentlich|geplaatst|gepubliceerd|pubblicat|publicerad"
    r"|publisert|udgivet|julkaistu|opublikowan|опубликован|发布|發布|公開日|掲載"
)
# A line of particulars: it begins with the day or a name, has a time of day, or its parts are set apart.
_PARTICULARS = re.compile(r"^\W*\d|^(?:by|von|par|por|written by)\b|\d[:h]\d\d|\s?[|·•●]|\s[/–—-]\s", re.IGNORECASE)
_AFTER_A_YEAR = re.compile(r"(?<=(?:19|20)\d\d)(?!\d)")
SHORTEST_DATE = 8  # characters
# What is dated here is something other than a story: a member, a right, a clock, an event, a post of "— Rosa (@rosa)".
_OF_SOMETHING_ELSE = re.compile(
    r"registr|registered|joined|member|mitglied|copyright|©|\(c\)|expire|deadline|aktuelle zeit|current time|download"
    r"|version|geboren|\bborn\b|^\W{0,3}[—–-]\W.{1,80}\(@\w|\(@[\w.]{1,40}\) (?:on|am|le|el|em|il) "
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date that a page shows."""

    date: ReadDate
    text: str  # the whole line
    says_published: bool
    says_changed: bool

    @property
    def is_bare(self) -> bool:
        """Return whether the line is a date and little else; Chinese and Japanese take half the characters."""
        return len(self.text) + sum(map(_is_wide, self.text)) < LONGEST_STAMP

    @property
    def is_sentence(self) -> bool:
        """Return whether it is running text, which may tell of any day."""
        return not self.is_bare and self.text.endswith((".", "!", "?", "。"))

    @property
    def is_signed(self) -> bool:
        """Return whether it is a date among an article's other particulars, such as who wrote it."""
        is_short = len(self.text) < LONGEST_BYLINE and not self.is_sentence and not self.says_changed
        return is_short and _PARTICULARS.search(self.text) is not None

    @property
    def names_its_year(self) -> bool:
        """Return whether the year is written out, so that nothing else can be meant."""
        return str(self.date.local_day.year) in self.text

    @property
    def is_of_the_story(self) -> bool:
        """Return whether it reads like the article's own date: alone on its line, or told to be its publication."""
        return not self.says_changed and (self.is_bare or self.says_published)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in {"W", "F"}


def near(blocks: Sequence[Block], headline: int) -> Sequence[Block]:
    """Return the blocks that stand next to the headline, those below first, and of those above the nearest first."""
    above_it = blocks[max(0, headline - NEXT_ABOVE) : max(0, headline)]
    return [*blocks[headline + 1 : headline + 1 + NEXT], *reversed(above_it)]


def below(blocks: Sequence[Block], headline: int) -> Sequence[Block]:
    """Return the blocks that follow the headline closely."""
    return blocks[headline + 1 : headline + 1 + AFTER]


def above(blocks: Sequence[Block], headline: int) -> Sequence[Block]:
    """Return the headline and the blocks that stand closely before it."""
    return blocks[max(0, headline - BEFORE) : headline + 1]


def elsewhere(blocks: Sequence[Block], headline: int) -> Sequence[Block]:
    """Return the blocks that stand further off, those below first."""
    return [*blocks[headline + 1 + AFTER :], *blocks[: max(0, headline - BEFORE)]]


def read_stamps(blocks: Iterable[Block], calendar: Calendar) -> Iterator[Stamp]:
    """Read the dates that short lines show."""
    left = MOST_LINES
    for block in blocks:
        if len(block.text) >= LONGEST_LINE or not any(map(str.isdigit, block.text)):
            continue
        left -= 1
        if left < 0:
            return
        if stamp := read_stamp(block.text, calendar):
            yield stamp


def read_stamp(text: str, calendar: Calendar) -> Stamp | None:
    """Read the date that a line shows, unless it is of something other than an article."""
    lower = in_small_letters(text)
    if _OF_SOMETHING_ELSE.search(lower) or text.isdigit():
        return None
    changed, published = _CHANGED.search(lower), _PUBLISHED.search(lower)
    if changed is None:
        date = _earliest(text, calendar)
        return Stamp(date, text, says_published=published is not None, says_changed=False) if date else None
    before, after = text[: changed.start()], text[changed.end() :]
    if any(map(str.isdigit, after)) and (date := calendar.read(before)):
        return Stamp(date, text, says_published=published is not None, says_changed=False)
    if published and published.start() > changed.start() and (date := calendar.read(text[published.start() :])):
        return Stamp(date, text, says_published=True, says_changed=False)
    date = calendar.read(text)
    return Stamp(date, text, says_published=False, says_changed=True) if date else None


def _earliest(text: str, calendar: Calendar) -> ReadDate | None:
    """Read the date of a line; where it shows two without a word, the later is that of a change."""
    parts = [part for part in _AFTER_A_YEAR.split(text) if SHORTEST_DATE <= len(part) < len(text)]
    dates = [date for date in map(calendar.read, (text, *parts)) if date]
    return min(dates, key=lambda date: date.local_day, default=None)

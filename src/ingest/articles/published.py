"""When a story was published and last changed: every date its page gives, in the order in which they are believed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain, islice

from ..core.model import Entry
from ..text.date_context import Calendar, writes_day_first
from ..text.dates import ReadDate, is_month
from .blocks import Block
from .dating import Dating, day_of, with_local_day, with_time
from .jsonld import first_text
from .metadata import Metadata, meta_names, value_of
from .visible_dates import Stamp, above, below, elsewhere, near, read_stamp, read_stamps

A_DRAFT = timedelta(days=30)  # for so long, an address may be older than its article
CLOSE = 9  # blocks below a headline, among which its own date stands
MOST_BEFORE = 4  # words before the day in a dateline
OPENING = 60  # characters of a paragraph, in which its dateline stands
MOST_TIMES = 20  # `time` elements; a page with more lists other articles

_SET_APART = re.compile(r"/(?:19|20)\d\d[/_-]")
_TITLE_PARTS = re.compile(r"\s+[-–—·•]\s+|\s*[|│]\s*")
_ONLY_A_DAY = re.compile(
    r"\d{1,2}([./-])\d{1,2}\1\d{4}$|\d{4}([./-])\d{1,2}\2\d{1,2}$|\d{1,2}\.? [^\W\d]{3,12}\.? \d{4}$"
)
_ONLY_A_MONTH = re.compile(r"^((?:[^\W\d]+[\s:|–-]+){0,4})([^\W\d_]{3,12})\.? ((?:19|20)\d\d)$")
_UNDER_A_NAME = re.compile(r"updat|modif|revi|publi|posted|stand|veröff|actuali|aktuali|mis à jour", re.IGNORECASE)
_STAMP = re.compile(r"publi|post|date|entry|created|time|datum|fecha|data", re.IGNORECASE)
_CHANGED = re.compile(r"updat|modif|changed", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_SCRIPTED = re.compile(
    r"""["'](?:date_?published|published_?(?:at|date|time|on)?|(?:first_?)?publish_?(?:date|time)|publication_?date)\\?["']"""
    r"""\s*:\s*\\?["'](\d{4}-\d\d-\d\d[T\d:.+Z -]{0,25})""",
    re.IGNORECASE,
)
# A call that writes a date into the page: showDate("2026/11/14 09:00"). `new Date(…)` may be any date.
_ARGUMENT = re.compile(r"""\(\s{0,9}["'](\d{4}[/-]\d\d[/-]\d\d[ T\d:]{0,20})""")
_WRITING = re.compile(r"\b(?:show|write|print|display|format)_?(?:date|time)\w{0,20}$", re.IGNORECASE)
LONGEST_CALL = 40  # characters of a function's name


def read_published(
    metadata: Metadata, blocks: Sequence[Block], url: str, calendar: Calendar, *, headline: int
) -> Dating | None:
    """Return the date that is believed most; `headline` is where the title stands among the blocks (-1: nowhere)."""
    dating = next(published_candidates(metadata, blocks, url, calendar, headline=headline), None)
    if dating is None:
        return None
    around = (*below(blocks, headline), *above(blocks, headline))
    shown = [block.text for block in around if any(map(str.isdigit, block.text))]
    return with_local_day(with_time(dating, shown, calendar), metadata, shown, calendar, url=url)


def published_candidates(
    metadata: Metadata, blocks: Sequence[Block], url: str, calendar: Calendar, *, headline: int
) -> Iterator[Dating]:
    """Yield every date that may be an article's, the one believed first.

    What is stated for machines goes first, unless the date that stands at the headline speaks against it.
    """
    calendar = replace(calendar, day_first=writes_day_first(url, metadata.locales))
    under, over = below(blocks, headline), above(blocks, headline)
    stated = list(_read(_stated_texts(metadata), calendar))
    if stated:
        close = [block for block in (*under[:CLOSE], *over) if not block.is_quote]
        yield from _first_printed(stated[0], close, url, calendar)
        yield from _weighed(stated, read_stamps(close, calendar), metadata, calendar)
        return
    yield from _read(_marked_texts(metadata, url, " ".join(block.text for block in under)), calendar)
    yield from _read(_titled_texts(metadata), calendar)
    stamps_under, stamps_over = list(read_stamps(under, calendar)), list(read_stamps(over, calendar))
    stamps_near = list(read_stamps(near(blocks, headline), calendar))
    yield from _shown(stamps_near)
    yield from _classed(metadata, calendar)
    yield from (Dating(stamp.date, "visible date beside the byline") for stamp in stamps_near if stamp.is_signed)
    yield from _shown(stamps_under)
    yield from _read(((value, f"meta {name}") for name, value in metadata.named(*meta_names().dated)), calendar)
    yield from _read(((text, "dateline") for text in _datelines(under)), calendar)
    yield from _shown(stamps_over)
    yield from _read(_weak_texts(metadata), calendar)
    yield from _read(_scripted_texts(metadata), calendar)
    around, further = [*stamps_under, *stamps_over], list(read_stamps(elsewhere(blocks, headline), calendar))
    for rest in (around, further):
        yield from (
            Dating(stamp.date, "visible date") for stamp in rest if not stamp.says_changed and not stamp.is_sentence
        )
        yield from (Dating(stamp.date, "visible date of a change") for stamp in rest if stamp.says_changed)
    yield from _read(_modified_texts(metadata), calendar)
    yield from (
        Dating(stamp.date, "date in a sentence")
        for stamp in (*around, *further)
        if not stamp.says_changed and stamp.is_sentence
    )


def read_modified(metadata: Metadata, calendar: Calendar) -> Dating | None:
    """Believe what the page states for machines; what it shows is as often a clock as a change."""
    return next(modified_candidates(metadata, calendar), None)


def modified_candidates(metadata: Metadata, calendar: Calendar) -> Iterator[Dating]:
    """Return every date at which the page says that it changed, the one believed first."""
    return _read(_modified_texts(metadata), calendar)


def read_listed(entry: Entry, calendar: Calendar) -> Dating | None:
    """Return the date under which the feed lists an article, believed or not, and whether its zone was assumed."""
    if entry.published_at is None:
        return None
    raw = entry.published_raw or ""
    read = calendar.read_any(raw)
    if read is not None and read.moment == entry.published_at:
        return Dating(read, "feed")
    return Dating(ReadDate(entry.published_at, 0, zone_assumed=False, raw=raw), "feed")


def disbelieved(metadata: Metadata, calendar: Calendar) -> Dating | None:
    """Return the first date that the page states as its publication and that no article can be of."""
    for text, evidence in _stated_texts(metadata):
        date = calendar.read_any(text) if text else None
        if date is not None and not calendar.believes(date.moment):
            return Dating(date, evidence)
    return None


def unreadable(metadata: Metadata, calendar: Calendar) -> str | None:
    """Return what the page states as its publication where that is no date, or none that ever was."""
    stated = [text for text, _ in _stated_texts(metadata) if any(map(str.isdigit, text))]
    return stated[0] if stated and not any(map(calendar.read_any, stated)) else None


def _weighed(stated: list[Dating], stamps: Iterable[Stamp], metadata: Metadata, calendar: Calendar) -> Iterator[Dating]:
    """Put the stated dates in order: the first one, unless the date at the headline bears out another.

    A system that states when a page was last saved as its publication gives itself away: its change is no later, and
    readers are shown an earlier day.
    """
    first = stated[0]
    stamp = next((stamp for stamp in stamps if stamp.is_of_the_story and stamp.names_its_year), None)
    if stamp is None or _same_day(stamp.date, first.date) or _same_day(_swapped(stamp, calendar), first.date):
        yield from stated
        return
    changed = read_modified(metadata, calendar)
    if changed is None or not _same_day(stamp.date, changed.date):
        borne_out = [dating for dating in stated if _same_day(stamp.date, dating.date)]
        yield from (Dating(dating.date, f"{dating.evidence}, as the visible date says") for dating in borne_out)
        if not borne_out and changed and stamp.date.moment < first.date.moment and _is_last_save(first, changed):
            yield Dating(stamp.date, "visible date, before the stated one")
    yield from stated


def _first_printed(stated: Dating, close: Iterable[Block], url: str, calendar: Calendar) -> Iterator[Dating]:
    """Yield the day in the address of an article that was published again much later, unless readers see the later day.

    An address is made once, and no later than what stands there; a few days may be a draft's. Eight digits in a row
    may be a number.
    """
    date = calendar.read(day_of(url) or "") if _SET_APART.search(url) else None
    if date is None or stated.date.moment - date.moment < A_DRAFT:
        return
    stamps = read_stamps(close, calendar)
    if not any(stamp.names_its_year and _same_day(stamp.date, stated.date) for stamp in stamps):
        yield Dating(date, "address, before the stated date")


def _is_last_save(stated: Dating, changed: Dating) -> bool:
    return changed.date.moment - stated.date.moment < timedelta(days=1)


def _swapped(stamp: Stamp, calendar: Calendar) -> ReadDate | None:
    """Read a visible date with its day and month the other way round, where both may be either."""
    local = stamp.date.local_day
    if local.day > 12:
        return None
    return calendar.read(f"{local.year}-{local.day:02}-{local.month:02}")


def _same_day(one: ReadDate | None, other: ReadDate) -> bool:
    """Return whether two dates may be of one day; where one is stated in UTC, they may be a day apart."""
    return one is not None and abs((one.local_day - other.local_day).days) <= 1


def _read(texts: Iterable[tuple[str, str]], calendar: Calendar) -> Iterator[Dating]:
    for text, evidence in texts:
        if text and (date := calendar.read(text)):
            yield Dating(date, evidence)


def _stated_texts(metadata: Metadata) -> Iterator[tuple[str, str]]:
    for name in ("datePublished", "dateCreated", "uploadDate"):
        yield first_text(metadata.story.get(name)) or "", f"json-ld {name}"
    for name, value in metadata.named(*meta_names().published):
        yield value, f"meta {name}"
    for tag in metadata.items_of_story("datepublished")[:3]:
        yield value_of(tag, "content", "datetime"), "itemprop datePublished"


def _marked_texts(metadata: Metadata, url: str, around: str) -> Iterator[tuple[str, str]]:
    """Yield the dates of `time` elements marked as publication, those at the headline first; then URLs."""
    marked = []
    for tag in metadata.times[:MOST_TIMES]:
        stamped = f"{tag.get('class')} {tag.get('itemprop')} {tag.get('pubdate')}"
        if "pubdate" in tag.attrs or (_STAMP.search(stamped) and not _CHANGED.search(stamped)):
            marked.append(tag)
    for tag in sorted(marked, key=lambda tag: value_of(tag) not in around):
        yield value_of(tag, "datetime"), "time element"
    for address in (url, *metadata.page_links.get("canonical", ())):
        yield day_of(address) or "", "address"


def _titled_texts(metadata: Metadata) -> Iterator[tuple[str, str]]:
    """Yield the days that stand on their own before or behind the headline in a title element."""
    for title in metadata.titles:
        parts = _TITLE_PARTS.split(title)
        yield from ((part, "day in the title element") for part in parts if len(parts) > 1 and _ONLY_A_DAY.match(part))


def _shown(stamps: Sequence[Stamp]) -> Iterator[Dating]:
    yield from (Dating(stamp.date, "visible date of publication") for stamp in stamps if stamp.says_published)
    yield from (Dating(stamp.date, "visible date") for stamp in stamps if stamp.is_of_the_story)


def _classed(metadata: Metadata, calendar: Calendar) -> Iterator[Dating]:
    """Yield the day of elements whose class says that they date an article; those that name several date others, too.

    They may stand in a footer, which is read by nobody else. An `abbr` has the moment in its title (hAtom).
    """
    texts = (value_of(tag, "title" if tag.name == "abbr" else "datetime") for tag in metadata.dated[:MOST_TIMES])
    stamps = [stamp for stamp in (read_stamp(text, calendar) for text in texts) if stamp and not stamp.says_changed]
    if len({stamp.date.local_day for stamp in stamps}) == 1:
        yield Dating(stamps[0].date, "element named after its date")


def _datelines(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield the openings of paragraphs that begin with a date, or with a place and a date."""
    for block in blocks:
        opening = block.text[:OPENING]
        words_before = _DIGIT.split(opening, maxsplit=1)[0].split()
        if len(block.text) > OPENING and len(words_before) <= MOST_BEFORE:
            yield opening


def _weak_texts(metadata: Metadata) -> Iterator[tuple[str, str]]:
    yield from ((value_of(tag, "datetime"), "first time element") for tag in metadata.times[:3])
    for name in ("datecreated", "date"):
        yield from (
            (value_of(tag, "content", "datetime"), f"itemprop {name}") for tag in metadata.items.get(name, ())[:2]
        )
    for node in metadata.nodes:
        yield first_text(node.get("datePublished")) or "", "json-ld datePublished of another node"


def _scripted_texts(metadata: Metadata) -> Iterator[tuple[str, str]]:
    """Yield the day of publication that the page's scripts name; where they name several, of other articles too."""
    source = metadata.source
    calls = _ARGUMENT.finditer(source)
    written = (call for call in calls if _WRITING.search(source[max(0, call.start() - LONGEST_CALL) : call.start()]))
    for matches, evidence in ((_SCRIPTED.finditer(source), "script"), (written, "script that shows it")):
        found = [match[1] for match in islice(matches, MOST_TIMES)]
        if len({text[:10] for text in found}) == 1:
            yield found[0], evidence


def guess_published(metadata: Metadata, blocks: Sequence[Block], calendar: Calendar, *, headline: int) -> Dating | None:
    """Return the first day of a month that the page shows, or the day its picture was filed: for want of any date."""
    around = {block.text for block in (*below(blocks, headline), *above(blocks, headline))}
    shown = (match for match in map(_ONLY_A_MONTH.search, (block.text for block in blocks)) if match)
    own = (match for match in shown if is_month(match[2]) and (match[0] in around or _UNDER_A_NAME.search(match[1])))
    pictures = metadata.named("og:image", "twitter:image")[:2]
    filed = ((day_of(value) or "", "address of its picture") for _, value in pictures if _SET_APART.search(value))
    months = ((f"1 {match[2]} {match[3]}", "visible month") for match in islice(own, 1))
    return next(_read(chain(months, filed), calendar), None)


def _modified_texts(metadata: Metadata) -> Iterator[tuple[str, str]]:
    yield first_text(metadata.story.get("dateModified")) or "", "json-ld dateModified"
    for name, value in metadata.named(*meta_names().modified):
        yield value, f"meta {name}"
    for tag in metadata.items.get("datemodified", ()):
        yield value_of(tag, "content", "datetime"), "itemprop dateModified"

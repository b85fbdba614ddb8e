"""Writes a report as one HTML page that asks nothing of the web; its words, looks and ways lie beside this file."""

import base64
import hashlib
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..core.errors import Misconfigured

_HERE = Path(__file__).parent
_HEDGES = {
    "exact": "", "approximate": "about", "more_than": "more than", "at_least": "at least", "at_most": "at most",
    "less_than": "less than",
}  # fmt: skip
# Controls, and those marks for the direction of text that reach beyond themselves (UAX 9, 2.1 to 2.5).
_TURNING = dict.fromkeys(
    [*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
_WAYS = {
    ("fetched", "failed"): "not readable",
    ("found", "failed"): "not fetched",
    ("found", "unchanged"): "known already",
    ("found", "under_way"): "under way",
}


class Drawn(Protocol):
    """An end of the way, as it is drawn."""

    station: str
    outcome: str


def render(report: object, *, version: str, checks: str) -> str:
    """Write the page; `checks` is where the pages about checks lie, seen from it."""
    style, script = Markup(_beside("css")), Markup(_beside("js"))  # noqa: S704 - our own files
    page: str = _page().render(
        report=report, style=style, script=script, policy=_policy(style, script), version=version,
        checks=checks,
    )  # fmt: skip
    return page


def put_page(path: Path, page: str, *, mode: int | None = None) -> None:
    """Put a page in place of the last one, whole or not at all; Misconfigured says why it can't be.

    Without a mode it may be read by whoever the umask lets.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(page, encoding="utf-8")
        if mode is not None:
            partial.chmod(mode)
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise Misconfigured(f"{path} cannot be written: {error.strerror}", about=str(path)) from error


def way_to(folder: Path, *, seen_from: Path) -> str:
    """Return where a folder lies, seen from a file, as its links have it."""
    return Path(os.path.relpath(folder, seen_from.parent)).as_posix()


@cache
def _beside(kind: str) -> str:
    return (_HERE / f"page.{kind}").read_text(encoding="utf-8")


@cache
def _page() -> Any:
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, finalize=_harmless, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= _FILTERS
    return environment.get_template("page.html")


def _harmless(value: object) -> object:
    """Leave out what turns the text around it: `<bdi>` holds in what is right to left, but not an isolate left open."""
    return value.translate(_TURNING) if isinstance(value, str) and not isinstance(value, Markup) else value


def _policy(style: str, script: str) -> str:
    """Return a policy that allows the page's own style and script alone: not even what slipped through would run."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _count(number: int) -> str:
    return f"{number:,}"


def _words(name: str | None) -> str:
    return (name or "").replace("_", " ")


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _moment(at: datetime) -> str:
    return f"{at.day} {at:%b %Y, %H:%M}"


def _share(percent: float) -> str:
    return "0 %" if not percent else "under 0.1 %" if percent < 0.1 else f"{percent:.1f} %"


def _wait(seconds: int) -> str:
    """Return how long, in the unit one would say it in."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if abs(seconds) >= 2 * length or (unit == "min" and abs(seconds) >= length):
            return f"{seconds / length:,.0f} {unit}"
    return f"{seconds} s"


def _size(number: int) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000 or unit == "GB":
            return f"{number:,.0f} {unit}" if number >= 10 or unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1000  # type: ignore[assignment]
    raise AssertionError(number)


def _worth(figure: Any) -> str:
    """Write what a figure is worth, the upper end of a range behind the lower, with the unit of money and percents."""
    high = f" to {_number(figure['value_high'])}" if figure["value_high"] is not None else ""
    unit = f" {figure['unit']}" if figure["kind"] == "money" else "\N{NARROW NO-BREAK SPACE}%"
    is_short = figure["unit"] and (figure["kind"] == "money" or figure["unit"] == "percent")
    return f"{_number(figure['value'])}{high}{unit if is_short else ''}"


def _measured(figure: Any) -> str:
    """Return the hedge and the unit that stand below the number."""
    hedge = _HEDGES.get(figure["qualifier"], _words(figure["qualifier"]))
    unit = "" if figure["kind"] == "money" or figure["unit"] == "percent" else _words(figure["unit"])
    return ", ".join(filter(None, (hedge, unit)))


def _number(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _way(end: Drawn) -> str:
    return _WAYS.get((end.station, end.outcome), _words(end.outcome))


def _account(ends: Iterable[Any]) -> str:
    """Tell in words how many ended how."""
    sums: dict[str, int] = {}
    for end in ends:
        words = _words(end.outcome) or "under way"
        sums[words] = sums.get(words, 0) + end.entries
    return ", ".join(f"{entries:,} {words}" for words, entries in sums.items())


_FILTERS: dict[str, Callable[..., str]] = {
    "account": _account,
    "count": _count,
    "day": _day,
    "measured": _measured,
    "moment": _moment,
    "share": _share,
    "size": _size,
    "wait": _wait,
    "way": _way,
    "words": _words,
    "worth": _worth,
}

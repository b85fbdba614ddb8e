"""The two JSON Lines filters: pages to articles, paragraphs to figures. They stream, keep order and never stop."""

import base64
import binascii
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from ..core.errors import IngestError
from ..core.model import Article, Figure, Page, Source


class BadLine(ValueError):
    """What is wrong with a line of input."""


def parse(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read and write JSON Lines (the only form there is).")] = True,  # noqa: ARG001
    explain: Annotated[bool, typer.Option("--explain", help="Add what each field was chosen from, and why.")] = False,
) -> None:
    """Read pages: {id, url, html_base64} a line in, the article a line out."""
    from ..pipeline.wiring import utc_now

    now = utc_now()
    answer = _explain_line if explain else _parse_line
    _filter(lambda line: answer(line, now))


def figures(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read and write JSON Lines (the only form there is).")] = True,  # noqa: ARG001
) -> None:
    """Read figures: {id, lang, text, [country], [context]} a line in, {id, figures: […]} a line out."""
    _filter(_figures_line)


def _filter(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer each line of standard input; a bad one with {id, error}."""
    try:
        for result in _answers(sys.stdin.buffer, answer):
            sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has gone; Python would complain at exit


def _answers(lines: Iterable[bytes], answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        key: object = None
        try:
            asked = _object(line)
            key = asked.get("id")
            yield {"id": key} | answer(asked)
        except (BadLine, IngestError) as error:
            yield {"id": key, "error": f"line {number}: {error}"}


def _object(line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except ValueError as error:
        raise BadLine(f"not JSON: {error}") from error
    except RecursionError as error:
        raise BadLine("nested too deeply") from error
    if not isinstance(asked, dict):
        raise BadLine("not a JSON object")
    return asked


def _text(asked: dict[str, Any], name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str):
        raise BadLine(f"{name} must be text, not {type(value).__name__}")
    return value


def _parse_line(asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    from ..articles.page import read_page

    page, source = _page(asked, now)
    return _article(read_page(page, source, None))


def _explain_line(asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Answer with the article, what won each field, and all that its readers weighed, in the order of belief."""
    from ..articles.page import explain_page

    page, source = _page(asked, now)
    article, candidates = explain_page(page, source, None)
    return _article(article) | {
        "evidence": dict(article.evidence),
        "candidates": [
            {"field": one.field, "value": one.value, "evidence": one.evidence, "won": one.won} for one in candidates
        ],
    }


def _page(asked: dict[str, Any], now: datetime) -> tuple[Page, Source]:
    url = _text(asked, "url")
    try:
        urlsplit(url)
    except ValueError as error:
        raise BadLine(f"url is no address: {error}") from error
    try:
        body = base64.b64decode(_text(asked, "html_base64"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadLine(f"html_base64 is not base64: {error}") from error
    page = Page(requested_url=url, final_url=url, status=200, body=body, fetched_at=now)
    return page, Source(source_id="", name="", feed_url=url)


def _article(article: Article) -> dict[str, Any]:
    return {
        "url": article.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "authors": article.authors,
        "published": _local(article.published_at, article.published_offset_minutes),
        "modified": _local(article.modified_at, article.published_offset_minutes),
        "language": article.language,
        "section": article.section,
        "tags": article.tags,
        "summary": article.summary,
        "body": article.body,
        "paragraphs": [one.text for one in article.paragraphs if one.kind != "heading"],
        "headings": [one.text for one in article.paragraphs if one.kind == "heading"],
        "links": [{"kind": link.kind, "url": link.url, "text": link.text} for link in article.links],
        "media": [
            {"kind": one.kind, "url": one.url, "caption": one.caption, "credit": one.credit} for one in article.media
        ],
        "flags": article.flags,
    }


def _local(moment: datetime | None, offset_minutes: int | None) -> str | None:
    """Show a moment by the page's own clock, so that its day is the day the page names."""
    if moment is None:
        return None
    return moment.astimezone(timezone(timedelta(minutes=offset_minutes or 0))).isoformat()


def _figures_line(asked: dict[str, Any]) -> dict[str, Any]:
    from ..figures import read_figures

    language, country, context = asked.get("lang"), asked.get("country"), asked.get("context")
    found = read_figures(
        _text(asked, "text"),
        language=language if isinstance(language, str) else None,
        country=country if isinstance(country, str) else None,
        context=_context(context),
    )
    return {"figures": [_figure(figure) for figure in found]}


def _context(context: object) -> str | None:
    """Return the text of a paragraph's article, given as one text or as its paragraphs."""
    if isinstance(context, list) and all(isinstance(part, str) for part in context):
        return "\n".join(context)
    if context is None or isinstance(context, str):
        return context
    raise BadLine(f"context must be text or a list of texts, not {type(context).__name__}")


def _figure(figure: Figure) -> dict[str, Any]:
    is_carried = "attribution_carried" in figure.flags
    return {
        "text": figure.text,
        "start": figure.start,
        "end": figure.end,
        "value": _number(figure.value),
        "value_high": None if figure.value_high is None else _number(figure.value_high),
        "kind": figure.kind,
        "unit": figure.unit,
        "canonical_unit": figure.canonical_unit,
        "qualifier": figure.qualifier,
        "subject": figure.subject,
        "attributed_to": None if is_carried else figure.attributed_to,  # who the sentence itself names
        "originator": figure.originator,
        "relayed_by": figure.relayed_by,
        "attribution_carried": figure.attributed_to if is_carried else None,
        "flags": figure.flags,
    }


def _number(value: Any) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
